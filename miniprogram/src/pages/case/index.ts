import { actions, additionOf, later, perform, stillWrong, written, type Action } from '../../utils/actions'
import { again as backAgain } from '../../utils/again'
import { act, caseDetail, forgetCasePhone, type BodyFor, type Detail, type Person, type Verb } from '../../utils/api'
import { Begun, readCase, watchCase } from '../../utils/case-page'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { patch } from '../../utils/patch'
import { pictures } from '../../utils/photos'
import { again, denied, line, passing, Problem, tell, type Told } from '../../utils/problem'
import { filesLeft } from '../../utils/queue'
import { say } from '../../utils/say'
import { see } from '../../utils/see'
import { askStreet, phonesOf, street } from '../../utils/street'
import { AT_WORK, nextStep, NO_URGE, onTheWay, restOf, silence, standing, story, urge, waitsForYou, type Step } from '../../utils/story'
import { goes, when } from '../../utils/time'
import { inherit, spoken, type Voice } from '../../utils/voices'
import { categoryLabel, MARKS, RESULT_PLAIN, type Tone } from '../../utils/words'

type Sheet = '' | 'updates' | 'phone' | 'confirmation' | 'rating' | 'reopening' | 'appeal' | 'cancellation' | 'place'
type Value = WechatMiniprogram.CustomEvent<{ value: string }>

const SHEETS: Record<Exclude<Sheet, ''>, { heading: string; label: string; action: string; needs: string }> = {
  updates: { heading: '补充情况', label: '', action: '发送', needs: '请写一句、说一段或加一张照片' },
  phone: { heading: '留个电话', label: '电话号码', action: '保存', needs: '请写电话号码' },
  confirmation: { heading: '您确认解决了吗？', label: '', action: '确认已解决', needs: '' },
  rating: { heading: '评价', label: '', action: '提交评价', needs: '' },
  reopening: { heading: '没有解决', label: '哪里还没有解决', action: '重新办理', needs: '请写一句或说一段哪里还没有解决' },
  appeal: { heading: '申诉', label: '为什么应当受理', action: '提交申诉', needs: '请写一句申诉的理由' },
  cancellation: { heading: '撤回诉求', label: '为什么不需要了（可不填）', action: '确认撤回', needs: '' },
  place: { heading: '补充地址', label: '在哪个小区、几号楼', action: '提交', needs: '请写小区和楼号' },
}

/** The same for a matter that was closed and is there again. */
const AGAIN = { heading: '又出现问题', label: '又出了什么问题', needs: '请写一句或说一段又出了什么问题' }

interface Latest {
  result: string
  type: keyof typeof RESULT_PLAIN | ''
  photos: number[]
  /** How it was before. */
  before: number[]
}

/** What the page says in large letters: the result that stands now, or why the request was declined. */
function latestResult(c: Detail): Latest {
  if (c.state === 'rejected') {
    const why = [...c.timeline].reverse().find((e) => e.kind === 'rejected' || e.kind === 'diverted')?.detail as { explanation?: string } | undefined
    return { result: why?.explanation ?? '', type: '', photos: [], before: [] }
  }
  if (c.state !== 'resolved' && c.state !== 'closed') return { result: '', type: '', photos: [], before: [] }
  const last = [...c.timeline].reverse().find((e) => e.kind === 'resolved')
  const d = (last?.detail ?? {}) as { text?: string; result_type?: keyof typeof RESULT_PLAIN; photos?: number[]; before?: number[] }
  return { result: d.text ?? '', type: d.result_type ?? '', photos: d.photos ?? [], before: d.before ?? [] }
}

/** Whether somebody who is told that he will be called can be; asked for no longer than somebody would call. */
const callable = (c: Detail): boolean => !c.allowed.includes('updates') || !!c.contact_phone || !!c.on_behalf_of || c.state === 'resolved'

/** What was begun in a sheet and not sent. */
interface Adding {
  words: string
  adding: string[]
  saying: Voice[]
}
const EMPTY: Adding = { words: '', adding: [], saying: [] }

/** What he added and waits here or was refused. */
interface Add {
  key: string
  label: string
  text: string
  why: string
  /** When it goes by itself. */
  goes: string
  /** The sheet in which he finds it again; empty when it waits, or nothing of it is left, or nothing may be added any more. */
  back: Sheet
}
/** What does not fit as one of them may as the other: a matter was closed meanwhile, or opened again. */
function backTo(a: Action, allowed: readonly string[]): Sheet {
  const left = filesLeft(a)
  if (a.state !== 'refused' || (written(a) === '' && left.photos.length + left.voices.length === 0)) return ''
  const ways: Sheet[] = a.verb === 'reopening' ? ['reopening', 'updates'] : ['updates', 'reopening']
  const way = ways.find((w) => allowed.includes(w)) ?? ''
  return a.body['contact_phone'] === undefined ? way : way === 'updates' ? 'phone' : ''
}

/** Somebody else moved it meanwhile; so often he is followed. */
const MOVED = ['version_conflict', 'move_not_allowed']
const TRIES = 4

const lastSeen = (e: Problem): string => `${e.offline ? '没有网络' : '系统暂时繁忙'}，这是上次看到的内容。`
/** The one step that helps where nothing is done here any more; `call`: it dials. */
interface Onward {
  text: string
  call: string
  url: string
}
const NOWHERE_ON: Onward = { text: '', call: '', url: '' }

/** What is over or goes on elsewhere is no dead end. */
function onwardOf(c: Detail): Onward {
  if (c.allowed.includes('reopening')) return NOWHERE_ON
  if (c.state === 'merged' && c.lead?.id) return { text: '看一起办理的那件', call: '', url: `/pages/case/index?id=${c.lead.id}` }
  if (c.state === 'merged') return c.lead?.resolved_at || c.lead?.state === 'rejected' ? { text: '再次求助', call: '', url: '/pages/ask/index' } : NOWHERE_ON
  if (c.state === 'cancelled' || c.state === 'closed') return { text: '再次求助', call: '', url: '/pages/ask/index' }
  const office = phonesOf(street())[0]
  return c.state === 'rejected' && c.responsible.length === 0 && office ? { text: `打电话问一问 ${office.number}`, call: office.number, url: '' } : NOWHERE_ON
}

/** Nobody answers for it yet, and it is not over. */
const nobodys = (c: Detail): boolean => c.responsible.length === 0 && ['submitted', 'triage', 'assigned'].includes(c.state)
/** Whom to call meanwhile: the street's own telephone, and the one that is always answered. */
const officeOf = (): (Person & { aside: string })[] => phonesOf(street()).slice(0, 2).map((p) => ({ name: p.whose, aside: p.aside, role: 'office', role_zh: '', office_phone: p.number }))

/** What the box of a request that was just sent says is past when somebody has taken it. */
const fresh = (c: Detail): boolean => ['submitted', 'triage', 'assigned'].includes(c.state)

const NO_RIGHTS = { updates: false, reminder: false, cancellation: false, confirmation: false, rating: false, reopening: false, appeal: false }

export default Page({
  data: {
    pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'case', error: { title: '', next: '', retry: true } as Told,
    told: '', grid: '', state: '', tone: '' as Tone, number: '', next: '', silence: '', rest: AT_WORK, urge: NO_URGE, stale: '', overdue: false, lines: [] as { number: string; text: string }[],
    callable: true, meeting: '', question: '', answers: [] as { label: string; grid: string }[], resultHeading: '', result: '', resultType: '', resultPhotos: [] as string[], beforePhotos: [] as string[], wayPhotos: [] as string[],
    back: '', people: [] as Person[], nobody: false, text: '', category: '', reported: '', photos: [] as string[], voices: [] as Voice[], steps: [] as Step[], adds: [] as Add[],
    phone: '', phoneKept: false, allows: NO_RIGHTS, main: '' as '' | 'confirmation' | 'reminder' | 'reopening', bar: false, lead: false, add: '补充情况', addTo: 'updates' as Sheet, onward: NOWHERE_ON,
    sheet: '' as Sheet, sheetHeading: '', sheetLabel: '', sheetNeeds: '', sheetAction: '', words: '', adding: [] as string[], saying: [] as Voice[], marks: MARKS as unknown as { value: string; label: string }[],
    result5: '', attitude5: '', busy: false, problem: '',
  },
  /** Not for the view. */
  id: 0,
  mine: [] as readonly Action[],
  seen: null as Detail | null,
  pictures: pictures(),
  begun: null as unknown as Begun<Sheet, Adding>,
  /** Something came while a sheet was open. */
  news: false,
  stop: (() => undefined) as () => void,

  onLoad(query: Record<string, string | undefined>) {
    this.id = Number(query['id'])
    this.pictures = pictures()
    this.begun = new Begun('adding', this.id)
    patch(this, { told: query['told'] ? decodeURIComponent(query['told']) : '' })
  },
  onShow() {
    patch(this, { pageStyle: pageStyle() })
    this.stop()
    this.stop = watchCase(this, (mine) => {
      this.mine = mine
      this.list()
    })
    void this.refresh()
  },
  onHide() {
    this.stop()
  },
  onUnload() {
    this.said()
    this.stop()
  },
  /** Who closes the sheet or the page while he speaks finds his words when he opens it again. */
  said() {
    const { sheet, words, adding, saying } = this.data
    if (sheet !== '') inherit((v) => this.begun.keep(sheet, { words, adding, saying: [...saying, v] }))
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  /** `then`: what is to be in sight afterwards; a result that came meanwhile comes before it. */
  async refresh(then = '') {
    this.news = false
    try {
      const { c, old } = await readCase(this.id)
      // What is shown already stays as it is; why nothing newer came is said in passing.
      if (old !== null && this.data.view === 'case') throw old
      const came = this.seen !== null && this.seen.state !== 'resolved' && c.state === 'resolved'
      this.show(c)
      const to = came ? '#now' : then
      if (to !== '' && this.data.sheet === '') wx.nextTick(() => see(to, { first: true }))
      patch(this, { stale: old === null ? '' : lastSeen(old) })
    } catch (e) {
      if (passing(e) && this.data.view === 'case') return patch(this, { stale: lastSeen(e) })
      patch(this, { view: denied(e) ? 'denied' : 'error', error: tell(e) })
    }
  },
  list() {
    const allowed = this.seen?.allowed ?? []
    patch(this, { adds: this.mine.map((a) => ({ key: a.key, label: a.verb === 'reopening' ? '重新办理' : '补充的情况', text: String(a.body['text'] ?? a.body['reason'] ?? ''), why: a.state === 'refused' ? a.why : '', goes: goes(actions.restsUntil(a)), back: backTo(a, allowed) })) })
  },
  show(c: Detail) {
    this.seen = c
    this.list()
    const may = (verb: string) => c.allowed.includes(verb)
    const allows = { updates: may('updates'), reminder: may('reminder'), cancellation: may('cancellation'), confirmation: may('confirmation'), rating: may('rating'), reopening: may('reopening'), appeal: may('appeal'), agreement: may('agreement') }
    const result = latestResult(c)
    const open = c.triage?.question && may('answer') ? c.triage.question : null
    const late = urge(c)
    const asksWhere = may('answer') && open === null
    const bare = standing(c)
    if (this.data.told !== '' && !fresh(c)) patch(this, { told: '' })
    const main = allows.confirmation ? 'confirmation' : late.due ? 'reminder' : c.state === 'closed' && allows.reopening ? 'reopening' : ''
    patch(this, {
      view: 'case', grid: c.grid.small?.name ?? c.grid.large?.name ?? '街道工作人员', state: bare.word, tone: bare.tone, number: c.number,
      next: glue(nextStep(c)), silence: glue(silence(c)), rest: restOf(c), urge: { ...late, says: glue(late.says) }, overdue: c.overdue, lines: c.state === 'closed' || c.state === 'cancelled' ? [] : c.emergency, resultHeading: c.state !== 'rejected' ? '处理结果' : c.rejection === 'legal_procedure' ? '请到哪里办理' : '没有受理的原因', question: glue(open?.text ?? ''), answers: open?.answers ?? [],
      result: result.result, resultType: result.type === '' ? '' : RESULT_PLAIN[result.type], back: backAgain(c)?.words ?? '', nobody: nobodys(c), people: nobodys(c) ? officeOf() : (c.lead ?? c).responsible, text: c.text, category: categoryLabel(c.category),
      callable: callable(c), meeting: may('agreement') && c.held_until ? when(c.held_until) : '', reported: when(c.reported_at), steps: story(c, true), voices: spoken(c), phone: c.contact_phone ?? '', phoneKept: c.phone_kept_here, allows, main,
      // While he is asked, the answers are what is to be tapped.
      bar: main !== '' || (allows.updates && !open), onward: onwardOf(c),
      // The question of the time has its own button, and one is enough.
      lead: waitsForYou(c) && !may('agreement'), add: asksWhere ? '补充地址' : restOf(c).papers ? '补充材料' : '补充情况', addTo: asksWhere ? 'place' : 'updates',
    })
    // Its own telephone comes before the one that was always known.
    if (nobodys(c)) void askStreet().then(() => this.data.nobody && patch(this, { people: officeOf() }))
    if (c.state === 'rejected') void askStreet().then(() => patch(this, { onward: onwardOf(c) }))
    const theirs = onTheWay(c)
    const ofResult = [...result.before, ...result.photos]
    void this.picture([c.photos.filter((id) => !theirs.includes(id)), result.photos, result.before, theirs.filter((id) => !ofResult.includes(id))])
  },
  async picture(lists: number[][]) {
    const [photos, resultPhotos, beforePhotos, wayPhotos] = (await this.pictures(lists)) ?? []
    if (photos) patch(this, { photos, resultPhotos, beforePhotos, wayPhotos })
  },

  onSheet(e: WechatMiniprogram.CustomEvent<object, object, { sheet: Exclude<Sheet, ''> }>) {
    this.open(e.currentTarget.dataset.sheet)
  },
  open(sheet: Exclude<Sheet, ''>) {
    const s = SHEETS[sheet]
    // A matter that was closed comes back; one that was not finished goes on.
    const back = sheet === 'reopening' && this.data.main === 'reopening'
    const heading = back ? AGAIN.heading : sheet === 'updates' && this.data.rest.papers ? '补充材料' : sheet === 'phone' && this.data.phone ? '换一个电话' : s.heading
    patch(this, { sheet, ...(this.begun.of(sheet) ?? EMPTY), sheetHeading: heading, sheetLabel: back ? AGAIN.label : s.label, sheetNeeds: back ? AGAIN.needs : s.needs, sheetAction: s.action, problem: '', result5: '', attitude5: '' })
  },
  onClose() {
    this.said()
    patch(this, { sheet: '' })
    if (this.news) void this.refresh()
  },
  keep(d: Partial<Adding>) {
    patch(this, { ...d, problem: '' })
    const { sheet, words, adding, saying } = this.data
    this.begun.keep(sheet, { words, adding, saying })
  },
  onWords(e: Value) {
    this.keep({ words: e.detail.value })
  },
  onAdding(e: WechatMiniprogram.CustomEvent<{ paths: string[] }>) {
    this.keep({ adding: e.detail.paths })
  },
  onSaying(e: WechatMiniprogram.CustomEvent<{ voices: Voice[] }>) {
    this.keep({ saying: e.detail.voices })
  },
  /** A number is his to take back, whatever became of the request. */
  async onForgetPhone() {
    const sure = await wx.showModal({ title: '删除这个号码？', content: '删除后，负责的人看不到它，也不会再打给您。诉求照常办理。', confirmText: '删除', cancelText: '留着' })
    if (!sure.confirm) return
    try {
      await forgetCasePhone(this.id)
      void wx.showToast({ title: '号码已删除', icon: 'none', duration: 2500 })
    } catch (e) {
      say(line(e))
    }
    await this.refresh()
  },
  onMyData() {
    void wx.navigateTo({ url: '/resident/data/index' })
  },
  onWhoLooked() {
    void wx.navigateTo({ url: '/resident/data/index?only=looks' })
  },
  /** What was refused is in its sheet again, after what he began there since. */
  onChangeAdd(e: WechatMiniprogram.CustomEvent<object, object, { key: string; back: Sheet }>) {
    const { key, back } = e.currentTarget.dataset
    const a = back === '' ? undefined : actions.take(key)
    if (a === undefined || back === '') return
    const begun = this.begun.of(back) ?? EMPTY
    const { photos, voices } = filesLeft(a)
    this.begun.keep(back, { words: [begun.words, written(a)].filter((w) => w !== '').join('\n'), adding: [...begun.adding, ...photos], saying: [...begun.saying, ...voices] })
    this.open(back)
  },
  async onDropAdd(e: WechatMiniprogram.CustomEvent<object, object, { key: string }>) {
    const sure = await wx.showModal({ title: '删除没有发出的内容？', content: '删除后找不回来。', confirmText: '删除', cancelText: '留着' })
    if (sure.confirm) actions.drop(e.currentTarget.dataset.key)
  },
  onResult5(e: Value) {
    patch(this, { result5: e.detail.value })
  },
  onAttitude5(e: Value) {
    patch(this, { attitude5: e.detail.value })
  },
  onAnswer(e: WechatMiniprogram.CustomEvent<object, object, { grid: string; label: string }>) {
    const { grid, label } = e.currentTarget.dataset
    void this.answer({ grid }, label, '已派给负责的人')
  },
  onRightTime() {
    void this.take('agreement', {}, '已告诉网格员时间对')
  },
  onWrongTime() {
    void this.take('resumption', {}, '好的，继续办理，请等网格员再和您约')
  },
  onRemind() {
    void this.take('reminder', { note: '' }, '已替您催办，24 小时内只能催一次')
  },
  async onSubmit() {
    const { sheet, words, adding, saying } = this.data
    if (sheet === '' || this.data.busy) return
    const text = words.trim()
    if (this.data.sheetNeeds !== '' && text === '' && !((sheet === 'updates' || sheet === 'reopening') && adding.length + saying.length > 0)) {
      patch(this, { problem: this.data.sheetNeeds })
      return
    }
    if (sheet === 'phone' && !/^\d{7,12}$/.test(text.replace(/[\s-]/g, ''))) return patch(this, { problem: '请写 11 位手机号，或者带区号的座机' })
    const { result5, attitude5 } = this.data
    // Confirming needs no marks; marks come in pairs. Nothing is ticked beforehand: silence is not praise.
    const rated = result5 !== '' && attitude5 !== ''
    if (!rated && (sheet === 'rating' || (sheet === 'confirmation' && result5 + attitude5 !== ''))) {
      patch(this, { problem: '请把结果和态度都评一下' })
      return
    }
    const marks = { result: Number(result5), attitude: Number(attitude5), comment: text }
    switch (sheet) {
      case 'updates':
        return this.add(additionOf(text, saying), adding, saying)
      case 'phone':
        return this.add(this.data.phone ? '换了联系电话' : '补充了联系电话', [], [], text)
      case 'confirmation':
        return this.take(sheet, rated ? marks : { comment: text }, '谢谢您的确认')
      case 'rating':
        return this.take(sheet, marks, '谢谢您的评价')
      case 'reopening':
        return this.hand(sheet, '重新办理', { reason: stillWrong(text, saying) }, '已重新办理', adding, saying)
      case 'appeal':
        return this.take(sheet, { reason: text }, '申诉已提交')
      case 'cancellation':
        return this.take(sheet, { note: text }, '已撤回')
      case 'place':
        return this.answer({ text }, text, '已收到您补充的地址')
    }
  },
  /** Where it is. Who is asked and finds that somebody was sent meanwhile has said it all the same: it goes to him, as an addition. */
  async answer(body: BodyFor<'answer'>, words: string, done: string) {
    if (this.data.busy || this.seen === null) return
    patch(this, { busy: true, problem: '' })
    try {
      const added = await this.placed(body, words)
      this.sent()
      if (added) say('已经派了人。您写的地址，已作为补充情况发给他')
      else void wx.showToast({ title: done, icon: 'none', duration: 2500 })
    } catch (e) {
      this.failed(e)
    }
    patch(this, { busy: false })
    await this.refresh()
  },
  /** Hands the answer in on what the case is now; true when it went as an addition. */
  async placed(body: BodyFor<'answer'>, words: string): Promise<boolean> {
    for (let c = this.seen, tries = 1; c !== null; tries += 1) {
      try {
        if (!c.allowed.includes('answer')) break
        await act(this.id, 'answer', c.version, body)
        return false
      } catch (e) {
        if (!(e instanceof Problem) || !MOVED.includes(e.code) || tries === TRIES) throw e
        c = await caseDetail(this.id)
        this.seen = c
      }
    }
    const now = this.seen
    if (now === null || !now.allowed.includes('updates')) throw new Problem(409, 'over', `这件诉求已是“${now?.state_zh ?? ''}”，不用再写地址了`)
    const became = await perform(now, 'updates', '补充', { text: `地址：${words}` })
    if (became.kind === 'refused') throw new Problem(422, 'rule_refused', became.why)
    return true
  },
  failed(e: unknown) {
    const why = e instanceof Problem && e.code === 'move_not_allowed' ? '情况刚刚有了变化，现在不能这样做了。页面已为您更新。' : line(e)
    if (this.data.sheet === '') say(why)
    else patch(this, { problem: why })
  },
  add(text: string, adding: string[], saying: Voice[], phone = '') {
    const body = { ...(text === '' ? {} : { text }), ...(phone === '' ? {} : { contact_phone: phone }) }
    return this.hand('updates', '补充', body, '已补充', adding, saying)
  },
  /** What he says waits in this phone like a request, with its photos and recordings. */
  async hand<V extends 'updates' | 'reopening'>(verb: V, label: string, body: BodyFor<V>, done: string, adding: string[], saying: Voice[]) {
    if (this.seen === null) return
    patch(this, { busy: true, problem: '' })
    const became = await perform(this.seen, verb, label, body, adding, saying)
    patch(this, { busy: false })
    if (became.kind === 'refused') {
      patch(this, { problem: became.why })
      return this.refresh()
    }
    this.sent()
    say(became.kind === 'done' ? done : `已记下，${later(became)}自动发出`)
    if (became.kind !== 'done') return
    // The button stands below the record that now says it.
    await this.refresh(verb === 'updates' ? '#story' : '')
  },
  sent() {
    this.begun.drop(this.data.sheet)
    patch(this, { sheet: '', told: '' })
  },
  /** Does one thing and shows what became of it; a case that moved on is shown as it is now. */
  async take<V extends Verb>(verb: V, body: BodyFor<V>, done: string) {
    if (this.data.busy) return
    patch(this, { busy: true, problem: '' })
    try {
      await act(this.id, verb, this.seen?.version ?? 0, body)
      this.sent()
      void wx.showToast({ title: done, icon: 'none', duration: 2500 })
    } catch (e) {
      this.failed(e)
    }
    patch(this, { busy: false })
    await this.refresh()
  },
  onOnward() {
    const { call, url } = this.data.onward
    if (call !== '') void wx.makePhoneCall({ phoneNumber: call }).catch(() => undefined)
    else if (url.includes('?')) void wx.redirectTo({ url })
    else void wx.switchTab({ url })
  },
  onAgain() {
    again(this, '/pages/mine/index')
  },
})
