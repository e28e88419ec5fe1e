import { watchNet } from '../../utils/net'
import { outbox } from '../../utils/outbox'

/** Says that the network is away, and how much waits in this phone to be sent. */
export default Component({
  data: { online: true, waiting: 0 },
  lifetimes: {
    attached() {
      const self = this as unknown as { stops: (() => void)[] }
      self.stops = [
        watchNet((online) => this.setData({ online })),
        outbox.watch((items) => this.setData({ waiting: items.filter((i) => i.state !== 'refused').length })),
      ]
    },
    detached() {
      const self = this as unknown as { stops: (() => void)[] }
      for (const stop of self.stops) stop()
    },
  },
})
