/** What somebody has written and not sent. It outlives a closed mini-program. */
import type { Category, Schemas } from './api'
import { keep } from './keep'
import type { Voice } from './voices'

export interface Draft {
  text: string
  address: string
  location: Schemas['Location'] | null
  locationName: string
  photos: string[]
  voices: Voice[]
  danger: string
  /** He answered that himself; until then his words do. */
  dangerChosen: boolean
  stuck: string
  /** Null while the guess stands. */
  category: Category | null
  behalf: boolean
  who: { name: string; phone: string; relation: string }
  phone: string
  /** The grid that was tapped when the resolver asked. */
  answer: string
  /** The scene of a scanned building code. */
  code: string
}

const KEY = 'draft'

export const emptyDraft = (): Draft => ({
  text: '', address: '', location: null, locationName: '', photos: [], voices: [], danger: 'no', dangerChosen: false, stuck: 'no', category: null,
  behalf: false, who: { name: '', phone: '', relation: '' }, phone: '', answer: '', code: '',
})

export function loadDraft(): Draft {
  const v: unknown = wx.getStorageSync(KEY)
  return { ...emptyDraft(), ...(typeof v === 'object' && v !== null ? (v as Partial<Draft>) : {}) }
}

export function saveDraft(d: Draft): void {
  keep(KEY, d)
}

/** Forgets what was sent; the phone number stays, so that nobody types it twice. */
export function clearDraft(phone: string): void {
  keep(KEY, { ...emptyDraft(), phone })
}

/** The request that a draft makes. */
export function reportOf(d: Draft, category: Category): Schemas['ReportBody'] {
  const words = (s: string) => (s.trim() === '' ? null : s.trim())
  // A scanned code says where; a place written before is not shown beside it and would mislead the worker.
  const scanned = d.code !== ''
  return {
    text: d.text.trim(),
    address: scanned ? null : words(d.address),
    building_code: words(d.code),
    category,
    contact_phone: words(d.phone),
    location: scanned ? null : d.location,
    on_behalf_of: d.behalf ? { name: d.who.name.trim(), phone: d.who.phone.trim(), relation: d.who.relation.trim() } : null,
    urgency: { danger: d.danger === 'yes', stuck: d.stuck === 'yes' },
  }
}
