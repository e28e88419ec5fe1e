// Writes openapi.json and the API's types from the document that the server's own tests keep; with
// --check it writes nothing and fails when either would change. So a changed API and an unchanged
// mini-program cannot both be committed.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const repo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const snapshot = path.join(repo, '../tests/it/api/snapshots/openapi.snap')
const [, , ...body] = fs.readFileSync(snapshot, 'utf8').split(/^---$/m)
const document = JSON.parse(body.join('---'))
// The snapshot masks what changes from run to run, such as a hash; all of those are strings.
for (const schema of Object.values(document.components.schemas)) for (const [k, v] of Object.entries(schema.properties ?? {})) if (typeof v === 'string') schema.properties[k] = { type: 'string' }
// Two operations share an id (`resolve`), which the generator refuses; the types need none.
for (const item of Object.values(document.paths)) for (const op of Object.values(item)) if (op && typeof op === 'object') delete op.operationId
const types = '// Written by `npm run api` from the server\'s API document. Do not edit.\n' + astToString(await openapiTS(document))
const target = path.join(repo, 'src/utils/api-schema.d.ts')

if (process.argv.includes('--check')) {
  if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== types) {
    console.error('src/utils/api-schema.d.ts is not what the server says: run `npm run api` and mend what no longer compiles')
    process.exit(1)
  }
  console.log('api: the types are those of the server')
} else {
  fs.writeFileSync(target, types)
  console.log(`api: ${Object.keys(document.paths).length} paths`)
}
