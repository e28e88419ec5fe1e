import { agree } from '../../utils/agreement'
import { askPrivacyWith } from '../../utils/privacy'

type Answer = Parameters<Parameters<typeof askPrivacyWith>[0]>[0]
interface Hidden {
  answers: Answer[]
  stop: () => void
}

/** Asks for the privacy agreement when WeChat wants it. One of these stands on each page that needs it. */
export default Component({
  data: { open: false },
  lifetimes: {
    attached() {
      const self = this as unknown as Hidden
      self.answers = []
      self.stop = askPrivacyWith((answer) => {
        self.answers.push(answer)
        answer({ event: 'exposureAuthorization' })
        this.setData({ open: true })
      })
    },
    detached() {
      ;(this as unknown as Hidden).stop()
    },
  },
  methods: {
    onRead() {
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
      this.setData({ open: false })
    },
  },
})
