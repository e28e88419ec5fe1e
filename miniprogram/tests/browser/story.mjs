import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ask, button, field, phone, someone, street, words } from '../stage.mjs'

test('the whole story, thumb by thumb: asked, placed, taken, handled, taken back, handled again, praised', async () => {
  const resident = await phone({ openid: someone() })
  const id = await ask(resident, '阳光花园电梯又停了')
  await resident.top.getByText(words('请问阳光花园是1—19号楼还是20—39号楼？')).waitFor()
  const number = await resident.top.getByText(/^NC-/).first().textContent()

  // The resident does not answer; the cadre places it.
  const cadre = await phone({ openid: 'demo-cadre-371702003002', route: '/cadre/queue/index' })
  await cadre.top.getByRole('tab', { name: /待派单/ }).tap()
  await cadre.top.getByRole('button', { name: /阳光花园电梯又停了/ }).tap()
  await cadre.top.getByRole('radio', { name: '中山社区第三网格' }).tap()
  await button(cadre, '派给中山社区第三网格').tap()

  // The worker hears at once, takes it, calls on the way, reports.
  const worker = await phone({ openid: 'demo-gw-G00203', route: '/worker/today/index' })
  await button(worker, `签收 ${number}`).tap()
  await worker.top.getByText('没有留电话。请上门，或者留言请他留一个。').waitFor()
  // How it came here is said, and no old question any more.
  await worker.top.getByText(/^社区干部 .+ 派到这个网格$/).waitFor()
  assert.equal(await worker.top.getByText(/需要补充|派单说明/).count(), 0)
  const save = () => worker.top.getByRole('dialog').getByRole('button', { name: '记录联系' })
  // A word that is left needs words, and says where it is read.
  await button(worker, '给居民留言，请他留电话').tap()
  await worker.top.getByText('他的手机收不到通知，打开小程序才看到。急的请打电话或上门。').waitFor()
  await worker.top.getByRole('dialog').getByRole('button', { name: '给居民留言' }).tap()
  await worker.top.getByRole('alert').getByText('请写要对居民说的话').waitFor()
  await button(worker, '关闭').tap()
  await button(worker, '记录联系').tap()
  // Nothing is chosen that he did not do.
  assert.equal(await worker.top.getByRole('dialog').getByRole('radio', { checked: true }).count(), 0)
  // No number was left, so none was dialled.
  assert.deepEqual(await worker.top.getByRole('dialog').getByRole('radio').evaluateAll((all) => all.map((e) => e.getAttribute('aria-label'))), ['上门', '给居民留言'])
  await worker.top.getByRole('radio', { name: '上门' }).tap()
  await save().tap()
  await worker.top.getByRole('alert').getByText('请选联系的结果').waitFor()
  await worker.top.getByRole('radio', { name: '没人在家', exact: true }).tap()
  await save().tap()
  await resident.top.getByText(/^网格员 .+ 上门了，您不在家$/).waitFor()
  await button(worker, '记录联系').tap()
  await worker.top.getByRole('radio', { name: '上门' }).tap()
  await worker.top.getByRole('radio', { name: '见到了' }).tap()
  await save().tap()
  const resolve = async (words) => {
    await button(worker, '办结').tap()
    await worker.top.getByRole('radio', { name: '实际解决' }).tap()
    await field(worker, '处理结果，居民会看到').fill(words)
    await button(worker, '确认办结').tap()
    await worker.top.getByText('已处置待确认').first().waitFor()
  }
  await resolve('已请维保公司重启电梯')

  // WeChat's notice is in the resident's hand, and his open page knows it too; he is not content.
  await street.until('the notice', async () => (await street.cards(resident.openid)).some((c) => JSON.stringify(c).includes(number)))
  await button(resident, '没有解决').tap()
  await field(resident, '哪里还没有解决').fill('半小时又停了')
  await button(resident, '重新办理').tap()
  await resident.top.getByText('您表示没有解决，重新办理').waitFor()

  // His open page follows what the resident says.
  await worker.top.getByText('半小时又停了').first().waitFor()
  await resolve('更换了控制板，已试运行')
  await button(resident, '解决了').tap()
  for (const group of [/处理的结果/, '工作人员的态度']) await resident.top.getByRole('radiogroup', { name: group }).getByRole('radio', { name: '很满意', exact: true }).tap()
  await button(resident, '确认已解决').tap()
  await resident.top.getByText('已办结', { exact: true }).waitFor()

  // What he was told also waits in his messages.
  const messages = await phone({ openid: resident.openid, route: '/pages/me/index' })
  // He saw the case itself, so all of it is read; the state has one name.
  await messages.top.getByRole('button', { name: /^消息/ }).tap()
  assert.equal(await messages.top.getByRole('button', { name: /^未读/ }).count(), 0)
  await messages.top.getByRole('button', { name: /^已读，等您确认/ }).first().tap()
  await messages.top.getByText('办理过程').waitFor()

  const kinds = (await (await street.person(resident.openid)).get(`/api/v1/cases/${id}`)).timeline.map((e) => e.kind)
  for (const kind of ['reported', 'sent_to_triage', 'assigned', 'acknowledged', 'contacted', 'resolved', 'reopened', 'confirmed']) assert.ok(kinds.includes(kind), kind)
})
