/** A matter that came back: the resident said that it is not solved, or that it is there again. */
import type { Case, Detail, TimelineEvent } from './api'
import { copyOf } from './copies'

/** What brought it back, as the resident is told: what happened, and his own words where they are his. */
export interface Again {
  why: string
  words: string
}

/** After these a matter was over. */
const OVER: readonly TimelineEvent['kind'][] = ['confirmed', 'verified', 'auto_closed']
/** While these last, the words that brought it back are what is worked on. */
const ON: readonly Case['state'][] = ['in_progress', 'on_hold']

/** Why it goes on again; null when nothing brought it back, or a result came since. */
export function again(c: Pick<Detail, 'state' | 'timeline'>): Again | null {
  if (!ON.includes(c.state)) return null
  const last = [...c.timeline].reverse().find((e) => e.kind === 'reopened' || e.kind === 'resolved')
  if (last?.kind !== 'reopened') return null
  const over = [...c.timeline].reverse().find((e) => e.seq < last.seq && (e.kind === 'resolved' || OVER.includes(e.kind)))
  const back = over !== undefined && over.kind !== 'resolved' ? '又出现问题' : '没有解决'
  if (last.role !== 'resident') return { why: `回访发现${back}`, words: '' }
  return { why: `您说${back}`, words: (last.detail as { reason?: string } | null)?.reason ?? '' }
}

/** The same of a row of a list, which has no record: from what this phone saw last of the case. */
export function againHere(c: Case): Again | null {
  const seen: unknown = wx.getStorageSync(copyOf(c.id))
  if (typeof seen !== 'object' || seen === null || !Array.isArray((seen as Detail).timeline)) return null
  return again({ state: c.state, timeline: (seen as Detail).timeline })
}
