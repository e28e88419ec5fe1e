import { week, writeBulletin } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { upload } from '../../utils/http'
import { keep } from '../../utils/keep'
import { patch } from '../../utils/patch'
import { dropFiles } from '../../utils/photos'
import { again, faultAt, line, Problem, tell, type Told } from '../../utils/problem'
import { freshKey } from '../../utils/queue'
import { staff } from '../../utils/session'
import { day, dayName } from '../../utils/time'

/** What is written stays in this phone until the server has it. */
interface Draft {
  title: string
  text: string
  until: string
  urgent: boolean
  photos: string[]
  /** Ids of photos that the server has. */
  ids: Record<string, number>
  /** What was sent without an answer, and under which key: sent again it is the same notice. */
  tried: { key: string; body: string } | null
}
type Value<T> = WechatMiniprogram.CustomEvent<{ value: T }, object, { id: string }>
const KEPT = 'bulletin'
const fresh = (): Draft => ({ title: '', text: '', until: day(7), urgent: false, photos: [], ids: {}, tried: null })

export default Page({
  data: {
    pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'form', error: { title: '', next: '', retry: true } as Told,
    draft: fresh(), untilName: '', today: '', last: '', whole: true, place: '', grids: [] as { id: string; name: string; on: boolean }[],
    titleFault: '', textFault: '', problem: '', busy: false,
  },
  community: '',

  onLoad() {
    const kept: unknown = wx.getStorageSync(KEPT)
    const draft = { ...fresh(), ...(typeof kept === 'object' && kept !== null ? (kept as Partial<Draft>) : {}) }
    this.keep({ ...draft, until: draft.until < day() ? day(7) : draft.until })
  },
  onShow() {
    patch(this, { pageStyle: pageStyle(), today: day(), last: day(365) })
    void this.refresh()
  },
  async refresh() {
    try {
      const { days } = await week(day())
      const role = staff()?.roles.find((r) => r.role === 'cadre' || r.role === 'secretary')
      if (!role?.grid) return patch(this, { view: 'denied', error: { title: '只有社区干部和书记可以写公告', next: '', retry: false } })
      this.community = role.grid.id
      const names = new Map(days.map((d) => [d.grid.id, d.grid.name]))
      names.delete(role.grid.id)
      const chosen = this.data.grids.filter((g) => g.on).map((g) => g.id)
      patch(this, { view: 'form', place: role.grid.name, grids: [...names].map(([id, name]) => ({ id, name, on: chosen.includes(id) })) })
    } catch (e) {
      const denied = e instanceof Problem && e.status === 403
      if (this.data.view !== 'form') patch(this, { view: denied ? 'denied' : 'error', error: denied ? { title: '只有社区干部和书记可以写公告', next: '', retry: false } : tell(e) })
    }
  },
  keep(draft: Draft) {
    keep(KEPT, draft)
    patch(this, { draft, untilName: dayName(draft.until), problem: '' })
  },
  onTitle(e: Value<string>) {
    this.keep({ ...this.data.draft, title: e.detail.value })
    patch(this, { titleFault: '' })
  },
  onText(e: Value<string>) {
    this.keep({ ...this.data.draft, text: e.detail.value })
    patch(this, { textFault: '' })
  },
  onUntil(e: Value<string>) {
    this.keep({ ...this.data.draft, until: e.detail.value })
  },
  onUrgent(e: Value<boolean>) {
    this.keep({ ...this.data.draft, urgent: e.detail.value })
  },
  onPhotos(e: WechatMiniprogram.CustomEvent<{ paths: string[] }>) {
    this.keep({ ...this.data.draft, photos: e.detail.paths })
  },
  onWhole(e: Value<boolean>) {
    patch(this, { whole: e.detail.value, problem: '' })
  },
  onGrid(e: Value<boolean>) {
    const { id } = e.currentTarget.dataset
    patch(this, { grids: this.data.grids.map((g) => (g.id === id ? { ...g, on: e.detail.value } : g)), problem: '' })
  },

  async onPublish() {
    const { draft, whole, grids, place } = this.data
    const chosen = grids.filter((g) => g.on)
    patch(this, { titleFault: draft.title.trim() === '' ? '请写标题' : '', textFault: draft.text.trim() === '' ? '请写内容' : '' })
    if (draft.title.trim() === '' || draft.text.trim() === '') return patch(this, { problem: '标题和内容都要写' })
    if (!whole && chosen.length === 0) return patch(this, { problem: '请选至少一个网格' })
    const said = await wx.showModal({ title: '现在发布？', content: `${whole ? place : chosen.map((g) => g.name).join('、')}的居民马上能看到。`, confirmText: '发布', cancelText: '再看看' })
    if (!said.confirm || this.data.busy) return
    patch(this, { busy: true, problem: '' })
    try {
      await this.send(whole ? [this.community] : chosen.map((g) => g.id))
      dropFiles(draft.photos)
      wx.removeStorageSync(KEPT)
      void wx.showToast({ title: '已发布', icon: 'none' })
      void wx.navigateBack({ fail: () => void wx.redirectTo({ url: '/cadre/bulletins/index' }) })
    } catch (e) {
      patch(this, { titleFault: faultAt(e, '/title'), textFault: faultAt(e, '/text'), problem: this.fault(e) })
    } finally {
      patch(this, { busy: false })
    }
  },
  /** Nothing is lost; whether it left is said only where it is known. */
  fault(e: unknown): string {
    if (!(e instanceof Problem) || !e.passing) return line(e)
    const left = this.data.draft.tried ? '没有收到答复，公告可能已经发出。' : '没有网络，公告还没有发出。'
    return `${left}内容存在这部手机里，连上网络后再点发布，不会发两遍。`
  },
  async send(grids: string[]) {
    const { draft } = this.data
    const ids = { ...draft.ids }
    for (const path of draft.photos) {
      ids[path] ??= await upload(path)
      this.keep({ ...this.data.draft, ids: { ...ids } })
    }
    const photos = draft.photos.flatMap((path) => ids[path] ?? [])
    const body = { title: draft.title.trim(), text: draft.text.trim(), urgent: draft.urgent, until: `${draft.until}T23:59:59+08:00`, grids, photos }
    const words = JSON.stringify(body)
    const tried = draft.tried?.body === words ? draft.tried : { key: freshKey(), body: words }
    this.keep({ ...this.data.draft, tried })
    await writeBulletin(body, tried.key)
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
