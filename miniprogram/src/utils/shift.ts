/** Where a member of staff stands towards his shift, in the words of his card. */
import type { Duty } from './api'
import { ms, streetNow, until, when } from './time'
import type { Tone } from './words'

/** Where the card of the desk keeps what the server said last. */
export const KEPT_DUTY = 'duty'
const AWAY: readonly Duty['state'][] = ['off', 'on_leave', 'no_shift']
/** Whether new cases go to others now; as far as this phone knows. */
export function isAway(): boolean {
  const kept: unknown = wx.getStorageSync(KEPT_DUTY)
  return typeof kept === 'object' && kept !== null && AWAY.includes((kept as Duty).state)
}
/** What stands under the name of a desk: what is true of a line that is there. */
export const liveWords = (what: string): string => (isAway() ? '没在岗，下拉可刷新' : `${what}会立即出现`)

/** Who comes early may sign on so long before his shift begins; the server says the same. */
const EARLY_MS = 3_600_000

export interface Standing {
  title: string
  says: string
  on: boolean
  tone: Tone
  /** Whether the switch is there: without a shift there is nothing to sign on to. */
  may: boolean
}

export function standing(d: Duty, now = streetNow()): Standing {
  const end = d.shift ? until(d.shift.to, now) : ''
  const next = d.next ? `下一班${when(d.next.from, now)}开始` : '一周内没有班'
  switch (d.state) {
    case 'on':
      return { title: '在岗', says: `到${end}`, on: true, tone: 'good', may: true }
    case 'not_signed_on':
      return { title: '还没到岗', says: `您的班到${end}。上班了请点这里；没点，工单也照常派给您`, on: false, tone: 'warn', may: true }
    case 'off':
      return { title: '已离岗', says: `到${end}前不通知您新工单。回来了点这里`, on: false, tone: '', may: true }
    case 'on_leave':
      return { title: '请假或换班中', says: next, on: false, tone: '', may: false }
    case 'no_shift': {
      const soon = d.next ? ms(d.next.from) - now <= EARLY_MS : false
      return { title: '现在没有班', says: soon ? `${next}，可以提前点到岗` : next, on: false, tone: '', may: soon }
    }
  }
}
