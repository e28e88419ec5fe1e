/**
 * What goes wrong, in words a person can act on. The server's errors carry a Chinese sentence
 * (`detail`, else `title`); here it gets what to do next. Branch on `code`, never on words.
 */
import type { components } from './api-schema'

type ProblemBody = components['schemas']['ProblemBody']

export class Problem extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    readonly sentence: string,
    readonly faults: readonly { pointer: string; code: string; message: string }[] = [],
    readonly allowed: readonly string[] = [],
    /** Seconds after which to try again, when the server named them. */
    readonly retryAfter = 0,
    readonly traceId = '',
  ) {
    super(`${status} ${code}: ${sentence}`)
  }

  /** Nothing reached the server, or nothing came back. */
  get offline(): boolean {
    return this.status === 0
  }

  /** Whether the same request may succeed later without a change. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

const BUSY = '系统暂时繁忙'
/** What a machine before the server refuses in words of its own, by status. */
const UNSAID: Record<number, string> = { 401: '登录已过期', 403: '您没有这项权限', 404: '没有找到', 413: '内容太大，传不上去', 429: '操作太频繁' }
/** The codes that the server would have named for these. */
const CODES: Record<number, string> = { 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 413: 'body_too_large', 429: 'too_many_requests' }

/** Reads the body of a refusal; anything that is not problem+json becomes a plain sentence. */
export function problemOf(status: number, data: unknown, retryAfter?: string): Problem {
  const p = (typeof data === 'object' && data !== null ? data : {}) as Partial<ProblemBody>
  const faults = p.errors ?? []
  const first = faults.length === 1 ? faults[0]?.message : undefined
  return new Problem(
    status,
    p.code ?? CODES[status] ?? 'unknown',
    p.detail ?? first ?? p.title ?? UNSAID[status] ?? (status >= 500 ? BUSY : '系统没有给出说明'),
    faults,
    p.allowed ?? [],
    Number(retryAfter ?? 0) || 0,
    typeof p.trace_id === 'string' ? p.trace_id : '',
  )
}

export const noNetwork = (): Problem => new Problem(0, 'no_network', '网络不通')

/** What a page shows of a failure. */
export interface Told {
  title: string
  next: string
  /** Whether a button "再试一次" makes sense. */
  retry: boolean
}

const NEXT: Record<string, string> = {
  no_network: '请检查网络，连上后再试一次。',
  invalid_fields: '请按提示修改后再提交。',
  unauthenticated: '请返回微信重新打开小程序。',
  token_expired: '请返回微信重新打开小程序。',
  refresh_refused: '请返回微信重新打开小程序。',
  wechat_code_refused: '请返回微信重新打开小程序。',
  wechat_user_blocked: '请直接拨打社区或街道电话。',
  forbidden: '如果您认为应当可以，请联系系统管理员。',
  not_found: '请回到列表看看最新情况。',
  move_not_allowed: '情况已有变化，页面已为您更新。',
  version_conflict: '页面已更新到最新情况，请看一眼再操作。',
  conflict: '页面已更新到最新情况，请看一眼再操作。',
  binding_code_refused: '请向管理员要一个新的绑定码。',
  unsupported_image: '请重新拍一张照片。',
  body_too_large: '请换一张小一点的照片；录音请说短一点。',
  unsupported_voice: '请重新录一段，或者写下来。',
  malformed_path: '请返回列表重新打开。',
  route_not_found: '请返回列表重新打开。',
  file_gone: '请重新加一次。',
  unknown: '请再试一次；还是不行，请打电话给社区或街道。',
  storage_full: '请联系街道；您填写的内容还在这部手机里。',
}

/** Says what happened and what to do next. */
export function tell(e: unknown): Told {
  if (!(e instanceof Problem)) return { title: '页面出了点问题', next: '请返回上一页再试一次。', retry: true }
  // The server counts versions, which say nothing to anybody.
  if (e.code === 'version_conflict') return { title: '刚刚有了新情况', next: NEXT[e.code] ?? '', retry: true }
  const known = NEXT[e.code]
  if (e.code === 'too_many_requests') return { title: said(e), next: wait(e.retryAfter), retry: true }
  if (known !== undefined && (e.status < 500 || e.code !== 'unknown')) return { title: e.sentence, next: known, retry: e.passing || e.status === 409 }
  if (e.status >= 500) {
    const trace = e.traceId ? `问题编号 ${e.traceId.slice(0, 8)}。` : ''
    return { title: said(e), next: `${wait(e.retryAfter)}${trace}`, retry: true }
  }
  // Most refusals say themselves what to do.
  return { title: e.sentence, next: e.code === 'rule_refused' && !e.sentence.includes('请') ? '有疑问请联系社区或街道。' : '', retry: false }
}

/** The server's sentence without its own "请稍后再试": when to try again is said below. */
const said = (e: Problem): string => e.sentence.replace(/[，。；]?请稍(后|候)再试[。]?$/, '')

function wait(seconds: number): string {
  if (seconds > 90) return `请过 ${Math.ceil(seconds / 60)} 分钟再试。`
  return seconds > 0 ? `请过 ${seconds} 秒再试。` : '请稍等一会儿再试。'
}

/** Whether it is nobody's or somebody else's: trying again is no use. */
export const denied = (e: unknown): e is Problem => e instanceof Problem && (e.status === 403 || e.status === 404)

/** Whether it may be otherwise in a moment: what is shown already, or was seen last, is still worth more. */
export const passing = (e: unknown): e is Problem => e instanceof Problem && e.passing

/** The button of a page that shows a failure: once more, or away from what may not be seen. */
export function again(page: { data: { view: string; error: Told }; setData(d: { view: 'loading' }): void; refresh(): Promise<void> }, home: string): void {
  if (page.data.error.retry) {
    page.setData({ view: 'loading' })
    void page.refresh()
  } else void wx.navigateBack({ fail: () => void wx.reLaunch({ url: home }) })
}

/** One line for a toast or a banner. */
export function line(e: unknown): string {
  const t = tell(e)
  return t.next ? `${t.title}。${t.next}` : t.title
}

/** The server's sentence for one field, by its JSON pointer; empty when it has none. */
export function faultAt(e: unknown, pointer: string): string {
  if (!(e instanceof Problem)) return ''
  return e.faults.find((f) => f.pointer === pointer)?.message ?? ''
}
