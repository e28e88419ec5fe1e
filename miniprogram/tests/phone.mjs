// A phone: one browser context with the mini-program open, held by one person.
import fs from 'node:fs'
import { chromium } from 'playwright-core'

export function browserPath() {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && fs.existsSync(p))
  if (!found) throw new Error('no Chromium: run `npm run browser`, or name one in CHROMIUM')
  return found
}

export const launch = () => chromium.launch({
  executablePath: browserPath(),
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-color-profile=srgb',
    // Nothing leaves this machine: without a hand on every request, which would cost each a way to Node and back.
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE *.localhost'],
})

/** The smallest picture that a phone's camera could have taken. */
export const PHOTO = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==', 'base64')

/** Where the official account's codes come from: WeChat's own picture, of which a phone asks nothing else. */
export const PICTURES = 'https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket='
const spot = (x, y) => (x * 7 + y * 13 + x * y * 5) % 3 === 0
const corner = (x, y) => `<rect x="${x}" y="${y}" width="7" height="7"/><rect x="${x + 1}" y="${y + 1}" width="5" height="5" fill="#fff"/><rect x="${x + 2}" y="${y + 2}" width="3" height="3"/>`
/** Looks like a code and says nothing. */
const CODE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 33 33" width="330" height="330"><rect x="-2" y="-2" width="33" height="33" fill="#fff"/>${Array.from({ length: 29 * 29 }, (_, i) => [i % 29, Math.floor(i / 29)]).filter(([x, y]) => spot(x, y) && !((x < 8 || x > 20) && y < 8) && !(x < 8 && y > 20)).map(([x, y]) => `<rect x="${x}" y="${y}" width="1" height="1"/>`).join('')}${corner(0, 0)}${corner(22, 0)}${corner(0, 22)}</svg>`

/** The origin that ships (utils/config.ts) is led to the test's own. */
export const SHIPPED = 'https://zhinan.example.gov.cn'

/** A context and its page, with what was asked of other hosts. */
async function take(browser, street, scale) {
  const ctx = await browser.newContext({ viewport: { width: 375, height: 812 }, deviceScaleFactor: scale, hasTouch: true, isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const page = await ctx.newPage()
  // Ends what hangs; a machine that is busy is only slow.
  page.setDefaultTimeout(20_000)
  await ctx.route((url) => url.href.startsWith(PICTURES), (route) => route.fulfill({ contentType: 'image/svg+xml', body: CODE }))
  const external = []
  page.on('request', (r) => { if (/^(https?|wss?):/.test(r.url()) && new URL(r.url()).origin !== street.origin && !r.url().startsWith(PICTURES)) external.push(r.url()) })
  const cdp = await ctx.newCDPSession(page)
  await cdp.send('Page.enable')
  return { ctx, page, external, cdp }
}

/** The hand puts its phone away and is free for another: nothing runs on, and nothing is left but what a browser keeps of scripts. */
export async function putAway(hand, origin) {
  const { ctx, page, external, cdp, script } = hand
  if (script === undefined) return
  hand.script = undefined
  await ctx.setOffline(false)
  await page.goto('about:blank')
  await cdp.send('Page.removeScriptToEvaluateOnNewDocument', { identifier: script })
  await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes: 'cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage' })
  external.length = 0
}

/**
 * openid: whose phone; route: "/pages/x/index?id=1"; size: [width, height]; large: care mode; dark; clock: a Date to stand still at;
 * hand: an object that keeps the context for the next phone, which opens much sooner; scale: pixels of the screen to one of the page
 */
export async function openPhone(browser, street, { openid = 'resident-1', route = '', size = [375, 812], large = false, dark = false, place = null, privacy, consents, microphone, hand = {}, scale = 2 } = {}) {
  if (hand.ctx) await putAway(hand, street.origin)
  else Object.assign(hand, await take(browser, street, scale))
  const { ctx, page, external, cdp } = hand
  await page.setViewportSize({ width: size[0], height: size[1] })
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  const init = { origins: { [SHIPPED]: street.origin }, appBase: large ? { fontSizeScaleFactor: 1.4, fontSizeSetting: 23.8 } : {}, openid, place, privacy, consents, microphone }
  hand.script = (await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `globalThis.__mpInit = ${JSON.stringify(init)}` })).identifier
  await page.goto(`${street.origin}/#${route}`, { waitUntil: 'domcontentloaded' })
  await page.locator('wx-page').first().waitFor({ state: 'attached' })
  const mp = () => page.evaluate(() => ({ calls: __mp.calls.map((c) => c.name), warnings: __mp.warnings, errors: __mp.errors }))
  return {
    page, ctx, external, mp, openid,
    calls: (name) => page.evaluate((n) => __mp.calls.filter((c) => c.name === n).map((c) => c.args), name),
    /** Waits until the phone has heard such a message on its live line, and has done what it does about it. */
    heard: (such, given) => page.waitForFunction(([f, g]) => __mp.heard.some((m) => new Function('m', 'g', `return (${f})(m, g)`)(m, g)), [String(such), given]),
    /** The page that lies on top; pages below stay in the document. */
    top: page.locator('.wx-page-host:not([hidden])'),
    async offline(yes) { await ctx.setOffline(yes) },
    close: () => ctx.close(),
  }
}
