/** What the page of a case shows of it to staff. */
import type { Detail, TimelineEvent } from '../../utils/api'
import { deskWords } from '../../utils/desk-words'
import { glue } from '../../utils/glue'
import { ms, streetNow, when } from '../../utils/time'

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
    const key = deskWords(`${office.has(n.to) ? `${office.get(n.to) ?? ''} ` : ''}${n.to}　${n.channel}`)
    const count = (last.get(key)?.count ?? 0) + 1
    // Set anew, so that it stands where its last message does.
    last.delete(key)
    last.set(key, { fate: deskWords(`${when(n.accepted_at ?? n.planned_at, now)} ${n.fate}`), count })
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
const whoOf = (e: TimelineEvent | undefined) => (e?.name ? deskWords(`${e.role_zh} ${e.name}`) : '')

export function askedOf(c: Detail, now = streetNow()): Asked {
  if (c.pause) {
    const e = lastOf(c, 'pause_asked')
    const mine = c.allowed.includes('pause_decision')
    return {
      verb: mine ? 'pause_decision' : '', title: glue(`申请挂起到${when(c.pause.until, now)}，${mine ? '等您同意' : '等待社区干部同意'}`), who: whoOf(e),
      text: deskWords(`${c.pause.reason_zh}：${(e?.detail as Said)?.note ?? ''}`), until: '同意以前，时限照常计算。',
    }
  }
  if (c.extension?.state !== 'asked') return NOTHING
  const e = lastOf(c, 'extension_asked')
  const mine = c.allowed.includes('extension_decision')
  const days = c.extension.days ?? ''
  return {
    verb: mine ? 'extension_decision' : '', title: glue(`申请延期 ${days} 个工作日，${mine ? '等您同意' : '等待上一级同意'}`), who: whoOf(e),
    text: (e?.detail as Said)?.reason ?? '', until: glue(`现在要在${when(c.promised.resolve_by, now)}前办结；同意后再加 ${days} 个工作日。`),
  }
}

/** Why a case rests, what the resident was told, and whether it is the worker's turn. */
export interface Resting {
  title: string
  note: string
  came: string
}
export const AT_WORK: Resting = { title: '', note: '', came: '' }

export function restingOf(c: Pick<Detail, 'rest' | 'timeline'>, now = streetNow()): Resting {
  const r = c.rest ?? null
  if (r === null) return AT_WORK
  const [until, note] = [when(r.until, now), r.note ?? '']
  if (r.reason === 'awaiting_appointment') {
    const agreed = (lastOf(c, 'appointment_agreed')?.seq ?? 0) > (lastOf(c, 'held')?.seq ?? 0)
    return { title: glue(`和居民约在${until}`), note, came: agreed ? '居民说这个时间可以。' : '居民还没有回答。' }
  }
  if (r.reason !== 'awaiting_material') return { title: glue(`${deskWords(r.reason_zh)}，到${until}`), note, came: '' }
  if (r.added_at) return { title: glue(`材料已补，${when(r.added_at, now)}`), note, came: '请看办理过程，齐了就恢复办理。' }
  return { title: glue(`等居民补充材料，到${until}`), note, came: '居民还没有补充。' }
}
