import { privacy, type Privacy } from '../../utils/api'
import { agree, learnAsk, mustAsk, takeBack, type Ask } from '../../utils/agreement'
import { pageStyle } from '../../utils/font-scale'
import { patch } from '../../utils/patch'
import { say } from '../../utils/say'
import { line } from '../../utils/problem'
import { phonesOf, street } from '../../utils/street'
import { when } from '../../utils/time'
import { POLICY } from './text'

function words(p: Privacy): string {
  if (p.agreed) return `第 ${p.agreed.version} 版，您在${when(p.agreed.at)}同意`
  return p.withdrawn_at ? `第 ${p.current} 版，您在${when(p.withdrawn_at)}撤回了同意` : `第 ${p.current} 版`
}

/** The policy, and where the person stands with it. */
export default Page({
  data: { pageStyle: '', name: '', standing: '', policy: POLICY as unknown as { heading: string; lines: string[] }[], phones: phonesOf(street()), url: '', ask: '' as Ask, busy: false, problem: '' },

  onShow() {
    patch(this, { pageStyle: pageStyle() })
    void this.refresh()
  },
  async refresh() {
    this.show()
    await learnAsk()
    this.show()
    try {
      patch(this, { standing: words(await privacy()) })
    } catch {
      // The text can be read without a network.
    }
  },
  show() {
    const s = street()
    const { name, privacy: now } = s
    patch(this, { name: name || '街道', phones: phonesOf(s), url: now.url ?? '', ask: mustAsk(), standing: this.data.standing || (now.version ? `第 ${now.version} 版` : '') })
  },
  async onAgree() {
    patch(this, { busy: true, problem: '' })
    try {
      await agree()
    } catch (e) {
      patch(this, { problem: line(e) })
    }
    patch(this, { busy: false })
    await this.refresh()
  },
  async onTakeBack() {
    const sure = await wx.showModal({ title: '撤回同意？', content: '您的称呼、住址、位置和微信通知会删掉，找不回来。已经提交的诉求照常办理，以后也能求助。', confirmText: '撤回', cancelText: '先不' })
    if (!sure.confirm) return
    patch(this, { busy: true, problem: '' })
    try {
      patch(this, { standing: words(await takeBack()) })
      void wx.showToast({ title: '已撤回', icon: 'none' })
    } catch (e) {
      patch(this, { problem: line(e) })
    }
    patch(this, { busy: false, ask: mustAsk() })
  },
  onCall(e: WechatMiniprogram.TouchEvent<object, object, { phone: string }>) {
    void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
  },
  onContract() {
    void wx.openPrivacyContract({ fail: () => void wx.showToast({ title: '暂时打不开', icon: 'none' }) })
  },
  onCopy() {
    void wx.setClipboardData({ data: this.data.url }).catch(() => say('没有复制成功'))
  },
})
