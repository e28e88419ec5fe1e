/**
 * What calls for 110, 119, 120 or 122 before anything is sent. The server decides urgency by the same
 * table (src/domain/case/emergency, which says how it is read); tests/unit/emergency.test.mjs tries
 * both on the same sentences.
 */
import { CALLS, CALM, GROUPS, UNHURT, VOID } from './emergency-table'

export interface Hotline {
  number: string
  text: string
}

const FIRE: Hotline = { number: '119', text: '火警、燃气泄漏、被困请立即拨打119' }
const POLICE: Hotline = { number: '110', text: '人身安全受到威胁请立即拨打110' }
const MEDICAL: Hotline = { number: '120', text: '有人受伤或突发疾病请立即拨打120' }
const TRAFFIC: Hotline = { number: '122', text: '交通事故请立即拨打122' }
export const LINES: readonly Hotline[] = [FIRE, POLICE, MEDICAL, TRAFFIC]

/** How many characters may stand between two parts: beside each other and in one clause, after …, after ……. */
const GAPS = [4, 14, 40] as const
const CLAUSE = /[，、,：:.…]/

interface Call {
  parts: { gap: number; words: string[] }[]
  unless: string[]
  anywhere: boolean
}

interface Span {
  from: number
  to: number
}

const list = (text: string): string[] =>
  text.split('|').flatMap((word) => (word.startsWith('@') ? (GROUPS[word.slice(1)] ?? '').split('|') : [word])).filter((word) => word !== '')

function read(text: string): Call {
  const anywhere = text.includes(' !! ')
  const [parts, unless] = text.split(anywhere ? ' !! ' : ' ! ')
  const call: Call = { parts: [], unless: list(unless ?? ''), anywhere }
  let gap: number = GAPS[0]
  for (const part of (parts ?? '').split(' ')) {
    if (part === '…') gap = GAPS[1]
    else if (part === '……') gap = GAPS[2]
    else {
      call.parts.push({ gap, words: list(part) })
      gap = GAPS[0]
    }
  }
  return call
}

/** A sentence, and where words stand in it. */
class Sentence {
  private readonly clauses: number[] = []
  constructor(readonly text: string) {
    let clause = 0
    for (let at = 0; at < text.length; at += 1) {
      const mark = CLAUSE.test(text.charAt(at)) ? 1 : 0
      clause += mark
      this.clauses.push(clause)
      clause += mark
    }
  }

  spans(words: readonly string[]): Span[] {
    const found: Span[] = []
    for (const word of words) for (let at = this.text.indexOf(word); at >= 0; at = this.text.indexOf(word, at + 1)) found.push({ from: at, to: at + word.length })
    return found
  }

  has(words: readonly string[]): boolean {
    return words.some((word) => this.text.includes(word))
  }

  together(a: number, b: number): boolean {
    return this.clauses[a] === this.clauses[b]
  }

  hasBeside(words: readonly string[], span: Span): boolean {
    const clause = (at: number) => this.clauses[at] ?? 0
    const [first, last] = [clause(span.from), clause(span.to - 1)]
    return this.spans(words).some((hit) => clause(hit.from) >= first && clause(hit.to - 1) <= last)
  }
}

/** Where the parts follow one another: for each end the latest beginning. */
function found(call: Call, sentence: Sentence): Span[] {
  let ends: Map<number, number> | null = null
  for (const part of call.parts) {
    const next = new Map<number, number>()
    for (const hit of sentence.spans(part.words)) {
      let from = ends ? -1 : hit.from
      for (const [end, begin] of ends ?? []) {
        const near = part.gap > GAPS[0] || sentence.together(end - 1, hit.from)
        if (end <= hit.from && hit.from - end <= part.gap && near) from = Math.max(from, begin)
      }
      if (from >= 0) next.set(hit.to, Math.max(from, next.get(hit.to) ?? 0))
    }
    if (next.size === 0) return []
    ends = next
  }
  return [...(ends ?? [])].map(([to, from]) => ({ from, to }))
}

function isIn(call: Call, sentence: Sentence): boolean {
  if (call.anywhere && sentence.has(call.unless)) return false
  return found(call, sentence).some((span) => call.anywhere || !sentence.hasBeside(call.unless, span))
}

interface Table {
  calls: { number: string; calls: Call[] }[]
  errand: Call[]
  elsewhen: Call[]
  now: string[]
  mask: string[]
  void: string[]
  unhurt: string[]
}

let table: Table | undefined
/** Read when a text is first looked at: no page waits for it. */
const ready = (): Table =>
  (table ??= {
    calls: LINES.map(({ number }) => ({ number, calls: (CALLS[number] ?? []).map(read) })),
    errand: CALM.errand.map(read),
    elsewhen: CALM.elsewhen.map(read),
    now: list(CALM.now),
    mask: list(CALM.mask),
    void: list(VOID),
    unhurt: list(UNHURT),
  })

const strike = (text: string, words: readonly string[]) => words.reduce((rest, word) => rest.split(word).join(''), text)

function isCalm(t: Table, text: string): boolean {
  const whole = new Sentence(text)
  if (t.errand.some((call) => isIn(call, whole))) return true
  const bare = new Sentence(strike(text, t.mask))
  return t.elsewhen.some((call) => isIn(call, bare)) && !bare.has(t.now)
}

function called(text: string): string[] {
  const t = ready()
  if (isCalm(t, text)) return []
  const unhurt = t.unhurt.some((word) => text.includes(word))
  const sentence = new Sentence(strike(text, t.void))
  return t.calls.filter(({ number, calls }) => !(unhurt && number === MEDICAL.number) && calls.some((call) => isIn(call, sentence))).map(({ number }) => number)
}

/** Lists the numbers that a text calls for, each once. A false alarm costs a call, a missed one a life. */
export function hotlines(text: string): Hotline[] {
  const numbers = text.replace(/\s/g, '').split(/[。！？；!?;]/).flatMap(called)
  return LINES.filter(({ number }) => numbers.includes(number))
}
