/** How staff see cases: ordered by what is due next, with its colour and plain distance. */
import { cases, inbox, type Case, type Detail, type Position } from './api'
import { cameBack, reasonOf } from './again'
import { lastSeen } from './copies'
import { glue } from './glue'
import { staff } from './session'
import { due, ms, streetNow, when, type DueTone } from './time'
import { URGENCY_ZH } from './kind-words'
import { categoryLabel, type Tone } from './words'

export interface Row {
  id: number
  number: string
  version: number
  label: string
  text: string
  state: string
  urgent: string
  urgentTone: Tone
  /** "签收 还剩 12 分钟". */
  due: string
  dueTone: DueTone | ''
  dueAt: number
  /** It is urgent and nobody has taken it. */
  alarm: boolean
  /** The hour behind the distance, which tells what lies between: "12月1日 周二 11:00前签收". */
  by: string
  grid: string
  category: string
  time: string
  canTake: boolean
  /** What came from the resident and waits to be looked at; empty when nothing did. */
  came: string
  /** Who else took it; empty when nobody did. */
  taken: string
}

const STAGE: Partial<Record<Case['state'], [word: string, by: 'acknowledge_by' | 'contact_by' | 'resolve_by']>> = {
  assigned: ['签收', 'acknowledge_by'],
  triage: ['派单', 'acknowledge_by'],
  acknowledged: ['联系', 'contact_by'],
  in_progress: ['办结', 'resolve_by'],
}

/** When the resident last added to each case, where nobody of this office has opened it since. */
export type Additions = Readonly<Record<number, string>>

/** Reads what was added to cases: opening one is what ends its being new. Nothing when it cannot be read. */
export async function additions(): Promise<Additions> {
  const { entries } = await inbox(undefined, 100).catch(() => ({ entries: [] }))
  const unread = entries.filter((e) => e.kind === 'added' && !e.read_at)
  return Object.fromEntries([...unread].reverse().flatMap((e) => (e.case_id ? [[e.case_id, e.at]] : [])))
}

/** Looking after papers is due a day after they came. */
const PAPERS_MS = 86_400_000
/** Under work again because a result was not accepted: who said so, when and in which words; null while that is not so. */
export function backOf(c: Pick<Detail, 'state' | 'timeline'>): { at: string; who: string; text: string; seq: number } | null {
  const e = OPEN.includes(c.state) ? cameBack(c.timeline) : null
  return e && { at: e.at, who: e.role === 'resident' ? '居民' : e.name ? `${e.role_zh} ${e.name}` : e.role_zh, text: reasonOf(e), seq: e.seq }
}

interface Came {
  at: string
  says: string
  text: string
}
/** What a resident brought or said of a result; his words where the case was seen here since. Nobody claims that it is all. */
function cameOf(c: Case, unread: string | undefined): Came[] {
  const seen = lastSeen(c.id)
  const known = seen === null ? null : backOf({ state: c.state, timeline: seen.timeline ?? [] })
  const at = OPEN.includes(c.state) ? c.reopened_at : null
  const back = at && (known?.at === at ? known : { at, who: '居民', text: '' })
  const added = unread ?? c.papers_added_at
  return [...(back ? [{ at: back.at, says: `${back.who}说没有解决`, text: back.text }] : []), ...(added ? [{ at: added, says: '居民补充了', text: '' }] : [])]
}

/** Who else took it; empty when nobody did, or the reader himself. */
function takenBy(c: Case): string {
  const by = c.state === 'acknowledged' || c.state === 'in_progress' ? c.responsible.find((p) => p.taken) : undefined
  return by === undefined || by.name === staff()?.name ? '' : `${by.role_zh} ${by.name} 已接手`
}

export function rowOf(c: Case, now = streetNow(), unread?: string): Row {
  const brought = cameOf(c, unread)
  const came = brought[0]
  const stage = STAGE[c.state]
  const by = stage === undefined ? null : c.promised[stage[1]]
  const left = by === null ? null : due(by, c.reported_at, now)
  const dueText = left === null ? (c.state === 'on_hold' ? `已挂起${c.held_until ? `，到${when(c.held_until, now)}` : ''}` : c.state_zh) : `${stage?.[0] ?? ''}${left.text}`
  return {
    id: c.id, number: c.number, version: c.version, text: c.text, state: c.state_zh,
    label: `${URGENCY_ZH[c.urgency]}，${dueText}，${brought.map((b) => `${b.says}，`).join('')}${c.text}`,
    urgent: c.urgency === 'normal' ? '' : URGENCY_ZH[c.urgency], urgentTone: c.urgency === 'urgent' ? 'danger' : 'warn',
    due: dueText, dueTone: left?.tone ?? '', by: by === null ? '' : glue(`${ms(by) < now ? '原定' : ''}${when(by, now)}前${stage?.[0] ?? ''}`), dueAt: by !== null ? ms(by) : came ? ms(came.at) + PAPERS_MS : Number.MAX_SAFE_INTEGER, came: brought.map((b) => glue(`${b.says}：${when(b.at, now)}${b.text === '' ? '' : `，“${b.text}”`}`)).join('；'), taken: takenBy(c),
    grid: c.grid.small?.name ?? c.grid.large?.name ?? '没有确定网格', category: categoryLabel(c.category), time: when(c.reported_at, now),
    canTake: c.allowed.includes('acknowledgement'), alarm: alarming(c),
  }
}

/** The reason of a placing to which nobody had anything to add: the record needs one. */
export const unsaid = (grid: string): string => `派给${grid}`

/** What the map would show, in words; empty when it is only somewhere in the grid, where navigating would mislead. */
export const pointOf = (at: Position | null | undefined): string => (!at || at.source === 'grid' ? '' : `地图上是${at.source_zh}，误差约 ${Math.max(10, Math.round(at.accuracy_m / 10) * 10)} 米`)

/** Urgent, and nobody has taken it: it comes before everything. */
export const alarming = (c: Case): boolean => c.urgency === 'urgent' && (c.state === 'triage' || c.state === 'assigned')

/** What is urgent and nobody's comes first, then what is due first; of equal ones the older. */
export const byDue = (a: Row, b: Row): number => Number(b.alarm) - Number(a.alarm) || a.dueAt - b.dueAt || a.id - b.id

export const OPEN: readonly Case['state'][] = ['assigned', 'acknowledged', 'in_progress', 'on_hold']

/** Reads everything open of this person's grids in one list; at most 600 cases. */
export async function openCases(): Promise<Case[]> {
  const found: Case[] = []
  let cursor: string | undefined
  for (let page = 0; page < 6; page += 1) {
    const got = await cases({ state: OPEN.join(','), reported_by_me: false, limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...got.cases)
    if (!got.next) break
    cursor = got.next
  }
  return found
}
