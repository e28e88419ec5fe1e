/**
 * What the pages of one case share: reading it, what was seen last for times without a network, looking
 * again when something happened to it, its pictures, and what was begun in a sheet.
 */
import { actions, type Action } from './actions'
import { caseDetail, type Detail } from './api'
import { watchChanges } from './live'
import { fetchPhotos } from './photos'
import { Problem } from './problem'

const kept = (id: number) => `case-${id}`

/** The case as it is now; or, when nothing could be reached, as it was seen last, with why. */
export interface Seen {
  c: Detail
  old: Problem | null
}

/** Reads a case. Rejects with a `Problem` when it may not be seen, or was never seen here. */
export async function readCase(id: number): Promise<Seen> {
  try {
    const c = await caseDetail(id)
    wx.setStorageSync(kept(id), c)
    return { c, old: null }
  } catch (e) {
    const last: unknown = wx.getStorageSync(kept(id))
    if (e instanceof Problem && e.passing && typeof last === 'object' && last !== null) return { c: last as Detail, old: e }
    throw e
  }
}

/** A page of one case; `news` remembers that something came while a sheet was open. */
interface CasePage {
  id: number
  news: boolean
  data: { busy: boolean; sheet: string }
  refresh(): Promise<void>
}

/**
 * Looks again when something happened to the case, and when one thing fewer waits to be sent: it arrived,
 * and belongs into the record. `told` hears what waits here. Nothing changes under an open sheet: what is
 * then sent must be about what was seen. The returned function ends it.
 */
export function watchCase(page: CasePage, told: (mine: readonly Action[], fewer: boolean) => void): () => void {
  let waiting = 0
  const unwatch = actions.watch((all) => {
    const mine = all.filter((a) => a.caseId === page.id)
    const now = mine.filter((a) => a.state === 'waiting').length
    const fewer = now < waiting && !page.data.busy
    waiting = now
    told(mine, fewer)
    if (fewer) void page.refresh()
  })
  const hangUp = watchChanges((cases) => cases.includes(page.id), async () => {
    // Whoever is doing something looks again afterwards.
    if (page.data.busy) return
    if (page.data.sheet === '') await page.refresh()
    else page.news = true
  })
  return () => {
    unwatch()
    hangUp()
  }
}

/** Fetches lists of photos; null when they are those of the last time, which are shown already. */
export function pictures(): (lists: readonly (readonly number[])[]) => Promise<string[][] | null> {
  let shown = ''
  return async (lists) => {
    const wanted = JSON.stringify(lists)
    if (wanted === shown) return null
    shown = wanted
    return Promise.all(lists.map(fetchPhotos))
  }
}

/** What was begun in the sheets of one case; it outlives a closed sheet and a closed WeChat until it is sent. */
export class Begun<S extends string, T> {
  /** `name` keeps residents' and staff's sheets apart: one phone may be both. */
  constructor(private readonly name: string, private readonly id: number) {}

  private get key(): string {
    return `${this.name}-${this.id}`
  }

  private all(): Partial<Record<S, T>> {
    const v: unknown = wx.getStorageSync(this.key)
    return typeof v === 'object' && v !== null ? v : {}
  }

  of(sheet: S): T | undefined {
    return this.all()[sheet]
  }

  keep(sheet: S, what: T): void {
    wx.setStorageSync(this.key, { ...this.all(), [sheet]: what })
  }

  drop(sheet: S): void {
    const { [sheet]: _, ...rest } = this.all()
    if (Object.keys(rest).length === 0) wx.removeStorageSync(this.key)
    else wx.setStorageSync(this.key, rest)
  }
}
