/**
 * The live connection: what happens to a case is on every open screen that shows it within a second. The token goes as the first message, never in the address; what was missed comes after
 * `after`. Losing the connection loses nothing, pages read again whenever it is back. A line that answers nothing is
 * lost as well: a phone does not say that it came out of a lift.
 */
import type { InboxEntry } from './api'
import { LIVE_BASE } from './config'
import { keep } from './keep'
import { watchNet } from './net'
import { fresh, token } from './session'

export type LiveState = 'off' | 'connecting' | 'on'
interface Watcher {
  state?(s: LiveState): void
  /** The person was told something. */
  entry?(e: InboxEntry): void
  /** Something happened to these cases, whoever did it. */
  changed?(cases: readonly number[]): void
}
type Message = { kind: 'ready'; resumed: boolean } | { kind: 'renewed' } | { kind: 'changed'; cases: number[] } | InboxEntry

const KEY = 'live-after'
/** The token is said again so often, which also asks whether anybody is there. */
const RENEW_MS = 45_000
/** So long an answer may take. */
const SILENT_MS = 15_000
const PAUSES_MS = [500, 2_000, 5_000, 15_000, 30_000]
const SIGN_IN_AGAIN = [4401, 4403]
const WAIT = [4429]

const watchers = new Set<Watcher>()
let socket: WechatMiniprogram.SocketTask | null = null
let state: LiveState = 'off'
let tries = 0
/** Counts tries to connect: whoever waited for a token while a later one began leaves the line to that one. */
let turn = 0
let again: ReturnType<typeof setTimeout> | null = null
let renewal: ReturnType<typeof setInterval> | null = null
let silence: ReturnType<typeof setTimeout> | null = null
let started = false

function become(s: LiveState): void {
  state = s
  for (const w of watchers) w.state?.(s)
}

/** What comes within this time is looked at once. */
const TOGETHER_MS = 150

/**
 * Looks again at what a page shows: when a case of it changed, and when the line is there after a time without. One look at a
 * time, so that an older answer never covers a newer one. The returned function ends it.
 */
export function watchChanges(about: (cases: readonly number[]) => boolean, look: () => Promise<void>, told: (s: LiveState) => void = () => undefined): () => void {
  let soon: ReturnType<typeof setTimeout> | null = null
  let looking = false
  let away = state !== 'on'
  const later = () => {
    if (soon === null) soon = setTimeout(() => void now(), TOGETHER_MS)
  }
  const now = async () => {
    soon = null
    if (looking) return later()
    looking = true
    await look().catch(() => undefined)
    looking = false
  }
  const stop = watchLive({
    state: (s) => {
      told(s)
      if (s === 'on' && away) later()
      away = s !== 'on'
    },
    changed: (cases) => {
      if (about(cases)) later()
    },
    // What became of a case may be told of it without a change of its own: it goes on as another one.
    entry: (e) => {
      if (e.case_id != null && about([e.case_id])) later()
    },
  })
  return () => {
    stop()
    if (soon !== null) clearTimeout(soon)
  }
}

/** Listens while a page is shown; the last one that stops closes the connection. */
export function watchLive(w: Watcher): () => void {
  start()
  watchers.add(w)
  w.state?.(state)
  if (state === 'off') void connect()
  return () => {
    watchers.delete(w)
    // A page that opens next listens at once; only silence closes.
    setTimeout(() => {
      if (watchers.size === 0) close()
    }, 1_000)
  }
}

/** What brings a network back or the mini-program to the front need not wait for the next try. */
function start(): void {
  if (started) return
  started = true
  let before = true
  watchNet((online) => {
    if (online && !before) {
      tries = 0
      // No line outlives the network that it went through, whatever it seems.
      if (socket !== null) lost(socket, 0)
      else hurry()
    }
    before = online
  })
  wx.onAppShow(() => {
    tries = 0
    if (socket !== null) void ask(socket)
    else hurry()
  })
}

/** Tries at once what waits for its next try. */
function hurry(): void {
  if (again === null) return
  clearTimeout(again)
  again = null
  if (watchers.size > 0) void connect()
}

/** Says the token again. Any answer will do; none, or no token to say, means that the line only seems to be there. */
async function ask(s: WechatMiniprogram.SocketTask): Promise<void> {
  const bearer = await token().catch(() => null)
  if (socket !== s || state !== 'on') return
  if (bearer === null) return lost(s, 0)
  s.send({ data: JSON.stringify({ token: bearer }) })
  silence ??= setTimeout(() => lost(s, 0), SILENT_MS)
}

/** The end of a line, told once, by whichever of WeChat's events comes first. */
function lost(s: WechatMiniprogram.SocketTask, code: number): void {
  if (socket !== s) return
  later(code)
  s.close({ code: 1000, fail: () => undefined })
}

function quiet(): void {
  if (renewal !== null) clearInterval(renewal)
  if (silence !== null) clearTimeout(silence)
  renewal = silence = null
}

function close(): void {
  if (again !== null) clearTimeout(again)
  again = null
  quiet()
  const old = socket
  socket = null
  old?.close({ code: 1000 })
  become('off')
}

async function connect(renewed = false): Promise<void> {
  const mine = (turn += 1)
  become('connecting')
  let bearer: string
  try {
    bearer = await (renewed ? fresh() : token())
  } catch {
    return mine === turn ? later(0) : undefined
  }
  if (mine !== turn) return
  if (watchers.size === 0) return become('off')
  const s = wx.connectSocket({ url: `${LIVE_BASE}/api/v1/live` })
  socket = s
  const after: unknown = wx.getStorageSync(KEY)
  s.onOpen(() => s.send({ data: JSON.stringify(typeof after === 'number' ? { token: bearer, after } : { token: bearer }) }))
  s.onMessage((m) => {
    if (socket === s) hear(String(m.data))
  })
  s.onClose((r) => lost(s, r.code))
  // Of a line that never opened WeChat may say only this.
  s.onError(() => lost(s, 0))
  renewal = setInterval(() => void ask(s), RENEW_MS)
  silence = setTimeout(() => lost(s, 0), SILENT_MS)
}

function hear(text: string): void {
  if (silence !== null) clearTimeout(silence)
  silence = null
  const m = JSON.parse(text) as Message
  if (m.kind === 'renewed') return
  if (m.kind === 'ready') {
    tries = 0
    become('on')
    return
  }
  if (m.kind === 'changed') {
    for (const w of watchers) w.changed?.(m.cases)
    return
  }
  keep(KEY, m.id)
  for (const w of watchers) w.entry?.(m)
}

function later(code: number): void {
  socket = null
  quiet()
  if (watchers.size === 0) return become('off')
  become('connecting')
  const pause = WAIT.includes(code) ? 60_000 : (PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 30_000)
  tries += 1
  again = setTimeout(() => {
    again = null
    if (watchers.size > 0) void connect(SIGN_IN_AGAIN.includes(code))
    else become('off')
  }, pause)
}
