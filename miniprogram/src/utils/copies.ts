/** Copies of what the server has, for times without a network. Each may go: it is only not there to look at then. */
const OF_CASE = /^case-(\d+)$/
const LISTS = ['today', 'queue', 'mine', 'roster', 'duty', 'bulletins', 'done']

const keys = (): readonly string[] => {
  try {
    return wx.getStorageInfoSync().keys
  } catch {
    return []
  }
}

/** Makes room: forgets every copy but `but`. */
export function dropCopies(but = ''): void {
  for (const key of keys()) if (key !== but && (OF_CASE.test(key) || LISTS.includes(key))) wx.removeStorageSync(key)
}

/** Forgets the cases that are not among `open`: they are finished, or somebody else's now. */
export function dropCasesBut(open: readonly number[]): void {
  for (const key of keys()) {
    const id = OF_CASE.exec(key)?.[1]
    if (id !== undefined && !open.includes(Number(id))) wx.removeStorageSync(key)
  }
}

/** Where the copy of one case is. */
export const copyOf = (id: number): string => `case-${id}`
