import { agree, learnAsk, mustAsk, type Ask } from '../../utils/agreement'
import { askPrivacyWith } from '../../utils/privacy'
import { line } from '../../utils/problem'

type Answer = Parameters<Parameters<typeof askPrivacyWith>[0]>[0]
interface Hidden {
  answers: Answer[]
  stop: () => void
  /** Puts this sheet before those of pages that lie below. */
  show: () => void
  /** He went to read the policy, and comes back to answer. */
  reading: boolean
}
const hidden = (self: unknown) => self as Hidden

/**
 * Asks for the privacy agreement when WeChat wants it; one of these stands on each page that needs it. With `card` it also tells,
 * before anything is wanted, what the person's words are used for, and notes that he agreed; gone when he has. Never in the way.
 */
export default Component({
  properties: { card: { type: Boolean, value: false } },
  data: { ask: '' as Ask, open: false, busy: false, problem: '' },
  lifetimes: {
    attached() {
      const self = hidden(this)
      self.answers = []
      self.reading = false
      const ask = (answer: Answer) => {
        self.answers.push(answer)
        answer({ event: 'exposureAuthorization' })
        this.setData({ open: true })
      }
      self.show = () => {
        self.stop = askPrivacyWith(ask)
      }
      self.show()
      this.look()
    },
    detached() {
      hidden(this).stop()
      this.reply('disagree')
    },
  },
  pageLifetimes: {
    show() {
      hidden(this).reading = false
      hidden(this).show()
      this.look()
    },
    /** Whoever leaves has not answered; what he wanted would wait for ever. */
    hide() {
      if (!hidden(this).reading) this.reply('disagree')
    },
  },
  methods: {
    look() {
      if (!this.data.card) return
      this.setData({ ask: mustAsk() })
      void learnAsk().then((ask) => this.setData({ ask }))
    },
    onRead() {
      hidden(this).reading = true
      void wx.navigateTo({ url: '/resident/policy/index' })
    },
    async onAgree() {
      this.setData({ busy: true, problem: '' })
      try {
        await agree()
      } catch (e) {
        this.setData({ problem: line(e) })
      }
      this.setData({ busy: false, ask: mustAsk() })
    },
    onAllow() {
      // The street's own record of it; failing to note it must not keep anybody from his photo.
      void agree().catch(() => undefined)
      this.reply('agree')
    },
    onRefuse() {
      this.reply('disagree')
    },
    reply(event: 'agree' | 'disagree') {
      for (const answer of hidden(this).answers) answer(event === 'agree' ? { event, buttonId: 'agree' } : { event })
      hidden(this).answers = []
      if (this.data.open) this.setData({ open: false })
    },
  },
})
