import { choosePhotos, dropFiles } from '../../utils/photos'

/** Photos of a draft or a case. Emits `change` with all `paths` of this phone. */
export default Component({
  properties: {
    paths: { type: Array, value: [] as string[] },
    editable: { type: Boolean, value: false },
    max: { type: Number, value: 9 },
    addText: { type: String, value: '加照片' },
  },
  methods: {
    async onAdd() {
      const more = await choosePhotos(this.data.max - this.data.paths.length)
      if (more.length > 0) this.triggerEvent('change', { paths: [...this.data.paths, ...more] })
    },
    onRemove(e: WechatMiniprogram.TouchEvent<object, object, { index: number }>) {
      const { index } = e.currentTarget.dataset
      // Only a draft's can be removed, and nobody else needs them.
      dropFiles(this.data.paths.filter((_, i) => i === index))
      this.triggerEvent('change', { paths: this.data.paths.filter((_, i) => i !== index) })
    },
    onShow(e: WechatMiniprogram.TouchEvent<object, object, { index: number }>) {
      void wx.previewImage({ urls: this.data.paths, current: this.data.paths[e.currentTarget.dataset.index] ?? '' })
    },
  },
})
