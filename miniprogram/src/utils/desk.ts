/** How staff see cases: ordered by what is due next, with its colour and plain distance. */
import { cases, inbox, type Case, type Detail, type Position } from './api'
import { cameBack, reasonOf } from './again'
import { lastSeen } from './copies'
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
  /** The hour behind the distance, which tells what lies between: "最晚12月1日 周二 11:00前签收". */
  by: string
  grid: string
  category: string
  time: string
  canTake: boolean
  /** What came from the resident and waits to be looked at; empty when nothing did. */
  came: string
  /** Which other office took it; empty when none did. */
  taken: string
}

const STAGE: Partial<Record<Case['state'], [word: string, by: 'acknowledge_by' | 'contact_by' | 'resolve_by']>> = {
  assigned: ['签收', 'acknowledge_by'],
  triage: ['派单', 'acknowledge_by'],
  acknowledged: ['联系', 'contact_by'],
  in_progress: ['办结', 'resolve_by'],
}

/** What this person's messages know of a case beyond its row: when its resident last added to it or said that it is not solved and nobody of this office has opened it since, and which office took it. */
export interface News {
  added?: string
  back?: string
  taken?: string
}
export type Additions = Readonly<Record<number, News>>

/** Reads what happened to cases: opening one is what ends its being new. Nothing when it cannot be read. */
export async function additions(): Promise<Additions> {
  const { entries } = await inbox(undefined, 100).catch(() => ({ entries: [] }))
  const all: Record<number, News> = {}
  for (const e of [...entries].reverse()) {
    if (!e.case_id) continue
    const news = (all[e.case_id] ??= {})
    if (e.kind === 'taken_by') news.taken = e.note
    else if (e.kind === 'reopened' && !e.read_at) news.back = e.at
    else if (e.kind === 'added' && !e.read_at) news.added = e.at
  }
  return all
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
/** What a resident brought or said of a result: unread, or as the case was seen here last. Nobody claims that it is all. */
function cameOf(c: Case, news: News): Came[] {
  const seen = lastSeen(c.id)
  const rest = c.state === 'on_hold' && seen?.held_until === c.held_until ? (seen?.rest ?? null) : null
  const known = seen === null ? null : backOf({ state: c.state, timeline: seen.timeline ?? [] })
  // What was seen before he said so again has other words.
  const back = OPEN.includes(c.state) && news.back !== undefined ? { at: news.back, who: '居民', text: known?.at === news.back ? known.text : '' } : known
  const added = news.added ?? rest?.added_at
  return [...(back ? [{ at: back.at, says: `${back.who}说没有解决`, text: back.text }] : []), ...(added ? [{ at: added, says: '居民补充了', text: '' }] : [])]
}

/** Who of another office took it; its name where the row knows it. */
function takenBy(c: Case, news: News): string {
  if (!news.taken || (c.state !== 'acknowledged' && c.state !== 'in_progress')) return ''
  const name = c.responsible.find((p) => p.role_zh === news.taken)?.name
  return deskWords(`${news.taken}${name ? ` ${name}` : ''} 已接手`)
}

export function rowOf(c: Case, now = streetNow(), news: News = {}): Row {
  const brought = cameOf(c, news)
  const came = brought[0]
  const stage = STAGE[c.state]
  const by = stage === undefined ? null : c.promised[stage[1]]
  const left = by === null ? null : due(by, c.reported_at, now)
  const dueText = left === null ? (c.state === 'on_hold' ? `已挂起${c.held_until ? `，到${when(c.held_until, now)}` : ''}` : deskWords(c.state_zh)) : `${stage?.[0] ?? ''}${left.text}`
  return {
    id: c.id, number: c.number, version: c.version, text: c.text, state: deskWords(c.state_zh),
    label: `${URGENCY_ZH[c.urgency]}，${dueText}，${brought.map((b) => `${b.says}，`).join('')}${c.text}`,
    urgent: c.urgency === 'normal' ? '' : URGENCY_ZH[c.urgency], urgentTone: c.urgency === 'urgent' ? 'danger' : 'warn',
    due: dueText, dueTone: left?.tone ?? '', by: by === null ? '' : glue(`${ms(by) < now ? '原定' : '最晚'}${when(by, now)}前${stage?.[0] ?? ''}`), dueAt: by !== null ? ms(by) : came ? ms(came.at) + PAPERS_MS : Number.MAX_SAFE_INTEGER, came: brought.map((b) => glue(`${b.says}：${when(b.at, now)}${b.text === '' ? '' : `，“${b.text}”`}`)).join('；'), taken: takenBy(c, news),
    grid: c.grid.small?.name ?? c.grid.large?.name ?? '没有确定网格', category: categoryLabel(c.category), time: when(c.reported_at, now),
    canTake: c.allowed.includes('acknowledgement'),
  }
}

/** The reason of a placing to which nobody had anything to add. */
export const unsaid = (grid: string): string => `派给${grid}`

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
