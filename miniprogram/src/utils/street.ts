/**
 * The street as its server describes it: telephones and the policy in force. The last answer stays in
 * this phone, so that there is a number to call also without a network; a phone that never had an
 * answer knows 12345, which is the same in every town.
 */
import type { Schemas } from './api'
import { glue } from './glue'
import { read } from './http'
import { keep } from './keep'

export type Street = Schemas['StreetOut']

/** A telephone of the street: whose it is, and the remark in brackets behind that, most often the hours, which goes to the next line as one (`.aside`). */
export interface Phone {
  number: string
  purpose: string
  whose: string
  aside: string
}

const KEY = 'street'
const NEVER_ASKED: Street = { name: '', emergency: [], phones: [{ number: '12345', purpose: '政务服务便民热线' }], privacy: { version: '' } }

/** What was last heard of it. */
export function street(): Street {
  const v: unknown = wx.getStorageSync(KEY)
  return typeof v === 'object' && v !== null ? (v as Street) : NEVER_ASKED
}

export const phonesOf = (s: Street): Phone[] => s.phones.map((p) => {
  const [, whose = p.purpose, aside = ''] = /^([^（]+)(（.+）)$/.exec(p.purpose) ?? []
  return { ...p, whose, aside: glue(aside) }
})

/** Asks the server; nobody has to be signed in. Without an answer it is what was heard last. */
export async function askStreet(): Promise<Street> {
  try {
    keep(KEY, await read('/api/v1/street'))
  } catch {
    // The numbers of last time are better than none.
  }
  return street()
}
