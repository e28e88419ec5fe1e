// Written by `npm run api` from the server's API document. Do not edit.
import type { Schemas } from './api'

export const HOLD_ZH: Record<Schemas['HoldReason'], string> = {
  awaiting_material: '等居民补充材料',
  awaiting_appointment: '和居民约了时间',
  weather: '天气或不可抗力',
  awaiting_department: '等部门处理',
  awaiting_purchase: '等采购或施工',
}

export const CATEGORY_ZH: Record<Schemas['Category'], string> = {
  utilities: '水电气暖',
  housing: '房屋维修、电梯、楼道',
  sanitation: '垃圾、污水、环境卫生',
  road_facilities: '路灯、井盖、道路、占道',
  safety_hazard: '消防、燃气、施工、安全隐患',
  neighbour_dispute: '邻里纠纷、噪音、宠物',
  public_order: '治安、可疑情况',
  elderly_care: '老人、残疾人、困难帮扶',
  health: '就医、用药、防疫、计生',
  employment_business: '用工、经营困难、企业诉求',
  certificates_policy: '证明、办事、政策咨询',
  party_service: '党员服务、志愿者',
  staff_conduct: '对工作人员的投诉',
  fees_subsidies: '补贴、收费',
  other: '其他',
}

export const URGENCY_ZH: Record<Schemas['Urgency'], string> = {
  urgent: '紧急',
  fast: '加急',
  normal: '普通',
  complex: '复杂',
}

export const RESULT_ZH: Record<Schemas['ResultType'], string> = {
  solved: '实际解决',
  explained: '解释说明',
  referred: '转介其他单位',
  not_yet_solvable: '暂无法解决',
}
