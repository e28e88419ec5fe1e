/**
 * The ring for what cannot wait: sound, shaking and a word, on whatever page is open, once a desk was
 * opened. Only urgent cases ring; if ordinary ones did too, nobody would look up any more.
 */
import type { InboxEntry } from './api'
import { watchLive } from './live'
import { brief } from './say'
import { ms, streetNow } from './time'

const RINGS: readonly InboxEntry['kind'][] = ['new_case', 'escalated', 'reminder', 'transferred', 'reopened', 'triage']
const TIMES = 3
const FRESH_MS = 120_000
let started = false

/** Called by the desks; the line then stays open as long as the mini-program. */
export function startRinging(): void {
  if (started) return
  started = true
  // A phone that is set to silent still rings for these.
  if (wx.canIUse('setInnerAudioOption')) void wx.setInnerAudioOption({ obeyMuteSwitch: false, fail: () => undefined })
  watchLive({ entry: ring })
}

function ring(e: InboxEntry): void {
  if (!e.urgent || !RINGS.includes(e.kind)) return
  // What was missed, or read elsewhere, stands in the list: a night of it would ring all at once in the morning.
  if (e.read_at || streetNow() - ms(e.at) > FRESH_MS) return
  void wx.vibrateLong({}).catch(() => undefined)
  const sound = wx.createInnerAudioContext()
  let played = 1
  sound.onEnded(() => {
    if (played === TIMES) return sound.destroy()
    played += 1
    sound.play()
  })
  sound.onError(() => sound.destroy())
  sound.src = '/sounds/alert.wav'
  sound.play()
  void wx.showToast({ title: brief(`紧急：${e.kind_zh} ${e.place}`), icon: 'none', duration: 4000 })
}
