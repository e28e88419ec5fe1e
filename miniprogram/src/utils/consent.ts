/**
 * Notices that WeChat delivers: one permission is one message, except of long-term templates. Which
 * templates concern the person, and how many messages he still allows, the server knows; here it is
 * kept, because WeChat wants to be asked within the tap, before anything can be fetched. What he
 * answers goes from WeChat to the server. A refusal changes nothing else. Residents are asked when they send,
 * staff when their shift begins.
 */
import { consents, type Consent, type Duty } from './api'

const KEY = 'consents'
/** WeChat asks for no more at once. */
const MOST = 5

export function knownConsents(): Consent[] {
  const v: unknown = wx.getStorageSync(KEY)
  return Array.isArray(v) ? (v as Consent[]) : []
}

/** Asks the server what is still allowed; without an answer it is what was known. */
export async function refreshConsents(): Promise<Consent[]> {
  try {
    wx.setStorageSync(KEY, (await consents()).consents)
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

/** What he answered to each, within the tap; nothing when he refused in WeChat's own settings. */
async function request(tmplIds: string[]): Promise<Record<string, string>> {
  try {
    return tmplIds.length === 0 ? {} : ((await wx.requestSubscribeMessage({ tmplIds })) as unknown as Record<string, string>)
  } catch {
    return {}
  }
}

/** Must be called inside a tap, where alone WeChat opens its question. Whether anything was allowed. */
export async function renewNotices(tmplIds: string[]): Promise<boolean> {
  const said = await request(tmplIds)
  return tmplIds.some((id) => said[id] === 'accept')
}

/** How often the mini-program may still tell a member of staff of cases: the server's count, not what was tapped here. */
export function noticesLeft(d: Duty, all: readonly Consent[]): string {
  // A standing yes counts as one and is never used up.
  if (d.credits === 1 && all.some((c) => c.staff && c.long_term && c.credits > 0)) return '有新工单，微信每次都通知您'
  if (d.credits > 0) return `有新工单，微信还能通知您 ${d.credits} 次`
  return allowedBefore(all) ? '微信通知用完了：再允许，才收得到下一次' : '您还没有允许微信通知新工单'
}

const allowedBefore = (all: readonly Consent[]): boolean => all.some((c) => c.staff && c.before)

/** What the button says that asks for more: nobody allows "again" what he never allowed. */
export const askMore = (all: readonly Consent[]): string => (allowedBefore(all) ? '再允许一次' : '允许')

/** Must be called inside a tap. Answers with one honest sentence about what the person will get. */
export async function askConsent(): Promise<string> {
  const said = await request(toAsk(knownConsents()))
  const counted = knownConsents().map((c) => (said[c.template_id] === 'accept' ? { ...c, credits: c.long_term ? 1 : c.credits + 1, before: true, renew: false } : c))
  wx.setStorageSync(KEY, counted)
  return sentence(knownConsents())
}

/** "微信会各通知您一次：受理进度、办理结果。" */
export function sentence(all: readonly Consent[]): string {
  const known = all.filter((c) => !c.staff)
  const always = known.filter((c) => c.long_term && c.credits > 0).map((c) => c.purpose_zh)
  const once = known.filter((c) => !c.long_term && c.credits > 0)
  const parts: string[] = []
  if (always.length > 0) parts.push(`微信每次都会通知您：${always.join('、')}。`)
  if (once.length > 0 && once.every((c) => c.credits === 1)) parts.push(`微信会各通知您一次：${once.map((c) => c.purpose_zh).join('、')}。`)
  else if (once.length > 0) parts.push(`您的诉求一共还有微信通知：${once.map((c) => `${c.purpose_zh} ${c.credits} 次`).join('、')}。`)
  return parts.join('') || '您没有打开微信通知，请到“我的诉求”里看进度。'
}

/** What is left of one template, in the list of the person's own page. */
export function left(c: Consent): string {
  if (c.credits === 0) return c.before ? '用完了' : '没有打开'
  return c.long_term ? '每次都通知' : `还会通知 ${c.credits} 次`
}
