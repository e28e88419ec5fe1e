import type { Bulletin } from '../../utils/api'
import { bulletinPage } from '../../utils/bulletins'
import { pageStyle } from '../../utils/font-scale'
import { patch } from '../../utils/patch'
import { passing, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import { when } from '../../utils/time'

interface Row {
  id: number
  label: string
  title: string
  issuer: string
  time: string
  urgent: boolean
  read: boolean
}

const row = (b: Bulletin): Row => ({ id: b.id, label: `${b.read_at ? '看过了' : '没看过'}，${b.urgent ? '紧急，' : ''}${b.title}`, title: b.title, issuer: b.issuer, time: when(b.published_at ?? b.from), urgent: b.urgent, read: !!b.read_at })

/** Notices of the street for the speaker, newest first. */
export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'list', error: { title: '', next: '', retry: true } as Told, rows: [] as Row[], more: '', stale: false, busy: false },

  onShow() {
    patch(this, { pageStyle: pageStyle() })
    void this.refresh()
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  async refresh() {
    try {
      const page = await bulletinPage()
      patch(this, { view: 'list', rows: page.bulletins.map(row), more: page.next, stale: page.stale })
    } catch (e) {
      if (passing(e) && this.data.view === 'list') return patch(this, { stale: true })
      patch(this, { view: 'error', error: tell(e) })
    }
  },
  async onMore() {
    patch(this, { busy: true })
    try {
      const page = await bulletinPage(this.data.more)
      patch(this, { rows: [...this.data.rows, ...page.bulletins.map(row)], more: page.next })
    } catch (e) {
      say(tell(e).title)
    }
    patch(this, { busy: false })
  },
  onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: number }>) {
    void wx.navigateTo({ url: `/resident/notice/index?id=${e.currentTarget.dataset.id}` })
  },
})
