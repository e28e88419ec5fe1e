/** Notices of the street (公告). The last page seen stays in this phone: a notice of a cut water main is read where there is no network. */
import { bulletins, readBulletin, type Bulletin } from './api'
import { keep } from './keep'
import { Problem } from './problem'

const KEY = 'bulletins'
const PAGE = 20
/** One notice is found in the list; nobody reads further back. */
const PAGES = 5

/** Which were read on this phone, and when: the note of it may still be on its way to the street. */
const readHere = new Map<number, string>()

const marked = (b: Bulletin): Bulletin => (b.read_at ? b : { ...b, read_at: readHere.get(b.id) ?? null })

/** Notes that somebody read it. Failing to note it keeps nobody from reading: the next look tries again. */
export function noteRead(b: Bulletin): void {
  if (b.read_at) return
  readHere.set(b.id, new Date().toISOString())
  void readBulletin(b.id).catch(() => readHere.delete(b.id))
}

function kept(): Bulletin[] {
  const v: unknown = wx.getStorageSync(KEY)
  return Array.isArray(v) ? (v as Bulletin[]) : []
}

/** A page of them; without a network the one that was seen last. */
export async function bulletinPage(cursor?: string): Promise<{ bulletins: Bulletin[]; next: string; stale: boolean }> {
  try {
    const page = await bulletins(PAGE, cursor)
    const seen = page.bulletins.map(marked)
    if (cursor === undefined) keep(KEY, seen)
    return { bulletins: seen, next: page.next ?? '', stale: false }
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
