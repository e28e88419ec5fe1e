import { agree, learnAsk, mustAsk, type Ask } from '../../utils/agreement'
import { askPrivacyWith } from '../../utils/privacy'
import { line } from '../../utils/problem'

type Answer = Parameters<Parameters<typeof askPrivacyWith>[0]>[0]
interface Hidden {
  answers: Answer[]
  stop: () => void
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
      hidden(this).answers = []
      hidden(this).stop = askPrivacyWith((answer) => {
        hidden(this).answers.push(answer)
        answer({ event: 'exposureAuthorization' })
        this.setData({ open: true })
      })
      this.look()
    },
    detached() {
      hidden(this).stop()
    },
  },
  pageLifetimes: {
    show() {
      this.look()
    },
  },
  methods: {
    look() {
      if (!this.data.card) return
      this.setData({ ask: mustAsk() })
      void learnAsk().then((ask) => this.setData({ ask }))
    },
    onRead() {
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
      this.setData({ open: false })
    },
  },
})
