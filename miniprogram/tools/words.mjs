// Writes the words of an emergency, which the server keeps, for the phone; with --check it writes nothing
// and fails when they would change.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const repo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const { groups, words, signs, reached } = JSON.parse(fs.readFileSync(path.join(repo, '../src/domain/case/emergency.json'), 'utf8'))
const named = Object.keys(groups)
// A group is written once: the phone's package is small.
const text = (list) => {
  const parts = list.split(' ').map((w) => (w.startsWith('@') ? { group: w.slice(1) } : w))
  for (const p of parts) if (p.group && !named.includes(p.group)) throw new Error(`no group @${p.group}`)
  return `\`${parts.map((p) => (p.group ? `\${${p.group}}` : p)).join(' ')}\``
}
const source = [
  '// Written by `npm run api` from src/domain/case/emergency.json of the server. Do not edit.',
  ...named.map((name) => `const ${name} = '${groups[name]}'`),
  '',
  '/** A number, and the words that call for it wherever they stand. */',
  `export const WORDS: readonly (readonly [string, string])[] = [\n${words.map((w) => `  ['${w.line}', '${w.words}'],`).join('\n')}\n]`,
  '',
  '/** Words that mean an emergency only beside others, and not beside some. */',
  'export interface Sign {\n  line: string\n  words: string\n  near: string\n  beside: string\n  unless: string\n}',
  '',
  `export const SIGNS: readonly Sign[] = [\n${signs.map((s) => `  { line: '${s.line}', words: ${text(s.words)}, near: ${text(s.near)}, beside: ${text(s.beside)}, unless: ${text(s.unless)} },`).join('\n')}\n]`,
  '',
  `export const REACHED = '${reached}'`,
  '',
].join('\n')
const target = path.join(repo, 'src/utils/emergency-words.ts')

if (process.argv.includes('--check')) {
  if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== source) {
    console.error('src/utils/emergency-words.ts is not what the server says: run `npm run api`')
    process.exit(1)
  }
  console.log('words: those of an emergency are the server\'s')
} else {
  fs.writeFileSync(target, source)
  console.log(`words: ${signs.length} signs of an emergency`)
}
