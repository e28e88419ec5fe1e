import { test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { phone, street } from '../stage.mjs'
import { populate, scenes, stageScene } from '../scenes.mjs'

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const app = JSON.parse(fs.readFileSync(new URL('../../src/app.json', import.meta.url), 'utf8'))
const pages = [...app.pages, ...app.subPackages.flatMap((s) => s.pages.map((p) => `${s.root}/${p}`))]

/** What WCAG 2.2 AA says, except about the harness's own bars. */
async function faults(p, runOnly) {
  if (!(await p.page.evaluate(() => 'axe' in window))) await p.page.evaluate(AXE)
  return p.page.evaluate(async (runOnly) => {
    // What is right is only counted, not described.
    const found = await axe.run(document.querySelector('.wx-page-host:not([hidden])'), { runOnly, resultTypes: ['violations'], selectors: false })
    return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.any[0]?.message ?? n.all[0]?.message ?? ''}`))
  }, runOnly)
}

/**
 * What can be measured, in one look. Everything that can be tapped: how large, and whether it has a name, 96 rpx at
 * the page's own width; words that run out of the screen sideways; at a desk the tabs above the bar, and no box for
 * words partly under the foot of its sheet, where the phone shows more than one thing at a time (`boxes`).
 */
const measures = (p, boxes) => p.page.evaluate((boxes) => {
  const host = document.querySelector('.wx-page-host:not([hidden])')
  const bad = []
  const least = (96 / 750) * innerWidth - 0.5
  for (const e of host.querySelectorAll('[role=button], [role=radio], [role=tab], [role=switch], [role=link]')) {
    const { width, height } = e.getBoundingClientRect()
    if (width === 0) continue
    if (height < least || width < least) bad.push(`${Math.round(width)}x${Math.round(height)} ${e.textContent.trim().slice(0, 20)}`)
    if (!(e.getAttribute('aria-label') || e.textContent.trim())) bad.push(`no name: ${e.outerHTML.slice(0, 100)}`)
  }
  // A page's button fills its place; WeChat's own style would leave it narrow.
  for (const e of host.querySelectorAll('wx-button')) if (e.getBoundingClientRect().width < e.parentElement.getBoundingClientRect().width - 1) bad.push(`narrow: ${e.textContent.trim()}`)

  const wide = [...host.querySelectorAll('*')].filter((e) => { const { right, width } = e.getBoundingClientRect(); return right > innerWidth + 1 && width > 0 })
  bad.push(...wide.slice(0, 3).map((e) => `${Math.round(e.getBoundingClientRect().right)} ${e.className} ${e.textContent.slice(0, 30)}`))

  if (!/^#\/(worker|cadre)\//.test(location.hash)) return bad
  const sheet = host.querySelector('[role=dialog]')
  const bar = [...host.querySelectorAll('[class*=bar]')].find((e) => getComputedStyle(e).position === 'fixed')?.getBoundingClientRect().top ?? Infinity
  for (const e of host.querySelectorAll('[role=tab]')) if (e.getBoundingClientRect().bottom > bar) bad.push(`under the bar: ${e.textContent.trim()}`)
  const end = sheet?.querySelector('wx-scroll-view')?.getBoundingClientRect().bottom ?? Infinity
  for (const e of sheet?.querySelectorAll('wx-textarea') ?? []) {
    const { top, bottom } = e.getBoundingClientRect()
    if (boxes && top < end && bottom > end + 1) bad.push(`under the foot: ${Math.round(bottom - end)} of ${Math.round(bottom - top)} px`)
  }
  return bad
}, boxes)

/** Buttons that call for the thumb: one on a screen, and under an open sheet only the sheet's. What calls 119 or deletes has a colour of its own. */
const filled = (p) => p.page.evaluate(() => {
  const host = document.querySelector('.wx-page-host:not([hidden])')
  const probe = host.querySelector('wx-page').appendChild(document.createElement('i'))
  const grounds = ['--brand', '--good'].map((v) => { probe.style.background = `var(${v})`; return getComputedStyle(probe).backgroundColor })
  probe.remove()
  const all = [...(host.querySelector('[role=dialog]') ?? host).querySelectorAll('wx-button, [role=button], [role=radio], [role=tab]')]
  const found = all.filter((e) => e.getBoundingClientRect().width > 0 && grounds.includes(getComputedStyle(e).backgroundColor)).map((e) => e.textContent.trim())
  return found.length > 1 ? [`filled: ${found.join(', ')}`] : []
})

/** Words that belong to the desk, not to whoever asked for help. */
const JARGON = /居民|诉求人|签收|退单|挂起|分拣|楼栋表|模板消息|平台已接收|不再需要|标识|收回|→|[○×]|\d KB/
const jargon = async (p) => {
  const text = (await p.top.innerText()).replaceAll(/[\u2060\u200b]/g, '')
  return JARGON.test(text) ? [`jargon: ${JARGON.exec(text)[0]} in ${text.slice(Math.max(0, text.search(JARGON) - 12)).slice(0, 40)}`] : []
}

/** Several phones side by side: most of the time each waits for something. */
async function together(all, work, hands = 4) {
  const rest = [...all]
  await Promise.all(Array.from({ length: hands }, async (_, hand) => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await work(one, hand)
  }))
}

/**
 * One loading, three looks: the phone in the hand, a 4-inch phone in large type, and the dark. A look is read for
 * the rules that it can break: size changes no name and no colour, the dark only colours; a width only sizes.
 */
const LOOKS = [
  ['375', async () => {}, ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']],
  ['320 large', async (p) => { await p.page.setViewportSize({ width: 320, height: 568 }); await p.top.locator('wx-page').evaluate((e) => e.style.setProperty('--scale', '1.4')) }, ['target-size']],
  ['320', (p) => p.top.locator('wx-page').evaluate((e) => e.style.setProperty('--scale', '1')), null],
  ['430', (p) => p.page.setViewportSize({ width: 430, height: 932 }), null],
  ['dark', (p) => p.page.emulateMedia({ colorScheme: 'dark' }), ['color-contrast']],
]

test('every scene keeps WCAG AA, large targets and the width of the screen, small, large and dark', async (t) => {
  const bad = []
  // A hand keeps its browser for the next phone, and nothing is looked at so closely that it needs a fine screen.
  const hands = []
  const look = async (scene, at = 0) => {
    const p = await stageScene(street, phone, scene, { size: [375, 667], scale: 1, hand: (hands[at] ??= {}) }).catch((e) => { bad.push(`${scene.name}: ${e.message}`) })
    if (!p) return
    const ofResident = /^\/(pages|resident)\//.test(scene.route) && scene.openid.startsWith('g-')
    for (const f of [...(await filled(p)), ...(ofResident ? await jargon(p) : [])]) bad.push(`${scene.name}: ${f}`)
    for (const [name, change, rules] of LOOKS) {
      await change(p)
      for (const f of [...(rules ? await faults(p, rules) : []), ...(await measures(p, name !== '320 large'))]) bad.push(`${scene.name} (${name}): ${f}`)
    }
    const { errors, warnings } = await p.mp()
    for (const w of [...errors, ...warnings]) bad.push(`${scene.name}: ${w}`)
    await p.shut()
  }
  // ONLY=regex takes some scenes, as the gallery does.
  const all = scenes(await populate(street)).filter((s) => new RegExp(process.env.ONLY ?? '').test(s.name))
  await together(all.filter((s) => !s.options.fails), look)
  // What the server is made to answer holds for everybody, so these go one by one.
  for (const scene of all.filter((s) => s.options.fails)) await look(scene)
  await Promise.all(hands.map((hand) => hand.ctx?.close()))
  // Each by its name, so that a list of what failed says which scene and why.
  for (const one of bad) await t.test(one, () => assert.fail(one))
})

test('every page opens by itself, for a resident and for nobody\'s case', async () => {
  // Loaded anew each time, in the hand that is signed in already.
  const hands = []
  await together(pages.flatMap((page) => [`/${page}`, `/${page}?id=99999`]), async (route, hand) => {
    const p = (hands[hand] ??= await phone({ openid: 'g-alone' }))
    await p.page.evaluate((r) => { localStorage.removeItem('wx:home'); location.hash = r; location.reload() }, route)
    await p.page.waitForFunction((r) => location.hash.startsWith(`#${r}`) && 'mp-first' in Object.fromEntries(performance.getEntriesByType('mark').map((m) => [m.name, 1])), route.split('?')[0])
    await p.page.waitForLoadState('networkidle')
    assert.notEqual((await p.top.textContent()).trim(), '', `${route} is empty`)
    const { errors, warnings } = await p.mp()
    assert.deepEqual({ route, errors, warnings, external: p.external }, { route, errors: [], warnings: [], external: [] })
  })
})

test('the ask page is painted within 300 ms of its script', async () => {
  const p = await phone({ openid: 'g-speed' })
  const times = []
  for (let i = 0; i < 3; i++) {
    await p.page.reload()
    await p.top.getByText('哪里需要帮忙？').waitFor()
    times.push(await p.page.evaluate(() => { const s = performance.getEntriesByName('mp-start')[0]; const f = performance.getEntriesByName('mp-first')[0]; return f.startTime - s.startTime }))
  }
  console.log(`# first render of the ask page: ${times.map((t) => Math.round(t)).join(', ')} ms`)
  assert.ok(Math.min(...times) <= 300, `${times}`)
})
