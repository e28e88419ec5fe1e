/**
 * Keeping something in this phone that may have no room left (WeChat gives 10 MB in all, 1 MB to a key).
 * Copies for times without a network make room for what the person wrote; when even that does not
 * help, the caller goes on without.
 */
import { dropCopies } from './copies'

/** Keeps `value`; false when the phone has no room for it. */
export function keep(key: string, value: unknown): boolean {
  for (const last of [false, true]) {
    try {
      wx.setStorageSync(key, value)
      return true
    } catch {
      if (!last) dropCopies(key)
    }
  }
  return false
}
