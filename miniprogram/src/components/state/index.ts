/** What a page shows when it has nothing to show: loading, empty, error, denied. Emits `action`. */
export default Component({
  properties: {
    kind: { type: String, value: 'empty' },
    title: { type: String, value: '' },
    text: { type: String, value: '' },
    action: { type: String, value: '' },
  },
  methods: {
    onAction() {
      this.triggerEvent('action')
    },
  },
})
