// Writes what the server calls things for the phone: the table of emergencies, and words of the API's document. With --check
// it writes nothing and fails when something would change.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const repo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const text = (words) => `'${words}'`
const lists = (named, write) => Object.entries(named).map(([name, value]) => `  ${/^\d/.test(name) ? `'${name}'` : name}: ${write(value)},`).join('\n')
const array = (values) => `[\n${values.map((value) => `    ${text(value)},`).join('\n')}\n  ]`

function emergencies() {
  const { groups, calls, void: nothing, unhurt, calm } = JSON.parse(fs.readFileSync(path.join(repo, '../src/domain/case/emergency/table.json'), 'utf8'))
  return [
    '// Written by `npm run api` from src/domain/case/emergency/table.json of the server. Do not edit.',
    `export const GROUPS: Readonly<Record<string, string>> = {\n${lists(groups, text)}\n}`,
    '',
    `export const CALLS: Readonly<Record<string, readonly string[]>> = {\n${lists(calls, array)}\n}`,
    '',
    `export const VOID = ${text(nothing)}`,
    `export const UNHURT = ${text(unhurt)}`,
    `export const CALM = {\n${lists(calm, (value) => (Array.isArray(value) ? array(value) : text(value)))}\n}`,
    '',
  ].join('\n')
}

/** The kinds of which the phone needs the words before it has a case that carries them. */
const KINDS = { HOLD_ZH: 'HoldReason', CATEGORY_ZH: 'Category', URGENCY_ZH: 'Urgency', RESULT_ZH: 'ResultType' }

/** A kind's description in the document ends with all its values: `word` 中文; `word` 中文 */
function kinds() {
  const [, , ...body] = fs.readFileSync(path.join(repo, '../tests/it/api/snapshots/openapi.snap'), 'utf8').split(/^---$/m)
  const { schemas } = JSON.parse(body.join('---')).components
  const table = Object.entries(KINDS).map(([name, kind]) => {
    const words = Object.fromEntries([...schemas[kind].description.matchAll(/`(\w+)` ([^;]+)/g)].map(([, word, zh]) => [word, zh.trim()]))
    const missing = schemas[kind].enum.filter((word) => !words[word])
    if (missing.length > 0) throw new Error(`${kind} says no words for ${missing.join(', ')}`)
    return `export const ${name}: Record<Schemas['${kind}'], string> = {\n${lists(words, text)}\n}\n`
  })
  return ["// Written by `npm run api` from the server's API document. Do not edit.", "import type { Schemas } from './api'", '', table.join('\n')].join('\n')
}

for (const [file, source] of [['emergency-table.ts', emergencies()], ['kind-words.ts', kinds()]]) {
  const target = path.join(repo, 'src/utils', file)
  if (!process.argv.includes('--check')) fs.writeFileSync(target, source)
  else if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== source) {
    console.error(`src/utils/${file} is not what the server says: run \`npm run api\``)
    process.exitCode = 1
  }
}
if (!process.exitCode) console.log('words: those of the server')
