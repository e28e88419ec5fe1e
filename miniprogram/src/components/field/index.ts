/** A labelled box for words: label above, hint below it, the server's sentence under the box. */
export default Component({
  properties: {
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    value: { type: String, value: '' },
    placeholder: { type: String, value: '' },
    error: { type: String, value: '' },
    type: { type: String, value: 'text' },
    max: { type: Number, value: 200 },
    area: { type: Boolean, value: false },
    /** It lies in a sheet: WeChat has to know that its box for many lines does not scroll with the page. */
    fixed: { type: Boolean, value: false },
    optional: { type: Boolean, value: false },
  },
  methods: {
    onInput(e: WechatMiniprogram.Input) {
      this.triggerEvent('change', { value: e.detail.value })
    },
    onBlur(e: WechatMiniprogram.InputBlur) {
      this.triggerEvent('done', { value: e.detail.value })
    },
  },
})
