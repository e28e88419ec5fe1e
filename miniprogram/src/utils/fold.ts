export interface Option {
  value: string
  label: string
}

/**
 * Of a choice of several lines in two columns: what was chosen beside the way back, in one line, so that what comes below is in
 * sight. It always stands first, whichever it was.
 */
export function fold(options: readonly Option[], value: string, back: string): Option[] {
  const chosen = options.find((o) => o.value === value)
  if (chosen === undefined || value === '' || options.length < 3) return [...options]
  return [chosen, { value: '', label: back }]
}
