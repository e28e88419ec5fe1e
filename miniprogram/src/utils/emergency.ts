/**
 * Words that call for 110, 119, 120 or 122 before anything is sent. The server decides urgency with the
 * same words (src/domain/case/emergency.rs, which says what they mean); tests/unit/emergency.test.mjs
 * tries both on the same sentences.
 */
import { REACHED, SIGNS, WORDS, type Sign } from './emergency-words'

export interface Hotline {
  number: string
  text: string
}

const FIRE: Hotline = { number: '119', text: '火警、燃气泄漏、被困请立即拨打119' }
const POLICE: Hotline = { number: '110', text: '人身安全受到威胁请立即拨打110' }
const MEDICAL: Hotline = { number: '120', text: '有人受伤或突发疾病请立即拨打120' }
const TRAFFIC: Hotline = { number: '122', text: '交通事故请立即拨打122' }
export const LINES: readonly Hotline[] = [FIRE, POLICE, MEDICAL, TRAFFIC]

const has = (text: string, words: string) => words.split(' ').some((w) => w !== '' && text.includes(w))

function isIn(sign: Sign, sentence: string): boolean {
  const fits = (clause: string) => has(clause, sign.words) && (sign.beside === '' || has(clause, sign.beside)) && (!has(clause, sign.unless) || has(clause, REACHED))
  return (sign.near === '' || has(sentence, sign.near)) && sentence.split(/[，、,：:.…]/).some(fits)
}

/** Lists the numbers that a text calls for, each once. A false alarm costs a call, a missed one a life. */
export function hotlines(text: string): Hotline[] {
  const plain = text.replace(/\s/g, '')
  const sentences = plain.split(/[。！？；!?;]/)
  return LINES.filter(({ number }) => WORDS.some(([of, words]) => of === number && has(plain, words)) || SIGNS.some((s) => s.line === number && sentences.some((one) => isIn(s, one))))
}
