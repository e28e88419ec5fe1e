// Written by `npm run api` from src/domain/case/emergency.json of the server. Do not edit.
const people = '人 老 爸 妈 爷 奶 姥 孩 娃 婴 宝宝 我 他 她 们 娘 叔 伯 姨 婆 媳 丈夫 老公 儿子 女儿 学生 同学 师傅 邻居 哥 姐 弟 妹 业主 住户 租户 群众 行人 谁'
const body = '头 手 脚 腿 胳膊 身子 脖子 腰'
const no_person = '补贴 补助 款 资金 奖金 保证金 养老金 退休金 押金 定金 公积金 赔偿 低保 医保 工资 费 钱 批下 批不 审批 批文 批复 批准 手续 证下 证出 证件 证书 房本 户口 文件 指标 名额 贷 合同 预算 项目 政策 方案 结论 结果 成绩 报告 通知 鉴定 判决 体温 高烧 发烧 退烧 血压 血糖 血脂 房价 物价 价格 价钱 温度 水出不来 水下不来 水都 水也 水就 水一直 水上不来 热水 自来水 水压 气出不来 气下不来 暖气 电出不来 信号 网络 声音 图像 画面 短信 验证码 二维码 发票 票出不来 车出不来 车子出不来 车都 车也 车就 的车 车辆 车位 电动车 汽车 货物 快递 大便 小便 下不来床 下不来楼 下不来台 单子 名单 订单 数据 系统'
const things = '手机 钥匙 球 东西 垃圾 井盖掉 车 眼镜 首饰 戒指 项链 衣服 帽 鞋 玩具 猫 狗 花盆 石头 瓷砖 墙皮 树枝 杂物 卡掉 包掉 钱包'
const perhaps = '怕 会 可能 差点 险些 容易 防止 避免 免得 万一 没砸 没有砸 担心 小心 当心'

/** A number, and the words that call for it wherever they stand. */
export const WORDS: readonly (readonly [string, string])[] = [
  ['119', '着火 起火 失火 火灾 爆炸 煤气泄漏 燃气泄漏 天然气泄漏 煤气味 漏煤气 燃气味 电梯困人 困在电梯 溺水 落水 被埋 关在电梯 卡在电梯 压着人 浓烟 冒烟 冒黑烟'],
  ['110', '跳楼 轻生 自杀 打架 斗殴 持刀 抢劫 入室 家暴 绑架 跳河 跳井 想不开'],
  ['120', '晕倒 昏倒 昏迷 没有呼吸 心梗 大出血 中毒 触电 抽搐 坠楼 人晕了 没心跳 没有心跳 喘不上来气 嘴歪 口眼歪斜 误食 误服 吞了电池 晕过去 昏过去 不省人事 失去意识 没了意识 没意识了 叫不醒 喊不醒 休克 断气 没呼吸 没了呼吸 呼吸困难 喘不上气 喘不过气 上不来气 心脏骤停 心跳停 心脏病发 脑梗 割腕 服毒 喝农药 吐血 流血不止 血流不止 噎住 卡在喉 卡喉 砸伤'],
  ['122', '车祸 撞车 交通事故'],
]

/** Words that mean an emergency only beside others, and not beside some. */
export interface Sign {
  line: string
  words: string
  near: string
  beside: string
  unless: string
}

export const SIGNS: readonly Sign[] = [
  { line: '119', words: `被困 困在 困住 困人 困了 困电梯 困楼 困屋`, near: ``, beside: ``, unless: `被困难 被困扰 困人员 被困境 困难 贫困 特困 扶困 解困 纾困 脱困 犯困 很困 太困 好困 车被困 车困 车子被困 车子困 辆被困 资金 款 快递 包裹 货 手机 钥匙 水困 积水被 犯困了 困了就` },
  { line: '119', words: `下不来 出不来`, near: `${people} 反锁 锁在 困 电梯里 屋里 屋顶 楼顶 树上 厕所 卫生间 洗手间 房间 井 洞 坑`, beside: ``, unless: `${no_person}` },
  { line: '119', words: `上不来`, near: `井 坑 沟 河 池 塘 渠 洞 水里`, beside: ``, unless: `${no_person} 井水 车上不来 河水 池水` },
  { line: '119', words: `卡在 卡住 夹住`, near: ``, beside: `${people} ${body}`, unless: `认定 地址 社区 派出所 街道 审批 流程 环节 手续 申请 材料 进度 账 证 识别 页面 界面 系统 手机 钥匙 快递 包裹 款 补贴 工资 钱 车 猫` },
  { line: '119', words: `掉进 掉到 掉入 掉下 跌进 跌入 跌到 摔进 摔下 滑进 滚下 落进 陷进`, near: ``, beside: `井 坑 沟 河 湖 池 塘 渠 水里 水道 崖 地下室`, unless: `${things} ${perhaps}` },
  { line: '120', words: `掉下 摔下 跌下 滚下 坠下`, near: `${people}`, beside: `楼 桥 架 梯 树 高处 阳台 窗 房顶 屋顶`, unless: `${things} ${perhaps} 砖 石 瓷 墙 水泥 玻璃 空调 牌 树枝 灯 掉下一 掉下来一 掉下个 掉下好` },
  { line: '119', words: `里面有人 里头有人 里有人 人在里面 人在里头`, near: `电梯 井 坑 打不开`, beside: ``, unless: `扔 倒 抽烟 停车` },
  { line: '119', words: `被压在 被压住 压在 被压倒`, near: ``, beside: `${people} ${body}`, unless: `账 车上 电线 管 线 压在心 压在身上的 ${perhaps}` },
  { line: '120', words: `砸到 砸中 砸着 砸倒 砸了`, near: ``, beside: `人 老人 孩 我妈 我爸 爷 奶 头 腿 脚 腰 行人 工人 业主 学生 邻居 大爷 大妈 他 她`, unless: `${perhaps} 人家 头条 人行道 老人家的车 骑的车` },
  { line: '120', words: `没气了 没了气`, near: `${people}`, beside: ``, unless: `煤气 燃气 天然气 胎 罐 灶 暖气 瓶 打火机 家没气 家里没气 里没气 楼没气 户没气 小区 停气 热水器 饭` },
  { line: '120', words: `没气了 没了气`, near: ``, beside: `躺 倒 脉 身子 嘴唇 床上`, unless: `煤气 燃气 天然气` },
  { line: '120', words: `起不来 爬不起来 动不了 站不起来`, near: `摔 跌 滑倒 倒在 撞`, beside: ``, unless: `车 树 电线杆 牌` },
]

export const REACHED = '捡 捞'
