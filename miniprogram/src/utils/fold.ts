export interface Option {
  value: string
  label: string
}

/**
 * Of a choice of several lines in two columns: what was chosen beside the way back, in one line, so that what comes below is in
 * sight. The chosen one keeps its side: a finger that taps twice meets its choice.
 */
export function fold(options: readonly Option[], value: string, back: string): Option[] {
  const at = options.findIndex((o) => o.value === value)
  const chosen = options[at]
  if (chosen === undefined || value === '' || options.length < 3) return [...options]
  const again = { value: '', label: back }
  return at % 2 === 0 ? [chosen, again] : [again, chosen]
}
