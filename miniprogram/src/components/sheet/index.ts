/** A sheet from the bottom, where the thumb is. Emits `close`. */
export default Component({
  options: { multipleSlots: true },
  properties: { open: { type: Boolean, value: false }, heading: { type: String, value: '' } },
  methods: {
    /** Keeps the page below from scrolling under a finger on the shade. */
    onStill() {},
    onClose() {
      this.triggerEvent('close')
    },
  },
})
