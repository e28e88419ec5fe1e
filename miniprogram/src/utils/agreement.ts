/**
 * Which version of the street's privacy policy the person agreed to. The server keeps the record; this
 * phone remembers its own answer, so that nobody is asked twice and an answer without a network is
 * handed in later. Nothing waits for it: whoever does not answer is helped like any other.
 */
import { agreePrivacy, privacy, withdrawPrivacy, type Privacy } from './api'
import { keep } from './keep'
import { Problem } from './problem'
import { askStreet, street } from './street'

interface Said {
  version: string
  /** Whether the server has it. */
  sent: boolean
}
const KEY = 'agreed'

function said(): Said | null {
  const v: unknown = wx.getStorageSync(KEY)
  return typeof v === 'object' && v !== null ? (v as Said) : null
}

/** Why the person is to be asked: never, or of another version; empty when he need not be. */
export type Ask = '' | 'first' | 'new'

/** What this phone knows by itself. */
export function mustAsk(): Ask {
  const mine = said()
  if (mine === null) return 'first'
  const now = street().privacy.version
  return now === '' || mine.version === now ? '' : 'new'
}

/** The same after the server was asked, which also hears what it does not have yet. */
export async function learnAsk(): Promise<Ask> {
  await askStreet()
  const mine = said()
  try {
    if (mine !== null && !mine.sent && mustAsk() === '') await hand(mine.version)
    else {
      const p = await privacy()
      if (p.agreed) keep(KEY, { version: p.agreed.version, sent: true } satisfies Said)
      else wx.removeStorageSync(KEY)
    }
  } catch {
    // Without a network his own answer stands.
  }
  return mustAsk()
}

async function hand(version: string): Promise<void> {
  await agreePrivacy(version)
  keep(KEY, { version, sent: true } satisfies Said)
}

/** The person agrees to the version in force. Fails when nobody knows which one that is, or it just changed. */
export async function agree(): Promise<void> {
  const { version } = street().privacy.version === '' ? (await askStreet()).privacy : street().privacy
  if (version === '') throw new Problem(0, 'no_network', '网络不通')
  keep(KEY, { version, sent: false } satisfies Said)
  try {
    await hand(version)
  } catch (e) {
    if (e instanceof Problem && e.passing) return
    wx.removeStorageSync(KEY)
    await askStreet()
    throw e
  }
}

/** Takes the agreement back; what rested on it is deleted by the server. */
export async function takeBack(): Promise<Privacy> {
  const now = await withdrawPrivacy()
  wx.removeStorageSync(KEY)
  return now
}
