// Emits the plain WeChat project that DevTools opens and miniprogram-ci uploads: TypeScript to CommonJS
// file by file, everything else copied. Fails when a package is over its size: main 300 KB, so that the
// ask page opens at once on a bad line, 1 MB in all.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'
import { Project } from './project.mjs'

const KB = 1024
const LIMITS = { main: 300 * KB, total: 1024 * KB }
const repo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const src = path.join(repo, 'src')
const out = path.join(repo, 'dist/weapp')
const minify = process.argv.includes('--minify')
// Reading the project finds what DevTools would refuse: a page or component without its files.
const project = new Project(src, path.join(repo, 'node_modules'))
const { problems } = project.compileTemplates()
for (const p of problems) console.error(`${path.relative(repo, p.file)}:${p.startLine + 1}:${p.startColumn + 1} ${p.message}`)
if (problems.some((p) => p.isError)) process.exit(1)

const walk = (d) => fs.readdirSync(d, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(path.join(d, e.name)) : [path.join(d, e.name)]))
const put = (rel, data) => { const p = path.join(out, rel); fs.mkdirSync(path.dirname(p), { recursive: true }); fs.writeFileSync(p, data) }
fs.rmSync(out, { recursive: true, force: true })
for (const f of walk(src)) {
  const rel = path.relative(src, f)
  if (rel.endsWith('.d.ts')) continue
  if (rel.endsWith('.ts')) put(rel.replace(/\.ts$/, '.js'), esbuild.transformSync(fs.readFileSync(f, 'utf8'), { loader: 'ts', format: 'cjs', target: 'es2018', sourcefile: rel, minify, charset: 'utf8' }).code)
  else if (minify && rel.endsWith('.json')) put(rel, JSON.stringify(JSON.parse(fs.readFileSync(f, 'utf8'))))
  else put(rel, fs.readFileSync(f))
}
const config = JSON.parse(fs.readFileSync(path.join(repo, 'project.config.json'), 'utf8'))
put('project.config.json', JSON.stringify({ ...config, miniprogramRoot: './', appid: process.env.WX_APPID ?? config.appid }, null, 2))

const roots = project.app.subPackages.map((s) => `${s.root}/`)
const sizes = { main: 0, ...Object.fromEntries(roots.map((r) => [r, 0])) }
for (const f of walk(out)) {
  const rel = path.relative(out, f)
  if (rel === 'project.config.json') continue
  sizes[roots.find((r) => rel.startsWith(r)) ?? 'main'] += fs.statSync(f).size
}
const total = Object.values(sizes).reduce((a, b) => a + b, 0)
const kb = (n) => `${(n / KB).toFixed(1)} KB`
console.log(`weapp: ${Object.entries(sizes).map(([k, v]) => `${k} ${kb(v)}`).join(', ')}; total ${kb(total)}`)
if (sizes.main > LIMITS.main) { console.error(`the main package is over ${kb(LIMITS.main)}`); process.exitCode = 1 }
if (total > LIMITS.total) { console.error(`the mini-program is over ${kb(LIMITS.total)}`); process.exitCode = 1 }
