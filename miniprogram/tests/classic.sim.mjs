// Older clients run the same files on WeChat's classic framework: every component is rendered by it,
// and its own compilers take every template and style sheet.
import { mock, test } from 'node:test'
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { JSDOM } from 'jsdom'

const dom = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })
globalThis.window = dom.window
for (const k of ['document', 'Node', 'HTMLElement', 'MutationObserver', 'CustomEvent', 'Event', 'Touch', 'TouchEvent']) if (dom.window[k]) globalThis[k] = dom.window[k]
const require = createRequire(import.meta.url)
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/weapp')
// What was emitted is CommonJS, and this package is not.
fs.writeFileSync(path.join(root, '../package.json'), '{"type":"commonjs"}')
const simulate = require('miniprogram-simulate')
globalThis.wx = Object.assign(globalThis.wx ?? {}, { getStorageSync: () => '', onNetworkStatusChange() {}, getNetworkType() {}, setStorageSync() {} })
globalThis.getCurrentPages = () => [{ route: 'pages/ask/index' }]

const SHOWN = {
  button: [{ text: '发送' }, /发送/], field: [{ label: '地址' }, /地址/],
  choice: [{ label: '急吗', options: [{ value: 'a', label: '有' }], value: 'a' }, /有/], timeline: [{ steps: [{ key: '1', title: '已签收', text: '', time: '今天', tone: '' }] }, /已签收/],
  state: [{ kind: 'error', title: '网络不通' }, /网络不通/], photos: [{ paths: [], editable: true }, /加照片/], sheet: [{ open: true, heading: '补充' }, /补充/],
  voices: [{ voices: [{ path: '', id: 1, seconds: 12 }], editable: true }, /12 秒/],
  calls: [{ people: [{ name: '赵明辉', role_zh: '网格员', office_phone: '1' }], lines: [{ number: '119', text: '火警' }] }, /拨打 119[^]*赵明辉/],
  duty: [{}, /^/], pending: [{}, /^/], consent: [{ card: true }, /^/],
}

test('every component renders on the classic framework', async () => {
  const all = fs.readdirSync(path.join(root, 'components'))
  assert.deepEqual(Object.keys(SHOWN).sort(), all.sort())
  // An observer that throws is only told of by the framework.
  const thrown = []
  mock.method(console, 'error', (...what) => { thrown.push(what.map((one) => one?.stack ?? String(one)).join(' ')) })
  for (const name of all) {
    const [props, words] = SHOWN[name]
    const c = simulate.render(simulate.load(path.join(root, 'components', name, 'index'), { rootPath: root }), props)
    c.attach(document.body.appendChild(document.createElement('div')))
    // It renders in tasks of its own; jsdom's frames are among them.
    for (let i = 0; i < 50 && !words.test(c.dom.innerHTML); i++) await new Promise((r) => dom.window.requestAnimationFrame(r))
    assert.match(c.dom.innerHTML, words, name)
    assert.deepEqual(thrown, [], name)
    c.detach()
  }
})

test('the classic compilers take every template and style sheet', () => {
  const { wxmlToJs, wxssToJs } = require('miniprogram-compiler')
  assert.ok(wxmlToJs(root).length > 10_000)
  assert.ok(wxssToJs(root).length > 5_000)
})
