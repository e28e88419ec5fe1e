/**
 * One of a few: every answer is a large button with its own words. As a `toggle` it is one line that is on or off, said in
 * words; the mark beside it only supports them. An option without a value is no answer: it leads back to all of them (`fold`). Emits `change` with `value`.
 */
export default Component({
  properties: {
    label: { type: String, value: '' },
    name: { type: String, value: '' },
    options: { type: Array, value: [] as { value: string; label: string; hint?: string }[] },
    value: { type: String, value: '' },
    columns: { type: Number, value: 1 },
    toggle: { type: Boolean, value: false },
    hint: { type: String, value: '' },
    on: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
  },
  data: { answers: [] as { value: string; label: string; hint?: string }[], back: '' },
  observers: {
    options(options: { value: string; label: string; hint?: string }[]) {
      this.setData({ answers: options.filter((o) => o.value !== ''), back: options.find((o) => o.value === '')?.label ?? '' })
    },
  },
  methods: {
    onToggle() {
      if (!this.data.busy) this.triggerEvent('change', { value: !this.data.on })
    },
    onPick(e: WechatMiniprogram.TouchEvent<object, object, { value: string }>) {
      this.triggerEvent('change', { value: e.currentTarget.dataset.value })
    },
  },
})
