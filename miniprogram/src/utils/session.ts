/**
 * Who is signed in. `wx.login` gives a code, the server gives tokens for it; they live in WeChat's
 * storage of this mini-program and travel in the Authorization header only, never in a URL.
 * One renewal at a time: pages that ask together wait for the same answer.
 */
import type { components } from './api-schema'
import { API_BASE } from './config'
import { dropOffice } from './copies'
import { keep } from './keep'
import { noNetwork, Problem, problemOf } from './problem'

type SignedIn = components['schemas']['SignedIn']
export type Staff = components['schemas']['StaffOut']

interface Kept {
  access: string
  refresh: string
  /** Client time in ms after which the access token is renewed before use. */
  until: number
  account: number
  staff: Staff | null
}

const KEY = 'session'
const MARGIN_MS = 60_000
let kept: Kept | null = null
let renewing: Promise<Kept> | null = null

function load(): Kept | null {
  if (kept === null) {
    const v: unknown = wx.getStorageSync(KEY)
    if (typeof v === 'object' && v !== null && 'access' in v) kept = v as Kept
  }
  return kept
}

function signedIn(s: SignedIn): Kept {
  changed(s.staff ?? null)
  kept = {
    access: s.access_token,
    refresh: String(s.refresh_token),
    until: Date.now() + s.expires_in * 1000 - MARGIN_MS,
    account: s.account.id,
    staff: s.staff ?? null,
  }
  keep(KEY, kept)
  return kept
}

/** Whose office ended or became another keeps nothing of the old one in this phone. */
function changed(to: Staff | null): void {
  const was = load()?.staff ?? null
  if (was !== null && JSON.stringify(was) !== JSON.stringify(to)) dropOffice()
}

function post(path: string, data: object): Promise<SignedIn> {
  return new Promise((resolve, reject) => {
    wx.request({
      url: API_BASE + path,
      method: 'POST',
      data,
      header: { 'content-type': 'application/json' },
      timeout: 10_000,
      success: (r) => (r.statusCode === 200 ? resolve(r.data as SignedIn) : reject(problemOf(r.statusCode, r.data))),
      fail: () => reject(noNetwork()),
    })
  })
}

async function login(): Promise<Kept> {
  let code: string
  try {
    code = (await wx.login()).code
  } catch {
    throw noNetwork()
  }
  return signedIn(await post('/api/v1/auth/wechat', { code }))
}

async function renew(): Promise<Kept> {
  const old = load()
  if (old === null) return login()
  try {
    return signedIn(await post('/api/v1/auth/refresh', { refresh_token: old.refresh }))
  } catch (e) {
    if (e instanceof Problem && e.passing) throw e
    return login()
  }
}

/** Returns an access token that will last a minute; signs in or renews when there is none. */
export async function token(): Promise<string> {
  const now = load()
  if (now !== null && Date.now() < now.until) return now.access
  return fresh()
}

/** Gets a new access token whatever the old one's age: the server said that it is no good. */
export async function fresh(): Promise<string> {
  renewing ??= renew().finally(() => {
    renewing = null
  })
  return (await renewing).access
}

/** What the last sign-in said about the person's office; null for a resident. */
export function staff(): Staff | null {
  return load()?.staff ?? null
}

/** Notes a changed office, after binding for instance. */
export function setStaff(s: Staff | null): void {
  const now = load()
  if (now === null) return
  changed(s)
  now.staff = s
  keep(KEY, now)
}

/** Forgets the tokens of this phone. */
export function forget(): void {
  kept = null
  wx.removeStorageSync(KEY)
}
