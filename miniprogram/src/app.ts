import { actions } from './utils/actions'
import { outbox } from './utils/outbox'
import { startPrivacy } from './utils/privacy'

App({
  onLaunch() {
    startPrivacy()
    outbox.start()
    actions.start()
  },
})
