import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'
import { phoneOf } from './phone.mjs'

const OFFICE = { staff_no: '1', name: '赵明辉', roles: [{ role: 'grid_worker_primary', grid: { id: 'G00201' } }] }
const COPIES = ['case-1', 'case-2', 'today', 'mine', 'begun-1']
function phone() {
  const at = phoneOf({ staff: OFFICE, serve: () => [404, {}] })
  for (const k of [...COPIES, 'draft', 'actions']) at.storage.set(k, { k })
  return { at, left: () => COPIES.filter((k) => at.storage.has(k)) }
}

test('an office that ended or became another leaves nothing of it in the phone; the same one keeps its copies', async () => {
  for (const [to, kept] of [[OFFICE, COPIES], [{ ...OFFICE, roles: [{ role: 'grid_worker_primary', grid: { id: 'G00301' } }] }, []], [null, []]]) {
    const { at, left } = phone()
    const { setStaff } = await load('utils/session.ts')
    setStaff(structuredClone(to))
    assert.deepEqual(left(), kept)
    assert.ok(at.storage.has('draft') && at.storage.has('actions') && at.storage.has('session'))
  }
})

test('only open cases are kept for times without a network', async () => {
  const { left } = phone()
  const { dropCasesBut } = await load('utils/copies.ts')
  dropCasesBut([2])
  assert.deepEqual(left(), ['case-2', 'today', 'mine', 'begun-1'])
})

test('a list makes room by copies of cases, what somebody wrote by every copy, and what never fits by none', async () => {
  const { keep } = await load('utils/keep.ts')
  for (const [key, value, left] of [['queue', [], ['today', 'mine', 'begun-1']], ['outbox', [], ['begun-1']], ['queue', 'x'.repeat(1_200_000), COPIES]]) {
    const p = phone()
    p.at.room = () => false
    assert.equal(keep(key, value), false)
    assert.deepEqual(p.left(), left)
  }
})
