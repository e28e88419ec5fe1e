/**
 * What a worker does to cases, and what a resident adds to his, also where no network is. Every action
 * waits in this phone until the server took it or it no longer fits; then he reads why and decides.
 *
 * An action names the version it was made on. When the case moved on meanwhile, taking it or noting a
 * call is done on the new version, and so is anything else when only he himself moved it; otherwise it is
 * shown to the worker first. An answer that was lost is given again by the server for a day, for the version
 * it was last tried on; only after that day it is looked for in the case's own record. So nothing is done
 * twice, and nothing is taken for done because something like it was.
 */
import { act, caseDetail, type BodyFor, type Detail, type TimelineEvent, type Verb } from './api'
import { Problem } from './problem'
import { freshKey, keptVoices, Queue, type Kept, type KeptFile, type KeptVoice, type Outcome } from './queue'
import { staff } from './session'
import { goes } from './time'
import type { Voice } from './voices'

export interface Action extends Kept {
  caseId: number
  number: string
  verb: Verb
  /** So many of the photos, the first ones, show how it was before. */
  before?: number
  /** Without version and photos. */
  body: Record<string, unknown>
  /** The version that it is tried on. */
  version: number
  /** Client time of its first try on that version; missing while it never left this phone. */
  triedAt?: number
  /** The sheet that it came from and what was in it, for whoever has to look again. */
  began?: { sheet: string; what: unknown }
  /** The last entry of the record that the worker had seen. */
  seq: number
  /** "签收", "办结": what it is called. */
  label: string
  at: number
}

/** What is done on the new version without a second look; whatever a resident adds belongs to it as well. */
const harmless = (verb: Verb) => verb === 'acknowledgement' || verb === 'contacts' || (verb === 'updates' && staff() === null)
/** The entry that shows that a verb was done. */
const EVENT: Partial<Record<Verb, readonly string[]>> = {
  acknowledgement: ['acknowledged'],
  contacts: ['contacted', 'contact_attempted'],
  updates: ['updated', 'added'],
  reopening: ['reopened'],
  resolution: ['resolved'],
  transfer: ['transferred'],
  return: ['returned'],
  hold: ['held'],
  pause: ['pause_asked'],
  pause_decision: ['held', 'pause_refused'],
  extension: ['extension_asked'],
  extension_decision: ['extension_granted', 'extension_refused'],
  resumption: ['resumed'],
  diversion: ['diverted'],
  assignment: ['assigned'],
  merge: ['merged'],
  reminder: ['reminded'],
}
/** What the machinery writes by itself and no worker has to read first. */
const QUIET = ['pushed', 'push_failed', 'opened', 'escalated', 'no_one_reachable', 'content_checked', 'accessed', 'located']

export const actions = new Queue<Action, void>('actions', send, null, (a) => String(a.caseId))

type On = Pick<Detail, 'id' | 'number' | 'version'>
const begin = (c: On, seq: number, verb: Verb, label: string, body: object): Action =>
  ({ key: freshKey(), caseId: c.id, number: c.number, verb, body: body as Record<string, unknown>, photos: [], voices: [], version: c.version, seq, label, at: Date.now(), state: 'waiting', why: '' })

/** Does something to a case now, or as soon as there is a network. */
export function perform<V extends Verb>(c: On & Pick<Detail, 'timeline'>, verb: V, label: string, body: BodyFor<V>, paths: readonly string[] = [], said: readonly Voice[] = [], before: readonly string[] = [], began?: Action['began']): Promise<Outcome<void>> {
  const photos = [...before, ...paths].map((path) => ({ path, id: null }))
  return actions.put({ ...begin(c, Math.max(0, ...c.timeline.map((e) => e.seq)), verb, label, body), photos, before: before.length, voices: keptVoices(said), ...(began === undefined ? {} : { began }) })
}

/** When something that waits is done, for a toast. */
export const later = (became: Outcome<void>): string => goes(became.kind === 'waiting' ? became.until : 0, '连上后')

const ONLY_PHOTOS = '补充照片'
/** What a resident adds; photos need a word beside them, recordings do not. */
export const additionOf = (text: string, voices: readonly unknown[]): string => (text === '' && voices.length === 0 ? ONLY_PHOTOS : text)

const ONLY_SHOWN = '内容见照片'
/** What is still wrong, under the same rule. */
export const stillWrong = (text: string, voices: readonly unknown[]): string => (text === '' && voices.length === 0 ? ONLY_SHOWN : text)

/** What a resident wrote, as it stood in its box: a word that only goes beside files is none of his. */
export function written(a: Pick<Action, 'body'>): string {
  const said = String(a.body['contact_phone'] ?? a.body['text'] ?? a.body['reason'] ?? '')
  return said === ONLY_PHOTOS || said === ONLY_SHOWN ? '' : said
}

/** Adds to a case the files that did not go with it. */
export function addFiles(c: On, photos: readonly KeptFile[], voices: readonly KeptVoice[]): void {
  const text = additionOf('', voices)
  void actions.put({ ...begin(c, 0, 'updates', '补充', text === '' ? {} : { text }), photos: [...photos], voices: [...voices] })
}

/** The server forgets a key after 24 hours. */
const KEY_LIFE_MS = 23 * 3_600_000
/** So often a case may move on between looking and doing. */
const TRIES = 4

async function send(a: Action, photos: readonly number[], voices: readonly number[]): Promise<void> {
  const before = a.photos.slice(0, a.before ?? 0).flatMap((f) => (f.id === null ? [] : [f.id]))
  const after = photos.filter((id) => !before.includes(id))
  if (onlyFiles(a) && photos.length + voices.length === 0) throw new Problem(422, 'file_gone', '没有发出去：照片或录音在手机里已经找不到了')
  const files = { ...(before.length > 0 ? { before } : {}), ...(after.length > 0 ? { photos: after } : {}), ...(voices.length > 0 ? { voices } : {}) }
  for (let tries = 1; ; tries += 1) {
    const forgotten = a.triedAt !== undefined && Date.now() - a.triedAt > KEY_LIFE_MS
    a.triedAt ??= Date.now()
    actions.replace(a)
    try {
      await act(a.caseId, a.verb, a.version, { ...a.body, ...files } as BodyFor<Verb>, keyAt(a))
      return
    } catch (e) {
      if (!(e instanceof Problem) || (e.code !== 'version_conflict' && e.code !== 'move_not_allowed') || tries === TRIES) throw e
      const now = await caseDetail(a.caseId)
      if (forgotten && doneBefore(a, now, { before, photos: after, voices: [...voices] })) return
      const why = whatHappened(a, now)
      if (why !== null) throw new Problem(409, 'overtaken', why)
      // Nothing happened that would make the same try succeed.
      if (now.version === a.version) throw e
      a.version = now.version
      delete a.triedAt
    }
  }
}

/** Nothing but files, so without them there is nothing to say. */
function onlyFiles(a: Action): boolean {
  const said = a.verb === 'updates' ? a.body['text'] : a.verb === 'reopening' ? a.body['reason'] : 'words'
  return a.photos.length + (a.voices ?? []).length > 0 && [undefined, '', ONLY_PHOTOS, ONLY_SHOWN].includes(said as string | undefined) && a.body['contact_phone'] === undefined
}

/** The server answers a repeated key as it did before; another version is another request, so it has another key. */
const keyAt = (a: Action): string => `${a.key}-${a.version}`

const byMe = (e: TimelineEvent): boolean => (staff() === null ? e.role === 'resident' : e.name === staff()?.name)

/** What of a body is written into its entry as it is. */
const TOLD = ['text', 'note', 'reason', 'outcome', 'method', 'result_type'] as const

/** The first try arrived and only its answer was lost, longer ago than the server keeps answers: its entry says the same. */
function doneBefore(a: Action, now: Detail, files: { before: number[]; photos: number[]; voices: number[] }): boolean {
  const same = (e: TimelineEvent): boolean => {
    const told = (e.detail ?? {}) as Record<string, unknown>
    const list = (key: string) => JSON.stringify(told[key] ?? [])
    return TOLD.every((k) => a.body[k] === undefined || told[k] === undefined || a.body[k] === told[k]) && (['before', 'photos', 'voices'] as const).every((k) => list(k) === JSON.stringify(files[k]))
  }
  return now.timeline.some((e) => e.seq > a.seq && byMe(e) && EVENT[a.verb]?.includes(e.kind) && same(e))
}

/** More of them is read in the record. */
const MOST = 60
/** What somebody wrote with what he did, as far as a warning has room for it. */
function wordsOf(e: TimelineEvent | undefined): string {
  const told = (e?.detail ?? {}) as { text?: string; reason?: string; note?: string }
  const said = [...(told.text || told.reason || told.note || '')]
  return said.length === 0 ? '' : `“${said.slice(0, MOST).join('')}${said.length > MOST ? '……' : ''}”`
}

/** Why the action no longer fits, in words; null when it may be done on the new version. */
export function whatHappened(a: Pick<Action, 'verb' | 'seq' | 'label'>, now: Detail): string | null {
  // What he did himself he knows, from here or from another phone.
  const since = now.timeline.filter((e) => e.seq > a.seq && !QUIET.includes(e.kind) && !byMe(e))
  if (!now.allowed.includes(a.verb)) {
    const taken = [...now.timeline].reverse().find((e) => e.kind === 'acknowledged')
    if (a.verb === 'acknowledgement' && taken?.name) return `已由${taken.name}签收`
    const last = since[since.length - 1] ?? now.timeline[now.timeline.length - 1]
    const by = last?.name ? `${last.name} ` : ''
    return `现在不能${a.label}：${staff() === null ? '这件诉求' : '工单'}已是“${now.state_zh}”${last ? `（${by}${last.kind_zh}）` : ''}`
  }
  if (harmless(a.verb) || since.length === 0) return null
  const last = since[since.length - 1]
  return `提交前工单有了新情况：${last?.name ?? last?.role_zh ?? ''}${last?.kind_zh ?? ''}${wordsOf(last)}。请看一眼再${a.label}`
}
