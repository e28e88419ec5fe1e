// Page stack, tab bar, navigation bar and life cycle, with WeChat's refusals.
import type { AssociatedBackend, CodeSpace, Root } from 'glass-easel-miniprogram-adapter'

export interface PageConfig { navigationBarTitleText?: string; navigationBarBackgroundColor?: string; navigationBarTextStyle?: string; enablePullDownRefresh?: boolean }
interface Entry { path: string; query: Record<string, string>; root: Root; host: HTMLElement; caller: any }

export class Router {
  stack: Entry[] = []
  constructor(
    private ab: AssociatedBackend,
    private space: CodeSpace,
    private app: { window?: PageConfig; tabBar?: { list: { pagePath: string; text: string; iconPath?: string; selectedIconPath?: string }[]; color?: string; selectedColor?: string; backgroundColor?: string } },
    private theme: Record<'light' | 'dark', Record<string, string>>,
    private pages: string[],
    private config: (path: string) => PageConfig,
  ) {
    const bar = document.getElementById('tabbar')!
    for (const t of app.tabBar?.list ?? []) {
      const b = document.createElement('button')
      b.setAttribute('role', 'tab')
      const icon = document.createElement('img')
      icon.alt = ''
      b.append(icon, t.text)
      b.dataset['path'] = t.pagePath
      b.dataset['icon'] = t.iconPath ?? ''
      b.dataset['iconOn'] = t.selectedIconPath ?? ''
      // They lie in the package: there without a network.
      for (const at of [t.iconPath, t.selectedIconPath]) if (at) new Image().src = this.color(at)
      // The bar may come back under a finger that touched the page: a tap begins and ends on one thing.
      let down = false
      b.onpointerdown = () => { down = true }
      b.onclick = (e) => { if (down || e.detail === 0) this.switchTab('/' + t.pagePath); down = false }
      bar.append(b)
    }
    document.getElementById('nav-back')!.onclick = () => this.back(1)
  }
  /** colours of app.json may be variables of theme.json */
  private color = (v: string) => (v.startsWith('@') ? this.theme[matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'][v.slice(1)] ?? v : v)
  get top(): Entry | undefined { return this.stack[this.stack.length - 1] }
  private isTab(path: string) { return !!this.app.tabBar?.list.some((t) => t.pagePath === path) }

  private parse(url: string) {
    const [p = '', q = ''] = url.split('?')
    const base = this.top ? this.top.path.replace(/[^/]*$/, '') : ''
    const path = p.startsWith('/') ? p.slice(1) : new URL(base + p, 'http://x/').pathname.slice(1)
    if (!this.pages.includes(path)) throw new Error(`page "${path}" is not found`)
    return { path, query: Object.fromEntries(q.split('&').filter(Boolean).map((kv) => kv.split('=') as [string, string]).map(([k, v = '']) => [k, decodeURIComponent(v)])) }
  }
  private open(url: string) {
    const { path, query } = this.parse(url)
    const host = document.createElement('div')
    host.className = 'wx-page-host'
    host.tabIndex = 0
    host.dataset['page'] = path
    const slot = document.createElement('div')
    host.append(slot)
    document.getElementById('stack')!.append(host)
    const root = this.ab.createRoot('page', this.space, path)
    const caller: any = root.get()
    caller.route = path
    caller.options = query
    const entry = { path, query, root, host, caller }
    this.stack.push(entry)
    root.attach(host as any, slot as any)
    caller.onLoad?.(query)
    this.show(entry)
    requestAnimationFrame(() => caller.onReady?.())
  }
  private show(e: Entry) {
    for (const s of this.stack) s.host.hidden = s !== e
    const c = { ...this.app.window, ...this.config(e.path) }
    this.setTitle(c.navigationBarTitleText ?? '')
    const nav = document.getElementById('nav')!
    const color = this.color
    nav.style.background = color(c.navigationBarBackgroundColor ?? '#000')
    nav.style.color = color(c.navigationBarTextStyle ?? 'white') === 'black' ? '#000' : '#fff'
    document.getElementById('nav-back')!.hidden = this.stack.length < 2
    const bar = document.getElementById('tabbar')!
    bar.hidden = !this.isTab(e.path) || this.barAway
    for (const b of bar.children as any) {
      b.setAttribute('aria-selected', String(b.dataset.path === e.path))
      const icon = color(b.dataset.path === e.path ? b.dataset.iconOn : b.dataset.icon)
      b.firstChild.hidden = icon === ''
      if (icon) b.firstChild.src = icon
      b.style.color = color((b.dataset.path === e.path ? this.app.tabBar?.selectedColor : this.app.tabBar?.color) ?? '#000')
    }
    bar.style.setProperty('--tab-bg', color(this.app.tabBar?.backgroundColor ?? '#fff'))
    history.replaceState(null, '', '#/' + e.path + (Object.keys(e.query).length ? '?' + new URLSearchParams(e.query) : ''))
    e.caller.onShow?.()
    e.root.getComponent().triggerPageLifetime('show', [])
  }
  private hide(e?: Entry) { e?.caller.onHide?.(); e?.root.getComponent().triggerPageLifetime('hide', []) }
  private close(e: Entry) { e.caller.onUnload?.(); e.root.release(); e.host.remove() }
  private barAway = false
  tabBar(shown: boolean) {
    if (!this.top || !this.isTab(this.top.path)) throw new Error('not TabBar page')
    this.barAway = !shown
    document.getElementById('tabbar')!.hidden = !shown
  }
  setTitle(t: string) { document.getElementById('nav-title')!.textContent = t; document.title = t }

  navigateTo(url: string) {
    const { path } = this.parse(url)
    if (this.isTab(path)) throw new Error('can not navigateTo a tabbar page')
    if (this.stack.length >= 10) throw new Error('webview count limit exceed')
    this.hide(this.top)
    this.open(url)
  }
  redirectTo(url: string) { if (this.isTab(this.parse(url).path)) throw new Error('can not redirectTo a tabbar page'); const old = this.stack.pop(); if (old) this.close(old); this.open(url) }
  back(delta = 1) {
    if (this.stack.length < 2) throw new Error('cannot navigate back at first page')
    for (let i = 0; i < delta && this.stack.length > 1; i++) this.close(this.stack.pop()!)
    if (this.top) this.show(this.top)
  }
  private kept = new Map<string, Entry>()
  switchTab(url: string) {
    const { path } = this.parse(url)
    if (!this.isTab(path)) throw new Error('can not switch to no-tabBar page')
    this.hide(this.top)
    while (this.stack.length) { const e = this.stack.pop()!; if (this.isTab(e.path)) { this.kept.set(e.path, e); e.host.hidden = true } else this.close(e) }
    const old = this.kept.get(path)
    if (old) { this.stack.push(old); this.show(old) } else this.open('/' + path)
  }
  reLaunch(url: string) {
    for (const e of [...this.stack, ...this.kept.values()]) if (e.host.isConnected) this.close(e)
    this.stack = []; this.kept.clear()
    this.open(url)
  }
}
