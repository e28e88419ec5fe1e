// Phones that are tried by hand: a page with the people of the street, and each one's phone when it is asked for.
import fs from 'node:fs'
import { SHIPPED } from '../tests/phone.mjs'

const text = (s) => String(s).replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`)

const LIST = (people) => `<!DOCTYPE html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>试用小程序：每个人的手机</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 16px; color: #111; background: #f3f4f6 }
  #people { display: flex; flex-wrap: wrap; gap: 8px }
  button { font: inherit; padding: 8px 12px; border: 1px solid #667; border-radius: 8px; background: #fff; cursor: pointer }
</style>
<h1>每个人的手机</h1>
<p>点一个人，他的小程序就在一个小窗口里打开；先打开居民发求助，再打开那个网格的网格员来签收。消息只留在这次运行里，停下以后什么都不保留。<label><input type="checkbox" id="large"> 大字</label></p>
<div id="people">${people.map((p) => `<button data-openid="${text(p.openid)}">${text(p.name)} · ${text(p.role)}</button>`).join('')}</div>
<script>
  document.getElementById('people').addEventListener('click', ({ target }) => {
    const openid = target.dataset.openid
    if (!openid) return
    // Each phone is an origin of its own, so that it keeps what it keeps to itself.
    const large = document.getElementById('large').checked ? '&large=1' : ''
    const host = openid.toLowerCase().replace(/[^a-z0-9-]/g, '-') + '.localhost:' + location.port
    window.open('http://' + host + '/?phone=' + encodeURIComponent(openid) + large, openid, 'popup,width=390,height=760')
  })
</script>`

/** What a phone shows until its first page is there; the page takes its place. */
const LOADING = '<style>#opening { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 18px; color: #4b5a68 } #stack:not(:empty) ~ #opening { display: none }</style><div id="opening" role="status">正在打开手机…</div>'

/** The page for such an address, or null: people() lists { openid, name, role }; index: the file of the mini-program's page. */
export async function phonesPage(url, people, index) {
  if (url.pathname === '/phones') {
    // Whoever reads notices in the official account is the same person twice.
    const all = (await people()).filter((p) => !p.openid.startsWith('demo-oa-'))
    return LIST(all.sort((a, b) => (b.role === '居民') - (a.role === '居民') || a.role.localeCompare(b.role, 'zh')))
  }
  const openid = url.pathname === '/' && url.searchParams.get('phone')
  if (!openid) return null
  const large = url.searchParams.has('large') ? { fontSizeScaleFactor: 1.4, fontSizeSetting: 23.8 } : {}
  const init = JSON.stringify({ openid, appBase: large }).replaceAll('<', '\\u003c')
  const script = `<script>globalThis.__mpInit = { ...${init}, origins: { ${JSON.stringify(SHIPPED)}: location.origin } }</script>`
  return fs.readFileSync(index, 'utf8').replace('<div id="host-ui">', `${LOADING}\n<div id="host-ui">`).replace('<script src=', `${script}\n<script src=`)
}
