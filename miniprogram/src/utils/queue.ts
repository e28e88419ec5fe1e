/**
 * What waits in this phone until the server took it or refused it: kept over restarts, one after the
 * other, oldest first, again whenever the network comes back and after growing pauses.
 */
import { upload, type FileKind } from './http'
import { isOnline, watchNet } from './net'
import { dropFiles } from './photos'
import { line, Problem } from './problem'
import type { Voice } from './voices'

export interface Kept {
  key: string
  photos: { path: string; id: number | null }[]
  /** The photos that went with its first sending: a key stands for one body. Missing before that. */
  went?: number[]
  /** Missing in what an older version of the mini-program kept. */
  voices?: { path: string; seconds: number; id: number | null }[]
  state: 'waiting' | 'refused'
  /** Why it was refused, in words for the person. */
  why: string
}

/** What became of a thing at once: taken, still waiting, or refused and forgotten. */
export type Outcome<R> = { kind: 'done'; answer: R } | { kind: 'waiting' } | { kind: 'refused'; why: string; error: unknown }

/** Recordings of a draft as they wait to be uploaded. */
export const keptVoices = (spoken: readonly Voice[]) => spoken.map(({ path, seconds }) => ({ path, seconds, id: null }))

/** For things whose words need not wait for their photos. */
export interface WordsFirst<T, R> {
  /** Whether the words go at once, without trying the photos. */
  hurry(one: T): boolean
  /** Takes over the photos that did not go with it, by their places in this phone. */
  follow(answer: R, paths: readonly string[]): void
}

type Watcher<T> = (all: readonly T[]) => void

const PAUSES_MS = [3_000, 10_000, 30_000, 60_000]

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

export class Queue<T extends Kept, R> {
  private readonly watchers = new Set<Watcher<T>>()
  private readonly asked = new Map<string, (outcome: Outcome<R>) => void>()
  private running: Promise<void> | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private failures = 0

  /**
   * `name` is the place in the phone's storage. `send` gives one thing with its uploaded photos and
   * recordings to the server; a `Problem` that passes is tried again, any other error is why it was refused.
   * With `words`, photos that do not go up now follow later.
   */
  constructor(
    private readonly name: string,
    private readonly send: (one: T, photos: readonly number[], voices: readonly number[]) => Promise<R>,
    private readonly words: WordsFirst<T, R> | null = null,
  ) {}

  all(): T[] {
    const v: unknown = wx.getStorageSync(this.name)
    return Array.isArray(v) ? (v as T[]) : []
  }

  /** Tells now and at every change; the returned function ends it. */
  watch(w: Watcher<T>): () => void {
    this.watchers.add(w)
    w(this.all())
    return () => this.watchers.delete(w)
  }

  /** Keeps a thing and sends it if it can. */
  async put(one: T): Promise<Outcome<R>> {
    this.store([...this.all(), one])
    const outcome = new Promise<Outcome<R>>((resolve) => this.asked.set(one.key, resolve))
    void this.flush()
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

  replace(one: T): void {
    this.store(this.all().map((x) => (x.key === one.key ? one : x)))
  }

  /** Sends what waits. Calls that come while it runs join it. */
  flush(): Promise<void> {
    this.running ??= this.work().finally(() => {
      this.running = null
    })
    return this.running
  }

  /** Starts sending whenever the network comes back; called once by the app. */
  start(): void {
    watchNet((online) => {
      if (!online) return
      // What failed for want of a network says nothing of the one that is there now.
      this.failures = 0
      void this.flush()
    })
  }

  private store(all: T[]): void {
    wx.setStorageSync(this.name, all)
    for (const w of this.watchers) w(all)
  }

  private async work(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    for (;;) {
      const next = this.all().find((x) => x.state === 'waiting')
      if (next === undefined) break
      if (!isOnline() || !(await this.deliver(next))) return this.rest()
    }
    this.failures = 0
  }

  /** Tries one; false when the network or the server is away and trying the next is no use. */
  private async deliver(one: T): Promise<boolean> {
    try {
      const voices = await this.uploaded(one, one.voices ?? [], 'voices')
      const photos = await this.photosOf(one)
      const answer = await this.send(one, photos, voices)
      const left = one.photos.filter((p) => p.id === null || !photos.includes(p.id)).map((p) => p.path)
      if (left.length > 0) this.words?.follow(answer, left)
      this.take(one.key)
      dropFiles([...one.photos, ...(one.voices ?? [])].map((f) => f.path).filter((path) => !left.includes(path)))
      this.settle(one.key, { kind: 'done', answer })
    } catch (error) {
      if (error instanceof Problem && error.passing) return false
      const why = line(error)
      this.replace({ ...one, state: 'refused', why })
      this.settle(one.key, { kind: 'refused', why, error })
    }
    return true
  }

  /** The photos that go with it: those of its first sending, else all; fewer when its words need not wait. */
  private async photosOf(one: T): Promise<readonly number[]> {
    if (one.went !== undefined) return one.went
    if (this.words?.hurry(one)) return []
    try {
      return await this.uploaded(one, one.photos, 'photos')
    } catch (e) {
      if (this.words === null || !(e instanceof Problem && e.passing)) throw e
      return one.photos.flatMap((p) => (p.id === null ? [] : [p.id]))
    }
  }

  /** Uploads what is not there yet, and keeps each id at once: a file goes up once. */
  private async uploaded(one: T, files: { path: string; id: number | null }[], kind: FileKind): Promise<number[]> {
    const ids: number[] = []
    for (const file of files) {
      if (file.id === null) {
        file.id = await upload(file.path, kind)
        this.replace(one)
      }
      ids.push(file.id)
    }
    return ids
  }

  private rest(): void {
    for (const one of this.all()) this.settle(one.key, { kind: 'waiting' })
    const pause = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)]
    this.failures += 1
    this.timer = setTimeout(() => void this.flush(), pause)
  }

  private settle(key: string, outcome: Outcome<R>): void {
    this.asked.get(key)?.(outcome)
    this.asked.delete(key)
  }
}
