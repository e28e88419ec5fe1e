// WXSS -> CSS: rpx, @import, tag selectors, :host and style isolation (class prefixes, as glass-easel writes them).
import fs from 'node:fs'
import path from 'node:path'
import postcss from 'postcss'
import selectorParser from 'postcss-selector-parser'

export const RPX = /(-?(?:\d+\.?\d*|\.\d+))rpx\b/g
export const rpxToCss = (v) => v.replace(RPX, (_, n) => (Number(n) === 0 ? '0px' : `calc(${n} * var(--wx-rpx))`))

function load(file, project, stack = []) {
  if (stack.includes(file)) return postcss.root()
  const root = postcss.parse(fs.readFileSync(file, 'utf8'), { from: file })
  root.walkAtRules('import', (at) => {
    const ref = at.params.replace(/^url\(|\)$/g, '').replace(/^['"]|['"]$/g, '')
    if (/^https?:/.test(ref)) return
    const target = ref.startsWith('/') ? path.join(project.root, ref) : path.resolve(path.dirname(file), ref)
    at.replaceWith(load(target, project, [...stack, file]).nodes)
  })
  return root
}

/** `page`: whose style sheet it is; WeChat gives every page a view of its own, here they share a document. */
export function compileWxss(file, project, prefix, page) {
  const root = load(file, project)
  const transform = selectorParser((sel) => {
    sel.walkPseudos((p) => {
      if (p.value === ':host') p.replaceWith(selectorParser.attribute({ attribute: 'wx-host', operator: '=', value: prefix ?? '', quoteMark: '"', raws: {} }))
    })
    sel.walkTags((t) => {
      if (/^(from|to|\d+(\.\d+)?%)$/.test(t.value)) return
      t.value = `wx-${t.value}`
    })
    if (prefix) sel.walkClasses((c) => { c.value = `${prefix}--${c.value}` })
  })
  root.walkRules((rule) => {
    if (rule.parent?.type === 'atrule' && /keyframes$/.test(rule.parent.name)) return
    rule.selector = transform.processSync(rule.selector)
    if (page) rule.selectors = rule.selectors.map((s) => `:where([data-page="${page}"]) ${s}`)
  })
  root.walkDecls((d) => { if (d.value.includes('rpx')) d.value = rpxToCss(d.value) })
  root.walkAtRules((a) => { if (a.params.includes('rpx')) a.params = a.params.replace(RPX, (_, n) => `${Number(n) / 2}px`) })
  return root.toString()
}
