/**
 * Why WeChat did not hand over a photo or a position, in words, and the way to where it can be allowed. A
 * refusal is remembered by WeChat and by the phone: without a word the tap would do nothing for ever.
 */
import { say } from './say'

export type Refusal = 'changed his mind' | 'privacy' | 'scope' | 'system' | 'broken'

/** Reads what WeChat's failure says. */
export function refusalOf(e: unknown): Refusal {
  const { errno, errMsg = '' } = (e ?? {}) as { errno?: number; errMsg?: string }
  if (errno === 103 || errno === 104) return 'privacy'
  if (/cancel/i.test(errMsg)) return 'changed his mind'
  if (/system/i.test(errMsg)) return 'system'
  return /auth|permission|denied|deny/i.test(errMsg) ? 'scope' : 'broken'
}

/** What was wanted and how it goes without it: "照片" "加不了照片；文字照样能发". */
export interface Wanted {
  thing: string
  without: string
}

/** Tells the person, and leads to where it can be allowed. Must follow his tap. */
export async function explain(e: unknown, { thing, without }: Wanted): Promise<void> {
  const why = refusalOf(e)
  if (why === 'changed his mind') return
  if (why === 'privacy') return say(`没有同意隐私指引，${without}`)
  if (why === 'broken') return say(`微信打不开${thing}，${without}`)
  const whose = why === 'system' ? '手机设置里没有允许微信使用' : '您没有允许小程序使用'
  const said = await wx.showModal({ title: `没有允许${thing}`, content: `${whose}${thing}，所以${without}。打开后再点一次。`, confirmText: '去打开', cancelText: '先不' })
  if (!said.confirm) return
  if (why === 'system') void wx.openAppAuthorizeSetting({ fail: () => undefined })
  else void wx.openSetting({ fail: () => undefined })
}
