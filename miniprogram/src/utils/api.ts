/** The API in words: types of the server's document, and one function for each thing a page does. */
import type { components } from './api-schema'
import { call } from './http'

export type Schemas = components['schemas']
export type Case = Schemas['CaseView']
export type Detail = Schemas['CaseDetail']
export type TimelineEvent = Schemas['EventView']
export type FollowCode = Schemas['FollowCodeOut']
export type Located = Schemas['LocatedView']
/** Somebody responsible; of a case also whether he took it. */
export type Person = Omit<Schemas['ResponsibleView'], 'taken'> & { taken?: boolean }
export type Report = Schemas['ReportBody']
export type Category = Schemas['Category']
export type Asked = Schemas['Asked']
export type InboxEntry = Schemas['InboxEntry']
export type WaitingPause = Schemas['WaitingPause']
export type Position = Schemas['PositionView']
export type MyData = Schemas['MyDataOut']
export type Look = Schemas['LookOut']
export type Privacy = Schemas['PrivacyOut']
export type PersonOnDuty = Schemas['PersonView']
export type MyGrid = Schemas['MyGridView']
export type Consent = Schemas['ConsentOut']

/** Sub-resources of a case that only need words; the rest have functions of their own types. */
type Bodies = {
  acknowledgement: Schemas['VersionBody']
  contacts: Schemas['ContactBody']
  updates: Schemas['UpdateBody']
  resolution: Schemas['ResolutionBody']
  confirmation: Schemas['ConfirmationBody']
  rating: Schemas['RatingBody']
  reopening: Schemas['ReopeningBody']
  return: Schemas['ReturnBody']
  transfer: Schemas['GridBody']
  reminder: Schemas['NoteBody']
  cancellation: Schemas['NoteBody']
  hold: Schemas['HoldBody']
  pause: Schemas['PauseBody']
  pause_decision: Schemas['PauseDecisionBody']
  extension: Schemas['ExtensionBody']
  extension_decision: Schemas['ExtensionDecisionBody']
  resumption: Schemas['VersionBody']
  agreement: Schemas['VersionBody']
  assignment: Schemas['AssignmentBody']
  merge: Schemas['MergeBody']
  appeal: Schemas['ReasonBody']
  answer: Schemas['AnswerBody']
  diversion: Schemas['ReasonBody']
}
export type Verb = keyof Bodies
/** A body without the version, which is known only when it is sent. */
export type BodyFor<V extends Verb> = Omit<Bodies[V], 'expected_version'>

export const resolveAddress = (body: Schemas['ResolveBody']) => call('post', '/api/v1/address/resolve', { body })
export const report = (body: Report, key: string) => call('post', '/api/v1/cases', { body, key })
export const cases = (query: { state?: string; grid?: string; overdue?: boolean; reported_by_me?: boolean; waiting_first?: boolean; finished_since?: string; cursor?: string; limit?: number }) =>
  call('get', '/api/v1/cases', { query })
export const triage = (query: { cursor?: string; limit?: number }) => call('get', '/api/v1/triage', { query })
export const caseDetail = (id: number) => call('get', '/api/v1/cases/{id}', { path: { id } })
/** Takes away the number that was left with one request. */
export const forgetCasePhone = (id: number) => call('delete', '/api/v1/cases/{id}/phone', { path: { id } })
export const account = () => call('get', '/api/v1/account')
export const keepPhone = (code: string) => call('post', '/api/v1/account/phone', { body: { code } })
export const bind = (code: string) => call('post', '/api/v1/staff/binding', { body: { code } })
export const inbox = (cursor?: string, limit = 30) => call('get', '/api/v1/inbox', { query: { limit, ...(cursor === undefined ? {} : { cursor }) } })
export const markRead = (id: number) => call('post', '/api/v1/inbox/{id}/reading', { path: { id } })
/** The pauses that wait for the speaker's word; none for who is no cadre. */
export const pauses = () => call('get', '/api/v1/pauses')
/** The small grids of the communities in which the speaker serves. */
export const ownGrids = () => call('get', '/api/v1/grids')

/** Does one thing to a case at the version seen; under one `key` it is done once, however often it is sent. */
export function act<V extends Verb>(id: number, verb: V, expected_version: number, body: BodyFor<V>, key?: string): Promise<Case> {
  const path = `/api/v1/cases/{id}/${verb}` as '/api/v1/cases/{id}/updates'
  return call('post', path, { path: { id }, body: { ...body, expected_version } as unknown as Schemas['UpdateBody'], ...(key === undefined ? {} : { key }) })
}

export const consents = () => call('get', '/api/v1/my/consents')
export const myData = () => call('get', '/api/v1/my/data')
export const correctMyData = (body: Schemas['CorrectBody']) => call('put', '/api/v1/my/data', { body })
export const eraseMyData = (confirm: string) => call('delete', '/api/v1/my/data', { body: { confirm } })
export const exportMyData = () => call('get', '/api/v1/my/data/export')
export const forgetPhone = () => call('delete', '/api/v1/my/data/phone')
export const looks = (cursor?: string) => call('get', '/api/v1/my/data/looks', { query: { limit: 10, cursor } })
export const privacy = () => call('get', '/api/v1/my/privacy')
export const agreePrivacy = (version: string) => call('put', '/api/v1/my/privacy', { body: { version } })
export const withdrawPrivacy = () => call('delete', '/api/v1/my/privacy')
export const bulletins = (limit: number, cursor?: string) => call('get', '/api/v1/bulletins', { query: { limit, cursor } })
export const readBulletin = (id: number) => call('post', '/api/v1/bulletins/{id}/reading', { path: { id } })
export const myGrid = () => call('get', '/api/v1/my/grid')
export const gridOf = (address: string) => call('post', '/api/v1/my/grid', { body: { address } })
export const channels = () => call('get', '/api/v1/my/channels')
/** A code of the official account for this member of staff; the last one is void then. */
export const followCode = () => call('post', '/api/v1/my/channels/oa_template/code')
export const testChannel = (channel: Schemas['Channel']) => call('post', '/api/v1/my/channels/{channel}/test', { path: { channel } })
export const enterLeave = (body: Schemas['EnterLeave'], key: string) => call('post', '/api/v1/leaves', { body, key })

/** Shifts, roster and notices of the street: what staff do beside cases. */
export type Duty = Schemas['MyDutyOut']
export type Week = Schemas['WeekOut']
export type Swap = Schemas['SwapOut']
export type Colleague = Schemas['ColleagueOut']
export type Leave = Schemas['ListedLeave']
export type Bulletin = Schemas['BulletinOut']
export const myDuty = () => call('get', '/api/v1/my/duty')
export const signDuty = (on: boolean, confirm = false) => call('put', '/api/v1/my/duty', { body: { on, confirm } })
export const week = (from: string) => call('get', '/api/v1/roster/week', { query: { from } })
export const leaves = () => call('get', '/api/v1/leaves', { query: { limit: 50 } })
export const cancelLeave = (id: number) => call('delete', '/api/v1/leaves/{id}', { path: { id }, key: `leave-${id}` })
export const swaps = () => call('get', '/api/v1/swaps')
export const askSwap = (body: Schemas['AskSwap'], key: string) => call('post', '/api/v1/swaps', { body, key })
export type SwapStep = 'acceptance' | 'refusal' | 'approval' | 'withdrawal'
export const moveSwap = (id: number, step: SwapStep): Promise<Swap> => call('post', `/api/v1/swaps/{id}/${step}` as '/api/v1/swaps/{id}/approval', { path: { id }, key: `swap-${id}-${step}` })
export const ownBulletins = () => call('get', '/api/v1/bulletins', { query: { all: true } })
export const writeBulletin = (body: Schemas['WriteBulletin'], key: string) => call('post', '/api/v1/bulletins', { body, key })
export const moveBulletin = (id: number, step: 'approval' | 'withdrawal') => call('post', `/api/v1/bulletins/{id}/${step}` as '/api/v1/bulletins/{id}/approval', { path: { id } })
