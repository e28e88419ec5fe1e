// Writes the table of emergencies, which the server keeps, for the phone; with --check it writes nothing
// and fails when it would change.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const repo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const { groups, calls, void: nothing, unhurt, calm } = JSON.parse(fs.readFileSync(path.join(repo, '../src/domain/case/emergency/table.json'), 'utf8'))
const text = (words) => `'${words}'`
const lists = (named, write) => Object.entries(named).map(([name, value]) => `  ${/^\d/.test(name) ? `'${name}'` : name}: ${write(value)},`).join('\n')
const array = (values) => `[\n${values.map((value) => `    ${text(value)},`).join('\n')}\n  ]`
const source = [
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
const target = path.join(repo, 'src/utils/emergency-table.ts')

if (process.argv.includes('--check')) {
  if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== source) {
    console.error('src/utils/emergency-table.ts is not what the server says: run `npm run api`')
    process.exit(1)
  }
  console.log('table: that of emergencies is the server\'s')
} else {
  fs.writeFileSync(target, source)
  console.log(`table: ${Object.values(calls).flat().length} calls of an emergency`)
}
