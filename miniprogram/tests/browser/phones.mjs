// The page on which somebody tries the mini-program by hand.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { phone, street } from '../stage.mjs'

test('by hand: everybody of the street has a phone on one page, each of them for himself', async () => {
  const { ctx } = await phone()
  const page = await ctx.newPage()
  await page.goto(`${street.origin}/phones`)
  const people = page.locator('#people button')
  assert.match(await people.first().textContent(), /· 居民$/)
  const open = async (role) => {
    const [window] = await Promise.all([page.waitForEvent('popup'), people.filter({ hasText: role }).first().tap()])
    return window
  }
  const resident = await open('居民')
  await resident.getByRole('button', { name: '发送求助' }).waitFor()
  assert.equal(await resident.getByText('正在打开手机…').isVisible(), false)
  await page.getByText('大字', { exact: true }).tap()
  const worker = await open('网格员 G')
  await worker.locator('wx-page').first().waitFor({ state: 'attached' })
  const who = (window) => window.evaluate(() => [__mp.openid, __mp.appBase.fontSizeScaleFactor, location.hostname.endsWith('.localhost')])
  assert.deepEqual((await who(resident)).slice(1), [undefined, true])
  assert.deepEqual((await who(worker)).slice(1), [1.4, true])
  assert.notEqual((await who(resident))[0], (await who(worker))[0])
})

test('by hand: a phone says that it opens until its page is there, and the stand-in that it reads', async () => {
  const { ctx } = await phone()
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
