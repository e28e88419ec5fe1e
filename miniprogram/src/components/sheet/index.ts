/** Pages with a tab bar, which WeChat draws above everything of the page. */
const TABS = ['pages/ask/index', 'pages/mine/index', 'pages/me/index']
const onTab = (): boolean => TABS.includes(getCurrentPages().slice(-1)[0]?.route ?? '')

/** A sheet from the bottom, where the thumb is; nothing beside it can be tapped, nor the tab bar below it. `bare`: it has no button of its own below. Emits `close`. */
export default Component({
  options: { multipleSlots: true },
  properties: { open: { type: Boolean, value: false }, heading: { type: String, value: '' }, bare: { type: Boolean, value: false } },
  observers: {
    open(this: { bar(away: boolean): void }, open: boolean) {
      this.bar(open)
    },
  },
  lifetimes: {
    detached() {
      this.bar(false)
    },
  },
  pageLifetimes: {
    /** It was closed while another page lay above, where there was no bar to bring back. */
    show() {
      this.bar(this.data.open)
    },
  },
  methods: {
    bar(away: boolean) {
      const self = this as unknown as { hid?: boolean }
      if (away === (self.hid ?? false) || !onTab()) return
      self.hid = away
      if (away) wx.hideTabBar({ fail: () => undefined })
      else wx.showTabBar({ fail: () => undefined })
    },
    /** Keeps the page below from scrolling under a finger on the shade. */
    onStill() {},
    onClose() {
      this.triggerEvent('close')
    },
  },
})
