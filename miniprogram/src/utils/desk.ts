/** How staff see cases: ordered by what is due next, with its colour and plain distance. */
import { cases, type Case, type Position } from './api'
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
}

const STAGE: Partial<Record<Case['state'], [word: string, by: 'acknowledge_by' | 'contact_by' | 'resolve_by']>> = {
  assigned: ['签收', 'acknowledge_by'],
  triage: ['派单', 'acknowledge_by'],
  acknowledged: ['联系', 'contact_by'],
  in_progress: ['办结', 'resolve_by'],
}

export function rowOf(c: Case, now = streetNow()): Row {
  const stage = STAGE[c.state]
  const by = stage === undefined ? null : c.promised[stage[1]]
  const left = by === null ? null : due(by, c.reported_at, now)
  const dueText = left === null ? (c.state === 'on_hold' ? `已挂起${c.held_until ? `，到${when(c.held_until, now)}` : ''}` : c.state_zh) : `${stage?.[0] ?? ''}${left.text}`
  return {
    id: c.id, number: c.number, version: c.version, text: c.text, state: c.state_zh,
    label: `${URGENCY_ZH[c.urgency]}，${dueText}，${c.text}`,
    urgent: c.urgency === 'normal' ? '' : URGENCY_ZH[c.urgency], urgentTone: c.urgency === 'urgent' ? 'danger' : 'warn',
    due: dueText, dueTone: left?.tone ?? '', dueAt: by === null ? Number.MAX_SAFE_INTEGER : ms(by),
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
