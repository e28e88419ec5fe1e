/** What happened, newest first, one sentence each. */
export default Component({
  properties: {
    steps: { type: Array, value: [] as { key: string; title: string; text: string; time: string; tone: string }[] },
  },
})
