/** A word of state. The tone only supports the word, it never stands alone. */
export default Component({
  properties: { text: { type: String, value: '' }, tone: { type: String, value: '' } },
})
