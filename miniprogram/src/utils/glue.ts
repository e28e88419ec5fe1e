/** Line breaks that never tear what is read as one thing. U+2060 forbids a break and is neither seen nor spoken. */
const JOIN = '\u2060'
/** A date, a range of houses or of hours, the number of a case. */
const ONE = /\d+月\d+日|[\d:]+—[\d:]+(?:号楼)?|[A-Z]{2}-\d{8}-\d+/g

/** A sentence for showing: dates, ranges, case numbers and a number with its unit stay on one line. */
export const glue = (text: string): string => text.replace(ONE, (one) => [...one].join(JOIN)).replace(/(\d) (?=[一-龥])/g, '$1\u00a0')
