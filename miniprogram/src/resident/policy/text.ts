/**
 * The privacy policy in plain words. A street that publishes its own names it as `street.privacy_url`;
 * whoever changes this text raises `street.privacy_version` on the server, so that everybody is asked again.
 */
export const POLICY: readonly { heading: string; lines: readonly string[] }[] = [
  { heading: '我们收集什么', lines: ['您写的和说的：诉求的文字、照片、录音。', '您选择告诉我们的：地址、地图上的位置、电话、称呼。', '微信给的：一个只在这个小程序里有用的编号，用来认出是您本人。不知道您的微信号、好友和聊天内容。'] },
  { heading: '用来做什么', lines: ['找到负责您那里的网格员和社区干部，通知他们，办您的事，把结果告诉您。', '统计办得快不快、好不好。统计里没有您的姓名和电话。', '不做广告，不卖给别人，不用来给您打分。'] },
  { heading: '谁能看到', lines: ['负责这件事的网格员、社区干部和街道工作人员。', '别人看不到，别的网格也看不到。', '谁看了、什么时候看的、为什么看，都有记录，您在“我的数据”里能查。'] },
  { heading: '保存在哪里、多久', lines: ['加密保存在街道的服务器上，不出境。', '保存到您删除为止。传上来 7 天没有用到的照片和录音自动删除。', '您删除以后，诉求的时间和结果作为工作记录保留，里面没有您的个人信息。'] },
  { heading: '您可以做什么', lines: ['在“我的数据”里看、改、带走一份、全部删除。', '随时撤回同意：称呼、住址、位置和微信通知会删掉，已经提交的诉求照常办理。', '不同意也能求助：答复您的求助是街道的职责，紧急时更是先救人。'] },
  { heading: '未成年人', lines: ['不满 14 周岁的孩子，请由爸爸妈妈或监护人来填写。'] },
]
