import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'

/** Everything that waits for nothing but its turn has had it. */
const settled = () => new Promise((r) => setImmediate(r))

test('who closed the page and opened it while a token was on its way has one line, not two', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const sockets = []
  let signIn
  const nothing = () => undefined
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
  t.mock.timers.tick(1_100)
  const stop = watchLive(watcher)
  signIn()
  await settled()
  assert.equal(sockets.length, 1)
  stop()
  t.mock.timers.tick(1_100)
  await settled()
  assert.equal(sockets.length, 1)
})
