import { download } from '../../utils/http'
import { choosePhotos, dropFiles, lostPhoto } from '../../utils/photos'
import { line } from '../../utils/problem'
import { say } from '../../utils/say'

type At = WechatMiniprogram.TouchEvent<object, object, { index: number }>

/** Photos of a draft or a case; one that did not load is tried again with a tap. Emits `change` with all `paths` of this phone. */
export default Component({
  properties: {
    paths: { type: Array, value: [] as string[] },
    editable: { type: Boolean, value: false },
    max: { type: Number, value: 9 },
    addText: { type: String, value: '加照片' },
  },
  data: { cells: [] as { path: string; lost: boolean; busy: boolean }[] },
  observers: {
    paths(paths: string[]) {
      this.setData({ cells: paths.map((path) => ({ path, lost: lostPhoto(path) !== null, busy: false })) })
    },
  },
  methods: {
    async onAdd() {
      const more = await choosePhotos(this.data.max - this.data.paths.length)
      if (more.length > 0) this.triggerEvent('change', { paths: [...this.data.paths, ...more] })
    },
    onRemove(e: At) {
      const { index } = e.currentTarget.dataset
      // Only a draft's can be removed, and nobody else needs them.
      dropFiles(this.data.paths.filter((_, i) => i === index))
      this.triggerEvent('change', { paths: this.data.paths.filter((_, i) => i !== index) })
    },
    onShow(e: At) {
      const urls = this.data.cells.filter((c) => !c.lost).map((c) => c.path)
      void wx.previewImage({ urls, current: this.data.cells[e.currentTarget.dataset.index]?.path ?? '' })
    },
    async onRetry(e: At) {
      const one = this.data.cells[e.currentTarget.dataset.index]
      const id = one === undefined ? null : lostPhoto(one.path)
      if (one === undefined || id === null || one.busy) return
      // The page may have read the case again meanwhile, and the photo may stand elsewhere.
      const become = (more: Partial<typeof one>) => this.setData({ cells: this.data.cells.map((c) => (c.path === one.path ? { ...c, ...more } : c)) })
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
