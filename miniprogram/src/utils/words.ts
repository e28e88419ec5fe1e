/** Labels of the street's words, and the guess of a category from what somebody writes. */
import type { Case, Category, Schemas } from './api'
import { CATEGORY_ZH } from './kind-words'

export const CATEGORIES: readonly { value: Category; label: string; hint: string }[] = [
  { value: 'utilities', label: '水电气暖', hint: '停水、停电、燃气、暖气' },
  { value: 'housing', label: '房屋维修', hint: '漏水、电梯、楼道' },
  { value: 'sanitation', label: '环境卫生', hint: '垃圾、污水、异味' },
  { value: 'road_facilities', label: '道路设施', hint: '路灯、井盖、占道停车' },
  { value: 'safety_hazard', label: '安全隐患', hint: '消防、施工、高空坠物' },
  { value: 'neighbour_dispute', label: '邻里纠纷', hint: '噪音、宠物、纠纷' },
  { value: 'public_order', label: '治安情况', hint: '可疑人员、盗窃、诈骗' },
  { value: 'elderly_care', label: '帮扶照顾', hint: '老人、残疾人、困难家庭' },
  { value: 'health', label: '就医防疫', hint: '看病、用药、计生' },
  { value: 'employment_business', label: '就业与企业', hint: '用工、开店、企业困难' },
  { value: 'certificates_policy', label: '证明与政策', hint: '办证、盖章、咨询' },
  { value: 'party_service', label: '党员与志愿', hint: '党员服务、志愿者' },
  { value: 'staff_conduct', label: '对工作人员的意见', hint: '态度、作风' },
  { value: 'fees_subsidies', label: '收费与补贴', hint: '物业费、低保、补贴' },
  { value: 'other', label: '其他', hint: '不确定就选这个' },
]

/** Earlier lines win: a fault of things is told apart before a matter between people. */
const GUESS: readonly (readonly [Category, RegExp])[] = [
  ['staff_conduct', /(网格员|干部|工作人员|社区的人).{0,8}(态度|推诿|不管|骂|敷衍)/],
  ['fees_subsidies', /(物业费|停车费|水费|电费|取暖费|收费|补贴|低保|救助金|养老金|医保报销|退费)/],
  ['certificates_policy', /(证明|盖章|居住证|身份证|户口|政策|怎么办理|办证|公租房|入学)/],
  ['safety_hazard', /(消防|灭火器|安全隐患|违建|施工|脚手架|飞线充电|电动车.{0,6}充电|高空|坠落|裂缝|燃气泄漏|煤气味|燃气味|着火|起火)/],
  ['utilities', /(停水|没水|水压|停电|没电|断电|跳闸|燃气|煤气|天然气|暖气|供暖|不热|水管|自来水)/],
  ['housing', /(漏水|渗水|电梯|楼道|墙皮|屋顶|门禁|单元门|下水|堵了|堵塞|水表)/],
  ['sanitation', /(垃圾|污水|粪|臭|异味|脏|卫生|老鼠|蚊|蟑螂|杂物|积水)/],
  ['road_facilities', /(路灯|井盖|道路|路面|坑|红绿灯|占道|违停|停车|堵路|护栏|人行道)/],
  ['neighbour_dispute', /(邻居|楼上|楼下(?!不来)|噪音|噪声|吵|扰民|狗|宠物|广场舞|纠纷|吵架)/],
  ['public_order', /(偷|盗|可疑|诈骗|骗|打架|赌|传销|治安|陌生人)/],
  ['health', /(看病|就医|医院|药|疫苗|发烧|生病|防疫|计生|怀孕)/],
  ['elderly_care', /(老人|独居|残疾|轮椅|卧床|孤寡|困难家庭|失能|没人照顾)/],
  ['employment_business', /(招工|用工|就业|失业|找工作|企业|开店|复工|营业执照|工人)/],
  ['party_service', /(党员|党组织|志愿|党费)/],
]

/** Guesses what a text is about; "other" when no word is known. The resident may correct it. */
export function guessCategory(text: string): Category {
  return GUESS.find(([, words]) => words.test(text))?.[0] ?? 'other'
}

export function categoryLabel(c: Category): string {
  return CATEGORIES.find((x) => x.value === c)?.label ?? '其他'
}

/** The same for a category of which only the server's long name is known. */
export function shortCategory(zh: string): string {
  return CATEGORIES.find((x) => CATEGORY_ZH[x.value] === zh)?.label ?? zh
}

export const MARKS: readonly { value: string; label: string }[] = [
  { value: '5', label: '很满意' },
  { value: '4', label: '满意' },
  { value: '3', label: '一般' },
  { value: '2', label: '不满意' },
  { value: '1', label: '很不满意' },
]

/** What came of a request, as one says it to whoever asked. */
export const RESULT_PLAIN: Record<Schemas['ResultType'], string> = { solved: '已经解决', explained: '作了说明', referred: '转给别的单位办', not_yet_solvable: '暂时解决不了' }

/** Days of more time with their unit; what was kept by an earlier version does not say it. */
export const moreDays = (days: number | string, c: { promised?: { days_zh?: string } }): string => `${days} ${c.promised?.days_zh ?? '个工作日'}`

export type Tone = '' | 'brand' | 'good' | 'warn' | 'danger'

/** Whatever waits for the reader looks like it; what is decided elsewhere is no refusal. */
export function stateTone({ state, rejection, awaits_you }: Pick<Case, 'state' | 'rejection' | 'awaits_you'>): Tone {
  if (state === 'resolved' || awaits_you || rejection === 'legal_procedure') return 'warn'
  if (state === 'closed') return 'good'
  if (state === 'rejected') return 'danger'
  return state === 'cancelled' || state === 'merged' ? '' : 'brand'
}

/** What came with words: "（附 2 张照片、1 段录音）"; empty when nothing did. */
export function attached(d: { photos?: unknown[]; before?: unknown[]; voices?: unknown[] }): string {
  const photos = (d.photos?.length ?? 0) + (d.before?.length ?? 0)
  const parts = [photos ? `${photos} 张照片` : '', d.voices?.length ? `${d.voices.length} 段录音` : ''].filter((x) => x !== '')
  return parts.length > 0 ? `（附 ${parts.join('、')}）` : ''
}
