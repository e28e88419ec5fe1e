import { consents, myDuty, signDuty, type Consent, type Duty } from '../../utils/api'
import { askMore, counted, mayReopen, noticesLeft, renewNotices, toRenew, type Came } from '../../utils/consent'
import { keep } from '../../utils/keep'
import { isOnline } from '../../utils/net'
import { line, Problem } from '../../utils/problem'
import { standing } from '../../utils/shift'
import type { Tone } from '../../utils/words'

const KEPT = 'duty'
const AWAY = { on: '没有网络，到岗没有记上；工单照常派给您。连上网络后请再点一次。', off: '没有网络，离岗没有记上，工单还会派给您。连上网络后请再点一次。' }

/** On or off duty, and how often WeChat may still tell: the first thing at the desk. Reads again when `shown` changes. */
export default Component({
  properties: { shown: { type: Number, value: 0 } },
  data: { title: '', says: '', on: false, tone: '' as Tone, may: false, left: '', ask: '', low: false, warning: '', problem: '', busy: false, renewing: false },
  observers: {
    shown(this: { refresh(): Promise<void> }, n: number) {
      if (n > 0) void this.refresh()
    },
  },
  methods: {
    async refresh() {
      const kept: unknown = wx.getStorageSync(KEPT)
      if (this.data.title === '' && typeof kept === 'object' && kept !== null) this.setData(standing(kept as Duty))
      try {
        const [duty, all] = await Promise.all([myDuty(), consents()])
        this.stand(duty)
        this.count(duty, all.consents)
      } catch {
        // The list below says that there is no network; what was known last stays.
      }
    },
    stand(d: Duty) {
      keep(KEPT, d)
      this.setData({ ...standing(d), warning: d.warning ?? '' })
      ;(this as unknown as { duty: Duty }).duty = d
    },
    count(d: Duty, all: readonly Consent[]) {
      ;(this as unknown as { all: readonly Consent[] }).all = all
      this.setData({ left: all.length === 0 ? '' : noticesLeft(d, all), ask: askMore(all), low: toRenew(all).length > 0 })
    },
    known(): readonly Consent[] {
      return (this as unknown as { all?: readonly Consent[] }).all ?? []
    },
    onSwitch(e: WechatMiniprogram.CustomEvent<{ value: boolean }>) {
      if (!e.detail.value) return void this.goOff()
      // Begun in the tap itself: WeChat opens its question nowhere else.
      const asked = isOnline() ? renewNotices(toRenew(this.known())) : Promise.resolve<Came>('refused')
      void this.sign(true).then(() => asked).then((came) => this.settle(came))
    },
    onOff() {
      void this.goOff()
    },
    async goOff() {
      if (!isOnline()) return this.setData({ problem: AWAY.off })
      const open = (this as unknown as { duty?: Duty }).duty?.open_urgent.length ?? 0
      // With urgent cases open the server asks, and names them; one question is enough.
      if (open === 0) {
        const said = await wx.showModal({ title: '现在离岗？', content: '离岗后，新工单不再通知您，到这个班结束为止。社区干部会知道哪里没有人。', confirmText: '离岗', cancelText: '不离岗' })
        if (!said.confirm) return
      }
      await this.sign(false)
    },
    async sign(on: boolean, confirm = false): Promise<void> {
      if (!isOnline()) return this.setData({ problem: on ? AWAY.on : AWAY.off })
      this.setData({ busy: true, problem: '' })
      try {
        this.stand(await signDuty(on, confirm))
        void wx.showToast({ title: on ? '已到岗' : '已离岗', icon: 'none' })
      } catch (e) {
        if (e instanceof Problem && e.faults.some((f) => f.code === 'open_urgent')) return await this.confirm(e.sentence)
        this.setData({ problem: e instanceof Problem && e.offline ? (on ? AWAY.on : AWAY.off) : line(e) })
      } finally {
        this.setData({ busy: false })
      }
    },
    async confirm(content: string) {
      const said = await wx.showModal({ title: '还有紧急工单', content, confirmText: '仍要离岗', cancelText: '先去办' })
      if (said.confirm) await this.sign(false, true)
    },
    onRenew() {
      this.setData({ renewing: true })
      void renewNotices(toRenew(this.known())).then((came) => this.settle(came).then(() => mayReopen(came)))
    },
    /** Shows what the server counted, not what was tapped. */
    async settle(came: Came) {
      await counted(came)
      this.setData({ renewing: false })
      try {
        const [duty, all] = await Promise.all([myDuty(), consents()])
        this.count(duty, all.consents)
      } catch {
        // The next look counts again.
      }
    },
  },
})
