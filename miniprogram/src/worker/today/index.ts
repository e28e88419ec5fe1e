import { account, caseDetail, type Case } from '../../utils/api'
import { actions, later, perform, type Action } from '../../utils/actions'
import { dropCasesBut, dropOffice } from '../../utils/copies'
import { additions, byDue, openCases, rowOf, type Additions, type Row } from '../../utils/desk'
import { pageStyle } from '../../utils/font-scale'
import { keep } from '../../utils/keep'
import { watchChanges, type LiveState } from '../../utils/live'
import { watchNet } from '../../utils/net'
import { deskOf, office, rememberDesk, type Desk } from '../../utils/office'
import { patch } from '../../utils/patch'
import { line, Problem, tell, type Told } from '../../utils/problem'
import { startRinging } from '../../utils/ring'
import { say } from '../../utils/say'
import { setStaff, staff } from '../../utils/session'
import { liveWords } from '../../utils/shift'
import { sureToTake, TAKE_OVER, takesOver } from '../../utils/takeover'
import { streetNow } from '../../utils/time'

type Tapped = WechatMiniprogram.TouchEvent<object, object, { id: number }>
const KEPT = 'today'
/** Whose queue this is; a cadre may stand in for his workers. */
const AT_HOME: readonly Desk[] = ['worker', 'cadre']
/** The distance to a due time moves on while nobody touches anything. */
const TICK_MS = 30_000
/** Going off duty shows here as soon as the card above knows. */
const GLANCE_MS = 2_000

export default Page({
  data: {
    pageStyle: '', office: '', console: false, status: '', shown: 0, view: 'loading' as 'loading' | 'error' | 'denied' | 'empty' | 'list', error: { title: '', next: '', retry: true } as Told,
    rows: [] as Row[], first: 0, take: '签收', busy: 0,
  },
  stops: [] as (() => void)[],
  cases: [] as Case[],
  pending: [] as readonly Action[],
  live: 'off' as LiveState,
  online: true,
  came: {} as Additions,
  tick: 0 as unknown as ReturnType<typeof setInterval>,
  glance: 0 as unknown as ReturnType<typeof setInterval>,

  onLoad() {
    rememberDesk('worker')
    startRinging()
    const kept: unknown = wx.getStorageSync(KEPT)
    if (Array.isArray(kept) && kept.length > 0) this.show(kept as Case[])
  },
  onShow() {
    patch(this, { pageStyle: pageStyle(), office: office(), shown: this.data.shown + 1 })
    this.leave()
    let before = -1
    this.stops = [
      watchNet((online) => {
        this.online = online
        this.say()
      }),
      actions.watch((all) => {
        this.pending = all
        if (this.cases.length > 0) this.show(this.cases)
        if (all.length < before) void this.refresh()
        before = all.length
      }),
      watchChanges(() => true, () => this.refresh(), (s) => this.heard(s)),
    ]
    // What could not be read, or may not, is not painted over by what was there before.
    this.tick = setInterval(() => { if (this.data.view === 'list') this.show(this.cases) }, TICK_MS)
    this.glance = setInterval(() => this.say(), GLANCE_MS)
    void this.refresh()
  },
  onHide() {
    this.leave()
  },
  onUnload() {
    this.leave()
  },
  leave() {
    for (const stop of this.stops) stop()
    this.stops = []
    clearInterval(this.tick)
    clearInterval(this.glance)
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  say() {
    const live = this.live === 'on' ? liveWords('新工单') : '正在连接，下拉可刷新'
    const status = this.online ? live : '没有网络：看到的是上次的内容，操作会先记下'
    if (status !== this.data.status) patch(this, { status })
  },
  heard(s: LiveState) {
    this.live = s
    this.say()
  },
  async refresh() {
    try {
      if (!AT_HOME.includes(deskOf(staff()))) {
        setStaff((await account()).staff ?? null)
        const desk = deskOf(staff())
        patch(this, { office: office(), console: desk === 'console' })
        if (!AT_HOME.includes(desk)) return patch(this, { view: 'denied' })
      }
      const [found, came] = await Promise.all([openCases(), additions()])
      this.came = came
      this.show(found)
      keep(KEPT, found)
      dropCasesBut(found.map((c) => c.id))
    } catch (e) {
      if (e instanceof Problem && e.status === 403) {
        dropOffice()
        this.cases = []
        return patch(this, { view: 'denied' })
      }
      if (this.data.view !== 'list') patch(this, { view: 'error', error: tell(e) })
    }
  },
  show(found: Case[]) {
    this.cases = found
    // Taken in this phone and on its way: no second button for it.
    const taken = this.pending.filter((a) => a.verb === 'acknowledgement' && a.state === 'waiting').map((a) => a.caseId)
    const rows = found.map((c) => rowOf(c, streetNow(), this.came[c.id])).map((r) => (taken.includes(r.id) ? { ...r, canTake: false, due: '已记下签收', dueTone: 'warn' as const } : r)).sort(byDue)
    // One loud button a screen: of what is due first.
    patch(this, { rows, take: takesOver() ? TAKE_OVER : '签收', first: takesOver() ? 0 : (rows.find((r) => r.canTake)?.id ?? 0), view: rows.length === 0 ? 'empty' : 'list' })
  },

  onOpen(e: Tapped) {
    void wx.navigateTo({ url: `/worker/case/index?id=${e.currentTarget.dataset.id}` })
  },
  /** One tap takes the case. What the list knows is enough; the record is read when there is a network. */
  async onTake(e: WechatMiniprogram.CustomEvent<object, object, { id: number }>) {
    const { id } = e.currentTarget.dataset
    const found = this.cases.find((c) => c.id === id)
    if (found === undefined || this.data.busy !== 0 || !(await sureToTake(found))) return
    patch(this, { busy: id })
    try {
      const seen = this.online ? await caseDetail(id).catch(() => null) : null
      const r = await perform(seen ?? { ...found, timeline: [] }, 'acknowledgement', '签收', {})
      const said = { done: takesOver() ? '已由您接手，下一步联系居民' : '已签收，下一步联系居民', waiting: `已记下，${later(r)}自动签收`, refused: r.kind === 'refused' ? r.why : '' }[r.kind]
      say(said)
      if (r.kind === 'done') void wx.navigateTo({ url: `/worker/case/index?id=${id}` })
    } catch (e2) {
      say(line(e2))
    } finally {
      patch(this, { busy: 0 })
      void this.refresh()
    }
  },
  onBind() {
    void wx.redirectTo({ url: '/worker/bind/index' })
  },
  onDone() {
    void wx.navigateTo({ url: '/worker/done/index' })
  },
  onRoster() {
    void wx.navigateTo({ url: '/cadre/roster/index' })
  },
})
