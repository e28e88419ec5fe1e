import { account, keepPhone, resolveAddress, type Category, type Located, type Schemas } from '../../utils/api'
import { urgentBulletin } from '../../utils/bulletins'
import { askConsent, refreshConsents } from '../../utils/consent'
import { clearDraft, emptyDraft, loadDraft, reportOf, saveDraft, type Draft } from '../../utils/draft'
import { hotlines, type Hotline } from '../../utils/emergency'
import { fontScale, pageStyle, setFontMode } from '../../utils/font-scale'
import { watchChanges } from '../../utils/live'
import { glue } from '../../utils/glue'
import { deskOf, office, startPage } from '../../utils/office'
import { understood } from '../../utils/place'
import { outbox, put } from '../../utils/outbox'
import { patch } from '../../utils/patch'
import { explain } from '../../utils/permission'
import { faultAt, line, Problem } from '../../utils/problem'
import { filesLeft } from '../../utils/queue'
import { say } from '../../utils/say'
import { see } from '../../utils/see'
import { staff } from '../../utils/session'
import { NOBODY_WAITS, waitingAt } from '../../utils/waiting'
import type { Voice } from '../../utils/voices'
import { CATEGORIES, categoryLabel, guessCategory } from '../../utils/words'

interface Place {
  state: 'none' | 'looking' | 'found' | 'ask' | 'vague'
  grid: string
  worker: string
  reason: string
  question: string
  answers: { label: string; grid: string }[]
}
const NOWHERE: Place = { state: 'none', grid: '', worker: '', reason: '', question: '', answers: [] }
const NO_ERRORS = { text: '', address: '', contact: '', name: '', phone: '', relation: '' }
/** Residents may ask the resolver only so often; it waits until the typing rests. */
const REST_MS = 900

type Value = WechatMiniprogram.CustomEvent<{ value: string }>

const BAD_CODE = '这个码没有登记或者已经不用了，请写地址。'
/** What a scanned code says; empty without one, null when nobody can read it. */
function sceneOf(scene: string | undefined): string | null {
  try {
    return decodeURIComponent(scene ?? '')
  } catch {
    return null
  }
}

/** `words`: what was read. */
function placeOf(at: Located, words = ''): Place {
  const worker = at.responsible.find((p) => p.role === 'grid_worker_primary') ?? at.responsible[0]
  const named = worker ? `${worker.role_zh} ${worker.name}` : ''
  if (at.grid.small) return { ...NOWHERE, state: 'found', grid: at.grid.small.name, worker: named, reason: understood(at.reason, words) }
  if (at.question && at.question.answers.length > 0) {
    return { ...NOWHERE, state: 'ask', question: glue(at.question.text), answers: at.question.answers, reason: at.reason }
  }
  if (at.grid.large) return { ...NOWHERE, state: 'found', grid: at.grid.large.name, worker: named, reason: '写上楼号更快；不写也能发，由社区干部安排' }
  return { ...NOWHERE, state: 'vague', reason: '还看不出在哪里。写上小区和楼号更快；不写也能发，由工作人员安排。' }
}

export default Page({
  data: {
    ...emptyDraft(),
    pageStyle: '',
    large: false,
    office: '',
    /** What waits for a member of staff at his desk. */
    waiting: NOBODY_WAITS,
    /** What the street tells everybody at once; 0: nothing. */
    urgent: { id: 0, title: '' },
    place: NOWHERE,
    /** What the scanned code leads to, or why it leads nowhere. */
    building: '',
    badCode: '',
    lines: [] as Hotline[],
    errors: NO_ERRORS,
    category: 'other' as Category,
    categoryChosen: false,
    categoryLabel: '其他',
    categories: CATEGORIES as unknown as { value: string; label: string; hint: string }[],
    choosing: false,
    yesNo: [
      { value: 'no', label: '没有' },
      { value: 'yes', label: '有' },
    ],
    myPhone: '',
    busy: false,
    problem: '',
  },
  /** Not for the view: the timer of the resolver, the number of its last question, the last words asked. */
  timer: 0 as unknown as ReturnType<typeof setTimeout>,
  asked: 0,
  askedFor: '',
  hangUp: (() => undefined) as () => void,

  onLoad(query: Record<string, string | undefined>) {
    if (query['scene'] === undefined) startPage()
    const draft = loadDraft()
    const scene = sceneOf(query['scene'])
    if (scene !== '') draft.code = scene ?? ''
    this.show(draft)
    if (scene === null) patch(this, { badCode: BAD_CODE })
    void this.knowMe()
    void refreshConsents()
  },
  onShow() {
    patch(this, { pageStyle: pageStyle(), large: fontScale() > 1.2, office: office() })
    this.desk()
    void urgentBulletin().then((b) => patch(this, { urgent: { id: b?.id ?? 0, title: b?.title ?? '' } })).catch(() => undefined)
    const again: unknown = wx.getStorageSync('again')
    if (typeof again !== 'string' || again === '') return
    wx.removeStorageSync('again')
    const item = outbox.take(again)
    if (!item) return
    // It waits nowhere else now.
    const draft = { ...loadDraft(), ...draftOf(item.body), answer: item.answer, ...filesLeft(item) }
    saveDraft(draft)
    this.show(draft)
  },
  onHide() {
    this.hangUp()
  },
  onUnload() {
    this.hangUp()
    clearTimeout(this.timer)
  },
  /** Whoever works for the street sees here what waits for him, as long as he looks. */
  desk() {
    this.hangUp()
    const desk = deskOf(staff())
    if (desk !== 'worker' && desk !== 'cadre') return
    const look = async () => patch(this, { waiting: await waitingAt(desk) })
    this.hangUp = watchChanges(() => true, look)
    void look().catch(() => undefined)
  },
  async knowMe() {
    try {
      const me = await account()
      patch(this, { myPhone: me.phone ?? '', office: office() })
      this.desk()
    } catch {
      // Who has no network can still write; the phone number can be typed.
    }
  },

  show(d: Draft) {
    const category = d.category ?? guessCategory(d.text)
    patch(this, { ...d, category, categoryChosen: d.category !== null, categoryLabel: categoryLabel(category) })
    this.alarm(d.text)
    if (d.code) void this.scanned(d.code)
    else if (d.text) void this.locate()
  },
  draft(): Draft {
    const { text, address, location, locationName, photos, voices, danger, dangerChosen, stuck, category, categoryChosen, behalf, who, phone, answer, code } = this.data
    return { text, address, location, locationName, photos, voices, danger, dangerChosen, stuck, category: categoryChosen ? category : null, behalf, who, phone, answer, code }
  },
  change(d: Partial<Omit<Draft, 'category'>> & { category?: Category }) {
    patch(this, d)
    // While it is sent it is kept by the outbox; twice kept is twice sent.
    if (!this.data.busy) saveDraft(this.draft())
  },

  onText(e: Value) {
    const text = e.detail.value
    const category = this.data.categoryChosen ? this.data.category : guessCategory(text)
    const calm = this.data.lines.length === 0
    this.alarm(text)
    // Above the keyboard, wherever the page was.
    if (calm && this.data.lines.length > 0) wx.nextTick(() => see('#alarm', { first: true }))
    patch(this, { category, categoryLabel: categoryLabel(category), errors: { ...this.data.errors, text: '' }, problem: '' })
    this.change({ text })
    this.later()
  },
  onAddress(e: Value) {
    this.change({ address: e.detail.value })
    this.later()
  },
  later() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.locate(), REST_MS)
  },
  onResolve() {
    clearTimeout(this.timer)
    if (this.data.place.state === 'ask') this.see()
    void this.locate()
  },
  /** Brings the question above the bar: whoever writes at the top of the page would not see it. */
  see() {
    see('#question', { bar: '#bar' })
  },
  /** Asks where the words lead. An old answer never overwrites a newer question's. */
  async locate() {
    const { text, address, location, behalf, code } = this.data
    const asks = JSON.stringify([text.trim(), address.trim(), location, behalf])
    if (code || asks === this.askedFor || (text + address).trim().length < 2) return
    this.askedFor = asks
    const number = (this.asked += 1)
    if (this.data.place.state === 'none') patch(this, { place: { ...NOWHERE, state: 'looking' } })
    try {
      const at = await resolveAddress({ text: text.trim() || address.trim(), address: text.trim() ? address.trim() || null : null, location, on_behalf: behalf })
      if (number !== this.asked) return
      const place = placeOf(at, at.read_from === 'address' ? address : text || address)
      const known = place.answers.some((a) => a.grid === this.data.answer)
      patch(this, { place })
      if (place.state === 'ask') wx.nextTick(() => this.see())
      if (!known) this.change({ answer: '' })
    } catch {
      // Only a courtesy: the server reads the address again when the request arrives.
      this.askedFor = ''
      if (number === this.asked) patch(this, { place: NOWHERE })
    }
  },
  /** Says which building was scanned; a code that leads nowhere must not stand in the way of words. */
  async scanned(code: string) {
    try {
      const at = await resolveAddress({ building_code: code, on_behalf: this.data.behalf })
      if (code === this.data.code) patch(this, { building: at.building?.name ?? '', place: placeOf(at) })
    } catch (e) {
      if (faultAt(e, '/building_code') === '' || code !== this.data.code) return
      patch(this, { badCode: BAD_CODE, building: '' })
      this.change({ code: '' })
      void this.locate()
    }
  },
  onAnswer(e: WechatMiniprogram.TouchEvent<object, object, { grid: string }>) {
    const { grid } = e.currentTarget.dataset
    this.change({ answer: grid === this.data.answer ? '' : grid })
  },
  async onLocate() {
    try {
      const at = await wx.chooseLocation({})
      // WeChat names no accuracy for a chosen point; 30 m is the size of a building.
      const location: Schemas['Location'] = { lat: at.latitude, lon: at.longitude, datum: 'gcj02', accuracy_m: 30 }
      this.change({ location, locationName: at.name || at.address || '地图上的点' })
      void this.locate()
    } catch (e) {
      await explain(e, { thing: '位置', without: '选不了位置；写地址一样能发' })
    }
  },

  onDropLocation() {
    this.change({ location: null, locationName: '' })
    void this.locate()
  },
  onDropCode() {
    patch(this, { building: '', place: NOWHERE })
    this.change({ code: '' })
    void this.locate()
  },

  /** Words of danger answer the question of danger, until somebody answers it himself. */
  alarm(text: string) {
    const lines = hotlines(text)
    patch(this, { lines })
    if (!this.data.dangerChosen) this.change({ danger: lines.length > 0 ? 'yes' : 'no' })
  },
  onDanger(e: Value) {
    this.change({ danger: e.detail.value, dangerChosen: true })
  },
  onStuck(e: Value) {
    this.change({ stuck: e.detail.value })
  },
  onPhotos(e: WechatMiniprogram.CustomEvent<{ paths: string[] }>) {
    this.change({ photos: e.detail.paths })
  },
  onVoices(e: WechatMiniprogram.CustomEvent<{ voices: Voice[] }>) {
    patch(this, { errors: { ...this.data.errors, text: '' }, problem: '' })
    this.change({ voices: e.detail.voices })
  },
  onCategoryOpen() {
    patch(this, { choosing: true })
  },
  onCategoryClose() {
    patch(this, { choosing: false })
  },
  onCategory(e: Value) {
    const category = e.detail.value as Category
    patch(this, { categoryChosen: true, categoryLabel: categoryLabel(category), choosing: false })
    this.change({ category })
  },
  onBehalf() {
    this.change({ behalf: !this.data.behalf })
    void this.locate()
  },
  onWho(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: keyof Draft['who'] }>) {
    this.change({ who: { ...this.data.who, [e.currentTarget.dataset.name]: e.detail.value } })
  },
  onPhone(e: Value) {
    patch(this, { errors: { ...this.data.errors, contact: '' } })
    this.change({ phone: e.detail.value })
  },
  async onWechatPhone(e: WechatMiniprogram.CustomEvent<{ code?: string }>) {
    const { code } = e.detail
    if (!code) {
      void wx.showToast({ title: '没有取到手机号，可以直接填写', icon: 'none' })
      return
    }
    try {
      patch(this, { myPhone: (await keepPhone(code)).phone })
    } catch (e2) {
      say(line(e2))
    }
  },

  onType() {
    setFontMode(this.data.large ? 'normal' : 'large')
    patch(this, { pageStyle: pageStyle(), large: fontScale() > 1.2 })
  },
  onUrgent() {
    void wx.navigateTo({ url: `/resident/notice/index?id=${this.data.urgent.id}` })
  },
  onOffice() {
    startPage(true)
  },

  async onSend() {
    if (this.data.busy) return
    const draft = this.draft()
    const errors = missing(draft)
    if (errors !== null) {
      patch(this, { errors: errors, problem: Object.values(errors).find((x) => x !== '') ?? '' })
      return
    }
    patch(this, { busy: true, problem: '', errors: NO_ERRORS })
    // WeChat asks only inside the tap, so this comes before everything that waits.
    const consent = askConsent()
    try {
      const sending = put(reportOf(draft, this.data.category), draft.photos, draft.voices, draft.answer)
      // It is kept there from now on, also when WeChat is closed before anybody answered.
      clearDraft(draft.phone)
      const sent = await sending
      const { sentence: promise } = await consent
      this.askedFor = ''
      this.show({ ...emptyDraft(), phone: draft.phone })
      patch(this, { place: NOWHERE })
      if (sent === null) {
        void wx.switchTab({ url: '/pages/mine/index' })
        return
      }
      void wx.navigateTo({ url: `/pages/case/index?id=${sent.id}&told=${encodeURIComponent(promise)}` })
    } catch (e) {
      patch(this, { busy: false })
      saveDraft(this.draft())
      this.refused(e)
    } finally {
      patch(this, { busy: false })
    }
  },
  refused(e: unknown) {
    patch(this, {
      problem: line(e),
      errors: {
        text: faultAt(e, '/text'),
        address: faultAt(e, '/address'),
        contact: faultAt(e, '/contact_phone'),
        name: faultAt(e, '/on_behalf_of/name'),
        phone: faultAt(e, '/on_behalf_of/phone'),
        relation: faultAt(e, '/on_behalf_of/relation'),
      },
    })
    // A code that the server cannot read must not stand in the way of words.
    if (e instanceof Problem && faultAt(e, '/building_code') !== '') this.change({ code: '' })
  },
})

function missing(d: Draft): typeof NO_ERRORS | null {
  const errors = { ...NO_ERRORS }
  if (d.text.trim().length < 2 && d.voices.length === 0) errors.text = '请写一句话或者说一段话，说说哪里需要帮忙'
  if (d.behalf && d.who.name.trim() === '') errors.name = '请写他的姓名'
  if (d.behalf && d.who.phone.trim() === '') errors.phone = '请写他的电话，网格员要联系他'
  if (d.behalf && d.who.relation.trim() === '') errors.relation = '请写您和他的关系'
  return Object.values(errors).some((x) => x !== '') ? errors : null
}

/** Turns a request that waited or was refused back into a draft. */
function draftOf(body: Schemas['ReportBody']): Partial<Draft> {
  return {
    text: body.text,
    address: body.address ?? '',
    location: body.location ?? null,
    code: body.building_code ?? '',
    category: body.category ?? null,
    danger: body.urgency?.danger ? 'yes' : 'no',
    dangerChosen: true,
    stuck: body.urgency?.stuck ? 'yes' : 'no',
    behalf: !!body.on_behalf_of,
    who: body.on_behalf_of ?? { name: '', phone: '', relation: '' },
    phone: body.contact_phone ?? '',
  }
}
