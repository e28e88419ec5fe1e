// A phone for units: WeChat's API as far as utils need it, with a storage that can be full, files that can
// vanish, and a server that is written in the test: `serve(method, path, body, key)` answers [status, data].
export const settled = async (turns = 40) => { for (let i = 0; i < turns; i++) await new Promise((r) => setImmediate(r)) }

export function phoneOf({ staff = null, serve, uploads = () => [201, { id: 1 }] }) {
  const at = { storage: new Map(), files: new Set(), room: () => true, removed: [], modals: [], uploaded: [], online: true, net: [], shown: [] }
  const json = (v) => JSON.parse(JSON.stringify(v))
  at.storage.set('session', { access: 'a', refresh: 'r', until: Number.MAX_SAFE_INTEGER, account: 1, staff })
  const files = {
    access: (o) => (at.files.has(o.path) ? o.success({}) : o.fail({ errMsg: `access:fail no such file or directory ${o.path}` })),
    removeSavedFile: (o) => { at.removed.push(o.filePath); at.files.delete(o.filePath) },
    saveFile: (o) => o.success({ savedFilePath: o.tempFilePath }),
    getSavedFileList: (o) => o.success({ fileList: [...at.files].map((filePath) => ({ filePath })) }),
    unlink: (o) => at.removed.push(o.filePath),
  }
  globalThis.wx = {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getStorageSync: (k) => (at.storage.has(k) ? json(at.storage.get(k)) : ''),
    setStorageSync: (k, v) => { if (!at.room(k, v)) throw new Error('setStorageSync:fail exceed max size'); at.storage.set(k, json(v)) },
    removeStorageSync: (k) => at.storage.delete(k),
    clearStorageSync: () => at.storage.clear(),
    getStorageInfoSync: () => ({ keys: [...at.storage.keys()] }),
    getFileSystemManager: () => files,
    onNetworkStatusChange: (f) => at.net.push(f),
    getNetworkType: (o) => o.success({ networkType: at.online ? 'wifi' : 'none' }),
    onAppShow: (f) => at.shown.push(f),
    showModal: async (o) => { at.modals.push(o); return { confirm: true } },
    showToast: async () => undefined,
    request(o) {
      const [status, data, header = {}] = at.online ? serve(o.method, o.url.replace(/^https:\/\/[^/]+/, ''), o.data === undefined ? undefined : json(o.data), o.header['Idempotency-Key']) : [0]
      if (status === 0) setImmediate(() => o.fail({ errMsg: 'request:fail' }))
      else setImmediate(() => o.success({ statusCode: status, data: data === undefined ? undefined : json(data), header }))
    },
    uploadFile(o) {
      const got = at.online && at.files.has(o.filePath) ? uploads(o.filePath, o.url) : [0]
      void Promise.resolve(got).then(([status, data]) => {
        if (status === 0) return o.fail({ errMsg: 'uploadFile:fail' })
        at.uploaded.push(o.filePath)
        o.success({ statusCode: status, data: JSON.stringify(data ?? {}) })
      })
    },
  }
  /** The network goes or comes. */
  at.connect = (online) => { at.online = online; for (const f of at.net) f({ isConnected: online }) }
  return at
}

/** Cases as the server keeps them: versions, keys that are answered again, a record. */
export function casesOf(ids, { me, forgets = () => false } = {}) {
  const cases = new Map(ids.map((id) => [id, { id, number: `NC-${id}`, version: 1, state_zh: '办理中', allowed: ['updates', 'contacts', 'resolution', 'acknowledgement'], timeline: [] }]))
  const KIND = { updates: me ? 'updated' : 'added', contacts: 'contacted', resolution: 'resolved', acknowledgement: 'acknowledged' }
  const kept = new Map()
  const add = (id, kind, detail, by = me) => { const c = cases.get(id); c.version += 1; c.timeline.push({ seq: c.timeline.length + 1, kind, kind_zh: kind, name: by, role: by ? 'grid_worker_primary' : 'resident', role_zh: '', detail }) }
  const serve = (method, path, body, key) => {
    const [, id, verb] = /^\/api\/v1\/cases\/(\d+)(?:\/(\w+))?$/.exec(path) ?? []
    const c = cases.get(Number(id))
    if (c === undefined) return [404, { code: 'not_found', title: '没有' }]
    if (method === 'GET') return [200, c]
    if (kept.has(key) && !forgets()) return [200, kept.get(key)]
    const { expected_version, ...detail } = body
    if (expected_version !== c.version) return [409, { code: 'version_conflict', title: '变了' }]
    add(c.id, KIND[verb], detail)
    kept.set(key, { id: c.id, version: c.version })
    return [200, { id: c.id, version: c.version }]
  }
  return { cases, serve, add, told: (id) => cases.get(id).timeline.map((e) => e.detail.text ?? e.detail.outcome ?? e.kind) }
}
