/** Sets data with its keys checked: the official typings accept any key, so a typo goes unseen. */
export function patch<D extends object>(self: { data: D; setData(d: Partial<D>): void }, d: Partial<D>): void {
  self.setData(d)
}
