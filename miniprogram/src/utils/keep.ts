/**
 * Keeping something in this phone that may have no room left (WeChat gives 10 MB in all, 1 MB to a key).
 * Copies for times without a network make room for what the person wrote; when even that does not
 * help, the caller goes on without. Nothing else writes to the storage.
 */
import { dropCopies, isCopy } from './copies'

/** Characters that surely do not fit under one key. */
const TOO_LARGE = 1024 * 1024

/** Keeps `value`; false when the phone has no room for it. */
export function keep(key: string, value: unknown): boolean {
  if (put(key, value)) return true
  if (JSON.stringify(value).length > TOO_LARGE) return false
  // One list makes room by the copies of cases, what a person wrote by all of them.
  dropCopies(isCopy(key) ? 'cases' : 'all', key)
  return put(key, value)
}

function put(key: string, value: unknown): boolean {
  try {
    wx.setStorageSync(key, value)
    return true
  } catch {
    return false
  }
}
