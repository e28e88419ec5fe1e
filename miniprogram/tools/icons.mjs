// Draws the tab bar's icons (81 px, WeChat takes no SVG there) in the colours of theme.json. Run it
// after a colour or a shape changed: `node tools/icons.mjs`.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from '../tests/phone.mjs'

const src = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../src')
const theme = JSON.parse(fs.readFileSync(path.join(src, 'theme.json'), 'utf8'))
const SHAPES = {
  // a speech bubble with a plus, a list, a person
  ask: '<path d="M12 16h57a6 6 0 0 1 6 6v32a6 6 0 0 1-6 6H40L24 72V60H12a6 6 0 0 1-6-6V22a6 6 0 0 1 6-6z"/><path d="M40.500 27v22M29.500 38h22"/>',
  mine: '<rect x="14" y="10" width="53" height="61" rx="7"/><path d="M27 29h27M27 43h27M27 57h16"/>',
  me: '<circle cx="40.500" cy="27" r="15"/><path d="M11 71c3-17 15-23 29.500-23S67 54 70 71"/>',
}
fs.mkdirSync(path.join(src, 'images'), { recursive: true })
const browser = await launch()
const page = await browser.newPage({ viewport: { width: 81, height: 81 } })
for (const [look, colors] of Object.entries(theme)) {
  for (const [name, shape] of Object.entries(SHAPES)) {
    for (const [state, color] of [['', colors.tabText], ['-on', colors.tabOn]]) {
      await page.setContent(`<body style="margin:0"><svg width="81" height="81" viewBox="0 0 81 81" fill="none" stroke="${color}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">${shape}</svg></body>`)
      await page.screenshot({ path: path.join(src, 'images', `${name}${state}-${look}.png`), omitBackground: true })
    }
    for (const state of ['', 'On']) colors[`icon_${name}${state}`] = `images/${name}${state ? '-on' : ''}-${look}.png`
  }
}
await browser.close()
fs.writeFileSync(path.join(src, 'theme.json'), JSON.stringify(theme, null, 2) + '\n')
