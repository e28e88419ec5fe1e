// The page on which somebody tries the mini-program by hand.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { PLACES } from '../../tools/phones-page.mjs'
import { phone, someone, street } from '../stage.mjs'

test('by hand: everybody of the street has a phone on one page, each of them for himself', async () => {
  // Of its own, for the pages that are opened in it.
  const { ctx } = await phone({ hand: {} })
  const page = await ctx.newPage()
  await page.goto(`${street.origin}/phones`)
  const people = page.locator('#people button')
  assert.equal(await page.locator('h2').first().textContent(), '居民')
  const open = async (role) => {
    const [window] = await Promise.all([page.waitForEvent('popup'), page.locator('section').filter({ has: page.getByRole('heading', { name: role.group }) }).getByRole('button', { name: role.who }).first().tap()])
    return window
  }
  const resident = await open({ group: '居民', who: /./ })
  await resident.getByRole('button', { name: '发送求助' }).waitFor()
  assert.equal(await resident.getByText('正在打开手机…').isVisible(), false)
  await page.getByText('大字', { exact: true }).tap()
  const worker = await open({ group: '中山社区', who: /· 中山社区第一网格 网格员$/ })
  await worker.locator('wx-page').first().waitFor({ state: 'attached' })
  const who = (window) => window.evaluate(() => [__mp.openid, __mp.appBase.fontSizeScaleFactor, location.hostname.endsWith('.localhost')])
  assert.deepEqual((await who(resident)).slice(1), [undefined, true])
  assert.deepEqual((await who(worker)).slice(1), [1.4, true])
  assert.notEqual((await who(resident))[0], (await who(worker))[0])
})

test('by hand: people stand under their community in the program\'s own words, are found, and the addresses named there exist', async () => {
  const { ctx } = await phone({ hand: {} })
  const page = await ctx.newPage()
  await page.goto(`${street.origin}/phones`)
  const shown = () => page.locator('#people button:visible').allTextContents()
  const all = await shown()
  assert.equal(new Set(all).size, all.length)
  assert.deepEqual(all.filter((t) => /G\d{5}|B角|\d{9}/.test(t)), [])
  // A phone that could only say so is not opened.
  assert.equal(await page.getByRole('button', { name: /派单员|指挥中心|督查|核查/ }).count(), 0)
  await page.getByText(/派单员：请用电脑打开网页$/).waitFor()
  await page.getByRole('searchbox', { name: '找人' }).fill('中山社区第一网格')
  assert.deepEqual((await shown()).map((t) => t.replace(/^.+ · /, '')), ['中山社区第一网格 网格员', '中山社区第一网格 替班网格员'])
  const who = await street.person(someone())
  for (const [address, grid] of PLACES) assert.equal((await who.post('/api/v1/address/resolve', { text: address })).grid.small?.name, grid)
})

test('by hand: a phone says that it opens until its page is there, and the stand-in that it reads', async () => {
  const { ctx } = await phone({ hand: {} })
  const page = await ctx.newPage()
  let go = () => undefined
  const held = new Promise((r) => { go = r })
  await page.route('**/index.js', async (route) => { await held; await route.continue() })
  await page.goto(`${street.origin}/?phone=resident-1`, { waitUntil: 'commit' })
  await page.getByText('正在打开手机…').waitFor()
  go()
  await page.getByText('正在打开手机…').waitFor({ state: 'hidden' })
  await page.getByText('哪里需要帮忙？').waitFor()

  const stand = await ctx.newPage()
  await stand.route('**/_sandbox/people', async (route) => { await new Promise((r) => setTimeout(r, 500)); await route.continue() })
  await stand.goto(`${street.sandbox}/`)
  await stand.getByText('正在打开每个人的手机…').waitFor()
  await stand.getByText('重新启动后从头开始').waitFor()
  await stand.getByRole('region', { name: /的手机$/ }).first().waitFor()
})
