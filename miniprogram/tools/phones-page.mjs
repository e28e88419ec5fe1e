// Phones that are tried by hand: a page with the people of the street, and each one's phone when it is asked for.
import fs from 'node:fs'
import { SHIPPED } from '../tests/phone.mjs'

const text = (s) => String(s).replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`)

/** Offices as the mini-program calls them. */
const OFFICE = { 分拣员: '派单员' }
/** Their desks are on the web: a phone only says so. */
const NO_PHONE = ['分拣员', '街道指挥中心', '督查审计', '核查员']
const ORDER = ['社区书记', '社区干部', '网格员', '替班网格员']

/** Addresses of the invented street, each with the grid whose worker is told. */
export const PLACES = [['阳光花园3号楼2单元', '中山社区第一网格'], ['阳光花园30号楼1单元', '中山社区第二网格']]

/**
 * People in the order in which one looks for them: residents, then each community with its grids, as the mini-program names them.
 * `people`: { openid, name, role: "网格员 G00201、…" }; `grids`: { id, name, community: { id, name } }.
 */
export function groupsOf(people, grids) {
  const grid = new Map(grids.map((g) => [g.id, g]))
  const community = new Map(grids.map((g) => [g.community.id, g.community.name]))
  const groups = new Map([['居民', []], ...[...community.values()].map((name) => [name, []]), ['街道', []]])
  for (const p of people) {
    const [office, at = ''] = p.role.split('、')[0].split(' ')
    const home = grid.get(at)?.community.name ?? community.get(at) ?? (office === '居民' ? '居民' : '街道')
    const own = OFFICE[office] ?? office
    const where = grid.has(at) ? `${grid.get(at).name} ${own}` : home.endsWith('社区') ? `${home}${own.replace(/^社区/, '')}` : own
    const label = office === '居民' ? p.name : `${p.name} · ${where}`
    groups.get(home).push({ openid: p.openid, label, dead: NO_PHONE.includes(office), sort: `${at.startsWith('G') ? at : ''}${ORDER.indexOf(office)}` })
  }
  return [...groups].filter(([, all]) => all.length > 0).map(([name, all]) => ({ name, people: all.sort((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0)) }))
}

const person = (p) => (p.dead ? `<span class="dead">${text(p.label)}：请用电脑打开网页</span>` : `<button data-openid="${text(p.openid)}">${text(p.label)}</button>`)

const LIST = (groups) => `<!DOCTYPE html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>试用小程序：每个人的手机</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 16px; color: #111; background: #f3f4f6 }
  h2 { font-size: 18px; margin: 20px 0 8px }
  nav, .group { display: flex; flex-wrap: wrap; gap: 8px }
  input[type=search] { font: inherit; padding: 8px 12px; width: min(100%, 360px); box-sizing: border-box; border: 1px solid #667; border-radius: 8px }
  button { font: inherit; padding: 8px 12px; border: 1px solid #667; border-radius: 8px; background: #fff; cursor: pointer }
  .dead { padding: 8px 0; color: #4b5563 }
  [hidden] { display: none !important }
</style>
<h1>每个人的手机</h1>
<p>点一个人，他的小程序就在一个小窗口里打开。消息只留在这次运行里，停下以后什么都不保留。<label><input type="checkbox" id="large"> 大字</label></p>
<ol>
  <li>打开一位居民，写一件事发出去。这条街上有这些地址：${PLACES.map(([place, grid]) => `${place}（${grid}）`).join('、')}；只写“阳光花园电梯又停了”，会先问是哪几号楼。</li>
  <li>打开那个网格的网格员。工作人员的手机也先到求助页，点上面的“进入工作台”，签收、记录联系、办结。</li>
  <li>回到居民，说解决了没有。时限和真的街道一样长；想看没人签收怎样逐级通知，用 <code>CHAIN=demo make phones</code>。</li>
</ol>
<p>街道的派单员、指挥中心、督查和核查在电脑上办公，手机里只有一句提示：没有写地址的诉求要由派单员在网页上派，这里派不了。</p>
<p><label>找人 <input type="search" id="find" placeholder="姓名、社区、网格"></label></p>
<nav aria-label="跳到">${groups.map((g, i) => `<a href="#g${i}">${text(g.name)}</a>`).join('')}</nav>
<div id="people">${groups.map((g, i) => `<section id="g${i}"><h2>${text(g.name)}</h2><div class="group">${g.people.map(person).join('')}</div></section>`).join('')}</div>
<script>
  document.getElementById('people').addEventListener('click', ({ target }) => {
    const openid = target.dataset.openid
    if (!openid) return
    // Each phone is an origin of its own, so that it keeps what it keeps to itself.
    const large = document.getElementById('large').checked ? '&large=1' : ''
    const host = openid.toLowerCase().replace(/[^a-z0-9-]/g, '-') + '.localhost:' + location.port
    window.open('http://' + host + '/?phone=' + encodeURIComponent(openid) + large, openid, 'popup,width=390,height=760')
  })
  document.getElementById('find').addEventListener('input', ({ target }) => {
    const wanted = target.value.trim()
    for (const group of document.querySelectorAll('section')) {
      const all = [...group.querySelectorAll('.group > *')]
      const whole = group.querySelector('h2').textContent.includes(wanted)
      for (const one of all) one.hidden = !whole && !one.textContent.includes(wanted)
      group.hidden = all.every((one) => one.hidden)
    }
  })
</script>`

/** What a phone shows until its first page is there; the page takes its place. */
const LOADING = '<style>#opening { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 18px; color: #4b5a68 } #stack:not(:empty) ~ #opening { display: none }</style><div id="opening" role="status">正在打开手机…</div>'

/** The page for such an address, or null: people() and grids() list as `groupsOf` takes them; index: the file of the mini-program's page. */
export async function phonesPage(url, { people, grids }, index) {
  if (url.pathname === '/phones') {
    // Whoever reads notices in the official account is the same person twice.
    const all = (await people()).filter((p) => !p.openid.startsWith('demo-oa-'))
    return LIST(groupsOf(all, await grids()))
  }
  const openid = url.pathname === '/' && url.searchParams.get('phone')
  if (!openid) return null
  const large = url.searchParams.has('large') ? { fontSizeScaleFactor: 1.4, fontSizeSetting: 23.8 } : {}
  const init = JSON.stringify({ openid, appBase: large }).replaceAll('<', '\\u003c')
  const script = `<script>globalThis.__mpInit = { ...${init}, origins: { ${JSON.stringify(SHIPPED)}: location.origin } }</script>`
  return fs.readFileSync(index, 'utf8').replace('<div id="host-ui">', `${LOADING}\n<div id="host-ui">`).replace('<script src=', `${script}\n<script src=`)
}
