/**
 * What the pages of one case share: reading it, what was seen last for times without a network, looking
 * again when something happened to it, its pictures, and what was begun in a sheet.
 */
import { actions, type Action } from './actions'
import { caseDetail, type Detail } from './api'
import { copyOf, lastSeen } from './copies'
import { keep } from './keep'
import { watchChanges } from './live'
import { dropFiles } from './photos'
import { denied, Problem } from './problem'

/** The case as it is now; or, when nothing could be reached, as it was seen last, with why. */
export interface Seen {
  c: Detail
  old: Problem | null
}

/** Reads a case. Rejects with a `Problem` when it may not be seen, or was never seen here. */
export async function readCase(id: number): Promise<Seen> {
  try {
    const c = await caseDetail(id)
    keep(copyOf(id), c)
    return { c, old: null }
  } catch (e) {
    // What he may not see any longer he may not see here either.
    if (denied(e)) wx.removeStorageSync(copyOf(id))
    const last = lastSeen(id)
    if (e instanceof Problem && e.passing && last !== null) return { c: last, old: e }
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
    keep(this.key, { ...this.all(), [sheet]: what })
  }

  drop(sheet: S): void {
    const { [sheet]: _, ...rest } = this.all()
    if (Object.keys(rest).length === 0) wx.removeStorageSync(this.key)
    else keep(this.key, rest)
  }
}

/** Where staff's sheets of a case are kept. */
export const STAFF_SHEETS = 'begun'

/**
 * Takes back what was refused: its words and photos are in their sheet again. Answers with that sheet; empty
 * when it came from none. What was begun there since then stays.
 */
export function takeBack(key: string): string {
  const a = actions.take(key)
  if (a?.began === undefined) {
    dropFiles((a?.photos ?? []).map((f) => f.path))
    return ''
  }
  const begun = new Begun<string, unknown>(STAFF_SHEETS, a.caseId)
  if (begun.of(a.began.sheet) === undefined) begun.keep(a.began.sheet, a.began.what)
  return a.began.sheet
}
