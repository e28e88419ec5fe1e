/** Two that are as likely as each other are no hint: the best must lead by so much. */
const LEAD = 0.2

/** Whether it says anything how likely each of them is. */
export function says(all: readonly { p: number }[]): boolean {
  const [first = 0, second = 0] = all.map((g) => g.p).sort((a, b) => b - a)
  return first - second >= LEAD
}
