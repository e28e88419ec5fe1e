import { test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { load } from './load.mjs'

const { hotlines, LINES } = await load('utils/emergency.ts')
const repo = (file) => fs.readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
const rust = repo('src/domain/case/emergency/mod.rs')
const numbers = (text) => hotlines(text).map((line) => line.number).join('+') || '-'
const rows = (file) => repo(file).split('\n').filter((l) => l !== '' && !l.startsWith('#')).map((l) => [l.slice(0, l.indexOf(' ')), l.slice(l.indexOf(' ') + 1)])

test('the sentences beside the numbers are the server\'s', () => {
  for (const line of LINES) assert.ok(rust.includes(`number: "${line.number}"`) && rust.includes(`"${line.text}"`), line.text)
})

test('sentences of emergencies raise their numbers and others none, as on the server', () => {
  const all = rows('tests/data/emergency.txt')
  assert.deepEqual(all.filter(([want, text]) => numbers(text) !== want), [])
  assert.ok(all.length > 100)
})

test('what strangers wrote is heard, and their everyday matters are not, as on the server', () => {
  const all = rows('tests/data/emergency-strangers.txt')
  const right = ([want, text]) => (want === '-' ? numbers(text) === '-' : want.split('+').some((number) => numbers(text).split('+').includes(number)))
  const wrong = all.filter((row) => !right(row))
  assert.ok(all.length >= 800 && wrong.length * 100 <= all.length, JSON.stringify(wrong, null, 1))
})

test('what a call is taken back by stands in its clause, and a gap has its length', () => {
  assert.equal(numbers('手机掉进井里'), '-')
  assert.equal(numbers('手机在包里，孩子掉进井里'), '119')
  assert.equal(numbers('去年着火的车棚没人清'), '-')
  assert.equal(numbers('去年着过火，现在又着火了'), '119')
  assert.equal(numbers('想申请补助。我妈现在叫不醒'), '120')
  assert.equal(numbers('两辆车追尾了，没人受伤'), '122')
})

test('blanks inside a word hide nothing, and each number is named once', () => {
  assert.deepEqual(hotlines('楼道有煤 气\n味，有人昏迷，还有人晕倒').map((l) => l.number), ['119', '120'])
  assert.deepEqual(hotlines('路灯不亮'), [])
})
