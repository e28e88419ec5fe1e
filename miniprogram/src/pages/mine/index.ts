import { cases, type Case } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { loadDraft } from '../../utils/draft'
import { keep } from '../../utils/keep'
import { watchChanges } from '../../utils/live'
import { outbox, type Item } from '../../utils/outbox'
import { patch } from '../../utils/patch'
import { passing, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import { nextStep, standing, waitsForYou } from '../../utils/story'
import { goes, when } from '../../utils/time'
import type { Tone } from '../../utils/words'

interface Row {
  id: number
  label: string
  state: string
  tone: Tone
  time: string
  text: string
  next: string
  mustAct: boolean
}
interface Waiting {
  key: string
  refused: boolean
  /** It left this phone and nobody answered yet: it may be there. */
  tried: boolean
  text: string
  time: string
  why: string
}
type Keyed = WechatMiniprogram.CustomEvent<object, object, { key: string }>

const KEPT = 'mine'
/** Rows of the first page. */
const FIRST = 20

function row(c: Case): Row {
  const { word, tone } = standing(c)
  return { id: c.id, label: `${word}：${c.text}`, state: word, tone, time: when(c.reported_at), text: c.text, next: glue(nextStep(c)), mustAct: waitsForYou(c) }
}

/** What waits for him comes first, also where only this page sees that it does. */
const asked = (rows: Row[]): Row[] => [...rows.filter((r) => r.mustAct), ...rows.filter((r) => !r.mustAct)]

const waitingOf = (i: Item): Waiting => ({ key: i.key, refused: i.state === 'refused', tried: i.state === 'waiting' && i.triedAt !== null, text: i.body.text ?? '', time: when(new Date(i.savedAt).toISOString()), why: i.state === 'refused' ? glue(i.why) : i.triedAt === null ? `已存在这部手机里，${goes(outbox.restsUntil(i))}自动发送，只会发一次。` : `可能已经送到，正在等街道答复。${goes(outbox.restsUntil(i))}自动核对，不会变成两件。` })

export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'empty' | 'list', rows: [] as Row[], waiting: [] as Waiting[], more: '', busy: false, stale: false, error: { title: '', next: '', retry: true } as Told },
  unwatch: (() => undefined) as () => void,
  /** How often older ones were asked for and came. */
  asked: 0,
  hangUp: (() => undefined) as () => void,

  onLoad() {
    let before = -1
    this.unwatch = outbox.watch((all) => {
      patch(this, { waiting: all.map(waitingOf) })
      // One fewer waits: it arrived, and belongs into the list.
      if (all.length < before) void this.refresh()
      before = all.length
    })
  },
  onUnload() {
    this.unwatch()
    this.hangUp()
  },
  onHide() {
    this.hangUp()
  },
  onShow() {
    patch(this, { pageStyle: pageStyle() })
    this.hangUp()
    // Whoever looks at older ones stays where he is.
    this.hangUp = watchChanges(() => this.data.rows.length <= FIRST, () => this.refresh())
    void this.refresh()
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  async refresh() {
    const { asked } = this
    try {
      const page = await cases({ limit: FIRST, reported_by_me: true, waiting_first: true })
      // Whoever asked for older ones meanwhile keeps them, and sees what changed among them.
      if (asked !== this.asked) {
        const fresh = new Map(page.cases.map((c) => [c.id, row(c)]))
        patch(this, { rows: this.data.rows.map((r) => fresh.get(r.id) ?? r) })
        return
      }
      this.list(page.cases, false)
      keep(KEPT, page.cases)
      patch(this, { more: page.next ?? '' })
    } catch (e) {
      const kept: unknown = wx.getStorageSync(KEPT)
      // What is shown already stays, older ones and all.
      if (passing(e) && (this.data.view === 'list' || this.data.view === 'empty')) patch(this, { stale: true })
      else if (passing(e) && Array.isArray(kept) && kept.length > 0) this.list(kept as Case[], true)
      else patch(this, { view: 'error', error: tell(e) })
    }
  },
  list(found: Case[], stale: boolean) {
    patch(this, { rows: asked(found.map(row)), view: found.length === 0 ? 'empty' : 'list', stale, more: '' })
  },
  async onMore() {
    this.asked += 1
    patch(this, { busy: true })
    try {
      const page = await cases({ limit: FIRST, cursor: this.data.more, reported_by_me: true, waiting_first: true })
      // One that waits no longer since the first page comes again further down.
      const known = this.data.rows.map((r) => r.id)
      patch(this, { rows: asked([...this.data.rows, ...page.cases.filter((c) => !known.includes(c.id)).map(row)]), more: page.next ?? '' })
    } catch (e) {
      say(tell(e).title)
    } finally {
      this.asked += 1
      patch(this, { busy: false })
    }
  },
  onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: number }>) {
    void wx.navigateTo({ url: `/pages/case/index?id=${e.currentTarget.dataset.id}` })
  },
  onAsk() {
    void wx.switchTab({ url: '/pages/ask/index' })
  },
  async onChange(e: Keyed) {
    const { key } = e.currentTarget.dataset
    const begun = loadDraft()
    if (begun.text !== '' || begun.photos.length + begun.voices.length > 0) {
      const sure = await wx.showModal({ title: '换成这一件？', content: '求助页上写了一半的内容会被这一件替换。', confirmText: '替换', cancelText: '先不' })
      if (!sure.confirm) return
    }
    keep('again', key)
    void wx.switchTab({ url: '/pages/ask/index' })
  },
  async onDrop(e: Keyed) {
    const { key } = e.currentTarget.dataset
    const tried = this.data.waiting.some((w) => w.key === key && w.tried)
    const sure = await wx.showModal(tried
      ? { title: '不再发送这件诉求？', content: '它可能已经送到。已经送到的会出现在下面，可以打开它撤回。', confirmText: '不再发送', cancelText: '继续等' }
      : { title: '删除这件没有发出的诉求？', content: '删除后找不回来。', confirmText: '删除', cancelText: '留着' })
    if (!sure.confirm) return
    outbox.drop(key)
    if (tried) void this.refresh()
  },
})
