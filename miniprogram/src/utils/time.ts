/** Times in plain words, always in the street's own time (UTC+8), whatever this phone is set to. */
/** How much this phone's clock is behind the street's; a server's answer says it. */
let behind = 0
/** An answer takes a moment and names whole seconds: less than this is no wrong clock. */
const SLACK_MS = 30_000

/** The time of the street, also where this phone's clock is wrong. */
export const streetNow = (): number => Date.now() + behind

/** Hears the time from the head of an answer (`Date`). */
export function hearTime(date: string | undefined): void {
  const at = date === undefined ? NaN : Date.parse(date)
  if (Number.isNaN(at)) return
  const off = at - Date.now()
  behind = Math.abs(off) < SLACK_MS ? 0 : off
}

const EAST_8_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const WEEK = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

const shifted = (ms: number) => new Date(ms + EAST_8_MS)
const dayOf = (ms: number) => Math.floor((ms + EAST_8_MS) / DAY_MS)
const two = (n: number) => (n < 10 ? `0${n}` : `${n}`)

/** Reads RFC 3339 with microseconds, which not every phone's Date.parse takes. */
export function ms(at: string): number {
  return Date.parse(at.replace(/(\.\d{3})\d+/, '$1'))
}

/** "今天 15:30", "明天 09:00", "12月4日 周五 17:30". Later than tomorrow it is a date with its weekday: where weekends do not count nobody should count days. */
export function when(at: string, now = streetNow()): string {
  const t = ms(at)
  const d = shifted(t)
  const days = dayOf(t) - dayOf(now)
  const near = { [-1]: '昨天', 0: '今天', 1: '明天' }[days]
  if (near !== undefined) return `${near} ${clock(at)}`
  const date = `${d.getUTCMonth() + 1}月${d.getUTCDate()}日`
  const year = d.getUTCFullYear() === shifted(now).getUTCFullYear() ? '' : `${d.getUTCFullYear()}年`
  return days > 0 ? `${year}${date} ${WEEK[d.getUTCDay()] ?? ''} ${clock(at)}` : `${year}${date} ${clock(at)}`
}

/** "09:30"; the midnight at which something ends is "24:00". */
export function clock(at: string, ends = false): string {
  const d = shifted(ms(at))
  const text = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
  return ends && text === '00:00' ? '24:00' : text
}

/** When what waits in this phone goes by itself: with the network, or at the time (of this phone; 0 when there is none) until which the server wants to be left alone. */
export function goes(until: number, online = '连上网络后'): string {
  if (until === 0) return online
  // A minute that is shown has come when it goes.
  const minute = Math.ceil((until + behind) / 60_000) * 60_000
  return `系统繁忙，${clock(new Date(minute).toISOString())}以后`
}

/** When something ends: the midnight after today is "今天 24:00", not "明天 00:00". */
export function until(at: string, now = streetNow()): string {
  const midnight = (ms(at) + EAST_8_MS) % DAY_MS === 0
  return midnight ? when(new Date(ms(at) - 1).toISOString(), now).replace('23:59', '24:00') : when(at, now)
}

/** How long something is: "25 分钟", "3 小时", "2 天 16 小时", "6 天"; from an hour on never more than it is. */
export function span(millis: number): string {
  const minutes = Math.max(0, Math.round(millis / 60_000))
  if (minutes < 1) return '不到 1 分钟'
  if (minutes < 60) return `${minutes} 分钟`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 >= 10 && hours < 6 ? `${hours} 小时 ${minutes % 60} 分` : `${hours} 小时`
  const days = Math.floor(hours / 24)
  return days < 3 && hours % 24 > 0 ? `${days} 天 ${hours % 24} 小时` : `${days} 天`
}

export type DueTone = 'good' | 'warn' | 'danger'

/** Distance to a due time with its colour: red when late, amber in the last third or half an hour. */
export function due(by: string, from: string, now = streetNow()): { text: string; tone: DueTone } {
  const left = ms(by) - now
  if (left < 0) return { text: `已超时 ${span(-left)}`, tone: 'danger' }
  const whole = Math.max(1, ms(by) - ms(from))
  return { text: `还剩 ${span(left)}`, tone: left < whole / 3 || left < 30 * 60_000 ? 'warn' : 'good' }
}

/** A day as YYYY-MM-DD, `days` after today. */
export function day(days = 0, now = streetNow()): string {
  const d = shifted(now + days * DAY_MS)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}

/** How many days ago it was Monday: 0 on a Monday. */
export const weekday = (now = streetNow()): number => (shifted(now).getUTCDay() + 6) % 7

/** "09:00—17:30", or "全天" when it is the whole day. */
export function hours(from: string, to: string): string {
  return ms(to) - ms(from) >= 23 * 3_600_000 ? '全天' : `${clock(from)}—${clock(to, true)}`
}

/** "周五" and "27" of a YYYY-MM-DD. */
export function dayParts(date: string): { week: string; number: string } {
  const d = new Date(`${date}T00:00:00Z`)
  return { week: WEEK[d.getUTCDay()] ?? '', number: `${d.getUTCDate()}` }
}

/** "12月4日 周五" of a YYYY-MM-DD. */
export function dayName(date: string): string {
  const d = new Date(`${date}T00:00:00Z`)
  return `${d.getUTCMonth() + 1}月${d.getUTCDate()}日 ${WEEK[d.getUTCDay()] ?? ''}`
}
