/** A matter that came back: the resident said that it is not solved, or that it is there again. */
import type { Case, Detail, TimelineEvent } from './api'
import { lastSeen } from './copies'
import { attached } from './words'

/** What brought it back, as the resident is told: what happened, and his own words where they are his. */
export interface Again {
  why: string
  words: string
}

/** After these a matter was over. */
const OVER: readonly TimelineEvent['kind'][] = ['confirmed', 'verified', 'auto_closed']
/** While these last, the words that brought it back are what is worked on. */
const ON: readonly Case['state'][] = ['in_progress', 'on_hold']

type Told = Pick<Detail, 'state' | 'timeline'>

/** What brought a case back: of its reopenings and results the last one, when that is no result. */
export function cameBack(timeline: readonly TimelineEvent[]): TimelineEvent | null {
  const last = [...timeline].reverse().find((e) => e.kind === 'reopened' || e.kind === 'resolved')
  return last?.kind === 'reopened' ? last : null
}

/** The words that were given with it, and what came with them. */
export function reasonOf(e: TimelineEvent): string {
  const d = (e.detail ?? {}) as { reason?: string } & Parameters<typeof attached>[0]
  return `${d.reason ?? ''}${attached(d)}`
}

/** Why it goes on again; null when nothing brought it back, or a result came since. */
export function again(c: Told): Again | null {
  const last = ON.includes(c.state) ? cameBack(c.timeline) : null
  if (last === null) return null
  const over = [...c.timeline].reverse().find((e) => e.seq < last.seq && (e.kind === 'resolved' || OVER.includes(e.kind)))
  const back = over !== undefined && over.kind !== 'resolved' ? '又出现问题' : '没有解决'
  if (last.role !== 'resident') return { why: `回访发现${back}`, words: '' }
  return { why: `您说${back}`, words: reasonOf(last) }
}

/** The same of a row of a list, which has no record: his words are those that this phone saw last of the case. */
export function againHere(c: Case): Again | null {
  if (!c.reopened_at || !ON.includes(c.state)) return null
  const seen = lastSeen(c.id)?.timeline
  const known = seen && cameBack(seen)?.at === c.reopened_at ? again({ state: c.state, timeline: seen }) : null
  return known ?? { why: '上次没有解决', words: '' }
}
