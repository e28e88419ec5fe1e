/**
 * WeChat's privacy agreement. WeChat calls the handler when a page wants personal data that nobody
 * agreed to yet; the page's sheet asks, and its answer goes back to WeChat.
 */
type Answer = (r: { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }) => void
type Asker = (answer: Answer) => void

const askers: Asker[] = []

/** Called once by the app. Without a page that can ask, the answer is no. */
export function startPrivacy(): void {
  wx.onNeedPrivacyAuthorization((resolve) => {
    const ask = askers[askers.length - 1]
    const answer = resolve as unknown as Answer
    if (ask === undefined) answer({ event: 'disagree' })
    else ask(answer)
  })
}

/** The sheet that was shown last asks: pages of the tab bar stay, and theirs with them. The returned function ends it. */
export function askPrivacyWith(ask: Asker): () => void {
  const stop = () => {
    const at = askers.indexOf(ask)
    if (at >= 0) askers.splice(at, 1)
  }
  stop()
  askers.push(ask)
  return stop
}
