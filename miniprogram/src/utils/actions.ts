/**
 * What a worker does to cases, and what a resident adds to his, also where no network is. Every action
 * waits in this phone until the server took it or it no longer fits; then he reads why and decides.
 *
 * An action names the version it was made on. When the case moved on meanwhile, taking it or noting a
 * call is done on the new version; anything else is shown to the worker first. An answer that was
 * lost is given again by the server for a day, and afterwards recognised in the case's own record, so
 * nothing is done twice.
 */
import { act, caseDetail, type BodyFor, type Detail, type TimelineEvent, type Verb } from './api'
import { Problem } from './problem'
import { freshKey, keptVoices, Queue, type Kept, type Outcome } from './queue'
import { staff } from './session'
import type { Voice } from './voices'

export interface Action extends Kept {
  caseId: number
  number: string
  verb: Verb
  /** So many of the photos, the first ones, show how it was before. */
  before?: number
  /** Without version and photos. */
  body: Record<string, unknown>
  version: number
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

export const actions = new Queue<Action, void>('actions', send)

/** Does something to a case now, or as soon as there is a network. */
export function perform<V extends Verb>(c: Pick<Detail, 'id' | 'number' | 'version' | 'timeline'>, verb: V, label: string, body: BodyFor<V>, paths: readonly string[] = [], said: readonly Voice[] = [], before: readonly string[] = []): Promise<Outcome<void>> {
  const seq = Math.max(0, ...c.timeline.map((e) => e.seq))
  const photos = [...before, ...paths].map((path) => ({ path, id: null }))
  return actions.put({ key: freshKey(), caseId: c.id, number: c.number, verb, body: body as Record<string, unknown>, photos, before: before.length, voices: keptVoices(said), version: c.version, seq, label, at: Date.now(), state: 'waiting', why: '' })
}

async function send(a: Action, all: readonly number[], voices: readonly number[]): Promise<void> {
  const [before, photos] = [all.slice(0, a.before ?? 0), all.slice(a.before ?? 0)]
  const body = { ...a.body, ...(before.length > 0 ? { before } : {}), ...(photos.length > 0 ? { photos } : {}), ...(voices.length > 0 ? { voices } : {}) } as BodyFor<Verb>
  try {
    await act(a.caseId, a.verb, a.version, body, keyAt(a, a.version))
  } catch (e) {
    if (!(e instanceof Problem) || (e.code !== 'version_conflict' && e.code !== 'move_not_allowed')) throw e
    const now = await caseDetail(a.caseId)
    if (doneBefore(a, now)) return
    const why = whatHappened(a, now)
    if (why !== null) throw new Problem(409, 'overtaken', why)
    await act(a.caseId, a.verb, now.version, body, keyAt(a, now.version))
  }
}

/** The server answers a repeated key as it did before; another version is another request, so it has another key. */
const keyAt = (a: Action, version: number): string => `${a.key}-${version}`

/** The first try arrived and only its answer was lost, longer ago than the server keeps answers. */
function doneBefore(a: Action, now: Detail): boolean {
  const me = staff()?.name
  const mine = (e: TimelineEvent) => (me === undefined ? e.role === 'resident' && said(e) === (a.body['text'] ?? '') : e.name === me)
  return now.timeline.some((e) => e.seq > a.seq && mine(e) && EVENT[a.verb]?.includes(e.kind))
}

const said = (e: TimelineEvent) => (e.detail as { text?: string } | null)?.text ?? ''

/** Why the action no longer fits, in words; null when it may be done on the new version. */
export function whatHappened(a: Pick<Action, 'verb' | 'seq' | 'label'>, now: Detail): string | null {
  const since = now.timeline.filter((e) => e.seq > a.seq && !QUIET.includes(e.kind))
  if (!now.allowed.includes(a.verb)) {
    const taken = [...now.timeline].reverse().find((e) => e.kind === 'acknowledged')
    if (a.verb === 'acknowledgement' && taken?.name) return `已由${taken.name}签收`
    const last = since[since.length - 1] ?? now.timeline[now.timeline.length - 1]
    const by = last?.name ? `${last.name} ` : ''
    return `现在不能${a.label}：${staff() === null ? '这件诉求' : '工单'}已是“${now.state_zh}”${last ? `（${by}${last.kind_zh}）` : ''}`
  }
  if (harmless(a.verb) || since.length === 0) return null
  const last = since[since.length - 1]
  return `提交前工单有了新情况：${last?.name ?? last?.role_zh ?? ''}${last?.kind_zh ?? ''}。请看一眼再${a.label}`
}
