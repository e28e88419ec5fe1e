import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'
import { casesOf, phoneOf, settled } from './phone.mjs'

const DANGER = { danger: true, stuck: false }
const body = (more = {}) => ({ text: '3号楼没水了', urgency: { danger: false, stuck: false }, ...more })
const voice = (path) => ({ path, seconds: 3, id: -1 })

/** A street that takes requests, and a phone whose uploads do as `uploads` says; `order` is what reached the street. */
function street({ uploads, refuses = () => null } = {}) {
  const order = []
  const cases = casesOf([7])
  let id = 0
  const at = phoneOf({
    serve: (m, p, b, k) => {
      const why = refuses(m, p, b)
      if (why) return why
      if (m !== 'POST') return cases.serve(m, p, b, k)
      order.push([p.split('/').pop(), b])
      return p === '/api/v1/cases' ? [201, { id: 7, number: 'NC-7', version: cases.cases.get(7).version }] : cases.serve(m, p, b, k)
    },
    uploads: (path, url) => {
      const got = uploads?.(path) ?? [201, { id: (id += 1) }]
      if (got[0] === 201) order.push([url.split('/').pop(), path])
      return got
    },
  })
  for (const path of ['a', 'b', 'c', 'v', 'w']) at.files.add(path)
  return { at, order, cases, sent: () => order.filter(([what]) => what === 'cases').map(([, b]) => b), added: () => order.filter(([what]) => what === 'updates').map(([, { expected_version: _, ...b }]) => b) }
}
const together = () => load('../tests/unit/together.ts')

test('a photo that left the phone holds up nothing: the words go, and it is named', async () => {
  const s = street()
  s.at.files.delete('b')
  const { put } = await together()
  assert.equal((await put(body(), ['a', 'b'], [], '')).id, 7)
  assert.deepEqual(s.sent().map((b) => b.photos), [[1]])
  assert.match(s.at.modals[0].content, /^第 2 张照片：手机里已经找不到它了。/)
  await settled()
  assert.deepEqual(s.added(), [])
})

test('a recording that left the phone is said when it was all that was said', async () => {
  const s = street()
  s.at.files.delete('v')
  const { put, outbox } = await together()
  await assert.rejects(put(body({ text: '' }), [], [voice('v')], ''), /录音没有发出去/)
  assert.deepEqual(outbox.all(), [])
  await put(body(), [], [voice('v')], '')
  assert.match(s.at.modals[0].content, /^第 1 段录音/)
})

test('one broken photo among nine refuses nothing; an action of staff names it instead', async () => {
  const s = street({ uploads: (path) => (path === 'b' ? [422, { code: 'unsupported_image', title: '不支持这种图片' }] : undefined) })
  const { put, perform } = await together()
  await put(body(), ['a', 'b', 'c'], [], '')
  assert.deepEqual(s.sent().map((b) => b.photos), [[1, 2]])
  assert.match(s.at.modals[0].content, /^第 2 张照片：不支持这种图片。/)
  s.at.files.add('a').add('b')
  const r = await perform({ id: 7, number: 'NC-7', version: 1, timeline: [] }, 'resolution', '办结', { result_type: 'solved', text: '好了' }, ['a', 'b'])
  assert.equal(r.kind, 'refused')
  assert.match(r.why, /^第 2 张照片没有传上去：不支持这种图片/)
})

test('photos before and after stay apart when one of them is gone', async () => {
  const s = street()
  s.at.files.delete('a')
  const { perform } = await together()
  await perform({ id: 7, number: 'NC-7', version: 1, timeline: [] }, 'resolution', '办结', { result_type: 'solved', text: '好了' }, ['c'], [], ['a', 'b'])
  const [[, b]] = s.order.filter(([what]) => what === 'resolution')
  assert.deepEqual([b.before, b.photos], [[1], [2]])
})

test('an emergency waits for no photo and no recording; what was spoken follows with the photos', async () => {
  const s = street()
  const { put } = await together()
  await put(body({ urgency: DANGER }), ['a'], [voice('v')], '')
  await settled()
  assert.deepEqual(s.order.map(([what]) => what), ['cases', 'voices', 'photos', 'updates'])
  assert.deepEqual([s.sent()[0].photos, s.sent()[0].voices], [undefined, undefined])
  assert.deepEqual(s.added(), [{ photos: [2], voices: [1] }])
  // Without a word the recording is what it says.
  const t = street()
  const again = await together()
  await again.put(body({ text: '', urgency: DANGER }), ['a'], [voice('v')], '')
  await settled()
  assert.deepEqual(t.order.slice(0, 2).map(([what]) => what), ['voices', 'cases'])
})

test('an emergency waits for no files of other requests', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const s = street({ uploads: () => new Promise(() => undefined) })
  const { put } = await together()
  for (const path of ['a', 'b', 'c']) void put(body(), [path], [], '')
  await settled()
  assert.equal((await put(body({ urgency: DANGER }), ['v'], [], '')).id, 7)
  assert.deepEqual(s.sent().map((b) => b.urgency), [DANGER])
})

test('words wait eight seconds for slow photos; the rest follows and goes up once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let arrive
  const begun = []
  const s = street({ uploads: (path) => { begun.push(path); return path === 'b' ? new Promise((r) => { arrive ??= () => r([201, { id: 99 }]) }) : undefined } })
  const { put } = await together()
  const sent = put(body(), ['a', 'b', 'c'], [], '')
  await settled()
  t.mock.timers.tick(7_900)
  await settled()
  assert.deepEqual(s.sent(), [])
  t.mock.timers.tick(200)
  assert.equal((await sent).id, 7)
  assert.deepEqual(s.sent()[0].photos, [1])
  arrive()
  await settled()
  assert.deepEqual(s.added(), [{ text: '补充照片', photos: [99, 2] }])
  assert.deepEqual(begun, ['a', 'b', 'c'])
})

test('what the server cannot take of one case holds back only that case, and its own pause is kept', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const cases = casesOf([7, 8], { me: '赵' })
  let full = true
  const at = phoneOf({ staff: { name: '赵', roles: [] }, serve: cases.serve, uploads: () => (full ? [503, { code: 'storage_full', title: '存满了' }] : [201, { id: 1 }]) })
  at.files.add('a')
  const { perform, actions } = await together()
  const see = (id) => ({ id, number: `NC-${id}`, version: 1, timeline: [] })
  assert.equal((await perform(see(7), 'updates', '写进展', { text: '一' }, ['a'])).kind, 'waiting')
  assert.equal((await perform(see(7), 'updates', '写进展', { text: '二' })).kind, 'waiting')
  assert.equal((await perform(see(8), 'acknowledgement', '签收', {})).kind, 'done')
  assert.deepEqual(cases.told(7), [])
  full = false
  await settled()
  t.mock.timers.tick(60_000)
  await settled()
  assert.deepEqual(cases.told(7), ['一', '二'], 'in the order of his hands')
  assert.equal(actions.all().length, 0)
})

test('the queue waits as long as the server says', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let asked = 0
  phoneOf({ serve: () => { asked += 1; return asked === 1 ? [429, { code: 'too_many_requests', title: '太多' }, { 'Retry-After': '50' }] : [201, { id: 7, number: 'NC-7', version: 1 }] } })
  const { put } = await together()
  assert.equal(await put(body(), [], [], ''), null)
  t.mock.timers.tick(49_000)
  await settled()
  assert.equal(asked, 1)
  t.mock.timers.tick(1_000)
  await settled()
  assert.equal(asked, 2)
})

test('what is taken out while its photo goes up is not sent', async () => {
  let arrive
  const s = street({ uploads: () => new Promise((r) => { arrive = () => r([201, { id: 1 }]) }) })
  const { put, outbox } = await together()
  const sent = put(body(), ['a'], [], '')
  await settled()
  outbox.take(outbox.all()[0].key)
  arrive()
  assert.equal(await sent, null)
  assert.deepEqual(s.sent(), [])
})

test('a phone without room sends all the same, and first forgets copies of what the server has', async () => {
  const s = street()
  const full = (room) => { s.at.room = room }
  s.at.storage.set('case-3', { big: true }).set('today', []).set('draft', { text: '写到一半' })
  full((k) => k !== 'outbox' || !s.at.storage.has('case-3'))
  const { put, outbox } = await together()
  s.at.connect(false)
  assert.equal(await put(body(), [], [], ''), null)
  assert.deepEqual([s.at.storage.has('case-3'), s.at.storage.has('today'), s.at.storage.has('draft')], [false, false, true])
  assert.equal(s.at.storage.get('outbox').length, 1)
  full(() => false)
  assert.equal(await put(body({ text: '4号楼也没水了' }), [], [], ''), null)
  assert.equal(outbox.all().length, 2)
  outbox.start()
  s.at.connect(true)
  await settled()
  assert.deepEqual(s.sent().map((b) => b.text), ['3号楼没水了', '4号楼也没水了'])
  assert.equal(outbox.all().length, 0)
})

test('whoever erased himself on a phone without room sends nothing afterwards', async () => {
  const s = street({ refuses: (_m, p) => (p === '/api/v1/auth/wechat' ? [200, { access_token: 'b', refresh_token: 'r', expires_in: 900, account: { id: 2 } }] : null) })
  globalThis.wx.login = async () => ({ code: 'x' })
  s.at.room = () => false
  const { actions, outbox, perform, put, wipe } = await together()
  s.at.connect(false)
  assert.equal(await put(body(), ['a'], [], ''), null)
  assert.equal((await perform({ id: 7, number: 'NC-7', version: 1, timeline: [] }, 'updates', '补充', { text: '还在漏' })).kind, 'waiting')
  let shown
  outbox.watch((all) => { shown = all.length })
  assert.deepEqual([shown, actions.all().length], [1, 1])
  await wipe()
  assert.deepEqual([shown, outbox.all(), actions.all()], [0, [], []])
  s.at.room = () => true
  outbox.start()
  actions.start()
  s.at.connect(true)
  await settled()
  assert.deepEqual(s.order, [])
})

test('a key that the server still works on is asked again, not refused; but not for ever', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let busy = 2
  phoneOf({ serve: () => (busy-- > 0 ? [422, { code: 'idempotency_key_reused', title: '正在处理' }] : [201, { id: 7, number: 'NC-7', version: 1 }]) })
  const { put, outbox } = await together()
  const later = async () => { t.mock.timers.tick(60_000); await settled() }
  assert.equal(await put(body(), [], [], ''), null)
  for (let i = 0; i < 2; i++) await later()
  assert.deepEqual(outbox.all(), [])
  busy = 99
  assert.equal(await put(body(), [], [], ''), null)
  for (let i = 0; i < 6; i++) await later()
  assert.equal(outbox.all()[0].state, 'refused')
})
