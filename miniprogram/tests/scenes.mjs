// Every page in every state worth looking at: what the gallery shows and axe reads. A scene says whose
// phone it is, which page, and what is done before one looks.
import { doorCode } from './console.mjs'

const TEXT = '中山社区阳光花园3号楼2单元没水了，家里有老人，早上到现在都没来'
const button = (p, name) => p.top.getByRole('button', { name, exact: typeof name === 'string' })
const field = (p, name) => p.top.getByRole('textbox', { name })
const write = (p, text) => field(p, '写下情况和地址').fill(text)

/** A picture that can be seen on white and on black. */
const PHOTO = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAYACADASIAAhEBAxEB/8QAGAAAAgMAAAAAAAAAAAAAAAAAAAMBAgT/xAAdEAADAAIDAQEAAAAAAAAAAAAAAQIDERNRoSEx/8QAFwEBAQEBAAAAAAAAAAAAAAAAAAIBA//EABkRAAMBAQEAAAAAAAAAAAAAAAABAhESIf/aAAwDAQACEQMRAD8AaUeSZem/ockd+CMjTTttfhVVi8ER08Zom5p6T2WM2GlNNvodyR34JrV6Zc8vEII0AHMtPA0SAAN6f/9k=', 'base64')

/** A second and a half of silence as a phone records it: MP3 frames of 36 ms. */
export const SILENCE = Buffer.concat(Array.from({ length: 42 }, () => Buffer.concat([Buffer.from([0xff, 0xf3, 0x48, 0xc0]), Buffer.alloc(140)])))

/** Cases in every state, made as the people of the street would make them. */
export async function populate(street) {
  const resident = await street.person('g-resident')
  const gw = await street.person('demo-gw-G00201')
  const cadre = await street.person('demo-cadre-371702003002')
  const report = (text, more = {}) => resident.report({ text, contact_phone: '13900000001', category: 'utilities', ...more })
  const ids = {}
  const day = (n) => new Date(Date.now() + 8 * 3600e3 + n * 86400e3).toISOString().slice(0, 10)
  const nine = (n) => `${day(n)}T09:00:00+08:00`
  const here = '中山社区阳光花园3号楼2单元'
  const onward = async (id, ...steps) => { for (const [verb, body] of steps) await gw.act(id, verb, body) }
  const taken = [['acknowledgement', {}], ['contacts', { method: 'phone', outcome: 'reached', note: '约好下午上门' }]]
  ids.closed = (await report(`${here}楼道灯不亮`, { category: 'housing' })).id
  await onward(ids.closed, ...taken, ['resolution', { result_type: 'solved', text: '换了灯泡' }])
  await resident.act(ids.closed, 'confirmation', { result: 5, attitude: 4, comment: '来得很快' })
  ids.resolved = (await report(`${here}门口垃圾没人清`, { category: 'sanitation' })).id
  await onward(ids.resolved, ...taken, ['updates', { text: '已联系保洁' }], ['resolution', { result_type: 'solved', text: '垃圾已清走，以后每天早上七点清运', before: [await gw.upload('photos', PHOTO)], photos: [await gw.upload('photos', PHOTO)] }])
  ids.working = (await report(`${here}水压小`)).id
  await onward(ids.working, ...taken)
  ids.acknowledged = (await report(`${here}单元门锁坏了`, { category: 'housing' })).id
  await gw.act(ids.acknowledged, 'acknowledgement')
  ids.held = (await report(`${here}要换水表`)).id
  await onward(ids.held, ...taken, ['hold', { reason: 'awaiting_appointment', until: nine(2), note: '您那天在家，我们到时上门换' }])
  ids.pausing = (await report(`${here}水表不走字`)).id
  await onward(ids.pausing, ...taken, ['pause', { reason: 'awaiting_material', until: nine(3), note: '请拍一张水表的照片，再带上供水合同' }])
  const papers = async (text, note) => {
    const { id } = await report(text)
    await onward(id, ...taken)
    await cadre.act(id, 'hold', { reason: 'awaiting_material', until: nine(3), note })
    return id
  }
  ids.papers = await papers(`${here}申请更换旧水表`, '请拍一张水表的照片，再带上供水合同')
  ids.brought = await papers(`${here}要装水表`, '请拍一张房产证的照片')
  await resident.act(ids.brought, 'updates', { text: '照片在这里', photos: [await resident.upload('photos', PHOTO)] })
  ids.diverted = (await report(`${here}楼上装修把承重墙拆了，物业不管`, { category: 'housing' })).id
  await onward(ids.diverted, ...taken)
  await (await street.person('demo-command')).act(ids.diverted, 'diversion', { reason: '请到牡丹区人民法院办理：这件事已进入诉讼程序，由那里决定。开庭通知会寄给您。' })
  ids.question = (await report('阳光花园电梯总是停')).id
  ids.urgent = (await report(`${here}楼道有煤气味`, { category: 'safety_hazard', urgency: { danger: true, stuck: false }, on_behalf_of: { name: '王秀英', phone: '13900000006', relation: '邻居' } })).id
  ids.assigned = (await report(TEXT)).id
  ids.numberless = (await resident.report({ text: `${here}楼道堆了旧家具`, category: 'sanitation' })).id
  await gw.act(ids.numberless, 'acknowledgement')
  ids.spoken = (await report('', { address: here, voices: [await resident.upload('voices', SILENCE)] })).id
  // Who never said where he lives is asked.
  ids.nowhere = (await (await street.person('g-lost')).report({ text: '楼道的灯坏了三天了', contact_phone: '13900000003', category: 'housing' })).id
  ids.placeless = (await resident.report({ text: '', category: 'other', voices: [await resident.upload('voices', SILENCE)] })).id
  const photo = await cadre.upload('photos', PHOTO)
  ids.picture = photo
  const bulletin = (title, text, more) => cadre.post('/api/v1/bulletins', { title, text, until: `${day(4)}T00:00:00+08:00`, grids: ['371702003002'], ...more })
  await bulletin('社区卫生服务站周五免费量血压', '周五上午八点半到十一点，在阳光花园东门。请带身份证。\n六十五岁以上的老人还可以免费抽血。')
  ids.bulletin = (await bulletin('明天上午九点到下午三点停水', '阳光花园检修水管，请提前备水。来水后先放一会儿再用。', { urgent: true, photos: [photo] })).id
  const agreed = await street.person('g-agreed')
  await agreed.put('/api/v1/my/privacy', { version: (await agreed.get('/api/v1/my/privacy')).current })
  ids.door = await doorCode(street, 'B00001')
  const desk = await street.person('demo-triage-desk')
  ids.rejected = (await report('邻县王庄村的路坏了', { category: 'road_facilities' })).id
  try { await desk.act(ids.rejected, 'rejection', { code: 'outside_duty', explanation: '不在南城街道范围，请联系当地镇政府' }) } catch { delete ids.rejected }
  // Somebody else, of another grid: what asks for nothing more, or for somebody's word.
  const other = await street.person('g-second')
  const gw2 = await street.person('demo-gw-G00202')
  const second = async (text, ...steps) => {
    const { id } = await other.report({ text: `中山社区阳光花园25号楼1单元${text}`, contact_phone: '13900000002', category: 'housing' })
    for (const [verb, body] of steps) await gw2.act(id, verb, body)
    return id
  }
  ids.cancelled = await second('窗户关不上')
  await other.act(ids.cancelled, 'cancellation', { note: '自己修好了' })
  ids.late = await second('外墙掉皮', ...taken, ['extension', { days: 5, reason: '要等脚手架' }])
  ids.reopened = await second('水管又漏水', ...taken, ['resolution', { result_type: 'explained', text: '这是户内管道，请联系物业' }])
  await other.act(ids.reopened, 'reopening', { reason: '物业说不归他们管' })
  ids.merged = await second('水管漏水')
  await cadre.act(ids.merged, 'merge', { into: ids.reopened, reason: '同一件事' })
  await cadre.post('/api/v1/bulletins', { title: '12月1日上午停水', text: '因更换主管道，12月1日上午8点到12点，阳光花园1到19号楼停水。请提前存水。有困难请打社区电话。', urgent: true, until: `${day(6)}T00:00:00+08:00`, grids: ['G00201'], photos: [] })
  await gw.put('/api/v1/my/duty', { on: true })
  const { colleagues } = await gw.get('/api/v1/swaps')
  await gw.post('/api/v1/swaps', { colleague: colleagues.find((c) => c.grids[0].id === 'G00201').staff, mine: day(2), theirs: day(3) })
  for (const who of ['gw', 'gb']) await (await street.person(`demo-${who}-G00203`)).post('/api/v1/leaves', { from: `${day(1)}T00:00:00+08:00`, to: `${day(2)}T00:00:00+08:00`, reason: '看病', substitute: null })
  // Whoever is asked is away himself meanwhile, and so is everybody else of that grid.
  const asker = await street.person('demo-gw-G00601')
  const mate = (await asker.get('/api/v1/swaps')).colleagues.find((c) => c.grids[0].id === 'G00602').staff
  await asker.post('/api/v1/swaps', { colleague: mate, mine: day(3), theirs: day(4) })
  for (const who of ['gb-G00601', 'gw-G00602']) await (await street.person(`demo-${who}`)).post('/api/v1/leaves', { from: `${day(3)}T00:00:00+08:00`, to: `${day(4)}T00:00:00+08:00`, reason: '看病', substitute: null })
  await (await street.person('demo-gw-G01402')).put('/api/v1/my/duty', { on: false })
  ids.numbers = Object.fromEntries((await resident.get('/api/v1/cases?limit=100')).cases.map((c) => [c.id, c.number]))
  return ids
}

const R = 'g-resident'
const talk = (p) => p.top.locator('[role=button]', { hasText: /按住说话|按住再说一段|点一下结束/ })
const GW = 'demo-gw-G00201'
const CADRE = 'demo-cadre-371702003002'
const CASE = (id) => `/pages/case/index?id=${id}`
const SECOND = 'g-second'
const GW2 = 'demo-gw-G00202'
const WORK = (id) => `/worker/case/index?id=${id}`
const sheet = (name) => async (p) => { await button(p, name).tap() }
/** The same page again without a network: what was seen last. */
const again = (p, url) => p.page.evaluate((to) => wx.reLaunch({ url: to }), url)
/** Four days later, with nothing done meanwhile: no two days that nobody works follow so long on each other. */
const later = (p, url) => p.page.evaluate((to) => { const now = Date.now; Date.now = () => now() + 4 * 864e5; __mp.ahead = 4 * 864e5; wx.reLaunch({ url: to }) }, url)
/** What he did without a network, and did not fit any more. */
const late = (id, label, why, number) => async (p, url) => {
  await p.page.waitForLoadState('networkidle')
  // The number as this phone knows it: a step that was refused names its own case.
  await p.page.evaluate(([caseId, l, w, number]) => wx.setStorageSync('actions', [{ key: 'late', caseId, number, verb: 'updates', photos: [], voices: [], body: {}, version: 1, seq: 0, label: l, at: 0, state: 'refused', why: w }]), [id, label, why, number])
  await again(p, url)
  await p.top.getByRole('button', { name: /^(看这件|知道了)$/ }).first().waitFor()
}
const FOLLOW = /^(扫码关注服务号|换一个微信来关注)$/
const more = (name) => async (p) => { await button(p, '更多').tap(); if (name) await button(p, name).tap() }

export const scenes = (ids) => [
  ['求助：空白', 'g-new', '/pages/ask/index', async () => {}],
  ['求助：写好了，找到网格', 'g-new', '/pages/ask/index', async (p) => { await write(p, TEXT); await p.top.getByText('归中山社区第一网格管', { exact: true }).waitFor() }],
  ['求助：系统问一句', 'g-new', '/pages/ask/index', async (p) => { await write(p, '阳光花园没水了'); await p.top.getByRole('radio', { name: '20—39号楼' }).tap() }],
  ['求助：紧急', 'g-new', '/pages/ask/index', async (p) => { await write(p, '阳光花园3号楼楼道有很浓的煤气味'); await p.top.getByText('归中山社区第一网格管', { exact: true }).waitFor() }],
  ['求助：有人被困', 'g-new', '/pages/ask/index', async (p) => { await write(p, '有老人困在六楼下不来'); await p.top.getByText('按您写的先选了“有”，不对可以改。').waitFor() }],
  ['求助：紧急公告', R, '/pages/ask/index', async (p) => { await button(p, /^紧急公告/).waitFor() }],
  ['求助：网格员有要办的', GW, '/pages/ask/index', async (p) => { await button(p, /^进入工作台，\d+ 件要办/).waitFor() }],
  ['求助：社区干部有要派的', CADRE, '/pages/ask/index', async (p) => { await button(p, /^进入工作台，.+等您/).waitFor() }],
  ['求助：替别人', 'g-new', '/pages/ask/index', async (p) => { await write(p, TEXT); await p.top.getByRole('switch', { name: '替别人求助' }).tap(); await button(p, '发送求助').tap() }],
  ['求助：选类别', 'g-new', '/pages/ask/index', async (p) => { await write(p, TEXT); await button(p, /^类别/).tap() }],
  ['求助：扫楼栋码', 'g-new', `/pages/ask/index?scene=${encodeURIComponent(ids.door.scene)}`, async (p) => { await p.top.getByText(ids.door.name, { exact: true }).waitFor() }],
  ['求助：码没有登记', 'g-new', '/pages/ask/index?scene=b%3DAAAA1111', async (p) => { await p.top.getByText(/这个码没有登记/).waitFor() }],
  ['求助：正在录音', 'g-new', '/pages/ask/index', async (p) => { await talk(p).tap(); await p.top.getByText('点一下结束').waitFor() }],
  ['求助：录好了', 'g-new', '/pages/ask/index', async (p) => { await talk(p).tap(); await p.top.getByText(/^点一下结束　[1-9]/).waitFor(); await talk(p).tap(); await button(p, /^播放第1段/).waitFor() }],
  ['求助：没有打开麦克风', 'g-new', '/pages/ask/index', async (p) => { await talk(p).tap(); await button(p, '去打开麦克风').waitFor() }, { microphone: { asked: false, allowed: false, later: true } }],
  ['求助：没有网络', 'g-new', '/pages/ask/index', async (p) => { await p.offline(true); await write(p, TEXT) }],
  ['求助：隐私协议', 'g-new', '/pages/ask/index', async (p) => { await button(p, '加照片').tap(); await button(p, '不同意').waitFor() }, { privacy: { agreed: false } }],
  ['求助：隐私政策更新', 'g-new', '/pages/ask/index', async (p) => { await p.page.waitForLoadState('networkidle'); await p.page.evaluate(() => wx.setStorageSync('agreed', { version: '0', sent: true })); await p.offline(true); await p.page.evaluate(() => { wx.switchTab({ url: '/pages/me/index' }); wx.switchTab({ url: '/pages/ask/index' }) }); await p.top.getByText('隐私政策更新了').waitFor() }],
  ['隐私政策', 'g-new', '/resident/policy/index', async (p) => { await p.top.getByText(/^第 .+ 版/).waitFor(); await p.top.getByText('0530-0000000').waitFor() }],
  ['隐私政策：同意了', 'g-agreed', '/resident/policy/index', async (p) => { await p.top.getByText(/第 .+ 版，您在.+同意/).waitFor() }],
  ['我的数据', R, '/resident/data/index', async (p) => { await p.top.getByText(/现在还不能删除/).waitFor() }],
  ['我的数据：可以删除', 'g-agreed', '/resident/data/index', async (p) => { await button(p, '准备一份').tap(); await button(p, '复制成文字').waitFor() }],
  ['我的数据：删除', 'g-agreed', '/resident/data/index', async (p) => { await button(p, '删除我的全部信息').tap(); await button(p, '全部删除').tap() }],
  ['我的数据：删除了', 'g-new', `/resident/data/index?gone=${encodeURIComponent('您的手机号、微信标识、诉求内容、照片、录音和定位已删除，登录已失效。诉求的时间和结果作为不含个人信息的工作记录保留')}`, async (p) => { await button(p, '回到首页').waitFor() }],
  ['我的数据：出错', R, '/resident/data/index', async (p) => { await p.top.getByText('系统暂时繁忙').waitFor() }, { fails: '/api/v1/my/data' }],
  ['公告', R, '/resident/notices/index', async (p) => { await p.top.getByText('紧急').first().waitFor() }],
  ['公告：没有', 'g-new', '/resident/notices/index', async (p) => { await p.top.getByText('现在没有公告').waitFor() }],
  ['公告：照片没有加载', R, `/resident/notice/index?id=${ids.bulletin}`, async (p) => { await button(p, '第1张照片没有加载，点一下重试').waitFor() }, { fails: `/api/v1/photos/${ids.picture}` }],
  ['公告：出错', R, '/resident/notices/index', async (p) => { await p.top.getByText('系统暂时繁忙').waitFor() }, { fails: '/api/v1/bulletins' }],
  ['公告：没有网络', R, '/resident/notices/index', async (p) => { await p.top.getByText('紧急').first().waitFor(); await p.offline(true); await again(p, '/resident/notices/index'); await p.top.getByText('没有网络，这是上次看到的内容。').waitFor() }],
  ['公告：一条', R, `/resident/notice/index?id=${ids.bulletin}`, async (p) => { await p.top.getByRole('button', { name: '看第1张照片' }).waitFor() }],
  ['公告：已经结束', 'g-new', `/resident/notice/index?id=${ids.bulletin}`, async (p) => { await button(p, '看别的公告').waitFor() }],
  ['我的：还不知道网格', 'g-new', '/pages/me/index', async (p) => { await p.top.getByText(/请填写住址/).waitFor() }],
  ['我的诉求', R, '/pages/mine/index', async (p) => { await p.top.getByText('等您确认').first().waitFor() }],
  ['我的诉求：空', 'g-new', '/pages/mine/index', async (p) => { await p.top.getByText('还没有诉求').waitFor() }],
  ['我的诉求：没有网络', R, '/pages/mine/index', async (p) => { await p.top.getByText('等您确认').first().waitFor(); await p.offline(true); await again(p, '/pages/mine/index'); await p.top.getByText('这是上次看到的内容。').waitFor() }],
  ['我的诉求：可能已经送到', 'g-new', '/pages/mine/index', async (p) => { await p.page.waitForLoadState('networkidle'); await p.offline(true); await p.page.evaluate((text) => { wx.setStorageSync('outbox', [{ key: 'tried', body: { text }, photos: [], voices: [], answer: '', savedAt: Date.now(), triedAt: Date.now(), state: 'waiting', why: '' }]); wx.reLaunch({ url: '/pages/mine/index' }) }, TEXT); await p.top.getByText(/^可能已经送到/).waitFor() }],
  ['我的诉求：等待发送', 'g-new', '/pages/ask/index', async (p) => { await write(p, TEXT); await p.offline(true); await button(p, '发送求助').tap(); await p.top.getByText('等待发送').waitFor() }],
  ['诉求：刚送到', R, `${CASE(ids.assigned)}&told=${encodeURIComponent('有人接下了、有了结果、要问您在哪里，微信各通知您一次。')}`, async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['诉求：问地址', R, CASE(ids.question), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['诉求：紧急', R, CASE(ids.urgent), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['诉求：等您确认', R, CASE(ids.resolved), async (p) => { await p.top.getByText('处理结果', { exact: true }).waitFor() }],
  ['诉求：确认和评价', R, CASE(ids.resolved), sheet('解决了')],
  ['诉求：没有解决', R, CASE(ids.resolved), async (p) => { await button(p, '没有解决').tap(); await button(p, '重新办理').tap() }],
  ['诉求：补充', R, CASE(ids.working), sheet('补充情况')],
  ['诉求：说的话', R, CASE(ids.spoken), async (p) => { await button(p, /^播放第1段/).waitFor() }],
  ['诉求：只说了话，没有地址', R, CASE(ids.placeless), async (p) => { await p.top.getByText(/^还不知道在哪里/).waitFor() }],
  ['诉求：问在哪里', 'g-lost', CASE(ids.nowhere), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['诉求：已接到，没有留电话', R, CASE(ids.numberless), async (p) => { await p.top.getByText(/上门，或者在这里回复您/).waitFor() }],
  ['诉求：换一个电话', R, CASE(ids.working), sheet('换一个电话')],
  ['诉求：可以催了', R, CASE(ids.acknowledged), async (p) => { await p.top.getByText('办理过程').waitFor(); await later(p, CASE(ids.acknowledged)); await p.top.locator('.bar').getByText('催一下').waitFor() }],
  ['诉求：留个电话', R, CASE(ids.placeless), sheet('留个电话')],
  ['诉求：补充等待发送', R, CASE(ids.working), async (p) => { await button(p, '补充情况').tap(); await field(p, '要补充什么').fill('家里有老人，请先打电话'); await p.offline(true); await button(p, '发送').tap(); await p.top.getByText('补充的情况等待发送').waitFor() }],
  ['诉求：补充没有发出去', R, CASE(ids.working), async (p) => { await p.page.waitForLoadState('networkidle'); await p.page.evaluate((caseId) => wx.setStorageSync('actions', [{ key: 'no', caseId, number: '', verb: 'updates', photos: [], voices: [], body: { text: '家里有老人，请先打电话' }, version: 1, seq: 0, label: '补充', at: 0, state: 'refused', why: '内容没有通过检查，请修改后再发' }]), ids.working); await again(p, CASE(ids.working)); await button(p, '修改没有发出的内容').waitFor() }],
  ['诉求：已办结', R, CASE(ids.closed), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ...(ids.rejected ? [['诉求：未受理', R, CASE(ids.rejected), async (p) => { await p.top.getByText('办理过程').waitFor() }]] : []),
  ['诉求：已转法定途径', R, CASE(ids.diverted), async (p) => { await p.top.getByText('请到哪里办理').waitFor() }],
  ['诉求：约了时间', R, CASE(ids.held), async (p) => { await button(p, '时间对').waitFor() }],
  ['诉求：缺材料', R, CASE(ids.papers), async (p) => { await p.top.getByText('缺的材料').waitFor() }],
  ['诉求：补材料', R, CASE(ids.papers), sheet('补充材料')],
  ['诉求：材料补了', R, CASE(ids.brought), async (p) => { await p.top.getByText(/等网格员看过后继续办理$/).waitFor() }],
  ['诉求：都不是，我来写', R, CASE(ids.question), sheet('都不是，我来写')],
  ['诉求：撤回', R, CASE(ids.assigned), sheet('不需要了，撤回')],
  ['诉求：撤回了', SECOND, CASE(ids.cancelled), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['诉求：又出现问题', R, CASE(ids.closed), sheet('又出现问题，重新办理')],
  ['诉求：重新办理了', SECOND, CASE(ids.reopened), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['诉求：合并办理', SECOND, CASE(ids.merged), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ...(ids.rejected ? [['诉求：申诉', R, CASE(ids.rejected), sheet('我不同意，申诉')]] : []),
  ['诉求：没有网络', R, CASE(ids.working), async (p) => { await p.top.getByText('办理过程').waitFor(); await p.offline(true); await again(p, CASE(ids.working)); await p.top.getByText('没有网络，这是上次看到的内容。').waitFor() }],
  ['诉求：不是您的', 'g-new', CASE(ids.closed), async (p) => { await p.top.getByText('没有找到这件诉求').waitFor() }],
  ['我的：居民', R, '/pages/me/index', async (p) => { await p.top.getByText(/\d+ 件/).waitFor(); await button(p, /^打电话给网格员/).first().waitFor() }],
  ['我的：工作人员', GW, '/pages/me/index', async (p) => { await button(p, '进入工作台').waitFor() }],
  ['我的：有草稿', 'g-draft', '/pages/ask/index', async (p) => { await write(p, TEXT); await p.page.evaluate(() => wx.switchTab({ url: '/pages/me/index' })); await button(p, '删除草稿').waitFor() }],
  ['我的：指挥中心', 'demo-command', '/pages/me/index', async (p) => { await button(p, '到哪里办公').waitFor() }],
  ['消息', R, '/pages/inbox/index', async (p) => { await p.top.getByText('未读').first().waitFor() }],
  ['消息：没有', 'g-new', '/pages/inbox/index', async (p) => { await p.top.getByText('还没有消息').waitFor() }],
  ['登记', 'g-new', '/worker/bind/index', async (p) => { await field(p, '绑定码').waitFor() }],
  ['登记：没有填', 'g-new', '/worker/bind/index', async (p) => { await button(p, '登记').tap() }],
  ['登记：码不对', 'g-new', '/worker/bind/index', async (p) => { await field(p, '绑定码').fill('ABCD-EFGH'); await button(p, '登记').tap(); await p.top.getByRole('alert').waitFor() }],
  ['通知渠道', GW, '/worker/channels/index', async (p) => { await p.top.getByText('1. ').waitFor() }],
  ['通知渠道：关注服务号', GW, '/worker/channels/index', async (p) => { await button(p, FOLLOW).tap(); await p.top.getByText(/^只给您一个人用/).waitFor() }],
  ['通知渠道：码过期了', GW, '/worker/channels/index', async (p) => { await button(p, FOLLOW).tap(); await p.top.getByText(/^只给您一个人用/).waitFor(); await p.page.evaluate(() => { const now = Date.now; Date.now = () => now() + 11 * 60e3; const page = getCurrentPages().at(-1); page.onShow() }); await p.top.getByText(/这个码过期了/).waitFor() }],
  ['通知渠道：换不到码', GW2, '/worker/channels/index', async (p) => { await button(p, FOLLOW).tap(); await p.top.getByRole('alert').waitFor() }, { fails: 'POST /api/v1/my/channels/oa_template/code' }],
  ['今日工单', GW, '/worker/today/index', async (p) => { await p.top.getByText('新工单会立即出现').waitFor(); await p.top.getByText('签收', { exact: true }).first().waitFor() }],
  ['我办完的', GW, '/worker/done/index', async (p) => { await p.top.getByText(/^今天　\d+ 件/).waitFor() }],
  ['我办完的：没有', 'demo-gw-G01401', '/worker/done/index', async (p) => { await p.top.getByText('这个星期还没有办完的').waitFor() }],
  ['我办完的：出错', GW, '/worker/done/index', async (p) => { await p.top.getByText('系统暂时繁忙').waitFor() }, { fails: '/api/v1/cases' }],
  ['今日工单：没有', 'demo-gw-G01401', '/worker/today/index', async (p) => { await p.top.getByText('没有要办的工单').waitFor() }],
  ['今日工单：离岗', 'demo-gw-G01402', '/worker/today/index', async (p) => { await p.top.getByText('没在岗，下拉可刷新').waitFor() }],
  ['今日工单：没有网络', GW, '/worker/today/index', async (p) => { await p.top.getByText('签收', { exact: true }).first().waitFor(); await p.offline(true); await button(p, /^签收 /).first().tap(); await p.top.getByText('等网络，连上后自动提交').waitFor() }],
  ['今日工单：不是网格员', 'g-new', '/worker/today/index', async (p) => { await p.top.getByText('这里是网格员的工作台').waitFor() }],
  ['工单：待签收', GW, WORK(ids.urgent), async (p) => { await p.top.getByText('居民电话').waitFor() }],
  ['工单：已签收', GW, WORK(ids.acknowledged), async (p) => { await p.top.getByText('居民电话').waitFor() }],
  ['工单：处理中', GW, WORK(ids.working), async (p) => { await p.top.getByText('居民电话').waitFor() }],
  ['工单：居民的录音', GW, WORK(ids.spoken), async (p) => { await button(p, /^播放第1段/).waitFor() }],
  ['工单：挂起了', GW, WORK(ids.held), async (p) => { await p.top.getByText(/^和居民约在/).waitFor() }],
  ['工单：等材料', GW, WORK(ids.papers), async (p) => { await p.top.getByText('居民还没有补充。').waitFor() }],
  ['工单：材料来了', GW, WORK(ids.brought), async (p) => { await p.top.getByText(/^居民补充了，/).waitFor() }],
  ['工单：记录联系', GW, WORK(ids.acknowledged), sheet('记录联系')],
  ['工单：上门，没人在家', GW, WORK(ids.acknowledged), async (p) => { await button(p, '记录联系').tap(); await p.top.getByRole('radio', { name: '上门' }).tap(); await p.top.getByRole('radio', { name: '没人在家', exact: true }).tap() }],
  ['工单：留言', GW, WORK(ids.numberless), async (p) => { await button(p, '给居民留言，请他留电话').tap(); await p.top.getByText(/^他的手机收不到通知/).waitFor() }],
  ['工单：办结', GW, WORK(ids.working), sheet('办结')],
  ['工单：更多', GW, WORK(ids.working), more('')],
  ['工单：写进展', GW, WORK(ids.working), more('写进展')],
  ['工单：没有办成', GW, WORK(ids.working), (p) => late(ids.working, '办结', '提交前工单有了新情况：居民补充“现在楼下也漏了”。请看一眼再办结', ids.numbers[ids.working])(p, WORK(ids.working))],
  ['社区工作台：没有派成', CADRE, '/cadre/queue/index', (p) => late(ids.acknowledged, '派单', '现在不能派单：工单已是“已派单”（张敏 派单）', ids.numbers[ids.acknowledged])(p, '/cadre/queue/index')],
  ['今日工单：请用电脑', 'demo-triage-desk', '/worker/today/index', async (p) => { await p.top.getByText('请用电脑打开网页').waitFor() }],
  ['工单：没有网络', GW, WORK(ids.working), async (p) => { await p.top.getByText('办理过程').waitFor(); await p.offline(true); await again(p, WORK(ids.working)); await p.top.getByText(/看到的是上次的内容/).waitFor() }],
  ['工单：已处置待确认', GW, WORK(ids.resolved), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['工单：重新办理', GW2, WORK(ids.reopened), async (p) => { await p.top.getByText('办理过程').waitFor() }],
  ['工单：等上一级同意延期', GW2, WORK(ids.late), async (p) => { await p.top.getByText(/等待上一级同意$/).waitFor() }],
  ['工单：等您同意延期', CADRE, WORK(ids.late), async (p) => { await button(p, '同意').waitFor() }],
  ['工单：转派', GW, WORK(ids.assigned), async (p) => { await more('转给别的网格')(p); await p.top.getByRole('radio', { name: '中山社区第二网格' }).waitFor() }],
  ['工单：退单', GW, WORK(ids.assigned), more('退单')],
  ['工单：挂起', GW, WORK(ids.working), more('挂起')],
  ['工单：挂起，约了时间', GW, WORK(ids.working), async (p) => { await more('挂起')(p); await p.top.getByRole('radio', { name: '和居民约了时间' }).tap() }],
  ['工单：申请挂起', GW, WORK(ids.working), async (p) => { await more('挂起')(p); await p.top.getByRole('radio', { name: '等居民补充材料' }).tap() }],
  ['工单：申请延期', GW, WORK(ids.working), more('申请延期')],
  ['工单：已在打官司，找街道', CADRE, WORK(ids.working), async (p) => { await more('已在打官司、仲裁、复议或信访')(p); await button(p, /0530-0000000$/).waitFor() }],
  ['工单：街道转法定途径', 'demo-command', WORK(ids.working), async (p) => { await more('转法定途径')(p); await p.top.getByRole('radio', { name: '法院诉讼' }).tap(); await field(p, '由哪个单位办理').fill('牡丹区人民法院'); await p.top.getByText('居民会看到').waitFor() }],
  ['工单：等社区干部同意', GW, WORK(ids.pausing), async (p) => { await p.top.getByText(/等待社区干部同意$/).waitFor() }],
  ['工单：等您同意', CADRE, WORK(ids.pausing), async (p) => { await button(p, '同意').waitFor() }],
  ['工单：不同意', CADRE, WORK(ids.pausing), async (p) => { await button(p, '不同意').tap() }],
  ['社区：等您同意', CADRE, '/cadre/queue/index', async (p) => { await button(p, /^同意挂起/).first().waitFor() }],
  ['工单：不归您', 'demo-gw-G00202', WORK(ids.working), async (p) => { await p.top.getByText('这件工单现在不归您负责').waitFor() }],
  ['社区：待派单', CADRE, '/cadre/queue/index', async (p) => { await p.top.getByRole('tab', { name: /待派单/ }).tap(); await p.top.getByText('新情况会立即出现').waitFor() }],
  ['社区：没签收', CADRE, '/cadre/queue/index', async (p) => { await p.top.getByRole('tab', { name: /没签收/ }).tap(); await p.top.getByText(/还没签收/).first().waitFor() }],
  ['社区：办理中', CADRE, '/cadre/queue/index', async (p) => { await p.top.getByRole('tab', { name: /办理中/ }).tap(); await p.top.getByText('新情况会立即出现').waitFor() }],
  ['社区：已挂起', CADRE, '/cadre/queue/index', async (p) => { await p.top.getByRole('tab', { name: /已挂起/ }).tap(); await p.top.getByText('新情况会立即出现').waitFor() }],
  ['社区：没有要派的', 'demo-cadre-371702003007', '/cadre/queue/index', async (p) => { await p.top.getByText('没有等待派单的工单').waitFor() }],
  ['社区：书记看没签收', 'demo-secretary-371702003002', '/cadre/queue/index', async (p) => { await p.top.getByRole('tab', { name: /没签收/ }).tap(); await button(p, /^催办/).first().waitFor() }],
  ['公告：没有', 'demo-cadre-371702003007', '/cadre/bulletins/index', async (p) => { await p.top.getByText('还没有公告').waitFor() }],
  ['公告', CADRE, '/cadre/bulletins/index', async (p) => { await p.top.getByText(/已读：/).first().waitFor() }],
  ['公告：全文', CADRE, '/cadre/bulletins/index', async (p) => { await button(p, /看全文$/).first().tap() }],
  ['公告：写', CADRE, '/cadre/write/index', async (p) => { await p.top.getByRole('switch', { name: '中山社区全部居民' }).tap() }],
  ['公告：缺内容', CADRE, '/cadre/write/index', async (p) => { await button(p, '发布').tap() }],
  ['公告：不是干部', GW, '/cadre/write/index', async (p) => { await p.top.getByText('只有社区干部和书记可以写公告').waitFor() }],
  ['社区：不是干部', 'g-new', '/cadre/queue/index', async (p) => { await p.top.getByText('这里是社区干部的工作台').waitFor() }],
  ['派单', CADRE, `/cadre/triage/index?id=${ids.question}`, async (p) => { await p.top.getByRole('radio', { name: '中山社区第一网格' }).tap() }],
  ['派单：并案', CADRE, `/cadre/triage/index?id=${ids.question}`, async (p) => { await button(p, '和另一件是同一回事，并案').tap(); await p.top.getByRole('dialog').getByRole('radio').first().waitFor() }],
  ['值班表', GW, '/cadre/roster/index', async (p) => { await p.top.getByRole('tab').first().waitFor() }],
  ['值班表：没有网络', GW, '/cadre/roster/index', async (p) => { await p.top.getByRole('tab').first().waitFor(); await p.offline(true); await again(p, '/cadre/roster/index'); await p.top.getByText('没有网络，连上后才能请假和换班。').waitFor() }],
  ['值班表：没有登记', 'g-new', '/cadre/roster/index', async (p) => { await p.top.getByText('这里是社区和网格的值班表').waitFor() }],
  ['值班表：请假', GW, '/cadre/roster/index', sheet('我要请假')],
  ['值班表：换班', GW, '/cadre/roster/index', async (p) => { await button(p, '找人换班').tap(); await p.top.getByRole('dialog').getByRole('radio').first().tap() }],
  ['值班表：同事问换班', 'demo-gb-G00201', '/cadre/roster/index', async (p) => { await button(p, '同意').waitFor() }],
  ['值班表：换班会有空班', 'demo-gw-G00602', '/cadre/roster/index', async (p) => { await p.top.getByText(/^换了以后/).first().waitFor() }],
  ['值班表：社区，有空班', CADRE, '/cadre/roster/index', async (p) => { await p.top.getByRole('tab', { name: /有空班/ }).first().tap(); await button(p, /^撤回/).first().waitFor() }],
  ['值班表：社区登记请假', CADRE, '/cadre/roster/index', sheet('登记请假')],
  ['出错', R, '/pages/mine/index', async (p) => { await p.top.getByText('系统暂时繁忙').waitFor() }, { fails: '/api/v1/cases' }],
].map(([name, openid, route, act, options = {}]) => ({ name, openid, route, act, options }))

/** Brings a scene about on a phone. */
export async function stageScene(street, open, scene, look) {
  street.mend()
  if (scene.options.fails) street.fail(...(scene.options.fails.startsWith('POST ') ? scene.options.fails.split(' ') : ['GET', scene.options.fails]), 503, { code: 'database_down', title: '系统暂时繁忙，请稍后再试', status: 503 }, { times: 9 })
  const { fails: _, ...options } = scene.options
  const p = await open({ ...look, ...options, openid: scene.openid, route: scene.route })
  await scene.act(p)
  await p.page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect?.getTiming().iterations !== Infinity).map((a) => a.finished)))
  return p
}
