// WeChat's built-in components, just enough of each for behavioural tests. Unknown attributes raise a glass-easel
// warning, and the harness turns warnings into test failures, so a gap here is loud, never silent.
import * as ge from 'glass-easel'

export type FormField = { name(): string; value(): unknown; reset(): void }
export const formFields = new WeakMap<Element, FormField>()

type El = HTMLElement & { __wxElement?: ge.GeneralComponent }
type Self = any
interface Spec {
  props?: Record<string, any>
  data?: Record<string, unknown>
  created?(self: Self, el: El): void
  update?: Record<string, (el: El, v: any, self: Self) => void>
}

const space = new ge.ComponentSpace()
export const builtins: Record<string, ge.GeneralComponentDefinition> = {}
const COMMON = {
  hidden: Boolean, ariaRole: String, ariaLabel: String, ariaHidden: null, ariaDisabled: null, ariaChecked: null,
  ariaSelected: null, ariaExpanded: null, ariaLive: String, ariaModal: null, ariaValuenow: null, ariaValuemin: null, ariaValuemax: null, role: String, tabindex: null, ariaDescribedby: String, ariaLabelledby: String, ariaHaspopup: null,
  hoverClass: String, hoverStopPropagation: null, hoverStartTime: null, hoverStayTime: null, animation: null, catchMove: null, disableScroll: null,
}
const ARIA: Record<string, string> = {
  ariaRole: 'role', role: 'role', ariaLabel: 'aria-label', ariaHidden: 'aria-hidden', ariaDisabled: 'aria-disabled', ariaChecked: 'aria-checked',
  ariaSelected: 'aria-selected', ariaExpanded: 'aria-expanded', ariaLive: 'aria-live', ariaModal: 'aria-modal', tabindex: 'tabindex',
}
const attr = (el: Element, name: string, v: unknown) => {
  if (v === false || v === null || v === undefined || v === '') el.removeAttribute(name)
  else el.setAttribute(name, v === true ? (name.startsWith('aria-') ? 'true' : '') : String(v))
}

function define(tag: string, spec: Spec = {}) {
  const properties = { ...COMMON, ...spec.props }
  const observers: Record<string, any> = {
    hidden(this: Self, v: boolean) { this.$el.toggleAttribute('hidden', v) },
  }
  for (const k of Object.keys(ARIA)) observers[k] = function (this: Self, v: unknown) { if (v !== undefined && v !== null && v !== '') attr(this.$el, ARIA[k]!, v) }
  for (const [k, f] of Object.entries(spec.update ?? {})) observers[k] = function (this: Self, v: unknown) { f(this.$el, v, this) }
  builtins[tag] = space.defineComponent({
    is: tag,
    properties: properties as any,
    data: spec.data ?? {},
    observers,
    lifetimes: {
      created(this: Self) {
        this.$el = this.getBackendElement()
        this.emit = (name: string, detail: unknown, o = {}) => this.triggerEvent(name, detail, { bubbles: false, composed: false, ...o })
        spec.created?.(this, this.$el)
        // initial property values do not fire observers
        for (const k of [...Object.keys(ARIA), 'hidden', ...Object.keys(spec.update ?? {})]) observers[k].call(this, this.data[k])
      },
    },
  } as any) as any
}

const raw = <K extends keyof HTMLElementTagNameMap>(el: El, tag: K, cls?: string): HTMLElementTagNameMap[K] => {
  const n = document.createElement(tag)
  if (cls) n.className = cls
  el.appendChild(n)
  return n
}

for (const t of ['view', 'cover-view', 'swiper-item', 'movable-area', 'page-container', 'match-media', 'root-portal']) define(t, { props: { enable: null, itemId: String, show: null } })
define('text', { props: { selectable: Boolean, userSelect: Boolean, space: String, decode: Boolean, maxLines: null, overflow: String } })

define('button', {
  props: {
    type: { type: String, value: 'default' }, size: String, plain: Boolean, disabled: Boolean, loading: Boolean, formType: String, openType: String, lang: String,
    activityType: null, entrancePath: null, needShowEntrance: null, sessionFrom: null, sendMessageTitle: null, sendMessagePath: null, sendMessageImg: null,
    appParameter: null, showMessageCard: null, phoneNumberNoQuotaToast: null, name: null, value: null,
  },
  update: {
    type: (el, v) => attr(el, 'type', v),
    disabled: (el, v) => { attr(el, 'disabled', v); attr(el, 'aria-disabled', v) },
  },
  created(self, el) {
    el.setAttribute('role', 'button')
    el.tabIndex = 0
    el.addEventListener('keydown', (e) => { if (e.key === 'Enter' || e.key === ' ') el.click() })
    self.addListener('tap', () => {
      if (self.data.disabled) return
      const form = el.closest('wx-form') as El | null
      if (self.data.formType === 'submit') (form?.__wxElement as Self)?.submitForm()
      if (self.data.formType === 'reset') (form?.__wxElement as Self)?.resetForm()
      if (self.data.openType === 'getPhoneNumber') self.emit('getphonenumber', (window as any).__mp.openData('getPhoneNumber'))
      if (self.data.openType === 'agreePrivacyAuthorization') self.emit('agreeprivacyauthorization', {})
      if (self.data.openType === 'chooseAvatar') self.emit('chooseavatar', (window as any).__mp.openData('chooseAvatar'))
    })
  },
})

define('form', {
  props: { reportSubmit: null, reportSubmitTimeout: null },
  created(self, el) {
    const fields = () => [...el.querySelectorAll('*')].map((e) => formFields.get(e)).filter((f): f is FormField => !!f && f.name() !== '')
    self.submitForm = () => self.emit('submit', { value: Object.fromEntries(fields().map((f) => [f.name(), f.value()])) })
    self.resetForm = () => { fields().forEach((f) => f.reset()); self.emit('reset', {}) }
  },
})

const TEXT_PROPS = {
  value: null, name: String, placeholder: String, placeholderStyle: String, placeholderClass: String, disabled: Boolean, maxlength: { type: Number, value: 140 },
  focus: Boolean, autoFocus: Boolean, confirmType: String, confirmHold: Boolean, cursor: null, cursorSpacing: null, cursorColor: null, selectionStart: null, selectionEnd: null,
  adjustPosition: null, holdKeyboard: null, showConfirmBar: null, autoHeight: Boolean, fixed: null, disableDefaultPadding: null, type: String, password: Boolean, alwaysEmbed: null, safePasswordCertPath: null, safePasswordLength: null, safePasswordTimeStamp: null, safePasswordNonce: null, safePasswordSalt: null, safePasswordCustomHash: null, bindkeyboardheightchange: null,
}
for (const tag of ['input', 'textarea'] as const) {
  define(tag, {
    props: TEXT_PROPS,
    created(self, el) {
      const n = (self.input = raw(el, tag) as HTMLInputElement | HTMLTextAreaElement)
      formFields.set(el, { name: () => self.data.name, value: () => n.value, reset: () => { n.value = '' } })
      self.fit = () => { if (tag === 'textarea' && self.data.autoHeight) { n.style.height = 'auto'; n.style.height = `${n.scrollHeight}px` } }
      n.addEventListener('input', (e) => {
        e.stopPropagation()
        self.getDataProxy?.()
        self.fit?.()
        self.emit('input', { value: n.value, cursor: n.selectionStart ?? n.value.length, keyCode: 0 })
        const listener = self.$model
        if (listener) listener(n.value)
      })
      n.addEventListener('focus', () => self.emit('focus', { value: n.value, height: 0 }))
      n.addEventListener('blur', () => self.emit('blur', { value: n.value, cursor: n.selectionStart ?? 0 }))
      n.addEventListener('keydown', ((e: KeyboardEvent) => { if (e.key === 'Enter' && tag === 'input') self.emit('confirm', { value: n.value }) }) as EventListener)
    },
    update: {
      value: (_el, v, s) => { if (s.input.value !== v) s.input.value = v ?? ''; queueMicrotask(() => s.fit()) },
      placeholder: (_el, v, s) => attr(s.input, 'placeholder', v),
      // The class is of the component around; what it says about colour goes to the browser's own placeholder.
      placeholderClass: (el, v, s) => queueMicrotask(() => {
        const probe = document.createElement('span')
        probe.className = `${/(\S+--)/.exec(el.className)?.[1] ?? ''}${v}`
        el.append(probe)
        s.input.style.setProperty('--placeholder', getComputedStyle(probe).color)
        probe.remove()
      }),
      ariaLabel: (_el, v, s) => attr(s.input, 'aria-label', v),
      disabled: (_el, v, s) => { s.input.disabled = !!v },
      maxlength: (_el, v, s) => (v >= 0 ? s.input.setAttribute('maxlength', String(v)) : s.input.removeAttribute('maxlength')),
      password: (_el, v, s) => { if (tag === 'input') s.input.type = v ? 'password' : 'text' },
      focus: (_el, v, s) => { if (v) s.input.focus() },
    },
  })
}

define('image', {
  props: { src: String, mode: { type: String, value: 'scaleToFill' }, lazyLoad: null, webp: null, showMenuByLongpress: null, fadeIn: null, forceHttps: null },
  created(self, el) {
    self.img = raw(el, 'div', 'wx-img')
    el.setAttribute('role', 'img')
    self.paint = () => {
      const { src, mode } = self.data
      const at = src ? (globalThis as any).__fileUrl(src) : ''
      self.img.style.backgroundImage = at ? `url("${at}")` : ''
      self.img.style.backgroundSize = { aspectFit: 'contain', aspectFill: 'cover', widthFix: '100% auto', heightFix: 'auto 100%' }[mode as string] ?? '100% 100%'
      self.img.style.backgroundPosition = 'center'
      if (!src) return
      const probe = new Image()
      probe.onload = () => self.emit('load', { width: probe.naturalWidth, height: probe.naturalHeight })
      probe.onerror = () => self.emit('error', { errMsg: `GET ${src} failed` })
      probe.src = at
    }
  },
  update: { src: (_e, _v, s) => s.paint(), mode: (_e, _v, s) => s.paint() },
})

define('picker', {
  props: { mode: { type: String, value: 'selector' }, range: { type: Array, value: [] }, rangeKey: String, value: null, disabled: Boolean, name: String, headerText: String, start: String, end: String, fields: String, customItem: null, level: null },
  created(self, el) {
    el.setAttribute('role', 'button')
    el.tabIndex = 0
    formFields.set(el, { name: () => self.data.name, value: () => self.data.value, reset: () => {} })
    self.addListener('tap', () => {
      if (self.data.disabled) return
      const { mode, range, rangeKey } = self.data
      const ui = document.getElementById('host-ui')!
      const sheet = document.createElement('div')
      sheet.className = 'wx-host-sheet'
      sheet.setAttribute('role', 'listbox')
      const done = (value: unknown) => { sheet.remove(); self.emit('change', { value }) }
      if (mode === 'selector') {
        range.forEach((r: any, i: number) => {
          const b = document.createElement('button')
          b.setAttribute('role', 'option')
          b.textContent = rangeKey ? r[rangeKey] : String(r)
          b.onclick = () => done(String(i))
          sheet.append(b)
        })
      } else if (mode === 'date' || mode === 'time') {
        const i = document.createElement('input')
        i.type = mode
        i.value = String(self.data.value ?? '')
        const ok = document.createElement('button')
        ok.textContent = '确定'
        ok.onclick = () => done(i.value)
        sheet.append(i, ok)
      } else throw new Error(`picker mode ${mode}: not in the harness yet`)
      const cancel = document.createElement('button')
      cancel.textContent = '取消'
      cancel.onclick = () => { sheet.remove(); self.emit('cancel', {}) }
      sheet.append(cancel)
      ui.append(sheet)
    })
  },
})

define('scroll-view', {
  props: { scrollX: Boolean, scrollY: Boolean, scrollTop: null, scrollLeft: null, scrollIntoView: String, scrollWithAnimation: null, enhanced: null, showScrollbar: null, bounces: null, upperThreshold: null, lowerThreshold: { type: Number, value: 50 }, enableBackToTop: null, enableFlex: null, refresherEnabled: null, refresherTriggered: null, refresherThreshold: null, refresherDefaultStyle: null, refresherBackground: null, type: null, fastDeceleration: null, pagingEnabled: null, usingSticky: null, scrollAnchoring: null, throttle: null, enablePassive: null },
  created(self, el) {
    // a finger scrolls it on a phone; a keyboard here
    el.tabIndex = 0
    el.addEventListener('scroll', () => {
      self.emit('scroll', { scrollTop: el.scrollTop, scrollLeft: el.scrollLeft, scrollHeight: el.scrollHeight, scrollWidth: el.scrollWidth })
      if (el.scrollTop + el.clientHeight >= el.scrollHeight - self.data.lowerThreshold) self.emit('scrolltolower', { direction: 'bottom' })
    })
  },
  update: { scrollX: (el, v) => attr(el, 'scroll-x', v), scrollY: (el, v) => attr(el, 'scroll-y', v), scrollTop: (el, v) => { if (typeof v === 'number') el.scrollTop = v } },
})

define('switch', {
  props: { checked: Boolean, disabled: Boolean, type: String, color: String, name: String },
  created(self, el) {
    const n = (self.input = raw(el, 'input'))
    n.type = 'checkbox'
    n.setAttribute('role', 'switch')
    formFields.set(el, { name: () => self.data.name, value: () => n.checked, reset: () => { n.checked = false } })
    n.addEventListener('change', (e) => { e.stopPropagation(); self.emit('change', { value: n.checked }) })
  },
  update: { checked: (_e, v, s) => { s.input.checked = v }, disabled: (_e, v, s) => { s.input.disabled = v }, ariaLabel: (_e, v, s) => attr(s.input, 'aria-label', v) },
})
for (const kind of ['radio', 'checkbox'] as const) {
  define(`${kind}-group`, {
    props: { name: String },
    created(self, el) {
      const items = () => [...el.querySelectorAll(`wx-${kind} input`)] as HTMLInputElement[]
      self.value = () => { const v = items().filter((i) => i.checked).map((i) => i.value); return kind === 'radio' ? v[0] ?? '' : v }
      formFields.set(el, { name: () => self.data.name, value: () => self.value(), reset: () => items().forEach((i) => { i.checked = false }) })
      el.addEventListener('change', (e) => {
        e.stopPropagation()
        if (kind === 'radio') items().forEach((i) => { if (i !== e.target) i.checked = false })
        self.emit('change', { value: self.value() })
      })
    },
  })
  define(kind, {
    props: { value: String, checked: Boolean, disabled: Boolean, color: String, name: null },
    created(self, el) { const n = (self.input = raw(el, 'input')); n.type = kind },
    update: { value: (_e, v, s) => { s.input.value = v }, checked: (_e, v, s) => { s.input.checked = v }, disabled: (_e, v, s) => { s.input.disabled = v } },
  })
}
define('label', { props: { for: String } })
define('navigator', {
  props: { url: String, openType: { type: String, value: 'navigate' }, delta: Number, target: null, appId: null, path: null },
  created(self, el) {
    el.setAttribute('role', 'link')
    self.addListener('tap', () => {
      const f = { navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch', navigateBack: 'navigateBack' }[self.data.openType as string]
      ;(window as any).wx[f!]({ url: self.data.url, delta: self.data.delta })
    })
  },
})
define('progress', { props: { percent: Number, showInfo: null, strokeWidth: null, activeColor: null, backgroundColor: null, active: null } })
define('icon', { props: { type: String, size: null, color: null } })
/** A map without a map: its marks stand in their order with their labels, and a tap on one is told. */
define('map', {
  props: { longitude: null, latitude: null, scale: null, markers: null, polygons: null, polyline: null, circles: null, showLocation: null, includePoints: null, enableZoom: null, enableScroll: null },
  update: {
    markers: (el, v, self) => {
      el.querySelectorAll('.wx-mark').forEach((m) => m.remove())
      for (const m of (v ?? []) as any[]) {
        const box = document.createElement('span')
        box.className = 'wx-mark'
        box.textContent = m.callout?.content ?? ''
        box.style.cssText = `display:inline-block;margin:8px;padding:4px 8px;font-size:${m.callout?.fontSize ?? 12}px;color:${m.callout?.color ?? '#000'};background:${m.callout?.bgColor ?? '#fff'}`
        box.addEventListener('click', () => self.emit('markertap', { markerId: m.id }))
        el.append(box)
      }
    },
  },
})
define('swiper', { props: { current: null, autoplay: null, indicatorDots: null, circular: null, interval: null, duration: null, vertical: null, indicatorColor: null, indicatorActiveColor: null, displayMultipleItems: null, easingFunction: null, previousMargin: null, nextMargin: null, snapToEdge: null } })
define('rich-text', {
  props: { nodes: null, space: String },
  update: { nodes: (el, v) => { el.textContent = typeof v === 'string' ? v.replace(/<[^>]*>/g, '') : '' } },
})

for (const t of ['picker-view', 'picker-view-column']) define(t, { props: { value: null, indicatorStyle: String, indicatorClass: String, maskStyle: String, maskClass: String, immediateChange: null } })
for (const t of ['canvas', 'video', 'movable-view', 'cover-image', 'web-view']) define(t, { props: { type: null, canvasId: null, src: null, x: null, y: null, direction: null, inertia: null, outOfBounds: null, damping: null, friction: null, disabled: null, scale: null, scaleMin: null, scaleMax: null, scaleValue: null, objectFit: null, controls: null, autoplay: null } })
/** <page-meta root-font-size page-style>: how a page follows the user's font size without a class on every node */
define('page-meta', {
  props: { rootFontSize: String, pageStyle: String, pageFontSize: String, backgroundTextStyle: null, backgroundColor: null, scrollTop: null },
  update: {
    rootFontSize: (_e, v) => { document.documentElement.style.fontSize = v === 'system' ? '16px' : v },
    pageStyle: (el, v) => { queueMicrotask(() => el.closest('wx-page')?.setAttribute('style', v)) },
  },
})
