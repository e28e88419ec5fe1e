import { actions } from '../../utils/actions'
import { takeBack } from '../../utils/case-page'
import { glue } from '../../utils/glue'
import { goes } from '../../utils/time'

interface Row {
  key: string
  id: number
  title: string
  text: string
  refused: boolean
}

/**
 * What this member of staff did that waits in the phone or was refused, of one case or (0) of all. Whoever
 * read why finds his words in their sheet again: emits `back` with it on the page of the case, else goes there.
 */
export default Component({
  properties: { about: { type: Number, value: 0 } },
  data: { rows: [] as Row[] },
  lifetimes: {
    attached() {
      ;(this as unknown as { stop: () => void }).stop = actions.watch(() => this.list())
    },
    detached() {
      ;(this as unknown as { stop: () => void }).stop()
    },
  },
  observers: {
    about(this: { list(): void }) {
      this.list()
    },
  },
  methods: {
    list() {
      const of = this.data.about
      // Whoever stands before it and waits reads there what becomes of it.
      const all = actions.all().filter((a) => (of === 0 || a.caseId === of) && !actions.awaited(a.key))
      this.setData({
        rows: all.map((a) => ({
          key: a.key, id: a.caseId, refused: a.state === 'refused', title: glue(`${a.label} ${a.number}`),
          text: a.state === 'refused' ? glue(a.why) : of === 0 ? `${goes(actions.restsUntil(a), '等网络，连上后')}自动提交` : `已记下“${a.label}”，${goes(actions.restsUntil(a))}自动提交。`,
        })),
      })
    },
    onSeen(e: WechatMiniprogram.CustomEvent<object, object, { key: string; id: number }>) {
      const { key, id } = e.currentTarget.dataset
      const sheet = takeBack(key)
      if (this.data.about !== 0) this.triggerEvent('back', { sheet })
      else void wx.navigateTo({ url: `/worker/case/index?id=${id}&sheet=${sheet}` })
    },
  },
})
