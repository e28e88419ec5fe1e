// WeChat's recorder and player. The recorder hears nothing, but what it hands over is a real MP3 as long
// as the recording lasted, so the server measures it and a player plays it; the player is the browser's.
import { fileUrl, guarded, mp } from './wx'

/** What WeChat allows: bit rates by samples a second (docs of RecorderManager.start). */
const RATES: Record<number, [number, number]> = { 8000: [16000, 48000], 11025: [16000, 48000], 12000: [24000, 64000], 16000: [24000, 96000], 22050: [32000, 128000], 24000: [32000, 128000], 32000: [48000, 192000], 44100: [64000, 320000], 48000: [64000, 320000] }

/** Silence in MPEG-2 Layer III, 16 kHz, one channel, 32 kbit/s: frames of 144 bytes, each 36 ms. */
function silence(ms: number): Blob {
  const frames = Math.max(1, Math.round(ms / 36))
  const bytes = new Uint8Array(frames * 144)
  for (let i = 0; i < frames; i++) bytes.set([0xff, 0xf3, 0x48, 0xc0], i * 144)
  return new Blob([bytes], { type: 'audio/mpeg' })
}

/** What the person answers when WeChat asks for the microphone; his answer stands until he changes it in the settings. */
export async function authorize(scope: string) {
  if (scope !== 'scope.record') throw new Error(`authorize ${scope}: not in the harness yet`)
  await guarded('authorize')
  mp.microphone.asked = true
  if (!mp.microphone.allowed) throw 'auth deny'
}

export function openSetting() {
  mp.microphone = { ...mp.microphone, asked: true, allowed: mp.microphone.later }
  return { authSetting: { 'scope.record': mp.microphone.allowed } }
}

type Heard = (r: any) => void
const on: Record<string, Heard> = {}
let began = 0
let timer: ReturnType<typeof setTimeout> | undefined

function end() {
  if (began === 0) return void on['error']?.({ errMsg: 'operateRecorder:fail:recorder not start' })
  clearTimeout(timer)
  const duration = mp.spoke ?? Date.now() - began
  const sound = silence(duration)
  began = 0
  on['stop']?.({ tempFilePath: URL.createObjectURL(sound) + '#.mp3', duration, fileSize: sound.size })
}

/** One for the whole mini-program, as in WeChat; a later listener takes the place of an earlier one. */
export const recorder = {
  onStart: (f: Heard) => { on['start'] = f }, onStop: (f: Heard) => { on['stop'] = f }, onError: (f: Heard) => { on['error'] = f }, onInterruptionBegin: (f: Heard) => { on['interruption'] = f },
  start(o: any) {
    mp.calls.push({ name: 'startRecord', args: o, at: Date.now() })
    const [least, most] = RATES[o.sampleRate] ?? [1, 0]
    if (o.format !== 'mp3' || o.encodeBitRate < least || o.encodeBitRate > most || o.duration > 600_000) return void on['error']?.({ errMsg: 'operateRecorder:fail:invalid option' })
    if (!mp.microphone.asked || !mp.microphone.allowed) return void on['error']?.({ errMsg: 'operateRecorder:fail auth deny' })
    if (began !== 0) return void on['error']?.({ errMsg: 'operateRecorder:fail:is recording or paused' })
    began = Date.now()
    timer = setTimeout(end, o.duration)
    on['start']?.({})
  },
  stop: end,
}

export function createInnerAudioContext() {
  const audio = new Audio()
  const heard = (name: string) => (f: Heard) => audio.addEventListener(name, () => f({ errMsg: audio.error?.message ?? '', errCode: audio.error?.code ?? 0 }))
  return {
    get src() { return audio.dataset['src'] ?? '' },
    set src(v: string) { audio.dataset['src'] = v; audio.src = fileUrl(v) },
    get duration() { return audio.duration },
    get currentTime() { return audio.currentTime },
    play() {
      mp.calls.push({ name: 'playAudio', args: { src: this.src } })
      audio.play().catch(() => undefined)
    },
    pause: () => audio.pause(),
    stop() { audio.pause(); audio.currentTime = 0 },
    destroy() { audio.pause(); audio.removeAttribute('src') },
    onError: heard('error'), onEnded: heard('ended'), onPlay: heard('playing'),
  }
}
