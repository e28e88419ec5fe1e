import { actions, later, perform } from '../../utils/actions'
import { account, caseDetail, pauses, triage, type Case, type WaitingPause } from '../../utils/api'
import { dropCasesBut, dropOffice } from '../../utils/copies'
import { additions, alarming, byDue, openCases, rowOf, type Additions, type Row } from '../../utils/desk'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { ownGrids } from '../../utils/grids'
import { keep } from '../../utils/keep'
import { watchChanges, type LiveState } from '../../utils/live'
import { deskOf, office, rememberDesk } from '../../utils/office'
import { patch } from '../../utils/patch'
import { line, Problem, tell, type Told } from '../../utils/problem'
import { startRinging } from '../../utils/ring'
import { say } from '../../utils/say'
import { setStaff, staff } from '../../utils/session'
import { liveWords } from '../../utils/shift'
import { ms, span, streetNow } from '../../utils/time'
import { moreDays } from '../../utils/words'
import { moreTime, pauseOf, type Asking } from './view'

type Tab = 'triage' | 'assigned' | 'working' | 'held'
interface Item extends Row {
  why: string
  phone: string
  mayRemind: boolean
}
const FEW = 3
const KEPT = 'queue'
const TICK_MS = 30_000
/** Going off duty shows here as soon as the card below knows. */
const GLANCE_MS = 2_000
const NAMES: readonly { value: Tab; label: string; empty: string }[] = [
  { value: 'triage', label: '待派单', empty: '没有等待派单的工单' },
  { value: 'assigned', label: '没签收', empty: '派出的都有人签收了' },
  { value: 'working', label: '办理中', empty: '没有正在办理的工单' },
  { value: 'held', label: '已挂起', empty: '没有挂起的工单' },
]
const tabOf = (c: Case): Tab => (c.state === 'triage' ? 'triage' : c.state === 'assigned' ? 'assigned' : c.state === 'on_hold' ? 'held' : 'working')

/** Beside the row: why it waits, and whom to call about it. */
function itemOf(c: Case, came: string | undefined, now = streetNow()): Item {
  const first = c.responsible.find((p) => p.role === 'grid_worker_primary')
  const waits = c.state === 'assigned' && c.assigned_at ? `${now - ms(c.assigned_at) < 60_000 ? '刚派出' : `已等 ${span(now - ms(c.assigned_at))}`}，${first?.name ?? '网格员'}还没签收` : ''
  const late = c.extension?.state === 'asked' && c.allowed.includes('extension_decision') ? glue(`申请延期 ${moreDays(c.extension.days ?? '', c)}，等您同意`) : ''
  const why = c.state === 'triage' ? c.triage?.reason_zh ?? '' : waits || late
  const call = c.state === 'assigned' && first !== undefined
  return { ...rowOf(c, now, came), why, phone: call ? first.office_phone : '', mayRemind: c.state === 'assigned' && c.allowed.includes('reminder') }
}

export default Page({
  data: {
    pageStyle: '', office: '', console: false, status: '', shown: 0, view: 'loading' as 'loading' | 'error' | 'denied' | 'list', error: { title: '', next: '', retry: true } as Told,
    tab: 'triage' as Tab, tabs: NAMES.map((n) => ({ value: n.value as string, label: n.label, count: 0 })), rows: [] as Item[], empty: '', busy: 0, asking: [] as Asking[], hidden: 0, folded: false, tabName: '', duty: -1,
  },
  stops: [] as (() => void)[],
  came: {} as Additions,
  live: 'off' as LiveState,
  tick: 0 as unknown as ReturnType<typeof setInterval>,
  glance: 0 as unknown as ReturnType<typeof setInterval>,
  cases: [] as Case[],
  chosen: false,
  waiting: [] as WaitingPause[],
  all: false,

  onLoad() {
    rememberDesk('cadre')
    startRinging()
    const kept: unknown = wx.getStorageSync(KEPT)
    if (Array.isArray(kept) && kept.length > 0) this.show(kept as Case[])
    // Whoever places a case where no network is chooses among them.
    void ownGrids().catch(() => undefined)
  },
  onShow() {
    patch(this, { pageStyle: pageStyle(), office: office(), shown: this.data.shown + 1 })
    this.leave()
    let before = -1
    this.stops = [
      watchChanges(() => true, () => this.refresh(), (s) => { this.live = s; this.say() }),
      // One fewer waits here: it arrived, or he read why not.
      actions.watch((all) => {
        if (all.length < before) void this.refresh()
        before = all.length
      }),
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
    const status = this.live === 'on' ? liveWords('新情况') : '正在连接，下拉可刷新'
    if (status !== this.data.status) patch(this, { status })
  },
  async refresh() {
    try {
      if (deskOf(staff()) !== 'cadre') {
        setStaff((await account()).staff ?? null)
        patch(this, { office: office(), console: deskOf(staff()) === 'console' })
        if (deskOf(staff()) !== 'cadre') return patch(this, { view: 'denied' })
      }
      const [waiting, open, asked, came] = await Promise.all([triage({ limit: 100 }), openCases(), pauses(), additions()])
      this.came = came
      this.waiting = asked.pauses
      const found = [...waiting.cases, ...open]
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
    this.ask()
    const count = (tab: string) => found.filter((c) => tabOf(c) === tab).length
    // The first look opens where something is urgent and nobody's, else where something waits.
    const alarm = found.find(alarming)
    const tab = this.chosen ? this.data.tab : alarm ? tabOf(alarm) : (NAMES.find((n) => count(n.value) > 0)?.value ?? 'triage')
    const rows = found.filter((c) => tabOf(c) === tab).map((c) => itemOf(c, this.came[c.id])).sort(byDue)
    const calm = rows.findIndex((r) => r.urgent === '' || r.urgentTone !== 'danger')
    patch(this, {
      // His own shift, and what waits for his word, come after what is urgent.
      tabName: NAMES.find((n) => n.value === tab)?.label ?? '', duty: (calm < 0 ? rows.length : calm) - 1,
      view: 'list', tab, tabs: this.data.tabs.map((t) => ({ ...t, count: count(t.value) })),
      rows, empty: NAMES.find((n) => n.value === tab)?.empty ?? '',
      // Whoever chose another list sees it, not what stands above it.
      folded: this.chosen && tab !== 'triage' && this.data.asking.length > 0,
    })
  },
  ask() {
    const all = [...this.waiting.map((p) => pauseOf(p)), ...moreTime(this.cases)]
    const shown = this.all ? all : all.slice(0, FEW)
    patch(this, { asking: shown, hidden: all.length - shown.length })
  },
  onAll() {
    this.all = true
    this.ask()
  },
  async onAgree(e: WechatMiniprogram.CustomEvent<object, object, { id: number }>) {
    await this.act(e.currentTarget.dataset.id, async (id) => {
      const r = await perform(await caseDetail(id), 'pause_decision', '同意挂起', { grants: true, note: '' })
      return { done: '已同意，从现在起停止计时', waiting: `已记下，${later(r)}自动提交`, refused: r.kind === 'refused' ? r.why : '' }[r.kind]
    })
  },
  onLook(e: WechatMiniprogram.CustomEvent<object, object, { id: number }>) {
    void wx.navigateTo({ url: `/worker/case/index?id=${e.currentTarget.dataset.id}` })
  },
  /** Whoever does not agree writes why, beside what is known of the case. */
  onRefuse(e: WechatMiniprogram.CustomEvent<object, object, { id: number }>) {
    void wx.navigateTo({ url: `/worker/case/index?id=${e.currentTarget.dataset.id}&refuses=1` })
  },
  onTab(e: WechatMiniprogram.TouchEvent<object, object, { tab: Tab }>) {
    this.chosen = true
    patch(this, { tab: e.currentTarget.dataset.tab })
    this.show(this.cases)
  },
  onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: number }>) {
    const { id } = e.currentTarget.dataset
    const page = this.data.tab === 'triage' ? '/cadre/triage/index' : '/worker/case/index'
    void wx.navigateTo({ url: `${page}?id=${id}` })
  },
  onCall(e: WechatMiniprogram.CustomEvent<object, object, { phone: string }>) {
    void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
  },
  /** Tells everybody responsible again. The secretary's word; the cadre calls. */
  async onRemind(e: WechatMiniprogram.CustomEvent<object, object, { id: number }>) {
    await this.act(e.currentTarget.dataset.id, async (id) => {
      const r = await perform(await caseDetail(id), 'reminder', '催办', { note: '' })
      return { done: '已催办，会再通知负责的人', waiting: `已记下，${later(r)}自动催办`, refused: r.kind === 'refused' ? r.why : '' }[r.kind]
    })
  },
  /** One thing at a time, with what came of it in words. */
  async act(id: number, what: (id: number) => Promise<string>) {
    if (this.data.busy !== 0) return
    patch(this, { busy: id })
    try {
      say(await what(id))
    } catch (e) {
      say(line(e))
    } finally {
      patch(this, { busy: 0 })
      void this.refresh()
    }
  },
  onBind() {
    void wx.redirectTo({ url: '/worker/bind/index' })
  },
  onRoster() {
    void wx.navigateTo({ url: '/cadre/roster/index' })
  },
  onBulletins() {
    void wx.navigateTo({ url: '/cadre/bulletins/index' })
  },
})
