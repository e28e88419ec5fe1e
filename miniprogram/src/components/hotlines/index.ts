/** Emergency numbers, before anything else. */
export default Component({
  properties: { lines: { type: Array, value: [] as { number: string; text: string }[] } },
  methods: {
    onCall(e: WechatMiniprogram.TouchEvent<object, object, { phone: string }>) {
      void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
    },
  },
})
