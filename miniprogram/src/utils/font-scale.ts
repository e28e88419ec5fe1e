/**
 * Large type. Every size in WXSS is `calc(N rpx * var(--scale))`, and `<page-meta page-style>` sets
 * `--scale` for a whole page. It follows WeChat's own font size (care mode is 1.4) until the person
 * decides otherwise here, and his choice is remembered.
 */
import { keep } from './keep'

export type FontMode = 'auto' | 'normal' | 'large'
const KEY = 'fontMode'
const LARGE = 1.4

export function fontMode(): FontMode {
  const v: unknown = wx.getStorageSync(KEY)
  return v === 'normal' || v === 'large' ? v : 'auto'
}
export function setFontMode(v: FontMode): void {
  keep(KEY, v)
}
/** The factor of all sizes, 0.9 to 1.4. */
export function fontScale(): number {
  const mode = fontMode()
  if (mode === 'large') return LARGE
  if (mode === 'normal') return 1
  const factor = wx.getAppBaseInfo().fontSizeScaleFactor ?? 1
  return Math.min(LARGE, Math.max(0.9, factor))
}
export function pageStyle(): string {
  return `--scale:${fontScale()}`
}
