/** What was understood of the words about a place, told back to whoever wrote them. */

/** Behind the house: "2单元", "5楼", "502室", alone or one after the other. */
const INSIDE = /^\s*(?:号楼|楼|栋|幢|号)?[，、\s-]*((?:[\d一二两三四五六七八九十东西中南北]+单元)?\s*(?:\d{1,2}[层楼]|[一二两三四五六七八九十]+[层楼])?\s*(?:\d{3,4}(?:室|户|房)?(?!\d|号|元))?)/

/**
 * "阳光花园3号楼 → 中山社区第一网格：楼栋表" is for staff; a resident reads his own place again, with
 * the unit, floor and flat that he wrote. Empty when the reason names no place.
 */
export function understood(reason: string, words: string): string {
  const [place = '', rest] = reason.split(' → ')
  if (rest === undefined) return ''
  const house = /(\d+)号楼$/.exec(place)?.[1]
  if (house === undefined) return `您写的是：${place}`
  const at = new RegExp(`(?:^|\\D)${house}(?!\\d)`).exec(words)
  const inside = at === null ? '' : (INSIDE.exec(words.slice(at.index + at[0].length))?.[1] ?? '')
  return `您写的是：${place}${inside.replace(/\s/g, '')}`
}
