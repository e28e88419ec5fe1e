/** The roster's answers as the page shows them: the week as seven days, one day as grids with their people. */
import type { Colleague, Leave, Swap, SwapStep, Week } from '../../utils/api'
import type { Staff } from '../../utils/session'
import { glue } from '../../utils/glue'
import { dayName, dayParts, hours, ms, streetNow, until, when } from '../../utils/time'
import type { Tone } from '../../utils/words'

type Turn = Week['days'][number]['turns'][number]

export interface DayCell {
  date: string
  week: string
  number: string
  /** One word for what the reader has that day. */
  mark: string
  bare: boolean
  label: string
}
export interface PersonLine {
  key: string
  who: string
  hours: string
  note: string
  me: boolean
  away: boolean
}
export interface GridDay {
  key: string
  grid: string
  people: PersonLine[]
  gaps: string[]
}
export interface Option {
  value: string
  label: string
}

/** The reader's own number in the roster: his office, grid and name in it; 0 when he is not in this week. */
export function myNumber(w: Week, s: Staff | null): number {
  for (const d of w.days) {
    for (const t of [...d.turns, ...d.away]) {
      if (t.name === s?.name && s.roles.some((r) => r.role === t.role && r.grid?.id === d.grid.id)) return t.staff
    }
  }
  return 0
}

const gapsOf = (w: Week, date: string, grid?: string) => {
  const from = Date.parse(`${date}T00:00:00+08:00`)
  const to = from + 86_400_000
  // Who is hard to reach is on duty all the same; here it is about hours without anybody.
  return w.gaps.filter((g) => g.why !== 'not_reachable' && (grid === undefined || g.grid.id === grid) && ms(g.from) < to && ms(g.to) > from).map((g) => ({
    why: g.why_zh, from: new Date(Math.max(from, ms(g.from))).toISOString(), to: new Date(Math.min(to, ms(g.to))).toISOString(),
  }))
}

/** Where nobody is on these days, in one sentence; empty when somebody always is. */
export function alone(w: Week, from: string, to: string): string {
  const days = w.days.filter((d) => d.date >= from && d.date <= to)
  const holes = days.flatMap((d) => gapsOf(w, d.date, d.grid.id).map((g) => `${d.grid.name} ${dayName(d.date)} ${hours(g.from, g.to)}`))
  return holes.length === 0 ? '' : `这些时间没有人值班，请尽快安排替班：${holes.join('；')}`
}

const AWAY: Record<NonNullable<Turn['because']>, string> = { leave: '假', off_duty: '离', swap: '换' }
const MARK: Record<string, string> = { 班: '您值班', 替: '您替班', 假: '您请假', 离: '您已离岗', 换: '您换班休息', 休: '您没有班' }

export function cells(w: Week, me: number): DayCell[] {
  const dates = [...new Set(w.days.map((d) => d.date))]
  return dates.map((date) => {
    const day = w.days.filter((d) => d.date === date)
    const mine = day.flatMap((d) => d.turns).filter((t) => t.staff === me)
    // Whose place somebody else takes is away as well.
    const gone = day.flatMap((d) => [...d.away.filter((t) => t.staff === me), ...d.turns.filter((t) => t.instead_of?.staff === me)])[0]
    const mark = mine.some((t) => t.instead_of) ? '替' : mine.length > 0 ? '班' : gone ? (AWAY[gone.because ?? 'leave'] ?? '假') : '休'
    const bare = gapsOf(w, date).length > 0
    return { date, ...dayParts(date), mark, bare, label: `${dayName(date)}，${MARK[mark] ?? ''}${bare ? '，有空班' : ''}` }
  })
}

const ORDER = ['grid_worker_primary', 'grid_worker_backup', 'cadre', 'secretary']

function person(t: Turn, me: number, away: boolean): PersonLine {
  const instead = t.instead_of ? `替${t.instead_of.name}${t.because_zh ? `（${t.because_zh}）` : ''}` : ''
  return {
    key: `${t.staff}-${t.role}-${t.from}-${away ? 'away' : ''}`, who: `${t.role_zh} ${t.name}`, hours: hours(t.from, t.to),
    note: away ? (t.because_zh ?? '不在') : instead, me: t.staff === me, away,
  }
}

/** One day as its grids; where somebody is missing comes first. */
export function gridsOf(w: Week, date: string, me: number): GridDay[] {
  return w.days.filter((d) => d.date === date).map((d) => ({
    key: d.grid.id, grid: d.grid.name,
    people: [...d.turns.map((t) => person(t, me, false)), ...d.away.map((t) => person(t, me, true))].sort((a, b) => rank(d, a) - rank(d, b)),
    gaps: gapsOf(w, date, d.grid.id).map((g) => `${hours(g.from, g.to)} ${g.why}`),
  })).sort((a, b) => Number(b.gaps.length > 0) - Number(a.gaps.length > 0))
}

function rank(d: Week['days'][number], p: PersonLine): number {
  const role = [...d.turns, ...d.away].find((t) => p.key.startsWith(`${t.staff}-`))?.role ?? ''
  return ORDER.indexOf(role) + (p.away ? 10 : 0)
}

/** "11月28日 周六 全天", or from when until when. */
const span = (from: string, to: string): string => {
  const whole = ms(to) - ms(from) >= 23 * 3_600_000 && ms(to) - ms(from) <= 25 * 3_600_000
  return whole ? dayName(new Date(ms(from) + 8 * 3_600_000).toISOString().slice(0, 10)) : `${when(from)} 到 ${until(to)}`
}

export interface LeaveLine {
  id: number
  name: string
  when: string
  who: string
  me: boolean
}
export const leaveLine = (l: Leave, me: number): LeaveLine => ({
  id: l.id, me: l.staff === me, name: l.staff === me ? '我' : l.name, when: span(l.from, l.to), who: l.substitute_name ? `由${l.substitute_name}替班` : '没有安排替班',
})

const STATE: Record<Swap['state'], Tone> = { asked: 'warn', accepted: 'warn', in_force: 'good', declined: '', refused: '', withdrawn: '', expired: '' }
const STEP: Record<SwapStep, string> = { acceptance: '同意', approval: '批准', refusal: '不同意', withdrawal: '撤回' }
const YES: ReadonlySet<SwapStep> = new Set(['acceptance', 'approval'])
export interface SwapLine {
  id: number
  state: string
  tone: Tone
  turns: string[]
  /** What nobody would cover, for whoever decides. */
  warning: string
  steps: { step: SwapStep; label: string; done: string; kind: string }[]
}
/** Whose word is waited for, by name; his own is "您". */
function stateOf(s: Swap, allowed: readonly SwapStep[]): string {
  if (s.state === 'asked') return `等${allowed.includes('acceptance') ? '您' : s.colleague.name}答复`
  if (s.state === 'accepted') return allowed.includes('approval') ? '等您批准' : '等社区批准'
  return s.state_zh
}

/** Where nobody would be, when, who it is that is missing, and what to do about it; the server's sentence when it names no hours. */
function warningOf(s: Swap): string {
  if (!s.warning) return ''
  const within = (t: Swap['mine'] | null | undefined, g: Swap['gaps'][number]) => t && ms(g.from) < ms(t.to) && ms(g.to) > ms(t.from)
  const holes = s.gaps.map((g) => {
    const comes = within(s.mine, g) ? s.colleague.name : within(s.theirs, g) ? s.asker.name : ''
    const why = g.why === 'on_leave' && comes !== '' ? `（${comes}请假了，没有别人替）` : ''
    return `${span(g.from, g.to)}，${g.grid.name}没有人值班${why}`
  })
  return holes.length === 0 ? s.warning : `换了以后：${holes.join('；')}。请先找人替班，或者不同意。`
}

export function swapLine(s: Swap): SwapLine {
  const turn = (of: string, by: string, t: { from: string; to: string }) => `${span(t.from, t.to)}，${of}的班由${by}上`
  const allowed = s.allowed as SwapStep[]
  return {
    id: s.id, state: stateOf(s, allowed), tone: STATE[s.state], warning: glue(warningOf(s)),
    turns: [turn(s.asker.name, s.colleague.name, s.mine), ...(s.theirs ? [turn(s.colleague.name, s.asker.name, s.theirs)] : [])],
    // The yes is at the right, as on every page. Where somebody would be missing, a hurried thumb must not meet a large blue button.
    steps: [...allowed].sort((a, b) => Number(YES.has(a)) - Number(YES.has(b))).map((step) => {
      const yes = YES.has(step)
      return { step, done: STEP[step], label: yes && s.warning ? `仍要${STEP[step]}` : STEP[step], kind: !yes ? 'quiet' : s.warning ? 'plain' : 'primary' }
    }),
  }
}

/** Days whose shift is the reader's own and has not begun: what he can give away. */
export const myDays = (w: Week, me: number, now = streetNow()): Option[] =>
  [...new Set(w.days.filter((d) => d.turns.some((t) => t.staff === me && !t.instead_of && ms(t.from) > now)).map((d) => d.date))].map((date) => ({ value: date, label: dayName(date) }))

/** A name that no line ends in. */
const one = (text: string): string => [...text].join('\u2060')
/** Behind the name of a place, which says the rest. */
function officeOf(t: Turn): string {
  const office = t.role_zh
  return office.startsWith('社区') ? `\u2060${one(office.slice(2))}` : ` ${one(office)}`
}

/** Who could stand in: colleagues of the community, and whoever the week names; never `but`. */
export function mates(w: Week, colleagues: readonly Colleague[], but: number): Option[] {
  const found = new Map<number, string>()
  for (const d of w.days) for (const t of d.turns) if (!t.instead_of) found.set(t.staff, `${t.name}　${one(d.grid.name)}${officeOf(t)}`)
  for (const c of colleagues) found.set(c.staff, `${c.name}　${c.grids.map((g) => one(g.name)).join('、')}`)
  found.delete(but)
  return [...found].map(([staff, label]) => ({ value: String(staff), label }))
}
