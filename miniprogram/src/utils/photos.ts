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

/** Fetches photos of a case; one that fails is left out. */
export async function fetchPhotos(ids: readonly number[]): Promise<string[]> {
  const got = await Promise.all(ids.map((id) => download(id).catch(() => '')))
  return got.filter((p) => p !== '')
}
