// What others do to a case reaches every open screen that shows it, without a hand on it.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ask, boxes, button, field, phone, someone, street } from '../stage.mjs'

const days = (n) => new Date(Date.now() + n * 86400e3).toISOString()

/** The words stand on the page within so many milliseconds of what was done. */
async function soon(p, words, done) {
  await done()
  const at = Date.now()
  await p.top.getByText(words).first().waitFor()
  assert.ok(Date.now() - at < 2_500, `${words}: ${Date.now() - at} ms`)
}

let n = 0
async function given() {
  const who = await street.person(someone())
  // Words of its own, by which its row is found.
  const text = `中山社区阳光花园3号楼2单元垃圾没人清，第${++n}次说`
  return { who, gw: await street.person('demo-gw-G00201'), cadre: await street.person('demo-cadre-371702003002'), c: await who.report({ text, contact_phone: '13900000004', category: 'sanitation' }) }
}

test('every step that others take is on the open page of the resident within a moment, and on his open list', async () => {
  const { who, gw, cadre, c } = await given()
  const p = await phone({ openid: who.openid, route: `/pages/case/index?id=${c.id}` })
  const list = await phone({ openid: who.openid, route: '/pages/mine/index' })
  for (const one of [p, list]) await one.heard((m) => m.kind === 'ready')
  await soon(p, '网格员 赵明辉 已接到您的诉求', () => gw.act(c.id, 'acknowledgement'))
  await list.top.getByText('已有人接到').waitFor()
  await soon(p, /上门了，您不在家/, () => gw.act(c.id, 'contacts', { method: 'visit', outcome: 'nobody_home' }))
  await soon(p, '网格员 赵明辉 已联系上您', () => gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' }))
  await soon(p, '正在换水阀', () => gw.act(c.id, 'updates', { text: '正在换水阀' }))
  await soon(p, /申请延期/, () => gw.act(c.id, 'extension', { days: 3, reason: '等配件' }))
  await soon(p, /和您约在.+，时间对吗/, () => gw.act(c.id, 'hold', { reason: 'awaiting_appointment', until: days(2), note: '' }))
  await list.top.getByText(/^和您约在.+，请看看时间对不对$/).waitFor()
  await soon(p, '继续办理', () => gw.act(c.id, 'resumption'))
  await soon(p, /等社区干部同意/, () => gw.act(c.id, 'pause', { reason: 'awaiting_material', until: days(2), note: '请拍一张水表的照片' }))
  await soon(p, '缺的材料', () => cadre.act(c.id, 'pause_decision', { grants: true, note: '' }))
  await list.top.getByText(/^请您补充材料/).waitFor()
  // What was missing came: nothing is awaited of him any more.
  await who.act(c.id, 'updates', { text: '照片在这里' })
  await list.top.getByText(/^请您补充材料/).waitFor({ state: 'detached' })
  assert.equal(await list.top.locator('.act').count(), 0)
  await soon(p, '换了水阀', async () => { await gw.act(c.id, 'resumption'); await gw.act(c.id, 'resolution', { result_type: 'solved', text: '换了水阀' }) })
  await list.top.getByText('等您确认').waitFor()
  // A hint says which case, and nothing about it.
  const hints = await p.page.evaluate(() => __mp.heard.filter((m) => m.kind === 'changed').map((m) => Object.keys(m).sort().join()))
  assert.deepEqual([...new Set(hints)], ['cases,kind'])
})

test('a result that comes while he reads the record is in sight, with its buttons; not while he writes', async () => {
  const { who, gw, c } = await given()
  await gw.act(c.id, 'acknowledgement')
  await gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  const p = await phone({ openid: who.openid, route: `/pages/case/index?id=${c.id}`, size: [320, 568] })
  await p.heard((m) => m.kind === 'ready')
  const top = () => p.top.evaluate((e) => e.scrollTop)
  const down = async () => {
    await p.page.evaluate(() => wx.pageScrollTo({ scrollTop: 600, duration: 0 }))
    await p.page.waitForFunction(() => document.querySelector('.wx-page-host:not([hidden])').scrollTop > 300)
  }
  const inSight = async (words) => {
    await p.page.waitForFunction(() => document.querySelector('.wx-page-host:not([hidden])').scrollTop < 60)
    const [box, bar] = await boxes(p.top.getByText(words).first(), p.top.locator('.bar'))
    assert.ok(box.y >= 0 && box.y + box.height <= bar.y, JSON.stringify({ box, bar }))
  }
  await p.top.getByText('办理过程').waitFor()
  await down()
  // Any other news leaves him where he reads.
  await soon(p, '等零件', () => gw.act(c.id, 'updates', { text: '等零件' }))
  assert.ok(await top() > 300)
  await gw.act(c.id, 'resolution', { result_type: 'solved', text: '垃圾清走了' })
  await button(p, '解决了').waitFor()
  await inSight('请看看处理结果，告诉我们解决了没有')
  await inSight('处理结果')
  // Again, while he writes: his sheet stays as it is, and what came is in sight once it is closed.
  await who.act(c.id, 'reopening', { reason: '又堆起来了' })
  await button(p, '补充情况').waitFor()
  await down()
  await button(p, '补充情况').tap()
  await field(p, '要补充什么').fill('现在楼下也有')
  await gw.act(c.id, 'resolution', { result_type: 'solved', text: '又清了一遍' })
  await p.page.waitForFunction(() => getCurrentPages().at(-1).news)
  assert.equal(await field(p, '要补充什么').inputValue(), '现在楼下也有')
  await button(p, '关闭').tap()
  await p.top.getByText('又清了一遍').first().waitFor()
  await inSight('请看看处理结果，告诉我们解决了没有')
})

test('what the resident does is on the worker\'s open page and in his queue within a moment', async () => {
  const { who, gw, c } = await given()
  await gw.act(c.id, 'acknowledgement')
  await gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  const p = await phone({ openid: gw.openid, route: `/worker/case/index?id=${c.id}` })
  const queue = await phone({ openid: gw.openid, route: '/worker/today/index' })
  for (const one of [p, queue]) await one.heard((m) => m.kind === 'ready')
  const row = queue.top.getByText(c.text)
  await row.waitFor()
  await soon(p, '水漏到楼下了', () => who.act(c.id, 'updates', { text: '水漏到楼下了' }))
  await soon(p, /居民催办/, () => who.act(c.id, 'reminder', { note: '' }))
  await gw.act(c.id, 'resolution', { result_type: 'solved', text: '换了水阀' })
  await row.waitFor({ state: 'detached' })
  await soon(p, /^居民说没有解决，今天/, () => who.act(c.id, 'reopening', { reason: '还在漏' }))
  await row.waitFor()
  const item = (q) => q.top.locator('[class*="item"]').filter({ hasText: c.text })
  await p.page.evaluate(() => wx.navigateTo({ url: '/worker/today/index' }))
  await item(p).getByText(/^居民说没有解决：今天.+“还在漏”$/).waitFor()
  await p.page.evaluate(() => wx.navigateBack())
  // His words stand above the place, at the top; where the case was opened, also in the row.
  const [top, place] = await boxes(p.top.locator('.card').filter({ hasText: '居民说没有解决' }).filter({ hasText: '还在漏' }), p.top.locator('.card').filter({ hasText: '在哪里' }).first())
  assert.ok(top.y < place.y)
  await p.top.getByText('没有解决，重新办理', { exact: true }).waitFor()
  const cadre = await phone({ openid: 'demo-cadre-371702003002', route: `/worker/case/index?id=${c.id}` })
  await cadre.top.getByText(/^居民说没有解决，今天/).waitFor()
  await cadre.page.evaluate(() => wx.reLaunch({ url: '/cadre/queue/index' }))
  await cadre.top.getByRole('tab', { name: /办理中/ }).tap()
  await cadre.top.getByText(/^居民说没有解决：今天.+“还在漏”$/).waitFor()
  await cadre.shut()
  await gw.act(c.id, 'resolution', { result_type: 'solved', text: '又换了一个' })
  await soon(p, /居民确认已解决/, () => who.act(c.id, 'confirmation', {}))
  assert.equal(await p.top.getByText(/^居民说没有解决，/).count(), 0, 'another result')
  await row.waitFor({ state: 'detached' })
  const { who: other, c: gone } = await given()
  const line = queue.top.getByText(gone.text)
  await line.waitFor()
  await other.act(gone.id, 'cancellation', { note: '' })
  await line.waitFor({ state: 'detached' })
})

test('returned, placed anew and declined by the desk: the resident and both workers read what it means for them', async () => {
  const { who, gw, cadre, c } = await given()
  await gw.act(c.id, 'acknowledgement')
  const desk = await street.person('demo-triage-desk')
  const p = await phone({ openid: who.openid, route: `/pages/case/index?id=${c.id}` })
  const list = await phone({ openid: who.openid, route: '/pages/mine/index' })
  const w = await phone({ openid: gw.openid, route: `/worker/case/index?id=${c.id}` })
  for (const one of [p, list, w]) await one.heard((m) => m.kind === 'ready')
  await w.top.getByText('居民电话').waitFor()
  // The cadre takes it back: it is nobody's until it is placed anew.
  await soon(p, '社区干部 冯振华 认为不归他管，正在重新安排人', () => cadre.act(c.id, 'return', { proposed_unit: '自来水公司', reason: '水表以外归自来水公司' }))
  await p.top.getByText('正在派人', { exact: true }).waitFor()
  await p.top.getByText('工作人员正在安排负责的网格，不需要您再操作').waitFor()
  await list.top.getByText('正在派人').waitFor()
  await w.top.getByText('这件工单现在不归您负责').waitFor()
  // Placed in another grid by the desk: its worker has it, the first one has not.
  const next = await phone({ openid: 'demo-gw-G00202', route: '/worker/today/index' })
  await next.heard((m) => m.kind === 'ready')
  await soon(p, '已派网格员', () => desk.act(c.id, 'assignment', { grid: 'G00202', reason: '核对地址后指派' }))
  await next.top.getByText(c.text).waitFor()
  // He returns it as well; now the desk declines it, with its reason.
  await (await street.person('demo-gw-G00202')).act(c.id, 'return', { proposed_unit: '自来水公司', reason: '不归本网格' })
  await next.top.getByText(c.text).waitFor({ state: 'detached' })
  await soon(p, '未受理', () => desk.act(c.id, 'rejection', { code: 'outside_duty', explanation: '水表以外由自来水公司维修，电话 96116。' }))
  await p.top.getByText('没有受理的原因').waitFor()
  await p.top.getByText('水表以外由自来水公司维修，电话 96116。').first().waitFor()
  await button(p, '我不同意，申诉').waitFor()
  await list.top.getByText('未受理').waitFor()
  await list.top.getByText('没有受理，原因写在里面。不同意可以申诉一次').waitFor()
})

test('what a court decides was not refused: neither its message nor its page says so', async () => {
  const { who, gw, c } = await given()
  await gw.act(c.id, 'acknowledgement')
  await gw.act(c.id, 'contacts', { method: 'phone', outcome: 'reached' })
  await (await street.person('demo-command')).act(c.id, 'diversion', { reason: '请到区人民法院办理：这件事已进入诉讼程序，由那里决定。' })
  const p = await phone({ openid: who.openid, route: '/pages/inbox/index' })
  await p.top.getByRole('button', { name: '未读，已转法定途径　环境卫生' }).tap()
  await p.top.getByText('请到哪里办理').waitFor()
  assert.equal(await p.top.getByText(/不予受理|未受理/).count(), 0)
})

test('what he answered stands on his own page, and who left no number is kindly offered to', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, '阳光花园电梯坏了')
  await button(p, '1—19号楼').tap()
  await p.top.getByText('您补充了地址').waitFor()
  await p.top.getByText('您没有留电话。留一个，网格员就能打给您；不留也照常办理。').waitFor()
  await p.top.getByRole('listitem').filter({ hasText: '您补充了地址' }).getByText('1—19号楼').waitFor()
  await button(p, '留个电话').tap()
  await field(p, '电话号码').fill('12')
  await button(p, '保存').tap()
  await p.top.getByRole('alert').getByText('请写 11 位手机号，或者带区号的座机').waitFor()
  await field(p, '电话号码').fill('13900000009')
  await button(p, '保存').tap()
  await p.top.getByText('补充了联系电话').waitFor()
  await button(p, '留个电话').waitFor({ state: 'detached' })
  const gw = await street.person('demo-gw-G00201')
  assert.equal((await gw.get(`/api/v1/cases/${id}`)).contact_phone, '13900000009')
})

for (const [size, large] of [[[375, 667], false], [[375, 667], true], [[320, 568], true]]) {
  test(`a question about the place is seen whole above the bar: ${size.join('×')}${large ? ' in large type' : ''}`, async () => {
    const p = await phone({ openid: someone(), size, large })
    await field(p, '写下情况和地址').fill('阳光花园没水了')
    await p.top.getByRole('radio', { name: '20—39号楼' }).waitFor()
    const whole = () => p.page.evaluate(() => {
      const of = (s) => document.querySelector(`.wx-page-host:not([hidden]) ${s}`).getBoundingClientRect()
      const [question, bar, nav] = [of('#question'), of('#bar'), document.getElementById('nav').getBoundingClientRect()]
      return question.top >= nav.bottom && question.bottom <= bar.top
    })
    await street.until('the question in view', whole, 5_000)
  })
}
