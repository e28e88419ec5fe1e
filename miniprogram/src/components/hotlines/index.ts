/** Emergency numbers, before anything else; `sent` when the request is with the street already. */
export default Component({
  properties: { lines: { type: Array, value: [] as { number: string; text: string }[] }, sent: { type: Boolean, value: false } },
  methods: {
    onCall(e: WechatMiniprogram.TouchEvent<object, object, { phone: string }>) {
      void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
    },
  },
})
