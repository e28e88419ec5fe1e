import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'
import { phoneOf, settled } from './phone.mjs'

/** What is fetched arrives when the test says so: `arrive(id, path)`, or fails with no path. */
function phone() {
  const at = phoneOf({ serve: () => [404, {}] })
  const coming = new Map()
  globalThis.wx.downloadFile = (o) => coming.set(Number(/\d+$/.exec(o.url)[0]), o)
  at.arrive = async (id, path) => {
    const o = coming.get(id)
    coming.delete(id)
    if (path) o.success({ statusCode: 200, tempFilePath: path })
    else o.fail({ errMsg: 'downloadFile:fail' })
    await settled()
  }
  at.coming = () => [...coming.keys()]
  return at
}

/** The component with a page around it that keeps what it is told. */
async function tiles(paths, more = {}) {
  globalThis.Component = (options) => options
  const { default: of } = await load('components/photos/index.ts')
  const self = {
    ...of.methods,
    data: { ...Object.fromEntries(Object.entries(of.properties).map(([k, v]) => [k, v.value])), ...of.data, ...more },
    setData(d) { Object.assign(this.data, d) },
    give(list) { this.data.paths = list; of.observers.paths.call(this, list) },
    triggerEvent(_, { paths: list }) { this.give(list) },
    shown() { return this.data.cells.map((c) => (c.busy ? '…' : c.path)) },
    leave: () => of.lifetimes.detached.call(self),
  }
  of.lifetimes.attached.call(self)
  self.give(paths)
  const tap = (path) => ({ currentTarget: { dataset: { path } } })
  return { self, tap }
}

test('two taps on the cross of one photo take away that one, not the next that moved to its place', async () => {
  const at = phone()
  const { self, tap } = await tiles(['a', 'b', 'c'])
  self.onRemove(tap('a'))
  self.onRemove(tap('a'))
  assert.deepEqual([self.shown(), at.removed], [['b', 'c'], ['a']])
})

test('what is being sent keeps its photos; two taps on the plus open one choice, and what is chosen for nobody is not kept', async () => {
  const at = phone()
  const { self, tap } = await tiles(['a'])
  let choose
  let asked = 0
  globalThis.wx.chooseMedia = () => { asked += 1; return new Promise((r) => { choose = (path) => r({ tempFiles: [{ tempFilePath: path }] }) }) }
  void self.onAdd()
  void self.onAdd()
  assert.equal(asked, 1)
  choose('b')
  await settled()
  assert.deepEqual(self.shown(), ['a', 'b'])
  void self.onAdd()
  self.data.still = true
  choose('c')
  await settled()
  self.onRemove(tap('a'))
  assert.deepEqual([self.shown(), at.removed], [['a', 'b'], ['c']])
  self.data.still = false
  void self.onAdd()
  self.leave()
  choose('d')
  await settled()
  assert.deepEqual(at.removed, ['c', 'd'])
})

test('a photo that is loading while the page reads the case again is loaded once, and stays loaded', async () => {
  const at = phone()
  const { self, tap } = await tiles(['x', 'lost:5'])
  void self.onRetry(tap('lost:5'))
  await settled()
  self.give(['w', 'x', 'lost:5'])
  assert.deepEqual(self.shown(), ['w', 'x', '…'])
  void self.onRetry(tap('lost:5'))
  await settled()
  assert.deepEqual(at.coming(), [5])
  await at.arrive(5, 'five')
  self.give(['x', 'lost:5'])
  assert.deepEqual(self.shown(), ['x', 'five'])
})

test('photos that come late do not cover those that were asked for since', async () => {
  const at = phone()
  const { pictures } = await load('utils/photos.ts')
  const look = pictures()
  const [old, now] = [look([[1]]), look([[2]])]
  await settled()
  await at.arrive(2, 'two')
  await at.arrive(1, 'one')
  assert.deepEqual([await old, await now], [null, [['two']]])
  // One that failed is asked for again with the next look.
  const again = look([[3]])
  await settled()
  await at.arrive(3)
  assert.deepEqual(await again, [['lost:3']])
  void look([[3]])
  await settled()
  assert.deepEqual(at.coming(), [3])
})
