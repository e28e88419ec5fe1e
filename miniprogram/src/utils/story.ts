/**
 * A case's record told in plain sentences. The resident hears who does what for him; staff hear every
 * step. What only machines care about (content check, hashes) is not told.
 */
import { again, againHere } from './again'
import type { Case, Detail, TimelineEvent } from './api'
import { glue } from './glue'
import { ms, streetNow, when } from './time'
import { RESULT_ZH } from './kind-words'
import { attached, moreDays, RESULT_PLAIN, stateTone, type Tone } from './words'

export interface Step {
  key: string
  title: string
  text: string
  time: string
  tone: Tone
}

interface Facts {
  text?: string
  reason?: string
  note?: string
  result_type?: keyof typeof RESULT_ZH
  outcome?: string
  method?: string
  explanation?: string
  until?: string
  proposed_unit?: string
  into?: string
  result?: number
  attitude?: number
  comment?: string
  rating?: Facts | null
  photos?: unknown[]
  before?: unknown[]
  voices?: unknown[]
  days?: number
  /** The same with its unit. */
  more?: string
}

const OUTCOME: Record<string, string> = { reached: '已联系上', no_answer: '没人接', nobody_home: '没人在家', wrong_number: '号码有误', left_message: '已留言' }
const METHOD: Record<string, string> = { phone: '打电话', visit: '上门' }
/** What was tried to reach the reader himself, as one tells it to somebody's face. */
const TRIED: Record<string, Record<string, string>> = {
  phone: { no_answer: '打电话给您，没人接', wrong_number: '打电话给您，号码不对', left_message: '打电话给您，留了话' },
  visit: { nobody_home: '上门了，您不在家', left_message: '上门了，给您留了字条' },
  message: { no_answer: '给您留言了，等您回', left_message: '给您留言了' },
}
const MARK = ['', '很不满意', '不满意', '一般', '满意', '很满意']

type Teller = (e: TimelineEvent, d: Facts, mine: boolean) => [title: string, text: string, tone: Tone] | null

/** The person in his office, or the office alone. */
const who = (e: TimelineEvent) => (e.name ? `${e.role_zh} ${e.name}` : e.role_zh)
const self = (e: TimelineEvent, mine: boolean) => (mine && e.role === 'resident' ? '您' : who(e))
const days = (d: Facts) => (d.more ? ` ${d.more}` : '')

/** What the page itself writes when nothing but a number was given. */
const ONLY_PHONE = ['补充了联系电话', '换了联系电话']

const TELL: Partial<Record<TimelineEvent['kind'], Teller>> = {
  reported: (e, _d, mine) => [`${self(e, mine)}提交了诉求`, '', 'brand'],
  assigned: (e, d, mine) => [e.role === 'system' ? '已派给负责的网格' : `${who(e)} 派单`, mine || e.role === 'system' ? '' : (d.reason ?? ''), 'brand'],
  sent_to_triage: () => ['正在由工作人员安排负责的网格', '', 'warn'],
  acknowledged: (e, _d, mine) => [`${who(e)} ${mine ? '已接到您的诉求' : '已签收'}`, '', 'good'],
  unacknowledged: (_e, _d, mine) => [`${mine ? '接到' : '签收'}后没有及时联系，已重新通知`, '', 'warn'],
  contact_attempted: (e, d, mine) => [mine ? `${who(e)} ${TRIED[d.method ?? '']?.[d.outcome ?? ''] ?? '联系您，没有联系上'}` : d.method === 'message' ? `${who(e)} 给居民留言` : `${who(e)} ${METHOD[d.method ?? ''] ?? ''}联系居民：${OUTCOME[d.outcome ?? ''] ?? '没有联系上'}`, d.note ?? '', 'warn'],
  contacted: (e, d, mine) => [`${who(e)} 已联系上${mine ? '您' : '居民'}`, d.note ?? '', 'good'],
  updated: (e, d) => [`${who(e)} 更新进展`, `${d.text ?? ''}${attached(d)}`, 'brand'],
  added: (e, d, mine) => ONLY_PHONE.includes(d.text ?? '') ? [`${self(e, mine)}${d.text ?? ''}`, '', 'brand'] : [`${self(e, mine)}补充了情况`, `${d.text ?? ''}${attached(d)}`, 'brand'],
  resolved: (e, d, mine) => [`${who(e)} 报告处理结果${d.result_type ? `：${(mine ? RESULT_PLAIN : RESULT_ZH)[d.result_type]}` : ''}`, `${d.text ?? ''}${attached(d)}`, 'good'],
  confirmed: (e, d, mine) => [`${self(e, mine)}确认已解决`, marks(d), 'good'],
  rated: (e, d, mine) => [`${self(e, mine)}作了评价`, marks(d), 'brand'],
  verified: (e) => [`${who(e)} 回访核实，已办结`, '', 'good'],
  auto_closed: (_e, _d, mine) => [mine ? '到时间没有回复，当作已经解决' : '超过期限没有评价，自动办结（记为未评价）', '', ''],
  reopened: (e, d, mine) => [`${self(e, mine)}表示没有解决，重新办理`, `${d.reason ?? ''}${attached(d)}`, 'warn'],
  returned: (e, d, mine) => [`${who(e)} ${mine ? '认为不归他管，正在重新安排人' : '退单，重新安排'}`, d.reason ?? '', 'warn'],
  transferred: (e, d) => [`${who(e)} 转给其他网格`, d.reason ?? '', 'warn'],
  reminded: (e, d, mine) => [`${self(e, mine)}催办`, d.note ?? '', 'warn'],
  supervised: (_e, d) => ['街道指挥中心督办', d.note ?? '', 'danger'],
  erased: (_e, _d, mine) => [`${mine ? '您' : '居民'}要求删除个人信息，诉求内容已删除`, '', ''],
  cancelled: (e, d, mine) => [`${self(e, mine)}撤回了诉求`, d.note ?? '', ''],
  held: (e, d, mine) => [mine && d.until && RESTS[d.reason ?? ''] ? `${who(e)} ${RESTS[d.reason ?? '']?.(when(d.until)) ?? ''}` : `${who(e)} ${mine ? '暂停办理' : '挂起'}${d.until ? `，到${when(d.until)}` : ''}`, d.note ?? '', 'warn'],
  pause_asked: (e, d, mine) => [`${who(e)} 申请${mine ? '暂停办理' : '挂起'}${d.until ? `，到${when(d.until)}` : ''}，等社区干部同意`, d.note ?? '', 'warn'],
  pause_refused: (e, d, mine) => [`${who(e)} 没有同意${mine ? '暂停，继续办理' : '挂起'}`, d.note ?? '', ''],
  appointment_agreed: (e, d, mine) => [`${self(e, mine)}确认了约定的时间${d.until ? `：${when(d.until)}` : ''}`, '', 'good'],
  diverted: (_e, d) => ['已转法定途径（诉讼、仲裁、复议或信访）', d.explanation ?? '', 'warn'],
  resumed: (e, _d, mine) => [mine ? '继续办理' : e.role === 'system' ? '恢复办理' : `${who(e)} 恢复办理`, '', 'brand'],
  rejected: (_e, d) => ['未受理', d.explanation ?? '', 'danger'],
  appealed: (e, d, mine) => [`${self(e, mine)}提出申诉`, d.reason ?? '', 'warn'],
  merged: (_e, d) => [`与 ${glue(d.into ?? '另一件')} 合并办理`, d.reason ?? '', ''],
  answered: (e, d, mine) => [`${self(e, mine)}补充了地址`, d.text ?? '', 'brand'],
  escalated: (_e, _d, mine) => [mine ? MORE : '已通知上一级', '', 'brand'],
  yellow_card: (_e, _d, mine) => [mine ? '办理时间已过半，系统已提醒负责人' : '黄牌：办结时限已过半', '', 'warn'],
  red_card: (_e, _d, mine) => [mine ? '超过了承诺的时间，系统已通知社区书记' : '红牌：已超过办结时限', '', 'danger'],
  due_changed: () => ['放假安排已公布，办理时限重新计算', '', ''],
  extension_asked: (e, d) => [`${who(e)} 申请延期${days(d)}`, d.reason ?? '', 'warn'],
  extension_granted: (e, d) => [`${who(e)} 同意延期${days(d)}`, d.note ?? '', 'warn'],
  extension_refused: (e, d) => [`${who(e)} 没有同意延期`, d.note ?? '', ''],
  excluded: (e, d, mine) => (mine ? null : [`${who(e)} 把本件剔除出统计`, d.note ?? '', '']),
  exclusion_withdrawn: (e, d, mine) => (mine ? null : [`${who(e)} 恢复本件的统计`, d.note ?? '', '']),
  no_one_reachable: (_e, _d, mine) => [mine ? MORE : '这一级联系不上人，已直接通知上一级', '', mine ? 'brand' : 'warn'],
}

const MORE = '又通知了更多负责人'
/** What the resident reads of a pause, by its reason. */
const RESTS: Record<string, (until: string) => string> = {
  awaiting_appointment: (until) => `和您约在${until}`,
  awaiting_material: (until) => `请您补充材料，最晚到${until}`,
}

function marks(given: Facts): string {
  const d = given.rating ?? given
  const parts: string[] = []
  if (d.result) parts.push(`结果：${MARK[d.result] ?? ''}`)
  if (d.attitude) parts.push(`态度：${MARK[d.attitude] ?? ''}`)
  if (d.comment) parts.push(d.comment)
  return parts.join('　')
}

/** Tells a record, newest first; `mine` speaks to the resident himself. */
export function story(c: Detail, mine: boolean, now = streetNow()): Step[] {
  const steps: Step[] = []
  /** The last time that more people were told: it says how many know. */
  let rung: Step | null = null
  let unplaced = false
  for (const entry of c.timeline) {
    if (UNPLACED.includes(entry.kind)) unplaced = true
    else if (PLACED.includes(entry.kind)) unplaced = false
    const facts = (entry.detail ?? {}) as Facts
    const told = TELL[entry.kind]?.(entry, facts.days ? { ...facts, more: moreDays(facts.days, c) } : facts, mine)
    if (!told) continue
    const [said, text, usual] = told
    const blame = entry.kind === 'escalated' && late(c, entry) ? waited(unplaced, mine) : ''
    const [title, tone] = blame ? [`${blame}，${said}`, 'warn' as Tone] : [said, usual]
    const before = steps[steps.length - 1]
    // A chain that nobody answers repeats itself for hours: its last time and who knows say it all.
    if (before && before.title === title && text === '' && repeated(before.text)) {
      before.text = RUNGS.includes(entry.kind) ? '' : `共 ${count(before.text) + 1} 次`
      before.time = when(entry.at, now)
      continue
    }
    const step = { key: String(entry.seq), title, text, tone, time: when(entry.at, now) }
    if (RUNGS.includes(entry.kind)) rung = step
    steps.push(step)
  }
  const know = new Set(arrived(c).map((n) => n.to)).size
  if (rung !== null && know > 0) rung.text = `现在一共 ${know} 人知道`
  if (mine && c.state !== 'rejected') tellWhom(c, steps, now)
  return steps.reverse()
}

/** More people are told while a message cannot reach somebody, too: nobody failed to answer before his time is over. */
const late = (c: Detail, e: TimelineEvent): boolean => {
  // What was kept by an earlier version may lack it.
  const by = (c.promised as Detail['promised'] | undefined)?.acknowledge_by
  return by !== undefined && ms(e.at) >= ms(by)
}
const waited = (unplaced: boolean, mine: boolean): string => (unplaced ? '还没有派到网格' : mine ? '到时间还没有人接到' : '到时间还没有人签收')
const RUNGS: readonly TimelineEvent['kind'][] = ['escalated', 'no_one_reachable']

/** Messages that reached one of the street's own people, oldest first; the resident knows what he himself was told. */
const arrived = (c: Detail): { to: string; at: string }[] =>
  c.notices.flatMap((n) => (n.accepted_at && n.to !== '' && n.to !== '居民' ? [{ to: n.to, at: n.accepted_at }] : [])).sort((a, b) => ms(a.at) - ms(b.at))

/** A name says nothing without its office: "网格员 张三、还有 2 位负责人". */
function titled(c: Detail): (names: readonly string[]) => string {
  const offices = new Map<string, string>()
  for (const e of c.timeline) if (e.name) offices.set(e.name, e.role_zh)
  for (const p of (c.responsible as Detail['responsible'] | undefined) ?? []) offices.set(p.name, p.role_zh)
  return (names) => {
    const known = names.filter((name) => offices.has(name)).slice(0, MOST_NAMED)
    const others = names.length - known.length
    // A line never ends between an office and its name.
    const said = known.map((name) => `${offices.get(name) ?? ''}\u00a0${name}`)
    return [...said, ...(others > 0 ? [`${said.length > 0 ? '还有 ' : ''}${others} 位负责人`] : [])].join('、')
  }
}

const MOST_NAMED = 3

/** Puts whom the street told into the record, each after what led to him: the cause is read before what it caused. */
function tellWhom(c: Detail, steps: Step[], now: number): void {
  const happened = new Map(c.timeline.map((e) => [String(e.seq), ms(e.at)]))
  const told: { after: number; at: string; names: string[] }[] = []
  const known = new Set<string>()
  const named = titled(c)
  for (const { to, at } of arrived(c)) {
    if (known.has(to)) continue
    known.add(to)
    // Who acted before his message came knew of it.
    if (c.timeline.some((e) => e.name === to && ms(e.at) <= ms(at))) continue
    const after = steps.filter((s) => (happened.get(s.key) ?? 0) <= ms(at)).length
    const last = told[told.length - 1]
    if (last?.after === after) last.names.push(to)
    else told.push({ after, at, names: [to] })
  }
  // From the end, so that the places of the earlier ones stay.
  for (const { after, at, names } of told.reverse()) {
    const title = `已通知 ${named(names)}`
    steps.splice(after, 0, { key: `told-${after}`, title, text: '', tone: 'brand', time: when(at, now) })
  }
}

/** After these nobody can acknowledge it yet, after those somebody can. */
const UNPLACED: readonly TimelineEvent['kind'][] = ['sent_to_triage', 'returned', 'appealed']
const PLACED: readonly TimelineEvent['kind'][] = ['assigned', 'answered', 'transferred', 'acknowledged']

const repeated = (text: string) => text === '' || /^共 \d+ 次$/.test(text)
const count = (text: string) => Number(/\d+/.exec(text)?.[0] ?? 1)

const DAY_MS = 86_400_000

/** When the resident reminded and when he may again; empty when he may now or need not. */
export function reminded(c: Pick<Detail, 'state' | 'timeline' | 'allowed'>, now = streetNow()): string {
  if (c.allowed.includes('reminder') || !OPEN.includes(c.state)) return ''
  const last = [...c.timeline].reverse().find((e) => e.kind === 'reminded' && e.role === 'resident')
  if (last === undefined || ms(last.at) + DAY_MS < now) return ''
  return `您${when(last.at, now)}催过了，${when(new Date(ms(last.at) + DAY_MS).toISOString(), now)}后可以再催`
}
const OPEN: readonly Case['state'][] = ['triage', 'assigned', 'acknowledged', 'in_progress', 'on_hold']

/** Whether urging makes sense now; and, while it does not, from when on it will, and why. */
export interface Urge {
  due: boolean
  /** It is not to be tapped yet. */
  soon: boolean
  says: string
}
export const NO_URGE: Urge = { due: false, soon: false, says: '' }

/** A promise was broken, or nothing happened for a day while work goes on: then a word of the resident's helps. */
export function urge(c: Detail, now = streetNow()): Urge {
  // What waits for himself is not for others to hurry.
  if (waitsForYou(c)) return NO_URGE
  if (!c.allowed.includes('reminder')) return { ...NO_URGE, says: reminded(c, now) }
  const wait = PROMISE[c.state]
  const by = wait?.by(c)
  if (wait === undefined || !by) return NO_URGE
  const last = Math.max(...c.timeline.filter((e) => TELL[e.kind] !== undefined).map((e) => ms(e.at)), ms(c.reported_at))
  // Whoever was promised an answer by an hour urges after it, never before; work has days, and a silent one is enough.
  const silent = c.state === 'in_progress' && last + DAY_MS < ms(by)
  const from = silent ? last + DAY_MS : ms(by)
  if (from <= now) return { ...NO_URGE, due: true }
  const hour = when(new Date(from).toISOString(), now)
  return { due: false, soon: true, says: silent ? `到${hour}还没有新进展，就可以催。` : `过了${hour}${wait.undone}，就可以催。` }
}
interface Promised {
  by(c: Case): string | null | undefined
  undone: string
}
const PROMISE: Partial<Record<Case['state'], Promised>> = {
  triage: { by: (c) => c.promised.acknowledge_by, undone: '还没有派到人' },
  assigned: { by: (c) => c.promised.acknowledge_by, undone: '还没有人接到' },
  acknowledged: { by: (c) => c.promised.contact_by, undone: '还没有联系您' },
  in_progress: { by: (c) => c.promised.resolve_by, undone: '还没有处理完' },
  on_hold: { by: (c) => c.held_until, undone: '还没有继续办理' },
}

/** What becomes of a result that nobody answers. */
export const silence = (c: Case, now = streetNow()): string => (c.closes_at ? `${when(c.closes_at, now)}前没有回复，就当作已经解决；30 天内还可以重新办理。` : '')

/** Pictures that staff took on the way; those of the result stand with the result. */
export function onTheWay(c: Pick<Detail, 'photos' | 'timeline'>): number[] {
  const theirs = c.timeline.filter((e) => e.role !== 'resident').flatMap((e) => {
    const d = e.detail as { photos?: number[]; before?: number[] } | null
    return [...(d?.before ?? []), ...(d?.photos ?? [])]
  })
  return c.photos.filter((id) => theirs.includes(id))
}

/** Why a case rests and until when: of a row, or of a case with its record. */
function resting(c: Case | Detail, now: number): string {
  if (!c.held_until) return '等条件具备后会自动继续'
  const until = when(c.held_until, now)
  // A row of a list has no record; the page of the case says more, and asks.
  const r = 'rest' in c ? c.rest : null
  if (!r) {
    if (c.allowed.includes('agreement')) return `和您约在${until}，请看看时间对不对`
    return c.awaits_you ? `请您补充材料，缺什么点开看；最晚${until}继续办理` : `最晚${until}继续办理`
  }
  if (r.reason === 'awaiting_appointment') return c.allowed.includes('agreement') ? '请看看约的时间对不对' : `和您约好了${until}`
  if (r.reason === 'awaiting_material') return r.added_at ? `您${when(r.added_at, now)}补充了，等网格员看过后继续办理` : `请您在${until}前补充材料`
  const why = WAITS[r.reason]
  return `${why ? `${why}，` : ''}最晚${until}继续办理`
}
const WAITS: Record<string, string> = { weather: '等天气好转' }

/** What the resident is told under the first sentence while his case rests; `papers` when it is for him to bring some. */
export interface Rest {
  papers: boolean
  label: string
  note: string
  how: string
}
export const AT_WORK: Rest = { papers: false, label: '', note: '', how: '' }

/** Which papers are missing and how to hand them in, or what else was written about the rest. */
export function restOf(c: Pick<Detail, 'rest' | 'allowed'>): Rest {
  // What was kept by an earlier version has no such field.
  const r = c.rest ?? null
  if (r === null) return AT_WORK
  const note = r.note ?? ''
  if (r.reason !== 'awaiting_material') return { papers: false, label: note === '' ? '' : '说明', note, how: '' }
  const adds = c.allowed.includes('updates')
  const how = !adds ? '' : r.added_at ? '还有要补的，再点“补充材料”。' : '点下面的“补充材料”：拍照、写几句、说一段都行。到时没有补，也会继续办理。'
  return { papers: adds, label: r.added_at ? '请您补的材料' : '缺的材料', note: note === '' ? '这里没有写明，请打电话问下面负责的人。' : note, how }
}

/** Nothing that was written says where: no grid was found, and no words of a place. */
export const placeless = (c: Case | Detail): boolean => !c.grid.large && !c.address && !c.contact_phone && (c.triage?.reason === 'only_voice' || c.text === '' || ('voices' in c && c.voices.length > 0))

/** The street asked where it is, and names nothing to choose from. */
const where = (c: Case | Detail): boolean => c.state === 'triage' && !c.triage?.question && (c.awaits_you || placeless(c))

/** Nothing goes on before the resident says something, whether the server counts it so or the page sees it. */
export const waitsForYou = (c: Case | Detail): boolean => c.awaits_you || where(c) || (c.state === 'triage' && !!c.triage?.question)

/** The state in one word, and its colour; what waits for the resident says so. */
export function standing(c: Case | Detail): { word: string; tone: Tone } {
  const word = where(c) ? '等您补充' : c.state === 'triage' && c.triage?.question ? '等您回答' : c.state_zh
  return { word, tone: waitsForYou(c) ? 'warn' : stateTone(c) }
}

const gridOf = (c: Case | Detail): string => c.grid.small?.name ?? c.grid.large?.name ?? '负责的网格'

/** A time that was promised, and that it has passed when it has. */
const promised = (by: string, what: string, now: number, why?: string): string => (ms(by) < now ? `原定${when(by, now)}前${what}，已经晚了` : `会在${when(by, now)}前${what}${daysOff(why)}`)

/** A time that lies behind days off says why it is no sooner; `why`: how the server counted it. */
const daysOff = (why: string | undefined): string => (why?.includes('不计') ? '（已跳过周末和假日）' : '')

/** Why it is worked on once more. */
function goesOn(c: Case | Detail): string {
  const back = 'timeline' in c ? again(c) : againHere(c)
  return back === null ? '' : `${back.why}，正在重新办理，`
}

/** Where the case stands that this one was merged into; a row of a list does not know. */
function together(c: Case | Detail, now: number): string {
  const lead = 'timeline' in c ? c.lead : undefined
  if (!lead) return '和另一件合在一起办理'
  const [one, ask] = ['一起办的那件', '请打电话问下面负责的人']
  if (lead.state === 'rejected') return `${one}没有受理，${ask}`
  if (lead.resolved_at) return `${one}已有结果${lead.result_type ? `：${RESULT_PLAIN[lead.result_type]}` : ''}。还没有解决，${ask}，或者再次求助`
  return `和另一件合在一起办理，那一件${lead.state_zh}，${promised(lead.promised.resolve_by, '处理完', now, lead.promised.resolve_zh)}`
}

/** Nobody is promised a call who left no number; a row of a list does not know of every number. */
function reaches(c: Case | Detail): string {
  if (c.contact_phone || ('on_behalf_of' in c && c.on_behalf_of)) return '联系您'
  return 'timeline' in c ? '上门，或者在这里回复您' : '联系您或者上门'
}

/** What happens next, and by when, in one sentence for the resident. */
export function nextStep(c: Case | Detail, now = streetNow()): string {
  switch (c.state) {
    case 'submitted':
    case 'assigned':
      if (ms(c.promised.acknowledge_by) < now) return `${gridOf(c)}\u200b没有按时接到，已通知更多负责人`
      return `${gridOf(c)}\u200b的${c.grid.small ? '网格员' : '工作人员'}会在${when(c.promised.acknowledge_by, now)}前接下您的诉求${daysOff(c.promised.acknowledge_zh)}；没有接下，会再通知社区和街道的负责人`
    case 'triage':
      if (c.triage?.question) return '请您回答一个问题，答完马上派人'
      if (!where(c)) return '工作人员正在安排负责的网格，不需要您再操作'
      return `还不知道在哪里。请点“${c.allowed.includes('answer') ? '补充地址' : '补充情况'}”写上小区和楼号${c.contact_phone ? '' : '，最好留个电话'}`
    case 'acknowledged':
      return promised(c.promised.contact_by, reaches(c), now, c.promised.contact_zh)
    case 'in_progress':
      return `${goesOn(c)}${promised(c.promised.resolve_by, '处理完', now)}`
    case 'on_hold':
      return resting(c, now)
    case 'resolved':
      return '请看看处理结果，告诉我们解决了没有'
    case 'closed':
      return c.allowed.includes('reopening') ? '如果又出现问题，30 天内可以要求重新办理' : '已经办结。又需要时请再求助'
    case 'rejected':
      if (c.rejection === 'legal_procedure') return `这件事已进入诉讼、仲裁、复议或信访程序，由那里决定${'timeline' in c ? '' : '，去哪里办写在里面'}${c.allowed.includes('appeal') ? '。不同意可以申诉一次' : ''}`
      return `没有受理，原因${'timeline' in c ? '在下面' : '写在里面'}${c.allowed.includes('appeal') ? '。不同意可以申诉一次' : ''}`
    case 'merged':
      return together(c, now)
    case 'cancelled':
      return '您撤回了，不再办理。又需要时请再求助'
  }
}
