import { test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { load } from './load.mjs'
import { phoneOf } from './phone.mjs'

const { when, until, due, span, day, dayName } = await load('utils/time.ts')
const { guessCategory, CATEGORIES, shortCategory, stateTone } = await load('utils/words.ts')
const { story, nextStep, restOf, silence, standing, urge, waitsForYou } = await load('utils/story.ts')
const { glue } = await load('utils/glue.ts')
const { pointOf, rowOf } = await load('utils/desk.ts')
const { problemOf, tell, line, faultAt } = await load('utils/problem.ts')
// 2026-11-26 23:30 in the street.
const NOW = Date.parse('2026-11-26T15:30:00Z')

test('times are the street\'s own, whatever the phone is set to', () => {
  assert.equal(when('2026-11-26T15:45:00.123456Z', NOW), '今天 23:45')
  assert.equal(when('2026-11-26T16:05:00Z', NOW), '明天 00:05')
  assert.equal(when('2026-11-25T16:30:00Z', NOW), '今天 00:30')
  assert.equal(when('2026-11-25T15:30:00Z', NOW), '昨天 23:30')
  assert.equal(when('2026-12-04T09:30:00Z', NOW), '12月4日 周五 17:30')
  assert.equal(when('2025-03-01T01:00:00Z', NOW), '2025年3月1日 09:00')
  assert.equal(until('2026-11-26T16:00:00Z', NOW), '今天 24:00')
  assert.equal(until('2026-11-27T16:00:00Z', NOW), '明天 24:00')
  assert.equal(until('2026-11-26T16:30:00Z', NOW), '明天 00:30')
  assert.equal(day(1, NOW), '2026-11-27')
  assert.equal(dayName('2026-11-27'), '11月27日 周五')
})

test('a phone whose clock is wrong counts with the street\'s time', async () => {
  const { due: left, hearTime, streetNow } = await load('utils/time.ts')
  const hour = 3_600_000
  const by = new Date(Date.now() + hour).toISOString()
  const from = new Date(Date.now() - hour).toISOString()
  for (const off of [0, -2 * hour, 2 * hour]) {
    hearTime(new Date(Date.now() + off).toUTCString())
    assert.ok(Math.abs(streetNow() - Date.now() - off) < 2_000)
    assert.equal(left(by, from).tone === 'danger', off > hour)
  }
  hearTime(new Date(Date.now() + 10_000).toUTCString())
  assert.ok(Math.abs(streetNow() - Date.now()) < 100, 'an answer that took a while is no wrong clock')
  hearTime(undefined)
  hearTime('yesterday')
  assert.ok(Math.abs(streetNow() - Date.now()) < 100)
})

test('the distance to a due time is plain, and red only when it is late', () => {
  const at = (m) => new Date(NOW + m * 60_000).toISOString()
  assert.deepEqual(due(at(-12), at(-60), NOW), { text: '已超时 12 分钟', tone: 'danger' })
  assert.deepEqual(due(at(20), at(-10), NOW), { text: '还剩 20 分钟', tone: 'warn' })
  assert.deepEqual(due(at(300), at(-60), NOW), { text: '还剩 5 小时', tone: 'good' })
  assert.deepEqual(due(at(60), at(-600), NOW), { text: '还剩 1 小时', tone: 'warn' })
  assert.equal(span(90 * 60_000), '1 小时 30 分')
  assert.equal(span(20_000), '不到 1 分钟')
  // Nobody is told that he has three days when it is two and a half.
  assert.deepEqual([span(64.7 * 3_600_000), span(48 * 3_600_000), span(167 * 3_600_000)], ['2 天 16 小时', '2 天', '6 天'])
})

test('a category is guessed from what people write, and every one can be chosen', () => {
  const guesses = { 没水了: 'utilities', 楼道灯坏了: 'housing', 楼上吵得睡不着: 'neighbour_dispute', 垃圾没人清: 'sanitation', 井盖没了: 'road_facilities', 网格员态度不好: 'staff_conduct', 开居住证明: 'certificates_policy', 物业费太高: 'fees_subsidies', 消防通道堵了: 'safety_hazard', 你好: 'other' }
  for (const [text, category] of Object.entries(guesses)) assert.equal(guessCategory(text), category, text)
  const schema = fs.readFileSync(new URL('../../src/utils/api-schema.d.ts', import.meta.url), 'utf8')
  const known = [.../Category: ([^;]+);/.exec(schema)[1].matchAll(/"(\w+)"/g)].map((m) => m[1])
  assert.deepEqual(CATEGORIES.map((c) => c.value).sort(), known.sort())
})

test('every kind of entry that the server writes is told or is left out on purpose', () => {
  const schema = fs.readFileSync(new URL('../../src/utils/api-schema.d.ts', import.meta.url), 'utf8')
  const kinds = [.../EventType: ([^;]+);/.exec(schema)[1].matchAll(/"(\w+)"/g)].map((m) => m[1])
  const silent = ['located', 'pushed', 'push_failed', 'opened', 'content_checked', 'accessed']
  const told = (mine) => (kind) => story({ state: 'assigned', notices: [], timeline: [{ seq: 1, kind, kind_zh: '', at: '2026-11-26T15:00:00Z', role: 'system', role_zh: '系统', name: null, detail: {} }] }, mine, NOW).length === 1
  const unheard = (mine) => kinds.filter((kind) => !told(mine)(kind)).sort()
  assert.deepEqual(unheard(false), [...silent].sort())
  // What the auditor counts is no matter of the resident's.
  assert.deepEqual(unheard(true), [...silent, 'excluded', 'exclusion_withdrawn'].sort())
})

const rung = (seq, at, kind = 'escalated') => ({ seq, kind, kind_zh: '', at, role: 'system', role_zh: '系统', name: null, detail: {} })
const BY = '2026-11-26T15:05:00Z'

test('a chain that repeats itself is one calm line that says how many know now', () => {
  const notices = ['赵明辉', '赵明辉', '冯振华', '居民', ''].map((to) => ({ to, accepted_at: '2026-11-26T14:00:00Z' })).concat([{ to: '孙思远', accepted_at: null }])
  const all = (by, mine) => story({ state: 'assigned', notices, promised: { acknowledge_by: by }, timeline: [rung(1, '2026-11-26T15:00:00Z'), rung(2, '2026-11-26T15:01:00Z', mine ? 'no_one_reachable' : 'escalated'), rung(3, '2026-11-26T15:04:00Z')] }, mine, NOW)
  const of = (by, mine) => all(by, mine)[0]
  // Within the time for answering nobody is said to have missed it, whoever reads.
  assert.deepEqual([of(BY, true).title, of(BY, true).text, of(BY, true).time, of(BY, true).tone], ['又通知了更多负责人', '现在一共 2 人知道', '今天 23:04', 'brand'])
  // Whom a message cannot reach is nothing that he did.
  assert.equal(all(BY, true).filter((s) => !s.title.startsWith('已通知')).length, 1)
  assert.deepEqual([of(BY, false).title, of(BY, false).text], ['已通知上一级', '现在一共 2 人知道'])
  const after = story({ state: 'assigned', notices, promised: { acknowledge_by: BY }, timeline: [rung(1, '2026-11-26T15:04:59Z'), rung(2, BY), rung(3, '2026-11-26T15:20:00Z')] }, true, NOW).map((s) => s.title)
  assert.deepEqual(after.slice(0, 2), ['到时间还没有人接到，又通知了更多负责人', '又通知了更多负责人'])
})

test('who has no grid yet is not told that nobody has acknowledged', () => {
  const titles = (...kinds) => story({ state: 'triage', notices: [], promised: { acknowledge_by: '2026-11-26T14:00:00Z' }, timeline: kinds.map((k, i) => rung(i + 1, '2026-11-26T15:00:00Z', k)) }, true, NOW).map((s) => s.title)
  assert.equal(titles('sent_to_triage', 'escalated')[0], '还没有派到网格，又通知了更多负责人')
  assert.equal(titles('sent_to_triage', 'assigned', 'escalated')[0], '到时间还没有人接到，又通知了更多负责人')
  assert.equal(titles('assigned', 'returned', 'escalated')[0], '还没有派到网格，又通知了更多负责人')
})

test('a refusal is the server\'s sentence and what to do next', () => {
  assert.equal(line(problemOf(422, { code: 'rule_refused', detail: '24小时内已催办过，请稍后再试' })), '24小时内已催办过，请稍后再试')
  assert.deepEqual(tell(problemOf(429, { code: 'too_many_requests', title: '操作太频繁，请稍后再试' }, '30')), { title: '操作太频繁', next: '请过 30 秒再试。', retry: true })
  assert.equal(line(problemOf(503, { code: 'database_down', title: '系统暂时繁忙，请稍后再试' })), '系统暂时繁忙。请稍等一会儿再试。')
  assert.equal(tell(problemOf(500, { code: 'internal', title: '系统出错了', trace_id: '0123456789' })).next, '请稍等一会儿再试。问题编号 01234567。')
  // What a machine before the server refuses says it in words of its own, which nobody here reads.
  for (const status of [500, 502, 503, 504]) assert.deepEqual(tell(problemOf(status, '<html>')), { title: '系统暂时繁忙', next: '请稍等一会儿再试。', retry: true })
  assert.deepEqual(tell(problemOf(413, '<html>')), { title: '内容太大，传不上去', next: '请换一张小一点的照片；录音请说短一点。', retry: false })
  assert.equal(problemOf(404, null).code, 'not_found')
  const p = problemOf(422, { code: 'invalid_fields', title: '有几项内容需要修改', errors: [{ pointer: '/text', code: 'length', message: '请用 1 至 500 个字说明情况' }] })
  assert.equal(p.sentence, '请用 1 至 500 个字说明情况')
  assert.equal(faultAt(p, '/text'), '请用 1 至 500 个字说明情况')
})

test('whatever refuses a person says what to do next', () => {
  const codes = [...fs.readFileSync(new URL('../../../src/error.rs', import.meta.url), 'utf8').matchAll(/^ {4}\w+ = "(\w+)", (\d+), \w+, "(.*)";$/gm)].map(([, code, status, title]) => ({ code, status: Number(status), title }))
  assert.ok(codes.length > 30)
  // These are mistakes of a program or of the console, which no person here makes.
  const never = ['malformed_json', 'malformed_query', 'malformed_upload', 'unsupported_media_type', 'upgrade_required', 'method_not_allowed', 'idempotency_key_required', 'idempotency_key_reused', 'range_not_satisfiable', 'second_factor_required', 'account_locked', 'sign_in_refused', 'wxacode_refused', 'font_missing']
  const silent = codes.filter(({ code, status, title }) => tell(problemOf(status, { code, title })).next === '' && !title.includes('请')).map((c) => c.code)
  assert.deepEqual(silent.filter((c) => !never.includes(c)), [])
})

test('a tap asks for standing yeses or for single ones, never both, and only for what runs short', async () => {
  const { toRenew, noticesLeft } = await load('utils/consent.ts')
  const c = (template_id, more) => ({ template_id, purpose_zh: '', long_term: false, credits: 0, renew: true, ...more })
  assert.deepEqual(toRenew([c('a'), c('b', { long_term: true })]), ['b'])
  assert.deepEqual(toRenew([c('a'), c('b', { long_term: true, renew: false, credits: 1 })]), ['a'])
  assert.deepEqual(toRenew([c('a', { renew: false })]), [])
  assert.equal(noticesLeft({ credits: 2 }, [c('a', { credits: 2 })]), '有新工单，微信还能通知您 2 次')
  assert.equal(noticesLeft({ credits: 1 }, [c('b', { long_term: true, staff: true, credits: 1, renew: false })]), '有新工单，微信每次都通知您')
  assert.equal(noticesLeft({ credits: 0 }, [c('b', { long_term: true })]), '您还没有允许小程序通知新工单')
})

test('where somebody stands towards his shift is plain, and the switch is there only when it does something', async () => {
  const { standing } = await load('utils/shift.ts')
  const d = (state, more) => ({ state, shift: { from: '2026-11-26T00:00:00Z', to: '2026-11-26T16:00:00Z' }, next: null, ...more })
  assert.deepEqual(standing(d('on'), NOW), { title: '在岗', says: '到今天 24:00', on: true, tone: 'good', may: true })
  assert.equal(standing(d('not_signed_on'), NOW).says, '您的班到今天 24:00。上班了请点这里；没点，工单也照常派给您')
  assert.equal(standing(d('off'), NOW).says, '到今天 24:00前不通知您新工单。回来了点这里')
  const none = (from) => standing(d('no_shift', { shift: null, next: { from, to: from } }), NOW)
  assert.deepEqual([none('2026-11-26T16:00:00Z').may, none('2026-11-27T00:00:00Z').may, none('2026-11-27T00:00:00Z').says], [true, false, '下一班明天 08:00开始'])
})

test('a day that is not today or tomorrow is named by its date and weekday, however far away it is', () => {
  const at2 = (iso) => when(iso, NOW)
  assert.deepEqual([at2('2026-11-27T01:00:00Z'), at2('2026-11-28T01:00:00Z'), at2('2026-12-21T01:00:00Z'), at2('2027-01-04T01:00:00Z'), at2('2026-11-20T01:00:00Z')], ['明天 09:00', '11月28日 周六 09:00', '12月21日 周一 09:00', '2027年1月4日 周一 09:00', '11月20日 09:00'])
})

test('a case that rests says until when in the list as well', () => {
  const c = { state: 'on_hold', state_zh: '挂起', urgency: 'normal', promised: {}, grid: {}, reported_at: '2026-11-26T01:00:00Z', allowed: [], text: '换水表' }
  globalThis.wx = { getStorageSync: () => '' }
  assert.equal(rowOf({ ...c, held_until: '2026-11-28T01:00:00Z' }, NOW).due, '已挂起，到11月28日 周六 09:00')
  assert.equal(rowOf({ ...c, held_until: null }, NOW).due, '已挂起')
  // A distance over a weekend says less than its hour.
  const by = (acknowledge_by) => bare(rowOf({ ...c, state: 'assigned', promised: { acknowledge_by } }, NOW).by)
  assert.deepEqual([by('2026-11-30T03:00:00Z'), by('2026-11-26T01:00:00Z')], ['11月30日 周一 11:00前签收', '原定今天 09:00前签收'])
})

test('whatever only waits for the resident is listed as waiting for him, with what is not known', () => {
  const c = { state: 'triage', state_zh: '正在派人', triage: {}, grid: {}, address: null, contact_phone: null, text: '', voices: [{}], allowed: ['updates'], awaits_you: false }
  const calm = '工作人员正在安排负责的网格，不需要您再操作'
  const asked = (more) => [nextStep({ ...c, ...more }), standing({ ...c, ...more }).word, standing({ ...c, ...more }).tone, waitsForYou({ ...c, ...more })]
  const here = ['还不知道在哪里。请点“补充情况”写上小区和楼号，最好留个电话', '等您补充', 'warn', true]
  assert.deepEqual(asked({}), here)
  // A row of a list has no recordings, but the reason; its words are the server's own.
  const row = { text: '（语音诉求，内容见录音）', voices: undefined, triage: { reason: 'only_voice' } }
  assert.deepEqual(asked(row), here)
  for (const more of [{ address: '3号楼' }, { grid: { large: { name: '中山社区' } } }, { contact_phone: '139' }, { text: '阳光花园的路灯', voices: [] }]) assert.deepEqual(asked({ ...row, triage: {}, ...more }), [calm, '正在派人', 'brand', false])
  // A question is open, with answers to tap or without.
  assert.deepEqual(asked({ text: '六楼', voices: [], awaits_you: true, state_zh: '等您回答', allowed: ['answer'], contact_phone: '139' }), ['还不知道在哪里。请点“补充地址”写上小区和楼号', '等您补充', 'warn', true])
  assert.deepEqual(asked({ text: '六楼', voices: [], triage: { question: { text: '几号楼？' } } }), ['请您回答一个问题，答完马上派人', '等您回答', 'warn', true])
  assert.deepEqual(standing({ ...c, state: 'resolved', state_zh: '等您确认', awaits_you: true }), { word: '等您确认', tone: 'warn' })
})

test('a resident reads the place that he wrote, with unit, floor and flat, and no word of where it is looked up', async () => {
  const { understood } = await load('utils/place.ts')
  const WHY = '阳光花园3号楼 → 中山社区第一网格：楼栋表'
  for (const [words, says] of [
    ['中山社区阳光花园3号楼2单元没水了', '阳光花园3号楼2单元'], ['阳光花园3栋 2单元502室漏水', '阳光花园3号楼2单元502室'], ['阳光花园3号楼二单元5楼没电', '阳光花园3号楼二单元5楼'],
    ['阳光花园13号楼2单元和3号楼的灯', '阳光花园3号楼'], ['阳光花园3号楼楼道有煤气味', '阳光花园3号楼'], ['阳光花园3-2-501', '阳光花园3号楼'], ['阳光花园3号楼200元押金', '阳光花园3号楼'],
  ]) assert.equal(understood(WHY, words), `您写的是：${says}`, words)
  assert.equal(understood('文昌路 → 中山社区：门牌号段表', '文昌路'), '您写的是：文昌路')
  assert.equal(understood('没有地址', '没水'), '')
})

test('a point in the middle of a grid is no place to navigate to', () => {
  const at = { lat: 35.2, lon: 115.4, accuracy_m: 30, source_zh: '楼栋位置' }
  assert.equal(pointOf({ ...at, source: 'building' }), '地图上是楼栋位置，误差约 30 米')
  assert.equal(pointOf({ ...at, source: 'grid' }), '')
  assert.equal(pointOf(null), '')
})

test('who cannot come down from a floor has no quarrel with whoever lives below', () => {
  assert.equal(guessCategory('有老人困在六楼下不来'), 'elderly_care')
  assert.equal(guessCategory('楼下半夜吵'), 'neighbour_dispute')
})

test('a row that waits for the resident says for what, by when, and looks like it', () => {
  const row = { state: 'on_hold', rejection: null, held_until: '2026-11-28T01:00:00Z', allowed: [], awaits_you: false, promised: {}, grid: {} }
  assert.equal(nextStep(row, NOW), '最晚11月28日 周六 09:00继续办理')
  assert.equal(nextStep({ ...row, awaits_you: true }, NOW), '请您补充材料，缺什么点开看；最晚11月28日 周六 09:00继续办理')
  assert.equal(nextStep({ ...row, awaits_you: true, allowed: ['agreement'] }, NOW), '和您约在11月28日 周六 09:00，请看看时间对不对')
  assert.equal(nextStep({ ...row, held_until: null }, NOW), '等条件具备后会自动继续')
  const tone = (more) => stateTone({ ...row, ...more })
  assert.deepEqual([tone({}), tone({ awaits_you: true }), tone({ state: 'rejected' }), tone({ state: 'rejected', rejection: 'legal_procedure' })], ['brand', 'warn', 'danger', 'warn'])
})

test('while a case rests its page says what is missing, until when and what to do, and that it came', () => {
  const rest = { reason: 'awaiting_material', reason_zh: '等居民补充材料', until: '2026-11-28T01:00:00Z', note: '请拍水表', added_at: null }
  const c = { state: 'on_hold', held_until: rest.until, allowed: ['updates'], rest }
  assert.equal(nextStep(c, NOW), '请您在11月28日 周六 09:00前补充材料')
  assert.deepEqual(restOf(c), { papers: true, label: '缺的材料', note: '请拍水表', how: '点下面的“补充材料”：拍照、写几句、说一段都行。到时没有补，也会继续办理。' })
  const came = { ...c, rest: { ...rest, added_at: '2026-11-26T14:00:00Z' } }
  assert.equal(nextStep(came, NOW), '您今天 22:00补充了，等网格员看过后继续办理')
  assert.equal(restOf(came).label, '请您补的材料')
  assert.equal(restOf(came).how, '还有要补的，再点“补充材料”。')
  assert.equal(restOf({ ...c, rest: { ...rest, note: null } }).note, '这里没有写明，请打电话问下面负责的人。')
  const storm = { ...c, rest: { ...rest, reason: 'weather', note: '大雪' } }
  assert.equal(nextStep(storm, NOW), '等天气好转，最晚11月28日 周六 09:00继续办理')
  assert.deepEqual(restOf(storm), { papers: false, label: '说明', note: '大雪', how: '' })
  // What an earlier version kept on the phone has no such field.
  assert.equal(restOf({ allowed: [] }).label, '')
})

test('residents hear no jargon of the desk, whatever is written into the record', () => {
  const schema = fs.readFileSync(new URL('../../src/utils/api-schema.d.ts', import.meta.url), 'utf8')
  const kinds = [.../EventType: ([^;]+);/.exec(schema)[1].matchAll(/"(\w+)"/g)].map((m) => m[1])
  const jargon = /签收|退单|挂起|分拣|上一级|红牌|黄牌|居民|居民/
  const e = (kind, seq) => ({ seq, kind, kind_zh: '', at: '2026-11-26T15:00:00Z', role: 'grid_worker_primary', role_zh: '网格员', name: '赵明辉', detail: {} })
  const told = (mine) => kinds.flatMap((kind) => story({ state: 'on_hold', notices: [], timeline: [e(kind, 1), e(kind, 2)] }, mine, NOW).flatMap((s) => [s.title, s.text]))
  assert.deepEqual(told(true).filter((words) => jargon.test(words)), [])
  assert.ok(told(false).some((words) => /已签收/.test(words)), 'staff keep their words')
  for (const state of ['submitted', 'triage', 'assigned', 'acknowledged', 'in_progress', 'on_hold', 'resolved', 'closed', 'rejected', 'merged']) {
    const c = { state, rejection: null, held_until: null, allowed: [], awaits_you: false, grid: {}, text: '灯坏了', promised: { acknowledge_by: '2026-11-26T16:00:00Z', contact_by: '2026-11-26T16:00:00Z', resolve_by: '2026-11-26T16:00:00Z' } }
    assert.doesNotMatch(nextStep(c, NOW), jargon, state)
  }
})

test('a category has one short name, also where only the long one of the server is known', () => {
  assert.equal(shortCategory('垃圾、污水、环境卫生'), '环境卫生')
  assert.equal(shortCategory('值班与换班'), '值班与换班')
})

test('what came of a visit is that of a visit, and who has no number cannot have dialled it', async () => {
  const { bodyOf, EMPTY, methodsFor, missing, outcomesOf } = await load('worker/case/verbs.ts')
  const values = (options) => options.map((o) => o.value)
  assert.deepEqual(values(outcomesOf('visit')), ['reached', 'nobody_home', 'left_message'])
  assert.deepEqual(values(outcomesOf('phone')), ['reached', 'no_answer', 'left_message', 'wrong_number'])
  assert.deepEqual(values(outcomesOf('')), [])
  assert.deepEqual([values(methodsFor(0)), values(methodsFor(1))], [['visit', 'message'], ['phone', 'visit', 'message']])
  assert.equal(bodyOf('contacts', { ...EMPTY, method: 'visit', outcome: 'nobody_home' }).outcome, 'nobody_home')
  // How it ended only he knows.
  assert.equal(missing('resolution', { ...EMPTY, text: '换了水阀' }), '请选办结类型')
})

test('what is before a court says first where to go, and asks for what that needs', async () => {
  const { EMPTY, bodyOf, isMain, missing, VERBS } = await load('worker/case/verbs.ts')
  assert.equal(missing('diversion', EMPTY), '请选走的是哪一种程序')
  const form = { ...EMPTY, route: '信访', unit: ' 街道信访办 ', text: ' 带身份证。 ' }
  assert.equal(missing('diversion', { ...form, unit: ' ' }), '请写由哪个单位办理，居民要去那里')
  assert.equal(missing('diversion', form), '')
  const { reason } = bodyOf('diversion', form)
  assert.equal(reason, '请到街道信访办办理：这件事已进入信访程序，由那里决定。带身份证。')
  // The longest that the fields take is what the server takes.
  assert.ok(bodyOf('diversion', { ...form, route: '行政复议', unit: '字'.repeat(40), text: '字'.repeat(100) }).reason.length <= 200)
  assert.deepEqual(VERBS.filter(isMain).map((v) => v.verb), ['acknowledgement', 'resumption', 'resolution', 'contacts', 'updates', 'reminder'])
})

test('a swap that leaves somebody alone is warned of and not agreed to by a hurried thumb', async () => {
  const { swapLine } = await load('cadre/roster/view.ts')
  const turn = { from: '2026-11-27T16:00:00Z', to: '2026-11-28T16:00:00Z' }
  const swap = { id: 1, state: 'asked', state_zh: '待同事答复', asker: { name: '赵明辉' }, colleague: { name: '罗爱民' }, mine: turn, theirs: null, allowed: ['acceptance', 'refusal'], warning: null, gaps: [] }
  assert.deepEqual(swapLine(swap).turns, ['11月28日 周六，赵明辉的班由罗爱民上'])
  assert.deepEqual(swapLine(swap).steps.map((s) => [s.label, s.kind]), [['不同意', 'quiet'], ['同意', 'primary']])
  // Whose word is waited for is named; his own is "您".
  const state = (more) => swapLine({ ...swap, ...more }).state
  assert.deepEqual([state({}), state({ allowed: ['withdrawal'] }), state({ state: 'accepted', allowed: [] }), state({ state: 'accepted', allowed: ['approval'] }), state({ state: 'in_force', state_zh: '已生效', allowed: [] })], ['等您答复', '等罗爱民答复', '等社区批准', '等您批准', '已生效'])
  // Who is missing, when, where, and what to do about it.
  const gap = { grid: { id: 'G1', name: '双阳社区第一网格' }, from: turn.from, to: turn.to, why: 'on_leave', why_zh: '请假且无人替班' }
  assert.equal(swapLine({ ...swap, warning: '这样换班以后', gaps: [gap] }).warning.replaceAll(/[\u2060\u200b]/g, '').replaceAll('\u00a0', ' '), '换了以后：11月28日 周六，双阳社区第一网格没有人值班（罗爱民请假了，没有别人替）。请先找人替班，或者不同意。')
  const warned = swapLine({ ...swap, warning: '这样换班以后，没有人值班' })
  assert.equal(warned.warning, '这样换班以后，没有人值班')
  assert.deepEqual(warned.steps.map((s) => [s.label, s.done, s.kind]), [['不同意', '不同意', 'quiet'], ['仍要同意', '同意', 'plain']])
})

test('one key for one attempt, however often it is sent; other words are another attempt', async () => {
  const { attempt } = await load('utils/queue.ts')
  const key = attempt()
  const first = key({ from: '2026-11-27' })
  assert.equal(key({ from: '2026-11-27' }), first)
  const second = key({ from: '2026-11-28' })
  assert.notEqual(second, first)
  assert.notEqual(key({ from: '2026-11-27' }), second)
  assert.notEqual(attempt()({ from: '2026-11-27' }), first)
})

test('a line never ends inside a date, a range, a case number, or between a number and its unit', () => {
  const shown = (text) => glue(text).replaceAll('\u2060', '+').replaceAll('\u00a0', '~')
  assert.equal(shown('最晚12月1日 周二 09:00继续办理'), '最晚1+2+月+1+日+~+周+二 09:00继续办理')
  assert.equal(shown('2026年2月14日登录，最晚后天 09:00'), '2+0+2+6+年+2+月+1+4+日登录，最晚后天~09:00')
  assert.equal(shown('是1—19号楼还是20—39号楼？'), '是1+—+1+9+号+楼还是2+0+—+3+9+号+楼？')
  assert.equal(shown('（工作日 9:00—17:30）'), '（工作日 9+:+0+0+—+1+7+:+3+0）')
  assert.equal(shown('NC-20261128-00002 等 12 件'), 'N+C+-+2+0+2+6+1+1+2+8+-+0+0+0+0+2~等 12~件')
  // What is longer than a line may end one, never before its comma.
  assert.equal(glue('工作人员正在安排负责的网格，请等').replaceAll('\u200b', '.'), '工.作.人.员.正.在.安.排.负.责.的.网.格，请等')
  // What is seen and copied is the same but for what is not seen.
  for (const text of ['12月1日', '没有数字']) assert.equal(glue(text).replaceAll('\u2060', ''), text)
})

test('the day of a roster begins where somebody is missing, and says grid and office apart', async () => {
  const { gridsOf, mates } = await load('cadre/roster/view.ts')
  const turn = (staff, name, role, role_zh) => ({ staff, name, role, role_zh, from: '2026-11-27T16:00:00Z', to: '2026-11-28T16:00:00Z' })
  const grid = (id, name, turns) => ({ date: '2026-11-28', grid: { id, name }, turns, away: [] })
  const week = {
    days: [grid('C', '中山社区', [turn(1, '冯振华', 'cadre', '社区干部')]), grid('G1', '中山社区第一网格', [turn(2, '罗爱民', 'grid_worker_backup', '替班网格员')]), grid('G2', '中山社区第二网格', [])],
    gaps: [{ grid: { id: 'G2' }, why: 'nobody', why_zh: '无人值班', from: '2026-11-27T16:00:00Z', to: '2026-11-28T16:00:00Z' }],
  }
  assert.deepEqual(gridsOf(week, '2026-11-28', 1).map((g) => g.key), ['G2', 'C', 'G1'])
  assert.deepEqual(mates(week, [], 0).map((m) => bare(m.label)), ['冯振华　中山社区干部', '罗爱民　中山社区第一网格 替班网格员'])
})

test('what a place and an office both say is said once', async () => {
  const as = async (grid, title, name = '南城街道') => {
    globalThis.wx = { getStorageSync: (key) => (key === 'street' ? { name } : { access: 'a', staff: { name: '孙思远', roles: [{ role: 'x', title, grid }] } }) }
    return (await load('utils/office.ts')).office().replaceAll('\u200b', '')
  }
  assert.equal(await as(null, '街道指挥中心'), '南城街道指挥中心 孙思远')
  assert.equal(await as({ name: '中山社区' }, '社区干部'), '中山社区干部 孙思远')
  assert.equal(await as(null, '派单员'), '南城街道派单员 孙思远')
  assert.equal(await as(null, '派单员', '北关街道'), '北关街道派单员 孙思远')
  assert.equal(await as(null, '派单员', ''), '派单员 孙思远')
  assert.equal(await as({ name: '中山社区第一网格' }, '网格员'), '中山社区第一网格 网格员 孙思远')
})

const at = (minutes) => new Date(NOW + minutes * 60_000).toISOString()
const entry = (seq, kind, minutes, more = {}) => ({ seq, kind, kind_zh: '', at: at(minutes), role: 'system', role_zh: '系统', name: null, detail: {}, ...more })

test('whom the street told stands after what led to him', () => {
  const told = (to, minutes) => ({ to, accepted_at: at(minutes) })
  const timeline = [entry(1, 'reported', -30), entry(2, 'sent_to_triage', -30), entry(3, 'pushed', -29), entry(4, 'answered', -10), entry(5, 'assigned', -10), entry(6, 'pushed', -9), entry(7, 'pushed', -9), entry(8, 'acknowledged', -5)]
  const notices = [told('居民', -29), told('赵明辉', -9), told('冯振华', -29), told('罗爱民', -9), told('赵明辉', -3), { to: '孙思远', accepted_at: null }]
  const responsible = [{ name: '赵明辉', role_zh: '网格员' }, { name: '冯振华', role_zh: '社区干部' }]
  const titles = story({ state: 'acknowledged', notices, timeline, responsible }, true, NOW).map((s) => s.title.replaceAll('\u00a0', ' ')).reverse()
  assert.deepEqual(titles.slice(2), ['已通知 社区干部 冯振华', '系统补充了地址', '已派给负责的网格', '已通知 网格员 赵明辉、还有 1 位负责人', '系统 已接到您的诉求'])
  // Told in the very millisecond of the answer: still after it.
  const same = story({ state: 'assigned', notices: [told('赵明辉', -10)], timeline: timeline.slice(0, 5) }, true, NOW)
  assert.deepEqual(same.map((s) => s.title.replaceAll('\u00a0', ' ')).slice(0, 2), ['已通知 1 位负责人', '已派给负责的网格'])
  // Who took it before his message came knew of it already.
  const quick = story({ state: 'acknowledged', notices: [told('赵明辉', -3)], timeline: [entry(1, 'reported', -9), entry(2, 'acknowledged', -5, { name: '赵明辉' })] }, true, NOW)
  assert.ok(quick.every((s) => !s.title.startsWith('已通知')))
})

test('urging is not to be tapped before a promise is broken or work was silent for a day, and says when and why', () => {
  const c = { state: 'assigned', allowed: ['reminder'], reported_at: at(-1), grid: {}, promised: { acknowledge_by: at(120), contact_by: at(3000), resolve_by: at(9000) }, timeline: [entry(1, 'reported', -1), entry(2, 'assigned', -1)] }
  const soon = (says) => ({ due: false, soon: true, says })
  assert.deepEqual(urge(c, NOW), soon('过了明天 01:30还没有人接到，就可以催。'))
  const of = (more, minutes = 0) => urge({ ...c, ...more }, NOW + minutes * 60_000)
  assert.equal(of({}, 119).due, false)
  assert.deepEqual(of({}, 120), { due: true, soon: false, says: '' }, 'nobody took it in time')
  // Never before the hour that was promised, also when a day goes by until then.
  assert.deepEqual(of({ state: 'acknowledged' }, 24 * 60 + 5), soon('过了11月29日 周日 01:30还没有联系您，就可以催。'))
  assert.equal(of({ state: 'acknowledged' }, 3000).due, true)
  assert.deepEqual(of({ state: 'in_progress' }, 24 * 60 - 2), soon('到今天 23:29还没有新进展，就可以催。'))
  assert.equal(of({ state: 'in_progress' }, 24 * 60).due, true, 'nothing for a day')
  assert.match(of({ state: 'in_progress', promised: { ...c.promised, resolve_by: at(600) } }).says, /^过了.+还没有处理完，就可以催。$/)
  // A message that arrived is nothing that happened for him.
  assert.equal(of({ state: 'in_progress', timeline: [...c.timeline, entry(3, 'pushed', 60 * 23)] }, 24 * 60).due, true)
  assert.equal(of({ state: 'in_progress', timeline: [...c.timeline, entry(3, 'updated', 60 * 23)] }, 24 * 60).due, false)
  // What rests rests by agreement, until its time is over.
  assert.match(of({ state: 'on_hold', held_until: at(3000) }, 2000).says, /还没有继续办理，就可以催。$/)
  assert.equal(of({ state: 'on_hold', held_until: at(3000) }, 3000).due, true)
  // He is asked himself, or has urged already: not now, and why.
  assert.deepEqual(of({ awaits_you: true }, 9000), { due: false, soon: false, says: '' })
  assert.deepEqual(of({ allowed: [], timeline: [...c.timeline, entry(3, 'reminded', 0, { role: 'resident' })] }, 5), { due: false, soon: false, says: '您今天 23:30催过了，明天 23:30后可以再催' })
})

test('who was not met reads so as one says it to his face, and what he agreed on in plain words', () => {
  const told = (kind, detail) => story({ state: 'on_hold', notices: [], timeline: [entry(1, kind, -5, { role_zh: '网格员', name: '赵明辉', detail })] }, true, NOW)[0].title
  assert.equal(told('contact_attempted', { method: 'visit', outcome: 'nobody_home' }), '网格员 赵明辉 上门了，您不在家')
  assert.equal(told('contact_attempted', { method: 'visit', outcome: 'left_message' }), '网格员 赵明辉 上门了，给您留了字条')
  assert.equal(told('contact_attempted', { method: 'phone', outcome: 'no_answer' }), '网格员 赵明辉 打电话给您，没人接')
  assert.equal(told('contact_attempted', {}), '网格员 赵明辉 联系您，没有联系上')
  assert.match(told('held', { reason: 'awaiting_appointment', until: '2099-11-28T01:00:00Z' }), /^网格员 赵明辉 和您约在.*11月28日.*09:00$/)
  assert.match(told('held', { reason: 'awaiting_material', until: '2099-11-28T01:00:00Z' }), /请您补充材料，最晚到/)
  assert.match(told('held', { reason: 'weather', until: '2099-11-28T01:00:00Z' }), /暂停办理，到/)
  const rest = { reason: 'awaiting_appointment', until: '2026-11-28T01:00:00Z', note: null, added_at: null }
  const c = { state: 'on_hold', held_until: rest.until, allowed: ['agreement'], rest }
  assert.deepEqual([nextStep(c, NOW), nextStep({ ...c, allowed: [] }, NOW)], ['请看看约的时间对不对', '和您约好了11月28日 周六 09:00'])
})

test('nobody is promised a call who left no number, and a promise that was broken says so', () => {
  const c = { state: 'acknowledged', allowed: [], grid: {}, promised: { acknowledge_by: at(-60), contact_by: at(10), resolve_by: at(600) }, contact_phone: null, on_behalf_of: null }
  assert.equal(nextStep({ ...c, contact_phone: '139' }, NOW), '会在今天 23:40前联系您')
  assert.equal(nextStep({ ...c, timeline: [] }, NOW), '会在今天 23:40前上门，或者在这里回复您')
  assert.equal(nextStep({ ...c, timeline: [], on_behalf_of: { phone: '139' } }, NOW), '会在今天 23:40前联系您')
  // A row does not know of the number of the account.
  assert.equal(nextStep(c, NOW), '会在今天 23:40前联系您或者上门')
  assert.equal(nextStep({ ...c, state: 'in_progress' }, NOW), '会在明天 09:30前处理完')
  assert.equal(nextStep({ ...c, state: 'in_progress' }, NOW + 601 * 60_000), '原定今天 09:30前处理完，已经晚了')
  assert.equal(nextStep({ ...c, state: 'assigned', grid: { small: { name: '第一网格' } } }, NOW).replace('\u200b', ''), '第一网格没有按时接到，已通知更多负责人')
  assert.equal(nextStep({ ...c, state: 'triage', triage: { question: { text: '几号楼？' } } }, NOW), '请您回答一个问题，答完马上派人')
})

test('what came back says why it goes on, in his words, until there is a result again', async () => {
  const { again } = await load('utils/again.ts')
  const mine = { role: 'resident' }
  const round = [entry(1, 'resolved', -50), entry(2, 'reopened', -40, { ...mine, detail: { reason: '还是没有水' } })]
  const c = { id: 7, state: 'in_progress', allowed: [], grid: {}, promised: { resolve_by: at(600) }, timeline: round, reopened_at: at(-40) }
  assert.deepEqual(again(c), { why: '您说没有解决', words: '还是没有水' })
  assert.equal(nextStep(c, NOW), '您说没有解决，正在重新办理，会在明天 09:30前处理完')
  const closed = [entry(1, 'resolved', -50), entry(2, 'auto_closed', -45), entry(3, 'reopened', -40, { ...mine, detail: { reason: '又停了' } })]
  assert.deepEqual(again({ ...c, timeline: closed }), { why: '您说又出现问题', words: '又停了' })
  assert.deepEqual(again({ ...c, timeline: [round[0], entry(2, 'reopened', -40, { role: 'verifier', detail: { reason: '内部的话' } })] }), { why: '回访发现没有解决', words: '' })
  for (const not of [{ state: 'resolved' }, { timeline: [...round, entry(3, 'resolved', -30)] }, { timeline: [] }]) assert.equal(again({ ...c, ...not }), null)
  const shown = again({ ...c, timeline: [round[0], entry(2, 'reopened', -40, { ...mine, detail: { reason: '', voices: [1] } })] })
  assert.equal(shown.words, '（附 1 段录音）')
  // A row of the list has no record: his words are those that this phone saw last of the case.
  const { timeline, ...row } = c
  globalThis.wx = { getStorageSync: (key) => (key === 'case-7' ? { timeline } : '') }
  assert.match(nextStep(row, NOW), /^您说没有解决，正在重新办理，会在/)
  for (const other of [{ id: 8 }, { reopened_at: at(-3) }]) assert.match(nextStep({ ...row, ...other }, NOW), /^上次没有解决，正在重新办理，会在/)
  assert.equal(nextStep({ ...row, reopened_at: null }, NOW), '会在明天 09:30前处理完')
})

test('who does what next is said, and that days off do not count where they lie between', () => {
  const c = { state: 'assigned', allowed: [], grid: { small: { name: '第一网格' } }, promised: { acknowledge_by: '2026-11-30T03:00:00Z', acknowledge_zh: '11月30日11:00前：周末不计' } }
  assert.equal(nextStep(c, NOW).replace('\u200b', ''), '第一网格的网格员会在11月30日 周一 11:00前接下您的诉求（已跳过周末和假日）；没有接下，会再通知社区和街道的负责人')
  assert.doesNotMatch(nextStep({ ...c, promised: { ...c.promised, acknowledge_zh: '11月30日11:00前：按自然时间连续计算' } }, NOW), /不算/)
  assert.equal(nextStep({ ...c, state: 'acknowledged', contact_phone: '1', promised: { contact_by: '2026-11-30T03:00:00Z', contact_zh: '11月30日11:00前：周末不计' } }, NOW), '会在11月30日 周一 11:00前联系您（已跳过周末和假日）')
})

test('a resident reads results and the end without the words of offices, and a number that he gave once', () => {
  const told = (mine, kind, detail) => { const [s] = story({ state: 'closed', notices: [], timeline: [entry(1, kind, -5, { role: 'resident', role_zh: '居民', detail })] }, mine, NOW); return [s.title, s.text] }
  assert.deepEqual(told(true, 'resolved', { result_type: 'explained', text: '' }), ['居民 报告处理结果：作了说明', ''])
  assert.deepEqual(told(false, 'resolved', { result_type: 'explained', text: '' }), ['居民 报告处理结果：解释说明', ''])
  assert.equal(told(true, 'auto_closed', {})[0], '到时间没有回复，当作已经解决')
  assert.deepEqual(told(true, 'added', { text: '补充了联系电话' }), ['您补充了联系电话', ''])
})

test('who moved on meanwhile reads no number of a version', () => {
  assert.equal(line(problemOf(409, { code: 'version_conflict', detail: '这件诉求已更新到第 2 版，请刷新后再试' })), '刚刚有了新情况。页面已更新到最新情况，请看一眼再操作。')
})

test('the same case is not counted twice by whoever reads what waits for him', async () => {
  const serve = (fresh, all) => { globalThis.wx = { getStorageSync: () => ({ access: 'a', until: Infinity, staff: null }), request: ({ success }) => success({ statusCode: 200, header: {}, data: { cases: Array.from({ length: all }, (_, i) => ({ allowed: i < fresh ? ['acknowledgement'] : [], overdue: false })), next: null } }) } }
  const title = async (fresh, all) => { serve(fresh, all); return (await (await load('utils/waiting.ts')).waitingAt('worker')).title.replaceAll('\u00a0', ' ') }
  assert.deepEqual([await title(1, 1), await title(1, 3), await title(0, 2), await title(0, 0)], ['1 件等您签收', '3 件要办，其中 1 件等您签收', '2 件要办', '没有要办的工单'])
})

test('a cadre reads how much waits for his word: what to send out, rests and more time, which only he may grant', async () => {
  const waits = async (triage, pauses, open) => {
    const rows = (n, more = {}) => Array.from({ length: n }, () => ({ allowed: [], ...more }))
    const asked = [...rows(open, { extension: { state: 'asked' }, allowed: ['extension_decision'] }), ...rows(1, { extension: { state: 'asked' } }), ...rows(1, { extension: { state: 'granted' }, allowed: ['extension_decision'] })]
    phoneOf({ serve: (_m, path) => [200, path.includes('/triage') ? { cases: rows(triage), next: null } : path.includes('/pauses') ? { pauses: rows(pauses) } : { cases: asked, next: null }] })
    return (await (await load('utils/waiting.ts')).waitingAt('cadre')).title.replaceAll('\u00a0', ' ')
  }
  assert.deepEqual([await waits(2, 1, 1), await waits(0, 0, 1), await waits(0, 0, 0)], ['2 件等您派单，2 件等您同意', '1 件等您同意', '没有等您派单的诉求'])
})

test('a result says what becomes of it when nobody answers', () => {
  assert.equal(silence({ closes_at: '2026-12-01T09:30:00Z' }, NOW), '12月1日 周二 17:30前没有回复，就当作已经解决；30 天内还可以重新办理。')
  assert.equal(silence({ closes_at: null }, NOW), '')
})

test('what was finished is today\'s and this week\'s, newest first', async () => {
  const { partsOf } = await load('worker/done/view.ts')
  const { weekday } = await load('utils/time.ts')
  const c = (id, minutes) => ({ id, state: 'closed', state_zh: '已办结', category: 'other', text: '', grid: {}, reported_at: at(-9999), resolved_at: at(minutes), rejection: null, awaits_you: false })
  const parts = partsOf([c(1, -2000), c(2, -30), c(3, -10), c(4, -3000)], '2026-11-26T00:00:00+08:00')
  assert.deepEqual(parts.map((p) => [p.name, p.rows.map((r) => r.id)]), [['今天　2 件', [3, 2]], ['本周早些时候　2 件', [1, 4]]])
  assert.deepEqual(partsOf([], '2026-11-26T00:00:00+08:00'), [])
  // 2026-11-26 is a Thursday; half past midnight on Monday is Monday in the street, whatever UTC says.
  assert.deepEqual([weekday(NOW), weekday(Date.parse('2026-11-22T16:30:00Z')), weekday(Date.parse('2026-11-22T15:30:00Z'))], [3, 0, 6])
})

const detail = (more = {}) => ({ id: 7, state: 'in_progress', state_zh: '处理中', allowed: [], urgency: 'normal', category: 'other', text: '', number: 'NC-1', version: 1, grid: {}, reported_at: at(-60), promised: { acknowledge_by: at(60), contact_by: at(60), resolve_by: '2026-12-04T09:30:00Z' }, responsible: [], timeline: [], notices: [], pause: null, extension: null, rest: null, ...more })

test('one thing has one word on the pages of staff', async () => {
  // Nothing of the record and of the choices that staff read has the other word.
  const other = /B角|待确认|暂停|暂时挂起|继续办理|收回|模板消息|平台已接收|不再需要/
  const schema = fs.readFileSync(new URL('../../src/utils/api-schema.d.ts', import.meta.url), 'utf8')
  const kinds = [.../EventType: ([^;]+);/.exec(schema)[1].matchAll(/"(\w+)"/g)].map((m) => m[1])
  const e = (kind, role_zh) => ({ seq: 1, kind, kind_zh: '', at: at(-1), role: 'grid_worker_backup', role_zh, name: '罗爱民', detail: { until: at(60) } })
  const told = kinds.flatMap((kind) => story(detail({ timeline: [e(kind, '替班网格员')] }), false, NOW).map((s) => s.title))
  const { VERBS, ACTION, holdsFor } = await load('worker/case/verbs.ts')
  const offered = [...VERBS.map((v) => v.label), ...Object.values(ACTION), ...holdsFor(['grid_worker_primary'], ['pause']).map((h) => h.label)]
  assert.deepEqual([...told, ...offered].filter((w) => other.test(w)), [])
  // What the pages say by themselves is looked at as it is written.
  const pages = ['worker', 'cadre'].flatMap((dir) => fs.readdirSync(new URL(`../../src/${dir}`, import.meta.url), { recursive: true }).filter((f) => /\.(ts|wxml)$/.test(f)).map((f) => `${dir}/${f}`))
  for (const page of pages) assert.doesNotMatch(fs.readFileSync(new URL(`../../src/${page}`, import.meta.url), 'utf8'), other, page)
})

function bare(text) { return text.replaceAll(/[\u2060\u200b]/g, '').replaceAll('\u00a0', ' ') }
test('a row says what the resident brought, for the worker to look at, and stands where it is due', () => {
  const held = detail({ state: 'on_hold', state_zh: '挂起', held_until: '2026-11-28T01:00:00Z', papers_added_at: null })
  globalThis.wx = { getStorageSync: () => '' }
  assert.equal(rowOf(held, NOW).came, '')
  const unread = rowOf(held, NOW, at(-30))
  assert.equal(bare(unread.came), '居民补充了：今天 23:00')
  assert.match(unread.label, /居民补充了/)
  assert.ok(unread.dueAt < rowOf(held, NOW).dueAt, 'before what only rests')
  assert.equal(bare(rowOf(detail(), NOW, at(-30)).came), '居民补充了：今天 23:00')
  // Opened, and still the worker's turn.
  assert.equal(bare(rowOf({ ...held, papers_added_at: at(-20) }, NOW).came), '居民补充了：今天 23:10')
  assert.equal(rowOf(detail(), NOW).came, '', 'at work again')
})

test('a case that rests says whose turn it is: papers that came are no longer waited for, a day is agreed or not', async () => {
  const { restingOf } = await load('worker/case/view.ts')
  const rest = { reason: 'awaiting_material', reason_zh: '等居民补充材料', until: '2026-11-28T01:00:00Z', note: '请拍水表', added_at: null }
  const of = (more, timeline = []) => { const r = restingOf(detail({ rest: { ...rest, ...more }, timeline }), NOW); return { ...r, title: r.title.replaceAll(/[\u2060\u200b]/g, '').replaceAll('\u00a0', ' ') } }
  assert.deepEqual(of({}), { title: '等居民补充材料，到11月28日 周六 09:00', words: '', note: '请拍水表', came: '居民还没有补充。' })
  // His own words come first, and nobody claims that they are the papers.
  const wrote = [entry(1, 'added', -200, { detail: { text: '早先的话' } }), entry(2, 'held', -120), entry(3, 'added', -90, { detail: { text: '我没有复印件，上门来看吧', photos: [1] } })]
  assert.deepEqual(of({ added_at: '2026-11-26T14:00:00Z' }, wrote), { title: '居民补充了，今天 22:00', words: '我没有复印件，上门来看吧（附 1 张照片）', note: '请他补的：请拍水表', came: '齐了就恢复办理；不齐，打电话或上门问他。' })
  const meet = { reason: 'awaiting_appointment', reason_zh: '等居民约定时间', note: '周末上门' }
  assert.deepEqual(of(meet, [entry(1, 'appointment_agreed', -90), entry(2, 'held', -60)]), { title: '和居民约在11月28日 周六 09:00', words: '', note: '周末上门', came: '居民还没有回答。' })
  assert.equal(of(meet, [entry(2, 'held', -60), entry(3, 'appointment_agreed', -30)]).came, '居民说这个时间可以。')
  assert.equal(of({ reason: 'weather', reason_zh: '天气或不可抗力' }).title, '天气或不可抗力，到11月28日 周六 09:00')
})

test('whoever is asked for his word reads who asks, why and until when, on top of his queue and on the case', async () => {
  const { askedOf, fates } = await load('worker/case/view.ts')
  const { moreTime } = await load('cadre/queue/view.ts')
  const plain = (o) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, typeof v === 'string' ? v.replaceAll(/[\u2060\u200b]/g, '').replaceAll('\u00a0', ' ') : v]))
  const asked = entry(3, 'extension_asked', -5, { name: '孙慧敏', role_zh: '网格员', detail: { reason: '要等脚手架' } })
  const c = detail({ allowed: ['extension_decision'], extension: { state: 'asked', days: 5 }, timeline: [asked], responsible: [{ name: '孙慧敏', role: 'grid_worker_primary', role_zh: '网格员' }] })
  assert.deepEqual(plain(askedOf(c, NOW)), { verb: 'extension_decision', title: '申请延期 5 个工作日，等您同意', who: '网格员 孙慧敏', text: '要等脚手架', until: '现在要在12月4日 周五 17:30前办结；同意后再加 5 个工作日。' })
  assert.equal(plain(askedOf({ ...c, promised: { ...c.promised, days_zh: '天' } }, NOW)).title, '申请延期 5 天，等您同意')
  const kept = {}
  globalThis.wx = { getStorageSync: (key) => kept[key] ?? '' }
  const [row] = moreTime([c, detail(), { ...c, allowed: [] }], NOW).map(plain)
  assert.deepEqual([row.title, row.note, row.whole], ['孙慧敏的工单 申请延期 5 个工作日', '现在要在12月4日 周五 17:30前办结。', false])
  assert.equal(moreTime([c, detail(), { ...c, allowed: [] }], NOW).length, 1)
  kept['case-7'] = c
  assert.deepEqual(moreTime([c], NOW).map((r) => [plain(r).title, plain(r).note]), [['孙慧敏 申请延期 5 个工作日', '现在要在12月4日 周五 17:30前办结。原因：要等脚手架']])
  // Whom a message went to is named with his office, the channel and its fate in plain words.
  const notices = [{ to: '孙慧敏', channel: '微信服务号', fate: '已发出', planned_at: at(-9) }, { to: '居民', channel: '小程序通知', fate: '不用再发', planned_at: at(-8) }]
  assert.deepEqual(fates({ ...c, notices }, NOW), [{ key: '居民　小程序通知', fate: '今天 23:22 不用再发' }, { key: '网格员 孙慧敏　微信服务号', fate: '今天 23:21 已发出' }])
})

test('who is not on duty is not told that new cases appear by themselves', async () => {
  const { liveWords } = await load('utils/shift.ts')
  const says = (state) => { globalThis.wx = { getStorageSync: () => (state === null ? '' : { state }) }; return liveWords('新工单') }
  for (const state of [null, 'on', 'not_signed_on']) assert.equal(says(state), '新工单会立即出现')
  for (const state of ['off', 'on_leave', 'no_shift']) assert.equal(says(state), '没在岗，下拉可刷新')
})

test('what was chosen folds into one line of two, first, with the way back beside it', async () => {
  const { fold } = await load('utils/fold.ts')
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value }))
  const of = (value) => fold(options, value, '换一种').map((o) => o.label)
  assert.deepEqual([of(''), of('a'), of('b'), of('c'), of('x')], [['a', 'b', 'c'], ['a', '换一种'], ['b', '换一种'], ['c', '换一种'], ['a', 'b', 'c']])
  assert.deepEqual(fold(options.slice(0, 2), 'a', '换一种').length, 2, 'one line already')
})

test('the code of the official account can be pressed long: the only way to scan it on the very phone that shows it', () => {
  assert.match(fs.readFileSync(new URL('../../src/worker/channels/index.wxml', import.meta.url), 'utf8'), /<image [^>]*show-menu-by-longpress/)
})

test('a result that was not accepted stands on top of the case and in its row until there is another one', async () => {
  const { againOf, latestOf } = await load('worker/case/view.ts')
  const [done, again] = [entry(4, 'resolved', -90), entry(5, 'reopened', -60, { role: 'resident', role_zh: '居民', detail: { reason: '还是没有水' } })]
  const c = detail({ timeline: [done, again] })
  const steps = story(c, false, NOW)
  assert.deepEqual(Object.values(againOf(c, NOW)).map(bare), ['居民说没有解决，今天 22:30', '还是没有水'])
  assert.equal(latestOf(c, steps), '', 'not twice')
  for (const none of [detail({ timeline: [again, entry(6, 'resolved', -30)] }), { ...c, state: 'closed' }, detail({ timeline: [done] })]) assert.equal(againOf(none, NOW).title, '')
  assert.equal(bare(latestOf(detail({ timeline: [done] }), story(detail({ timeline: [done] }), false, NOW))).slice(0, 3), '最新：')
  const kept = {}
  globalThis.wx = { getStorageSync: (key) => kept[key] ?? '' }
  const row = (state, unread) => bare(rowOf(detail({ state, version: 9, reopened_at: again.at }), NOW, unread).came)
  // Whoever never opened it reads when; opened, also the words; with another result it is over.
  assert.equal(row('in_progress'), '居民说没有解决：今天 22:30')
  kept['case-7'] = c
  assert.equal(row('in_progress'), '居民说没有解决：今天 22:30，“还是没有水”')
  assert.equal(row('in_progress', at(-10)), '居民说没有解决：今天 22:30，“还是没有水”；居民补充了：今天 23:20')
  assert.match(rowOf(detail({ reopened_at: again.at }), NOW).label, /居民说没有解决/)
  assert.equal(row('resolved'), '')
})

test('messages know what was added and not yet opened; a row, who else took the case', async () => {
  const entries = [{ kind: 'reopened', case_id: 1, at: 'b' }, { kind: 'added', case_id: 1, at: 'new' }, { kind: 'added', case_id: 1, at: 'a' }, { kind: 'added', case_id: 2, at: 'c', read_at: 'd' }, { kind: 'added', at: 'e' }]
  phoneOf({ staff: { name: '赵明辉', roles: [] }, serve: () => [200, { entries }] })
  const { additions, rowOf: row } = await load('utils/desk.ts')
  assert.deepEqual(await additions(), { 1: 'new' })
  const people = (taken) => [{ name: '赵明辉', role_zh: '网格员' }, { name: '冯振华', role_zh: '社区干部' }].map((p) => ({ ...p, taken: p.name === taken }))
  const says = (state, taken) => row(detail({ state, responsible: people(taken) }), NOW).taken
  assert.equal(says('acknowledged', '冯振华'), '社区干部 冯振华 已接手')
  assert.deepEqual([says('acknowledged', '赵明辉'), says('acknowledged', ''), says('on_hold', '冯振华')], ['', '', ''], 'himself, nobody, at rest')
})

test('a person who placed a case stands before what was understood, with what he wrote and nothing that he did not', async () => {
  const { placing } = await load('worker/case/view.ts')
  const grid = { small: { name: '中山社区第一网格' } }
  const of = (...timeline) => placing(detail({ grid, place_reason: '阳光花园 → 分属几个网格，需要补充', timeline }))
  const by = (seq, reason) => entry(seq, 'assigned', -5, { role: 'cadre', role_zh: '社区干部', name: '王丽华', detail: { reason } })
  assert.equal(of(entry(1, 'assigned', -9, { role: 'system', role_zh: '系统', detail: {} })).reason, '阳光花园 → 分属几个网格，需要补充')
  assert.deepEqual(of(entry(1, 'sent_to_triage', -9, { role: 'system' })), { reason: '阳光花园 → 分属几个网格，需要补充', note: '' })
  assert.deepEqual(of(entry(1, 'sent_to_triage', -9, { role: 'system' }), by(2, '他电话里说是3号楼')), { reason: '社区干部 王丽华 派到这个网格', note: '他电话里说是3号楼' })
  assert.equal(of(by(2, '派给中山社区第一网格')).note, '')
  assert.equal(story(detail({ timeline: [by(2, '他电话里说是3号楼')] }), false, NOW)[0].text, '他电话里说是3号楼')
  assert.equal(story(detail({ timeline: [by(2, '他电话里说是3号楼')] }), true, NOW)[0].text, '')
  const { says } = await load('utils/likely.ts')
  assert.deepEqual([[0.51, 0.49], [0.49, 0.51], [0.8, 0.2], [1], []].map((ps) => says(ps.map((p) => ({ p })))), [false, false, true, true, false])
  assert.doesNotMatch(fs.readFileSync(new URL('../../src/cadre/triage/index.ts', import.meta.url), 'utf8'), /核对地址/)
})

test('who left no number can be asked for one where it is said, or reads when', async () => {
  const { numberless } = await load('worker/case/view.ts')
  const of = (...allowed) => { const { says, verb } = numberless({ allowed }); return [says.replace(/^没有留电话。/, ''), verb] }
  assert.deepEqual(of('updates', 'contacts'), ['请上门，或者写进展请他留一个。', 'updates'])
  assert.deepEqual(of('contacts'), ['请上门，或者留言请他留一个。', 'contacts'])
  assert.deepEqual(of('acknowledgement', 'transfer'), ['签收以后，可以在这里请他留一个。', ''])
  assert.deepEqual(of('resumption'), ['恢复办理以后，可以在这里请他留一个。', ''])
  assert.deepEqual(of(), ['', ''])
})

test('leaving a word needs words and has one name, and each reason to wait says before it is chosen what it does to the clock', async () => {
  const { EMPTY, holdsFor, methodsFor, missing, RUNS_ON } = await load('worker/case/verbs.ts')
  const said = (outcome, text = '') => missing('contacts', { ...EMPTY, method: 'message', outcome, text })
  assert.deepEqual([said('left_message', ' '), said('reached'), said('left_message', '在家吗')], ['请写要对居民说的话', '请写他回了什么', ''])
  assert.equal(missing('contacts', { ...EMPTY, method: 'phone', outcome: 'no_answer' }), '')
  assert.equal(methodsFor(0).at(-1).label, '给居民留言')
  const told = (mine, outcome) => story(detail({ timeline: [entry(1, 'contact_attempted', -5, { role_zh: '网格员', name: '赵明辉', detail: { method: 'message', outcome } })] }), mine, NOW)[0].title
  assert.deepEqual([told(false, 'left_message'), told(true, 'left_message')], ['网格员 赵明辉 给居民留言', '网格员 赵明辉 给您留言了'])
  const holds = (role, ...allowed) => Object.fromEntries(holdsFor([role], allowed).map((h) => [h.value, h.hint]))
  assert.deepEqual(holds('grid_worker_primary', 'pause'), { awaiting_appointment: '马上停止', awaiting_material: '要干部同意' })
  assert.deepEqual([holds('cadre'), holds('cadre', 'pause')], [{ awaiting_material: '马上停止' }, { awaiting_material: '要干部同意' }], 'of his own case another one decides')
  assert.equal(RUNS_ON, '等部门处理、等采购或施工，时限照常算。时间不够就申请延期，要告诉居民就写进展。')
})

test('who goes on with a case is named, also where it is not the resident', () => {
  const resumed = (mine, role, name) => story(detail({ timeline: [entry(1, 'resumed', -5, { role, role_zh: '网格员', name })] }), mine, NOW)[0].title
  assert.deepEqual([resumed(false, 'grid_worker_primary', '赵明辉'), resumed(true, 'grid_worker_primary', '赵明辉'), resumed(false, 'system', null)], ['网格员 赵明辉 恢复办理', '继续办理', '恢复办理'])
})

test('a worker signs for what is his; whoever is above him takes it over, and reads what that means', async () => {
  const c = { responsible: [{ name: '赵明辉', role: 'grid_worker_primary', role_zh: '网格员' }] }
  const of = async (...roles) => {
    const at2 = phoneOf({ staff: { name: 'x', roles: roles.map((role) => ({ role })) }, serve: () => [404] })
    const { sureToTake, takesOver } = await load('utils/takeover.ts')
    await sureToTake(c)
    return [takesOver(), at2.modals.length, at2.modals[0]?.content ?? '']
  }
  assert.deepEqual([await of('grid_worker_primary'), await of('grid_worker_backup', 'cadre')], [[false, 0, ''], [false, 0, '']])
  const [takes, asked, says] = await of('cadre')
  assert.deepEqual([takes, asked], [true, 1])
  assert.match(says, /网格员 赵明辉 还没签收。接手后由您联系居民、办到办结/)
})
