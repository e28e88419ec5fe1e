// The real program for the browser tests: starts `zhinan demo serve` (server, engine, invented street
// and WeChat's stand-in) in a folder of its own, and puts one origin before it that also serves the
// mini-program. Nothing of the API is mocked; the origin can only hold back an answer or replace one
// (a broken network, a 503), which no server does when asked.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { phonesPage } from '../tools/phones-page.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const repo = path.resolve(here, '../..')
const dist = path.resolve(here, '../dist/web')
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.map': 'application/json', '.png': 'image/png', '.svg': 'image/svg+xml', '.mp3': 'audio/mpeg', '.wav': 'audio/wav' }

/** The program: ZHINAN_BIN, else what was built here. */
export function binary() {
  if (process.env.ZHINAN_BIN && !fs.existsSync(process.env.ZHINAN_BIN)) throw new Error(`ZHINAN_BIN names ${process.env.ZHINAN_BIN}, and there is no such file`)
  const found = [process.env.ZHINAN_BIN, path.join(repo, 'target/release/zhinan'), path.join(repo, 'target/debug/zhinan')].find((p) => p && fs.existsSync(p))
  if (!found) throw new Error('no zhinan program: build it with `cargo build --locked`, or name one in ZHINAN_BIN')
  return found
}

const freePort = () => new Promise((res, rej) => { const s = net.createServer(); s.once('error', rej); s.listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => res(port)) }) })
const until = async (what, f, ms = 60_000) => {
  const end = Date.now() + ms
  for (;;) {
    try { const v = await f(); if (v) return v } catch { /* not yet */ }
    if (Date.now() > end) throw new Error(`timed out: ${what}`)
    await new Promise((r) => setTimeout(r, 60))
  }
}

/** What this street configures itself, unlike the next one: the mini-program has to ask for it. */
const PHONES = [{ number: '0530-0000000', purpose: '南城街道便民服务（工作日 9:00—17:30）' }, { number: '12345', purpose: '政务服务便民热线（全天）' }]
const OWN = { ZHINAN__STREET__PHONES: `[${PHONES.map((p) => `{number="${p.number}",purpose="${p.purpose}"}`).join(',')}]` }

export async function startStreet({ chain } = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'zhinan-mini-'))
  const [port, stand] = [await freePort(), await freePort()]
  let [child, log, gone] = [null, '', false]
  const server = `http://127.0.0.1:${port}`
  const sandbox = `http://127.0.0.1:${stand}`
  const end = async () => {
    const ended = new Promise((r) => { if (gone) r(); else child.once('exit', r) })
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(timer)
  }
  /** Opens the street; again, it is the same one with another configuration. */
  async function open(more = {}) {
    log = ''
    gone = false
    child = spawn(binary(), ['demo', 'serve', '--dir', dir, '--listen', `127.0.0.1:${port}`, '--sandbox', `127.0.0.1:${stand}`], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...OWN, ...(chain ? { ZHINAN__CASES__CHAIN: chain } : {}), ...more } })
    for (const s of [child.stdout, child.stderr]) s.on('data', (d) => { log += d })
    child.once('exit', () => { gone = true })
    try {
      await until('the street to open', async () => { if (gone) throw new Error('it ended'); return (await fetch(`${server}/readyz`)).ok && (await fetch(`${sandbox}/_sandbox/templates`)).ok && log.includes('智南演示已就绪') })
    } catch (e) { child.kill(); throw new Error(`${e.message}\n${log}`) }
  }
  await open()
  const config = fs.readFileSync(path.join(dir, 'zhinan.toml'), 'utf8')
  const mini = config.slice(config.indexOf('[wechat.mini]'))
  const secret = (k) => new RegExp(`^${k} = "(.*)"`, 'm').exec(mini)[1]
  const json = async (url, init = {}) => {
    const r = await fetch(url, { ...init, headers: { 'content-type': 'application/json', ...init.headers }, body: init.body === undefined ? undefined : JSON.stringify(init.body) })
    const text = await r.text()
    const data = text ? JSON.parse(text) : null
    if (!r.ok) throw Object.assign(new Error(`${init.method ?? 'GET'} ${url} ${r.status} ${text}`), { status: r.status, data })
    return data
  }

  /** Answering WeChat's question takes a person longer than a second, and the server tells events by theirs. */
  let asked = 0
  const second = () => (asked = Math.max(asked + 1, Math.floor(Date.now() / 1000)))

  /** What WeChat does on its side of the phone. */
  const wechat = {
    login: ({ openid }) => json(`${sandbox}/_sandbox/login`, { method: 'POST', body: { openid } }),
    phone: ({ openid, phone }) => json(`${sandbox}/_sandbox/phone`, { method: 'POST', body: { openid, number: phone } }),
    async subscribed({ openid, said }) {
      const list = []
      for (const [id, answer] of Object.entries(said)) {
        if (answer === 'accept') await json(`${sandbox}/_sandbox/credits`, { method: 'POST', body: { openid, template_id: id, count: 1 } })
        list.push({ TemplateId: id, SubscribeStatusString: answer, PopupScene: '0' })
      }
      const event = { ToUserName: 'gh_demo', FromUserName: openid, CreateTime: second(), MsgType: 'event', Event: 'subscribe_msg_popup_event', List: list }
      return json(`${sandbox}/_sandbox/callbacks`, { method: 'POST', body: { url: `${server}/wechat/mp`, app: 'mini', appid: secret('appid'), token: secret('token'), aes_key: secret('aes_key'), event } })
    },
  }

  /** Somebody on the server without a phone in the browser: a colleague who is faster, for instance. */
  async function person(openid) {
    const { code } = await wechat.login({ openid })
    const s = await json(`${server}/api/v1/auth/wechat`, { method: 'POST', body: { code } })
    const headers = { authorization: `Bearer ${s.access_token}` }
    return {
      openid, account: s.account, staff: s.staff,
      get: (p) => json(server + p, { headers }),
      post: (p, body, h = {}) => json(server + p, { method: 'POST', headers: { ...headers, ...h }, body }),
      put: (p, body) => json(server + p, { method: 'PUT', headers, body }),
      async act(id, verb, body = {}) {
        for (let i = 0; ; i++) {
          const { version } = await this.get(`/api/v1/cases/${id}`)
          try { return await this.post(`/api/v1/cases/${id}/${verb}`, { ...body, expected_version: version }) } catch (e) { if (e.data?.code !== 'version_conflict' || i > 5) throw e }
        }
      },
      /** Hands in a file, of the kind `photos` or `voices`; answers with its id. */
      async upload(kind, bytes) {
        const r = await fetch(`${server}/api/v1/${kind}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/octet-stream' }, body: bytes })
        if (r.status !== 201) throw new Error(`${kind}: ${r.status} ${await r.text()}`)
        return (await r.json()).id
      },
      report: (body, key = `t-${Math.random()}`) => json(`${server}/api/v1/cases`, { method: 'POST', headers: { ...headers, 'Idempotency-Key': key }, body }),
    }
  }

  /** The grids of the street with their communities, as those who work there read them. */
  const grids = async () => (await (await person('demo-command')).get('/api/v1/grids')).grids

  // --- the one origin ---
  /** [{ match(method, path), status, body, times, after }]: `after` lets the server act and then loses its answer */
  const faults = []
  const seen = []
  const relay = (req, res, body) => {
    const fault = faults.find((f) => f.times > 0 && f.match(req.method, req.url))
    if (fault) {
      fault.times--
      if (!fault.after) { if (fault.status === 0) { req.socket.destroy(); return } res.writeHead(fault.status, { 'content-type': 'application/problem+json', ...fault.headers }).end(JSON.stringify(fault.body)); return }
    }
    const up = http.request({ host: '127.0.0.1', port, method: req.method, path: req.url, headers: req.headers }, (r) => {
      if (fault?.after) { r.resume(); r.on('end', () => res.writeHead(fault.status).end()); return }
      res.writeHead(r.statusCode, r.headers); r.pipe(res)
    })
    up.on('error', () => res.destroy())
    up.end(body)
  }
  const front = http.createServer(async (req, res) => {
    const chunks = []
    for await (const c of req) chunks.push(c)
    const body = Buffer.concat(chunks)
    const url = new URL(req.url, 'http://x')
    if (url.pathname.startsWith('/api/')) { seen.push({ method: req.method, url: req.url, key: req.headers['idempotency-key'] }); relay(req, res, body); return }
    if (url.pathname.startsWith('/__wechat/')) {
      try { const out = await wechat[url.pathname.slice('/__wechat/'.length)](JSON.parse(body)); res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(out)) } catch (e) { res.writeHead(500).end(e.message) }
      return
    }
    const page = await phonesPage(url, { people: () => json(`${sandbox}/_sandbox/people`), grids }, path.join(dist, 'index.html'))
    if (page !== null) { res.writeHead(200, { 'content-type': TYPES['.html'] }).end(page); return }
    const f = path.join(dist, url.pathname === '/' ? 'index.html' : url.pathname)
    if (!f.startsWith(dist) || !fs.existsSync(f)) { res.writeHead(404).end(); return }
    // Built once for this street, whose port is its own: a page that is loaded again needs to read nothing again.
    res.writeHead(200, { 'content-type': TYPES[path.extname(f)] ?? 'application/octet-stream', 'cache-control': path.extname(f) === '.html' ? 'no-cache' : 'max-age=3600' })
    fs.createReadStream(f).pipe(res)
  })
  const sockets = new Set()
  front.on('upgrade', (req, socket, headFirst) => {
    const up = net.connect(port, '127.0.0.1', () => {
      up.write(`${req.method} ${req.url} HTTP/1.1\r\n` + Object.entries(req.headers).map(([k, v]) => `${k}: ${v}\r\n`).join('') + '\r\n')
      up.write(headFirst)
      socket.pipe(up).pipe(socket)
    })
    sockets.add(socket)
    for (const s of [socket, up]) s.on('error', () => { socket.destroy(); up.destroy() })
    socket.on('close', () => { sockets.delete(socket); up.destroy() })
  })
  await new Promise((r) => front.listen(0, '127.0.0.1', r))
  return {
    origin: `http://127.0.0.1:${front.address().port}`, server, sandbox, wechat, person, seen, dir,
    /** Answers the next `times` matching requests like this; status 0 breaks the connection. */
    fail: (method, part, status, body = {}, { times = 1, after = false, headers = {} } = {}) => faults.push({ match: (m, u) => m === method && u.split('?')[0].endsWith(part), status, body, times, after, headers }),
    /** Ends the program and opens the same street with another configuration: `{ ZHINAN__SECTION__KEY: value }`. */
    async restart(more) { await end(); await open(more) },
    mend: () => { faults.length = 0 },
    /** Cuts every live line, as a lift or a restarted server does. */
    cut: () => { for (const s of sockets) s.destroy() },
    cards: (openid) => json(`${sandbox}/_sandbox/messages?to=${openid}`),
    until,
    async close() {
      for (const s of sockets) s.destroy()
      front.closeAllConnections?.()
      await new Promise((r) => front.close(r))
      await end()
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}
