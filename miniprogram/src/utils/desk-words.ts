/** The words of the field for what the server says in those of offices and platforms: one word for one thing on every page of staff. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/等诉求人约定时间/g, '和居民约了时间'],
  [/诉求人/g, '居民'],
  [/(网格员)?\s?B角/g, '替班网格员'],
  [/已处置待确认/g, '等居民确认'],
  [/暂停办理|暂时挂起|暂停/g, '挂起'],
  [/(没有同意挂起)，继续办理/g, '$1'],
  [/继续办理/g, '恢复办理'],
  [/服务号模板消息/g, '微信服务号'],
  [/小程序订阅消息/g, '小程序通知'],
  [/企业微信应用消息/g, '企业微信'],
  [/用工关系消息/g, '微信用工消息'],
  [/站内消息/g, '小程序里的消息'],
  [/与其他消息合并发送，平台已接收/g, '和别的消息一起发出了'],
  [/平台已接收/g, '已发出'],
  [/不再需要，没有发送/g, '不用再发'],
  [/消息模板已失效/g, '消息格式已失效，请告诉系统管理员'],
  [/这个渠道的配置有误/g, '系统没有设置好，请告诉系统管理员'],
  [/平台的发送额度用完了/g, '今天发得太多，微信不再发'],
  [/请扫码绑定服务号/g, '请扫码关注服务号'],
]

/** A word or a sentence of the server as staff read it; their own words stay as they are. */
export const deskWords = (zh: string): string => WORDS.reduce((text, [from, to]) => text.replace(from, to), zh)
