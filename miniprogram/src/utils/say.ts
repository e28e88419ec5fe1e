/**
 * What a tap came to, in words. WeChat's toast shows two lines and is gone in three seconds: what is
 * longer, and with it what to do next, stays until it was read.
 */
const TWO_LINES = 22
/** Letters and digits are half as wide as characters. */
const width = (words: string): number => [...words].reduce((n, c) => n + (c.charCodeAt(0) < 0x2000 ? 0.55 : 1), 0)

export function say(words: string): void {
  if (width(words) <= TWO_LINES) void wx.showToast({ title: words, icon: 'none', duration: 3000 })
  else void wx.showModal({ content: words, showCancel: false, confirmText: '知道了' })
}

/** For what only passes by: cut where the toast would cut it. */
export const brief = (words: string): string => (width(words) <= TWO_LINES ? words : `${[...words].slice(0, TWO_LINES - 1).join('')}…`)
