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
  await page.getByText('大字', { exact: true }).tap()
  const worker = await open('网格员 G')
  await worker.locator('wx-page').first().waitFor({ state: 'attached' })
  const who = (window) => window.evaluate(() => [__mp.openid, __mp.appBase.fontSizeScaleFactor, location.hostname.endsWith('.localhost')])
  assert.deepEqual((await who(resident)).slice(1), [undefined, true])
  assert.deepEqual((await who(worker)).slice(1), [1.4, true])
  assert.notEqual((await who(resident))[0], (await who(worker))[0])
})
