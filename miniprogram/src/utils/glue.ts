/** Line breaks that never tear what is read as one thing. U+2060 forbids a break and is neither seen nor spoken. */
const JOIN = '\u2060'
/** A date, a range of houses or of hours, the number of a case. */
const ONE = /(?:\d+年)?\d+月\d+日(?: 周.)?|[\d:]+—[\d:]+(?:号楼)?|[A-Z]{2}-\d{8}-\d+/g

/** More words than a line of large type holds may end one anywhere, but never before their comma. */
const LONG = /[一-龥]{11,}(?=[，。；：、？！）])/g
const MAY = '\u200b'
/** A near day with its hour, a number with its unit. A date is long enough to end a line: its hour may follow on the next. */
const PAIR = /(天) (?=\d\d:)|(\d) (?=[一-龥])/g

/** A sentence for showing: dates, hours, ranges, case numbers and a number with its unit stay on one line. */
export const glue = (text: string): string => text.replace(ONE, (one) => [...one.replace(' ', '\u00a0')].join(JOIN)).replace(PAIR, '$1$2\u00a0').replace(LONG, (run) => [...run].join(MAY))
