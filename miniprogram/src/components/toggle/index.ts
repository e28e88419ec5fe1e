/** A line that is on or off, said in words; the mark beside it only supports them. Emits `change` with `value`. */
export default Component({
  properties: {
    text: { type: String, value: '' },
    hint: { type: String, value: '' },
    on: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
  },
  methods: {
    onTap() {
      if (!this.data.busy) this.triggerEvent('change', { value: !this.data.on })
    },
  },
})
