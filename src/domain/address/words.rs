//! The closed word lists of the reader: what surrounds an address, not what is one.

use super::fold::Text;

/// A place right before one of these is compared with.
pub(super) const ASIDE_AFTER: &[&str] = &[
    "都修",
    "都有人管",
    "都弄",
    "都好了",
    "都没事",
    "都处理",
    "都解决",
    "都通了",
    "都换了",
    "就没事",
    "就没有",
    "没这事",
    "也这样",
    "也是这样",
    "也是一样",
    "也一样",
    "也有这",
    "早修",
    "早就修",
    "就修好",
    "比这好",
    "比我们",
    "问人家",
];
/// … and so is one right after these.
pub(super) const ASIDE_BEFORE: &[&str] = &["人家", "听说", "不是", "不像", "不如", "比"];
/// … and one between these.
pub(super) const ASIDE_AROUND: &[(&str, &str)] = &[
    ("隔壁", "都"),
    ("隔壁", "也"),
    ("隔壁", "就"),
    ("从", "回来"),
    ("从", "过来"),
    ("从", "一直"),
    ("去", "问"),
    ("在", "白天"),
    ("在", "不在家"),
];
/// An address right after one of these gives way to another in the same text.
pub(super) const YIELDS_BEFORE: &[&str] = &[
    "姐住",
    "妹住",
    "哥住",
    "弟住",
    "妈住",
    "爸住",
    "姐家",
    "妹家",
    "妈家",
    "爸家",
    "女儿家",
    "儿子家",
    "女儿住",
    "儿子住",
    "朋友住",
    "亲戚住",
    "同事住",
    "朋友家",
    "亲戚家",
    "以前住",
    "之前住",
    "原来住",
    "原先住",
    "刚去",
    "刚从",
    "别光修",
    "别光管",
    "别光",
    "不要光",
    "同样是",
    "跑去",
    "跑到",
    "现在在",
    "人在",
    "流到",
    "搬出",
];
/// … so does one right before these.
pub(super) const YIELDS_AFTER: &[&str] = &[
    "早就",
    "早弄",
    "弄好",
    "换过",
    "修过",
    "换好",
    "没问题",
    "好好的",
    "干干净净",
    "的网格员",
    "不归",
    "没有过",
    "上班",
    "买菜",
    "回来",
    "的时候",
    "路上",
    "出来",
    "往前走",
    "是同一",
    "她家没事",
    "他家没事",
];
/// … and one between these.
pub(super) const YIELDS_AROUND: &[(&str, &str)] = &[
    ("为什么", "有人管"),
    ("为啥", "有人管"),
    ("跟", "同一"),
    ("跟", "一样"),
    ("和", "一样"),
    ("去", "路上"),
    ("从", "走"),
    ("路过", "往前"),
    ("从", "出来"),
];
/// Small words within one address; the comma first, which ends a complete one.
pub(super) const WITHIN_ADDRESS: &[&str] = &[
    ",",
    "的",
    "(",
    ")",
    ":",
    "里面",
    "里",
    "那边",
    "那块",
    "那个",
    "那",
    "这边",
    "这个",
    "这",
    "边上",
    "上",
    "附近",
    "旁边",
    "院内",
    "院里",
    "内",
    "、",
    "-",
    "嗯",
    "哎",
    "就是说",
    "就是",
    "然后",
    "路口",
    "与",
    "交叉口",
];
/// A learned name never begins with one of these.
pub(super) const LEADING: &str = "在住的家是我们诉说你址报看俺好于和与跟到从去这那里上下边";
/// … nor with a kind of place, a side or a part.
pub(super) const NO_NAME: &[&str] = &[
    "小区", "地址", "个", "东区", "西区", "南区", "北区", "中区", "东院", "西院", "南院", "北院",
    "东边", "西边", "南边", "北边",
];
/// What follows the name of a place.
pub(super) const BEHIND_NAME: &[&str] = &[
    "的", "第", "里", "东", "西", "南", "北", "门口", "大门", "附近", "旁边", "边上", "后", "对面",
    "隔壁", "楼上", "这边", "那边", "那块", "住户", "业主", "居民", "有人", "上班", "小区", "一期",
    "二期", "三期",
];
/// After 号楼: the number is a door's, and the trouble is on the stairs.
pub(super) const STAIRS: &[&str] = &["道", "上", "下", "顶", "梯"];
/// "I live at": the place of a request only when no other follows.
pub(super) const HOME_BEFORE: &[&str] =
    &["我家在", "我住", "家住", "俺住", "住在", "我是", "俺是", "家在", "房子在", "住"];
pub(super) const CORRECTION: &[&str] = &["不对", "说错", "写错", "打错", "更正", "应该是"];
/// Between a name and its number.
pub(super) const FILLERS: &[&str] = &[
    "小区",
    "院里",
    "院内",
    "里面",
    "这边",
    "那边",
    "那块",
    "的",
    "那",
    "嗯",
    "就是说",
    "就是",
    "门牌号",
    "门牌",
    ",",
    ":",
    "(",
    ")",
];
pub(super) const CROSSING: &[&str] = &[
    "路交叉口",
    "交叉路口",
    "交叉口",
    "十字路口",
    "红绿灯",
    "路口",
    "交口",
    "路交口",
    "岔路口",
    "交汇处",
    "相交",
    "转角",
    "那头",
    "的地方",
    "拐角",
    "口子",
    "交界",
    "交接",
];
pub(super) const OPPOSITE: &[&str] = &["斜对面", "马路对面", "对面", "对过", "斜对过"];
/// Endings of names of compounds; a name with one that is not in the gazetteer is a place
/// somewhere else or a misspelling.
pub(super) const COMPOUND_ENDINGS: &[&str] = &[
    "花园",
    "小区",
    "家园",
    "新村",
    "佳苑",
    "花苑",
    "嘉园",
    "嘉苑",
    "公馆",
    "名城",
    "华府",
    "华庭",
    "国际",
    "新城",
    "名郡",
    "豪庭",
    "江南",
    "家属院",
    "宿舍",
    "安置区",
    "公寓",
    "庭院",
    "大院",
    "苑",
    "居",
    "城",
    "园",
];
/// Faults that lie where the writer stands.
pub(super) const ON_THE_SPOT: &[&str] = &[
    "井盖",
    "路灯",
    "垃圾",
    "积水",
    "下水道",
    "树倒",
    "路面",
    "围挡",
    "水管漏",
    "占道",
    "红绿灯",
    "绿化带",
    "电线杆",
    "公厕",
];
/// Between where the writer lives and what he reports.
pub(super) const REPORTING: &[&str] =
    &["想反映", "反映一下", "的居民", "路过", "路口", "交口", "交叉口", "门口"];
/// Towns and streets that are not ours when no name of ours covers them.
pub(super) const OTHER_TOWNS: &[&str] =
    &["镇", "乡", "县", "街道", "街道办", "办事处", "开发区", "高新区"];
/// Signs that the text names a place, even when no name of ours was found.
pub(super) const NAMES_A_PLACE: &[&str] = &[
    "村", "组", "队", "店", "铺", "隔壁", "对面", "号", "巷", "街", "院", "厂", "局", "路口",
    "交口", "边上", "旁边", "楼上",
];
/// Characters before a building number that do not belong to a name.
pub(super) const BEFORE_NUMBER: &str = "在住的家是我们投诉说那你址报看俺号院吗好于和与跟区期里";
/// Characters before the name of a place that do not belong to it.
pub(super) const BEFORE_NAME: &str =
    "在住的家是我们诉说那你址报看俺号院吗好于和与跟同到从去下边这位区路街处村问投映";

/// Returns the name without its generic ending, when two or more characters remain.
pub(super) fn stem(name: &str) -> Option<&str> {
    COMPOUND_ENDINGS
        .iter()
        .filter_map(|ending| name.strip_suffix(ending))
        .filter(|rest| rest.chars().count() >= 2)
        .min_by_key(|rest| rest.len())
}

/// Endings that say what kind of place a name is, longest first where one holds another.
const KINDS: &[&str] = &[
    "社区居委会",
    "居委会",
    "社区",
    "街道办事处",
    "街道办",
    "街道",
    "办事处",
    "路",
    "街",
    "巷",
    "村",
    "居",
];

/// Returns how many characters of a name are its own and not its kind's.
pub(super) fn core(name: &Text) -> usize {
    let ends = |word: &&&str| {
        let len = word.chars().count();
        name.len() > len + 1 && name.word(name.len() - len, word).is_some()
    };
    let kind = KINDS.iter().chain(COMPOUND_ENDINGS).find(ends);
    name.len() - kind.map_or(0, |word| word.chars().count())
}
