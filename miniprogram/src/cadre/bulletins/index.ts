import { moveBulletin, ownBulletins, type Bulletin } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { patch } from '../../utils/patch'
import { fetchPhotos } from '../../utils/photos'
import { again, line, Problem, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import { ms, streetNow, until, when } from '../../utils/time'
import type { Tone } from '../../utils/words'

type Step = 'approval' | 'withdrawal'
interface Row {
  id: number
  title: string
  text: string
  state: string
  tone: Tone
  urgent: boolean
  where: string
  facts: string[]
  read: string
  steps: { step: Step; label: string; kind: string }[]
}
const STEP: Record<Step, { label: string; kind: string; ask: string; yes: string }> = {
  approval: { label: '同意发布', kind: 'primary', ask: '同意后，全街道居民马上能看到。', yes: '同意' },
  withdrawal: { label: '撤回公告', kind: 'quiet', ask: '撤回后，居民再也看不到这条公告。', yes: '撤回' },
}

function rowOf(b: Bulletin, now = streetNow()): Row {
  const over = b.state === 'published' && ms(b.until) < now
  const waits = b.state === 'published' && ms(b.from) > now
  return {
    id: b.id, title: b.title, text: b.text, urgent: b.urgent, where: b.whole_street ? '全街道' : b.grids.map((g) => g.name).join('、'),
    state: over ? '已到期' : waits ? `${when(b.from, now)}开始` : b.state_zh, tone: b.state === 'draft' ? 'warn' : b.state === 'published' && !over ? 'good' : '',
    facts: [b.author ?? b.issuer, when(b.published_at ?? b.created_at, now), `有效到${until(b.until, now)}`],
    read: b.reach ? glue(`已读：居民 ${b.reach.residents} 人，工作人员 ${b.reach.staff} 人`) : '',
    steps: (b.allowed as Step[]).filter((s) => s in STEP).map((step) => ({ step, label: STEP[step].label, kind: STEP[step].kind })),
  }
}

export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'empty' | 'list', error: { title: '', next: '', retry: true } as Told, rows: [] as Row[], moving: 0, loud: 0, whole: '', heading: '', photos: [] as string[] },
  found: [] as Bulletin[],
  open: 0,

  onShow() {
    patch(this, { pageStyle: pageStyle() })
    void this.refresh()
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  async refresh() {
    try {
      const { bulletins } = await ownBulletins()
      this.found = bulletins
      const rows = bulletins.map((b) => rowOf(b))
      // What waits for somebody's word is louder than writing another one.
      patch(this, { view: rows.length === 0 ? 'empty' : 'list', rows, loud: rows.find((r) => r.steps.some((s) => s.kind === 'primary'))?.id ?? 0 })
    } catch (e) {
      const denied = e instanceof Problem && e.status === 403
      if (denied || this.data.view !== 'list') patch(this, { view: denied ? 'denied' : 'error', error: denied ? { title: e.sentence, next: '', retry: false } : tell(e) })
    }
  },
  async onOpen(e: WechatMiniprogram.TouchEvent<object, object, { id: number }>) {
    const b = this.found.find((x) => x.id === e.currentTarget.dataset.id)
    if (b === undefined) return
    patch(this, { heading: b.title, whole: b.text, photos: [] })
    this.open = b.id
    const photos = await fetchPhotos(b.photos)
    // Another one may be open by now.
    if (this.open === b.id) patch(this, { photos })
  },
  onClose() {
    patch(this, { whole: '' })
  },
  async onStep(e: WechatMiniprogram.CustomEvent<object, object, { id: number; step: Step }>) {
    const { id, step } = e.currentTarget.dataset
    const { label, ask, yes } = STEP[step]
    const said = await wx.showModal({ title: `${label}？`, content: ask, confirmText: yes, cancelText: '先不' })
    if (!said.confirm) return
    patch(this, { moving: id })
    try {
      await moveBulletin(id, step)
      void wx.showToast({ title: `已${yes}`, icon: 'none' })
    } catch (e2) {
      say(line(e2))
    } finally {
      patch(this, { moving: 0 })
      void this.refresh()
    }
  },
  onWrite() {
    void wx.navigateTo({ url: '/cadre/write/index' })
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
