import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'
import { casesOf, phoneOf, settled } from './phone.mjs'

const ME = { name: '赵明辉', roles: [{ role: 'grid_worker_primary' }] }
const seen = (id = 7, version = 1) => ({ id, number: `NC-${id}`, version, timeline: [] })
const left = (at) => (at.storage.get('actions') ?? []).map((a) => [a.label, a.state, a.why])
const DAY = 24 * 3_600_000

test('two actions of one kind that waited are both done', async () => {
  const street = casesOf([7], { me: ME.name })
  const at = phoneOf({ staff: ME, serve: street.serve })
  at.online = false
  const { actions, perform } = await load('utils/actions.ts')
  actions.start()
  for (const outcome of ['no_answer', 'no_answer', 'reached']) assert.equal((await perform(seen(), 'contacts', '记录联系', { method: 'phone', outcome, note: '' })).kind, 'waiting')
  for (const text of ['关了阀门', '换了水管']) await perform(seen(), 'updates', '写进展', { text })
  at.connect(true)
  await settled()
  assert.deepEqual(street.told(7), ['no_answer', 'no_answer', 'reached', '关了阀门', '换了水管'])
  assert.deepEqual(left(at), [])
})

test('two additions of a resident that are only photos both arrive, each with its own', async () => {
  const street = casesOf([7])
  let id = 0
  const at = phoneOf({ serve: street.serve, uploads: () => [201, { id: (id += 1) }] })
  at.online = false
  at.files.add('a').add('b')
  const { actions, additionOf, perform } = await load('utils/actions.ts')
  actions.start()
  for (const path of ['a', 'b']) await perform(seen(), 'updates', '补充', { text: additionOf('', []) }, [path])
  at.connect(true)
  await settled()
  assert.deepEqual(street.cases.get(7).timeline.map((e) => e.detail.photos), [[1], [2]])
  assert.deepEqual(at.removed, ['a', 'b'])
})

test('an open sheet that is sent after another phone of his recorded a call is another call', async () => {
  const street = casesOf([7], { me: ME.name })
  phoneOf({ staff: ME, serve: street.serve })
  street.add(7, 'contacted', { method: 'phone', outcome: 'no_answer', note: '' })
  const { perform } = await load('utils/actions.ts')
  assert.equal((await perform(seen(), 'contacts', '记录联系', { method: 'visit', outcome: 'reached', note: '' })).kind, 'done')
  assert.deepEqual(street.told(7), ['no_answer', 'reached'])
})

test('a lost answer to the try on the new version is asked for under the same key, and nothing is done twice', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const street = casesOf([7], { me: ME.name })
  const keys = []
  let lose = 1
  const at = phoneOf({ staff: ME, serve: (m, p, b, k) => {
    const got = street.serve(m, p, b, k)
    if (m === 'POST') keys.push([k, got[0]])
    return m === 'POST' && got[0] === 200 && lose-- > 0 ? [0] : got
  } })
  street.add(7, 'added', { text: '楼下也漏' }, null)
  const { actions, perform } = await load('utils/actions.ts')
  assert.equal((await perform(seen(), 'contacts', '记录联系', { method: 'phone', outcome: 'reached', note: '' })).kind, 'waiting')
  t.mock.timers.tick(3_000)
  await settled()
  assert.equal(actions.all().length, 0)
  assert.deepEqual(street.told(7), ['楼下也漏', 'reached'])
  assert.deepEqual(keys.map(([, status]) => status), [409, 200, 200])
  assert.equal(keys[1][0], keys[2][0])
  assert.equal(left(at).length, 0)
})

for (const [same, text, told] of [['the same', '换了水管', ['换了水管']], ['another', '关了阀门', ['关了阀门', '换了水管']]]) {
  test(`what was tried more than a day ago is looked for in the record: ${same} entry of his`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: DAY })
    const street = casesOf([7], { me: ME.name, forgets: () => true })
    const at = phoneOf({ staff: ME, serve: street.serve })
    at.online = false
    const { actions, perform } = await load('utils/actions.ts')
    await perform(seen(), 'updates', '写进展', { text: '换了水管' })
    const [a] = actions.all()
    actions.replace({ ...a, triedAt: Date.now() })
    street.add(7, 'updated', { text })
    t.mock.timers.tick(DAY)
    await settled()
    actions.start()
    at.connect(true)
    await settled()
    assert.deepEqual(left(at), [])
    assert.deepEqual(street.told(7), told)
  })
}

test('his own step is no news to him; what somebody else did is, and his words are in their sheet again', async () => {
  const street = casesOf([7, 8], { me: ME.name })
  const at = phoneOf({ staff: ME, serve: street.serve })
  at.online = false
  const { actions, perform, takeBack } = await load('../tests/unit/together.ts')
  actions.start()
  const what = { form: { result: 'solved', text: '换了水管' }, before: [], after: ['p'] }
  at.files.add('p')
  for (const id of [7, 8]) {
    await perform(seen(id), 'updates', '写进展', { text: '正在修' })
    await perform(seen(id), 'resolution', '办结', { result_type: 'solved', text: '换了水管' }, ['p'], [], [], { sheet: 'resolution', what })
  }
  street.add(8, 'added', { text: '楼下也漏' }, null)
  at.connect(true)
  await settled()
  assert.deepEqual(street.told(7), ['正在修', '换了水管'])
  assert.deepEqual(street.told(8), ['楼下也漏'])
  // The note of the second is refused as well: it was written without knowing.
  assert.deepEqual(left(at).map(([label, state]) => [label, state]), [['写进展', 'refused'], ['办结', 'refused']])
  const refused = actions.all().find((a) => a.verb === 'resolution')
  assert.match(refused.why, /提交前工单有了新情况：.*“楼下也漏”。请看一眼再办结/)
  assert.equal(takeBack(refused.key), 'resolution')
  assert.deepEqual(at.storage.get('begun-8'), { resolution: what })
  assert.equal(actions.all().length, 1)
})

/** Uploads that arrive when the test says so. */
const slow = () => {
  const arrive = new Map()
  return { arrive, uploads: (path) => new Promise((r) => arrive.set(path, (answer = [201, { id: arrive.size }]) => r(answer))) }
}

test('a slow photo holds up only its own case: steps of others go beside it, three cases with files at a time, each case in its order', async () => {
  const street = casesOf([1, 2, 3, 4, 5, 6], { me: ME.name })
  const { arrive, uploads } = slow()
  const at = phoneOf({ staff: ME, serve: street.serve, uploads })
  for (const path of ['a', 'b', 'c', 'd']) at.files.add(path)
  const { actions, perform } = await load('utils/actions.ts')
  const note = (id, text, photos = []) => perform(seen(id), 'updates', '写进展', { text }, photos)
  void note(1, '一', ['a'])
  void note(1, '二')
  await settled()
  assert.equal((await note(5, '别的')).kind, 'done', 'what is put while something goes')
  void note(2, '一', ['b'])
  void note(3, '一', ['c'])
  void note(4, '一', ['d'])
  void note(4, '二')
  assert.equal((await note(5, '还有')).kind, 'done', 'words wait for no files of others')
  assert.equal((await perform(seen(6), 'acknowledgement', '签收', {})).kind, 'done')
  await settled()
  assert.deepEqual([...arrive.keys()], ['a', 'b', 'c'])
  assert.deepEqual([1, 4, 5, 6].map((id) => street.told(id)), [[], [], ['别的', '还有'], ['acknowledged']])
  arrive.get('b')()
  await settled()
  assert.deepEqual([...arrive.keys()], ['a', 'b', 'c', 'd'])
  for (const path of ['c', 'd', 'a']) arrive.get(path)()
  await settled()
  assert.deepEqual([1, 2, 3, 4, 5].map((id) => street.told(id)), [['一', '二'], ['一'], ['一'], ['一', '二'], ['别的', '还有']])
  assert.deepEqual(left(at), [])
  assert.equal(actions.all().length, 0)
})

test('no step goes twice, whatever calls for sending while it goes', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const street = casesOf([1, 2], { me: ME.name })
  const posts = []
  const { arrive, uploads } = slow()
  const at = phoneOf({ staff: ME, uploads, serve: (m, p, b, k) => { if (m === 'POST') posts.push(k); return street.serve(m, p, b, k) } })
  at.files.add('a')
  const { actions, perform } = await load('utils/actions.ts')
  actions.start()
  void perform(seen(1), 'updates', '写进展', { text: '一' }, ['a'])
  void perform(seen(2), 'updates', '写进展', { text: '二' })
  actions.flush()
  at.connect(true)
  actions.flush()
  await settled()
  at.connect(false)
  void perform(seen(2), 'updates', '写进展', { text: '三' })
  t.mock.timers.tick(3_000)
  at.connect(true)
  actions.flush()
  arrive.get('a')()
  actions.flush()
  await settled()
  assert.deepEqual([street.told(1), street.told(2)], [['一'], ['二', '三']])
  assert.equal(new Set(posts).size, posts.length)
  assert.equal(left(at).length, 0)
})

test('an upload that hangs after the network went does not keep the rest waiting when it is back', async () => {
  const street = casesOf([1, 2], { me: ME.name })
  const at = phoneOf({ staff: ME, serve: street.serve, uploads: slow().uploads })
  at.files.add('a')
  const { actions, perform } = await load('utils/actions.ts')
  actions.start()
  void perform(seen(1), 'updates', '写进展', { text: '一' }, ['a'])
  await settled()
  at.connect(false)
  assert.equal((await perform(seen(2), 'updates', '写进展', { text: '二' })).kind, 'waiting')
  at.connect(true)
  await settled()
  assert.deepEqual([street.told(1), street.told(2)], [[], ['二']])
})

for (const [first, second] of [['50', '5'], ['5', '50']]) {
  test(`of two pauses that the server asks for the longer counts: ${first} s, then ${second} s`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    const street = casesOf([1, 2], { me: ME.name })
    const asks = [first, second]
    let posts = 0
    phoneOf({ staff: ME, serve: (m, p, b, k) => {
      if (m !== 'POST') return street.serve(m, p, b, k)
      posts += 1
      const wait = asks.shift()
      return wait ? [429, { code: 'too_many_requests', title: '太多' }, { 'Retry-After': wait }] : street.serve(m, p, b, k)
    } })
    const { perform } = await load('utils/actions.ts')
    const both = [1, 2].map((id) => perform(seen(id), 'updates', '写进展', { text: '一' }))
    assert.deepEqual((await Promise.all(both)).map((r) => r.kind), ['waiting', 'waiting'])
    t.mock.timers.tick(49_000)
    await settled()
    assert.equal(posts, 2)
    t.mock.timers.tick(1_000)
    await settled()
    assert.deepEqual([posts, street.told(1), street.told(2)], [4, ['一'], ['一']])
  })
}

test('a pause that the server asked for holds against a tap, a network that comes back and another case beside it, and says until when', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 27, 2, 0, 30) })
  const street = casesOf([1, 2], { me: ME.name })
  let busy = true
  const posts = []
  const at = phoneOf({ staff: ME, serve: (m, p, b, k) => {
    if (m === 'POST') posts.push(p)
    return m === 'POST' && p.includes('/1/') && busy ? [503, { code: 'busy', title: '系统繁忙' }, { 'Retry-After': '120' }] : street.serve(m, p, b, k)
  } })
  const { actions, later, perform } = await load('../tests/unit/together.ts')
  actions.start()
  const first = await perform(seen(1), 'updates', '写进展', { text: '一' })
  assert.deepEqual([first.kind, later(first)], ['waiting', '系统繁忙，10:03以后'])
  busy = false
  t.mock.timers.tick(20_000)
  // He taps again: it waits with the first, and he hears until when; another case goes.
  const again = await perform(seen(1), 'updates', '写进展', { text: '二' })
  assert.deepEqual([again.kind, later(again)], ['waiting', '系统繁忙，10:03以后'])
  assert.equal((await perform(seen(2), 'updates', '写进展', { text: '三' })).kind, 'done')
  at.connect(false)
  at.connect(true)
  await settled()
  assert.deepEqual(posts.map((p) => p.slice(0, 15)), ['/api/v1/cases/1', '/api/v1/cases/2'])
  assert.deepEqual(actions.all().map((a) => actions.restsUntil(a) > 0), [true, true])
  t.mock.timers.tick(100_000)
  await settled()
  assert.deepEqual(street.told(1), ['一', '二'])
  assert.equal(actions.all().length, 0)
})
