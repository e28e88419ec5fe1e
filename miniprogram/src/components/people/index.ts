import type { Person, PersonOnDuty } from '../../utils/api'

/** Who is responsible, each with a button that calls the office, and whether he is there now where that is known. */
export default Component({
  properties: { people: { type: Array, value: [] as (Person & Partial<PersonOnDuty>)[] } },
  methods: {
    onCall(e: WechatMiniprogram.TouchEvent<object, object, { phone: string }>) {
      void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
    },
  },
})
