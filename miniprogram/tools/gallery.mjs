// One HTML page with every scene at 320, 375 and 430 px, in large type and in the dark: `npm run gallery`.
// ONLY=regex takes some scenes, LOOKS=375,large some looks.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startStreet } from '../tests/server.mjs'
import { launch, openPhone } from '../tests/phone.mjs'
import { populate, scenes, stageScene } from '../tests/scenes.mjs'

const out = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/gallery')
const LOOKS = { 320: { size: [320, 568] }, 375: { size: [375, 667] }, 430: { size: [430, 932] }, large: { size: [375, 667], large: true }, dark: { size: [375, 667], dark: true } }
const only = new RegExp(process.env.ONLY ?? '')
const looks = (process.env.LOOKS ?? Object.keys(LOOKS).join(',')).split(',')
fs.mkdirSync(out, { recursive: true })

const street = await startStreet()
const browser = await launch()
const failed = []
const rows = []
try {
  const all = scenes(await populate(street)).filter((s) => only.test(s.name))
  for (const [i, scene] of all.entries()) {
    const shots = []
    for (const look of looks) {
      const file = `${String(i).padStart(2, '0')}-${look}.png`
      let p
      try {
        p = await stageScene(street, (o) => openPhone(browser, street, o).then((x) => (p = x)), scene, LOOKS[look])
        const [w, h] = LOOKS[look].size
        // Tall enough for the whole page; a sheet is shown on the phone's own height.
        const dialog = await p.top.getByRole('dialog').count()
        if (!dialog) {
          // Else a page would be as tall as whatever it is given.
          await p.page.addStyleTag({ content: '.page { min-height: 0 !important }' })
          await p.top.evaluate((e) => e.scrollTo(0, 0))
        }
        for (let seen = 0, tall = h; seen !== tall; ) {
          seen = tall
          await p.page.setViewportSize({ width: w, height: tall })
          await p.page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))))
          // What came meanwhile makes it taller.
          if (!dialog) tall = Math.max(tall, Math.min(6000, await p.page.evaluate(() => document.querySelector('.wx-page-host:not([hidden])').scrollHeight + document.getElementById('nav').offsetHeight + document.getElementById('tabbar').offsetHeight)))
        }
        await p.page.screenshot({ path: path.join(out, file) })
        shots.push([look, file])
      } catch (e) { failed.push(`${scene.name} ${look}: ${e.message.split('\n')[0]}`) }
      await p?.close()
    }
    rows.push(`<section><h2>${scene.name}</h2><div>${shots.map(([l, f]) => `<figure><img loading="lazy" src="${f}" width="${LOOKS[l].size[0]}" alt="${scene.name} ${l}"><figcaption>${l}</figcaption></figure>`).join('')}</div></section>`)
  }
} finally {
  await browser.close()
  await street.close()
}
fs.writeFileSync(path.join(out, 'index.html'), `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>智南小程序画廊</title><style>body{font-family:sans-serif;margin:24px;background:#ddd}section>div{display:flex;gap:16px;overflow-x:auto;align-items:flex-start}figure{margin:0}img{box-shadow:0 1px 6px #0005}</style><h1>智南小程序</h1>${rows.join('\n')}</html>\n`)
console.log(`gallery: ${rows.length} scenes, ${out}/index.html`)
for (const f of failed) console.error(`missing: ${f}`)
process.exit(failed.length ? 1 : 0)
