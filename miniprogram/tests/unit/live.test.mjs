import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'

test('who closed the page and opened it while a token was on its way has one line, not two', async () => {
  const sockets = []
  let signIn
  const nothing = () => undefined
  // What is left running by a line too many must not keep the test from ending.
  const every = globalThis.setInterval
  globalThis.setInterval = (...a) => every(...a).unref()
  globalThis.wx = {
    getStorageSync: () => '', setStorageSync: nothing, removeStorageSync: nothing,
    login: () => new Promise((resolve) => { signIn = () => resolve({ code: 'x' }) }),
    request: (o) => o.success({ statusCode: 200, data: { access_token: 'a', refresh_token: 'r', expires_in: 900, account: { id: 1 } } }),
    connectSocket: () => { const s = { onOpen: nothing, onMessage: nothing, onClose: nothing, onError: nothing, send: nothing, close: nothing }; sockets.push(s); return s },
  }
  const { watchLive } = await load('utils/live.ts')
  const watcher = { state: nothing, entry: nothing }
  watchLive(watcher)()
  // Silence closes after a second; the first sign-in still waits.
  await new Promise((r) => setTimeout(r, 1_100))
  const stop = watchLive(watcher)
  signIn()
  await new Promise((r) => setTimeout(r, 50))
  stop()
  await new Promise((r) => setTimeout(r, 1_100))
  assert.equal(sockets.length, 1)
})
