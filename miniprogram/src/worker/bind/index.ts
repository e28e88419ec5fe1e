import { account, bind } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { deskOf, office, rememberDesk } from '../../utils/office'
import { patch } from '../../utils/patch'
import { line } from '../../utils/problem'
import { fresh, setStaff } from '../../utils/session'

export default Page({
  data: { pageStyle: '', code: '', problem: '', busy: false },

  onLoad(query: Record<string, string | undefined>) {
    if (query['code'] !== undefined) patch(this, { code: decodeURIComponent(query['code']) })
  },
  onShow() {
    patch(this, { pageStyle: pageStyle() })
  },
  onCode(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    patch(this, { code: e.detail.value, problem: '' })
  },
  async onBind() {
    const code = this.data.code.trim()
    if (code === '') {
      patch(this, { problem: '请输入管理员给的绑定码' })
      return
    }
    patch(this, { busy: true, problem: '' })
    try {
      await bind(code)
      // The old token still names a resident.
      await fresh()
      const me = (await account()).staff ?? null
      setStaff(me)
      const desk = deskOf(me)
      rememberDesk(desk === 'worker' || desk === 'cadre' ? desk : '')
      await wx.showModal({ title: '登记好了', content: `您是${office()}`, showCancel: false, confirmText: '好' })
      if (desk === 'worker') void wx.redirectTo({ url: '/worker/today/index' })
      else if (desk === 'cadre') void wx.redirectTo({ url: '/cadre/queue/index' })
      else void wx.switchTab({ url: '/pages/me/index' })
    } catch (e) {
      patch(this, { problem: line(e) })
    } finally {
      patch(this, { busy: false })
    }
  },
})
