import type { Person, PersonOnDuty } from '../../utils/api'

/**
 * Whom to call. `lines`: emergency numbers, before anything else; `sent` when the request is with the street already. `people`:
 * who is responsible, each with a button that calls the office, and whether he is there now where that is known.
 */
export default Component({
  properties: {
    lines: { type: Array, value: [] as { number: string; text: string }[] },
    sent: { type: Boolean, value: false },
    people: { type: Array, value: [] as (Person & Partial<PersonOnDuty> & { aside?: string })[] },
  },
  methods: {
    onCall(e: WechatMiniprogram.TouchEvent<object, object, { phone: string }>) {
      void wx.makePhoneCall({ phoneNumber: e.currentTarget.dataset.phone }).catch(() => undefined)
    },
  },
})
