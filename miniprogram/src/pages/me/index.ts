import { account, cases, gridOf, inbox, keepPhone, myGrid, type MyGrid, type Person, type PersonOnDuty } from '../../utils/api'
import { unreadBulletins } from '../../utils/bulletins'
import { askConsent, knownConsents, left, mayReopen, refreshConsents } from '../../utils/consent'
import { clearDraft, loadDraft } from '../../utils/draft'
import { fontMode, pageStyle, setFontMode, type FontMode } from '../../utils/font-scale'
import { keep } from '../../utils/keep'
import { deskOf, office, startPage, type Desk } from '../../utils/office'
import { patch } from '../../utils/patch'
import { see } from '../../utils/see'
import { dropFiles } from '../../utils/photos'
import { line } from '../../utils/problem'
import { say } from '../../utils/say'
import { setStaff, staff } from '../../utils/session'
import { askStreet, phonesOf, street } from '../../utils/street'

/** Who answers for a place, as its card shows it. */
interface Answers {
  grid: string
  why: string
  people: (Person & Partial<PersonOnDuty>)[]
}
const NOBODY: Answers = { grid: '', why: '', people: [] }

function answersFor(g: MyGrid): Answers {
  const grid = g.grid.small?.name ?? g.grid.large?.name ?? ''
  // How it is looked up is for staff; which place was meant is for whoever asks.
  const why = g.question?.text ?? (grid ? (g.why.split(' → ')[0] ?? '') : (g.how_to_find ?? ''))
  const people: Answers['people'] = [...g.people]
  // The community's telephone, where it is nobody's who already stands above.
  const phone = g.community?.office_phone
  if (phone && !people.some((p) => p.office_phone === phone)) people.push({ name: g.community?.name ?? '', role: 'secretary', role_zh: '社区', office_phone: phone })
  return { grid, why, people }
}

export default Page({
  data: {
    pageStyle: '', view: 'loading' as 'loading' | 'ready', office: '', desk: 'none' as Desk, type: 'auto' as string,
    types: [
      { value: 'auto', label: '跟随微信' },
      { value: 'normal', label: '标准字' },
      { value: 'large', label: '大字' },
    ],
    mine: NOBODY, there: NOBODY, found: '', where: '', whereError: '', looking: false, news: 0, phones: phonesOf(street()), allowed: false, notices: [] as { purpose: string; left: string }[], phone: '', count: '', unread: 0, draft: false,
  },

  onShow() {
    const draft = loadDraft()
    patch(this, { pageStyle: pageStyle(), type: fontMode(), office: office(), desk: deskOf(staff()), phones: phonesOf(street()), draft: draft.text !== '' || draft.photos.length + draft.voices.length > 0 })
    void unreadBulletins().then((news) => patch(this, { news })).catch(() => undefined)
    const kept: unknown = wx.getStorageSync('grid')
    if (typeof kept === 'object' && kept !== null) patch(this, { mine: answersFor(kept as MyGrid) })
    this.notices()
    // What was seen before stands at once; the first time all of it comes together, so that nothing moves under the thumb.
    if (kept || office()) patch(this, { view: 'ready' })
    void Promise.all([this.refresh(), askStreet().then((s) => patch(this, { phones: phonesOf(s) })), refreshConsents().then(() => this.notices())])
      .finally(() => patch(this, { view: 'ready' }))
  },
  notices() {
    patch(this, { allowed: knownConsents().some((c) => !c.staff && c.before), notices: knownConsents().map((c) => ({ purpose: c.purpose_zh, left: left(c) })) })
  },
  async onNotices() {
    const { came } = await askConsent()
    this.notices()
    await mayReopen(came)
  },
  async refresh() {
    try {
      const [me, mine, told] = await Promise.all([account(), cases({ limit: 100, reported_by_me: true }), inbox()])
      setStaff(me.staff ?? null)
      patch(this, {
        unread: told.unread, phone: me.phone ?? '', office: office(), desk: deskOf(me.staff ?? null),
        count: mine.cases.length === 0 ? '还没有' : `${mine.cases.length}${mine.next ? '+' : ''} 件`,
      })
      if (!me.staff) await this.own()
    } catch {
      patch(this, { count: this.data.count || '现在看不到' })
    }
  },
  /** Who answers for his home stays in this phone: that number is wanted when nothing works. */
  async own() {
    try {
      const g = await myGrid()
      keep('grid', g)
      patch(this, { mine: answersFor(g) })
    } catch {
      // The one seen last stands.
    }
  },
  onWhere(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    patch(this, { where: e.detail.value, whereError: '' })
  },
  async onLookUp() {
    const where = this.data.where.trim()
    if (where === '') return patch(this, { whereError: '请写小区和楼号' })
    patch(this, { looking: true, whereError: '' })
    try {
      patch(this, { there: answersFor(await gridOf(where)), found: where })
      wx.nextTick(() => see('#there'))
    } catch (e) {
      patch(this, { whereError: line(e) })
    }
    patch(this, { looking: false })
  },
  onEntry(e: WechatMiniprogram.TouchEvent<object, object, { url: string }>) {
    void wx.navigateTo({ url: e.currentTarget.dataset.url })
  },
  onType(e: WechatMiniprogram.CustomEvent<{ value: string }>) {
    setFontMode(e.detail.value as FontMode)
    patch(this, { type: e.detail.value, pageStyle: pageStyle() })
  },
  onChannels() {
    void wx.navigateTo({ url: '/worker/channels/index' })
  },
  onInbox() {
    void wx.navigateTo({ url: '/pages/inbox/index' })
  },
  onDesk() {
    startPage(true)
  },
  onBind() {
    void wx.navigateTo({ url: '/worker/bind/index' })
  },
  onCall(e: WechatMiniprogram.TouchEvent<object, object, { phone: string }>) {
    void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
  },
  async onPhone(e: WechatMiniprogram.CustomEvent<{ code?: string }>) {
    if (!e.detail.code) return void wx.showToast({ title: '没有取到手机号', icon: 'none' })
    try {
      patch(this, { phone: (await keepPhone(e.detail.code)).phone })
    } catch (e2) {
      say(line(e2))
    }
  },
  onDropDraft() {
    const { photos, voices } = loadDraft()
    dropFiles([...photos, ...voices.map((v) => v.path)])
    clearDraft('')
    patch(this, { draft: false })
  },
})
