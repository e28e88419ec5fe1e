/**
 * Notices that WeChat delivers: one permission is one message, except of long-term templates. Which
 * templates concern the person, and how many messages he still allows, the server knows; here it is
 * kept, because WeChat wants to be asked within the tap, before anything can be fetched. What he
 * answers goes from WeChat to the server. A refusal changes nothing else. Residents are asked when they send,
 * staff when their shift begins.
 */
import { consents, type Consent, type Duty } from './api'
import { keep } from './keep'

const KEY = 'consents'
/** WeChat asks for no more at once. */
const MOST = 5

export function knownConsents(): Consent[] {
  const v: unknown = wx.getStorageSync(KEY)
  return Array.isArray(v) ? (v as Consent[]) : []
}

/** How often WeChat's question was answered: what the server was asked before does not know the answer. */
let answered = 0

/** Asks the server what is still allowed; without an answer it is what was known. */
export async function refreshConsents(): Promise<Consent[]> {
  const before = answered
  try {
    const said = (await consents()).consents
    if (answered === before) keep(KEY, said)
  } catch {
    // Asked again when a page is shown; a request needs no notices.
  }
  return knownConsents()
}

/** WeChat takes one kind in a call and one call in a tap: a standing yes first, for it spares all further ones. */
function oneCall(standing: readonly Consent[], once: readonly Consent[]): string[] {
  return (standing.length > 0 ? standing : once).map((c) => c.template_id).slice(0, MOST)
}

/** What the tap that sends a request asks for: one more of each, since each request uses one up. */
export const toAsk = (all: readonly Consent[]): string[] => {
  const known = all.filter((c) => !c.staff)
  return oneCall(known.filter((c) => c.long_term && c.renew), known.filter((c) => !c.long_term))
}

/** What the tap that begins a shift asks for: what runs short. */
export const toRenew = (all: readonly Consent[]): string[] => oneCall(all.filter((c) => c.renew && c.long_term), all.filter((c) => c.renew))

/** He turned all notices of the mini-program off in WeChat's settings, so WeChat asks nothing. */
const MAIN_SWITCH_OFF = 20004

/** What he answered to each template; `off` when WeChat did not even ask. */
interface Answers {
  said: Record<string, string>
  off: boolean
}

async function request(tmplIds: string[]): Promise<Answers> {
  if (tmplIds.length === 0) return { said: {}, off: false }
  try {
    return { said: (await wx.requestSubscribeMessage({ tmplIds })) as unknown as Record<string, string>, off: false }
  } catch (e) {
    return { said: {}, off: (e as { errCode?: number } | null)?.errCode === MAIN_SWITCH_OFF }
  }
}

/** What a question came to: something was allowed, nothing was, or WeChat did not ask. */
export type Came = 'given' | 'refused' | 'off'
const cameOf = ({ said, off }: Answers): Came => (off ? 'off' : Object.values(said).includes('accept') ? 'given' : 'refused')

/** Must be called inside a tap, where alone WeChat opens its question. */
export const renewNotices = async (tmplIds: string[]): Promise<Came> => cameOf(await request(tmplIds))

/** WeChat tells the server what was tapped, a moment after it told us. */
const SETTLE_MS = 1_200
/** Waits until the server can know what a question came to. */
export async function counted(came: Came): Promise<void> {
  if (came === 'given') await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
}

/** For whoever asked for notices and gets none: WeChat remembers a refusal, and only its settings take it back. */
export async function mayReopen(came: Came): Promise<void> {
  if (came === 'given') return
  const content = came === 'off' ? '您在微信里关了这个小程序的通知。打开后再点一次。' : '微信记住了您的选择，不再询问。要收通知，请在设置里打开。'
  const said = await wx.showModal({ title: came === 'off' ? '微信里关了通知' : '没有打开通知', content, confirmText: '去打开', cancelText: '先不' })
  if (said.confirm) void wx.openSetting({ withSubscriptions: true, fail: () => undefined })
}

/** How often the mini-program may still tell a member of staff of cases: the server's count, not what was tapped here. */
export function noticesLeft(d: Duty, all: readonly Consent[]): string {
  // A standing yes counts as one and is never used up.
  if (d.credits === 1 && all.some((c) => c.staff && c.long_term && c.credits > 0)) return '有新工单，微信每次都通知您'
  if (d.credits > 0) return `有新工单，微信还能通知您 ${d.credits} 次`
  return allowedBefore(all) ? '微信通知用完了：再允许，才收得到下一次' : '您还没有允许小程序通知新工单'
}

const allowedBefore = (all: readonly Consent[]): boolean => all.some((c) => c.staff && c.before)

/** What the button says that asks for more: nobody allows "again" what he never allowed. */
export const askMore = (all: readonly Consent[]): string => (allowedBefore(all) ? '再允许一次' : '允许')

/** Must be called inside a tap. Answers with what came of it and one honest sentence about what the person will get. */
export async function askConsent(): Promise<{ came: Came; sentence: string }> {
  const ids = toAsk(knownConsents())
  const answers = await request(ids)
  const { said } = answers
  const counted = knownConsents().map((c) => (said[c.template_id] === 'accept' ? { ...c, credits: c.long_term ? 1 : c.credits + 1, before: true, renew: false } : c))
  answered += 1
  keep(KEY, counted)
  // Nothing to ask for is nothing refused.
  const came = ids.length === 0 ? 'given' : cameOf(answers)
  return { came, sentence: came === 'off' ? '微信里关了通知，收不到进度。请到“我的”里打开，或到“我的诉求”里看进度。' : sentence(counted) }
}

/** When a notice comes, in place of what it is called. */
const WHEN: Record<string, string> = { 受理进度: '有人接下了', 办理结果: '有了结果', 补充地址: '要问您在哪里' }

/** "有人接下了、有了结果，微信各通知您一次。" */
export function sentence(all: readonly Consent[]): string {
  const known = all.filter((c) => !c.staff)
  const always = known.filter((c) => c.long_term && c.credits > 0).map((c) => c.purpose_zh)
  const once = known.filter((c) => !c.long_term && c.credits > 0)
  const parts: string[] = []
  if (always.length > 0) parts.push(`微信每次都会通知您：${always.join('、')}。`)
  if (once.length > 0 && once.every((c) => c.credits === 1)) parts.push(`${once.map((c) => WHEN[c.purpose_zh] ?? c.purpose_zh).join('、')}，微信${once.length > 1 ? '各' : ''}通知您一次。`)
  else if (once.length > 0) parts.push(`您的诉求一共还有微信通知：${once.map((c) => `${c.purpose_zh} ${c.credits} 次`).join('、')}。`)
  return parts.join('') || '您没有打开微信通知，请到“我的诉求”里看进度。'
}

/** What is left of one template, in the list of the person's own page. */
export function left(c: Consent): string {
  if (c.credits === 0) return c.before ? '用完了' : '没有打开'
  return c.long_term ? '每次都通知' : `还会通知 ${c.credits} 次`
}
