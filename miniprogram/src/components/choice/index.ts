/** One of a few: every answer is a large button with its own words. Emits `change` with `value`. */
export default Component({
  properties: {
    label: { type: String, value: '' },
    name: { type: String, value: '' },
    options: { type: Array, value: [] as { value: string; label: string; hint?: string }[] },
    value: { type: String, value: '' },
    columns: { type: Number, value: 1 },
  },
  methods: {
    onPick(e: WechatMiniprogram.TouchEvent<object, object, { value: string }>) {
      this.triggerEvent('change', { value: e.currentTarget.dataset.value })
    },
  },
})
