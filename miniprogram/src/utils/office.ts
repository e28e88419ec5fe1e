/** Which desk a member of staff has here, and where the mini-program opens for him. */
import { keep } from './keep'
import { staff, type Staff } from './session'
import { street } from './street'

const WORKER = ['grid_worker_primary', 'grid_worker_backup']
const CADRE = ['cadre', 'secretary']
const KEY = 'home'

export type Desk = 'worker' | 'cadre' | 'console' | 'none'

/** The desk of an office: streets' and administrators' roles work at the web console. */
export function deskOf(s: Staff | null): Desk {
  if (s === null) return 'none'
  if (s.roles.some((r) => WORKER.includes(r.role))) return 'worker'
  if (s.roles.some((r) => CADRE.includes(r.role))) return 'cadre'
  return s.roles.length > 0 ? 'console' : 'none'
}

/** What the person is for the street, in his own words; empty for a resident. */
export function office(): string {
  const s = staff()
  const role = s?.roles[0]
  if (!s || !role) return ''
  // A long name may end its line after the community.
  const where = (role.grid?.name ?? street().name).replace('社区第', '社区\u200b第')
  if (where.endsWith('网格') && role.title.startsWith('网格')) return `${where} ${role.title} ${s.name}`
  // "中山社区" + "社区干部", "南城街道" + "街道指挥中心": what both say is said once.
  const twice = role.title.startsWith(where.slice(-2))
  return `${twice ? where.slice(0, -2) : where}${role.title} ${s.name}`
}

export function rememberDesk(desk: 'worker' | 'cadre' | ''): void {
  keep(KEY, desk)
}

/** Opens the desk on top of the resident's pages: of whoever asks for it, or of whoever worked there last. */
export function startPage(asked = false): void {
  const last: unknown = wx.getStorageSync(KEY)
  if (!asked && last !== 'worker' && last !== 'cadre') return
  const desk = deskOf(staff())
  if (desk === 'console') {
    if (asked) void wx.showModal({ title: '请用电脑打开网页', content: '您的岗位在网页工作台办公，小程序里看不到。网页地址请问系统管理员。', showCancel: false, confirmText: '知道了' })
    return
  }
  if (desk === 'none') return
  void wx.navigateTo({ url: desk === 'worker' ? '/worker/today/index' : '/cadre/queue/index' })
}
