import { channels, testChannel, type Schemas } from '../../utils/api'
import { pageStyle } from '../../utils/font-scale'
import { patch } from '../../utils/patch'
import { again, line, Problem, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import type { Tone } from '../../utils/words'

type Channel = Schemas['ChannelOut']
interface Row {
  channel: string
  name: string
  state: string
  tone: Tone
  why: string
  advice: string
  testable: boolean
}

const TONE: Record<Channel['state'], Tone> = { proven: 'good', untried: 'warn', failed: 'danger', missing: '' }
/** A test message is sent by the engine; its result is in the list a moment later. */
const RESULT_MS = 1_500

const row = (c: Channel): Row => ({
  channel: c.channel, name: c.channel_zh, state: c.state_zh, tone: TONE[c.state], why: c.failed_reason_zh ?? '', advice: c.advice ?? '', testable: c.state !== 'missing' || c.channel === 'oa_template',
})

export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'list', error: { title: '', next: '', retry: true } as Told, headline: '', rows: [] as Row[], busy: '' },
  timer: 0 as unknown as ReturnType<typeof setTimeout>,

  onShow() {
    patch(this, { pageStyle: pageStyle() })
    void this.refresh()
  },
  onUnload() {
    clearTimeout(this.timer)
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  async refresh() {
    try {
      this.show((await channels()).channels)
    } catch (e) {
      const denied = e instanceof Problem && e.status === 403
      // What is shown already stays when the list cannot be read again.
      if (!denied && this.data.view === 'list') return say(line(e))
      patch(this, { view: denied ? 'denied' : 'error', error: denied ? { title: '这里是工作人员的通知渠道', next: '您还没有登记为工作人员。', retry: false } : tell(e) })
    }
  },
  show(all: readonly Channel[]) {
    const proven = all.filter((c) => c.state === 'proven').length
    patch(this, { view: 'list', rows: all.map(row), headline: proven >= 2 ? '通知畅通' : proven === 1 ? '只有一个渠道确认能用' : '还没有确认能收到通知' })
  },
  async onTest(e: WechatMiniprogram.CustomEvent<object, object, { channel: Schemas['Channel'] }>) {
    const { channel } = e.currentTarget.dataset
    patch(this, { busy: channel })
    try {
      this.show((await testChannel(channel)).channels)
      void wx.showToast({ title: '已发出，请看微信里有没有收到【测试】', icon: 'none', duration: 3000 })
      this.timer = setTimeout(() => void this.refresh(), RESULT_MS)
    } catch (e2) {
      say(line(e2))
    } finally {
      patch(this, { busy: '' })
    }
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
