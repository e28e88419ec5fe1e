import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'
import { phoneOf } from './phone.mjs'

const { askMore, left, noticesLeft, renewNotices, sentence, toAsk, toRenew } = await load('utils/consent.ts')
const one = (purpose_zh, credits, more = {}) => ({ template_id: purpose_zh, purpose_zh, credits, long_term: false, renew: credits < 1, ...more })
const ids = toAsk

test('one call asks for one kind: WeChat refuses a mixed one, and takes five', () => {
  const [a, b] = [one('受理进度', 0), one('办理结果', 2)]
  const standing = one('工单通知', 0, { long_term: true })
  assert.deepEqual(ids([a, b]), ['受理进度', '办理结果'])
  // A standing yes spares all further ones, so it comes first, until it is granted.
  assert.deepEqual(ids([standing, a, b]), ['工单通知'])
  assert.deepEqual(ids([{ ...standing, credits: 1, renew: false }, b]), ['办理结果'])
  assert.deepEqual(ids([{ ...standing, credits: 1, renew: false }]), [])
  assert.equal(ids(Array.from({ length: 7 }, (_, i) => one(`${i}`, 0))).length, 5)
})

test('a request asks for what its writer will be told of it, a shift for what runs short', () => {
  const [mine, work] = [one('受理进度', 1), one('工单通知', 0, { staff: true })]
  assert.deepEqual(toAsk([work, mine]), ['受理进度'])
  assert.deepEqual(toRenew([work, mine]), ['工单通知'])
  assert.equal(sentence([{ ...work, credits: 3 }]), '您没有打开微信通知，请到“我的诉求”里看进度。')
  // His own requests' standing yes says nothing of his work.
  assert.equal(noticesLeft({ credits: 1 }, [one('受理进度', 1, { long_term: true })]), '有新工单，微信还能通知您 1 次')
  assert.equal(noticesLeft({ credits: 1 }, [one('工单通知', 1, { long_term: true, staff: true })]), '有新工单，微信每次都通知您')
})

test('what is left is said as it is', () => {
  assert.equal(sentence([]), '您没有打开微信通知，请到“我的诉求”里看进度。')
  assert.equal(sentence([one('受理进度', 0), one('办理结果', 1)]), '有了结果，微信通知您一次。')
  assert.equal(sentence([one('受理进度', 1), one('办理结果', 3)]), '您的诉求一共还有微信通知：受理进度 1 次、办理结果 3 次。')
  assert.equal(sentence([one('受理进度', 1, { long_term: true })]), '微信每次都会通知您：受理进度。')
  assert.deepEqual([one('', 0), one('', 0, { before: true }), one('', 2), one('', 1, { long_term: true })].map(left), ['没有打开', '用完了', '还会通知 2 次', '每次都通知'])
})

test('whoever never allowed anything is not asked to allow it again', () => {
  const work = (more) => [one('工单通知', 0, { staff: true, ...more }), one('受理进度', 0, { before: true })]
  for (const [more, credits, says, asks] of [
    [{ before: false }, 0, '您还没有允许小程序通知新工单', '允许'],
    [{ before: true }, 0, '微信通知用完了：再允许，才收得到下一次', '再允许一次'],
    [{ before: true, credits: 2 }, 2, '有新工单，微信还能通知您 2 次', '再允许一次'],
    [{ before: true, credits: 1, long_term: true }, 1, '有新工单，微信每次都通知您', '再允许一次'],
  ]) assert.deepEqual([noticesLeft({ credits }, work(more)), askMore(work(more))], [says, asks])
})

test('what came of a question is told apart: allowed, refused, not even asked', async () => {
  for (const [answer, came] of [[{ a: 'reject', b: 'accept' }, 'given'], [{ a: 'reject', b: 'ban' }, 'refused'], [null, 'off'], [10005, 'refused']]) {
    globalThis.wx = { requestSubscribeMessage: async () => { if (answer === null || answer === 10005) throw { errCode: answer ?? 20004 }; return answer } }
    assert.equal(await renewNotices(['a', 'b']), came)
  }
})

test('what the server was asked before he answered does not take his answer back', async () => {
  const at = phoneOf({ serve: () => [200, { consents: [one('受理进度', 0)] }] })
  const { askConsent, knownConsents, refreshConsents } = await load('utils/consent.ts')
  const counts = () => knownConsents().map((c) => c.credits)
  await refreshConsents()
  globalThis.wx.requestSubscribeMessage = async ({ tmplIds }) => Object.fromEntries(tmplIds.map((t) => [t, 'accept']))
  const slow = refreshConsents()
  await askConsent()
  await slow
  assert.deepEqual(counts(), [1])
  // Asked afterwards, the server is right.
  await refreshConsents()
  assert.deepEqual(counts(), [0])
})
