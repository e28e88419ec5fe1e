/** What the page of a case shows of it to staff. */
import type { Detail, TimelineEvent } from '../../utils/api'
import { glue } from '../../utils/glue'
import { backOf, unsaid } from '../../utils/desk'
import type { Step } from '../../utils/story'
import { ms, streetNow, when } from '../../utils/time'
import { attached, moreDays } from '../../utils/words'

/** The office of everybody whom this case names, by name. */
function offices(c: Detail): Map<string, string> {
  const acted = c.timeline.flatMap((e) => (e.name ? [[e.name, e.role_zh] as const] : []))
  return new Map([...acted, ...c.responsible.map((p) => [p.name, p.role_zh] as const)])
}

/** What became of the last message to each person by each channel, the latest first; a chain that repeats is one line. */
export function fates(c: Detail, now = streetNow()): { key: string; fate: string }[] {
  const last = new Map<string, { fate: string; count: number }>()
  const at = (n: Detail['notices'][number]) => ms(n.accepted_at ?? n.planned_at)
  const office = offices(c)
  for (const n of [...c.notices].sort((a, b) => at(a) - at(b))) {
    if (n.to === '') continue
    const key = `${[n.role_zh ?? office.get(n.to) ?? '', n.to].join(' ').trim()}　${n.channel}`
    const count = (last.get(key)?.count ?? 0) + 1
    // Set anew, so that it stands where its last message does.
    last.delete(key)
    last.set(key, { fate: `${when(n.accepted_at ?? n.planned_at, now)} ${n.fate}`, count })
  }
  return [...last].reverse().map(([key, { fate, count }]) => ({ key, fate: count > 1 ? `${fate}，共 ${count} 次` : fate }))
}

/** What was written of the place, else what was understood; the grid is no place. */
export function placeOf(c: Detail): string {
  const [where = '', grid] = c.place_reason.split(' → ')
  return c.address || (grid === undefined ? '' : where.replace(/^居民选择“(.+)”$/, '$1'))
}

/** What was asked for and waits for somebody's word; `verb` when it is the reader's. */
export interface Asked {
  verb: '' | 'pause_decision' | 'extension_decision'
  title: string
  who: string
  text: string
  /** What a yes does to the time that was promised. */
  until: string
}
export const NOTHING: Asked = { verb: '', title: '', who: '', text: '', until: '' }

type Said = { note?: string; reason?: string } | null | undefined
const lastOf = (c: Pick<Detail, 'timeline'>, kind: TimelineEvent['kind']) => [...c.timeline].reverse().find((e) => e.kind === kind)
const whoOf = (e: TimelineEvent | undefined) => (e?.name ? `${e.role_zh} ${e.name}` : '')

export function askedOf(c: Detail, now = streetNow()): Asked {
  if (c.pause) {
    const e = lastOf(c, 'pause_asked')
    const mine = c.allowed.includes('pause_decision')
    return {
      verb: mine ? 'pause_decision' : '', title: glue(`申请挂起到${when(c.pause.until, now)}，${mine ? '等您同意' : '等待社区干部同意'}`), who: whoOf(e),
      text: `${c.pause.reason_zh}：${(e?.detail as Said)?.note ?? ''}`, until: '同意以前，时限照常计算。',
    }
  }
  if (c.extension?.state !== 'asked') return NOTHING
  const e = lastOf(c, 'extension_asked')
  const mine = c.allowed.includes('extension_decision')
  const days = moreDays(c.extension.days ?? '', c)
  return {
    verb: mine ? 'extension_decision' : '', title: glue(`申请延期 ${days}，${mine ? '等您同意' : '等待上一级同意'}`), who: whoOf(e),
    text: (e?.detail as Said)?.reason ?? '', until: glue(`现在要在${when(c.promised.resolve_by, now)}前办结；同意后再加 ${days}。`),
  }
}

/** A request that was merged into this one. */
export interface Behind {
  key: string
  heading: string
  text: string
  place: string
  calls: { label: string; number: string }[]
}

/** Who else asked for the same, and whom to call about it. */
export function behindOf(c: Pick<Detail, 'behind'>, now = streetNow()): Behind[] {
  // What was kept by an earlier version has no such field.
  return (c.behind ?? []).map((b) => {
    const other = b.on_behalf_of
    const calls = [other ? { label: `打给${other.name}（本人）`, number: other.phone } : null, b.contact_phone ? { label: `打给${other ? `代报人（${other.relation}）` : '居民'}`, number: b.contact_phone } : null]
    return { key: b.number, heading: `还有居民反映这件事，${when(b.reported_at, now)}`, text: b.text, place: b.address ?? '', calls: calls.flatMap((x) => (x === null ? [] : [x])) }
  })
}

/** Where it goes on when it was merged. */
export interface Lead {
  id: number
  says: string
}
export const NO_LEAD: Lead = { id: 0, says: '' }
export const leadOf = (c: Pick<Detail, 'lead'>): Lead => (c.lead ? { id: c.lead.id ?? 0, says: `已并入 ${c.lead.number}，那一件${c.lead.state_zh}` } : NO_LEAD)

/** Why a case rests, what the resident was told, and whether it is the worker's turn. */
export interface Resting {
  title: string
  /** What the resident wrote since; his own words come before what he was asked for. */
  words: string
  note: string
  came: string
}
export const AT_WORK: Resting = { title: '', words: '', note: '', came: '' }

/** What the resident added since the case rests, oldest first, each with what is attached to it. */
function addedSince(c: Pick<Detail, 'timeline'>): string {
  const since = lastOf(c, 'held')?.seq ?? 0
  return c.timeline.filter((e) => e.kind === 'added' && e.seq > since).map((e) => {
    const d = (e.detail ?? {}) as { text?: string } & Parameters<typeof attached>[0]
    return `${d.text ?? ''}${attached(d)}`
  }).filter((text) => text !== '').join('\n')
}

export function restingOf(c: Pick<Detail, 'rest' | 'timeline'>, now = streetNow()): Resting {
  const r = c.rest ?? null
  if (r === null) return AT_WORK
  const [until, note] = [when(r.until, now), r.note ?? '']
  if (r.reason === 'awaiting_appointment') {
    const agreed = (lastOf(c, 'appointment_agreed')?.seq ?? 0) > (lastOf(c, 'held')?.seq ?? 0)
    return { ...AT_WORK, title: glue(`和居民约在${until}`), note, came: agreed ? '居民说这个时间可以。' : '居民还没有回答。' }
  }
  if (r.reason !== 'awaiting_material') return { ...AT_WORK, title: glue(`${r.reason_zh}，到${until}`), note }
  // Only whoever reads it can say whether it is what was asked for.
  if (r.added_at) return { title: glue(`居民补充了，${when(r.added_at, now)}`), words: addedSince(c), note: note === '' ? '' : `请他补的：${note}`, came: '齐了就恢复办理；不齐，打电话或上门问他。' }
  return { ...AT_WORK, title: glue(`等居民补充材料，到${until}`), note, came: '居民还没有补充。' }
}

/** A result that was not accepted, in the words of whoever said so; empty while there is none. */
export interface Again {
  title: string
  text: string
}
export function againOf(c: Pick<Detail, 'state' | 'timeline'>, now = streetNow()): Again {
  const back = backOf(c)
  return back === null ? { title: '', text: '' } : { title: glue(`${back.who}说没有解决，${when(back.at, now)}`), text: back.text }
}

/** What happened last, while nothing above says it: the record itself is further down. */
export function latestOf(c: Pick<Detail, 'state' | 'timeline' | 'rest'>, steps: readonly Step[]): string {
  const last = steps[0]
  if (last === undefined) return ''
  const told = backOf(c)?.seq
  return last.key === String(told) || (c.rest?.added_at && lastOf(c, 'added')?.seq === Number(last.key)) ? '' : glue(`最新：${last.title}，${last.time}`)
}

const PLACING: readonly TimelineEvent['kind'][] = ['assigned', 'answered', 'transferred', 'sent_to_triage', 'returned', 'appealed']

/** Why it is in this grid, and what whoever placed it wrote: a person's word counts before what was understood. */
export function placing(c: Pick<Detail, 'timeline' | 'place_reason' | 'grid'>): { reason: string; note: string } {
  const e = [...c.timeline].reverse().find((x) => PLACING.includes(x.kind))
  if (e === undefined || e.role === 'system' || (e.kind !== 'assigned' && e.kind !== 'transferred')) return { reason: c.place_reason, note: '' }
  const note = (e.detail as Said)?.reason ?? ''
  return { reason: `${whoOf(e)} ${e.kind === 'assigned' ? '派到' : '转到'}这个网格`, note: note === unsaid(c.grid.small?.name ?? '') ? '' : note }
}

/** How to get the number of somebody who left none, as far as it can be asked for now. */
export interface Numberless {
  says: string
  /** What the button under it opens; empty when that has to wait. */
  verb: '' | 'updates' | 'contacts'
  label: string
}
export function numberless(c: Pick<Detail, 'allowed'>): Numberless {
  const may = (verb: string) => c.allowed.includes(verb)
  const none = { verb: '' as const, label: '' }
  if (may('updates')) return { says: '没有留电话。请上门，或者写进展请他留一个。', verb: 'updates', label: '写进展，请他留电话' }
  if (may('contacts')) return { says: '没有留电话。请上门，或者留言请他留一个。', verb: 'contacts', label: '给居民留言，请他留电话' }
  if (may('acknowledgement')) return { says: '没有留电话。签收以后，可以在这里请他留一个。', ...none }
  return { says: may('resumption') ? '没有留电话。恢复办理以后，可以在这里请他留一个。' : '没有留电话。', ...none }
}
