/** How much waits at the desk of a member of staff, for the line that leads there. */
import { cases, pauses, triage } from './api'
import { OPEN } from './desk'
import { glue } from './glue'
import type { Desk } from './office'

export interface Waiting {
  title: string
  /** Something is late, or nobody took it. */
  late: boolean
}
export const NOBODY_WAITS: Waiting = { title: '', late: false }
/** More than a page of them need no exact number. */
const MOST = 100
const pieces = (found: readonly unknown[], next: string | null | undefined) => `${found.length}${next ? '+' : ''} 件`

export async function waitingAt(desk: Desk): Promise<Waiting> {
  if (desk === 'worker') {
    const { cases: all, next } = await cases({ state: OPEN.join(','), reported_by_me: false, limit: MOST })
    const fresh = all.filter((c) => c.allowed.includes('acknowledgement')).length
    if (all.length === 0) return { title: '没有要办的工单', late: false }
    // The same case is not to be counted twice by whoever reads.
    const title = fresh === all.length && !next ? `${fresh} 件等您签收` : `${pieces(all, next)}要办${fresh > 0 ? `，其中 ${fresh} 件等您签收` : ''}`
    return { title: glue(title), late: fresh > 0 || all.some((c) => c.overdue) }
  }
  if (desk === 'cadre') {
    const [{ cases: all, next }, asked, open] = await Promise.all([triage({ limit: MOST }), pauses(), cases({ state: OPEN.join(','), reported_by_me: false, limit: MOST })])
    const wanted = asked.pauses.length + open.cases.filter((c) => c.extension?.state === 'asked' && c.allowed.includes('extension_decision')).length
    const waits = [all.length > 0 ? `${pieces(all, next)}等您派单` : '', wanted > 0 ? `${wanted} 件等您同意` : ''].filter((x) => x !== '')
    return { title: glue(waits.join('，')) || '没有等您派单的诉求', late: waits.length > 0 }
  }
  return NOBODY_WAITS
}
