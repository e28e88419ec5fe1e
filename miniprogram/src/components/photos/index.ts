import { download } from '../../utils/http'
import { choosePhotos, dropFiles, lostPhoto } from '../../utils/photos'
import { line } from '../../utils/problem'
import { say } from '../../utils/say'

/** A tap names its photo: which stands at a place may have changed under the finger. */
type At = WechatMiniprogram.TouchEvent<object, object, { path: string }>
interface Cell {
  /** As the page named it. */
  key: string
  path: string
  lost: boolean
  busy: boolean
}
interface Hidden {
  choosing: boolean
  gone: boolean
}
const hidden = (self: unknown) => self as Hidden

/**
 * Photos of a draft or a case; one that did not load is tried again with a tap. `still`: what is shown is being sent, and
 * stays as it is. Emits `change` with all `paths` of this phone.
 */
export default Component({
  properties: {
    paths: { type: Array, value: [] as string[] },
    editable: { type: Boolean, value: false },
    still: { type: Boolean, value: false },
    max: { type: Number, value: 9 },
    addText: { type: String, value: '加照片' },
  },
  data: { cells: [] as Cell[] },
  observers: {
    paths(paths: string[]) {
      // The page may have read the case again: what loads or has loaded since it named a photo lost stays so.
      const known = new Map((this.data.cells as Cell[]).map((c) => [c.key, c] as const))
      this.setData({ cells: paths.map((key) => known.get(key) ?? { key, path: key, lost: lostPhoto(key) !== null, busy: false }) })
    },
  },
  lifetimes: {
    attached() {
      Object.assign(hidden(this), { choosing: false, gone: false })
    },
    detached() {
      hidden(this).gone = true
    },
  },
  methods: {
    async onAdd() {
      const h = hidden(this)
      if (h.choosing || this.data.still) return
      h.choosing = true
      const more = await choosePhotos(this.data.max - this.data.paths.length)
      h.choosing = false
      // Nobody is there any more who would keep them, or they are too late for what is being sent.
      if (h.gone || this.data.still) return dropFiles(more)
      if (more.length > 0) this.triggerEvent('change', { paths: [...this.data.paths, ...more] })
    },
    onRemove(e: At) {
      const { path } = e.currentTarget.dataset
      if (this.data.still || !this.data.paths.includes(path)) return
      // Only a draft's can be removed, and nobody else needs them.
      dropFiles([path])
      this.triggerEvent('change', { paths: this.data.paths.filter((p) => p !== path) })
    },
    onShow(e: At) {
      const urls = this.data.cells.filter((c) => !c.lost).map((c) => c.path)
      void wx.previewImage({ urls, current: this.data.cells.find((c) => c.key === e.currentTarget.dataset.path)?.path ?? '' })
    },
    async onRetry(e: At) {
      const { path } = e.currentTarget.dataset
      const id = lostPhoto(path)
      if (id === null || this.data.cells.find((c) => c.key === path)?.busy !== false) return
      const become = (more: Partial<Cell>) => this.setData({ cells: this.data.cells.map((c) => (c.key === path ? { ...c, ...more } : c)) })
      become({ busy: true })
      try {
        become({ path: await download(id), lost: false, busy: false })
      } catch (e2) {
        become({ busy: false })
        say(line(e2))
      }
    },
  },
})
