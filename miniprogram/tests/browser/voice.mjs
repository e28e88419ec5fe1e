import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ask, button, field, phone, PHOTO, someone, street } from '../stage.mjs'
import { SILENCE } from '../scenes.mjs'

const TEXT = '中山社区阳光花园3号楼2单元没水了'
const talk = (p) => p.top.locator('[role=button]', { hasText: /按住说话|按住再说一段|松开结束|点一下结束/ })
/** Holds the button like a finger, until what it waits for is there. */
async function hold(p, until) {
  // A finger sees where the button is: not before what comes in above it has moved it.
  await p.page.waitForLoadState('networkidle')
  await talk(p).tap({ trial: true })
  const { x, y, width, height } = await talk(p).boundingBox()
  const finger = await p.ctx.newCDPSession(p.page)
  const touch = (type, points) => finger.send('Input.dispatchTouchEvent', { type, touchPoints: points })
  await touch('touchStart', [{ x: x + width / 2, y: y + height / 2 }])
  await until(p)
  await touch('touchEnd', [])
}
const aSecond = (p) => p.top.getByText(/^松开结束　[1-9]/).waitFor()
const longerThanATap = (p) => p.page.waitForFunction(() => Date.now() - __mp.calls.findLast((c) => c.name === 'startRecord').at > 450)
const played = (p) => button(p, /^播放第1段录音/)
const cases = async (openid) => (await (await street.person(openid)).get('/api/v1/cases')).cases

test('who would rather speak holds the button, listens, and sends; whoever helps him hears it', async () => {
  const p = await phone({ openid: someone() })
  await hold(p, aSecond)
  await played(p).waitFor()
  assert.deepEqual((await p.calls('startRecord')).map((c) => [c.format, c.duration]), [['mp3', 60_000]])
  // Listening plays to the end and is over.
  await played(p).tap()
  await button(p, /^停止第1段录音/).waitFor()
  await played(p).waitFor()
  // Removed and said again, this time with a tap to begin and a tap to end.
  await button(p, '删除第1段录音').tap()
  await played(p).waitFor({ state: 'detached' })
  await talk(p).tap()
  await p.top.getByText(/^点一下结束　[1-9]/).waitFor()
  await talk(p).tap()
  await played(p).waitFor()
  // No word is needed beside it; where it is may be added.
  await field(p, '地址补充').fill('中山社区阳光花园3号楼2单元')
  await p.top.getByText('归中山社区第一网格管', { exact: true }).waitFor()
  await button(p, '发送求助').tap()
  await p.top.getByText('办理过程').waitFor()
  const [c] = await cases(p.openid)
  const { voices, grid } = await (await street.person(p.openid)).get(`/api/v1/cases/${c.id}`)
  assert.equal(grid.small.id, 'G00201')
  assert.ok(voices.length === 1 && voices[0].seconds >= 1 && voices[0].seconds < 30, JSON.stringify(voices))
  await played(p).tap()
  await button(p, /^停止第1段录音/).waitFor()

  const worker = await phone({ openid: 'demo-gw-G00201', route: `/worker/case/index?id=${c.id}` })
  await played(worker).tap()
  await button(worker, /^停止第1段录音/).waitFor()
  await played(worker).waitFor()
  assert.ok(street.seen.some((r) => r.method === 'GET' && r.url === `/api/v1/voices/${voices[0].id}`))
})

test('what was said and what is added without a network waits in the phone and arrives once', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  await button(p, '补充情况').tap()
  await hold(p, aSecond)
  await played(p).waitFor()
  await p.offline(true)
  await button(p, '发送').tap()
  await p.top.getByText('补充的情况等待发送').waitFor()
  // The worker takes it meanwhile: what a resident adds belongs to it all the same.
  await (await street.person('demo-gw-G00201')).act(id, 'acknowledgement')
  // The first upload breaks off as well; it is tried again by itself.
  street.fail('POST', '/api/v1/voices', 0)
  await p.offline(false)
  await p.top.getByText('补充的情况等待发送').waitFor({ state: 'detached', timeout: 15_000 })
  await p.top.getByText('（附 1 段录音）').waitFor()
  const added = (await (await street.person(p.openid)).get(`/api/v1/cases/${id}`)).timeline.filter((e) => e.kind === 'added')
  assert.equal(added.length, 1)

  // A whole request, spoken in a lift; WeChat is closed meanwhile.
  await p.page.evaluate(() => wx.switchTab({ url: '/pages/ask/index' }))
  await hold(p, aSecond)
  await played(p).waitFor()
  await field(p, '写下情况和地址').fill(TEXT)
  street.fail('POST', '/api/v1/voices', 0, {}, { times: 100 })
  await button(p, '发送求助').tap()
  await p.top.getByText('等待发送').waitFor()
  street.mend()
  await p.page.reload()
  await street.until('the case', async () => (await cases(p.openid)).length === 2)
  const [c] = await cases(p.openid)
  // On a slow machine the words go first, and what was said follows.
  const heard = async () => (await (await street.person(p.openid)).get(`/api/v1/cases/${c.id}`)).voices.length
  await street.until('the recording', async () => (await heard()) > 0)
  assert.equal(await heard(), 1)
})

test('words and a photo added without a network outlive a closed WeChat, and arrive once, the photo uploaded once', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  await button(p, '补充情况').tap()
  await field(p, '要补充什么').fill('漏到楼下了')
  const [chooser] = await Promise.all([p.page.waitForEvent('filechooser'), button(p, '加照片').tap()])
  await chooser.setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
  await p.top.getByRole('button', { name: '删除第1张照片' }).waitFor()
  const uploads = () => street.seen.filter((r) => r.method === 'POST' && r.url === '/api/v1/photos').length
  const before = uploads()
  await p.offline(true)
  await button(p, '发送').tap()
  await p.top.getByText('补充的情况等待发送').waitFor()
  assert.equal(uploads(), before)
  // The photo goes up, then the server is in trouble: what is up need not go up again.
  street.fail('POST', `/cases/${id}/updates`, 503, { code: 'database_down', title: '系统暂时繁忙，请稍后再试', status: 503 }, { times: 2 })
  await p.offline(false)
  await street.until('the first try', () => street.seen.some((r) => r.method === 'POST' && r.url === `/api/v1/cases/${id}/updates`))
  await p.page.reload()
  await p.top.getByText('漏到楼下了（附 1 张照片）').waitFor({ timeout: 30_000 })
  assert.equal(uploads(), before + 1)
  const seen = await (await street.person(p.openid)).get(`/api/v1/cases/${id}`)
  assert.deepEqual(seen.timeline.filter((e) => e.kind === 'added').map((e) => e.detail.photos.length), [1])
  // Looking again fetches no picture again.
  const fetched = async () => (await p.calls('downloadFile')).length
  await p.top.getByRole('button', { name: '看第1张照片' }).first().waitFor()
  const soFar = await fetched()
  await (await street.person('demo-gw-G00201')).act(id, 'acknowledgement')
  await p.top.getByText(/ 已接到您的诉求$/).waitFor()
  await p.page.waitForLoadState('networkidle')
  assert.equal(await fetched(), soFar)
  // Nothing of it is begun any more.
  await button(p, '补充情况').tap()
  assert.equal(await field(p, '要补充什么').inputValue(), '')
})

test('an answer to what was added that is lost on the way adds nothing twice', async () => {
  const p = await phone({ openid: someone() })
  const id = await ask(p, TEXT)
  await button(p, '补充情况').tap()
  await field(p, '要补充什么').fill('家里有病人')
  street.fail('POST', `/cases/${id}/updates`, 502, {}, { after: true })
  await button(p, '发送').tap()
  await p.top.getByText('补充的情况等待发送').waitFor()
  await p.top.getByText('补充的情况等待发送').waitFor({ state: 'detached', timeout: 15_000 })
  const { timeline } = await (await street.person(p.openid)).get(`/api/v1/cases/${id}`)
  assert.equal(timeline.filter((e) => e.kind === 'added').length, 1)
})

test('how to record is told until somebody records, and never beside what he hears then', async () => {
  const p = await phone({ openid: someone() })
  const tip = p.top.getByText('不方便打字？按住说话')
  const talk = p.top.locator('[role=button]', { hasText: /按住说话|按住再说一段|点一下结束/ })
  await tip.waitFor()
  await talk.tap()
  await p.top.getByText(/正在录音/).waitFor()
  assert.equal(await tip.count(), 0)
  await p.top.getByText(/^点一下结束　[1-9]/).waitFor()
  await talk.tap()
  await played(p).waitFor()
  assert.equal(await tip.count(), 0)
})

test('a refused microphone is met kindly: why, how to allow it, and the keyboard\'s own', async () => {
  const p = await phone({ openid: someone(), microphone: { asked: false, allowed: false, later: true } })
  await hold(p, () => p.top.getByText(/没有允许用麦克风，录不了音。.*“去打开麦克风”.*点键盘上的话筒/).waitFor())
  await button(p, '去打开麦克风').tap()
  await p.top.getByText('可以说了：按住说话，或点一下').waitFor()
  await p.page.evaluate(() => { __mp.spoke = 500 })
  await hold(p, longerThanATap)
  await p.top.getByText('太短了，没有录上。请按住说完再松开。').waitFor()
  // Whoever taps instead of holding reads of tapping, on the button and below it.
  assert.equal(await talk(p).textContent(), '按住说话，或点一下')
  await talk(p).tap()
  await p.top.getByText(/^点一下结束/).waitFor()
  await talk(p).tap()
  await p.top.getByText('太短了，没有录上。请说完再点一下。').waitFor()
  await p.page.evaluate(() => { __mp.spoke = null })
  await hold(p, aSecond)
  await played(p).waitFor()
})

test('who only spoke and left no place is asked for it in his list, before what others do', async () => {
  const who = await street.person(someone())
  await who.report({ text: '', category: 'other', voices: [await who.upload('voices', SILENCE)] })
  await who.report({ text: '中山社区阳光花园3号楼2单元没水了', contact_phone: '13900000004' })
  const p = await phone({ openid: who.openid, route: '/pages/mine/index' })
  await button(p, /^已派网格员：/).waitFor()
  const rows = await p.top.locator('.item[role=button]').evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')))
  assert.deepEqual(rows.map((r) => r.split('：')[0]), ['等您补充', '已派网格员'])
  await button(p, /^等您补充：/).tap()
  await p.top.locator('.bar').getByRole('button', { name: '补充情况' }).waitFor()
  // He has answered: it is not for him any more.
  await who.act(Number(/id=(\d+)/.exec(await p.page.evaluate(() => location.hash))[1]), 'updates', { text: '阳光花园3号楼', contact_phone: '13900000004' })
  await p.top.getByText('等您补充', { exact: true }).waitFor({ state: 'detached' })
})
