import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { button, field, phone, PHOTO, someone, street, words as read } from '../stage.mjs'
import { PICTURES } from '../phone.mjs'
import { binary } from '../server.mjs'

const TEXT = '中山社区阳光花园3号楼2单元没水了'
const GRID = 'G00202'
// Each test has a grid of its own, so that another one's queue is not in the way.
const words = { G00201: TEXT, G00202: '阳光花园25号楼1单元没水了' }
const worker = (grid) => `demo-gw-${grid}`
const card = (p, number) => p.top.locator('[class*="item"]').filter({ has: p.page.getByRole('button', { name: `签收 ${number}` }) })

async function reported(grid = GRID, body = {}) {
  const who = await street.person(someone())
  return { who, c: await who.report({ text: words[grid], contact_phone: '13900000004', ...body }) }
}

test('an urgent case rings and shakes within a second on whatever page is open, an ordinary one only appears', async () => {
  const p = await phone({ openid: worker(GRID), route: '/worker/today/index' })
  await p.top.getByText('新工单会立即出现').waitFor()
  const calls = (name) => p.page.evaluate((n) => __mp.calls.filter((c) => c.name === n).map((c) => c.at), name)
  const { c: plain } = await reported(GRID)
  await button(p, `签收 ${plain.number}`).waitFor()
  await p.top.getByRole('button', { name: new RegExp(`没水了`) }).first().tap()
  await p.top.getByText('居民电话').waitFor()
  for (const name of ['playAudio', 'vibrateLong', 'vibrateShort']) assert.deepEqual(await calls(name), [], name)

  const { who } = await reported(GRID)
  await who.report({ text: words[GRID], contact_phone: '13900000004', urgency: { danger: true, stuck: false } })
  const at = Date.now()
  await street.until('the ring', async () => (await calls('vibrateLong')).length >= 1 && (await p.calls('playAudio')).length >= 1)
  const took = (await calls('vibrateLong'))[0] - at
  assert.ok(took <= 1_000, `${took} ms`)
  assert.ok((await p.calls('showToast')).some((t) => /^紧急：/.test(t.title)))
  const lines = await p.calls('connectSocket')
  assert.equal(lines.length, 1, 'the desk and the ring share one line')
  const [s] = lines
  assert.ok(!/token/i.test(s.url) && !s.url.includes('?'), 'the token is not in the address')
})

test('one tap takes a case; contact, progress and result follow, each with the thumb', async () => {
  const { who, c } = await reported()
  const p = await phone({ openid: worker(GRID), route: '/worker/today/index' })
  await button(p, `签收 ${c.number}`).tap()
  await p.top.getByText('居民电话').waitFor()
  await p.top.getByText('地图上是楼栋位置，误差约 30 米').waitFor()
  await button(p, '地图导航').tap()
  const at = (await (await street.person(worker(GRID))).get(`/api/v1/cases/${c.id}`)).position
  assert.deepEqual((await p.calls('openLocation')).map((x) => [x.latitude, x.longitude]), [[at.lat, at.lon]])
  await button(p, '打电话').tap()
  assert.deepEqual((await p.calls('makePhoneCall')).map((x) => x.phoneNumber), ['13900000004'])
  // He dialled; what came of it only he knows.
  assert.deepEqual(await p.top.getByRole('dialog').getByRole('radio', { checked: true }).evaluateAll((all) => all.map((e) => e.getAttribute('aria-label'))), ['打电话'])
  await p.top.getByRole('radio', { name: '联系上了' }).tap()
  await p.top.getByRole('dialog').getByRole('button', { name: '记录联系' }).tap()
  await p.top.getByText(/已联系上居民/).first().waitFor()
  await button(p, '办结').tap()
  // How it ended only he knows, so nothing is chosen for him.
  assert.equal(await p.top.getByRole('dialog').getByRole('radio', { checked: true }).count(), 0)
  await button(p, '确认办结').tap()
  await p.top.getByRole('alert').getByText('请选办结类型').waitFor()
  await p.top.getByRole('radio', { name: '实际解决' }).tap()
  await button(p, '确认办结').tap()
  await p.top.getByRole('alert').getByText('请写处理结果，居民会看到').waitFor()
  await field(p, '处理结果，居民会看到').fill('更换了水阀')
  const picture = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO }
  for (const [name, files] of [['处理前照片', [picture, picture]], ['处理后照片', [picture]]]) {
    const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, name).tap()])
    await chooser.setFiles(files)
  }
  await p.top.getByRole('button', { name: '删除第1张照片' }).nth(1).waitFor()
  // A call comes in and WeChat is closed: what was begun is there when he comes back.
  await p.page.reload()
  await button(p, '办结').tap()
  await p.top.getByRole('button', { name: '删除第1张照片' }).nth(1).waitFor()
  assert.equal(await field(p, '处理结果，居民会看到').inputValue(), '更换了水阀')
  await button(p, '确认办结').tap()
  await p.top.getByText('已处置待确认').first().waitFor()
  await street.until('the toast', async () => (await p.calls('showToast')).some((t) => t.title === '已处置待确认'))
  assert.equal((await p.calls('showToast')).filter((t) => t.title === '已办结').length, 0)
  assert.equal(await p.page.evaluate((id) => localStorage[`wx:begun-${id}`], c.id), undefined)
  const seen = await who.get(`/api/v1/cases/${c.id}`)
  assert.equal(seen.state, 'resolved')
  const done = seen.timeline.find((e) => e.kind === 'resolved')
  assert.deepEqual([done.detail.before.length, done.detail.photos.length], [2, 1])
  // The resident sees which is which, and none of them twice.
  const r = await phone({ openid: who.openid, route: `/pages/case/index?id=${c.id}` })
  const shown = (words) => r.top.getByText(words, { exact: true }).locator('xpath=following::*[contains(local-name(), "photos")][1]').getByRole('button', { name: /^看第/ }).count()
  await street.until('the pictures', async () => (await r.top.getByRole('button', { name: /^看第/ }).count()) === 3)
  assert.deepEqual([await shown('处理前'), await shown('处理后')], [2, 1])
})

test('what was begun in two sheets is kept in both, and a case that moved under an open sheet is looked at when it closes', async () => {
  const { who, c } = await reported()
  const gw = await street.person(worker(GRID))
  await gw.act(c.id, 'acknowledgement')
  await gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  const p = await phone({ openid: worker(GRID), route: `/worker/case/index?id=${c.id}` })
  await button(p, '办结').tap()
  await field(p, '处理结果，居民会看到').fill('更换了水阀')
  await button(p, '关闭').tap()
  await button(p, '记录联系').tap()
  await field(p, '备注').fill('约了下午')
  // Under the open sheet the page stays as it was; then it is as it is now.
  const asks = async () => (await p.calls('request')).filter((r) => r.method === 'GET' && r.url.endsWith(`/cases/${c.id}`)).length
  await p.heard((m) => m.kind === 'ready')
  const before = await asks()
  await who.act(c.id, 'updates', { text: '现在楼下也漏了' })
  // Several hints within a moment are one look: after that it has asked or it will not.
  await p.heard((m, id) => m.kind === 'changed' && m.cases.includes(id), c.id)
  await p.page.waitForTimeout(300)
  assert.equal(await asks(), before)
  await button(p, '关闭').tap()
  await p.top.getByText('现在楼下也漏了').waitFor()
  await button(p, '办结').tap()
  assert.equal(await field(p, '处理结果，居民会看到').inputValue(), '更换了水阀')
  await button(p, '关闭').tap()
  await button(p, '记录联系').tap()
  assert.equal(await field(p, '备注').inputValue(), '约了下午')
})

test('in a stairwell: the queue can be read, taking is remembered, and goes out when the network is back', async () => {
  const { who, c } = await reported()
  const p = await phone({ openid: worker(GRID), route: '/worker/today/index' })
  await button(p, `签收 ${c.number}`).waitFor()
  await p.offline(true)
  await p.top.getByText('没有网络：看到的是上次的内容，操作会先记下').waitFor()
  await button(p, `签收 ${c.number}`).tap()
  await p.top.getByText('等网络，连上后自动提交').waitFor()
  assert.equal((await who.get(`/api/v1/cases/${c.id}`)).state, 'assigned')
  await p.offline(false)
  await p.top.getByText('等网络，连上后自动提交').waitFor({ state: 'detached' })
  assert.equal((await who.get(`/api/v1/cases/${c.id}`)).state, 'acknowledged')
})

test('a colleague was faster while there was no network: the worker reads who', async () => {
  const { c } = await reported()
  const p = await phone({ openid: worker(GRID), route: '/worker/today/index' })
  await button(p, `签收 ${c.number}`).waitFor()
  await p.offline(true)
  await button(p, `签收 ${c.number}`).tap()
  await p.top.getByText('等网络，连上后自动提交').waitFor()
  const cadre = await street.person('demo-cadre-371702003002')
  await cadre.act(c.id, 'acknowledgement')
  await p.offline(false)
  await p.top.getByText('已由冯振华签收').waitFor()
  await button(p, '看这件').tap()
  await p.top.getByText('社区干部 冯振华 已签收').first().waitFor()
})

test('the resident added something while the worker wrote the result: he is asked to look first', async () => {
  const { who, c } = await reported()
  const gw = await street.person(worker(GRID))
  await gw.act(c.id, 'acknowledgement')
  await gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  const p = await phone({ openid: worker(GRID), route: `/worker/case/index?id=${c.id}` })
  await button(p, '办结').tap()
  await p.top.getByRole('radio', { name: '实际解决' }).tap()
  await field(p, '处理结果，居民会看到').fill('更换了水阀')
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '处理后照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await p.top.getByRole('button', { name: '删除第1张照片' }).waitFor()
  await who.act(c.id, 'updates', { text: '现在楼下也漏了' })
  // The network is slow: he is told when his page has it, so that his next try is about that.
  await p.page.route(`**/api/v1/cases/${c.id}`, async (route) => { await new Promise((slow) => setTimeout(slow, 1_000)); await route.continue() })
  await button(p, '确认办结').tap()
  await p.top.getByRole('alert').getByText(/提交前工单有了新情况：居民补充“现在楼下也漏了”。请看一眼再办结/).waitFor()
  assert.equal(await field(p, '处理结果，居民会看到').inputValue(), '更换了水阀')
  await button(p, '确认办结').tap()
  await p.top.getByText('已处置待确认').first().waitFor()
  const done = (await who.get(`/api/v1/cases/${c.id}`)).timeline.find((e) => e.kind === 'resolved')
  assert.equal(done.detail.photos.length, 1, 'the photo was still there the second time')
})

test('an open case follows what the resident adds and what a colleague does', async () => {
  const { who, c } = await reported()
  const p = await phone({ openid: worker(GRID), route: `/worker/case/index?id=${c.id}` })
  await p.top.getByText('居民电话').waitFor()
  await p.page.waitForFunction(() => __mp.calls.some((x) => x.name === 'connectSocket'))
  await who.act(c.id, 'updates', { text: '现在楼下也漏了' })
  await p.top.getByText('现在楼下也漏了').waitFor()
  await (await street.person('demo-cadre-371702003002')).act(c.id, 'acknowledgement')
  await p.top.getByText('社区干部 冯振华 已签收').first().waitFor()
})

test('an acknowledgement whose answer was lost is not taken for a conflict', async () => {
  const { c } = await reported()
  const p = await phone({ openid: worker(GRID), route: `/worker/case/index?id=${c.id}` })
  await button(p, '签收').waitFor()
  street.fail('POST', `/cases/${c.id}/acknowledgement`, 502, {}, { after: true })
  await button(p, '签收').tap()
  await p.top.getByText('已记下“签收”，连上网络后自动提交。').waitFor()
  await p.top.getByText(/网格员 .+ 已签收/).first().waitFor({ timeout: 15_000 })
  await p.top.getByText('已记下“签收”').waitFor({ state: 'detached', timeout: 15_000 })
  assert.equal(await p.page.evaluate(() => JSON.parse(localStorage['wx:actions']).length), 0)
  const keys = street.seen.filter((r) => r.method === 'POST' && r.url.endsWith(`/cases/${c.id}/acknowledgement`)).map((r) => r.key)
  assert.ok(keys.length > 1 && keys[0] && keys.every((k) => k === keys[0]), `sent again under the same key: ${keys}`)
})

test('a case is transferred inside the community, returned with a proposal, held for the resident', async () => {
  const first = await reported()
  const p = await phone({ openid: worker(GRID), route: `/worker/case/index?id=${first.c.id}` })
  await button(p, '更多').tap()
  await button(p, '转给别的网格').tap()
  await p.top.getByRole('radio', { name: '中山社区第一网格' }).tap()
  await button(p, '转派').tap()
  await p.top.getByRole('alert').getByText('请写原因').waitFor()
  await field(p, '原因').fill('这栋楼归第一网格')
  await button(p, '转派').tap()
  await p.top.getByText(/这件工单现在不归您负责|转给其他网格/).first().waitFor()
  assert.equal((await first.who.get(`/api/v1/cases/${first.c.id}`)).grid.small.id, 'G00201')

  const second = await reported()
  const q = await phone({ openid: worker(GRID), route: `/worker/case/index?id=${second.c.id}` })
  await button(q, '更多').tap()
  await button(q, '退单').tap()
  await field(q, '应当由谁办').fill('供水公司')
  await field(q, '原因').fill('市政管道爆裂')
  await button(q, '确认退单').tap()
  await street.until('triage', async () => (await second.who.get(`/api/v1/cases/${second.c.id}`)).state === 'triage')

  const third = await reported()
  const gw = await street.person(worker(GRID))
  await gw.act(third.c.id, 'acknowledgement')
  await gw.act(third.c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  const r = await phone({ openid: worker(GRID), route: `/worker/case/index?id=${third.c.id}` })
  await button(r, '更多').tap()
  await button(r, '挂起').tap()
  await r.top.getByRole('dialog', { name: '挂起' }).getByRole('radio', { name: '和居民约了时间' }).tap()
  await r.top.getByText('点此选择日期').tap()
  const day = await r.page.evaluate(() => new Date(Date.now() + 2 * 86400e3).toISOString().slice(0, 10))
  await r.page.locator('#host-ui input').fill(day)
  await r.page.locator('#host-ui').getByText('确定').tap()
  await r.top.getByRole('dialog').getByRole('button', { name: '挂起' }).tap()
  await r.top.getByText(/ 挂起，到/).first().waitFor()
  await r.top.getByText(/^已挂起，到.+ 09:00$/).waitFor()
  await button(r, '恢复办理').tap()
  await r.top.getByText(/网格员 .+ 恢复办理/).first().waitFor()
})

test('a member of staff binds with his one-time code; whose desk is the web page is told so kindly', async () => {
  const config = path.join(street.dir, 'zhinan.toml')
  const admin = (...a) => execFileSync(binary(), ['admin', '--config', config, ...a], { encoding: 'utf8' })
  admin('add-staff', '--staff-no', 'T-1', '--name', '周测试', '--office-phone', '0530-0000999', '--roles', 'verifier')
  const code = /[A-Z0-9]{4}-?[A-Z0-9]{4}[A-Z0-9-]*/.exec(admin('binding-code', '--staff-no', 'T-1'))[0]
  const p = await phone({ openid: someone(), route: '/pages/me/index' })
  await button(p, '输入绑定码').tap()
  await field(p, '绑定码').fill('XXXX-XXXX')
  await button(p, '登记').tap()
  await p.top.getByText(/请向管理员要一个新的绑定码/).waitFor()
  await field(p, '绑定码').fill(code)
  await button(p, '登记').tap()
  await p.page.getByText('您是南城街道核查员 周测试').waitFor()
  await p.page.getByRole('button', { name: '好', exact: true }).tap()
  await button(p, '到哪里办公').tap()
  await p.page.getByRole('dialog', { name: '请用电脑打开网页' }).waitFor()
})

test('who is not staff is told so at the desk', async () => {
  const p = await phone({ openid: someone(), route: '/worker/today/index' })
  await p.top.getByText('这里是网格员的工作台').waitFor()
})

test('the live line comes back by itself, with what was missed meanwhile', async () => {
  const p = await phone({ openid: worker(GRID), route: '/worker/today/index' })
  await p.top.getByText('新工单会立即出现').waitFor()
  street.cut()
  const { c } = await reported()
  await button(p, `签收 ${c.number}`).waitFor()
  await p.top.getByText('新工单会立即出现').waitFor()
  assert.ok((await p.calls('connectSocket')).length >= 2)
})

test('whoever worked at a desk last finds it open when he opens the mini-program', async () => {
  const p = await phone({ openid: worker(GRID), route: '/worker/today/index' })
  await p.top.getByText('新工单会立即出现').waitFor()
  await p.page.goto(`${street.origin}/#/pages/ask/index`)
  await p.page.reload()
  await p.top.getByText('新工单会立即出现').waitFor()
})

test('a worker sees which ways lead to him, and tries one', async () => {
  const openid = worker('G00301')
  const p = await phone({ openid, route: '/worker/channels/index' })
  // A reminder to renew that arrived a moment ago has proven his first channel.
  await p.top.getByText(/还没有确认能收到通知|只有一个渠道确认能用/).waitFor()
  await button(p, '给微信服务号发一条测试消息').tap()
  await street.until('the test message', async () => (await street.cards('demo-oa-gw-G00301')).some((c) => JSON.stringify(c).includes('测试')))
  await p.top.getByText(/能收到|还没试过/).first().waitFor()
})

test('the page that a reminder to renew opens has the button that it names, as long as something runs short', async () => {
  const p = await phone({ openid: worker('G00301'), route: '/worker/channels/index?from=renewal' })
  await p.top.getByText('工单通知：没有打开').waitFor()
  await button(p, '续订通知').tap()
  await p.top.getByText('工单通知：还会通知 1 次').waitFor()
  assert.ok((await p.calls('requestSubscribeMessage'))[0].tmplIds.includes('demo-staff-case'))
  await button(p, '续订通知').waitFor()
  const enough = { template_id: 'demo-staff-case', purpose_zh: '工单通知', staff: true, long_term: false, credits: 9, before: true, renew: false }
  street.fail('GET', '/api/v1/my/consents', 200, { consents: [enough] })
  await p.page.evaluate(() => getCurrentPages().at(-1).onShow())
  await p.top.getByText('工单通知：还会通知 9 次').waitFor()
  assert.equal(await button(p, '续订通知').count(), 0)
})

test('messages of residents name no time that is not theirs', async () => {
  const { who, c } = await reported()
  await (await street.person(worker(GRID))).act(c.id, 'acknowledgement')
  const openid = who.openid
  const p = await phone({ openid, route: '/pages/inbox/index' })
  await p.top.getByText(/已有工作人员接到/).first().waitFor()
  assert.equal(await p.top.getByText(/前处理/).count(), 0)
})

test('a shift begins with one tap, which also renews the notices; going asks, and asks again for an open urgent case', async () => {
  const openid = worker('G00402')
  const p = await phone({ openid, route: '/worker/today/index' })
  const duty = () => p.top.getByRole('switch')
  await p.top.getByText('您还没有允许小程序通知新工单').waitFor()
  assert.match(await duty().getAttribute('aria-label'), /^还没到岗，您的班到.+ 24:00。/)
  await duty().tap()
  await p.top.getByRole('switch', { name: /^在岗，到今天 24:00$/ }).waitFor()
  assert.deepEqual((await p.calls('requestSubscribeMessage')).map((x) => x.tmplIds), [['demo-staff-case', 'demo-acknowledged', 'demo-resolved', 'demo-question']])
  await p.top.getByText('有新工单，微信还能通知您 1 次').waitFor()
  await button(p, '再允许一次微信通知').tap()
  await p.top.getByText('有新工单，微信还能通知您 2 次').waitFor()
  assert.deepEqual((await p.calls('requestSubscribeMessage'))[1].tmplIds, ['demo-staff-case'], 'what is there is not asked for again')
  const me = await street.person(openid)
  assert.equal((await me.get('/api/v1/my/duty')).state, 'on')

  await duty().tap()
  await p.page.getByRole('dialog', { name: '现在离岗？' }).getByRole('button', { name: '不离岗' }).tap()
  assert.equal((await me.get('/api/v1/my/duty')).state, 'on')

  // Nothing is done without a network, and he is told so.
  await p.offline(true)
  await duty().tap()
  await p.top.getByRole('alert').getByText(/离岗没有记上，工单还会派给您/).waitFor()
  await p.offline(false)

  const who = await street.person(someone())
  const c = await who.report({ text: '新兴社区', contact_phone: '13900000004', urgency: { danger: true, stuck: false } })
  const desk = await street.person('demo-triage-desk')
  await desk.act(c.id, 'assignment', { grid: 'G00402', reason: '测试' })
  await p.page.reload()
  await button(p, `签收 ${c.number}`).waitFor()
  await duty().tap()
  const ask = p.page.getByRole('dialog', { name: '还有紧急工单' })
  await ask.getByText(new RegExp(c.number)).waitFor()
  await ask.getByRole('button', { name: '先去办' }).tap()
  assert.equal((await me.get('/api/v1/my/duty')).state, 'on')
  await duty().tap()
  await ask.getByRole('button', { name: '仍要离岗' }).tap()
  await p.top.getByRole('switch', { name: /^已离岗，/ }).waitFor()
  assert.equal((await me.get('/api/v1/my/duty')).state, 'off')

  // Only the grid of this case is known: there is nowhere to navigate to.
  assert.ok(!(await me.get(`/api/v1/cases/${c.id}`)).position)
  await button(p, `签收 ${c.number}`).tap()
  await button(p, '复制地址').waitFor()
  assert.equal(await button(p, '地图导航').count(), 0)
})

test('the list says what the resident brought until it was looked at, and then whose turn it is', async () => {
  const { who, c } = await reported('G00201', { text: `${words.G00201}，这是第三次了` })
  const gw = await street.person(worker('G00201'))
  await gw.act(c.id, 'acknowledgement')
  await gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  const p = await phone({ openid: gw.openid, route: '/worker/today/index' })
  const row = p.top.locator('[class*="item"]').filter({ hasText: '这是第三次了' })
  await p.top.getByText('新工单会立即出现').waitFor()
  await who.act(c.id, 'updates', { text: '楼上也没水了' })
  const news = row.getByText(/^居民补充了：今天/).first()
  await news.waitFor()
  // Whoever opened it has seen it, on whatever phone.
  await gw.get(`/api/v1/cases/${c.id}`)
  await p.page.evaluate(() => getCurrentPages().at(-1).onShow())
  await news.waitFor({ state: 'detached' })

  // Papers that came are the worker's turn until he goes on.
  await (await street.person('demo-cadre-371702003002')).act(c.id, 'hold', { reason: 'awaiting_material', until: `${new Date(Date.now() + 3 * 86400e3).toISOString().slice(0, 10)}T09:00:00+08:00`, note: '请拍水表' })
  await who.act(c.id, 'updates', { text: '拍好了' })
  const q = await phone({ openid: gw.openid, route: `/worker/case/index?id=${c.id}` })
  await q.top.getByText(/^居民补充了，今天/).waitFor()
  await q.top.locator('.strong').getByText('拍好了', { exact: true }).waitFor()
  await q.top.getByText('请他补的：请拍水表').waitFor()
  assert.equal(await q.top.getByText(/等居民补充材料/).count(), 0, 'nobody waits for what is there')
  await q.page.evaluate(() => wx.reLaunch({ url: '/worker/today/index' }))
  await q.top.locator('[class*="item"]').filter({ hasText: '已挂起' }).getByText(/^居民补充了：今天/).first().waitFor()
})

test('a step that was refused shows on its own case and at the desk, which leads to it, and on no other case', async () => {
  const [first, second] = [await reported(), await reported()]
  const p = await phone({ openid: worker(GRID), route: '/worker/today/index' })
  await p.page.waitForLoadState('networkidle')
  await p.page.evaluate(([caseId, number]) => wx.setStorageSync('actions', [{ key: 'late', caseId, number, verb: 'updates', photos: [], voices: [], body: {}, version: 1, seq: 0, label: '写进展', at: 0, state: 'refused', why: '请看一眼再写进展' }]), [first.c.id, first.c.number])
  await p.page.evaluate((id) => wx.reLaunch({ url: `/worker/case/index?id=${id}` }), second.c.id)
  await p.top.getByText('居民电话').waitFor()
  assert.equal(await p.top.getByText('请看一眼再写进展').count(), 0)
  await p.page.evaluate(() => wx.reLaunch({ url: '/worker/today/index' }))
  await p.top.getByText(read(`写进展 ${first.c.number}`)).waitFor()
  await button(p, '看这件').tap()
  await p.top.getByText(first.c.number).waitFor()
})

test('a member of staff is shown the code of the official account: with what to do, until when, and another one when it failed or is over', async () => {
  const openid = worker('G00302')
  const p = await phone({ openid, route: '/worker/channels/index' })
  const follow = p.top.getByRole('button', { name: /^(扫码关注服务号|换一个微信来关注)$/ })
  await follow.waitFor()
  assert.equal(await p.top.getByRole('img', { name: '服务号的二维码' }).count(), 0, 'each code makes the last one void, so none is made unasked')
  street.fail('POST', '/api/v1/my/channels/oa_template/code', 503, { code: 'wechat_unreachable', title: '暂时连不上微信，请稍后再试', status: 503 })
  await follow.tap()
  await p.top.getByRole('alert').getByText(/^暂时连不上微信/).waitFor()
  await button(p, '再试一次').tap()
  const picture = p.top.locator('wx-image[aria-label="服务号的二维码"]')
  await picture.waitFor()
  await p.top.getByText(/^用微信扫一扫，关注服务号后就能收到通知。/).waitFor()
  assert.match((await p.top.getByText(/^只给您一个人用/).textContent()).replaceAll(/[\u2060\u200b]/g, ''), /^只给您一个人用，\d\d:\d\d\s前有效。$/)
  const shown = () => picture.evaluate((e) => getComputedStyle(e.firstElementChild).backgroundImage)
  const first = await shown()
  assert.ok(first.includes(PICTURES), first)
  await button(p, '换一个新码').tap()
  await street.until('another code', async () => (await picture.count()) === 1 && (await shown()) !== first)
  // A phone that slept past the hour says so, and one tap gets the next.
  await p.page.evaluate(() => { const now = Date.now; Date.now = () => now() + 11 * 60e3; getCurrentPages().at(-1).onShow() })
  await p.top.getByRole('alert').getByText('这个码过期了。').waitFor()
  assert.equal(await picture.count(), 0)
  await button(p, '换一个新码').waitFor()
})

test('who goes off duty is not told any longer that new cases appear by themselves', async () => {
  const p = await phone({ openid: worker('G01301'), route: '/worker/today/index' })
  const duty = p.top.getByRole('switch')
  await p.top.getByText('新工单会立即出现').waitFor()
  await duty.tap()
  await p.top.getByRole('switch', { name: /^在岗/ }).waitFor()
  await duty.tap()
  await p.page.getByRole('dialog', { name: '现在离岗？' }).getByRole('button', { name: '离岗', exact: true }).tap()
  await p.top.getByText('没在岗，下拉可刷新').waitFor()
})
