/** A button for a thumb. Emits `press`, never while busy or disabled, so a double tap is one press. */
export default Component({
  properties: {
    text: { type: String, value: '' },
    label: { type: String, value: '' },
    kind: { type: String, value: 'primary' },
    small: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
    busyText: { type: String, value: '' },
    disabled: { type: Boolean, value: false },
    openType: { type: String, value: '' },
  },
  methods: {
    onTap() {
      if (!this.data.busy && !this.data.disabled && this.data.openType !== 'getPhoneNumber') this.triggerEvent('press')
    },
    onPhone(e: WechatMiniprogram.ButtonGetPhoneNumber) {
      this.triggerEvent('phone', e.detail)
    },
    onAgree() {
      this.triggerEvent('agree')
    },
  },
})
