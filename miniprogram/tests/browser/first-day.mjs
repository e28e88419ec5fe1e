// What somebody stumbled over who had never seen it before.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ask, boxes, button, field, phone, someone, street, words } from '../stage.mjs'

const HERE = '中山社区阳光花园3号楼2单元'
const GW = 'demo-gw-G00201'

for (const [size, large] of [[[320, 568], false], [[375, 667], false], [[375, 667], true]]) {
  test(`who is asked sees the question first, with all its answers and nothing over them: ${size.join('×')}${large ? ' in large type' : ''}`, async () => {
    const p = await phone({ openid: someone(), size, large })
    await ask(p, '阳光花园电梯又停了')
    await p.top.getByText('等您回答', { exact: true }).waitFor()
    await p.top.getByText(words('请问阳光花园是1—19号楼还是20—39号楼？')).waitFor()
    const answers = p.top.locator('.answers .answer')
    assert.equal(await answers.count(), 3)
    const ends = await answers.evaluateAll((all) => all.map((e) => e.getBoundingClientRect().bottom))
    const bar = await p.page.evaluate(() => document.querySelector('.wx-page-host:not([hidden]) .bar')?.getBoundingClientRect().top ?? innerHeight)
    assert.ok(Math.max(...ends) <= bar, `${ends} above ${bar}`)
    // The answers are what is to be done: nothing else is as loud, and no number is asked for before.
    assert.equal(await button(p, '留个电话').count(), 0)
    assert.equal(await button(p, '补充情况').evaluate((e) => e.className.includes('primary')), false)
    // In the list as well.
    await p.page.evaluate(() => wx.switchTab({ url: '/pages/mine/index' }))
    await button(p, '等您回答：阳光花园电梯又停了').waitFor()
  })
}

test('the number that was left is shown, changed and taken away, and my data knows of it', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, `${HERE}路灯不亮`)
  const me = await street.person(p.openid)
  const gw = await street.person(GW)
  const sees = async () => (await gw.get(`/api/v1/cases/${id}`)).contact_phone
  const save = async (opens, number) => {
    await button(p, opens).tap()
    await field(p, '电话号码').fill(number)
    await button(p, '保存').tap()
    await p.top.getByText(number, { exact: true }).waitFor()
  }
  await save('留个电话', '13900000008')
  await p.top.getByText('留在这件诉求里，只有负责它的人能看到。').waitFor()
  await save('换一个电话', '13900000007')
  await p.top.getByText('换了联系电话').waitFor()
  assert.equal(await sees(), '13900000007')
  const { number } = await me.get(`/api/v1/cases/${id}`)
  await p.page.evaluate(() => wx.navigateTo({ url: '/resident/data/index' }))
  await p.top.getByText('诉求里留的电话').waitFor()
  await p.top.getByText('139****0007').waitFor()
  await p.top.getByText(words(number)).first().waitFor()
  await p.page.getByRole('button', { name: '返回' }).tap()
  await button(p, '删除这个号码').tap()
  await p.page.getByRole('dialog', { name: '删除这个号码？' }).getByRole('button', { name: '删除' }).tap()
  await button(p, '留个电话').waitFor()
  await p.top.getByText('不再留电话，原来的号码已删除').waitFor()
  assert.equal(await sees(), null)
  // Nobody is promised a call any more.
  await gw.act(id, 'acknowledgement')
  await p.top.getByText(/上门，或者在这里回复您/).waitFor()
})

test('urging is no main button just after a report, a result says when it closes, and a closed case keeps its way back in reach', async () => {
  const who = await street.person(someone())
  const { id } = await who.report({ text: `${HERE}水管漏水`, contact_phone: '13900000005' })
  const p = await phone({ openid: who.openid, route: `/pages/case/index?id=${id}` })
  await p.top.getByText(/^过了.+还没有人接到，就可以催。$/).waitFor()
  assert.equal(await p.top.locator('.bar').getByText('催一下').count(), 0)
  // It looks as it is: nothing happens.
  const off = button(p, '催一下，现在还不能催')
  assert.ok(await off.isDisabled())
  await off.tap({ force: true })
  assert.equal((await who.get(`/api/v1/cases/${id}`)).timeline.filter((e) => e.kind === 'reminded').length, 0)
  const gw = await street.person(GW)
  for (const [verb, body] of [['acknowledgement', {}], ['contacts', { method: 'phone', outcome: 'reached' }], ['resolution', { result_type: 'solved', text: '修好了' }]]) await gw.act(id, verb, body)
  await p.top.locator('.card').first().getByText(/前没有回复，就当作已经解决；/).waitFor()
  await button(p, '解决了').tap()
  const sheet = p.top.getByRole('dialog', { name: '您确认解决了吗？' })
  await sheet.getByText(/^点“确认已解决”，这件事就结束了。/).waitFor()
  await sheet.getByRole('button', { name: '确认已解决' }).tap()
  await p.top.getByText('已办结', { exact: true }).waitFor()
  await p.top.locator('.bar').getByRole('button', { name: '又出现问题，重新办理' }).waitFor()
})

test('whom the street told is read after the answer that found him', async () => {
  const p = await phone({ openid: someone() })
  // Urgent: what is ordinary may rest while its worker has had enough of others.
  await field(p, '写下情况和地址').fill('阳光花园电梯又停了')
  await p.top.getByRole('radiogroup', { name: /有危险吗/ }).getByRole('radio', { name: '有', exact: true }).tap()
  await ask(p, '阳光花园电梯又停了')
  const titles = async () => {
    await p.page.reload()
    await p.top.getByText('办理过程').waitFor()
    return p.top.getByRole('listitem').evaluateAll((all) => all.map((e) => e.textContent))
  }
  await street.until('somebody was told of the question', async () => (await titles()).some((t) => t.startsWith('已通知 ')))
  await button(p, '1—19号楼').tap()
  await p.top.getByText('您补充了地址').waitFor()
  await street.until('the worker was told', async () => (await titles()).some((t) => /^已通知 .*赵明辉/.test(t)))
  const all = await titles()
  const at = (such) => all.findIndex((t) => such.test(t))
  // Newest first.
  assert.ok(at(/^已通知 .*赵明辉/) < at(/^您补充了地址/), all.join(' | '))
})

test('a worker reads at once how much waits, copies the place with a word, and finds what he finished', async () => {
  const who = await street.person(someone())
  const report = (text) => who.report({ text: `${HERE}${text}`, contact_phone: '13900000004' })
  const done = await report('门禁坏了')
  const gw = await street.person(GW)
  for (const [verb, body] of [['acknowledgement', {}], ['contacts', { method: 'phone', outcome: 'reached' }], ['resolution', { result_type: 'solved', text: '修好了' }]]) await gw.act(done.id, verb, body)
  const open = await report('楼道灯不亮')
  const p = await phone({ openid: GW })
  await button(p, /^进入工作台，(\d+ 件要办，其中 )?\d+ 件等您签收$/).tap()
  await button(p, '我办完的：今天和本周').tap()
  await p.top.getByText(/^今天　\d+ 件$/).waitFor()
  await p.top.getByRole('button', { name: /门禁坏了$/ }).first().tap()
  await p.top.getByText('办理过程').waitFor()
  await p.page.evaluate((id) => wx.navigateTo({ url: `/worker/case/index?id=${id}` }), open.id)
  // The place stands before the grid.
  const where = p.top.locator('.card').filter({ hasText: '在哪里' }).first()
  await where.getByText('阳光花园3号楼', { exact: true }).waitFor()
  assert.match(await where.textContent(), /阳光花园3号楼.*中山社区第一网格/)
  await button(p, '复制地址').tap()
  await p.page.getByText('地址已复制').waitFor()
})

test('the tabs of a cadre on a 4-inch phone lie above the bar while a pause waits', async () => {
  const who = await street.person(someone())
  const { id } = await who.report({ text: `${HERE}换水表`, contact_phone: '13900000003' })
  const gw = await street.person(GW)
  for (const [verb, body] of [['acknowledgement', {}], ['contacts', { method: 'phone', outcome: 'reached' }], ['pause', { reason: 'awaiting_material', until: new Date(Date.now() + 3 * 864e5).toISOString(), note: '请拍一张水表的照片，再带上供水合同' }]]) await gw.act(id, verb, body)
  const p = await phone({ openid: 'demo-cadre-371702003002', route: '/cadre/queue/index', size: [320, 568] })
  await button(p, /^同意挂起/).first().waitFor()
  const [tabs, bar] = await p.page.evaluate(() => ['.tabs', '.bar'].map((s) => document.querySelector(`.wx-page-host:not([hidden]) ${s}`).getBoundingClientRect()).map((r) => [r.top, r.bottom]))
  assert.ok(tabs[1] <= bar[0], `${tabs} above ${bar}`)
})

test('on a phone of 375×667 what waits for a word, the first choice of a placing and the last step of a case are seen whole', async () => {
  const SIZE = [375, 667]
  const CADRE = 'demo-cadre-371702003002'
  const gw = await street.person(GW)
  const who = await street.person(someone())
  const { id } = await who.report({ text: `${HERE}换水表`, contact_phone: '13900000003' })
  for (const [verb, body] of [['acknowledgement', {}], ['contacts', { method: 'phone', outcome: 'reached' }], ['pause', { reason: 'awaiting_material', until: new Date(Date.now() + 3 * 864e5).toISOString(), note: '请拍一张水表的照片，再带上供水合同' }]]) await gw.act(id, verb, body)
  const above = async (p, what) => {
    const [box, bar] = await boxes(what.first(), p.top.locator('.bar').first())
    assert.ok(box.y >= 0 && box.y + box.height <= bar.y, `${box.y} + ${box.height} above ${bar.y}`)
  }
  const p = await phone({ openid: CADRE, route: '/cadre/queue/index', size: SIZE })
  // Whatever is urgent on this street stands elsewhere.
  await p.top.getByRole('tab', { name: /待派单/ }).tap()
  await button(p, /^同意挂起/).first().waitFor()
  await p.top.getByRole('switch', { name: /到岗|在岗/ }).waitFor()
  await above(p, button(p, /^不同意挂起/))
  await above(p, button(p, /^同意挂起/))
  const [asking, duty] = await boxes(p.top.locator('.asking').first(), p.top.getByRole('switch', { name: /到岗|在岗/ }))
  assert.ok(asking.y < duty.y, 'the shift comes after what waits for a word')

  // And after what is urgent, whose call is at hand.
  const urgent = await who.report({ text: `${HERE}煤气味`, contact_phone: '13900000003', urgency: { danger: true, stuck: false } })
  await p.top.getByRole('tab', { name: /没签收/ }).tap()
  const row = p.top.locator('.urgent').filter({ hasText: '煤气味' }).first()
  await row.waitFor()
  const [emergency, shift] = await boxes(row, p.top.getByRole('switch', { name: /到岗|在岗/ }))
  assert.ok(emergency.y < shift.y, urgent.number)

  const lost = await who.report({ text: '阳光花园没水了', contact_phone: '13900000003' })
  const t = await phone({ openid: CADRE, route: `/cadre/triage/index?id=${lost.id}`, size: SIZE })
  await t.top.getByRole('radio').first().waitFor()
  await t.top.locator('.wx-mark').first().waitFor()
  await above(t, t.top.getByRole('radio'))

  const w = await phone({ openid: GW, route: `/worker/case/index?id=${id}`, size: SIZE })
  await w.top.getByText(/^最新：.+申请挂起/).waitFor()
  await above(w, w.top.getByText(/^最新：/))
})
