import { type Detail, type Person, type Verb } from '../../utils/api'
import { perform } from '../../utils/actions'
import { Begun, readCase, STAFF_SHEETS, watchCase } from '../../utils/case-page'
import { pointOf, rowOf } from '../../utils/desk'
import { fold, type Option } from '../../utils/fold'
import { pageStyle } from '../../utils/font-scale'
import { ownGrids } from '../../utils/grids'
import { deskOf } from '../../utils/office'
import { patch } from '../../utils/patch'
import { pictures } from '../../utils/photos'
import { again, denied, line, tell, type Told } from '../../utils/problem'
import { startRinging } from '../../utils/ring'
import { staff } from '../../utils/session'
import { story, type Step } from '../../utils/story'
import { askStreet, phonesOf, street } from '../../utils/street'
import { sureToTake, TAKE_OVER, takesOver } from '../../utils/takeover'
import { day, dayName } from '../../utils/time'
import { spoken, type Voice } from '../../utils/voices'
import type { Tone } from '../../utils/words'
import { ACTION, asks, bodyOf, DAYS, EMPTY, holdsFor, isMain, methodsFor, missing, outcomesOf, RESULTS, ROUTES, RUNS_ON, VERBS, whereNow, type Choice, type Form, type StaffVerb } from './verbs'
import { againOf, askedOf, AT_WORK, behindOf, fates, latestOf, leadOf, NO_LEAD, NOTHING, numberless, placeOf, placing, restingOf, type Behind, type Numberless } from './view'

/** `call` dials and then asks what came of it. */
interface Way {
  verb: StaffVerb | 'call' | ''
  label: string
}
const NONE: Way = { verb: '', label: '' }
/** To leave a word is more than to note it. */
const LEFT_WORD = '给居民留言'
/** Whether what is written to the resident reaches his phone. */
const [HEARS, HEARS_NOT] = ['他的手机会收到一条微信通知。', '他的手机收不到通知，打开小程序才看到。急的请打电话或上门。'] as const
/** What an action is called; a decision says which way it went. */
function labelOf(verb: StaffVerb, form?: Form): string {
  const what = verb === 'pause_decision' ? '挂起' : verb === 'extension_decision' ? '延期' : ''
  if (what !== '') return `${form && form.text.trim() === '' ? '同意' : '不同意'}${what}`
  if (verb === 'contacts' && form?.method === 'message' && form.outcome === 'left_message') return LEFT_WORD
  return verb === 'pause' ? '申请挂起' : (VERBS.find((v) => v.verb === verb)?.label ?? '')
}
/** Before a court and the like: street command ends the case, everybody else reads whom to call. */
const DIVERTED_BY_COMMAND: readonly string[] = ['in_progress', 'on_hold']
/** What folds when it is chosen. */
const CHOICES: readonly (keyof Form)[] = ['method', 'outcome', 'result', 'hold', 'route']
/** Done at once, without a form. */
const AT_ONCE: readonly StaffVerb[] = ['acknowledgement', 'resumption', 'reminder']
/** So long a second tap on what was just chosen is the same tap: it does not take the choice back. */
const TWICE_MS = 400
/** What was begun in a sheet. */
interface Doing {
  form: Form
  before: string[]
  after: string[]
}
export default Page({
  data: {
    pageStyle: '', about: 0, view: 'loading' as 'loading' | 'error' | 'denied' | 'case', error: { title: '', next: '', retry: true } as Told, note: '', noteTone: '' as Tone,
    urgent: '', urgentTone: '' as Tone, due: '', dueTone: '' as Tone, by: '', state: '', text: '', number: '', category: '', time: '', address: '', place: '', grid: '', reason: '', where: '',
    phones: [] as { name: string; number: string }[], people: [] as Person[], photos: [] as string[], voices: [] as Voice[], steps: [] as Step[], told: [] as { key: string; fate: string }[], heard: '',
    allows: [] as string[], main: NONE, second: NONE, more: [] as Choice[],
    sheet: '' as '' | 'more' | 'command' | StaffVerb, heading: '', action: '', form: EMPTY, before: [] as string[], after: [] as string[],
    routes: [...ROUTES] as Option[], elsewhere: '', divertable: false, telephones: phonesOf(street()),
    outcomes: [] as Option[], methods: [] as Option[], results: [...RESULTS] as Option[], days: DAYS, counted: '', holds: [] as Option[], asks: false, runsOn: RUNS_ON, mayExtend: false, mayUpdate: false, asked: NOTHING, rest: AT_WORK, again: { title: '', text: '' }, behind: [] as Behind[], lead: NO_LEAD, latest: '', placed: '', none: { says: '', verb: '', label: '' } as Numberless, urges: true, grids: [] as Option[], tomorrow: '', untilName: '', problem: '', busy: false,
  },
  id: 0,
  seen: null as Detail | null,
  pictures: pictures(),
  begun: null as unknown as Begun<StaffVerb, Doing>,
  /** He came to say no, and writes why. */
  refuses: false,
  /** The sheet of what he did that did not fit any more: it is opened once the case is read. */
  back: '' as StaffVerb | '',
  /** He comes from the page that places it, and wants to read. */
  whole: false,
  mine: [] as string[],
  stop: (() => undefined) as () => void,
  /** When something was chosen in the open sheet; client time. */
  chosenAt: 0,
  /** Something came while a sheet was open. */
  news: false,

  onLoad(query: Record<string, string | undefined>) {
    this.id = Number(query['id'])
    // Whoever comes by a notice has opened no desk.
    if (staff() !== null) startRinging()
    this.pictures = pictures()
    this.begun = new Begun(STAFF_SHEETS, this.id)
    this.back = (query['sheet'] ?? '') as StaffVerb | ''
    patch(this, { about: this.id || 0 })
    this.refuses = query['refuses'] === '1'
    this.whole = query['whole'] === '1'
  },
  onShow() {
    patch(this, { pageStyle: pageStyle(), tomorrow: day(1) })
    this.stop()
    this.stop = watchCase(this, (_, fewer) => {
      if (fewer) patch(this, { note: '', noteTone: '' })
    })
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
      const { c, old } = await readCase(this.id)
      // A notice leads here, whatever there is to do; placing has its own page.
      if (old === null && !this.whole && c.allowed.includes('assignment')) return void wx.redirectTo({ url: `/cadre/triage/index?id=${this.id}` })
      this.show(c)
      if (old !== null) patch(this, { note: `${old.offline ? '没有网络' : '系统暂时繁忙'}：看到的是上次的内容，操作会先记下。`, noteTone: '' })
      else if (this.data.noteTone === '') patch(this, { note: '' })
    } catch (e) {
      const none = denied(e)
      if (none || this.data.view !== 'case') {
        patch(this, { view: none ? 'denied' : 'error', error: none ? { title: '这件工单现在不归您负责', next: '可能已转给别人，请回到列表看看。', retry: false } : tell(e) })
      }
    }
  },
  show(c: Detail) {
    this.seen = c
    const r = rowOf(c)
    const mine = (staff()?.roles ?? []).map((x) => x.role)
    this.mine = mine
    // What needs a grid or a community of one's own is for the phone of whoever has one.
    const own = deskOf(staff()) !== 'console'
    const can = VERBS.filter((v) => c.allowed.includes(v.verb) && (own || (v.verb !== 'transfer' && v.verb !== 'hold')))
    const phones: { name: string; number: string }[] = []
    if (c.on_behalf_of) phones.push({ name: `${c.on_behalf_of.name}（本人）`, number: c.on_behalf_of.phone })
    if (c.contact_phone) phones.push({ name: c.on_behalf_of ? `代报人（${c.on_behalf_of.relation}）` : '居民', number: c.contact_phone })
    // Whoever has taken a case calls next.
    const calls = c.state === 'acknowledged' && phones.length > 0
    const takes = takesOver() && c.allowed.includes('acknowledgement')
    const main: Way = takes ? { verb: 'acknowledgement', label: TAKE_OVER } : calls ? { verb: 'call', label: '打电话' } : c.state === 'acknowledged' ? (can.find((v) => v.verb === 'contacts') ?? NONE) : (can.find(isMain) ?? NONE)
    const rest = can.filter((v) => v.verb !== main.verb)
    const asked = askedOf(c)
    const second: Way = rest.find((v) => v.verb === 'contacts' || v.verb === 'updates') ?? NONE
    const steps = story(c, false)
    const { reason, note: placed } = placing(c)
    patch(this, {
      view: 'case', urgent: r.urgent, urgentTone: r.urgentTone, due: r.due, dueTone: r.dueTone, by: r.by, state: c.state === 'on_hold' ? r.due : r.state, text: c.text, number: c.number, category: r.category, time: r.time,
      address: c.address ?? '', place: placeOf(c), grid: r.grid, reason, placed, where: pointOf(c.position), phones, people: c.responsible, steps, latest: latestOf(c, steps), allows: c.allowed, main, second,
      more: rest.filter((v) => v !== second), asked, rest: restingOf(c), again: againOf(c), behind: behindOf(c), lead: leadOf(c), none: numberless(c),
      // Whoever is asked for his word has one loud button, and it is not the bar's; nobody is urged to take what is another's.
      urges: asked.verb === '' && !takes,
      counted: c.promised.days_zh === '天' ? '每天都算' : '按工作日算',
      mayExtend: c.allowed.includes('extension'), mayUpdate: c.allowed.includes('updates'), told: fates(c), heard: c.resident_hears ? HEARS : HEARS_NOT, voices: spoken(c), divertable: own && DIVERTED_BY_COMMAND.includes(c.state) && mine.length > 0,
    })
    void this.picture(c)
    this.reopen()
    if (this.refuses && this.data.asked.verb !== '') {
      this.refuses = false
      void this.open(this.data.asked.verb)
    }
  },
  /** What he wrote is in its sheet again, where it may still be done. */
  reopen() {
    const { back } = this
    this.back = ''
    if (back !== '' && (this.data.allows.includes(back) || this.data.asked.verb === back) && this.data.sheet === '') void this.open(back)
  },
  async onBack(e: WechatMiniprogram.CustomEvent<{ sheet: StaffVerb | '' }>) {
    this.back = e.detail.sheet
    await this.refresh()
  },
  async picture(c: Detail) {
    const [photos] = (await this.pictures([c.photos])) ?? []
    if (photos) patch(this, { photos })
  },

  onLead() {
    void wx.redirectTo({ url: `/worker/case/index?id=${this.data.lead.id}` })
  },
  onCall(e: WechatMiniprogram.CustomEvent<object, object, { phone: string }>) {
    this.dial(e.currentTarget.dataset.phone)
  },
  dial(phoneNumber: string) {
    void wx.makePhoneCall({ phoneNumber }).catch(() => undefined)
    // Whoever called notes at once what came of it; the sheet is open when he comes back.
    if (this.data.allows.includes('contacts')) void this.open('contacts', { method: 'phone' })
  },
  /** A telephone of the street: nothing of it belongs into the record. */
  onDial(e: WechatMiniprogram.CustomEvent<object, object, { phone: string }>) {
    void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
  },
  onNavigate() {
    const c = this.seen
    if (!c?.position) return
    const { lat, lon } = c.position
    void wx.openLocation({ latitude: lat, longitude: lon, scale: 18, name: c.address || c.text.slice(0, 20), address: c.place_reason }).catch(() => void wx.showToast({ title: '地图打不开，请复制地址', icon: 'none' }))
  },
  onCopy() {
    const { place, text } = this.data
    void wx.setClipboardData({ data: place || text }).then(() => wx.showToast({ title: place ? '地址已复制' : '没有写地址，已复制诉求内容', icon: 'none' })).catch(() => wx.showToast({ title: '没有复制成，请再试一次', icon: 'none' }))
  },
  onMore() {
    patch(this, { sheet: 'more' })
  },
  /** Who decides that the matter is not the street's any longer, and his telephones. */
  onElsewhere() {
    patch(this, { sheet: 'command' })
    void askStreet().then((s) => patch(this, { telephones: phonesOf(s) }))
  },
  onClose() {
    patch(this, { sheet: '' })
    if (this.news) void this.refresh()
  },
  onVerb(e: WechatMiniprogram.CustomEvent<object, object, { verb: StaffVerb | 'call' }>) {
    const { verb } = e.currentTarget.dataset
    if (verb === 'call') this.dial(this.data.phones[0]?.number ?? '')
    else if (AT_ONCE.includes(verb)) void this.atOnce(verb)
    else void this.open(verb)
  },
  async atOnce(verb: StaffVerb) {
    if (this.seen !== null && (verb !== 'acknowledgement' || (await sureToTake(this.seen)))) await this.perform(verb, EMPTY, [])
  },
  /** Asks somebody who left no number for one, where he reads it. */
  onAskNumber() {
    const { verb } = this.data.none
    if (verb !== '') void this.open(verb, verb === 'contacts' ? { method: 'message', outcome: 'left_message' } : {})
  },
  /** `known`: what he just did and need not choose. */
  async open(verb: StaffVerb, known: Partial<Form> = {}) {
    const holds = this.holds()
    const fresh: Doing = { form: { ...EMPTY, ...known, hold: holds.length === 1 ? (holds[0]?.value ?? '') : '' }, before: [], after: [] }
    const kept = this.begun.of(verb)
    // What he wrote there before is not lost to what came along, least of all to nothing.
    const text = kept?.form.text || known.text || ''
    const began = kept ? { ...kept, form: { ...kept.form, ...known, text } } : fresh
    // An older version offered more reasons.
    if (!holds.some((h) => h.value === began.form.hold)) began.form.hold = ''
    patch(this, { sheet: verb, heading: labelOf(verb), action: ACTION[verb], ...began, untilName: began.form.until === '' ? '' : dayName(began.form.until), problem: '' })
    this.follow()
    if (verb !== 'transfer' || this.data.grids.length > 0) return
    try {
      const grids = await ownGrids()
      patch(this, { grids: grids.filter((g) => g.id !== this.seen?.grid.small?.id).map((g) => ({ value: g.id, label: g.name })) })
    } catch (e) {
      patch(this, { problem: line(e) })
    }
  },
  onField(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { field: keyof Form }>) {
    const { field } = e.currentTarget.dataset
    const now = Date.now()
    if (e.detail.value === '' && CHOICES.includes(field) && now - this.chosenAt < TWICE_MS) return
    this.chosenAt = now
    // Another way to reach somebody has outcomes of its own.
    const fresh = field === 'method' && e.detail.value !== this.data.form.method ? { outcome: '' } : {}
    patch(this, { form: { ...this.data.form, [field]: e.detail.value, ...fresh }, problem: '' })
    this.follow()
    this.begin()
  },
  methods(): Option[] {
    return methodsFor(this.data.phones.length)
  },
  holds(): Option[] {
    return holdsFor(this.mine, this.seen?.allowed ?? [])
  },
  /** What the form offers and says depends on what was chosen in it. */
  follow() {
    const { form } = this.data
    patch(this, {
      methods: fold(this.methods(), form.method, '换一种方式'), outcomes: fold(outcomesOf(form.method), form.outcome, '换一个结果'), results: fold(RESULTS, form.result, '换一种'),
      holds: fold(this.holds(), form.hold, '换一个原因'), routes: fold(ROUTES, form.route, '换一种程序'),
    })
    if (this.data.sheet === 'contacts') patch(this, { action: labelOf('contacts', form) === LEFT_WORD ? LEFT_WORD : ACTION.contacts })
    this.stops()
    this.where()
  },
  /** The words that the resident will read, before they are sent. */
  where() {
    const { sheet, form } = this.data
    patch(this, { elsewhere: sheet === 'diversion' && missing(sheet, form) === '' ? whereNow(form) : '' })
  },
  /** What the chosen reason does to the clock, and so what the large button does. */
  stops() {
    if (this.data.sheet !== 'hold') return
    const ask = asks(this.data.form.hold, this.mine, this.seen?.allowed ?? [])
    patch(this, { asks: ask, action: ask ? ACTION.pause : ACTION.hold })
  },
  /** What stops no clock leads to what helps, with the words that were written. */
  onInstead(e: WechatMiniprogram.CustomEvent<object, object, { verb: StaffVerb }>) {
    void this.open(e.currentTarget.dataset.verb, { text: this.data.form.text })
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
  begin() {
    const { sheet, form, before, after } = this.data
    if (sheet !== '' && sheet !== 'more' && sheet !== 'command') this.begun.keep(sheet, { form, before, after })
  },
  async onSubmit() {
    const { sheet, form, before, after } = this.data
    if (sheet === '' || sheet === 'more' || sheet === 'command' || this.data.busy) return
    const verb = sheet === 'hold' && this.data.asks ? 'pause' : sheet
    const why = missing(verb, form)
    if (why !== '') return patch(this, { problem: why })
    if (verb === 'diversion') {
      const sure = await wx.showModal({ title: '转出以后，这里就结束了', content: `居民会看到：${whereNow(form)}`, confirmText: '转出', cancelText: '再看看' })
      if (!sure.confirm) return
    }
    void this.perform(verb, form, after, before)
  },
  async perform(verb: StaffVerb, form: Form, photos: string[], before: string[] = []) {
    const { seen } = this
    if (seen === null || this.data.busy) return
    patch(this, { busy: true, problem: '' })
    const label = labelOf(verb, form)
    const sheet = verb === 'pause' ? 'hold' : verb
    const what: Doing = { form, before, after: photos }
    const began = AT_ONCE.includes(verb) || this.data.sheet === '' ? undefined : { sheet, what }
    const r = await perform(seen, verb as Verb, label, bodyOf(verb, form), photos, [], verb === 'resolution' ? before : [], began)
    if (r.kind === 'refused') {
      // He reads why when the page has what happened: his next try is about that.
      await this.refresh()
      const open = this.data.sheet !== '' && this.data.sheet !== 'more' && this.data.sheet !== 'command'
      patch(this, { busy: false, ...(open ? { problem: r.why } : { note: r.why, noteTone: 'danger' }) })
      return
    }
    patch(this, { busy: false })
    this.begun.drop(sheet)
    patch(this, { sheet: '', note: '', noteTone: '' })
    await this.refresh()
    // A result is not the end: the word of the state says what it waits for.
    const said = verb === 'resolution' ? this.seen?.state_zh ?? '' : verb === 'acknowledgement' && takesOver() ? '已由您接手' : `已${label}`
    if (r.kind === 'done') void wx.showToast({ title: said, icon: 'none' })
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
