import { agree } from '../../utils/agreement'
import { askPrivacyWith } from '../../utils/privacy'

type Answer = Parameters<Parameters<typeof askPrivacyWith>[0]>[0]
interface Hidden {
  answers: Answer[]
  stop: () => void
  /** Puts this sheet before those of pages that lie below. */
  show: () => void
  /** He went to read the policy, and comes back to answer. */
  reading: boolean
}

/** Asks for the privacy agreement when WeChat wants it. One of these stands on each page that needs it. */
export default Component({
  data: { open: false },
  lifetimes: {
    attached() {
      const self = this as unknown as Hidden
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
    },
    detached() {
      ;(this as unknown as Hidden).stop()
      this.reply('disagree')
    },
  },
  pageLifetimes: {
    show() {
      const self = this as unknown as Hidden
      self.reading = false
      self.show()
    },
    /** Whoever leaves has not answered; what he wanted would wait for ever. */
    hide() {
      if (!(this as unknown as Hidden).reading) this.reply('disagree')
    },
  },
  methods: {
    onRead() {
      ;(this as unknown as Hidden).reading = true
      void wx.navigateTo({ url: '/resident/policy/index' })
    },
    onAgree() {
      // The street's own record of it; failing to note it must not keep anybody from his photo.
      void agree().catch(() => undefined)
      this.reply('agree')
    },
    onRefuse() {
      this.reply('disagree')
    },
    reply(event: 'agree' | 'disagree') {
      const self = this as unknown as Hidden
      for (const answer of self.answers) answer(event === 'agree' ? { event, buttonId: 'agree' } : { event })
      self.answers = []
      if (this.data.open) this.setData({ open: false })
    },
  },
})
