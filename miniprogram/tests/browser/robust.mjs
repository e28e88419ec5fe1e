// What phones do that no desk does: answers that do not come, questions nobody answers, rooms that are full.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { button, field, phone, PHOTO, someone, street } from '../stage.mjs'

const TEXT = '中山社区阳光花园3号楼2单元没水了'
const posts = (path, from = 0) => street.seen.slice(from).filter((r) => r.method === 'POST' && r.url.split('?')[0].endsWith(path))
const cases = async (openid) => (await (await street.person(openid)).get('/api/v1/cases')).cases
const worker = (grid) => `demo-gw-${grid}`

async function taken(grid = 'G00201', text = TEXT) {
  const who = await street.person(someone())
  const c = await who.report({ text, contact_phone: '13900000004' })
  const gw = await street.person(worker(grid))
  await gw.act(c.id, 'acknowledgement')
  await gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  return { who, c, gw }
}

test('WeChat is closed while its question about notices is open: the request is there once, the draft is gone', async () => {
  const p = await phone({ openid: someone() })
  await field(p, '写下情况和地址').fill(TEXT)
  await p.page.waitForFunction(() => 'wx:consents' in localStorage)
  await p.page.evaluate(() => { __mp.stubs.requestSubscribeMessage = () => new Promise(() => {}) })
  await button(p, '发送求助').tap()
  await street.until('the case', async () => (await cases(p.openid)).length === 1)
  await p.page.reload()
  await field(p, '写下情况和地址').waitFor()
  assert.equal(await field(p, '写下情况和地址').inputValue(), '')
})

test('a request that was refused is a draft again, with its photo', async () => {
  const p = await phone({ openid: someone() })
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
  await field(p, '写下情况和地址').fill(TEXT)
  street.fail('POST', '/api/v1/cases', 422, { code: 'invalid_fields', title: '请检查填写的内容', status: 422 })
  await button(p, '发送求助').tap()
  await p.top.getByText('请检查填写的内容').first().waitFor()
  await p.page.reload()
  await button(p, '删除第1张照片').waitFor()
  assert.equal(await field(p, '写下情况和地址').inputValue(), TEXT)
})

test('what may have arrived is not offered for changing, and says so', async () => {
  const p = await phone({ openid: someone() })
  await field(p, '写下情况和地址').fill(TEXT)
  street.fail('POST', '/api/v1/cases', 502, {}, { after: true })
  street.fail('POST', '/api/v1/cases', 502, {}, { times: 100 })
  await button(p, '发送求助').tap()
  await p.top.getByText(/可能已经送到，正在等答复/).waitFor()
  assert.equal(await button(p, '修改').count(), 0)
  await button(p, '不再发送').tap()
  await p.page.getByRole('dialog', { name: '不再发送这件诉求？' }).getByRole('button', { name: '不再发送' }).tap()
  await button(p, /^已派网格员：/).waitFor()
  assert.equal((await cases(p.openid)).length, 1)
})

test('a photo that WeChat cleaned away keeps no request: it goes, and he reads which one is missing', async () => {
  const p = await phone({ openid: someone() })
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
  await p.page.evaluate(() => { for (const k of Object.keys(localStorage)) if (k.startsWith('wxfile:')) localStorage.removeItem(k) })
  await field(p, '写下情况和地址').fill(TEXT)
  await button(p, '发送求助').tap()
  await p.page.getByRole('dialog', { name: '有的没有发出去' }).getByText(/第 1 张照片/).waitFor()
  assert.equal((await cases(p.openid)).length, 1)
})

test('two steps on one case without a network are both done when it is back', async () => {
  const { who, c } = await taken()
  const p = await phone({ openid: worker('G00201'), route: `/worker/case/index?id=${c.id}` })
  await button(p, '更多').waitFor()
  await p.offline(true)
  await button(p, '更多').tap()
  await button(p, '写进展').tap()
  await field(p, '进展，居民会看到').fill('关了总阀')
  await button(p, '发布进展').tap()
  await p.top.getByText('已记下“写进展”，连上网络后自动提交。').waitFor()
  await button(p, '办结').tap()
  await p.top.getByRole('radio', { name: '实际解决' }).tap()
  await field(p, '处理结果，居民会看到').fill('更换了水阀')
  await button(p, '确认办结').tap()
  await p.top.getByText('已记下“办结”，连上网络后自动提交。').waitFor()
  await p.offline(false)
  await p.top.getByText('已处置待确认').first().waitFor({ timeout: 15_000 })
  const kinds = (await who.get(`/api/v1/cases/${c.id}`)).timeline.map((e) => e.kind)
  assert.ok(kinds.indexOf('updated') > 0 && kinds.indexOf('resolved') > kinds.indexOf('updated'), kinds.join())
})

test('what did not fit any more is explained on Today, and his words and photo are in their sheet again', async () => {
  const { who, c } = await taken()
  const p = await phone({ openid: worker('G00201'), route: `/worker/case/index?id=${c.id}` })
  await button(p, '办结').tap()
  await p.top.getByRole('radio', { name: '实际解决' }).tap()
  await field(p, '处理结果，居民会看到').fill('更换了水阀')
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '处理后照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
  await p.offline(true)
  await button(p, '确认办结').tap()
  await p.top.getByText('已记下“办结”，连上网络后自动提交。').waitFor()
  await who.act(c.id, 'updates', { text: '现在楼下也漏了' })
  await p.offline(false)
  // On the case itself, and at the desk.
  await p.top.getByText(/提交前工单有了新情况：居民补充/).waitFor()
  await p.page.evaluate(() => wx.reLaunch({ url: '/worker/today/index' }))
  await p.top.getByText(/提交前工单有了新情况：居民补充/).waitFor()
  await button(p, '知道了').tap()
  await button(p, '删除第1张照片').waitFor()
  assert.equal(await field(p, '处理结果，居民会看到').inputValue(), '更换了水阀')
  await button(p, '确认办结').tap()
  await p.top.getByText('已处置待确认').first().waitFor()
  assert.equal((await who.get(`/api/v1/cases/${c.id}`)).timeline.find((e) => e.kind === 'resolved').detail.photos.length, 1)
})

test('a cadre whose word came too late reads so at his desk', async () => {
  const who = await street.person(someone())
  const c = await who.report({ text: '中山社区阳光花园没水了', contact_phone: '13900000004' })
  const p = await phone({ openid: 'demo-cadre-371702003002', route: `/cadre/triage/index?id=${c.id}` })
  await p.top.getByRole('radio').first().tap()
  await p.offline(true)
  await button(p, /^派(单)?给|^派单/).first().tap()
  await p.page.getByText('已记下，连上网络后自动派单').waitFor()
  await (await street.person('demo-triage-desk')).act(c.id, 'assignment', { grid: 'G00202', reason: '电话核对' })
  await p.offline(false)
  await p.top.getByText(/现在不能派单/).waitFor()
  await button(p, '知道了').tap()
  await p.top.getByText('居民电话').waitFor()
})
