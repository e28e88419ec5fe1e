import { cases, type Case } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { patch } from '../../utils/patch'
import { again, denied, line, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import { day, weekday } from '../../utils/time'
import { partsOf, type Part } from './view'

const PAGE = 50
const midnight = (days: number): string => `${day(days)}T00:00:00+08:00`

/** What somebody finished himself, today and this week. */
export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'empty' | 'list', error: { title: '', next: '', retry: true } as Told, parts: [] as Part[], more: '', busy: false },
  found: [] as Case[],

  onShow() {
    patch(this, { pageStyle: pageStyle() })
    void this.refresh()
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  read(cursor?: string) {
    return cases({ state: 'resolved,closed', finished_since: midnight(-weekday()), limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
  },
  async refresh() {
    try {
      const page = await this.read()
      this.found = page.cases
      this.show(page.next)
    } catch (e) {
      if (this.data.view === 'list') return say(line(e))
      patch(this, { view: denied(e) ? 'denied' : 'error', error: tell(e) })
    }
  },
  async onMore() {
    patch(this, { busy: true })
    try {
      const page = await this.read(this.data.more)
      this.found = [...this.found, ...page.cases]
      this.show(page.next)
    } catch (e) {
      say(line(e))
    }
    patch(this, { busy: false })
  },
  show(next: string | null | undefined) {
    patch(this, { view: this.found.length === 0 ? 'empty' : 'list', parts: partsOf(this.found, midnight(0)), more: next ?? '' })
  },
  onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: number }>) {
    void wx.navigateTo({ url: `/worker/case/index?id=${e.currentTarget.dataset.id}` })
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
