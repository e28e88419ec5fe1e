import * as ge from 'glass-easel'
import { MiniProgramEnv, component as adapterComponent } from 'glass-easel-miniprogram-adapter'
import { builtins } from './builtins'
import { Router } from './router'
import { mp, wx } from './wx'

interface Comp { id: string; config: any; scope: string | null; styled: boolean; run(): unknown }
interface Bundle { app: any; theme: any; pages: string[]; runApp(): unknown; templates: Record<string, any>; styles: Record<string, string>; components: Comp[] }

export function boot(b: Bundle) {
  performance.mark('mp-start')
  const g = globalThis as any
  mp.origins = { ...g.__mpInit?.origins }
  mp.appBase = { ...g.__mpInit?.appBase }
  for (const k of ['openid', 'place', 'privacy', 'consents', 'microphone'] as const) if (g.__mpInit?.[k] !== undefined) (mp as any)[k] = g.__mpInit[k]
  g.__mp = mp
  g.wx = wx
  g.global = g

  // a broken component, a bad attribute, an exception in a lifecycle: all of it is recorded, and the tests assert on it
  ge.globalOptions.throwGlobalError = false
  ge.addGlobalWarningListener((message: string, related: any) => {
    const where = typeof related === 'string' ? related : related?.is ?? ''
    // TDesign hands null to typed properties; WeChat is silent about that too, and check-wxml.mjs sees our own
    if (/but get null value/.test(message)) return false
    if (!where.startsWith('miniprogram_npm/') && !/behavior "miniprogram_npm\//.test(message)) mp.warnings.push(`${where}: ${message}`)
    return false
  })
  ge.addGlobalErrorListener((e: unknown, info: any) => { mp.errors.push(`${String((e as any)?.stack ?? e)} ${info?.type ?? ''}`); return false })
  addEventListener('error', (e) => mp.errors.push(String(e.error?.stack ?? e.message)))
  addEventListener('unhandledrejection', (e) => mp.errors.push('unhandled: ' + String(e.reason?.stack ?? e.reason?.errMsg ?? e.reason)))

  // DOM tags are "wx-*", as in WeChat's own web view; rpx also appears in inline styles
  const rpx = /(-?(?:\d+\.?\d*|\.\d+))rpx\b/g
  const setAttribute = Element.prototype.setAttribute
  Element.prototype.setAttribute = function (n, v) {
    setAttribute.call(this, n, n === 'style' && typeof v === 'string' ? v.replace(rpx, 'calc($1 * var(--wx-rpx))') : v)
  }
  const backend = new ge.CurrentWindowBackendContext()
  ;(backend as any).document = {
    createElement: (t: string) => document.createElement('wx-' + t),
    createTextNode: (t: string) => document.createTextNode(t),
    createDocumentFragment: () => document.createDocumentFragment(),
  }
  backend.onEvent((target, type, detail, options) => {
    const ev = new ge.Event(type, detail, options)
    ge.Event.dispatchEvent(target, ev)
    return (ev.defaultPrevented() ? 1 : 0) as ge.EventBubbleStatus // NoDefault : Normal (const enum, not exported at run time)
  })

  // On a phone setData crosses from the logic thread to the view as JSON; here it does not, so check what would be lost.
  const proto = (adapterComponent as any).ComponentCaller.prototype
  const setData = proto.setData
  proto.setData = function (d: Record<string, unknown>, cb?: () => void) {
    if (!String(this.is).startsWith('miniprogram_npm/')) {
      const lost = (v: unknown, at: string): void => {
        if (v === null || typeof v === 'string' || typeof v === 'boolean') return
        if (typeof v === 'number') { if (!Number.isFinite(v)) mp.warnings.push(`${this.is}: setData ${at} is ${v}`); return }
        if (Array.isArray(v)) { v.forEach((x, i) => lost(x, `${at}[${i}]`)); return }
        if (typeof v === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(v))) { for (const [k, x] of Object.entries(v as object)) lost(x, at ? `${at}.${k}` : k); return }
        mp.warnings.push(`${this.is}: setData ${at} is ${v === undefined ? 'undefined' : Object.prototype.toString.call(v)}, which does not cross to the view`)
      }
      lost(d, '')
      const size = JSON.stringify(d).length
      if (size > 256 * 1024) mp.warnings.push(`${this.is}: setData of ${size} characters`)
    }
    // What is no longer shown is told nothing: an answer may come after its page was closed, and WeChat is silent about it.
    if (this._$.$$ === null) return
    return setData.call(this, d, cb)
  }

  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('', true)
  // plain ids in the DOM, so that tests may use #id (WeChat itself prefixes them per component)
  const options = (space as any).prepareComponentOptions.bind(space)
  ;(space as any).prepareComponentOptions = (...a: unknown[]) => { const r = options(...a); r[0].idPrefixGenerator = undefined; return r }
  const core = space.getComponentSpace()
  core.updateComponentOptions({ writeIdToDOM: true })
  for (const [tag, def] of Object.entries(builtins)) core.setGlobalUsingComponent(tag, def)
  const ab = env.associateBackend(backend as any)

  ab.registerStyleSheetContent('app', b.styles['app'] ?? '')
  space.addStyleSheet('app', 'app')
  const appStyle = document.createElement('style')
  appStyle.textContent = b.styles['app'] ?? ''
  document.head.append(appStyle)

  const formField = space.behavior().definition({ properties: { name: String, value: null } } as any).register()
  const named: Record<string, any> = { 'wx://form-field': formField, 'wx://form-field-group': null, 'wx://form-field-button': null, 'wx://component-export': null }
  const fix = (def: any) => {
    if (def?.behaviors) def.behaviors = def.behaviors.map((x: any) => (typeof x === 'string' ? named[x] : x)).filter(Boolean)
    return def
  }

  let app: any = {}
  g.getApp = () => app
  g.getCurrentPages = () => mp.router.stack.map((e) => e.caller)
  // one stable function each, as in WeChat: code may keep a reference to them (uni-app and Taro output does)
  let current: any = null
  g.Page = (d: any) => current.Page(fix(d))
  g.Component = (d: any) => current.Component(fix(d))
  g.Behavior = (d: any) => (current ? current.Behavior(fix(d)) : space.behavior().definition(fix(d)).register())
  g.App = (o: any) => { app = Object.assign(Object.create(null), o) }
  b.runApp()

  for (const c of b.components) {
    c.config.usingComponents = { ...b.app.usingComponents, ...c.config.usingComponents }
    space.addComponentStaticConfig(c.id, c.config)
    space.addCompiledTemplate(c.id, { groupList: b.templates, content: b.templates[c.id] } as any)
    if (c.styled) { ab.registerStyleSheetContent(c.id, b.styles[c.id] ?? ''); space.addStyleSheet(c.id, c.id, c.scope ?? undefined) }
    space.componentEnv(c.id, (e) => { current = e; c.run() })
  }

  const byId = new Map(b.components.map((c) => [c.id, c]))
  mp.router = new Router(ab, space, b.app, b.theme, b.pages, (p) => byId.get(p)?.config ?? {})
  const start = location.hash.slice(1) || '/' + b.pages[0]
  const launch = { path: start.slice(1), query: {}, scene: 1001, referrerInfo: {} }
  app.onLaunch?.(launch)
  app.onShow?.(launch)
  mp.router.reLaunch(start)
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('mp-first')))
}
