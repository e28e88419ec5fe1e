/** What staff may do to a case, in the order of a day: the first allowed one is the large button. */
import type { BodyFor, Schemas, Verb } from '../../utils/api'
import { HOLD_ZH, RESULT_ZH } from '../../utils/kind-words'

export type StaffVerb = 'acknowledgement' | 'contacts' | 'resolution' | 'updates' | 'resumption' | 'transfer' | 'return' | 'hold' | 'pause' | 'pause_decision' | 'extension' | 'extension_decision' | 'diversion' | 'reminder'

export interface Choice {
  verb: StaffVerb
  label: string
}

export const VERBS: readonly Choice[] = [
  { verb: 'acknowledgement', label: '签收' },
  { verb: 'resumption', label: '恢复办理' },
  { verb: 'resolution', label: '办结' },
  { verb: 'contacts', label: '记录联系' },
  { verb: 'updates', label: '写进展' },
  { verb: 'transfer', label: '转给别的网格' },
  { verb: 'return', label: '退单' },
  { verb: 'hold', label: '挂起' },
  { verb: 'extension', label: '申请延期' },
  { verb: 'diversion', label: '转法定途径' },
  { verb: 'reminder', label: '催办' },
]

export const ACTION: Record<StaffVerb, string> = {
  acknowledgement: '签收', resumption: '恢复办理', resolution: '确认办结', contacts: '记录联系', updates: '发布进展', transfer: '转派', return: '确认退单', hold: '挂起', pause: '申请挂起', pause_decision: '不同意', extension: '申请延期', extension_decision: '不同意', diversion: '转法定途径', reminder: '催办',
}

/** What may be the large button: what moves the case on, and the word to whoever has to. */
const MAIN: readonly string[] = ['acknowledgement', 'resumption', 'resolution', 'contacts', 'updates', 'reminder']
export const isMain = (c: Choice): boolean => MAIN.includes(c.verb)

/** Where it is decided when it is not the street's any longer. */
export const ROUTES = [
  { value: '诉讼', label: '法院诉讼' },
  { value: '仲裁', label: '劳动等仲裁' },
  { value: '行政复议', label: '行政复议' },
  { value: '信访', label: '信访' },
]

/** How he tried and what came of it; who has no number cannot have dialled it. */
const METHODS = [
  { value: 'phone', label: '打电话', outcomes: [['reached', '联系上了'], ['no_answer', '没人接'], ['left_message', '没人接，留言了'], ['wrong_number', '号码不对']] },
  { value: 'visit', label: '上门', outcomes: [['reached', '见到了居民'], ['nobody_home', '没人在家'], ['left_message', '没人，留了字条']] },
  { value: 'message', label: '给居民留言', outcomes: [['left_message', '留言，等他回'], ['reached', '他回了']] },
] as const
export const methodsFor = (numbers: number): { value: string; label: string }[] => METHODS.filter((m) => m.value !== 'phone' || numbers > 0).map(({ value, label }) => ({ value, label }))
export const outcomesOf = (method: string): { value: string; label: string }[] => (METHODS.find((m) => m.value === method)?.outcomes ?? []).map(([value, label]) => ({ value, label }))

export const RESULTS = Object.entries(RESULT_ZH).map(([value, label]) => ({ value, label }))
const WORKERS = ['grid_worker_primary', 'grid_worker_backup']
/** What stops the clock. Waiting for a department or a purchase does not: that is more time, or a word to the resident. */
const HOLDS = [
  { value: 'awaiting_appointment', label: HOLD_ZH.awaiting_appointment, roles: WORKERS },
  { value: 'awaiting_material', label: HOLD_ZH.awaiting_material, roles: [...WORKERS, 'cadre'] },
]
/** Waiting for papers stops the clock when the cadre agrees, anything else at once; a cadre asks another one about his own case. */
export const asks = (reason: string, roles: readonly string[], allowed: readonly string[]): boolean => reason === 'awaiting_material' && (!roles.includes('cadre') || allowed.includes('pause'))
/** What it is that does not stop the clock, in one breath. */
export const RUNS_ON = `${HOLD_ZH.awaiting_department}、${HOLD_ZH.awaiting_purchase}，时限照常算。时间不够就申请延期，要告诉居民就写进展。`
/** The reasons that this person may name; papers not while they wait for the cadre already. */
export const holdsFor = (roles: readonly string[], allowed: readonly string[]) =>
  HOLDS.filter((h) => h.roles.some((r) => roles.includes(r)) && (!asks(h.value, roles, allowed) || allowed.includes('pause'))).map(({ value, label }) => ({ value, label, hint: asks(value, roles, allowed) ? '要干部同意' : '马上停止' }))
export const DAYS = [
  { value: '1', label: '1 天' },
  { value: '3', label: '3 天' },
  { value: '5', label: '5 天' },
  { value: '10', label: '10 天' },
]

export interface Form {
  outcome: string
  method: string
  result: string
  grid: string
  unit: string
  hold: string
  until: string
  days: string
  route: string
  text: string
}
export const EMPTY: Form = { outcome: '', method: '', result: '', grid: '', unit: '', hold: '', until: '', days: '', route: '', text: '' }

/** What is still missing, in one sentence; empty when the form may go. */
export function missing(verb: StaffVerb, f: Form): string {
  const text = f.text.trim() === ''
  if (verb === 'contacts' && f.method === '') return '请选怎么联系的'
  if (verb === 'contacts' && f.outcome === '') return '请选联系的结果'
  if (verb === 'contacts' && f.method === 'message' && text) return f.outcome === 'reached' ? '请写他回了什么' : '请写要对居民说的话'
  if (verb === 'resolution' && f.result === '') return '请选办结类型'
  if (verb === 'resolution' && text) return '请写处理结果，居民会看到'
  if (verb === 'updates' && text) return '请写一句进展'
  if (verb === 'transfer' && f.grid === '') return '请选择网格'
  if (verb === 'return' && f.unit.trim() === '') return '请写应当由谁办'
  if (verb === 'diversion' && f.route === '') return '请选走的是哪一种程序'
  if (verb === 'diversion' && f.unit.trim() === '') return '请写由哪个单位办理，居民要去那里'
  if ((verb === 'transfer' || verb === 'return') && text) return '请写原因'
  if (verb === 'hold' && f.hold === '') return '请选择原因'
  if ((verb === 'hold' || verb === 'pause') && f.until === '') return '请选择恢复日期'
  if ((verb === 'pause' || (verb === 'hold' && f.hold === 'awaiting_material')) && text) return '请写需要居民补充什么，居民会看到'
  if (verb === 'extension' && f.days === '') return '请选择延期几天'
  if (verb === 'extension' && text) return '请写为什么要延期'
  if ((verb === 'pause_decision' || verb === 'extension_decision') && text) return '请写为什么不同意'
  return ''
}

/** What the resident reads: where to go first, then why. */
export const whereNow = (f: Form): string => `请到${f.unit.trim()}办理：这件事已进入${f.route}程序，由那里决定。${f.text.trim()}`

/** The body of the request, without version and photos. */
export function bodyOf(verb: StaffVerb, f: Form): BodyFor<Verb> {
  const text = f.text.trim()
  switch (verb) {
    case 'contacts':
      return { method: f.method as Schemas['ContactMethod'], outcome: f.outcome as Schemas['ContactOutcome'], note: text } satisfies BodyFor<'contacts'> as unknown as BodyFor<Verb>
    case 'resolution':
      return { result_type: f.result as Schemas['ResultType'], text } satisfies BodyFor<'resolution'> as unknown as BodyFor<Verb>
    case 'updates':
      return { text } satisfies BodyFor<'updates'> as unknown as BodyFor<Verb>
    case 'transfer':
      return { grid: f.grid, reason: text } satisfies BodyFor<'transfer'> as unknown as BodyFor<Verb>
    case 'return':
      return { proposed_unit: f.unit.trim(), reason: text } satisfies BodyFor<'return'> as unknown as BodyFor<Verb>
    case 'hold':
      return { reason: f.hold as Schemas['HoldReason'], until: `${f.until}T09:00:00+08:00`, note: text } satisfies BodyFor<'hold'> as unknown as BodyFor<Verb>
    case 'pause':
      return { reason: f.hold as Schemas['HoldReason'], until: `${f.until}T09:00:00+08:00`, note: text } satisfies BodyFor<'pause'> as unknown as BodyFor<Verb>
    case 'pause_decision':
    case 'extension_decision':
      // Without a word it is agreed to: whoever does not agree says why.
      return { grants: text === '', note: text } satisfies BodyFor<'pause_decision'> as unknown as BodyFor<Verb>
    case 'extension':
      return { days: Number(f.days), reason: text } satisfies BodyFor<'extension'> as unknown as BodyFor<Verb>
    case 'diversion':
      return { reason: whereNow(f) } satisfies BodyFor<'diversion'> as unknown as BodyFor<Verb>
    case 'reminder':
      return { note: text } satisfies BodyFor<'reminder'> as unknown as BodyFor<Verb>
    case 'acknowledgement':
    case 'resumption':
      return {} as BodyFor<Verb>
  }
}
