import { triage, type Detail, type Position } from '../../utils/api'
import { later, perform } from '../../utils/actions'
import { readCase, watchCase } from '../../utils/case-page'
import { openCases, rowOf, unsaid } from '../../utils/desk'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { ownGrids } from '../../utils/grids'
import { says } from '../../utils/likely'
import { patch } from '../../utils/patch'
import { pictures } from '../../utils/photos'
import { again, denied, line, passing, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import type { Tone } from '../../utils/words'

interface Option {
  value: string
  label: string
  hint: string
}
interface Mark {
  id: number
  latitude: number
  longitude: number
  width: number
  height: number
  callout: { content: string; display: 'ALWAYS'; padding: number; borderRadius: number; fontSize: number; color: string; bgColor: string; textAlign: 'center' }
}
/** The map's own labels, which no style sheet reaches; the map is light in both themes. */
function mark(id: number, words: string, at: Position): Mark {
  return { id, latitude: at.lat, longitude: at.lon, width: 24, height: 32, callout: { content: words, display: 'ALWAYS', padding: 8, borderRadius: 6, fontSize: 16, color: '#14202b', bgColor: '#ffffff', textAlign: 'center' } }
}
const PLACE = 99
/** Beside numbers of houses and of grids a number of the map would say a third thing. */
const letter = (i: number): string => String.fromCharCode(65 + i)

function marksOf(c: Detail, grids: readonly string[]): Mark[] {
  const found = grids.flatMap((id, i) => {
    const one = c.candidates.find((g) => g.grid.id === id)
    return one?.position ? [mark(i + 1, letter(i), one.position)] : []
  })
  return c.position && c.position.source !== 'grid' ? [...found, mark(PLACE, c.position.source_zh, c.position)] : found
}
const GONE: Told = { title: '这件工单现在不归您派', next: '可能已转给别处，请回到列表看看。', retry: false }
/** What happened to it while he looked, and who did it. */
function meanwhile(c: Detail): string {
  const last = [...c.timeline].reverse().find((e) => MOVED.includes(e.kind))
  const by = last === undefined ? '' : last.name ? `${last.role_zh} ${last.name} ` : last.role_zh
  return `${last === undefined ? '' : `${by}${last.kind_zh}。`}这件工单现在是“${c.state_zh}”。`
}
/** What takes a case out of the hands of whoever places it. */
const MOVED: readonly Detail['timeline'][number]['kind'][] = ['assigned', 'acknowledged', 'cancelled', 'merged', 'rejected', 'diverted']
type Value = WechatMiniprogram.CustomEvent<{ value: string }>

export default Page({
  data: {
    pageStyle: '', note: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'case', error: { title: '', next: '', retry: true } as Told,
    why: '', due: '', dueTone: '' as Tone, text: '', address: '', number: '', category: '', time: '', reason: '', question: '', phone: '', photos: [] as string[],
    grids: [] as Option[], likely: [] as Option[], rest: [] as Option[], marks: [] as Mark[], grid: '', gridName: '', words: '', mayMerge: false, sheet: '' as '' | 'merge', others: [] as Option[], into: '', busy: false, problem: '',
  },
  id: 0,
  seen: null as Detail | null,
  /** Whether the grids of the community are among what is offered. */
  offered: false,
  shown: false,
  /** Something came while a sheet was open. */
  news: false,
  pictures: pictures(),
  stop: (() => undefined) as () => void,

  onLoad(query: Record<string, string | undefined>) {
    this.id = Number(query['id'])
    this.pictures = pictures()
  },
  onShow() {
    patch(this, { pageStyle: pageStyle() })
    this.shown = true
    this.stop()
    this.stop = watchCase(this, () => undefined)
    void this.refresh()
  },
  onHide() {
    this.leave()
  },
  onUnload() {
    this.leave()
  },
  leave() {
    this.shown = false
    this.stop()
  },
  /** `why` what he just wanted was refused: the page that follows would not say it. */
  async refresh(why = '') {
    this.news = false
    try {
      const { c, old } = await readCase(this.id)
      if (!this.shown) return
      if (!c.allowed.includes('assignment')) return void this.onward(c, why)
      this.seen = c
      const r = rowOf(c)
      patch(this, {
        view: 'case', why: c.triage?.reason_zh ?? c.state_zh, due: r.due, dueTone: r.dueTone, text: c.text, address: c.address ?? '', number: c.number, category: r.category,
        time: r.time, reason: c.place_reason, question: glue(c.triage?.question?.text ?? ''), phone: c.on_behalf_of?.phone ?? c.contact_phone ?? '', mayMerge: c.allowed.includes('merge'),
        note: old === null ? '' : `${old.offline ? '没有网络' : '系统暂时繁忙'}：看到的是上次的内容，操作会先记下。`,
      })
      if (!this.offered) await this.offer(c)
      const [photos] = (await this.pictures([c.photos])) ?? []
      if (photos) patch(this, { photos })
    } catch (e) {
      // What is shown already, and what was chosen in it, stays.
      if (passing(e) && this.data.view === 'case') return patch(this, { problem: this.data.problem || line(e) })
      patch(this, { view: denied(e) ? 'denied' : 'error', error: denied(e) && this.seen !== null ? GONE : tell(e) })
    }
  },
  /** It is placed, or over: whoever looked at it reads what came before the page goes on. */
  async onward(c: Detail, why: string) {
    this.leave()
    if (why !== '') await wx.showModal({ title: '没有提交', content: why, showCancel: false, confirmText: '看看工单' })
    else if (this.seen !== null) await wx.showModal({ title: '不用再派单', content: meanwhile(c), showCancel: false, confirmText: '看看工单' })
    void wx.redirectTo({ url: `/worker/case/index?id=${this.id}` })
  },
  /** What the resident is asked comes first, in the order of the question, then other likely grids, each with its letter on the map; then the rest of the community. */
  async offer(c: Detail) {
    const own = await ownGrids().catch((e: unknown) => {
      if (this.data.note === '') patch(this, { problem: line(e) })
      return null
    })
    this.offered = own !== null
    const asked = new Map((c.triage?.question?.answers ?? []).map((a) => [a.grid, a.label] as const))
    const tells = says(c.candidates)
    const answers = [...asked.keys()]
    const place = (g: Detail['candidates'][number]) => (answers.includes(g.grid.id) ? answers.indexOf(g.grid.id) : answers.length)
    const likely = c.candidates.filter((g) => g.p >= 0.01).sort((a, b) => place(a) - place(b)).map((g, i) => ({
      value: g.grid.id, label: g.grid.name,
      hint: [asked.get(g.grid.id), tells ? `系统判断可能性 ${Math.round(g.p * 100)}%` : '', g.position ? `在地图上的 ${letter(i)} 处` : '地图上没有标出'].filter(Boolean).join('，'),
    }))
    const rest = (own ?? []).filter((g) => !likely.some((l) => l.value === g.id)).map((g) => ({ value: g.id, label: g.name, hint: '' }))
    patch(this, { grids: [...likely, ...rest], likely, rest, marks: marksOf(c, likely.map((l) => l.value)) })
  },
  /** A tap on a letter of the map chooses that grid. */
  onMark(e: WechatMiniprogram.CustomEvent<{ markerId: number }>) {
    const one = this.data.grids[e.detail.markerId - 1]
    if (one) patch(this, { grid: one.value, gridName: one.label, problem: '' })
  },
  onGrid(e: Value) {
    const grid = e.detail.value
    patch(this, { grid, gridName: this.data.grids.find((g) => g.value === grid)?.label ?? '', problem: '' })
  },
  onWords(e: Value) {
    patch(this, { words: e.detail.value, problem: '' })
  },
  onCall() {
    void wx.makePhoneCall({ phoneNumber: this.data.phone }).catch(() => undefined)
  },
  onWhole() {
    void wx.navigateTo({ url: `/worker/case/index?id=${this.id}&whole=1` })
  },
  async onMergeOpen() {
    patch(this, { sheet: 'merge', into: '', problem: '' })
    try {
      // Two that wait here may be the same matter as well.
      const [waiting, open] = await Promise.all([triage({ limit: 100 }), openCases()])
      patch(this, { others: [...waiting.cases, ...open].filter((c) => c.id !== this.id).map((c) => ({ value: String(c.id), label: c.text, hint: `${c.number}　${c.state_zh}` })) })
    } catch (e) {
      patch(this, { problem: line(e) })
    }
  },
  onMergeClose() {
    patch(this, { sheet: '', problem: '' })
    if (this.news) void this.refresh()
  },
  onInto(e: Value) {
    patch(this, { into: e.detail.value, problem: '' })
  },
  async onAssign() {
    await this.take('assignment', '派单', { grid: this.data.grid, reason: this.data.words.trim() || unsaid(this.data.gridName) })
  },
  async onMerge() {
    await this.take('merge', '并案', { into: Number(this.data.into), reason: '同一件事' })
  },
  async take(verb: 'assignment' | 'merge', label: string, body: { grid: string; reason: string } | { into: number; reason: string }) {
    if (this.seen === null || this.data.busy) return
    patch(this, { busy: true, problem: '' })
    const r = await perform(this.seen, verb, label, body as never)
    patch(this, { busy: false })
    if (r.kind === 'refused') {
      patch(this, { problem: r.why })
      return void this.refresh(r.why)
    }
    say(r.kind === 'done' ? `已${label}` : `已记下，${later(r)}自动${label}`)
    void wx.navigateBack({ fail: () => void wx.redirectTo({ url: '/cadre/queue/index' }) })
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
