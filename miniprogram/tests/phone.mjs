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

/** The origin that ships (utils/config.ts) is led to the test's own. */
export const SHIPPED = 'https://zhinan.example.gov.cn'

/**
 * openid: whose phone; route: "/pages/x/index?id=1"; size: [width, height]; large: care mode; dark; clock: a Date to stand still at
 */
export async function openPhone(browser, street, { openid = 'resident-1', route = '', size = [375, 812], large = false, dark = false, place = null, privacy, consents, microphone } = {}) {
  const ctx = await browser.newContext({ viewport: { width: size[0], height: size[1] }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', colorScheme: dark ? 'dark' : 'light' })
  const page = await ctx.newPage()
  page.setDefaultTimeout(8000)
  const external = []
  page.on('request', (r) => { if (/^(https?|wss?):/.test(r.url()) && new URL(r.url()).origin !== street.origin) external.push(r.url()) })
  const init = { origins: { [SHIPPED]: street.origin }, appBase: large ? { fontSizeScaleFactor: 1.4, fontSizeSetting: 23.8 } : {}, openid, place, privacy, consents, microphone }
  await page.addInitScript((i) => { globalThis.__mpInit = i }, init)
  await page.goto(`${street.origin}/#${route}`)
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
