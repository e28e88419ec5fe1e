import type { Detail } from './api'

/**
 * Copies of what the server has, for times without a network. Each may go: then there is only nothing to look
 * at without a network. None outlives the right to see it.
 */
const OF_CASE = /^case-(\d+)$/
const LISTS = ['today', 'queue', 'mine', 'roster', 'duty', 'bulletins', 'grids']

/** Where the copy of one case is. */
export const copyOf = (id: number): string => `case-${id}`
/** A case as this phone saw it last; null when it never did. */
export function lastSeen(id: number): Detail | null {
  const kept: unknown = wx.getStorageSync(copyOf(id))
  return typeof kept === 'object' && kept !== null ? (kept as Detail) : null
}
export const isCopy = (key: string): boolean => OF_CASE.test(key) || LISTS.includes(key)

function drop(which: (key: string) => boolean): void {
  for (const key of wx.getStorageInfoSync().keys) if (which(key)) wx.removeStorageSync(key)
}

/** Makes room: forgets the copies of cases, or all of them, but not `but`. */
export function dropCopies(which: 'cases' | 'all', but = ''): void {
  drop((key) => key !== but && (which === 'all' ? isCopy(key) : OF_CASE.test(key)))
}

/** Forgets the cases that are not among `open`: they are finished, or somebody else's now. */
export function dropCasesBut(open: readonly number[]): void {
  drop((key) => OF_CASE.test(key) && !open.includes(Number(OF_CASE.exec(key)?.[1])))
}

/** Who has no office any longer, or another one, keeps nothing of it, nor what he began to write for it. */
export function dropOffice(): void {
  drop((key) => isCopy(key) || /^begun-\d+$/.test(key))
}
