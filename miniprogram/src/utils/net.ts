/** Whether this phone has a network, and who wants to know. */
let online = true
let started = false
const watchers = new Set<(online: boolean) => void>()

function set(now: boolean): void {
  if (now === online) return
  online = now
  for (const w of watchers) w(now)
}

function start(): void {
  if (started) return
  started = true
  wx.onNetworkStatusChange((r) => set(r.isConnected))
  wx.getNetworkType({ success: (r) => set(r.networkType !== 'none') })
}

export function isOnline(): boolean {
  start()
  return online
}

/** Tells now and at every change; the returned function ends it. */
export function watchNet(w: (online: boolean) => void): () => void {
  start()
  watchers.add(w)
  w(online)
  return () => watchers.delete(w)
}
