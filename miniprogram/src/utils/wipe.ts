/**
 * Makes this phone forget the person: drafts, what waited to be sent, what was kept for times without a
 * network, photos, recordings, his exported data, his sign-in. How large he reads is no secret and stays.
 */
import { actions } from './actions'
import { fontMode, setFontMode } from './font-scale'
import { outbox } from './outbox'
import { dropFiles } from './photos'
import { forget } from './session'

/** Where a copy of his data is put for handing it on. */
export const EXPORT_NAME = '我的数据.txt'
export const exportPath = () => `${wx.env.USER_DATA_PATH}/${EXPORT_NAME}`

export const dropExport = (): void => wx.getFileSystemManager().unlink({ filePath: exportPath(), fail: () => undefined })

export async function wipe(): Promise<void> {
  const type = fontMode()
  const files = wx.getFileSystemManager()
  const saved = await new Promise<string[]>((resolve) => {
    files.getSavedFileList({ success: (r) => resolve(r.fileList.map((f) => f.filePath)), fail: () => resolve([]) })
  })
  dropFiles(saved)
  dropExport()
  forget()
  // A phone without room keeps them beside its storage.
  outbox.forget()
  actions.forget()
  wx.clearStorageSync()
  setFontMode(type)
}
