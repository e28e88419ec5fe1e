import { askSwap, cancelLeave, enterLeave, leaves, moveSwap, swaps, week, type Colleague, type Leave, type Swap, type SwapStep, type Week } from '../../utils/api'
import { fold } from '../../utils/fold'
import { pageStyle } from '../../utils/font-scale'
import { keep } from '../../utils/keep'
import { watchNet } from '../../utils/net'
import { deskOf } from '../../utils/office'
import { patch } from '../../utils/patch'
import { again, line, passing, Problem, tell, type Told } from '../../utils/problem'
import { attempt } from '../../utils/queue'
import { staff } from '../../utils/session'
import { day, dayName } from '../../utils/time'
import { alone, cells, gridsOf, leaveLine, mates, myDays, myNumber, swapLine, type DayCell, type GridDay, type LeaveLine, type Option, type SwapLine } from './view'

interface Known {
  week: Week
  leaves: Leave[]
  swaps: Swap[]
  colleagues: Colleague[]
}
type Value = WechatMiniprogram.CustomEvent<{ value: string }>
const KEPT = 'roster'
const NOBODY: Option = { value: '', label: '先不安排' }
const NOTHING: Option = { value: '', label: '不用还' }

export default Page({
  data: {
    pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'list', error: { title: '', next: '', retry: true } as Told, note: '', warning: '', away: false, loud: 0,
    days: [] as DayCell[], date: '', dayName: '', grids: [] as GridDay[], leaves: [] as LeaveLine[], swaps: [] as SwapLine[], lead: false,
    sheet: '' as '' | 'leave' | 'swap', today: '', from: '', to: '', fromName: '', toName: '', people: [] as Option[], who: '', mates: [] as Option[], mate: '', words: '',
    mine: [] as Option[], given: [] as Option[], give: '', colleagues: [] as Option[], colleague: '', theirs: [] as Option[], take: '', problem: '', busy: false, moving: 0,
  },
  known: null as Known | null,
  me: 0,
  key: attempt(),
  stop: (() => undefined) as () => void,

  onShow() {
    patch(this, { pageStyle: pageStyle(), today: day() })
    this.stop()
    // A roster is changed with the server or not at all: nothing of it waits in the phone.
    this.stop = watchNet((online) => {
      patch(this, { away: !online })
      void this.refresh()
    })
  },
  onHide() {
    this.stop()
  },
  onUnload() {
    this.stop()
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  async refresh() {
    try {
      const [w, l, s] = await Promise.all([week(day()), leaves(), swaps()])
      const known = { week: w, leaves: l.leaves, swaps: s.swaps, colleagues: s.colleagues }
      this.show(known)
      keep(KEPT, known)
      patch(this, { note: '' })
    } catch (e) {
      const old: unknown = wx.getStorageSync(KEPT)
      if (passing(e) && (this.known !== null || (typeof old === 'object' && old !== null))) {
        this.show(this.known ?? (old as Known))
        return patch(this, { note: e.offline ? '没有网络：看到的是上次的值班表，现在不能请假和换班。' : `${tell(e).title}：看到的是上次的值班表。` })
      }
      const denied = e instanceof Problem && e.status === 403
      patch(this, { view: denied ? 'denied' : 'error', error: denied ? { title: '这里是社区和网格的值班表', next: '您还没有登记为工作人员。', retry: false } : tell(e) })
    }
  },
  show(known: Known) {
    this.known = known
    this.me = myNumber(known.week, staff())
    const days = cells(known.week, this.me)
    const date = days.some((d) => d.date === this.data.date) ? this.data.date : (days[0]?.date ?? '')
    const lead = deskOf(staff()) === 'cadre'
    const swaps = known.swaps.map((x) => swapLine(x))
    patch(this, {
      view: 'list', days, lead, leaves: known.leaves.map((l) => leaveLine(l, this.me)), swaps, loud: swaps.find((x) => x.steps.some((y) => y.kind === 'primary'))?.id ?? 0,
      mine: myDays(known.week, this.me), colleagues: mates({ days: [], gaps: [] }, known.colleagues, this.me),
      people: lead ? [{ value: '', label: '我自己' }, ...mates(known.week, [], this.me)] : [],
    })
    this.pick(date)
  },
  pick(date: string) {
    if (this.known !== null) patch(this, { date, dayName: dayName(date), grids: gridsOf(this.known.week, date, this.me) })
  },
  onDay(e: WechatMiniprogram.TouchEvent<object, object, { date: string }>) {
    this.pick(e.currentTarget.dataset.date)
  },
  onClose() {
    patch(this, { sheet: '' })
  },

  onLeave() {
    this.key = attempt()
    const from = this.data.date > this.data.today ? this.data.date : day(1)
    patch(this, { sheet: 'leave', problem: '', words: '', mate: '', who: '' })
    this.dates(from, from)
    this.standIns('')
  },
  /** Whoever goes cannot stand in for himself. */
  standIns(who: string) {
    if (this.known === null) return
    const gone = who === '' ? this.me : Number(who)
    patch(this, { mates: [NOBODY, ...mates(this.known.week, this.known.colleagues, gone)] })
  },
  onWho(e: Value) {
    patch(this, { who: e.detail.value, mate: '', problem: '' })
    this.standIns(e.detail.value)
  },
  onDate(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { field: 'from' | 'to' }>) {
    const { value } = e.detail
    if (e.currentTarget.dataset.field === 'to') return this.dates(this.data.from, value)
    this.dates(value, value > this.data.to ? value : this.data.to)
  },
  dates(from: string, to: string) {
    patch(this, { from, to, fromName: dayName(from), toName: dayName(to), problem: '' })
  },
  onField(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { field: 'mate' | 'words' | 'colleague' | 'take' }>) {
    patch(this, { [e.currentTarget.dataset.field]: e.detail.value, problem: '' })
  },
  onSubmitLeave() {
    const { from, to, mate, words, who } = this.data
    if (to < from) return patch(this, { problem: '结束日期不能早于开始日期' })
    const end = new Date(Date.parse(`${to}T00:00:00+08:00`) + 86_400_000).toISOString()
    const number = (v: string) => (v === '' ? null : Number(v))
    const body = { staff: number(who), from: `${from}T00:00:00+08:00`, to: end, reason: words.trim() || null, substitute: number(mate) }
    return this.save('已登记请假', enterLeave(body, this.key(body)), () => (this.known ? alone(this.known.week, from, to) : ''))
  },
  async onTakeBack(e: WechatMiniprogram.CustomEvent<object, object, { id: number; when: string }>) {
    const { id, when } = e.currentTarget.dataset
    const said = await wx.showModal({ title: '撤回请假？', content: `${when}照常上班。`, confirmText: '撤回', cancelText: '不撤回' })
    if (said.confirm) await this.move(id, '已撤回', cancelLeave(id))
  },

  onSwap() {
    this.key = attempt()
    patch(this, { sheet: 'swap', problem: '', given: this.data.mine, give: '', colleague: '', take: '', theirs: [] })
  },
  /** A day cannot be given for itself. */
  onGive(e: Value) {
    const give = e.detail.value
    const others = this.data.days.filter((d) => d.date !== give && d.date > this.data.today).map((d) => ({ value: d.date, label: dayName(d.date) }))
    patch(this, { give, given: fold(this.data.mine, give, '换一天'), take: '', theirs: give === '' ? [] : [NOTHING, ...others], problem: '' })
  },
  onSubmitSwap() {
    const { give, colleague, take } = this.data
    if (give === '') return patch(this, { problem: '请选您要换出去的那一天' })
    if (colleague === '') return patch(this, { problem: '请选和谁换' })
    const body = { colleague: Number(colleague), mine: give, theirs: take || null }
    return this.save('已问同事，他同意后告诉您', askSwap(body, this.key(body)))
  },
  onStep(e: WechatMiniprogram.CustomEvent<object, object, { id: number; step: SwapStep; label: string }>) {
    const { id, step, label } = e.currentTarget.dataset
    return this.move(id, `已${label}`, moveSwap(id, step))
  },

  /** Waits for what a sheet sent; the sheet stays open with the server's sentence when it was refused. */
  async save(done: string, sent: Promise<{ warning?: string | null }>, also: () => string = () => '') {
    patch(this, { busy: true, problem: '' })
    try {
      const out = await sent
      patch(this, { sheet: '' })
      await this.after(done, out.warning ?? '', also)
    } catch (e) {
      patch(this, { problem: line(e) })
    } finally {
      patch(this, { busy: false })
    }
  },
  /** The same for a button in the list. */
  async move(id: number, done: string, sent: Promise<{ warning?: string | null } | undefined>) {
    patch(this, { moving: id })
    try {
      await this.after(done, (await sent)?.warning ?? '')
    } catch (e) {
      patch(this, { warning: line(e) })
      void wx.pageScrollTo({ scrollTop: 0 })
      await this.refresh()
    } finally {
      patch(this, { moving: 0 })
    }
  },
  /** `also` finds in the week that is read now what the server's answer does not say. */
  async after(done: string, said: string, also: () => string = () => '') {
    await this.refresh()
    // The week at hand says it plainer than the server, which also knows of later days.
    const warning = also() || said
    patch(this, { warning })
    void wx.showToast({ title: warning ? `${done}，有一条提醒请看` : done, icon: 'none', duration: 3000 })
    if (warning) void wx.pageScrollTo({ scrollTop: 0 })
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
