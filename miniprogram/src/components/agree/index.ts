import { agree, learnAsk, mustAsk, type Ask } from '../../utils/agreement'
import { line } from '../../utils/problem'

/** Tells what the person's words are used for, and notes that he agreed; gone when he has. Never in the way. */
export default Component({
  data: { ask: '' as Ask, busy: false, problem: '' },
  lifetimes: {
    attached() {
      this.look()
    },
  },
  pageLifetimes: {
    show() {
      this.look()
    },
  },
  methods: {
    look() {
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
  },
})
