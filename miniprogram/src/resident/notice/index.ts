import type { Bulletin } from '../../utils/api'
import { bulletin, noteRead } from '../../utils/bulletins'
import { pageStyle } from '../../utils/font-scale'
import { patch } from '../../utils/patch'
import { fetchPhotos } from '../../utils/photos'
import { tell, type Told } from '../../utils/problem'
import { until, when } from '../../utils/time'

const OVER: Told = { title: '这条公告已经结束', next: '可能到期了，或者已经撤回。', retry: false }

/** One notice, with its pictures; opening it notes that it was read. */
export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'empty' | 'notice', error: OVER, title: '', text: '', issuer: '', time: '', until: '', whom: '', urgent: false, photos: [] as string[] },
  id: 0,

  onLoad(query: Record<string, string | undefined>) {
    this.id = Number(query['id'])
    void this.refresh()
  },
  onShow() {
    patch(this, { pageStyle: pageStyle() })
  },
  async refresh() {
    try {
      const b = await bulletin(this.id)
      if (b === undefined) return patch(this, { view: 'empty', error: OVER })
      this.show(b)
      noteRead(b)
      patch(this, { photos: await fetchPhotos(b.photos) })
    } catch (e) {
      patch(this, { view: 'error', error: tell(e) })
    }
  },
  show(b: Bulletin) {
    const whom = b.whole_street ? '全街道' : b.grids.map((g) => g.name).join('、')
    patch(this, { view: 'notice', title: b.title, text: b.text, issuer: b.issuer, time: when(b.published_at ?? b.from), until: until(b.until), whom, urgent: b.urgent })
  },
  onAgain() {
    if (this.data.error.retry) {
      patch(this, { view: 'loading' })
      void this.refresh()
    } else void wx.redirectTo({ url: '/resident/notices/index' })
  },
})
