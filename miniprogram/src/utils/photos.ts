/**
 * Photos of this phone. WeChat's temporary files vanish when it likes, so a chosen photo is saved at
 * once; a draft that waits for the network still has it after a restart.
 */
import { download } from './http'
import { explain } from './permission'

/** Lets the person take or choose up to `count` photos, compressed; empty when he changes his mind. */
export async function choosePhotos(count: number): Promise<string[]> {
  try {
    const chosen = await wx.chooseMedia({ count, mediaType: ['image'], sizeType: ['compressed'] })
    return await Promise.all(chosen.tempFiles.map((f) => keepFile(f.tempFilePath)))
  } catch (e) {
    await explain(e, { thing: '相机和相册', without: '加不了照片；文字照样能发' })
    return []
  }
}

/** Keeps a temporary file, of a photo or a recording. */
export function keepFile(path: string): Promise<string> {
  return new Promise((resolve) => {
    // When the phone has no room the temporary file serves as long as it lasts.
    wx.getFileSystemManager().saveFile({ tempFilePath: path, success: (r) => resolve(r.savedFilePath), fail: () => resolve(path) })
  })
}

/** Removes kept photos and recordings that nothing needs any more. */
export function dropFiles(paths: readonly string[]): void {
  for (const filePath of paths) wx.getFileSystemManager().removeSavedFile({ filePath, fail: () => undefined })
}

const LOST = /^lost:(\d+)$/
/** The number at the server of a photo that did not load; null of one that did. */
export function lostPhoto(path: string): number | null {
  const id = LOST.exec(path)?.[1]
  return id === undefined ? null : Number(id)
}

/** Fetches lists of photos; null when they are those of the last time, which are shown already, or when others were asked for meanwhile. */
export function pictures(): (lists: readonly (readonly number[])[]) => Promise<string[][] | null> {
  let shown = ''
  return async (lists) => {
    const wanted = JSON.stringify(lists)
    if (wanted === shown) return null
    shown = wanted
    const got = await Promise.all(lists.map(fetchPhotos))
    if (shown !== wanted) return null
    // What did not come is asked for again with the next look.
    if (got.flat().some((path) => lostPhoto(path) !== null)) shown = ''
    return got
  }
}

/** Fetches photos of a case or a notice; one that fails keeps its place, where a tap tries again. */
export function fetchPhotos(ids: readonly number[]): Promise<string[]> {
  return Promise.all(ids.map((id) => download(id).catch(() => `lost:${id}`)))
}
