import { test } from 'node:test'
import assert from 'node:assert/strict'
import { load } from './load.mjs'

test('what does not fit into two lines stays until it was read; what only passes by is cut', async () => {
  const said = []
  globalThis.wx = { showToast: (o) => said.push(['toast', o.title]), showModal: (o) => said.push(['modal', o.content, o.showCancel]) }
  const { brief, say } = await load('utils/say.ts')
  const [short, long] = ['已记下，连上网络后自动提交', '提交前工单有了新情况：居民补充。请看一眼再办结']
  say(short)
  say(long)
  assert.deepEqual(said, [['toast', short], ['modal', long, false]])
  assert.equal(brief(short), short)
  assert.equal([...brief(long)].length, 22)
})
