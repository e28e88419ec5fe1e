/**
 * Requests for help that must not be lost. A sent draft is kept in this phone with its
 * Idempotency-Key, its photos and its recordings until the server has answered for it; the same key with the same
 * body is the same case, so however often it is sent it arrives exactly once.
 *
 * The body of an item never changes after its first sending: ids of files are filled in before. A photo or a
 * recording that is not up in a few seconds keeps no words waiting: it follows as an addition, and so do all of an emergency.
 */
import { addFiles } from './actions'
import { report, type Case, type Report } from './api'
import { Problem } from './problem'
import { freshKey, keptVoices, Queue, type Kept } from './queue'
import { streetNow } from './time'
import type { Voice } from './voices'

export interface Item extends Kept {
  body: Report
  /** The grid that the resident tapped when the resolver asked; empty when nothing was asked. */
  answer: string
  savedAt: number
  /** Client time of the first sending; null while it never left this phone. */
  triedAt: number | null
}

/** The server remembers a key for 24 hours; later the same key would make a second case. */
const KEY_LIFE_MS = 23 * 3_600_000

export const outbox = new Queue<Item, Case>('outbox', async (item, photos, voices) => {
  if (item.triedAt !== null && Date.now() - item.triedAt > KEY_LIFE_MS) {
    throw new Problem(409, 'too_old', '上次发送没有等到答复。请先在“我的诉求”里看看是否已经收到，没有收到再重新填写')
  }
  item.triedAt ??= Date.now()
  item.went ??= [...photos]
  item.spoke ??= [...voices]
  outbox.replace(item)
  const files = { ...(photos.length > 0 ? { photos: [...photos] } : {}), ...(voices.length > 0 ? { voices: [...voices] } : {}) }
  return report({ ...item.body, ...(item.answer ? { grid: item.answer } : {}), ...files }, item.key)
}, {
  hurry: (item) => item.body.urgency?.danger === true,
  speaks: (item) => (item.body.text ?? '').trim() !== '',
  follow: addFiles,
})

/**
 * Keeps a request and sends it if it can. Answers with the case when it arrived at once, with null
 * when it waits in this phone; rejects with the server's `Problem` when it was refused.
 */
export async function put(body: Report, paths: readonly string[], spoken: readonly Voice[], answer: string): Promise<Case | null> {
  const photos = paths.map((path) => ({ path, id: null }))
  const voices = keptVoices(spoken)
  const became = await outbox.put({ key: freshKey(), body, photos, voices, answer, savedAt: streetNow(), triedAt: null, state: 'waiting', why: '' })
  if (became.kind === 'refused') throw became.error
  return became.kind === 'done' ? became.answer : null
}
