// A browser stand-in for the wx API. Anything not written here throws by name when called.
import type { Router } from './router'
import { authorize, createInnerAudioContext, openSetting, recorder } from './sound'

type Opts = { success?(r: any): void; fail?(e: any): void; complete?(r: any): void; [k: string]: any }
const api = (name: string, impl: (o: any) => any) => (o: Opts = {}) => {
  mp.calls.push({ name, args: o, at: Date.now() })
  const p = Promise.resolve()
    .then(() => (mp.stubs[name] ? mp.stubs[name]!(o) : impl(o)))
    .then(
      (r) => ({ errMsg: `${name}:ok`, ...(r ?? {}) }),
      (e) => { throw { errMsg: `${name}:fail ${e?.errMsg ?? e?.message ?? e}`, errno: e?.errno, errCode: e?.errCode } },
    )
  if (o.success || o.fail || o.complete) {
    p.then((r) => { o.success?.(r); o.complete?.(r) }, (e) => { o.fail?.(e); o.complete?.(e) })
    return undefined as any
  }
  return p
}

/** What the tests reach: canned answers, recorded calls, the origin map. */
export const mp = {
  calls: [] as { name: string; args: any; at?: number }[],
  stubs: {} as Record<string, (o: any) => any>,
  /** what came over a socket, each after the page has handled it */
  heard: [] as any[],
  warnings: [] as string[],
  errors: [] as string[],
  origins: {} as Record<string, string>,
  /** overrides of wx.getAppBaseInfo(), e.g. the user's font size */
  appBase: {} as Record<string, unknown>,
  openData: (kind: string) => (mp.stubs[kind] ? mp.stubs[kind]!({}) : { errMsg: `${kind}:fail user deny` }),
  router: null as unknown as Router,
  /** who holds this phone; wx.login asks WeChat's stand-in for a code of this openid */
  openid: 'resident-1',
  /** what chooseLocation answers; null: the person closes it */
  place: null as { name: string; address: string; latitude: number; longitude: number } | null,
  /** whether the person answers WeChat's question for the privacy agreement with yes */
  privacy: { asked: false, agreed: true },
  /** what the person answers when asked for the microphone, and what he sets when he opens WeChat's settings */
  microphone: { asked: false, allowed: true, later: true },
  /** how much later it is in the street than the server says, in ms */
  ahead: 0,
  /** how much the storage holds, in characters; files are apart from it */
  room: 10 * 1024 * 1024,
  /** how long the next recordings are, in ms, however long the button was held; null: as long as it was */
  spoke: null as number | null,
  /** answers of requestSubscribeMessage by template; "accept" when not named */
  consents: {} as Record<string, string>,
}
/** what WeChat does on its side, done by the test server with WeChat's stand-in */
const wechat = async (path: string, body: object): Promise<any> => {
  const r = await fetch(`${location.origin}/__wechat/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  if (!r.ok) throw new Error(`stand-in: ${r.status}`)
  return r.json()
}
/** saved files live in localStorage, so that they outlive a restart as they do on a phone */
const fileKey = (p: string) => 'wxfile:' + p
export const fileUrl = (p: string) => (p.startsWith('wxfile://') ? localStorage.getItem(fileKey(p)) ?? p : p)
;(globalThis as any).__fileUrl = fileUrl
const needPrivacy: ((resolve: (r: any) => void, info: any) => void)[] = []
/** personal data is handed out only after the person agreed to the privacy agreement, as WeChat does since 2.32.3 */
export const guarded = (name: string) => {
  if (mp.privacy.agreed) return Promise.resolve()
  const fail = { errMsg: `${name}:fail privacy permission is not authorized`, errno: 104 }
  if (needPrivacy.length === 0) return Promise.reject(fail)
  return new Promise<void>((res, rej) => needPrivacy.forEach((f) => f((r: any) => { if (r.event === 'agree') { mp.privacy.agreed = true; res() } else if (r.event === 'disagree') rej(fail) }, { referrer: name })))
}
const mapUrl = (u: string) => { for (const [a, b] of Object.entries(mp.origins)) if (u.startsWith(a)) return b + u.slice(a.length); return u }

/** what an answer carries, at the hour that the test wants it to be */
const headersOf = (r: Response) => {
  const all = Object.fromEntries(r.headers)
  return mp.ahead && all['date'] ? { ...all, date: new Date(Date.parse(all['date']) + mp.ahead).toUTCString() } : all
}
const hostUi = () => document.getElementById('host-ui')!
let toast: HTMLElement | null = null
const hideToast = () => { toast?.remove(); toast = null }
const showToast = (o: any) => {
  hideToast()
  toast = document.createElement('div'); toast.className = 'wx-host-toast'; toast.setAttribute('role', 'status'); toast.textContent = o.title
  hostUi().append(toast)
  if (toast.scrollHeight > toast.clientHeight + 1) mp.warnings.push(`showToast: cut after two lines: ${o.title}`)
  if (o.duration !== Infinity) setTimeout(hideToast, o.duration ?? 1500)
}
const storage = {
  get: (k: string) => { const v = localStorage.getItem('wx:' + k); return v === null ? '' : JSON.parse(v) },
  set: (k: string, v: unknown) => {
    const text = JSON.stringify(v)
    const others = Object.keys(localStorage).filter((x) => x.startsWith('wx:') && x !== 'wx:' + k).reduce((n, x) => n + localStorage[x].length, 0)
    // WeChat gives a mini-program 10 MB in all and 1 MB to a key; a test may give less.
    if (text.length > 1024 * 1024 || others + text.length > mp.room) throw new Error('setStorageSync:fail exceed max size')
    localStorage.setItem('wx:' + k, text)
  },
}
const windowInfo = () => ({
  pixelRatio: devicePixelRatio, screenWidth: innerWidth, screenHeight: innerHeight, windowWidth: innerWidth, windowHeight: innerHeight - 94,
  statusBarHeight: 20, screenTop: 64, safeArea: { left: 0, top: 20, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight - 20 },
})
const appBase = () => ({ SDKVersion: '3.15.0', version: '8.0.60', language: 'zh_CN', theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light', fontSizeSetting: 17, fontSizeScaleFactor: 1, host: { env: 'WeChat' }, ...mp.appBase })
const device = () => ({ platform: 'devtools', brand: 'harness', model: 'chromium', system: 'Linux', abi: 'x64', benchmarkLevel: 30 })

const impl: Partial<WechatMiniprogram.Wx> & Record<string, any> = {
  request(o: any) {
    mp.calls.push({ name: 'request', args: { url: o.url, method: o.method, data: o.data } })
    const ctl = new AbortController()
    let url = mapUrl(o.url)
    const method = (o.method ?? 'GET').toUpperCase()
    const init: RequestInit = { method, headers: { 'content-type': 'application/json', ...o.header }, signal: ctl.signal }
    if (method === 'GET' || method === 'HEAD') { if (o.data && typeof o.data === 'object') { const q = new URLSearchParams(o.data).toString(); if (q) url += (url.includes('?') ? '&' : '?') + q } }
    else if (o.data !== undefined) init.body = typeof o.data === 'string' || o.data instanceof ArrayBuffer ? o.data : JSON.stringify(o.data)
    const timer = setTimeout(() => ctl.abort(), o.timeout ?? 60000)
    fetch(url, init).then(async (r) => {
      const text = await r.text()
      let data: unknown = text
      if (o.dataType !== 'other') { try { data = JSON.parse(text) } catch { /* WeChat hands the text back */ } }
      const res = { data, statusCode: r.status, header: headersOf(r), cookies: [], errMsg: 'request:ok' }
      o.success?.(res); o.complete?.(res)
    }).catch((e) => { const err = { errMsg: `request:fail ${e.message}`, errno: 600000 }; o.fail?.(err); o.complete?.(err) }).finally(() => clearTimeout(timer))
    return { abort: () => ctl.abort(), onHeadersReceived() {}, offHeadersReceived() {} } as any
  },
  uploadFile(o: any) {
    mp.calls.push({ name: 'uploadFile', args: { url: o.url, filePath: o.filePath, name: o.name } })
    const p = fetch(fileUrl(o.filePath)).then((r) => r.blob()).then((b) => {
      const f = new FormData()
      for (const [k, v] of Object.entries(o.formData ?? {})) f.append(k, String(v))
      f.append(o.name, b, `file.${/\.(\w+)$/.exec(o.filePath)?.[1] ?? 'jpg'}`)
      return fetch(mapUrl(o.url), { method: 'POST', body: f, headers: o.header ?? {} })
    }).then(async (r) => ({ data: await r.text(), statusCode: r.status, errMsg: 'uploadFile:ok' }))
    p.then((r) => { o.success?.(r); o.complete?.(r) }, (e) => { const x = { errMsg: `uploadFile:fail ${e.message}` }; o.fail?.(x); o.complete?.(x) })
    return { abort() {}, onProgressUpdate() {}, offProgressUpdate() {}, onHeadersReceived() {}, offHeadersReceived() {} } as any
  },
  chooseMedia: api('chooseMedia', (o) => guarded('chooseMedia').then(() => new Promise((resolve, reject) => {
    const i = document.createElement('input')
    i.type = 'file'; i.accept = 'image/*'; i.multiple = (o.count ?? 9) > 1; i.id = 'wx-file'; i.hidden = true
    hostUi().append(i)
    i.onchange = () => { const fs = [...(i.files ?? [])]; i.remove(); resolve({ type: 'image', tempFiles: fs.map((f) => ({ tempFilePath: URL.createObjectURL(f), size: f.size, fileType: 'image' })) }) }
    i.oncancel = () => { i.remove(); reject('cancel') }
    i.click()
  }))),
  previewImage: api('previewImage', () => ({})),
  getLocation: api('getLocation', () => new Promise((res, rej) => navigator.geolocation.getCurrentPosition((p) => res({ latitude: p.coords.latitude, longitude: p.coords.longitude, accuracy: p.coords.accuracy, speed: 0, altitude: 0, verticalAccuracy: 0, horizontalAccuracy: p.coords.accuracy }), (e) => rej(e.message)))),
  chooseLocation: api('chooseLocation', () => guarded('chooseLocation').then(() => { if (!mp.place) throw 'cancel'; return mp.place })),
  openLocation: api('openLocation', () => ({})),
  login: api('login', () => wechat('login', { openid: mp.openid })),
  showToast: api('showToast', showToast), hideToast: api('hideToast', hideToast),
  showLoading: api('showLoading', (o) => showToast({ ...o, duration: Infinity })), hideLoading: api('hideLoading', hideToast),
  showModal: api('showModal', (o) => new Promise((resolve) => {
    const mask = document.createElement('div'); mask.className = 'wx-host-mask'
    const box = document.createElement('div'); box.className = 'wx-host-box'; box.setAttribute('role', 'dialog'); box.setAttribute('aria-label', o.title ?? '')
    const h = document.createElement('h2'); h.textContent = o.title ?? ''
    const p = document.createElement('p'); p.textContent = o.content ?? ''
    const btn = (t: string, r: object) => { const b = document.createElement('button'); b.textContent = t; b.onclick = () => { mask.remove(); resolve(r) }; return b }
    box.append(h, p)
    if (o.showCancel !== false) box.append(btn(o.cancelText ?? '取消', { confirm: false, cancel: true }))
    box.append(btn(o.confirmText ?? '确定', { confirm: true, cancel: false }))
    mask.append(box); hostUi().append(mask)
  })),
  showActionSheet: api('showActionSheet', (o) => new Promise((resolve, reject) => {
    const s = document.createElement('div'); s.className = 'wx-host-sheet'; s.setAttribute('role', 'menu')
    o.itemList.forEach((t: string, i: number) => { const b = document.createElement('button'); b.setAttribute('role', 'menuitem'); b.textContent = t; b.onclick = () => { s.remove(); resolve({ tapIndex: i }) }; s.append(b) })
    const c = document.createElement('button'); c.textContent = '取消'; c.onclick = () => { s.remove(); reject('cancel') }; s.append(c)
    hostUi().append(s)
  })),
  setStorageSync: (k: string, v: any) => storage.set(k, v), getStorageSync: (k: string) => storage.get(k), removeStorageSync: (k: string) => localStorage.removeItem('wx:' + k), /* files are not storage */ getStorageInfoSync: () => ({ keys: Object.keys(localStorage).filter((k) => k.startsWith('wx:')).map((k) => k.slice(3)), currentSize: 0, limitSize: 10240 }), clearStorageSync: () => { for (const k of Object.keys(localStorage)) if (k.startsWith('wx:')) localStorage.removeItem(k) },
  setStorage: api('setStorage', (o) => storage.set(o.key, o.data)), getStorage: api('getStorage', (o) => { if (localStorage.getItem('wx:' + o.key) === null) throw 'data not found'; return { data: storage.get(o.key) } }), removeStorage: api('removeStorage', (o) => localStorage.removeItem('wx:' + o.key)),
  navigateTo: api('navigateTo', (o) => mp.router.navigateTo(o.url)), redirectTo: api('redirectTo', (o) => mp.router.redirectTo(o.url)),
  switchTab: api('switchTab', (o) => mp.router.switchTab(o.url)), reLaunch: api('reLaunch', (o) => mp.router.reLaunch(o.url)), navigateBack: api('navigateBack', (o) => mp.router.back(o.delta ?? 1)),
  hideTabBar: api('hideTabBar', () => mp.router.tabBar(false)), showTabBar: api('showTabBar', () => mp.router.tabBar(true)),
  setNavigationBarTitle: api('setNavigationBarTitle', (o) => mp.router.setTitle(o.title)), setNavigationBarColor: api('setNavigationBarColor', () => ({})),
  startPullDownRefresh: api('startPullDownRefresh', () => mp.router.top?.caller.onPullDownRefresh?.()), stopPullDownRefresh: api('stopPullDownRefresh', () => ({})),
  pageScrollTo: api('pageScrollTo', (o) => mp.router.top?.host.scrollTo({ top: o.scrollTop })), makePhoneCall: api('makePhoneCall', () => ({})), setClipboardData: api('setClipboardData', () => ({})), shareFileMessage: api('shareFileMessage', (o) => { if (localStorage.getItem(fileKey(o.filePath)) === null) throw 'file not exist' }),
  vibrateShort: api('vibrateShort', () => ({})), requestSubscribeMessage: api('requestSubscribeMessage', async (o) => {
    const said = Object.fromEntries(o.tmplIds.map((t: string) => [t, mp.consents[t] ?? 'accept']))
    await wechat('subscribed', { openid: mp.openid, said })
    return said
  }),
  getNetworkType: api('getNetworkType', () => ({ networkType: navigator.onLine ? 'wifi' : 'none' })),
  downloadFile(o: any) {
    mp.calls.push({ name: 'downloadFile', args: { url: o.url } })
    fetch(mapUrl(o.url), { headers: o.header ?? {} }).then(async (r) => ({ tempFilePath: URL.createObjectURL(await r.blob()), statusCode: r.status, errMsg: 'downloadFile:ok' }))
      .then((r) => { o.success?.(r); o.complete?.(r) }, (e) => { const x = { errMsg: `downloadFile:fail ${e.message}` }; o.fail?.(x); o.complete?.(x) })
    return { abort() {}, onProgressUpdate() {}, offProgressUpdate() {} } as any
  },
  getFileSystemManager: () => ({
    saveFile(o: any) {
      fetch(o.tempFilePath).then((r) => r.blob()).then((b) => new Promise<string>((res) => { const f = new FileReader(); f.onload = () => res(String(f.result)); f.readAsDataURL(b) }))
        .then((data) => { const p = `wxfile://store_${Date.now()}_${Math.floor(Math.random() * 1e9)}.${/\.(\w+)$/.exec(o.tempFilePath)?.[1] ?? 'jpg'}`; localStorage.setItem(fileKey(p), data); o.success?.({ savedFilePath: p, errMsg: 'saveFile:ok' }) })
        .catch((e) => o.fail?.({ errMsg: `saveFile:fail ${e.message}` }))
    },
    access(o: any) { if (!o.path.startsWith('wxfile://') || localStorage.getItem(fileKey(o.path)) !== null) o.success?.({ errMsg: 'access:ok' }); else o.fail?.({ errMsg: `access:fail no such file or directory ${o.path}` }) },
    getSavedFileList(o: any) { o.success?.({ fileList: Object.keys(localStorage).filter((k) => k.startsWith(fileKey('wxfile://store_'))).map((k) => ({ filePath: k.slice(7), size: localStorage[k].length, createTime: 0 })), errMsg: 'getSavedFileList:ok' }) },
    writeFile(o: any) { localStorage.setItem(fileKey(o.filePath), o.data); o.success?.({ errMsg: 'writeFile:ok' }) },
    readFile(o: any) { const data = localStorage.getItem(fileKey(o.filePath)); if (data === null) o.fail?.({ errMsg: 'readFile:fail no such file' }); else o.success?.({ data, errMsg: 'readFile:ok' }) },
    unlink(o: any) { const there = localStorage.getItem(fileKey(o.filePath)) !== null; localStorage.removeItem(fileKey(o.filePath)); if (there) o.success?.({ errMsg: 'unlink:ok' }); else o.fail?.({ errMsg: 'unlink:fail no such file' }) },
    removeSavedFile(o: any) { localStorage.removeItem(fileKey(o.filePath)); o.success?.({ errMsg: 'removeSavedFile:ok' }) },
  }) as any,
  connectSocket(o: any) {
    mp.calls.push({ name: 'connectSocket', args: { url: o.url } })
    const url = mapUrl(o.url.replace(/^ws/, 'http')).replace(/^http/, 'ws')
    const s = new WebSocket(url)
    return {
      onOpen: (f: any) => s.addEventListener('open', () => f({})), onMessage: (f: any) => s.addEventListener('message', (e) => { f({ data: e.data }); mp.heard.push(JSON.parse(e.data)) }),
      onClose: (f: any) => s.addEventListener('close', (e) => f({ code: e.code, reason: e.reason })), onError: (f: any) => s.addEventListener('error', () => f({ errMsg: 'connectSocket:fail' })),
      send: (m: any) => { s.send(m.data); m.success?.({}) }, close: (c: any = {}) => s.close(c.code ?? 1000, c.reason ?? ''), readyState: 0,
    } as any
  },
  vibrateLong: api('vibrateLong', () => ({})),
  createInnerAudioContext: createInnerAudioContext as any, getRecorderManager: () => recorder as any,
  authorize: api('authorize', (o) => authorize(o.scope)), openSetting: api('openSetting', openSetting), openAppAuthorizeSetting: api('openAppAuthorizeSetting', () => ({})), setInnerAudioOption: api('setInnerAudioOption', () => ({})),
  getPrivacySetting: api('getPrivacySetting', () => ({ needAuthorization: !mp.privacy.agreed, privacyContractName: '《南城街道智南用户隐私保护指引》' })),
  onNeedPrivacyAuthorization: (f: any) => { needPrivacy.push(f) },
  openPrivacyContract: api('openPrivacyContract', () => ({})),
  onThemeChange() {}, offThemeChange() {}, onAppShow: (f: any) => { document.addEventListener('visibilitychange', () => { if (!document.hidden) f({}) }) }, offAppShow() {}, onAppHide() {}, offAppHide() {},
  getEnterOptionsSync: () => ({ path: '', query: {}, scene: 1001 }) as any,
  hideKeyboard: api('hideKeyboard', () => ({})), loadFontFace: api('loadFontFace', () => ({})),
  getWindowInfo: windowInfo as any, getAppBaseInfo: appBase as any, getDeviceInfo: device as any, getSystemInfoSync: () => ({ ...windowInfo(), ...appBase(), ...device() }) as any, getSystemInfo: api('getSystemInfo', () => ({ ...windowInfo(), ...appBase(), ...device() })),
  getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, top: 26, right: innerWidth - 7, bottom: 58, left: innerWidth - 94 }),
  getSystemSetting: () => ({ locationEnabled: true }) as any, getAccountInfoSync: () => ({ miniProgram: { appId: 'wxharness', envVersion: 'develop', version: '' } }) as any, getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }) as any,
  canIUse: (s: string) => s.split('.')[0]! in impl, nextTick: (f: () => void) => { queueMicrotask(f) },
  createSelectorQuery: () => {
    // The page begins below the bar of the window, and its host is what scrolls.
    const { caller, host } = mp.router.top!
    const query: any = caller.createSelectorQuery()
    const exec = query.exec.bind(query)
    const of = (r: any) => (r === null ? r : 'scrollTop' in r ? { ...r, scrollTop: host.scrollTop } : { ...r, top: r.top - host.getBoundingClientRect().top, bottom: r.bottom - host.getBoundingClientRect().top })
    query.exec = (cb: (all: any[]) => void) => exec((all: any[]) => cb(all.map(of)))
    return query
  },
  createIntersectionObserver: (c: any, o: any) => c.createIntersectionObserver(o), onWindowResize() {}, offWindowResize() {}, onNetworkStatusChange: (f: any) => { addEventListener('online', () => f({ isConnected: true, networkType: 'wifi' })); addEventListener('offline', () => f({ isConnected: false, networkType: 'none' })) }, onKeyboardHeightChange() {}, offKeyboardHeightChange() {},
  createAnimation: () => { const a: any = new Proxy({}, { get: (_t, k) => (k === 'export' ? () => ({ actions: [] }) : () => a) }); return a },
  getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }) as any,
  env: { USER_DATA_PATH: 'wxfile://usr' },
}
export const wx = new Proxy(impl, {
  get(t, k: string) {
    if (k in t) return t[k]
    if (typeof k === 'symbol') return undefined
    if (mp.stubs[k]) return api(k, () => ({}))
    throw new Error(`wx.${k} is not in the browser harness; add it to harness/runtime/wx.ts or stub it`)
  },
})
