// Loads one of the mini-program's own modules into Node, with WeChat's API as the test wants it.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'

const src = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../src')
export async function load(file) {
  const { outputFiles } = await esbuild.build({ entryPoints: [path.join(src, file)], bundle: true, format: 'esm', write: false, logLevel: 'error' })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}#${Math.random()}`)
}
