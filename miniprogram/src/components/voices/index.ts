import { dropFiles } from '../../utils/photos'
import { LONGEST_S, mayRecord, play, record, stopPlaying, stopRecording, type Failure, type Voice } from '../../utils/voices'

/** A shorter touch is a tap: it begins, and the next one ends. Screen readers and stiff hands do so. */
const TAP_MS = 400
/** A tap that follows a touch belongs to it. */
const SAME_MS = 1_000
const WHY: Record<Failure | 'brief', string> = {
  denied: '没有允许用麦克风，录不了音。点下面的“去打开麦克风”，把“麦克风”打开，再回来说话。也可以点键盘上的话筒，说的话会变成文字。',
  privacy: '没有同意隐私指引，录不了音；写字一样能发，也可以点键盘上的话筒说。',
  short: '太短了，没有录上。请按住说完再松开。',
  /** Of who tapped instead of holding. */
  brief: '太短了，没有录上。请说完再点一下。',
  broken: '没有录上，请再试一次，或点键盘上的话筒说。',
}
const READY = '可以说了：按住说话，或点一下'
interface Hidden {
  downAt: number
  held: boolean
  timer: ReturnType<typeof setInterval> | undefined
  gone: boolean
}
const hidden = (self: unknown) => self as Hidden

/** Recordings of a draft or a case, and the button to say more. Emits `change` with all `voices`. */
export default Component({
  properties: {
    voices: { type: Array, value: [] as Voice[] },
    editable: { type: Boolean, value: false },
    /** What is there is being sent, and stays as it is. */
    still: { type: Boolean, value: false },
    max: { type: Number, value: 5 },
    /** How it is done, as long as nothing was said and nothing more urgent is to be told. */
    tip: { type: String, value: '' },
  },
  data: { state: '' as '' | 'asking' | 'on', tapped: false, seconds: 0, hint: '', denied: false, playing: -1 },
  lifetimes: {
    attached() {
      Object.assign(this as unknown as Hidden, { downAt: 0, held: false, timer: undefined, gone: false })
    },
    detached() {
      const h = hidden(this)
      h.gone = true
      if (h.timer !== undefined) clearInterval(h.timer)
      this.quiet()
    },
  },
  pageLifetimes: {
    hide() {
      this.quiet()
    },
  },
  methods: {
    /** A finger on the button must not scroll the page. */
    onStill() {},
    onDown() {
      const h = hidden(this)
      h.downAt = Date.now()
      if (this.data.state === 'on') {
        h.held = false
        return stopRecording()
      }
      h.held = true
      void this.begin()
    },
    onUp() {
      const h = hidden(this)
      if (!h.held) return
      h.held = false
      // What was refused meanwhile began nothing that a second tap could end.
      if (Date.now() - h.downAt < TAP_MS) this.setData({ tapped: this.data.state !== '' })
      else if (this.data.state === 'on') stopRecording()
    },
    /** WeChat's question about the microphone takes the finger away, and so does a call. */
    onCancel() {
      hidden(this).held = false
      if (this.data.state === 'on') stopRecording()
    },
    onTap() {
      if (Date.now() - hidden(this).downAt < SAME_MS + TAP_MS) return
      if (this.data.state === 'on') return stopRecording()
      this.setData({ tapped: true })
      void this.begin()
    },
    async begin() {
      if (this.data.state !== '') return
      this.setData({ state: 'asking', hint: '', denied: false })
      const why = await mayRecord()
      if (hidden(this).gone) return
      if (why !== null) return this.fail(why)
      if (!hidden(this).held && !this.data.tapped) return this.setData({ state: '', hint: READY })
      this.setData({ state: 'on', seconds: 0, hint: '正在录音，请说清是哪里、什么事' })
      hidden(this).timer = setInterval(() => this.tick(), 1_000)
      record({
        done: (v) => {
          this.rest('')
          this.triggerEvent('change', { voices: [...this.data.voices, v] })
        },
        failed: (f) => this.fail(f),
      })
    },
    tick() {
      const seconds = this.data.seconds + 1
      this.setData({ seconds, hint: seconds > LONGEST_S - 10 ? `还能说 ${Math.max(0, LONGEST_S - seconds)} 秒` : this.data.hint })
    },
    fail(why: Failure) {
      this.rest(WHY[why === 'short' && this.data.tapped ? 'brief' : why])
      this.setData({ denied: why === 'denied' })
    },
    rest(hint: string) {
      const { timer } = hidden(this)
      if (timer !== undefined) clearInterval(timer)
      this.setData({ state: '', tapped: false, hint })
    },
    quiet() {
      if (this.data.state === 'on') stopRecording()
      if (this.data.playing >= 0) stopPlaying()
    },
    async onAllow() {
      const set = await wx.openSetting({}).catch(() => null)
      if (set?.authSetting['scope.record']) this.setData({ denied: false, hint: READY })
    },
    onPlay(e: WechatMiniprogram.TouchEvent<object, object, { index: number }>) {
      const { index } = e.currentTarget.dataset
      if (this.data.playing === index) return stopPlaying()
      const one = this.data.voices[index]
      if (one === undefined) return
      void play(one, (failed) => {
        if (this.data.playing === index) this.setData({ playing: -1 })
        if (failed) void wx.showToast({ title: '现在听不了，请检查网络后再试', icon: 'none' })
      })
      this.setData({ playing: index })
    },
    onRemove(e: WechatMiniprogram.TouchEvent<object, object, { id: number }>) {
      const { id } = e.currentTarget.dataset
      const one = this.data.voices.find((v) => v.id === id)
      if (one === undefined || this.data.still) return
      stopPlaying()
      dropFiles([one.path])
      this.triggerEvent('change', { voices: this.data.voices.filter((v) => v !== one) })
    },
  },
})
