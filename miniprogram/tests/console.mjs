// What a system administrator does at the web console, for tests that need its result.
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import path from 'node:path'
import { promisify } from 'node:util'
import { binary } from './server.mjs'

/** Six digits of RFC 6238 as an authenticator app shows them now. */
function digits(secret) {
  const bits = [...secret.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

async function post(url, body, headers = {}) {
  const r = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  if (!r.ok) throw new Error(`${url} ${r.status} ${await r.text()}`)
  return r.json()
}

/** Signs in an administrator of the system; one for a street. */
const admins = new Map()
async function admin(street) {
  if (!admins.has(street)) {
    const name = 'codes.admin'
    const password = `door codes ${Math.random()}`
    // Beside what else goes on: whoever waits for it alone does not hear that a connection ended meanwhile.
    const { stdout: said } = await promisify(execFile)(binary(), ['admin', '--config', path.join(street.dir, 'zhinan.toml'), 'add-console', '--staff-no', 'T-CODES', '--name', '码管理员', '--roles', 'system_admin'], { encoding: 'utf8' })
    const token = /[#?&](?:token=)?([A-Za-z0-9_.-]{16,})\s*$/m.exec(said)[1]
    const { otpauth_url } = await post(`${street.server}/api/v1/auth/console/enrolment`, { token, name, password })
    const { access_token } = await post(`${street.server}/api/v1/auth/console`, { name, password, code: digits(new URL(otpauth_url).searchParams.get('secret')) })
    admins.set(street, { authorization: `Bearer ${access_token}` })
  }
  return admins.get(street)
}

/** The code that hangs at a building's door: its scene, and what the building is called. */
export const doorCode = async (street, building) => post(`${street.server}/api/v1/buildings/${building}/wxacode`, {}, await admin(street))
