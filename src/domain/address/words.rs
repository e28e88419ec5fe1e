//! The closed word lists of the reader: what surrounds an address, not what is one.

/// A place followed by one of these is a comparison or the writer's whereabouts, not the subject.
pub(super) const ASIDE_AFTER: &[&str] = &[
    "都修好",
    "都修了",
    "都有人管",
    "都弄好",
    "那边就没事",
    "就没事",
    "也这样",
    "也是这样",
    "白天不在家",
    "回来就看见",
    "回来看见",
    "比这好",
    "问人家说",
];
/// … and so is one preceded by these.
pub(super) const ASIDE_BEFORE: &[&str] = &["人家", "听说", "不是", "不像", "比", "从", "隔壁"];
/// "I live at": the place of a request only when no other follows.
pub(super) const HOME_BEFORE: &[&str] = &["我家在", "我住", "家住", "俺住", "住在", "我是", "俺是"];
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
    ",",
    ":",
    "(",
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
/// Ends of a sentence.
pub(super) const STOPS: &[char] = &['。', '!', '?', ';', '；'];

/// Returns the name without its generic ending, when two or more characters remain.
pub(super) fn stem(name: &str) -> Option<&str> {
    COMPOUND_ENDINGS
        .iter()
        .filter_map(|ending| name.strip_suffix(ending))
        .filter(|rest| rest.chars().count() >= 2)
        .min_by_key(|rest| rest.len())
}
