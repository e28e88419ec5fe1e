import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'
import { phoneOf, settled } from './phone.mjs'

test('who closed the page and opened it while a token was on its way has one line, not two', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const sockets = []
  let signIn
  const nothing = () => undefined
  globalThis.wx = {
    getStorageSync: () => '', setStorageSync: nothing, removeStorageSync: nothing,
    login: () => new Promise((resolve) => { signIn = () => resolve({ code: 'x' }) }),
    request: (o) => o.success({ statusCode: 200, data: { access_token: 'a', refresh_token: 'r', expires_in: 900, account: { id: 1 } } }),
    onNetworkStatusChange: nothing, getNetworkType: nothing, onAppShow: nothing,
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

/** A phone with lines that only do what the test says, and what a page would show. `stale`: its token has to be renewed before each use. */
async function lines(t, { stale = false } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const at = phoneOf({ serve: () => [200, { access_token: 'a', refresh_token: 'r', expires_in: 0, account: { id: 1 } }] })
  if (stale) at.storage.get('session').until = 0
  const sockets = []
  globalThis.wx.connectSocket = () => {
    const s = { sent: [], send: (m) => s.sent.push(JSON.parse(m.data)), close: () => { s.closed = true } }
    for (const on of ['Open', 'Message', 'Close', 'Error']) s[`on${on}`] = (f) => { s[on] = f }
    sockets.push(s)
    return s
  }
  const { watchLive } = await load('utils/live.ts')
  const shown = []
  watchLive({ state: (s) => shown.push(s) })
  await settled()
  const open = (s) => { s.Open({}); s.Message({ data: '{"kind":"ready","resumed":false}' }) }
  return { at, sockets, shown, open, async tick(ms) { t.mock.timers.tick(ms); await settled() } }
}

test('a line of which WeChat says only that it failed is tried again, once', async (t) => {
  const { sockets, tick } = await lines(t)
  sockets[0].Error({})
  sockets[0].Close({ code: 1006 })
  await tick(500)
  assert.equal(sockets.length, 2)
  await tick(10_000)
  assert.equal(sockets.length, 2, 'its end was told once')
})

test('a line that never says anything is given up', async (t) => {
  const { sockets, tick } = await lines(t)
  await tick(15_000)
  await tick(500)
  assert.deepEqual([sockets.length, sockets[0].closed], [2, true])
})

test('a line that only seems to be there is asked, and nobody reads that new cases appear at once', async (t) => {
  const { sockets, shown, open, tick } = await lines(t)
  open(sockets[0])
  await tick(45_000)
  assert.equal(sockets[0].sent.length, 2)
  sockets[0].Message({ data: '{"kind":"renewed"}' })
  await tick(15_000)
  assert.equal(shown.at(-1), 'on')
  await tick(30_000)
  await tick(15_000)
  assert.equal(shown.at(-1), 'connecting')
  await tick(500)
  assert.equal(sockets.length, 2)
})

test('a line that only seems to be there is given up, too, when its token cannot be renewed', async (t) => {
  const { at, sockets, shown, open, tick } = await lines(t, { stale: true })
  open(sockets[0])
  // Nobody says that the network is gone.
  at.online = false
  await tick(45_000)
  assert.deepEqual([shown.at(-1), sockets[0].closed], ['connecting', true])
  at.online = true
  await tick(500)
  assert.equal(sockets.length, 2)
})

test('the network that comes back and the mini-program that comes to the front bring the line at once', async (t) => {
  const { at, sockets, open, tick } = await lines(t)
  open(sockets[0])
  at.connect(false)
  at.connect(true)
  await tick(500)
  assert.equal(sockets.length, 2, 'no line outlives its network')
  // Now it fails for a while, so that the next try is far away.
  for (let i = 1; i < 5; i++) { sockets[i].Error({}); await tick(15_000) }
  sockets.at(-1).Error({})
  const before = sockets.length
  for (const f of at.shown) f({})
  await settled()
  assert.equal(sockets.length, before + 1)
})
