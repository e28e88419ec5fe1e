// What a resident finds when others were faster, when nobody answers for it yet, and when something comes back.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ask, boxes, button, field, phone, PHOTO, someone, street } from '../stage.mjs'

const TEXT = '中山社区阳光花园3号楼2单元没水了'
const CADRE = 'demo-cadre-371702003002'
const GW = 'demo-gw-G00201'
const shown = (p) => p.page.evaluate(() => document.body.innerText)
const done = async (id, upto = 'resolution') => {
  const gw = await street.person(GW)
  for (const [verb, body] of [['acknowledgement', {}], ['contacts', { method: 'phone', outcome: 'reached' }], ['resolution', { result_type: 'solved', text: '修好了' }]]) {
    await gw.act(id, verb, body)
    if (verb === upto) return
  }
}

test('an answer to what was placed meanwhile is no lost word: it goes to whoever was sent', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, '阳光花园楼道灯坏了')
  await button(p, '都不是，我来写').tap()
  await field(p, '在哪个小区、几号楼').fill('阳光花园3号楼2单元')
  await (await street.person(CADRE)).act(id, 'assignment', { grid: 'G00201', reason: '测试' })
  await button(p, '提交').tap()
  await p.page.getByText('已经派了人。您写的地址，已作为补充情况发给他').waitFor()
  await p.top.getByText('地址：阳光花园3号楼2单元').waitFor()
  assert.doesNotMatch(await shown(p), /第 \d+ 版|不能补充地址/)
})

test('an answer that only met another version is handed in all the same; where nothing can be said any more the words stay', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, '阳光花园楼道灯坏了')
  street.fail('POST', `/cases/${id}/answer`, 409, { code: 'version_conflict', detail: '这件诉求已更新到第 2 版，请刷新后再试', status: 409 })
  await button(p, '1—19号楼').tap()
  await p.top.getByText('已派网格员', { exact: true }).waitFor()
  assert.doesNotMatch(await shown(p), /第 \d+ 版/)

  await p.page.evaluate(() => wx.switchTab({ url: '/pages/ask/index' }))
  const gone = await ask(p, '阳光花园楼道灯又坏了')
  await button(p, '都不是，我来写').tap()
  await field(p, '在哪个小区、几号楼').fill('阳光花园5号楼')
  await (await street.person(p.openid)).act(gone, 'cancellation', { note: '' })
  await button(p, '提交').tap()
  await p.top.getByRole('alert').getByText(/^这件诉求已是“.+”，不用再写地址了/).waitFor()
  assert.equal(await field(p, '在哪个小区、几号楼').inputValue(), '阳光花园5号楼')
})

test('a question with nothing to choose asks to write, and until somebody answers for it the street can be called', async () => {
  const who = await street.person(someone())
  const { id } = await who.report({ text: '楼道的灯坏了三天了', contact_phone: '13900000003', category: 'housing' })
  const p = await phone({ openid: who.openid, route: `/pages/case/index?id=${id}` })
  await p.top.getByText('还没有派到人，急事可以打电话').waitFor()
  assert.equal(await button(p, '都不是，我来写').count(), 0)
  await button(p, /^(写地址|补充地址)$/).first().waitFor()
  await button(p, /^打电话给南城街道/).tap()
  assert.deepEqual((await p.calls('makePhoneCall')).map((c) => c.phoneNumber), ['0530-0000000'])
})

test('whoever types of danger sees the number and its button, on a small screen and in large type', async () => {
  for (const look of [{ size: [375, 667] }, { size: [320, 568], large: true }]) {
    const p = await phone({ openid: someone(), ...look })
    await field(p, '写下情况和地址').fill('家里煤气味很大')
    const dial = button(p, '拨打119')
    await dial.waitFor()
    await street.until('it is in sight', async () => {
      const [at, bar] = await boxes(dial, button(p, '发送求助'))
      return at.y >= 0 && at.y + at.height <= bar.y
    }, 5_000)
  }
})

test('what is not solved is said and shown as well, and follows the words by which it goes on', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  await p.top.getByText('已经送到中山社区第一网格').waitFor()
  await done(id, 'acknowledgement')
  // Somebody has it: what was said after sending is past.
  await p.top.getByText('已经送到中山社区第一网格').waitFor({ state: 'detached' })
  const gw = await street.person(GW)
  await gw.act(id, 'contacts', { method: 'phone', outcome: 'reached' })
  await gw.act(id, 'resolution', { result_type: 'solved', text: '修好了' })
  await p.top.getByText('已经解决', { exact: true }).waitFor()
  await button(p, '没有解决').tap()
  await p.top.locator('[role=button]', { hasText: '按住说话' }).waitFor()
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await button(p, '删除第1张照片').waitFor()
  await button(p, '重新办理').tap()
  await p.top.getByText('内容见照片（附 1 张照片）').first().waitFor()
  const { timeline } = await (await street.person(p.openid)).get(`/api/v1/cases/${id}`)
  assert.equal(timeline.find((e) => e.kind === 'reopened').detail.reason, '内容见照片')
})

test('an addition that was refused is taken back into its box with its photo; where the matter was closed meanwhile, into the box that opens it again', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  await done(id, 'contacts')
  await p.top.getByText(/^网格员 赵明辉 已联系上您/).waitFor()
  const add = async (words, photo = false) => {
    await button(p, '补充情况').tap()
    await field(p, '要补充什么').fill(words)
    if (photo) {
      const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
      await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
      await button(p, '删除第1张照片').waitFor()
    }
    await p.offline(true)
    await button(p, '发送').tap()
    await p.top.getByText('补充的情况等待发送').waitFor()
    assert.equal(await button(p, '修改没有发出的内容').count(), 0, 'it is on its way')
  }
  await add('楼下也漏了', true)
  street.fail('POST', `/cases/${id}/updates`, 422, { code: 'rule_refused', detail: '内容没有通过检查，请修改后再发', status: 422 })
  await p.offline(false)
  await p.top.getByText('补充的情况没有发出去').waitFor()
  await button(p, '修改没有发出的内容').tap()
  assert.equal(await field(p, '要补充什么').inputValue(), '楼下也漏了')
  await button(p, '删除第1张照片').waitFor()
  assert.equal(await p.top.getByText('补充的情况没有发出去').count(), 0)
  await field(p, '要补充什么').fill('楼下也漏水了')
  await button(p, '发送').tap()
  await p.top.getByText('楼下也漏水了（附 1 张照片）').waitFor()

  await add('还在滴水')
  await (await street.person(GW)).act(id, 'resolution', { result_type: 'solved', text: '修好了' })
  await (await street.person(p.openid)).act(id, 'confirmation', {})
  await p.offline(false)
  await p.top.getByText('补充的情况没有发出去').waitFor()
  await button(p, '又出现问题，重新办理').tap()
  await field(p, '又出了什么问题').fill('没有修好')
  await button(p, '关闭').tap()
  await button(p, '修改没有发出的内容').tap()
  assert.equal(await field(p, '又出了什么问题').inputValue(), '没有修好\n还在滴水', 'what he began there since stays')
})

test('both marks of a result are in sight without a scroll, and what was added is read where it stands', async () => {
  const p = await phone({ openid: someone(), size: [375, 667] })
  const id = await ask(p, TEXT)
  await button(p, '补充情况').tap()
  await field(p, '要补充什么').fill('家里有老人')
  await button(p, '发送').tap()
  const words = p.top.getByText('家里有老人', { exact: true })
  await words.waitFor()
  await street.until('his words are in sight', async () => { const at = await words.boundingBox(); return at.y >= 0 && at.y + at.height <= 667 }, 5_000)
  await button(p, '看看谁看过').or(p.top.getByRole('link', { name: '看看谁看过' })).tap()
  await p.top.getByText('谁看过我的诉求').waitFor()
  assert.equal(await p.top.getByText('改一改').count(), 0)
  await button(p, '看我的全部数据').tap()
  await p.top.getByText('改一改').waitFor()
  await p.page.getByRole('button', { name: '返回' }).tap()
  await done(id)
  await button(p, '解决了').tap()
  const last = p.top.getByRole('radiogroup', { name: /工作人员的态度/ }).getByRole('radio').last()
  const [mark, send] = await boxes(last, button(p, '确认已解决'))
  assert.ok(mark.y + mark.height <= send.y, `${mark.y + mark.height} ${send.y}`)
})

test('whose request was merged follows the other one; whoever handles that one reads both and calls both', async () => {
  const [first, other] = [await street.person(someone()), await street.person(someone())]
  const lead = await first.report({ text: TEXT, category: 'utilities' })
  const same = await other.report({ text: '阳光花园3号楼2单元停水，老人没水吃药', category: 'utilities', contact_phone: '13900000003' })
  const p = await phone({ openid: other.openid, route: `/pages/case/index?id=${same.id}` })
  await p.top.getByText('已派网格员', { exact: true }).waitFor()
  await (await street.person(CADRE)).act(same.id, 'merge', { into: lead.id, reason: '同一件事' })
  await p.top.getByText(/^和另一件合在一起办理，那一件已派网格员/).waitFor()

  const w = await phone({ openid: GW, route: `/worker/case/index?id=${lead.id}` })
  await w.top.getByText('老人没水吃药').waitFor()
  await button(w, '打给居民 13900000003').tap()
  assert.deepEqual((await w.calls('makePhoneCall')).map((c) => c.phoneNumber), ['13900000003'])

  await done(lead.id)
  await p.top.getByText(/^一起办的那件已有结果：已经解决/).waitFor()
  await button(p, /^打电话给/).first().waitFor()
  assert.doesNotMatch(await shown(p), /修好了/)
  await button(p, '再次求助').waitFor()
})
