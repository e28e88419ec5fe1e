import { caseDetail, ownGrids, type Detail, type Person, type Verb } from '../../utils/api'
import { actions, perform } from '../../utils/actions'
import { pointOf, rowOf } from '../../utils/desk'
import { pageStyle } from '../../utils/font-scale'
import { watchLive } from '../../utils/live'
import { patch } from '../../utils/patch'
import { fetchPhotos } from '../../utils/photos'
import { line, Problem, tell, type Told } from '../../utils/problem'
import { staff } from '../../utils/session'
import { story, type Step } from '../../utils/story'
import { day, dayName, ms, when } from '../../utils/time'
import { spoken, type Voice } from '../../utils/voices'
import type { Tone } from '../../utils/words'
import { ACTION, bodyOf, DAYS, EMPTY, holdsFor, METHODS, missing, OUTCOMES, RESULTS, stopOf, VERBS, type Choice, type Form, type StaffVerb, type Stop } from './verbs'

/** `call` dials and then asks what came of it. */
interface Way {
  verb: StaffVerb | 'call' | ''
  label: string
}
const NONE: Way = { verb: '', label: '' }
/** What became of the last message to each person by each channel, the latest first; a chain that repeats is one line. */
function fates(c: Detail): { key: string; fate: string }[] {
  const last = new Map<string, { fate: string; count: number }>()
  const at = (n: Detail['notices'][number]) => ms(n.accepted_at ?? n.planned_at)
  for (const n of [...c.notices].sort((a, b) => at(a) - at(b))) {
    if (n.to === '') continue
    const key = `${n.to}　${n.channel}`
    const count = (last.get(key)?.count ?? 0) + 1
    // Set anew, so that it stands where its last message does.
    last.delete(key)
    last.set(key, { fate: `${when(n.accepted_at ?? n.planned_at)} ${n.fate}`, count })
  }
  return [...last].reverse().map(([key, { fate, count }]) => ({ key, fate: count > 1 ? `${fate}，共 ${count} 次` : fate }))
}

/** What an action is called; a decision says which way it went. */
function labelOf(verb: StaffVerb, form?: Form): string {
  const what = verb === 'pause_decision' ? '挂起' : verb === 'extension_decision' ? '延期' : ''
  if (what !== '') return `${form && form.text.trim() === '' ? '同意' : '不同意'}${what}`
  return verb === 'pause' ? '申请挂起' : (VERBS.find((v) => v.verb === verb)?.label ?? '')
}
type Option = { value: string; label: string }
/** Done at once, without a form. */
const AT_ONCE: readonly StaffVerb[] = ['acknowledgement', 'resumption', 'reminder']
const kept = (id: number) => `case-${id}`
/** What was begun in a sheet; it outlives a closed sheet and a closed WeChat until it is sent. */
interface Begun {
  form: Form
  before: string[]
  after: string[]
}
/** What was asked for and waits for somebody's word; `verb` when it is the reader's. */
interface Asked {
  verb: '' | 'pause_decision' | 'extension_decision'
  title: string
  text: string
}
const NOTHING: Asked = { verb: '', title: '', text: '' }
function askedOf(c: Detail): Asked {
  const waits = (verb: 'pause_decision' | 'extension_decision', ask: string, text: string): Asked =>
    c.allowed.includes(verb) ? { verb, title: `${ask}，等您同意`, text } : { verb: '', title: `${ask}，${verb === 'pause_decision' ? '等待社区干部同意' : '等待上一级同意'}`, text }
  const last = (kind: string) => [...c.timeline].reverse().find((e) => e.kind === kind)?.detail as { note?: string; reason?: string } | null | undefined
  if (c.pause) return waits('pause_decision', `申请挂起到${when(c.pause.until)}`, `${c.pause.reason_zh}：${last('pause_asked')?.note ?? ''}`)
  if (c.extension?.state === 'asked') return waits('extension_decision', `申请延期 ${c.extension.days ?? ''} 个工作日`, last('extension_asked')?.reason ?? '')
  return NOTHING
}
const begunAt = (id: number) => `begun-${id}`

export default Page({
  data: {
    pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'case', error: { title: '', next: '', retry: true } as Told, note: '', noteTone: '' as Tone,
    urgent: '', urgentTone: '' as Tone, due: '', dueTone: '' as Tone, state: '', text: '', number: '', category: '', time: '', address: '', grid: '', reason: '', where: '',
    phones: [] as { name: string; number: string }[], people: [] as Person[], photos: [] as string[], voices: [] as Voice[], steps: [] as Step[], told: [] as { key: string; fate: string }[],
    allows: [] as string[], main: NONE, second: NONE, more: [] as Choice[],
    sheet: '' as '' | 'more' | StaffVerb, heading: '', action: '', form: EMPTY, before: [] as string[], after: [] as string[],
    outcomes: OUTCOMES, methods: METHODS, results: RESULTS, days: DAYS, holds: [] as Option[], stop: 'now' as Stop, asked: NOTHING, grids: [] as Option[], tomorrow: '', untilName: '', problem: '', busy: false,
  },
  id: 0,
  seen: null as Detail | null,
  shownPhotos: '',
  /** He came to say no, and writes why. */
  refuses: false,
  mine: [] as string[],
  stop: (() => undefined) as () => void,
  /** Something came while a sheet was open. */
  news: false,

  onLoad(query: Record<string, string | undefined>) {
    this.id = Number(query['id'])
    this.refuses = query['refuses'] === '1'
  },
  onShow() {
    patch(this, { pageStyle: pageStyle(), tomorrow: day(1) })
    let waiting = 0
    this.stop()
    const unwatch = actions.watch((all) => {
      const mine = all.filter((a) => a.caseId === this.id && a.state === 'waiting').length
      if (mine < waiting && !this.data.busy) {
        patch(this, { note: '', noteTone: '' })
        void this.refresh()
      }
      waiting = mine
    })
    // Not under an open sheet: what he then sends must be about what he saw.
    const hangUp = watchLive({ state: () => undefined, entry: (e) => {
      if (e.case_id !== this.id || this.data.busy) return
      if (this.data.sheet === '') void this.refresh()
      else this.news = true
    } })
    this.stop = () => {
      unwatch()
      hangUp()
    }
    void this.refresh()
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
    this.news = false
    try {
      const c = await caseDetail(this.id)
      wx.setStorageSync(kept(this.id), c)
      this.show(c)
      if (this.data.noteTone === '') patch(this, { note: '' })
    } catch (e) {
      const old: unknown = wx.getStorageSync(kept(this.id))
      if (e instanceof Problem && e.offline && typeof old === 'object' && old !== null) {
        this.show(old as Detail)
        patch(this, { note: '没有网络：看到的是上次的内容，操作会先记下。', noteTone: '' })
        return
      }
      const denied = e instanceof Problem && (e.status === 403 || e.status === 404)
      if (denied || this.data.view !== 'case') {
        patch(this, { view: denied ? 'denied' : 'error', error: denied ? { title: '这件工单现在不归您负责', next: '可能已转给别人，请回到列表看看。', retry: false } : tell(e) })
      }
    }
  },
  show(c: Detail) {
    this.seen = c
    const r = rowOf(c)
    const mine = (staff()?.roles ?? []).map((x) => x.role)
    this.mine = mine
    const can = VERBS.filter((v) => c.allowed.includes(v.verb))
    const phones: { name: string; number: string }[] = []
    if (c.on_behalf_of) phones.push({ name: `${c.on_behalf_of.name}（本人）`, number: c.on_behalf_of.phone })
    if (c.contact_phone) phones.push({ name: c.on_behalf_of ? `代报人（${c.on_behalf_of.relation}）` : '居民', number: c.contact_phone })
    // Whoever has taken a case calls next.
    const calls = c.state === 'acknowledged' && phones.length > 0
    const main: Way = calls ? { verb: 'call', label: '打电话' } : c.state === 'acknowledged' ? (can.find((v) => v.verb === 'contacts') ?? NONE) : (can[0] ?? NONE)
    const rest = can.filter((v) => v !== main)
    const second: Way = rest.find((v) => v.verb === 'contacts' || v.verb === 'updates') ?? NONE
    patch(this, {
      view: 'case', urgent: r.urgent, urgentTone: r.urgentTone, due: r.due, dueTone: r.dueTone, state: c.state === 'on_hold' ? r.due : r.state, text: c.text, number: c.number, category: c.category_zh, time: r.time,
      address: c.address ?? '', grid: r.grid, reason: c.place_reason, where: pointOf(c.position), phones, people: c.responsible, steps: story(c, false), allows: c.allowed, main, second,
      more: rest.filter((v) => v !== second), holds: holdsFor(mine, c.allowed), asked: askedOf(c),
      told: fates(c), voices: spoken(c),
    })
    void this.pictures(c)
    if (this.refuses && this.data.asked.verb !== '') {
      this.refuses = false
      void this.open(this.data.asked.verb)
    }
  },
  async pictures(c: Detail) {
    const wanted = JSON.stringify(c.photos)
    if (wanted === this.shownPhotos) return
    this.shownPhotos = wanted
    patch(this, { photos: await fetchPhotos(c.photos) })
  },

  onCall(e: WechatMiniprogram.CustomEvent<object, object, { phone: string }>) {
    this.dial(e.currentTarget.dataset.phone)
  },
  dial(phoneNumber: string) {
    void wx.makePhoneCall({ phoneNumber }).catch(() => undefined)
    // Whoever called notes at once what came of it; the sheet is open when he comes back.
    if (this.data.allows.includes('contacts')) void this.open('contacts', { method: 'phone' })
  },
  onNavigate() {
    const c = this.seen
    if (!c?.position) return
    const { lat, lon } = c.position
    void wx.openLocation({ latitude: lat, longitude: lon, scale: 18, name: c.address || c.text.slice(0, 20), address: c.place_reason }).catch(() => void wx.showToast({ title: '地图打不开，请复制地址', icon: 'none' }))
  },
  onCopy() {
    const { address, text } = this.data
    void wx.setClipboardData({ data: address || text })
  },
  onMore() {
    patch(this, { sheet: 'more' })
  },
  onClose() {
    patch(this, { sheet: '' })
    if (this.news) void this.refresh()
  },
  onVerb(e: WechatMiniprogram.CustomEvent<object, object, { verb: StaffVerb | 'call' }>) {
    const { verb } = e.currentTarget.dataset
    if (verb === 'call') this.dial(this.data.phones[0]?.number ?? '')
    else if (AT_ONCE.includes(verb)) void this.perform(verb, EMPTY, [])
    else void this.open(verb)
  },
  /** `known`: what he just did and need not choose. */
  async open(verb: StaffVerb, known: Partial<Form> = {}) {
    const { holds } = this.data
    const fresh: Begun = { form: { ...EMPTY, ...known, hold: holds.length === 1 ? (holds[0]?.value ?? '') : '' }, before: [], after: [] }
    const kept = this.begun()[verb]
    const began = kept ? { ...kept, form: { ...kept.form, ...known } } : fresh
    patch(this, { sheet: verb, heading: labelOf(verb), action: ACTION[verb], ...began, untilName: began.form.until === '' ? '' : dayName(began.form.until), problem: '' })
    this.stops()
    if (verb !== 'transfer' || this.data.grids.length > 0) return
    try {
      const { grids } = await ownGrids()
      patch(this, { grids: grids.filter((g) => g.id !== this.seen?.grid.small?.id).map((g) => ({ value: g.id, label: g.name })) })
    } catch (e) {
      patch(this, { problem: line(e) })
    }
  },
  onField(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { field: keyof Form }>) {
    patch(this, { form: { ...this.data.form, [e.currentTarget.dataset.field]: e.detail.value }, problem: '' })
    this.stops()
    this.begin()
  },
  /** What the chosen reason does to the clock, and so what the large button does. */
  stops() {
    if (this.data.sheet !== 'hold') return
    const stop = stopOf(this.data.form.hold, this.mine)
    patch(this, { stop, action: stop === 'never' ? ACTION.extension : stop === 'ask' ? ACTION.pause : ACTION.hold })
  },
  onAgree() {
    const { verb } = this.data.asked
    if (verb !== '') void this.perform(verb, EMPTY, [])
  },
  onRefuse() {
    const { verb } = this.data.asked
    if (verb !== '') void this.open(verb)
  },
  onDate(e: WechatMiniprogram.PickerChange) {
    const until = String(e.detail.value)
    patch(this, { form: { ...this.data.form, until }, untilName: dayName(until), problem: '' })
    this.begin()
  },
  onPhotos(e: WechatMiniprogram.CustomEvent<{ paths: string[] }, object, { field: 'before' | 'after' }>) {
    patch(this, e.currentTarget.dataset.field === 'before' ? { before: e.detail.paths } : { after: e.detail.paths })
    this.begin()
  },
  begun(): Partial<Record<StaffVerb, Begun>> {
    const v: unknown = wx.getStorageSync(begunAt(this.id))
    return typeof v === 'object' && v !== null ? v : {}
  },
  begin() {
    const { sheet, form, before, after } = this.data
    if (sheet !== '' && sheet !== 'more') wx.setStorageSync(begunAt(this.id), { ...this.begun(), [sheet]: { form, before, after } })
  },
  finish(verb: StaffVerb) {
    const { [verb]: _, ...rest } = this.begun()
    if (Object.keys(rest).length === 0) wx.removeStorageSync(begunAt(this.id))
    else wx.setStorageSync(begunAt(this.id), rest)
  },
  onSubmit() {
    const { sheet, form, before, after } = this.data
    if (sheet === '' || sheet === 'more' || this.data.busy) return
    if (sheet === 'hold' && this.data.stop === 'never' && this.data.form.hold !== '') {
      if (!this.data.allows.includes('extension')) return patch(this, { problem: '这件已经申请过延期' })
      return void this.open('extension', { text: form.text })
    }
    const verb = sheet === 'hold' && this.data.stop === 'ask' && form.hold !== '' ? 'pause' : sheet
    const why = missing(verb, form)
    if (why !== '') return patch(this, { problem: why })
    void this.perform(verb, form, after, before)
  },
  async perform(verb: StaffVerb, form: Form, photos: string[], before: string[] = []) {
    const { seen } = this
    if (seen === null || this.data.busy) return
    patch(this, { busy: true, problem: '' })
    const label = labelOf(verb, form)
    const r = await perform(seen, verb as Verb, label, bodyOf(verb, form), photos, [], verb === 'resolution' ? before : [])
    patch(this, { busy: false })
    if (r.kind === 'refused') {
      const open = this.data.sheet !== '' && this.data.sheet !== 'more'
      patch(this, open ? { problem: r.why } : { note: r.why, noteTone: 'danger' })
      await this.refresh()
      return
    }
    this.finish(verb === 'pause' ? 'hold' : verb)
    patch(this, { sheet: '', note: r.kind === 'waiting' ? `已记下“${label}”，连上网络后自动提交。` : '', noteTone: r.kind === 'waiting' ? 'warn' : '' })
    if (r.kind === 'done') void wx.showToast({ title: `已${label}`, icon: 'none' })
    await this.refresh()
  },
  onAgain() {
    if (this.data.error.retry) {
      patch(this, { view: 'loading' })
      void this.refresh()
    } else void wx.navigateBack({ fail: () => void wx.reLaunch({ url: '/pages/me/index' }) })
  },
})
