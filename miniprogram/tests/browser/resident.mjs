import { test } from 'node:test'
import assert from 'node:assert/strict'
import { doorCode } from '../console.mjs'
import { ask, boxes, button, daysLater, field, phone, PHOTO, someone, street, words } from '../stage.mjs'

const TEXT = '中山社区阳光花园3号楼2单元没水了'
const posts = (path) => street.seen.filter((r) => r.method === 'POST' && r.url.split('?')[0].endsWith(path))

test('one tap after typing sends a request, and its page names who is told and by when', async () => {
  const openid = someone()
  const p = await phone({ openid })
  await field(p, '写下情况和地址').fill(TEXT)
  await p.top.getByText('归中山社区第一网格管', { exact: true }).waitFor()
  await p.top.getByText('网格员 赵明辉').waitFor()
  await p.top.getByText(/^您写的是：阳光花园3号楼2单元$/).waitFor()
  await button(p, '类别 水电气暖，点此更改').waitFor()
  await button(p, '发送求助').tap()
  await p.top.getByText('已经送到中山社区第一网格').waitFor()
  await p.top.getByText('有人接下了、有了结果、要问您在哪里，微信各通知您一次。').waitFor()
  await p.top.getByText(/中山社区第一网格\u200b的网格员会在.+前接下您的诉求.*；没有接下，会再通知社区和街道的负责人$/).waitFor()
  await button(p, '打电话给网格员赵明辉').waitFor()
  const card = await street.until('the card', async () => (await street.cards('demo-oa-gw-G00201')).find((c) => JSON.stringify(c).includes('NC-')))
  assert.ok(card)
  const me = await street.person(openid)
  const { cases } = await me.get('/api/v1/cases')
  assert.equal(cases.length, 1)
  assert.equal(cases[0].category, 'utilities')
  assert.equal(cases[0].grid.small.id, 'G00201')
})

test('the resolver\'s question is buttons, and the answer tapped before sending places the case', async () => {
  const p = await phone({ openid: someone() })
  await field(p, '写下情况和地址').fill('阳光花园没水了')
  await p.top.getByRole('radio', { name: '20—39号楼' }).tap()
  await button(p, '发送求助').tap()
  await p.top.getByText('已经送到中山社区第二网格').waitFor()
  // It went with the request: nothing is asked a second time.
  const id = Number(/id=(\d+)/.exec(await p.page.evaluate(() => location.hash))[1])
  assert.equal(posts(`/cases/${id}/answer`).length, 0)
})

test('nobody has to answer: the request goes out, asks again on its page and is placed from there', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, '阳光花园楼道灯坏了')
  await p.top.getByText(words('请问阳光花园是1—19号楼还是20—39号楼？')).waitFor()
  // The ask page lies below, and its styles end with it: one border, the button's own.
  const frames = await button(p, '1—19号楼').evaluate((e) => { let n = 0; for (let at = e; at && !at.className.includes?.('answers'); at = at.parentElement) n += parseFloat(getComputedStyle(at).borderTopWidth) > 0 ? 1 : 0; return n })
  assert.equal(frames, 1)
  await button(p, '1—19号楼').tap()
  await p.top.getByText('已派网格员', { exact: true }).waitFor()
  assert.equal(posts(`/cases/${id}/answer`).length, 1)
})

test('emergency words show the number with a call button before anything else', async () => {
  const p = await phone({ openid: someone() })
  const danger = (said) => p.top.getByRole('radiogroup', { name: /有危险吗/ }).getByRole('radio', { name: said, exact: true })
  // A subsidy that does not come down is no person who cannot.
  await field(p, '写下情况和地址').fill('老人的补贴批下不来')
  assert.equal(await p.top.getByRole('alert').count(), 0)
  assert.equal(await danger('没有').getAttribute('aria-checked'), 'true')
  await field(p, '写下情况和地址').fill('有老人困在六楼下不来')
  await p.top.getByText('火警、燃气泄漏、被困请立即拨打119').waitFor()
  // His words answer the question of danger, until he answers it himself.
  assert.equal(await danger('有').getAttribute('aria-checked'), 'true')
  await danger('没有').tap()
  await field(p, '写下情况和地址').fill('阳光花园3号楼楼道有很浓的煤 气味')
  assert.equal(await danger('有').getAttribute('aria-checked'), 'false')
  await p.top.getByRole('alert').getByText('如果现在有危险，先打电话').waitFor()
  await button(p, '拨打119').tap()
  assert.deepEqual((await p.calls('makePhoneCall')).map((c) => c.phoneNumber), ['119'])
  const [alarm, place] = await boxes(p.top.getByRole('alert'), p.top.getByText('在哪里').first())
  assert.ok(alarm.y < place.y, 'the call button stands above the rest of the form')
  const id = await ask(p, '阳光花园3号楼楼道有很浓的煤气味')
  const who = await street.person(p.openid)
  assert.equal((await who.get(`/api/v1/cases/${id}`)).urgency, 'urgent')
})

test('photos go with the request and can be looked at by whoever asked', async () => {
  const p = await phone({ openid: someone() })
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
  await ask(p, TEXT)
  await p.top.getByRole('button', { name: '看第1张照片' }).waitFor()
  const urls = street.seen.filter((r) => r.url.includes('/photos'))
  assert.ok(urls.every((r) => !/token|bearer/i.test(r.url)), 'no token in a URL')
})

test('a building\'s code brings the address, so words alone are enough', async () => {
  const { scene, name } = await doorCode(street, 'B00001')
  const route = `/pages/ask/index?scene=${encodeURIComponent(scene)}`
  const p = await phone({ openid: someone(), route })
  await p.top.getByText(name, { exact: true }).waitFor()
  await p.top.getByText(/^归.+网格管$/).waitFor()
  await p.top.getByText(/^网格员 .+/).waitFor()
  const id = await ask(p, '电梯坏了')
  assert.ok((await (await street.person(p.openid)).get(`/api/v1/cases/${id}`)).grid.small)
  // Scanned yesterday and not sent: whoever is elsewhere today says so with one tap.
  const q = await phone({ openid: someone(), route })
  await q.top.getByText(name, { exact: true }).waitFor()
  await field(q, '写下情况和地址').fill(TEXT)
  await button(q, '不是这栋楼？改为写地址').tap()
  await q.top.getByText('归中山社区第一网格管', { exact: true }).waitFor()
  // A code that nobody printed says so and does not stand in the way.
  const r = await phone({ openid: someone(), route: '/pages/ask/index?scene=b%3DAAAA1111' })
  await r.top.getByRole('alert').getByText('这个码没有登记或者已经不用了，请写地址。').waitFor()
  await ask(r, TEXT)
})

test('on behalf of somebody: what is missing is said at its place, then it goes out', async () => {
  const p = await phone({ openid: someone() })
  await field(p, '写下情况和地址').fill(TEXT)
  await p.top.getByRole('switch', { name: '替别人求助' }).tap()
  await button(p, '发送求助').tap()
  await p.top.getByRole('alert').getByText('请写他的电话，网格员要联系他').waitFor()
  await field(p, '他的姓名').fill('王奶奶')
  await field(p, '他的电话').fill('123')
  await field(p, '您是他的').fill('邻居')
  await button(p, '发送求助').tap()
  // The server's own sentence, at the field that its pointer names.
  await p.top.locator('wx-view.error, [class*="error"]').filter({ hasText: /电话|号码/ }).first().waitFor()
  await field(p, '他的电话').fill('13900000002')
  await button(p, '发送求助').tap()
  await p.top.getByText('办理过程').waitFor()
})

test('without a network nothing is lost, and it goes out exactly once when the network is back', async () => {
  const openid = someone()
  const p = await phone({ openid })
  await field(p, '写下情况和地址').fill(TEXT)
  await p.top.getByText('归中山社区第一网格管', { exact: true }).waitFor()
  const before = posts('/cases').length
  await p.offline(true)
  await p.top.getByText('没有网络。可以照常填写').waitFor()
  await button(p, '发送求助').tap()
  await p.top.getByText('等待发送').waitFor()
  await p.top.getByText('1 件已存在手机里，连上后自动发送。').waitFor()
  assert.equal(posts('/cases').length, before)
  await p.offline(false)
  await p.top.getByText('等待发送').waitFor({ state: 'detached' })
  // His own words, whole.
  await button(p, `已派网格员：${TEXT}`).waitFor()
  assert.equal((await (await street.person(openid)).get('/api/v1/cases')).cases.length, 1)
})

test('an answer that is lost on the way makes no second case: the same key is sent again', async () => {
  const openid = someone()
  const p = await phone({ openid })
  await field(p, '写下情况和地址').fill(TEXT)
  street.fail('POST', '/api/v1/cases', 502, {}, { after: true })
  const from = street.seen.length
  await button(p, '发送求助').tap()
  await p.top.getByText('等答复', { exact: true }).waitFor()
  await p.top.getByText('等答复', { exact: true }).waitFor({ state: 'detached', timeout: 15_000 })
  const keys = street.seen.slice(from).filter((r) => r.method === 'POST' && r.url === '/api/v1/cases').map((r) => r.key)
  assert.ok(keys.length >= 2)
  assert.equal(new Set(keys).size, 1)
  assert.equal((await (await street.person(openid)).get('/api/v1/cases')).cases.length, 1)
})

test('a request that waits survives the closing of WeChat', async () => {
  const openid = someone()
  const p = await phone({ openid })
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
  await field(p, '写下情况和地址').fill(TEXT)
  street.fail('POST', '/api/v1/cases', 0, {}, { times: 100 })
  await button(p, '发送求助').tap()
  await p.top.getByText('等答复', { exact: true }).waitFor()
  street.mend()
  await p.page.reload()
  await street.until('the case', async () => (await (await street.person(openid)).get('/api/v1/cases')).cases.length === 1)
  const id = (await (await street.person(openid)).get('/api/v1/cases')).cases[0].id
  assert.equal((await (await street.person(openid)).get(`/api/v1/cases/${id}`)).photos.length, 1)
})

test('words do not wait for a photo that does not go up: it follows, once; of an emergency it follows always', async () => {
  const openid = someone()
  const p = await phone({ openid })
  const add = async () => {
    const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
    await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
    await button(p, '删除第1张照片').waitFor()
  }
  await add()
  street.fail('POST', '/api/v1/photos', 503, {}, { times: 3 })
  const id = await ask(p, TEXT)
  await p.top.getByText('补充的情况等待发送').waitFor()
  const me = await street.person(openid)
  assert.deepEqual((await me.get(`/api/v1/cases/${id}`)).photos, [])
  await p.top.getByText('补充照片（附 1 张照片）').waitFor({ timeout: 30_000 })
  const seen = await me.get(`/api/v1/cases/${id}`)
  assert.deepEqual([seen.photos.length, seen.timeline.filter((e) => e.kind === 'added').length], [1, 1])

  await p.page.evaluate(() => wx.switchTab({ url: '/pages/ask/index' }))
  await add()
  const from = street.seen.length
  await field(p, '写下情况和地址').fill('阳光花园3号楼楼道有很浓的煤气味')
  await button(p, '发送求助').tap()
  await p.top.getByText('补充照片（附 1 张照片）').waitFor()
  const order = street.seen.slice(from).filter((r) => r.method === 'POST' && ['/api/v1/cases', '/api/v1/photos'].includes(r.url)).map((r) => r.url)
  assert.deepEqual(order, ['/api/v1/cases', '/api/v1/photos'])
})

test('what is half written is there again after WeChat was closed', async () => {
  const p = await phone({ openid: someone() })
  await field(p, '写下情况和地址').fill('楼上漏水，写到一半')
  await p.page.reload()
  await p.top.getByRole('textbox', { name: '写下情况和地址' }).waitFor()
  assert.equal(await field(p, '写下情况和地址').inputValue(), '楼上漏水，写到一半')
})

test('a double tap sends once', async () => {
  const openid = someone()
  const p = await phone({ openid })
  await field(p, '写下情况和地址').fill(TEXT)
  const from = street.seen.length
  const { x, y, width, height } = await button(p, '发送求助').boundingBox()
  for (let i = 0; i < 3; i++) void p.page.touchscreen.tap(x + width / 2, y + height / 2)
  await p.top.getByText('办理过程').waitFor()
  assert.equal(street.seen.slice(from).filter((r) => r.method === 'POST' && r.url === '/api/v1/cases').length, 1)
})

test('a server in trouble keeps the request in the phone and says so', async () => {
  for (const status of [500, 503]) {
    const p = await phone({ openid: someone() })
    await field(p, '写下情况和地址').fill(TEXT)
    street.fail('POST', '/api/v1/cases', status, { code: 'database_down', title: '系统暂时繁忙，请稍后再试', status, type: 'about:blank' })
    await button(p, '发送求助').tap()
    await p.top.getByText('等答复', { exact: true }).waitFor()
    await p.top.getByText('等答复', { exact: true }).waitFor({ state: 'detached', timeout: 15_000 })
    await button(p, /^已派网格员：/).waitFor()
  }
})

test('an expired token is renewed without a word, and a lost session signs in again', async () => {
  const p = await phone({ openid: someone() })
  await ask(p, TEXT)
  const spoil = (refresh) => p.page.evaluate((r) => { const s = JSON.parse(localStorage['wx:session']); s.access = 'x'; if (r) s.refresh = 'x'; localStorage['wx:session'] = JSON.stringify(s) }, refresh)
  for (const refresh of [false, true]) {
    await spoil(refresh)
    await p.page.reload()
    await p.top.getByText('办理过程').waitFor()
  }
})

test('who refuses the privacy agreement can still ask for help in words', async () => {
  const p = await phone({ openid: someone(), privacy: { agreed: false } })
  await button(p, '加照片').tap()
  await p.page.getByRole('dialog', { name: '使用前请您同意' }).waitFor()
  await button(p, '不同意').tap()
  await p.page.getByText('没有同意隐私指引，加不了照片；文字照样能发').waitFor()
  await ask(p, TEXT)
})

test('who agrees to the privacy agreement goes on with what he wanted', async () => {
  const p = await phone({ openid: someone(), privacy: { agreed: false } })
  await button(p, '加照片').tap()
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '同意').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
})

test('a refusal of notices is told honestly and hinders nothing', async () => {
  const p = await phone({ openid: someone(), consents: { 'demo-acknowledged': 'reject', 'demo-resolved': 'reject', 'demo-question': 'reject' } })
  await field(p, '写下情况和地址').fill(TEXT)
  await p.top.getByText('归中山社区第一网格管', { exact: true }).waitFor()
  await button(p, '发送求助').tap()
  await p.top.getByText('您没有打开微信通知，请到“我的诉求”里看进度。').waitFor()
  assert.deepEqual((await p.calls('requestSubscribeMessage'))[0].tmplIds, ['demo-acknowledged', 'demo-resolved', 'demo-question'])
  // He changes his mind; what is left is the server's count, one more with each yes.
  await p.page.evaluate(() => { __mp.consents = {} })
  await p.page.getByRole('button', { name: '返回' }).tap()
  await p.page.getByRole('tab', { name: '我的', exact: true }).tap()
  const left = (n) => p.top.getByText(`还会通知 ${n} 次`).nth(2).waitFor()
  await p.top.getByText('没有打开').nth(2).waitFor()
  await button(p, /^(允许微信通知|再允许一次)$/).tap()
  await left(1)
  await button(p, '再允许一次').tap()
  await left(2)
  await street.until('the server counts them', async () => (await (await street.person(p.openid)).get('/api/v1/my/consents')).consents.every((c) => c.credits === 2))
  await p.page.reload()
  await left(2)
})

test('the street\'s own telephones come from its server and stay in the phone; one is always there', async () => {
  const p = await phone({ openid: someone(), route: '/pages/me/index' })
  const own = button(p, '打电话给南城街道便民服务（工作日 9:00—17:30）')
  await own.waitFor()
  street.fail('GET', '/api/v1/street', 503, {}, { times: 9 })
  await p.page.reload()
  await own.tap()
  assert.deepEqual((await p.calls('makePhoneCall')).map((c) => c.phoneNumber), ['0530-0000000'])
  const fresh = await phone({ openid: someone(), route: '/pages/me/index' })
  await button(fresh, '打电话给政务服务便民热线').waitFor()
})

test('a resident adds, reminds once, confirms with marks for result and attitude apart', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  await button(p, '补充情况').tap()
  await field(p, '要补充什么').fill('家里有老人')
  // Closed by mistake, and WeChat as well: what he wrote is still there.
  await button(p, '关闭').tap()
  await p.page.reload()
  await button(p, '补充情况').tap()
  assert.equal(await field(p, '要补充什么').inputValue(), '家里有老人')
  await button(p, '发送').tap()
  await p.top.getByText('您补充了情况').waitFor()
  // Nobody took it in time: now a word of his helps.
  await daysLater(p, 4)
  await p.top.locator('.bar').getByRole('button', { name: '催一下' }).tap()
  await p.top.getByText('您催办').waitFor()
  await p.page.reload()
  await p.top.getByText(/^您(今天|昨天)\s.+催过了，.+后可以再催$/).waitFor()
  assert.equal(await button(p, /催一下/).count(), 0)
  await p.top.getByText('0530-0000035').first().waitFor()
  const worker = await street.person('demo-gw-G00201')
  await worker.act(id, 'acknowledgement')
  await worker.act(id, 'contacts', { method: 'phone', outcome: 'reached' })
  // What the worker photographed on the way stands by itself, not with the resident's own.
  await worker.act(id, 'updates', { text: '正在换水阀', photos: [await worker.upload('photos', PHOTO)] })
  await p.page.reload()
  await p.top.getByText('工作人员拍的').waitFor()
  assert.equal(await p.top.getByRole('button', { name: '看第1张照片' }).count(), 1)
  // While the server is in trouble it is what was seen last.
  street.fail('GET', `/api/v1/cases/${id}`, 503, {}, { times: 9 })
  await p.page.reload()
  await p.top.getByText('系统暂时繁忙，这是上次看到的内容。').waitFor()
  await p.top.getByText('网格员 赵明辉 更新进展').waitFor()
  street.mend()
  await worker.act(id, 'resolution', { result_type: 'solved', text: '水阀已修好' })
  await p.page.reload()
  await p.top.getByText('水阀已修好').first().waitFor()
  await button(p, '解决了').tap()
  await p.top.getByRole('radiogroup', { name: /处理的结果/ }).getByRole('radio', { name: '满意', exact: true }).tap()
  await p.top.getByRole('radiogroup', { name: '工作人员的态度' }).getByRole('radio', { name: '一般' }).tap()
  await button(p, '确认已解决').tap()
  await p.top.getByText('结果：满意　态度：一般').waitFor()
  await p.top.getByText('已办结', { exact: true }).waitFor()
})

test('not solved is said with a reason and the case is worked on again', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  const worker = await street.person('demo-gw-G00201')
  await worker.act(id, 'acknowledgement')
  await worker.act(id, 'contacts', { method: 'phone', outcome: 'reached' })
  await worker.act(id, 'resolution', { result_type: 'solved', text: '水阀已修好' })
  await p.page.reload()
  await button(p, '没有解决').tap()
  await button(p, '重新办理').tap()
  await p.top.getByRole('alert').getByText('请写一句或说一段哪里还没有解决').waitFor()
  await field(p, '哪里还没有解决').fill('半小时又停了')
  await button(p, '重新办理').tap()
  await p.top.getByText('您表示没有解决，重新办理').waitFor()
  // It goes on since he said so, with his words at the top; his list says the same.
  await p.top.locator('.card').first().getByText(/^您说没有解决，正在重新办理，会在.+前处理完$/).waitFor()
  await p.top.locator('.card').first().getByText('半小时又停了').waitFor()
  await p.page.evaluate(() => wx.switchTab({ url: '/pages/mine/index' }))
  await p.top.getByText(/^您说没有解决，正在重新办理，会在.+前处理完$/).waitFor()
  await p.page.evaluate((to) => wx.navigateTo({ url: to }), `/pages/case/index?id=${id}`)
  await p.top.getByText('重新处理', { exact: true }).waitFor()
  // What waits for him stands first, whatever is newer. Before and after stand apart.
  const [before, after] = [await worker.upload('photos', PHOTO), await worker.upload('photos', PHOTO)]
  await worker.act(id, 'resolution', { result_type: 'solved', text: '换了主板', before: [before], photos: [after] })
  await p.top.getByText('处理前', { exact: true }).waitFor()
  await p.top.getByText('处理后', { exact: true }).waitFor()
  assert.equal(await p.top.getByRole('button', { name: '看第1张照片' }).count(), 2)
  assert.equal(await p.top.getByText('工作人员拍的').count(), 0)
  await (await street.person(p.openid)).report({ text: TEXT })
  await p.page.evaluate(() => wx.switchTab({ url: '/pages/mine/index' }))
  await button(p, /^已派网格员：/).waitFor()
  assert.match(await p.top.getByRole('button', { name: new RegExp(TEXT) }).first().getAttribute('aria-label'), /^等您确认：/)
})

test('a request is withdrawn; one that moved meanwhile is shown as it is now', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  await button(p, '不需要了，撤回').tap()
  const worker = await street.person('demo-gw-G00201')
  await worker.act(id, 'acknowledgement')
  await button(p, '确认撤回').tap()
  await p.top.getByText(/页面已更新到最新情况/).waitFor()
  await p.top.getByText('网格员 赵明辉 已接到您的诉求').waitFor()
  await button(p, '确认撤回').tap()
  await p.top.getByText('已撤回', { exact: true }).waitFor()
})

test('a case of somebody else is not shown', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  const other = await phone({ openid: someone(), route: `/pages/case/index?id=${id}` })
  await other.top.getByText('没有找到', { exact: false }).first().waitFor()
  await button(other, '返回').tap()
  await other.top.getByText('还没有诉求').waitFor()
})

test('the phone number of WeChat is kept masked; large type is remembered', async () => {
  const p = await phone({ openid: someone(), route: '/pages/me/index' })
  const size = () => p.top.getByText('服务电话').evaluate((e) => parseFloat(getComputedStyle(e).fontSize))
  await p.top.getByText('没有登记').waitFor()
  // What comes below may still push the button away from under the thumb.
  await p.top.getByText('服务电话').waitFor()
  await p.page.waitForLoadState('networkidle')
  const { code } = await street.wechat.phone({ openid: p.openid, phone: '13900000003' })
  await p.page.evaluate((c) => { __mp.stubs.getPhoneNumber = () => ({ code: c, errMsg: 'getPhoneNumber:ok' }) }, code)
  await button(p, '登记微信手机号').tap()
  await p.top.getByText('139****0003').waitFor()
  const small = await size()
  await p.top.getByRole('radio', { name: '大字' }).tap()
  assert.ok(Math.abs((await size()) / small - 1.4) < 0.02)
  await p.page.reload()
  await p.top.getByText('服务电话').waitFor()
  assert.ok(Math.abs((await size()) / small - 1.4) < 0.02)
})

test('a chosen position leads to the grid where words alone do not, and is never asked for', async () => {
  const openid = someone()
  const p = await phone({ openid, place: { name: '阳光花园东门', address: '中山路', latitude: 35.2441, longitude: 115.4413 } })
  await field(p, '写下情况和地址').fill('路边的树倒了')
  await p.top.getByText(/还看不出在哪里/).waitFor()
  assert.equal((await p.calls('chooseLocation')).length, 0)
  await button(p, '在地图上选位置（可不选）').tap()
  await button(p, '已选位置：阳光花园东门，点此重选').waitFor()
  const sent = p.page.waitForRequest((r) => r.url().endsWith('/api/v1/cases') && r.method() === 'POST')
  await button(p, '发送求助').tap()
  assert.deepEqual((await sent).postDataJSON().location, { lat: 35.2441, lon: 115.4413, datum: 'gcj02', accuracy_m: 30 })
  await p.top.getByText('办理过程').waitFor()
})

test('the server refuses a reminder that came too soon with its own sentence', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  // A page that hears of the other reminder first offers no second one, so the refusal comes from here.
  street.fail('POST', `/api/v1/cases/${id}/reminder`, 409, { code: 'reminded_recently', title: '24小时内已催办过，请稍后再试', status: 409 })
  await daysLater(p, 4)
  await p.top.locator('.bar').getByRole('button', { name: '催一下' }).tap()
  await p.page.getByText(/24小时内已催办过/).first().waitFor()
})

test('under an open sheet no tab can be tapped, and its way out stands beside its name', async () => {
  for (const look of [{ size: [320, 568] }, { size: [320, 568], large: true }]) {
    const p = await phone({ openid: someone(), ...look })
    const tabs = p.page.locator('#tabbar')
    assert.ok(await tabs.isVisible())
    await button(p, /^类别/).tap()
    await p.top.getByRole('dialog').waitFor()
    assert.ok(!(await tabs.isVisible()))
    const foot = (e) => { const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects()[0].bottom }
    const [name, out] = [await p.top.getByRole('dialog').getByText('这件事属于').evaluate(foot), await button(p, '关闭').evaluate(foot)]
    assert.ok(Math.abs(name - out) < 4, `${name} ${out}`)
    await button(p, '关闭').tap()
    await p.top.getByRole('dialog').waitFor({ state: 'detached' })
    assert.ok(await tabs.isVisible())
  }
})

test('what is over or goes on elsewhere leads on, and what comes back is called so', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  const worker = await street.person('demo-gw-G00201')
  for (const [verb, body] of [['acknowledgement', {}], ['contacts', { method: 'phone', outcome: 'reached' }], ['resolution', { result_type: 'solved', text: '修好了' }]]) await worker.act(id, verb, body)
  const own = await street.person(p.openid)
  await own.act(id, 'confirmation', {})
  await button(p, '又出现问题，重新办理').tap()
  const sheet = p.top.getByRole('dialog', { name: '又出现问题' })
  await sheet.getByRole('button', { name: '重新办理' }).tap()
  await sheet.getByText('请写一句或说一段又出了什么问题').waitFor()
  assert.equal(await p.top.getByText('没有解决').count(), 0)
  const gone = (await own.report({ text: TEXT, contact_phone: '13900000007' })).id
  await own.act(gone, 'cancellation', { note: '' })
  await p.page.evaluate((to) => wx.reLaunch({ url: to }), `/pages/case/index?id=${gone}`)
  await button(p, '再次求助').tap()
  await p.top.getByText('哪里需要帮忙？').waitFor()
})

test('a message says no other reason than the page that it opens', async () => {
  const own = await street.person(someone())
  const { id } = await own.report({ text: '邻县王庄村的路坏了', category: 'road_facilities', contact_phone: '13900000008' })
  await (await street.person('demo-triage-desk')).act(id, 'rejection', { code: 'outside_duty', explanation: '不在南城街道范围，请联系当地镇政府' })
  const p = await phone({ openid: own.openid, route: '/pages/inbox/index' })
  const row = p.top.getByRole('button', { name: /未受理/ })
  await row.getByText('原因写在里面，请点开看').waitFor()
  assert.doesNotMatch(await p.top.innerText(), /您反映的地点|社会或市场渠道/)
  await row.tap()
  await p.top.getByText('不在南城街道范围，请联系当地镇政府').first().waitFor()
  await button(p, /^打电话问一问 /).tap()
  assert.equal((await p.calls('makePhoneCall')).length, 1)
})
