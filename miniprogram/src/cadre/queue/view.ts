/** What waits for the word of a cadre, as his queue shows it on top. */
import type { Case, WaitingPause } from '../../utils/api'
import { reasonOf } from '../../utils/again'
import { lastSeen } from '../../utils/copies'
import { rowOf } from '../../utils/desk'
import { glue } from '../../utils/glue'
import { streetNow, when } from '../../utils/time'
import { moreDays } from '../../utils/words'

export interface Asking {
  id: number
  number: string
  title: string
  note: string
  text: string
  left: string
  /** Everything that a word needs is here; otherwise he looks first. */
  whole: boolean
}

export function pauseOf(p: WaitingPause, now = streetNow()): Asking {
  const { pause } = p.case
  const until = pause ? when(pause.until, now) : ''
  return {
    id: p.case.id, number: p.case.number, title: glue(`${p.asked_by} 申请挂起到${until}`), note: `${pause ? pause.reason_zh : ''}：${p.note}`,
    text: p.case.text, left: rowOf(p.case, now).due, whole: true,
  }
}

/** Requests for more time: a list knows no reason, so it is read in the case, or as it was seen there last. */
export function moreTime(all: readonly Case[], now = streetNow()): Asking[] {
  return all.filter((c) => c.extension?.state === 'asked' && c.allowed.includes('extension_decision')).map((c) => {
    const asked = [...(lastSeen(c.id)?.timeline ?? [])].reverse().find((e) => e.kind === 'extension_asked')
    const owner = c.responsible.find((p) => p.role === 'grid_worker_primary')
    const reason = asked ? reasonOf(asked) : ''
    const who = asked?.name ?? (owner ? `${owner.name}的工单` : '')
    return {
      id: c.id, number: c.number, title: glue(`${who} 申请延期 ${moreDays(c.extension?.days ?? '', c)}`.trim()), text: c.text, left: rowOf(c, now).due, whole: false,
      note: glue(`现在要在${when(c.promised.resolve_by, now)}前办结。${reason === '' ? '' : `原因：${reason}`}`),
    }
  })
}
