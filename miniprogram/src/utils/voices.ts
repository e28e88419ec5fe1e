/**
 * Words spoken instead of typed: recorded into this phone, kept like photos until they are sent, played
 * one at a time. WeChat has one recorder for the whole mini-program, so whoever began last hears of it.
 */
import type { Detail } from './api'
import { download } from './http'
import { refusalOf } from './permission'
import { keepFile } from './photos'

/** A recording: of a case when `id` is the server's, of this phone when it is negative; its `path` then says where. */
export interface Voice {
  path: string
  id: number
  seconds: number
}

/** The recordings of a case, as they are listed. */
export const spoken = (c: Pick<Detail, 'voices'>): Voice[] => c.voices.map((v) => ({ path: '', id: v.id, seconds: Math.max(1, Math.round(v.seconds)) }))

/** Why there is no recording. */
export type Failure = 'denied' | 'privacy' | 'short' | 'broken'
interface Ear {
  done(v: Voice): void
  failed(why: Failure): void
}

/** A minute says everything; whoever has more to say speaks again. */
export const LONGEST_S = 60
/** Shorter ones are a slip of the thumb. */
const SHORTEST_MS = 1_000

let ear: Ear | null = null
let recorder: WechatMiniprogram.RecorderManager | null = null

/** Whether the microphone may be used; WeChat asks the person when he was never asked. */
export async function mayRecord(): Promise<Failure | null> {
  try {
    await wx.authorize({ scope: 'scope.record' })
    return null
  } catch (e) {
    return refusalOf(e) === 'privacy' ? 'privacy' : 'denied'
  }
}

/** Begins to record; what was said, or why nothing was, is told to `to`. */
export function record(to: Ear): void {
  stopPlaying()
  recorder ??= listen(wx.getRecorderManager())
  ear = to
  recorder.start({ duration: LONGEST_S * 1_000, format: 'mp3', sampleRate: 16_000, numberOfChannels: 1, encodeBitRate: 32_000 })
}

export function stopRecording(): void {
  recorder?.stop()
}

/** Whoever shows the button goes away while somebody speaks: `to` gets what was said until then. */
export function inherit(to: (v: Voice) => void): void {
  if (ear !== null) ear = { done: to, failed: () => undefined }
}

function listen(r: WechatMiniprogram.RecorderManager): WechatMiniprogram.RecorderManager {
  r.onStop((got) => {
    const to = ear
    ear = null
    if (to === null) return
    if (got.duration < SHORTEST_MS) return to.failed('short')
    void keepFile(got.tempFilePath).then((path) => to.done({ path, id: -Date.now(), seconds: Math.round(got.duration / 1_000) }))
  })
  r.onError((e) => {
    const to = ear
    ear = null
    to?.failed(/auth/.test(e.errMsg) ? 'denied' : 'broken')
  })
  // A call comes in: what was said until then is kept.
  r.onInterruptionBegin(() => r.stop())
  return r
}

let player: WechatMiniprogram.InnerAudioContext | null = null
let silent: (failed: boolean) => void = () => undefined

/** Plays one, and ends whatever played before; `over` is told when it is silent again. */
export async function play(v: Voice, over: (failed: boolean) => void): Promise<void> {
  stopPlaying()
  silent = over
  let path: string
  try {
    path = v.path || (await download(v.id, 'voices'))
  } catch {
    return over(true)
  }
  // Somebody stopped it, or chose another, while it came.
  if (silent !== over) return
  // Who taps to listen wants to hear it, also with the phone on silent.
  void wx.setInnerAudioOption({ obeyMuteSwitch: false }).catch(() => undefined)
  player = wx.createInnerAudioContext()
  player.onEnded(() => stopPlaying())
  player.onError(() => stopPlaying(true))
  player.src = path
  player.play()
}

export function stopPlaying(failed = false): void {
  const tell = silent
  silent = () => undefined
  player?.destroy()
  player = null
  tell(failed)
}
