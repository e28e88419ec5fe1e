/**
 * wx.request, typed by the server's API document. Adds the token, renews it once when the server
 * says it is old, and turns every refusal into a `Problem`.
 */
import type { paths } from './api-schema'
import { API_BASE } from './config'
import { noNetwork, Problem, problemOf } from './problem'
import { fresh, token } from './session'
import { hearTime } from './time'

type Method = 'get' | 'post' | 'put' | 'delete'
type Op<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never
type PathsWith<M extends Method> = {
  [P in keyof paths]: [Exclude<Op<P, M>, undefined>] extends [never] ? never : P
}[keyof paths]
type Json<T> = T extends { content: { 'application/json': infer J } } ? J : undefined
type BodyOf<O> = O extends { requestBody: infer B } ? Json<B> : undefined
type Ok<O> = O extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202 | 204)]> : never
type PathIn<O> = O extends { parameters: { path: infer P } } ? P : undefined
type QueryIn<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined
type Need<K extends string, T> = [T] extends [undefined] ? { [k in K]?: undefined } : undefined extends T ? { [k in K]?: T } : { [k in K]: T }
type Options<O> = Need<'path', PathIn<O>> & Need<'body', BodyOf<O>> & { query?: QueryIn<O>; key?: string }

const TIMEOUT_MS = 12_000

interface Raw {
  status: number
  data: unknown
  retryAfter: string | undefined
}

function send(method: Method, url: string, body: unknown, header: Record<string, string>): Promise<Raw> {
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      // The typings of wx.request know no PATCH; neither does the API.
      method: method.toUpperCase() as 'GET' | 'POST' | 'PUT' | 'DELETE',
      // WeChat writes an object as JSON for POST and PUT only; a string goes as it is.
      data: method === 'delete' && body !== undefined ? JSON.stringify(body) : (body as WechatMiniprogram.IAnyObject | undefined),
      header: { 'content-type': 'application/json', ...header },
      timeout: TIMEOUT_MS,
      success: (r) => {
        hearTime(headerOf(r.header, 'date'))
        resolve({ status: r.statusCode, data: r.data, retryAfter: headerOf(r.header, 'retry-after') })
      },
      fail: () => reject(noNetwork()),
    })
  })
}

function headerOf(headers: object, name: string): string | undefined {
  const hit = Object.entries(headers).find(([k]) => k.toLowerCase() === name)
  return hit === undefined ? undefined : String(hit[1])
}

function address(path: string, given: { path?: unknown; query?: unknown }): string {
  const parts = (given.path ?? {}) as Record<string, string | number>
  const filled = path.replace(/\{(\w+)\}/g, (_, k: string) => encodeURIComponent(String(parts[k])))
  const pairs = Object.entries((given.query ?? {}) as Record<string, unknown>)
    .filter(([, v]) => v !== undefined && v !== null && v !== '')
    .map(([k, v]) => `${k}=${encodeURIComponent(String(v))}`)
  return API_BASE + filled + (pairs.length > 0 ? `?${pairs.join('&')}` : '')
}

/** Does `work` with a token; once more with a fresh one when the server calls the token old. */
export async function withToken<T>(work: (bearer: Record<string, string>) => Promise<T>): Promise<T> {
  const bearer = (t: string) => ({ Authorization: `Bearer ${t}` })
  try {
    return await work(bearer(await token()))
  } catch (e) {
    if (!(e instanceof Problem) || e.status !== 401) throw e
    return work(bearer(await fresh()))
  }
}

/** Calls the API. Rejects with a `Problem` and nothing else. */
export function call<M extends Method, P extends PathsWith<M>>(
  method: M,
  path: P,
  ...[given]: Record<string, never> extends Options<Op<P, M>> ? [Options<Op<P, M>>?] : [Options<Op<P, M>>]
): Promise<Ok<Op<P, M>>> {
  const options = (given ?? {}) as { path?: unknown; query?: unknown; body?: unknown; key?: string }
  const url = address(path, options)
  return withToken(async (bearer) => {
    const header: Record<string, string> = options.key === undefined ? bearer : { ...bearer, 'Idempotency-Key': options.key }
    const answer = await send(method, url, options.body, header)
    if (answer.status >= 200 && answer.status < 300) return answer.data as Ok<Op<P, M>>
    throw problemOf(answer.status, answer.data, answer.retryAfter)
  })
}

/** Reads what everybody may know, without signing in. */
export async function read<P extends '/api/v1/street'>(path: P): Promise<Ok<Op<P, 'get'>>> {
  const answer = await send('get', API_BASE + path, undefined, {})
  if (answer.status === 200) return answer.data as Ok<Op<P, 'get'>>
  throw problemOf(answer.status, answer.data, answer.retryAfter)
}

/** What a case carries besides words. */
export type FileKind = 'photos' | 'voices'

/** Uploads one file of this phone; answers with the id the server gave it. */
export function upload(file: string, kind: FileKind = 'photos'): Promise<number> {
  return withToken(
    (bearer) =>
      new Promise<number>((resolve, reject) => {
        wx.uploadFile({
          url: `${API_BASE}/api/v1/${kind}`,
          filePath: file,
          name: 'file',
          header: bearer,
          timeout: 60_000,
          success(r) {
            const data = parse(r.data)
            const id = (data as { id?: unknown } | null)?.id
            if (r.statusCode === 201 && typeof id === 'number') resolve(id)
            else reject(problemOf(r.statusCode, data))
          },
          fail: () => void isGone(file).then((gone) => reject(gone ? new Problem(410, 'file_gone', '手机里已经找不到它了') : noNetwork())),
        })
      }),
  )
}

/** WeChat says of a missing file only that the upload failed; waiting for a network would bring nothing. */
function isGone(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    wx.getFileSystemManager().access({ path, success: () => resolve(false), fail: (e) => resolve(/no such file/i.test(e.errMsg)) })
  })
}

/** Fetches a file into this phone, because what shows or plays it cannot carry a token; answers with its path. */
export function download(id: number, kind: FileKind = 'photos'): Promise<string> {
  return withToken(
    (bearer) =>
      new Promise<string>((resolve, reject) => {
        wx.downloadFile({
          url: `${API_BASE}/api/v1/${kind}/${id}`,
          header: bearer,
          success: (r) => (r.statusCode === 200 ? resolve(r.tempFilePath) : reject(problemOf(r.statusCode, null))),
          fail: () => reject(noNetwork()),
        })
      }),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
