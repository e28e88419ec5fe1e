/**
 * What waits in this phone until the server took it or refused it: kept over restarts, oldest first, again
 * whenever the network comes back and after growing pauses. What belongs together (`apart`) goes one after the
 * other; the rest goes beside it, a few at a time with files: what is slow or fails at the server holds back only
 * its own, what has no network holds back everything.
 */
import { upload, type FileKind } from './http'
import { keep } from './keep'
import { isOnline, watchNet } from './net'
import { dropFiles } from './photos'
import { line, Problem } from './problem'
import type { Voice } from './voices'

/** A photo or a recording; `id` once it is at the server, `lost` why it will never get there. */
export interface KeptFile {
  path: string
  id: number | null
  lost?: string
}
export type KeptVoice = KeptFile & { seconds: number }

export interface Kept {
  key: string
  photos: KeptFile[]
  /** The photos and recordings that went with its first sending: a key stands for one body. Missing before that. */
  went?: number[]
  spoke?: number[]
  /** Missing in what an older version of the mini-program kept. */
  voices?: KeptVoice[]
  /** How often the server was still busy with an earlier try. */
  busy?: number
  state: 'waiting' | 'refused'
  /** Why it was refused, in words for the person. */
  why: string
}

/** What became of a thing at once: taken, still waiting (`until` the server wants to be left alone; 0 when it named no time), or refused and forgotten. */
export type Outcome<R> = { kind: 'done'; answer: R } | { kind: 'waiting'; until: number } | { kind: 'refused'; why: string; error: unknown }

/** Recordings of a draft as they wait to be uploaded. */
export const keptVoices = (spoken: readonly Voice[]): KeptVoice[] => spoken.map(({ path, seconds }) => ({ path, seconds, id: null }))

/** The files of what did not go, for the sheet in which they are to stand again; what is lost stays out. */
export const filesLeft = (one: Pick<Kept, 'photos' | 'voices'>): { photos: string[]; voices: Voice[] } => ({
  photos: one.photos.filter((f) => f.lost === undefined).map((f) => f.path),
  voices: (one.voices ?? []).filter((f) => f.lost === undefined).map((f, i) => ({ path: f.path, seconds: f.seconds, id: -Date.now() - i })),
})

/** For things whose words need not wait for their photos and recordings. */
export interface WordsFirst<T, R> {
  /** Whether the words go at once, without trying anything else. */
  hurry(one: T): boolean
  /** Whether it has words at all; without them its recordings are what it says. */
  speaks(one: T): boolean
  /** Takes over the files that did not go with it. */
  follow(answer: R, photos: readonly KeptFile[], voices: readonly KeptVoice[]): void
}

type Watcher<T> = (all: readonly T[]) => void
/** Why something did not go now; `away` when trying the next is no use either. */
interface Hindered {
  away: boolean
  retryAfter: number
}

/** So many send files at once; words wait for none of them. */
const BESIDE = 3
const PAUSES_MS = [3_000, 10_000, 30_000, 60_000]
/** So long words wait for their photos. */
const PATIENCE_MS = 8_000
/** The server says so while it still works on the first try under a key; a minute later it has the answer. */
const KEY_IN_USE = 'idempotency_key_reused'
const BUSY_TRIES = 5
/** The file itself is at fault, not its way. */
const BAD_FILE = [400, 413, 415, 422]
const NAMES: Record<FileKind, readonly [one: string, what: string]> = { photos: ['张', '照片'], voices: ['段', '录音'] }
const nameOf = (kind: FileKind, at: number) => `第 ${at + 1} ${NAMES[kind][0]}${NAMES[kind][1]}`

/** Uploads of this run by their place in the phone: whoever needs the same file joins, so it goes up once. */
const going = new Map<string, Promise<number>>()
function once(path: string, kind: FileKind): Promise<number> {
  let run = going.get(path)
  if (run === undefined) {
    run = upload(path, kind)
    going.set(path, run)
    run.catch(() => going.delete(path))
  }
  return run
}

/** A fresh key; WeChat has no UUID, and collisions within one account are all that matter. */
export function freshKey(): string {
  const part = () => Math.floor(Math.random() * 0x1_0000_0000).toString(16).padStart(8, '0')
  return `${Date.now().toString(16)}-${part()}${part()}`
}

/** One key for one attempt, however often it is repeated; other words are another attempt. */
export function attempt(): (body: unknown) => string {
  let last = ''
  let key = ''
  return (body) => {
    const words = JSON.stringify(body)
    if (words !== last) key = freshKey()
    last = words
    return key
  }
}

const idsOf = (files: readonly KeptFile[]): number[] => files.flatMap((f) => (f.id === null ? [] : [f.id]))

export class Queue<T extends Kept, R> {
  private readonly watchers = new Set<Watcher<T>>()
  private readonly asked = new Map<string, (outcome: Outcome<R>) => void>()
  /** What goes now, by what it belongs to, and whether it sends files: one of each at a time. */
  private readonly going = new Map<string, boolean>()
  /** What failed since the last pause, and waits for the next. */
  private readonly stuck = new Set<string>()
  private away = false
  private timer: ReturnType<typeof setTimeout> | null = null
  /** When the pause ends. */
  private until = 0
  /** Until when the server wants to be left alone with it, whoever taps what. */
  private quiet = 0
  private failures = 0
  /** What the phone has no room to keep; null while it has. */
  private held: T[] | null = null

  /**
   * `name` is the place in the phone's storage. `send` gives one thing with its uploaded photos and
   * recordings to the server; a `Problem` that passes is tried again, any other error is why it was refused.
   * With `words`, files that do not go up in time follow later. Things that are `apart` do not wait for each other.
   */
  constructor(
    private readonly name: string,
    private readonly send: (one: T, photos: readonly number[], voices: readonly number[]) => Promise<R>,
    private readonly words: WordsFirst<T, R> | null = null,
    private readonly apart: (one: T) => string = (one) => one.key,
  ) {}

  all(): T[] {
    if (this.held !== null) return this.held
    const v: unknown = wx.getStorageSync(this.name)
    return Array.isArray(v) ? (v as T[]) : []
  }

  /** Tells now and at every change; the returned function ends it. */
  watch(w: Watcher<T>): () => void {
    this.watchers.add(w)
    w(this.all())
    return () => this.watchers.delete(w)
  }

  /** Whether somebody stands before a page and waits to hear what becomes of it. */
  awaited(key: string): boolean {
    return this.asked.has(key)
  }

  /** Until when the server wants to be left alone with it (time of this phone); 0 when it named no time, or that has come. */
  restsUntil(one: T): number {
    return this.stuck.has(this.apart(one)) && this.quiet > Date.now() ? this.quiet : 0
  }

  /** Keeps a thing, before anything else, and sends it if it can. */
  async put(one: T): Promise<Outcome<R>> {
    const outcome = new Promise<Outcome<R>>((resolve) => this.asked.set(one.key, resolve))
    this.store([...this.all(), one])
    this.flush()
    const became = await outcome
    // Whoever stands before the page reads it there; it need not wait in the list as well.
    if (became.kind === 'refused') this.take(one.key)
    return became
  }

  /** Takes a thing out; it will not be sent. */
  take(key: string): T | undefined {
    const one = this.all().find((x) => x.key === key)
    if (one !== undefined) this.store(this.all().filter((x) => x.key !== key))
    return one
  }

  /** The same, with its files: nobody wants it any more. */
  drop(key: string): void {
    const one = this.take(key)
    dropFiles([...(one?.photos ?? []), ...(one?.voices ?? [])].map((f) => f.path))
  }

  /** Forgets all of it, also what the phone had no room for: whoever wrote it is no longer known here. */
  forget(): void {
    this.held = null
    wx.removeStorageSync(this.name)
    this.tell()
  }

  replace(one: T): void {
    this.store(this.all().map((x) => (x.key === one.key ? one : x)))
  }

  /** Sends what waits. While something goes, what failed beside it keeps its pause. */
  flush(): void {
    if (this.going.size === 0 || this.away) this.anew()
    else this.fill()
  }

  /** Starts sending whenever the network comes back; called once by the app. */
  start(): void {
    watchNet((online) => {
      if (!online) return
      // What failed for want of a network says nothing of the one that is there now.
      this.failures = 0
      this.anew()
    })
  }

  private store(all: T[]): void {
    this.held = keep(this.name, all) ? null : all
    this.tell()
  }

  private tell(): void {
    const all = this.all()
    for (const w of this.watchers) w(all)
  }

  private anew(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    if (this.quiet <= Date.now()) this.stuck.clear()
    this.away = false
    this.fill()
  }

  /** Starts what may go beside what goes already. */
  private fill(): void {
    const { going, stuck } = this
    let uploading = [...going.values()].filter(Boolean).length
    // Whose turn has not come keeps its order: nothing of its own goes before it.
    const later = new Set<string>()
    for (const one of this.all()) {
      const own = this.apart(one)
      if (one.state !== 'waiting' || going.has(own) || stuck.has(own) || later.has(own)) continue
      const uploads = this.uploads(one)
      if (uploads && uploading >= BESIDE) {
        later.add(own)
        continue
      }
      this.away ||= !isOnline()
      if (this.away) break
      going.set(own, uploads)
      if (uploads) uploading += 1
      void this.go(one, own)
    }
    if (this.away || stuck.size > 0) this.rest(0)
    else if (going.size === 0) this.failures = 0
  }

  /** Whether files have to go up before it does. */
  private uploads(one: T): boolean {
    if (one.went !== undefined) return false
    const missing = (files: readonly KeptFile[]) => files.some((f) => f.id === null && f.lost === undefined)
    const voices = missing(one.voices ?? [])
    const { words } = this
    if (words !== null && words.hurry(one)) return voices && !words.speaks(one)
    return voices || missing(one.photos)
  }

  private async go(one: T, own: string): Promise<void> {
    let hindered: Hindered | null = { away: false, retryAfter: 0 }
    try {
      hindered = await this.deliver(one)
    } finally {
      this.going.delete(own)
      if (hindered?.away) this.away = true
      else if (hindered !== null) this.stuck.add(own)
      if (hindered !== null) this.rest(hindered.retryAfter)
      this.fill()
      // Lists say until when.
      if (hindered !== null && hindered.retryAfter > 0) this.tell()
    }
  }

  /** Tries one; answers with what kept it from going, or with null when it is settled. */
  private async deliver(one: T): Promise<Hindered | null> {
    let sending = false
    try {
      const [photos, voices] = await this.filesOf(one)
      // Whoever took it out meanwhile does not want it sent, or sends it otherwise.
      if (!this.all().some((x) => x.key === one.key)) {
        this.settle(one.key, { kind: 'waiting', until: 0 })
        return null
      }
      sending = true
      const answer = await this.send(one, photos, voices)
      this.done(one, answer, [...photos, ...voices])
    } catch (error) {
      // A file that does not get through says nothing of the words of another.
      if (error instanceof Problem && (error.passing || this.isBusy(one, error))) return { away: sending && error.offline, retryAfter: error.retryAfter }
      const why = line(error)
      this.replace({ ...one, state: 'refused', why })
      this.settle(one.key, { kind: 'refused', why, error })
    }
    return null
  }

  private isBusy(one: T, e: Problem): boolean {
    if (e.code !== KEY_IN_USE || (one.busy ?? 0) >= BUSY_TRIES) return false
    this.replace(Object.assign(one, { busy: (one.busy ?? 0) + 1 }))
    return true
  }

  private done(one: T, answer: R, went: readonly number[]): void {
    const left = (f: KeptFile) => f.lost === undefined && (f.id === null || !went.includes(f.id))
    const [photos, voices] = [one.photos.filter(left), (one.voices ?? []).filter(left)]
    if (photos.length + voices.length > 0) this.words?.follow(answer, photos, voices)
    this.take(one.key)
    const needed = [...photos, ...voices]
    dropFiles([...one.photos, ...(one.voices ?? [])].filter((f) => !needed.includes(f)).map((f) => f.path))
    this.settle(one.key, { kind: 'done', answer })
    missed(one)
  }

  /** The photos and recordings that go with it: those of its first sending, else all that are up; fewer when its words need not wait. */
  private async filesOf(one: T): Promise<readonly [photos: readonly number[], voices: readonly number[]]> {
    const voices = one.voices ?? []
    if (one.went !== undefined) return [one.went, one.spoke ?? idsOf(voices)]
    const { words } = this
    const now = () => [idsOf(one.photos), idsOf(voices)] as const
    if (words === null) {
      await this.upload(one, voices, 'voices')
      await this.upload(one, one.photos, 'photos')
      return now()
    }
    if (!words.speaks(one)) {
      await this.upload(one, voices, 'voices')
      const [gone] = voices
      if (gone?.lost !== undefined && voices.every((v) => v.lost !== undefined)) throw new Problem(422, 'file_gone', `录音没有发出去：${gone.lost}`)
    }
    if (!words.hurry(one)) {
      await inTime((over) => this.upload(one, voices, 'voices', over).then(() => this.upload(one, one.photos, 'photos', over)))
    }
    return now()
  }

  /** Uploads what is not there yet, and keeps each id at once: a file goes up once. Nothing more begins when it is `over`. */
  private async upload(one: T, files: KeptFile[], kind: FileKind, over: () => boolean = () => false): Promise<void> {
    for (const [at, file] of files.entries()) {
      if (file.id !== null || file.lost !== undefined) continue
      if (over()) return
      try {
        const id = await once(file.path, kind)
        // Too late for this one: whoever takes the file over finds it there.
        if (over()) return
        going.delete(file.path)
        file.id = id
      } catch (e) {
        if (!(e instanceof Problem) || e.passing) throw e
        const bad = BAD_FILE.includes(e.status)
        if (bad && this.words === null) throw new Problem(e.status, e.code, `${nameOf(kind, at)}没有传上去：${e.sentence}`)
        if (!bad && e.code !== 'file_gone') throw e
        if (over()) return
        file.lost = e.sentence
      }
      this.replace(one)
    }
  }

  /** Waits for its pause, or for the longer one that the server asks for. */
  private rest(retryAfter: number): void {
    if (retryAfter > 0) this.quiet = Math.max(this.quiet, Date.now() + retryAfter * 1_000)
    for (const one of this.all()) if (this.away || this.stuck.has(this.apart(one))) this.hush(one)
    if (this.timer !== null) {
      if (this.quiet <= this.until) return
      clearTimeout(this.timer)
    } else this.failures += 1
    const pause = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length) - 1] ?? 0
    const wait = Math.max(pause, this.quiet - Date.now())
    this.until = Date.now() + wait
    this.timer = setTimeout(() => {
      // It is over, whatever the clock of this phone says that somebody set meanwhile.
      this.quiet = 0
      this.anew()
    }, wait)
  }

  /** Whoever stands before it need not wait longer; what goes already tells him itself. */
  private hush(one: T): void {
    if (!this.going.has(this.apart(one))) this.settle(one.key, { kind: 'waiting', until: this.restsUntil(one) })
  }

  private settle(key: string, outcome: Outcome<R>): void {
    const asked = this.asked.get(key)
    if (asked === undefined) return
    this.asked.delete(key)
    asked(outcome)
    // Nobody stands before it any more: lists show that it waits.
    if (outcome.kind === 'waiting') this.tell()
  }
}

/** Waits for uploads, but not longer than words may wait; what fails in passing is as good as late. */
async function inTime(work: (over: () => boolean) => Promise<void>): Promise<void> {
  let over = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS)
  })
  const tried = work(() => over).catch((e: unknown) => {
    if (!over && !(e instanceof Problem && e.passing)) throw e
  })
  await Promise.race([tried, late]).finally(() => {
    over = true
    if (timer !== undefined) clearTimeout(timer)
  })
}

/** Says which files did not go with what was sent, and why: nobody should believe that they are there. */
function missed(one: Kept): void {
  const named = (files: readonly KeptFile[], kind: FileKind) => files.flatMap((f, at) => (f.lost === undefined ? [] : [`${nameOf(kind, at)}：${f.lost}`]))
  const all = [...named(one.photos, 'photos'), ...named(one.voices ?? [], 'voices')]
  if (all.length === 0) return
  void wx.showModal({ title: '有的没有发出去', content: `${all.join('；')}。其他的已经发出，没发出的可以重新补充。`, showCancel: false, confirmText: '知道了' })
}
