import { inbox, markRead, type InboxEntry } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { deskOf } from '../../utils/office'
import { patch } from '../../utils/patch'
import { tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import { staff } from '../../utils/session'
import { when } from '../../utils/time'
import { shortCategory } from '../../utils/words'

interface Row {
  id: number
  /** What a tap opens; empty: there is nothing more to see. */
  url: string
  label: string
  title: string
  note: string
  time: string
  read: boolean
}

function opens(e: InboxEntry): string {
  const desk = deskOf(staff())
  if (e.case_id && e.as_resident) return `/pages/case/index?id=${e.case_id}`
  if (e.case_id) return `${desk === 'worker' || desk === 'cadre' ? '/worker/case/index' : '/pages/case/index'}?id=${e.case_id}`
  return e.kind === 'renewal' ? '/worker/channels/index' : ''
}

/** Words of the server for what it does not know: no place, and no words for whoever wrote the place himself. */
const NO_PLACE = '您反映的地点'
/** Its message has no room for the reason that was written; the page of the request has it, as it has the question. */
function noteOf(e: InboxEntry): string {
  if (e.kind === 'rejected') return '原因写在里面，请点开看'
  if (e.kind === 'question') return e.place === NO_PLACE ? '请点开写上小区和楼号' : '请点开回答一个问题'
  return e.note
}

/** The due time is the street's own promise: a resident has nothing to do by then. */
function row(e: InboxEntry): Row {
  const title = `${e.urgent ? '紧急：' : ''}${e.kind_zh}　${shortCategory(e.category_zh)}`.trim()
  const said = !e.as_resident ? [e.place, e.note] : [e.place === NO_PLACE ? '' : e.place, noteOf(e)]
  const note = [...said, e.due && !e.as_resident ? `请在${when(e.due)}前处理` : ''].filter((x) => x !== '').join('，')
  return { id: e.id, url: opens(e), label: `${e.read_at ? '已读' : '未读'}，${title}`, title, note: glue(note), time: when(e.at), read: !!e.read_at }
}

export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'list', error: { title: '', next: '', retry: true } as Told, rows: [] as Row[], more: '', busy: false },

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
      const page = await inbox()
      patch(this, { view: 'list', rows: page.entries.map(row), more: page.next ?? '' })
    } catch (e) {
      if (this.data.view !== 'list') patch(this, { view: 'error', error: tell(e) })
    }
  },
  async onMore() {
    patch(this, { busy: true })
    try {
      const page = await inbox(this.data.more)
      patch(this, { rows: [...this.data.rows, ...page.entries.map(row)], more: page.next ?? '' })
    } catch (e) {
      say(tell(e).title)
    } finally {
      patch(this, { busy: false })
    }
  },
  onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: number; url: string }>) {
    const { id, url } = e.currentTarget.dataset
    // Reading is a courtesy to the list; failing to note it must not keep anybody from his case.
    const read = markRead(id).catch(() => undefined)
    if (url) void wx.navigateTo({ url })
    else void read.then(() => this.refresh())
  },
})
