/** What somebody finished, as the page shows it. */
import type { Case } from '../../utils/api'
import { ms, when } from '../../utils/time'
import { categoryLabel, stateTone, type Tone } from '../../utils/words'

interface Row {
  id: number
  label: string
  state: string
  tone: Tone
  text: string
  about: string
  time: string
}
export interface Part {
  name: string
  rows: Row[]
}
const row = (c: Case): Row => ({
  id: c.id, label: `${c.state_zh}，${c.text}`, state: c.state_zh, tone: stateTone(c), text: c.text,
  about: `${categoryLabel(c.category)}　${c.grid.small?.name ?? c.grid.large?.name ?? ''}`, time: when(c.resolved_at ?? c.reported_at),
})

/** Today, and the days since Monday before it; newest result first. */
export function partsOf(all: readonly Case[], today: string): Part[] {
  const sorted = [...all].sort((a, b) => ms(b.resolved_at ?? b.reported_at) - ms(a.resolved_at ?? a.reported_at))
  const of = (c: Case) => ms(c.resolved_at ?? c.reported_at) >= ms(today)
  const parts: [string, Case[]][] = [['今天', sorted.filter(of)], ['本周早些时候', sorted.filter((c) => !of(c))]]
  return parts.filter(([, found]) => found.length > 0).map(([name, found]) => ({ name: `${name}　${found.length} 件`, rows: found.map(row) }))
}
