import { test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { load } from './load.mjs'

const { hotlines, LINES } = await load('utils/emergency.ts')
const repo = (file) => fs.readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
const rust = repo('src/domain/case/emergency.rs')

test('the sentences beside the numbers are the server\'s', () => {
  for (const line of LINES) assert.ok(rust.includes(`number: "${line.number}"`) && rust.includes(`"${line.text}"`), line.text)
})

test('sentences of emergencies raise their numbers and others none, as on the server', () => {
  const rows = repo('tests/data/emergency.txt').split('\n').filter((l) => l !== '' && !l.startsWith('#'))
  const wrong = rows.filter((l) => (hotlines(l.slice(l.indexOf(' ') + 1)).map((h) => h.number).join('+') || '-') !== l.slice(0, l.indexOf(' ')))
  assert.deepEqual(wrong, [])
  assert.ok(rows.length > 100)
})

test('blanks inside a word hide nothing, and each number is named once', () => {
  assert.deepEqual(hotlines('楼道有煤 气\n味，有人昏迷，还有人晕倒').map((l) => l.number), ['119', '120'])
  assert.deepEqual(hotlines('路灯不亮'), [])
})
