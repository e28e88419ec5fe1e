// What all browser tests share: one street, one browser, and the rule that a phone whose mini-program
// warned, failed or asked another host has failed the test.
import { after, before, afterEach } from 'node:test'
import assert from 'node:assert/strict'
import { startStreet } from './server.mjs'
import { launch, openPhone, putAway } from './phone.mjs'

export { PHOTO } from './phone.mjs'

export let street
let browser
const open = []
/** Hands that put their phone away: the next phone opens much sooner in one of them. */
const free = []

// One after the other, so that what was started is ended even when the other cannot start.
before(async () => { street = await startStreet(); browser = await launch() })
after(async () => { await browser?.close(); await street?.close() })
afterEach(async () => {
  street.mend()
  const found = []
  for (const p of open.splice(0)) {
    const { errors, warnings } = await p.mp()
    if (errors.length || warnings.length || p.external.length) found.push({ openid: p.openid, errors, warnings, external: [...p.external] })
    await p.end()
  }
  assert.deepEqual(found, [])
})

/** Nothing is looked at so closely that it needs a fine screen. `hand`: one of the test's own, for what would stay in it. */
export async function phone(options) {
  const hand = options?.hand ?? free.pop() ?? {}
  const p = await openPhone(browser, street, { scale: 1, ...options, hand })
  open.push(p)
  p.end = async () => { if (options?.hand) return p.close(); await putAway(hand, street.origin); free.push(hand) }
  // Puts it away before the test ends, or leaves it in the test's own hand; its faults are then the test's own to look at.
  p.shut = async () => { open.splice(open.indexOf(p), 1); if (!options?.hand) await p.end() }
  return p
}


/** A resident nobody else has used. */
let n = 0
export const someone = () => `t-resident-${++n}`

/** Words as they are read: what only holds a line together is not seen. */
export const words = (text) => new RegExp([...text].map((c) => c.replace(/[?()]/, '\\$&')).join('\u2060?'))

export const field = (p, name) => p.top.getByRole('textbox', { name })
/** Where they stand, once each is seen: what a page lays out anew is for a moment not there. */
export const boxes = (...found) => street.until('each of them is seen', async () => {
  const all = await Promise.all(found.map((l) => l.boundingBox({ timeout: 5_000 })))
  return all.every(Boolean) && all
})
export const button = (p, name) => p.top.getByRole('button', { name, exact: typeof name === 'string' })

/** Writes and sends; answers with the case as the server has it. */
export async function ask(p, text) {
  await field(p, '写下情况和地址').fill(text)
  // Nobody types faster than the phone learns which notices it may ask for.
  await p.page.waitForFunction(() => 'wx:consents' in localStorage)
  await button(p, '发送求助').tap()
  await p.top.getByText('办理过程').waitFor()
  const hash = await p.page.evaluate(() => location.hash)
  return Number(/id=(\d+)/.exec(hash)[1])
}

/** The same page some days later, with nothing done meanwhile; loading it anew is today again. */
export const daysLater = (p, n) => p.page.evaluate((ms) => { const now = Date.now; Date.now = () => now() + ms; __mp.ahead = ms; wx.reLaunch({ url: location.hash.slice(1) }) }, n * 864e5)
