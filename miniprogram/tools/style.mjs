// Rules of WXSS that no other tool knows: colours come from the tokens (else dark mode and contrast
// break), type follows --scale (else large type breaks), lengths are rpx, every page starts with its
// page-meta, which carries the scale, and a box for many lines in a sheet is said to be fixed (else it
// floats over it).
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const src = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../src')
const walk = (d) => fs.readdirSync(d, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(path.join(d, e.name)) : [path.join(d, e.name)]))
/** Marks that stay what they are in both themes: the delete mark on a photo, the knob of a switch. */
const FIXED = ['#14202b', '#ffffff']
/** Signs, not words: they need not grow with the type. */
const SIGNS = ['.x', '.plus', '.mark']
const bad = []
for (const f of walk(src)) {
  const rel = path.relative(src, f)
  const text = fs.readFileSync(f, 'utf8')
  if (rel.endsWith('.wxss') && !rel.endsWith('tokens.wxss')) {
    for (const [i, line] of text.split('\n').entries()) {
      const say = (why) => bad.push(`${rel}:${i + 1} ${why}: ${line.trim().slice(0, 80)}`)
      for (const m of line.matchAll(/#[0-9a-f]{3,8}\b/gi)) if (!FIXED.includes(m[0])) say('a colour beside the tokens')
      if (/\d(?<!r)px\b/.test(line.replace(/\d+rpx/g, ''))) say('px instead of rpx')
      for (const m of line.matchAll(/font-size:\s*([^;}]+)/g)) if (!/var\(--fs-|var\(--scale\)/.test(m[1]) && !SIGNS.some((s) => line.trim().startsWith(s))) say('type that does not follow --scale')
    }
  }
  if (/^(pages|resident|worker|cadre)\/.*\.wxml$/.test(rel) && !text.startsWith('<page-meta page-style="{{pageStyle}}" />')) bad.push(`${rel}: does not start with its page-meta`)
  if (/\.wxml$/.test(rel)) for (const m of text.matchAll(/<(view|text|image)\b[^>]*\b(?:bind|catch):tap=[^>]*>/g)) if (!/aria-role=/.test(m[0]) && !/aria-hidden/.test(m[0])) bad.push(`${rel}: tappable without a role: ${m[0].slice(0, 80)}`)
}
for (const f of walk(src)) if (f.endsWith('.wxml')) for (const sheet of fs.readFileSync(f, 'utf8').match(/<z-sheet\b[^]*?<\/z-sheet>/g) ?? []) {
  for (const [box] of sheet.matchAll(/<(?:z-field|textarea)\b(?:"[^"]*"|[^">])*>/g)) {
    const bare = box.replaceAll(/"[^"]*"/g, '')
    if (/^<textarea|\sarea\b/.test(bare) && !/\sfixed\b/.test(bare)) bad.push(`${path.relative(src, f)}: a box for many lines in a sheet without fixed: ${box.slice(0, 80)}`)
  }
}
if (!/<textarea\b[^>]*\sfixed="\{\{fixed\}\}"/.test(fs.readFileSync(path.join(src, 'components/field/index.wxml'), 'utf8'))) bad.push('components/field: its textarea is not told that it is fixed')
// A phone without room throws there; utils/keep.ts makes room and goes on without.
for (const f of walk(src)) if (f.endsWith('.ts') && !f.endsWith('utils/keep.ts') && /setStorageSync/.test(fs.readFileSync(f, 'utf8'))) bad.push(`${path.relative(src, f)}: writes to the storage beside utils/keep.ts`)
for (const b of bad) console.error(b)
console.log(bad.length ? `style: ${bad.length} problems` : 'style: tokens, scale, roles are kept')
process.exit(bad.length ? 1 : 0)
