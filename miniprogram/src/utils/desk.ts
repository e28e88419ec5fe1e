/** How staff see cases: ordered by what is due next, with its colour and plain distance. */
import { cases, inbox, type Case, type Detail, type Position } from './api'
import { copyOf } from './copies'
import { deskWords } from './desk-words'
import { glue } from './glue'
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
  grid: string
  category: string
  time: string
  canTake: boolean
  /** What came from the resident and waits to be looked at; empty when nothing did. */
  came: string
}

const STAGE: Partial<Record<Case['state'], [word: string, by: 'acknowledge_by' | 'contact_by' | 'resolve_by']>> = {
  assigned: ['签收', 'acknowledge_by'],
  triage: ['派单', 'acknowledge_by'],
  acknowledged: ['联系', 'contact_by'],
  in_progress: ['办结', 'resolve_by'],
}

/** When the resident last added to a case that nobody of this office has opened since; by case. */
export type Additions = Readonly<Record<number, string>>

/** Reads what residents added: opening a case is what ends its being new. Nothing when it cannot be read. */
export async function additions(): Promise<Additions> {
  const { entries } = await inbox(undefined, 100).catch(() => ({ entries: [] }))
  const news = entries.filter((e) => e.kind === 'added' && !e.read_at && e.case_id)
  return Object.fromEntries(news.reverse().map((e) => [e.case_id ?? 0, e.at]))
}

/** Looking after papers is due a day after they came. */
const PAPERS_MS = 86_400_000
/** What a resident brought: unread; or, of a case that rests, as it was seen here last. */
function cameOf(c: Case, unread: string | undefined): { at: string; says: string } | null {
  const kept: unknown = c.state === 'on_hold' ? wx.getStorageSync(copyOf(c.id)) : null
  const seen = typeof kept === 'object' && kept !== null ? (kept as Detail) : null
  const rest = seen?.held_until === c.held_until ? (seen?.rest ?? null) : null
  const at = unread ?? rest?.added_at
  return at ? { at, says: rest?.reason === 'awaiting_material' ? '材料已补' : '居民补充了' } : null
}

export function rowOf(c: Case, now = streetNow(), unread?: string): Row {
  const came = cameOf(c, unread)
  const stage = STAGE[c.state]
  const by = stage === undefined ? null : c.promised[stage[1]]
  const left = by === null ? null : due(by, c.reported_at, now)
  const dueText = left === null ? (c.state === 'on_hold' ? `已挂起${c.held_until ? `，到${when(c.held_until, now)}` : ''}` : deskWords(c.state_zh)) : `${stage?.[0] ?? ''}${left.text}`
  return {
    id: c.id, number: c.number, version: c.version, text: c.text, state: deskWords(c.state_zh),
    label: `${URGENCY_ZH[c.urgency]}，${dueText}，${came ? `${came.says}，` : ''}${c.text}`,
    urgent: c.urgency === 'normal' ? '' : URGENCY_ZH[c.urgency], urgentTone: c.urgency === 'urgent' ? 'danger' : 'warn',
    due: dueText, dueTone: left?.tone ?? '', dueAt: by !== null ? ms(by) : came ? ms(came.at) + PAPERS_MS : Number.MAX_SAFE_INTEGER, came: came ? glue(`${came.says}：${when(came.at, now)}`) : '',
    grid: c.grid.small?.name ?? c.grid.large?.name ?? '没有确定网格', category: categoryLabel(c.category), time: when(c.reported_at, now),
    canTake: c.allowed.includes('acknowledgement'),
  }
}

/** What the map would show, in words; empty when it is only somewhere in the grid, where navigating would mislead. */
export const pointOf = (at: Position | null | undefined): string => (!at || at.source === 'grid' ? '' : `地图上是${at.source_zh}，误差约 ${Math.max(10, Math.round(at.accuracy_m / 10) * 10)} 米`)

/** What is due first comes first; of equal ones the older. */
export const byDue = (a: Row, b: Row): number => a.dueAt - b.dueAt || a.id - b.id

export const OPEN: readonly Case['state'][] = ['assigned', 'acknowledged', 'in_progress', 'on_hold']

/** Reads everything open of this person's grids in one list; at most 600 cases. */
export async function openCases(): Promise<Case[]> {
  const found: Case[] = []
  let cursor: string | undefined
  for (let page = 0; page < 6; page += 1) {
    const got = await cases({ state: OPEN.join(','), limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...got.cases)
    if (!got.next) break
    cursor = got.next
  }
  return found
}
