// Bundles the UNMODIFIED native mini-program for a browser, on WeChat's own component framework (glass-easel).
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'
import { Project } from './project.mjs'
import { compileWxss } from './wxss.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const repo = path.resolve(here, '..')
const src = path.resolve(process.env.MP_SRC ?? path.join(repo, 'src'))
const out = path.resolve(process.env.MP_OUT ?? path.join(repo, 'dist/web'))
const t0 = performance.now()

const project = new Project(src, path.join(repo, 'node_modules'))
const tmpl = project.compileTemplates()
const fatal = tmpl.problems.filter((p) => p.isError)
for (const p of tmpl.problems) console.error(`${p.isError ? 'error' : 'warning'} ${path.relative(repo, p.file)}:${p.startLine + 1}:${p.startColumn + 1} ${p.message}`)
if (fatal.length) process.exit(1)

let n = 0
const comps = [...project.comps.values()].map((c) => {
  const isolation = c.config.styleIsolation
  const isComponent = c.config.component === true
  const scoped = isolation ? !/shared$/.test(isolation) || /apply-shared$/.test(isolation) : isComponent && project.pages.includes(c.id) === false
  return { ...c, scope: scoped ? `s${n++}` : null }
})
const appWxss = path.join(src, 'app.wxss')
const styles = { app: fs.existsSync(appWxss) ? compileWxss(appWxss, project, null) : '' }
for (const c of comps) if (c.wxss) styles[c.id] = compileWxss(c.wxss, project, c.scope, project.pages.includes(c.id) && c.scope === null ? c.id : undefined)

const appScript = ['app.ts', 'app.js'].map((f) => path.join(src, f)).find((f) => fs.existsSync(f))
const entry = `
import { boot } from ${JSON.stringify(path.join(here, 'runtime/boot.ts'))}
boot({
  app: ${JSON.stringify({ ...project.app, usingComponents: project.globalUsing })},
  theme: ${fs.readFileSync(path.join(src, project.app.themeLocation ?? 'theme.json'), 'utf8')},
  pages: ${JSON.stringify(project.pages)},
  runApp: () => require(${JSON.stringify(appScript)}),
  templates: ${tmpl.code},
  styles: ${JSON.stringify(styles)},
  components: [${comps.map((c) => `{ id: ${JSON.stringify(c.id)}, config: ${JSON.stringify(c.config)}, scope: ${JSON.stringify(c.scope)}, styled: ${!!c.wxss}, run: () => require(${JSON.stringify(c.script)}) }`).join(',\n')}],
})
`
// npm packages as WeChat lays them out: their "miniprogram" folder, with their own nested miniprogram_npm
const npm = {
  name: 'miniprogram-npm',
  setup(b) {
    b.onResolve({ filter: /^[^./]/ }, (a) => {
      if (a.kind === 'entry-point') return
      const parts = a.path.split('/')
      const pkg = a.path.startsWith('@') ? parts.splice(0, 2).join('/') : parts.shift()
      const dir = path.join(repo, 'node_modules', pkg)
      const mini = path.join(dir, 'miniprogram_dist')
      if (fs.existsSync(mini)) {
        const base = path.join(mini, ...parts)
        for (const e of ['.js', '/index.js', '']) if (fs.existsSync(base + e) && fs.statSync(base + e).isFile()) return { path: base + e }
      }
      const nested = a.importer.match(/^(.*\/miniprogram_dist)\//)
      if (nested) {
        const base = path.join(nested[1], 'miniprogram_npm', a.path)
        for (const e of ['.js', '/index.js']) if (fs.existsSync(base + e)) return { path: base + e }
      }
    })
  },
}
fs.rmSync(out, { recursive: true, force: true })
fs.mkdirSync(out, { recursive: true })
const r = await esbuild.build({
  stdin: { contents: entry, resolveDir: repo, loader: 'ts', sourcefile: 'entry.ts' },
  bundle: true, format: 'iife', target: 'es2020', sourcemap: 'linked', outfile: path.join(out, 'index.js'),
  plugins: [npm], logLevel: 'warning', minify: process.argv.includes('--minify'), metafile: true, define: { 'process.env.NODE_ENV': '"test"' },
})
fs.copyFileSync(path.join(here, 'runtime/index.html'), path.join(out, 'index.html'))
fs.copyFileSync(path.join(here, 'runtime/builtin.css'), path.join(out, 'builtin.css'))
// images and other assets keep their paths
const copyAssets = (d) => {
  for (const e of fs.readdirSync(d, { withFileTypes: true })) {
    const p = path.join(d, e.name)
    if (e.isDirectory()) copyAssets(p)
    else if (/\.(png|jpe?g|gif|svg|webp|mp3|wav)$/.test(e.name)) {
      const to = path.join(out, path.relative(src, p))
      fs.mkdirSync(path.dirname(to), { recursive: true })
      fs.copyFileSync(p, to)
    }
  }
}
copyAssets(src)
const kb = fs.statSync(path.join(out, 'index.js')).size / 1024
console.log(`web: ${comps.length} components, ${tmpl.templates.length} templates, index.js ${kb.toFixed(0)} KB, ${(performance.now() - t0).toFixed(0)} ms`)
