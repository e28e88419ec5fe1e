import { watchNet } from '../../utils/net'
import { outbox } from '../../utils/outbox'

const hidden = (self: unknown) => self as { stops?: (() => void)[] }

/**
 * What a page shows when it has nothing to show: loading, empty, error, denied. Emits `action`. Of kind `net` it is a strip on
 * top of what the page shows: that the network is away, and how much waits in this phone to be sent.
 */
export default Component({
  properties: {
    kind: { type: String, value: 'empty' },
    title: { type: String, value: '' },
    text: { type: String, value: '' },
    action: { type: String, value: '' },
  },
  data: { online: true, waiting: 0, tried: 0 },
  lifetimes: {
    attached() {
      if (this.data.kind !== 'net') return
      hidden(this).stops = [
        watchNet((online) => this.setData({ online })),
        outbox.watch((items) => {
          const going = items.filter((i) => i.state !== 'refused')
          this.setData({ waiting: going.length, tried: going.filter((i) => i.triedAt !== null).length })
        }),
      ]
    },
    detached() {
      for (const stop of hidden(this).stops ?? []) stop()
    },
  },
  methods: {
    onAction() {
      this.triggerEvent('action')
    },
  },
})
