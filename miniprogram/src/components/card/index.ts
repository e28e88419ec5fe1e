/** A surface with an optional heading. Tones: warn, danger, good, brand. */
export default Component({
  properties: {
    heading: { type: String, value: '' },
    tone: { type: String, value: '' },
    role: { type: String, value: '' },
  },
})
