// What is the resident's own: his data, his agreement, his notices, his grid worker.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ask, button, field, phone, PHOTO, someone, street } from '../stage.mjs'

const TEXT = '中山社区阳光花园3号楼2单元没水了'
const keys = (p) => p.page.evaluate(() => Object.keys(localStorage).sort())

test('the hours of an office go to the next line as one, and are never torn', async () => {
  for (const look of [{ size: [320, 568] }, { size: [375, 667], large: true }]) {
    const p = await phone({ openid: someone(), route: '/pages/me/index', ...look })
    const hours = p.top.locator('[class*=aside]').filter({ hasText: '工作日' })
    await hours.waitFor()
    const lines = await hours.evaluate((e) => {
      const of = (part) => {
        const [t, r] = [e.querySelector('span')?.firstChild ?? e.firstChild, document.createRange()]
        r.setStart(t, t.data.indexOf(part[0]))
        r.setEnd(t, t.data.lastIndexOf(part[1]) + 1)
        return new Set([...r.getClientRects()].map((x) => Math.round(x.top))).size
      }
      return [of('（）'), of('90')]
    })
    assert.deepEqual(lines, [look.large ? lines[0] : 1, 1], JSON.stringify(look))
  }
})

test('a resident sees what is kept and who looked, corrects it, takes it along, and has it all erased', async () => {
  const p = await phone({ openid: someone() })
  await field(p, '联系电话').fill('13900000009')
  const id = await ask(p, TEXT)
  const gw = await street.person('demo-gw-G00201')
  await gw.act(id, 'acknowledgement')
  // Read again and again: it is one look.
  await gw.get(`/api/v1/cases/${id}`)
  const me = await street.person(p.openid)
  for (let i = 0; i < 2; i++) await street.person(p.openid)

  await p.page.evaluate(() => wx.navigateTo({ url: '/resident/data/index' }))
  await p.top.getByText('网格员 赵明辉').first().waitFor()
  await p.top.getByText(/^查看了诉求全文.+，为了办理这件诉求$/).waitFor()
  assert.equal(await p.top.getByText(/^查看了诉求全文.+，为了办理这件诉求$/).count(), 1)
  assert.equal(await p.top.getByText(/最近/).count(), 0)
  // Somebody may be on his way: not now, and why.
  await p.top.getByText(/现在还不能删除。/).waitFor()
  assert.equal(await button(p, '删除我的全部信息').count(), 0)
  // He signed in again and again: that stands there once.
  await p.top.getByText(/日登录，.+日到期$/).waitFor()
  assert.equal(await p.top.getByText(/日登录，/).count(), 1)
  assert.doesNotMatch(await p.top.innerText(), /KB|一共 \d+\s条|标识/)

  await field(p, '怎么称呼您').fill('王阿姨')
  await field(p, '常用住址').fill('阳光花园3号楼')
  await button(p, '保存').tap()
  await p.page.getByText('已保存').waitFor()
  assert.deepEqual((({ name, home }) => [name, home])(await me.get('/api/v1/my/data')), ['王阿姨', '阳光花园3号楼'])

  await button(p, '准备一份').tap()
  await button(p, '发到微信里').tap()
  assert.deepEqual((await p.calls('shareFileMessage')).map((c) => c.fileName), ['我的数据.txt'])
  await button(p, '复制成文字').tap()
  await street.until('the copy', async () => (await p.calls('setClipboardData')).length === 1)
  const copy = JSON.parse((await p.calls('setClipboardData'))[0].data)
  assert.ok(JSON.stringify(copy).includes('13900000009') && copy.cases.length === 1)

  await gw.act(id, 'contacts', { method: 'phone', outcome: 'reached' })
  await gw.act(id, 'resolution', { result_type: 'solved', text: '水阀已修好' })
  await me.act(id, 'confirmation', { result: 5, attitude: 5 })
  // Something half written, with a recording and a photo, and large type.
  await p.page.evaluate(() => { localStorage['wx:fontMode'] = '"large"'; localStorage['wx:draft'] = '{"text":"写到一半"}'; localStorage['wxfile:wxfile://store_1.jpg'] = 'x' })
  await p.page.reload()
  await button(p, '删除我的全部信息').tap()
  await button(p, '全部删除').tap()
  await p.top.getByText('请写“删除”两个字', { exact: true }).waitFor()
  await field(p, /要删除，请写/).fill('删除')
  await button(p, '全部删除').tap()
  await p.page.getByRole('dialog', { name: '真的全部删除？' }).getByRole('button', { name: '先不删' }).tap()
  assert.equal((await me.get('/api/v1/my/data')).name, '王阿姨')
  await button(p, '全部删除').tap()
  await p.page.getByRole('dialog', { name: '真的全部删除？' }).getByRole('button', { name: '删除' }).tap()
  await p.top.getByText('已经全部删除').waitFor()
  assert.deepEqual(await keys(p), ['wx:fontMode'])
  await assert.rejects(me.get('/api/v1/my/data'), /401/)
  await button(p, '回到首页').tap()
  assert.equal(await field(p, '写下情况和地址').inputValue(), '')
})

test('the privacy policy is read, agreed to, taken back; a new version asks again, and none of it stops a request', async () => {
  const p = await phone({ openid: someone() })
  const me = await street.person(p.openid)
  const agreed = async () => (await me.get('/api/v1/my/privacy')).agreed?.version ?? null
  await p.top.getByText('怎么使用您的信息').waitFor()
  assert.equal(await agreed(), null)
  await button(p, '看隐私政策全文').tap()
  await p.top.getByText('谁能看到').waitFor()
  await p.page.getByRole('button', { name: '返回' }).tap()
  // An answer without a network is handed in when it is back.
  await p.offline(true)
  await button(p, '同意隐私政策').tap()
  await p.top.getByText('怎么使用您的信息').waitFor({ state: 'detached' })
  await p.offline(false)
  await p.page.reload()
  await street.until('the record', async () => (await agreed()) === '1')
  await p.top.getByText('哪里需要帮忙？').waitFor()
  assert.equal(await p.top.getByText('怎么使用您的信息').count(), 0)

  await street.restart({ ZHINAN__STREET__PRIVACY_VERSION: '2026-11' })
  await p.page.reload()
  await p.top.getByText('隐私政策更新了').waitFor()
  await button(p, '同意隐私政策').tap()
  await p.top.getByText('隐私政策更新了').waitFor({ state: 'detached' })
  await street.until('the new record', async () => (await agreed()) === '2026-11')

  await p.page.evaluate(() => wx.navigateTo({ url: '/resident/policy/index' }))
  await p.top.getByText(/第 2026-11 版，您在.+同意/).waitFor()
  await button(p, '撤回同意').tap()
  await p.page.getByRole('dialog', { name: '撤回同意？' }).getByRole('button', { name: '撤回' }).tap()
  await p.top.getByText(/您在.+撤回了同意/).waitFor()
  assert.equal(await agreed(), null)
  await p.page.getByRole('button', { name: '返回' }).tap()
  await p.top.getByText('怎么使用您的信息').waitFor()
  await ask(p, TEXT)
})

test('who agrees when WeChat asks has agreed at the street as well', async () => {
  const p = await phone({ openid: someone(), privacy: { agreed: false } })
  await p.top.getByText('怎么使用您的信息').waitFor()
  await button(p, '加照片').tap()
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), p.top.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
  const me = await street.person(p.openid)
  await street.until('the record', async () => !(await me.get('/api/v1/my/privacy')).must_ask)
})

test('notices of his community reach a resident: unread, opened with its picture, read; also without a network', async () => {
  const p = await phone({ openid: someone() })
  await ask(p, TEXT)
  const cadre = await street.person('demo-cadre-371702003002')
  const title = '明天上午九点到下午三点停水'
  const photo = await cadre.upload('photos', PHOTO)
  await cadre.post('/api/v1/bulletins', { title, text: '阳光花园检修水管，请提前备水。', until: new Date(Date.now() + 864e5).toISOString(), urgent: true, grids: ['371702003002'], photos: [photo] })
  // What is urgent stands on the first page, opens with a tap, and goes once it was read.
  // Who worked at his desk last would be led there.
  await p.page.evaluate(() => { wx.removeStorageSync('home'); wx.reLaunch({ url: '/pages/ask/index' }) })
  // Whoever reads fast is back before the street has noted it.
  let note
  const noted = new Promise((resolve) => { note = resolve })
  await p.page.route('**/bulletins/*/reading', async (route) => { await noted; await route.continue() })
  await button(p, `紧急公告：${title}`).tap()
  await p.top.getByText('阳光花园检修水管，请提前备水。').waitFor()
  await p.page.getByRole('button', { name: '返回' }).tap()
  await button(p, `紧急公告：${title}`).waitFor({ state: 'detached' })
  note()
  await cadre.post('/api/v1/bulletins', { title: `${title}改期`, text: '改到后天。', until: new Date(Date.now() + 864e5).toISOString(), grids: ['371702003002'], photos: [] })
  await p.page.evaluate(() => wx.switchTab({ url: '/pages/me/index' }))
  await button(p, /^街道公告，\d+ 条没看过/).tap()
  await button(p, `没看过，${title}改期`).waitFor()
  await button(p, `看过了，紧急，${title}`).tap()
  await p.top.getByText('阳光花园检修水管，请提前备水。').waitFor()
  await p.top.getByText(/发给中山社区，.+前有效。/).waitFor()
  await p.top.getByRole('button', { name: '看第1张照片' }).waitFor()
  await p.page.getByRole('button', { name: '返回' }).tap()
  await button(p, `看过了，紧急，${title}`).waitFor()
  street.fail('GET', '/api/v1/bulletins', 503, {}, { times: 9 })
  await p.page.reload()
  await p.top.getByText('没有网络，这是上次看到的内容。').waitFor()
  await button(p, `看过了，紧急，${title}`).waitFor()
})

test('who his grid worker is, whether he is there now, and one tap calls; an address shows another\'s', async () => {
  const p = await phone({ openid: someone(), route: '/pages/me/index' })
  await p.top.getByText(/请填写住址/).waitFor()
  await field(p, '写住址，看看归谁管').fill('中山社区阳光花园3号楼')
  await button(p, '查一下').tap()
  await p.top.getByText('归中山社区第一网格管', { exact: true }).waitFor()
  await p.top.getByText(/现在当班|起当班/).first().waitFor()
  await (await street.person(p.openid)).report({ text: TEXT })
  await p.page.reload()
  await p.top.getByText('中山社区第一网格', { exact: true }).waitFor()
  await button(p, '打电话给网格员赵明辉').tap()
  assert.deepEqual((await p.calls('makePhoneCall')).map((c) => c.phoneNumber), ['0530-0000035'])
  // Another house's stands below what was asked, in sight, and his own stays his own.
  await field(p, '看别处归谁管').fill('阳光花园30号楼')
  await button(p, '查一下').tap()
  await p.top.getByText('归中山社区第二网格管', { exact: true }).waitFor()
  await p.top.getByText('您查的是：阳光花园30号楼').waitFor()
  await p.top.getByText('中山社区第一网格', { exact: true }).waitFor()
  await button(p, '打电话给网格员赵明辉').waitFor()
  assert.doesNotMatch(await p.top.innerText(), /→|楼栋表/)
  // Without an answer the one seen last is still there to be called.
  street.fail('GET', '/api/v1/my/grid', 503, {}, { times: 9 })
  await p.page.reload()
  await button(p, '打电话给网格员赵明辉').waitFor()
})

test('what waits for the resident comes first, also when it is older than the first page', async () => {
  const who = await street.person(someone())
  const report = (text) => who.report({ text, contact_phone: '13900000005' })
  const gw = await street.person('demo-gw-G00201')
  const taken = async (text) => {
    const { id } = await report(text)
    await gw.act(id, 'acknowledgement')
    await gw.act(id, 'contacts', { method: 'phone', outcome: 'reached' })
    return id
  }
  await report('阳光花园电梯总是停')
  const met = await taken('中山社区阳光花园3号楼2单元换水表')
  await gw.act(met, 'hold', { reason: 'awaiting_appointment', until: new Date(Date.now() + 2 * 86400e3).toISOString(), note: '' })
  const done = await taken('中山社区阳光花园3号楼2单元没水了')
  await gw.act(done, 'resolution', { result_type: 'solved', text: '修好了' })
  // As many newer ones as a page holds, and one more.
  for (let i = 1; i <= 21; i++) await report(`中山社区阳光花园3号楼${i}单元灯不亮`)
  const p = await phone({ openid: who.openid, route: '/pages/mine/index' })
  await p.top.getByText('请看看处理结果，告诉我们解决了没有').waitFor()
  const rows = () => p.top.locator('.item').evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')))
  const first = await rows()
  assert.equal(first.length, 20)
  assert.deepEqual(first.slice(0, 4), ['等您确认：中山社区阳光花园3号楼2单元没水了', '等您确认：中山社区阳光花园3号楼2单元换水表', '等您回答：阳光花园电梯总是停', '已派网格员：中山社区阳光花园3号楼21单元灯不亮'])
  await p.top.getByText(/^和您约在.+，请看看时间对不对$/).waitFor()
  assert.equal(await p.top.locator('.act').count(), 3)
  // One is answered before the rest is read: it stands once all the same.
  await who.act(done, 'confirmation', {})
  await button(p, '更早的诉求').tap()
  await button(p, '更早的诉求').waitFor({ state: 'detached' })
  const all = await rows()
  assert.equal(all.length, 24)
  assert.equal(new Set(all).size, 24)
})

test('who works for the street is a resident where he asked, and follows what he wrote down for another', async () => {
  const p = await phone({ openid: 'demo-gw-G01402' })
  const id = await ask(p, TEXT)
  const gw = await street.person('demo-gw-G00201')
  await gw.act(id, 'acknowledgement')
  await gw.act(id, 'contacts', { method: 'phone', outcome: 'reached' })
  await gw.act(id, 'resolution', { result_type: 'solved', text: '修好了' })
  // His own desk has nothing of it; 我的诉求 has it and nothing else.
  await p.page.evaluate(() => wx.switchTab({ url: '/pages/mine/index' }))
  await p.top.getByText('请看看处理结果，告诉我们解决了没有').waitFor()
  assert.equal(await p.top.locator('.item').count(), 1)
  await p.top.locator('.item').tap()
  await p.top.getByText('办理过程').waitFor()
  assert.match(await p.page.evaluate(() => location.hash), /pages\/case\/index/)
  assert.equal((await gw.get(`/api/v1/cases/${id}`)).timeline.filter((e) => e.kind === 'opened').length, 1, 'only the worker of the grid opened it')
  await button(p, '解决了').tap()
  await button(p, '确认已解决').tap()
  await p.top.getByText('已办结').first().waitFor()
  await p.page.evaluate(() => wx.navigateTo({ url: '/worker/today/index' }))
  await p.top.getByText(/没有要办的工单|没在岗/).waitFor()
  assert.equal(await p.top.getByText('阳光花园3号楼').count(), 0)
  await p.page.evaluate(() => wx.reLaunch({ url: '/pages/inbox/index' }))
  await p.top.getByRole('button', { name: /^(未读|已读)/ }).first().tap()
  await p.top.getByText('办理过程').waitFor()
  assert.match(await p.page.evaluate(() => location.hash), /pages\/case\/index/)

  // Who worked at his desk last would be led there.
  await p.page.evaluate(() => { wx.removeStorageSync('home'); wx.reLaunch({ url: '/pages/ask/index' }) })
  await field(p, '写下情况和地址').fill('中山社区阳光花园3号楼1单元漏水')
  await p.top.getByRole('switch', { name: '替别人求助' }).tap()
  await field(p, '他的姓名').fill('王奶奶')
  await field(p, '他的电话').fill('13900000002')
  await field(p, '您是他的').fill('邻居')
  await button(p, '发送求助').tap()
  await p.top.getByText('办理过程').waitFor()
  assert.equal(await button(p, '补充情况').count(), 0)
  assert.doesNotMatch(await p.top.innerText(), /13900000002/)
})
