/** Notices of the street (公告). The last page seen stays in this phone: a notice of a cut water main is read where there is no network. */
import { bulletins, type Bulletin } from './api'
import { keep } from './keep'
import { Problem } from './problem'

const KEY = 'bulletins'
const PAGE = 20
/** One notice is found in the list; nobody reads further back. */
const PAGES = 5

function kept(): Bulletin[] {
  const v: unknown = wx.getStorageSync(KEY)
  return Array.isArray(v) ? (v as Bulletin[]) : []
}

/** A page of them; without a network the one that was seen last. */
export async function bulletinPage(cursor?: string): Promise<{ bulletins: Bulletin[]; next: string; stale: boolean }> {
  try {
    const page = await bulletins(PAGE, cursor)
    if (cursor === undefined) keep(KEY, page.bulletins)
    return { bulletins: page.bulletins, next: page.next ?? '', stale: false }
  } catch (e) {
    const old = kept()
    if (cursor !== undefined || old.length === 0 || !(e instanceof Problem && e.passing)) throw e
    return { bulletins: old, next: '', stale: true }
  }
}

/** One of them; undefined when it is no longer shown to the speaker. */
export async function bulletin(id: number): Promise<Bulletin | undefined> {
  let cursor: string | undefined
  for (let page = 0; page < PAGES; page += 1) {
    const got = await bulletinPage(cursor)
    const hit = got.bulletins.find((b) => b.id === id)
    if (hit !== undefined || got.next === '') return hit
    cursor = got.next
  }
  return undefined
}

/** The newest urgent one that he has not read. */
export const urgentBulletin = async (): Promise<Bulletin | undefined> => (await bulletinPage()).bulletins.find((b) => b.urgent && !b.read_at)

/** How many the speaker has not read. */
export const unreadBulletins = async (): Promise<number> => (await bulletins(1)).unread
