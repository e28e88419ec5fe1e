/** Taking a case in somebody else's place: what a worker signs for as his own, everybody above him takes over. */
import type { Case } from './api'
import { staff } from './session'

export const TAKE_OVER = '由我接手'

/** Whether this person would take from its worker what he acknowledges. */
export function takesOver(): boolean {
  const roles = (staff()?.roles ?? []).map((r) => r.role)
  return roles.length > 0 && !roles.some((r) => r.startsWith('grid_worker'))
}

/** What it means, in the words of the question. */
export function meansOf(c: Pick<Case, 'responsible'>): string {
  const worker = c.responsible.find((p) => p.role === 'grid_worker_primary')
  return `${worker ? `网格员 ${worker.name} ` : '网格员'}还没签收。接手后由您联系居民、办到办结，他会收到通知。只想催他，请打电话。`
}

/** Asks whoever takes over; a worker is not asked. */
export async function sureToTake(c: Pick<Case, 'responsible'>): Promise<boolean> {
  if (!takesOver()) return true
  return (await wx.showModal({ title: '由您接手这件？', content: meansOf(c), confirmText: '我接手', cancelText: '不接手' })).confirm
}
