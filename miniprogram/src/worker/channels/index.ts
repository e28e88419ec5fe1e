import { channels, consents, followCode, testChannel, type Consent, type FollowCode, type Schemas } from '../../utils/api'
import { counted, left, mayReopen, renewNotices, toRenew } from '../../utils/consent'
import { pageStyle } from '../../utils/font-scale'
import { glue } from '../../utils/glue'
import { patch } from '../../utils/patch'
import { again, line, Problem, tell, type Told } from '../../utils/problem'
import { say } from '../../utils/say'
import { clock, ms, streetNow } from '../../utils/time'
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
  /** Of the official account: what the button says that shows the code to follow it. */
  follow: string
}
/** The code that is shown, or why there is none. */
interface Code {
  image: string
  says: string
  problem: string
  /** What the button says that asks for another one; empty before the first. */
  again: string
}
const NO_CODE: Code = { image: '', says: '', problem: '', again: '' }
const ANOTHER = '换一个新码'

const STATE: Record<Channel['state'], string> = { proven: '能收到', untried: '还没试过', failed: '收不到', missing: '还没开通' }
const TONE: Record<Channel['state'], Tone> = { proven: 'good', untried: 'warn', failed: 'danger', missing: '' }
/** A test message is sent by the engine; its result is in the list a moment later. */
const RESULT_MS = 1_500

const row = (c: Channel): Row => ({
  channel: c.channel, name: c.channel_zh, state: STATE[c.state], tone: TONE[c.state], why: c.failed_reason_zh ?? '', advice: c.advice ?? '', testable: c.state !== 'missing' || c.channel === 'oa_template',
  follow: c.channel !== 'oa_template' ? '' : c.state === 'proven' ? '换一个微信来关注' : '扫码关注服务号',
})

export default Page({
  data: { pageStyle: '', view: 'loading' as 'loading' | 'error' | 'denied' | 'list', error: { title: '', next: '', retry: true } as Told, headline: '', rows: [] as Row[], busy: '', left: '', low: false, renewing: false, code: NO_CODE, asking: false },
  known: [] as readonly Consent[],
  made: null as FollowCode | null,
  over: 0 as unknown as ReturnType<typeof setTimeout>,
  timer: 0 as unknown as ReturnType<typeof setTimeout>,

  onShow() {
    patch(this, { pageStyle: pageStyle() })
    // A phone that slept has missed the hour.
    if (this.made !== null && ms(this.made.expires_at) <= streetNow()) this.expire()
    void this.refresh()
  },
  onUnload() {
    clearTimeout(this.timer)
    clearTimeout(this.over)
  },
  async onPullDownRefresh() {
    await this.refresh()
    void wx.stopPullDownRefresh()
  },
  async refresh() {
    try {
      // How often WeChat may still tell is no reason to show no channels.
      const [ways, may] = await Promise.all([channels(), consents().catch(() => null)])
      if (may !== null) this.count(may.consents)
      this.show(ways.channels)
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
  count(all: readonly Consent[]) {
    this.known = all
    patch(this, { left: all.filter((c) => c.staff).map((c) => `${c.purpose_zh}：${left(c)}`).join('；'), low: toRenew(all).length > 0 })
  },
  /** A reminder to renew leads here and names this button. Asked in the tap itself: WeChat opens its question nowhere else. */
  async onRenew() {
    patch(this, { renewing: true })
    const came = await renewNotices(toRenew(this.known))
    await counted(came)
    await this.refresh()
    patch(this, { renewing: false })
    await mayReopen(came)
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
  /** A code is good for one scan and a few minutes; each makes the last one void. */
  async onFollow() {
    if (this.data.asking) return
    clearTimeout(this.over)
    this.made = null
    patch(this, { asking: true, code: NO_CODE })
    try {
      const made = await followCode()
      this.made = made
      this.over = setTimeout(() => this.expire(), Math.max(0, ms(made.expires_at) - streetNow()))
      patch(this, { code: { image: made.image_url, says: glue(`只给您一个人用，${clock(made.expires_at)} 前有效。`), problem: '', again: ANOTHER } })
    } catch (e) {
      patch(this, { code: { ...NO_CODE, problem: line(e), again: '再试一次' } })
    } finally {
      patch(this, { asking: false })
    }
  },
  expire() {
    this.made = null
    patch(this, { code: { ...NO_CODE, problem: '这个码过期了。', again: ANOTHER } })
  },
  /** The picture comes from WeChat, not from us. */
  onNoPicture() {
    patch(this, { code: { ...NO_CODE, problem: '二维码没有显示出来，请检查网络后再试一次。', again: '再试一次' } })
  },
  onAgain() {
    again(this, '/pages/me/index')
  },
})
