import { correctMyData, eraseMyData, exportMyData, forgetPhone, keepPhone, looks, myData, type Look, type MyData } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { patch } from '../../utils/patch'
import { faultAt, line, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import { when } from '../../utils/time'
import { dropExport, EXPORT_NAME, exportPath, wipe } from '../../utils/wipe'

interface Seen {
  key: string
  who: string
  what: string
  /** "今天", and the time of the last look on that day. */
  day: string
  time: string
  number: string
  /** How often on that day. */
  count: number
}
interface Group {
  key: string
  title: string
  foot: string
  items: { key: string; label: string; value: string }[]
}
type Item = MyData['groups'][number]['items'][number]
type Value = WechatMiniprogram.CustomEvent<{ value: string }>

function seen(l: Look): Seen {
  const [day = '', time = ''] = when(l.at).split(' ')
  return { key: `${l.at}${l.number}${l.role}`, who: `${l.role_zh} ${l.name ?? ''}`.trim(), what: `${l.what_zh}，为了${l.purpose_zh}`, day, time, number: l.number, count: 1 }
}

/** Whoever looks several times on one day stands there once, with how often. */
function gathered(all: readonly Seen[]): Seen[] {
  const rows = new Map<string, Seen>()
  for (const s of all) {
    const same = [s.who, s.what, s.number, s.day].join('|')
    const row = rows.get(same)
    if (row) row.count += s.count
    else rows.set(same, { ...s })
  }
  return [...rows.values()]
}

/** Who signs in every day stands there once, with how often. */
function items(all: MyData['groups'][number]['items']): Group['items'] {
  const rows = new Map<string, string[]>()
  for (const i of all) rows.set(i.label, [...(rows.get(i.label) ?? []), i.value])
  return [...rows].map(([label, values]) => ({ key: label, label, value: glue(values.length > MOST_ALIKE ? `${values[0] ?? ''}；一共 ${values.length} 条` : values.join('；')) }))
}
const MOST_ALIKE = 2

/** What a register calls it, in the words of whoever reads about himself. */
const CALLED: Record<string, string> = { 微信小程序标识: '微信登录', 微信服务号标识: '微信公众号通知', 企业微信标识: '企业微信', 未用于诉求: '还没用上的', 带定位的: '带地图位置的', 网格员确认过的网格: '您家归' }
/** How much room pictures take, and none of something, say nothing to him. */
const EMPTY = /^0 [件张段]/
const plain = (i: Item): Item => ({ label: CALLED[i.label] ?? i.label, value: i.value.replace(/，共 \d+ KB$/, '') })

function group(g: MyData['groups'][number]): Group {
  const told = g.items.filter((i) => !EMPTY.test(i.value)).map(plain)
  // He signs in every day: the last time is what he may wonder about.
  const shown = g.key === 'sessions' ? lastOf(told) : told
  return { key: g.key, title: g.title, foot: `用来${g.purpose}。${g.kept}。`, items: items(shown) }
}
const lastOf = (all: readonly Item[]): Item[] => all.filter((i, at) => !all.slice(at + 1).some((later) => later.label === i.label))

/** What the street keeps about the speaker, in his own hands. */
export default Page({
  data: {
    pageStyle: '', view: 'loading' as 'loading' | 'error' | 'data' | 'gone', error: { title: '', next: '', retry: true } as Told, gone: '', only: false,
    groups: [] as Group[], phone: '', name: '', home: '', errors: { name: '', home: '' }, saving: false,
    looks: [] as Seen[], more: '', reading: false, exported: '', exporting: false,
    mayErase: false, whyNot: '', word: '', erasing: false, typed: '', wrong: '', busy: false,
  },

  onLoad(query: Record<string, string | undefined>) {
    // Whoever asked who looked reads that, and may go on to the rest.
    patch(this, { only: query['only'] === 'looks' })
    if (query['gone'] !== undefined) patch(this, { view: 'gone', gone: decodeURIComponent(query['gone']).replace('微信标识', '微信登录') })
  },
  onShow() {
    patch(this, { pageStyle: pageStyle() })
    // Who was just forgotten is not asked for again: that would make him somebody new.
    if (this.data.view !== 'gone') void this.refresh()
  },
  /** What he did not hand on stays nowhere. */
  onUnload() {
    dropExport()
  },
  async refresh() {
    try {
      const [data, page] = await Promise.all([myData(), looks()])
      this.show(data)
      patch(this, { name: data.name ?? '', home: data.home ?? '', looks: gathered(page.looks.map(seen)), more: page.next ?? '' })
    } catch (e) {
      if (this.data.view !== 'data') patch(this, { view: 'error', error: tell(e) })
    }
  },
  show(d: MyData) {
    patch(this, { view: 'data', groups: d.groups.map(group), phone: d.phone_masked ?? '', mayErase: d.may_erase, whyNot: d.why_not ? glue(`${d.why_not}。`) : '', word: d.confirm_word })
  },
  async onMore() {
    patch(this, { reading: true })
    try {
      const page = await looks(this.data.more)
      patch(this, { looks: gathered([...this.data.looks, ...page.looks.map(seen)]), more: page.next ?? '' })
    } catch (e) {
      say(line(e))
    }
    patch(this, { reading: false })
  },

  onField(e: WechatMiniprogram.CustomEvent<{ value: string }, object, { name: 'name' | 'home' }>) {
    patch(this, e.currentTarget.dataset.name === 'name' ? { name: e.detail.value } : { home: e.detail.value })
  },
  async onSave() {
    const [name, home] = [this.data.name.trim(), this.data.home.trim()]
    patch(this, { saving: true, errors: { name: '', home: '' } })
    try {
      this.show(await correctMyData({ name: name || null, home: home || null }))
      void wx.showToast({ title: '已保存', icon: 'none' })
    } catch (e) {
      patch(this, { errors: { name: faultAt(e, '/name'), home: faultAt(e, '/home') } })
      say(line(e))
    }
    patch(this, { saving: false })
  },
  async onPhone(e: WechatMiniprogram.CustomEvent<{ code?: string }>) {
    if (!e.detail.code) return void wx.showToast({ title: '没有取到手机号', icon: 'none' })
    await this.change(keepPhone(e.detail.code))
  },
  async onForgetPhone() {
    const sure = await wx.showModal({ title: '删除手机号？', content: '以后的诉求要联系您时，只能用您当时写的电话。', confirmText: '删除', cancelText: '留着' })
    if (sure.confirm) await this.change(forgetPhone())
  },
  async change(work: Promise<unknown>) {
    try {
      await work
    } catch (e) {
      say(line(e))
    }
    await this.refresh()
  },

  async onExport() {
    patch(this, { exporting: true })
    try {
      const text = JSON.stringify(await exportMyData(), null, 1)
      await new Promise<void>((resolve, reject) => {
        wx.getFileSystemManager().writeFile({ filePath: exportPath(), data: text, encoding: 'utf8', success: () => resolve(), fail: reject })
      })
      patch(this, { exported: exportPath() })
    } catch (e) {
      say(line(e))
    }
    patch(this, { exporting: false })
  },
  /** WeChat opens this only inside a tap, so the file is made before. */
  onShare() {
    void wx.shareFileMessage({ filePath: this.data.exported, fileName: EXPORT_NAME }).catch(() => undefined)
  },
  onCopy() {
    wx.getFileSystemManager().readFile({
      filePath: this.data.exported,
      encoding: 'utf8',
      success: (r) => void wx.setClipboardData({ data: String(r.data) }),
      fail: () => void wx.showToast({ title: '没有复制成，请再准备一份', icon: 'none' }),
    })
  },

  onAll() {
    patch(this, { only: false })
  },

  onErase() {
    patch(this, { erasing: true, typed: '', wrong: '' })
  },
  onClose() {
    patch(this, { erasing: false })
  },
  onTyped(e: Value) {
    patch(this, { typed: e.detail.value, wrong: '' })
  },
  async onConfirm() {
    const { word, typed } = this.data
    if (typed.trim() !== word) return patch(this, { wrong: `请写“${word}”两个字` })
    const sure = await wx.showModal({ title: '真的全部删除？', content: '删除后谁也找不回来。', confirmText: '删除', cancelText: '先不删' })
    if (!sure.confirm) return
    patch(this, { busy: true })
    try {
      const erased = await eraseMyData(word)
      await wipe()
      // Closes every page: what they hold in memory goes as well.
      void wx.reLaunch({ url: `/resident/data/index?gone=${encodeURIComponent(erased.sentence)}` })
    } catch (e) {
      patch(this, { busy: false, wrong: line(e) })
      await this.refresh()
    }
  },
  onHome() {
    void wx.reLaunch({ url: '/pages/ask/index' })
  },
})
