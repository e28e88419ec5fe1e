//! What every figure means, once: the API, exports, snapshots and `docs/AUDIT.md` all read it here.
//!
//! Whoever changes what a figure says raises the version on its card; a figure without a card, and a
//! card without a figure, are refused by a test.

use std::fmt::Write;

use serde::Serialize;

use super::frame::Rule;
use super::measure::MEASURES;
use super::rate::RATES;
use super::round::Round;

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share of the cohort, with its Wilson interval.
    Share,
    /// Lengths of time.
    Seconds,
    /// Counts of a case.
    Times,
    /// Time for each person.
    SecondsPerPerson,
}

impl Unit {
    /// Returns what a person reads.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Share => "比率",
            Self::Seconds => "时长（秒）",
            Self::Times => "次",
            Self::SecondsPerPerson => "时长（秒/人）",
        }
    }
}

/// The definition card of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    pub id: &'static str,
    pub name: &'static str,
    pub formula: &'static str,
    /// Which cases are counted.
    pub cohort: &'static str,
    /// What leaves a case of the cohort out.
    pub exclusions: &'static str,
    pub unit: Unit,
    pub version: u32,
}

pub(super) const BY_REPORT: &str = "统计期内提交（t0）的诉求";
pub(super) const BY_DUE: &str = "时限落在统计期内的诉求；截至统计时点尚未到期的列为未定，不进分母";
const ROUTED: &str = "统计期内提交并已派单的诉求";
const ASKED: &str = "首次办结的一轮（没有办结过的取最近一轮）在统计期内办结或应办结、且居民已作答的诉求；重开后的作答也计入该轮";
pub(super) const CLOSED: &str = "首次办结落在统计期内的诉求";
pub(super) const AUDITOR: &str = "督查审计剔除";
pub(super) const IN_HAND: &str = "统计期内某一时刻在办、且有责任人的诉求";
pub(super) const AUDITOR_OR_LEFT: &str = "督查审计剔除；到期前已撤回、并案或不予受理";

const fn measure(id: &'static str, name: &'static str, formula: &'static str, unit: Unit) -> Card {
    Card { id, name, formula, cohort: BY_REPORT, exclusions: AUDITOR, unit, version: 1 }
}

const fn rate(
    id: &'static str,
    name: &'static str,
    formula: &'static str,
    cohort: &'static str,
) -> Card {
    Card { id, name, formula, cohort, exclusions: AUDITOR, unit: Unit::Share, version: 1 }
}

const fn due(id: &'static str, name: &'static str, formula: &'static str) -> Card {
    Card { exclusions: AUDITOR_OR_LEFT, ..rate(id, name, formula, BY_DUE) }
}

/// The second definition of a figure.
const fn anew(card: Card) -> Card {
    Card { version: 2, ..card }
}

/// The third.
const fn third(card: Card) -> Card {
    Card { version: 3, ..card }
}

/// The fourth.
const fn fourth(card: Card) -> Card {
    Card { version: 4, ..card }
}

/// Every card, in the order of documents.
pub const CARDS: &[Card] = &[
    measure("M1", "定位时长", "t1 − t0", Unit::Seconds),
    measure(
        "M2",
        "首推时长",
        "t3a − t0；只计推送给责任人的通知，未推成的一直计入等待",
        Unit::Seconds,
    ),
    rate("M2f", "首推失败率", "首个渠道的首次推送被拒的诉求 ÷ 已派单的诉求", ROUTED),
    anew(measure(
        "M3",
        "首次查看时长",
        "t3c − t3a；已推成的诉求；只计首推之后网格员、社区干部或书记的首次打开，分拣员和街道指挥中心的打开不算",
        Unit::Seconds,
    )),
    fourth(measure(
        "M4",
        "签收时长（居民视角）",
        "首个未被撤销的签收 t4 − t0；后来他人的签收被撤销不影响它；分组时计入签收时的网格与签收人，签收被撤销的计入派单时告知的责任人",
        Unit::Seconds,
    )),
    fourth(measure(
        "M4p",
        "签收时长（个人速度）",
        "首个未被撤销的签收 t4 − t3a；已推成的诉求；分组时计入签收时的网格与签收人，签收被撤销的计入派单时告知的责任人",
        Unit::Seconds,
    )),
    measure("M5", "先行联系时长", "t5 − t0；重开后取最近一轮的联系", Unit::Seconds),
    measure("M5a", "首次联系尝试时长", "t5a − t0；重开后取最近一轮", Unit::Seconds),
    measure("M5c", "先行联系时长（首轮）", "首轮 t5 − t0", Unit::Seconds),
    measure("M7", "处置时长", "t7（最近一轮）− t0；工作时扣除挂起", Unit::Seconds),
    measure("M7c", "处置时长（首轮）", "首轮 t7 − t0；工作时扣除挂起", Unit::Seconds),
    measure("M8", "办结时长", "t9 − t0；工作时扣除挂起", Unit::Seconds),
    third(measure(
        "M11",
        "最长静默",
        "办理期间居民可见的两次进展之间最长的间隔，含处置后到重开之间，不含结束后到重开或申诉之间；未办结的算到统计时点",
        Unit::Seconds,
    )),
    anew(measure(
        "M12",
        "返工周期",
        "最近一次重开后的 t7 − r；被重开过的诉求；工作时扣除挂起，正在挂起的也扣除",
        Unit::Seconds,
    )),
    measure("M13p", "挂起总时长", "各段挂起之和", Unit::Seconds),
    measure("M13r", "转派与退单次数", "转派与退单的次数", Unit::Times),
    measure("M13s", "升级级数", "通知到的最高一级", Unit::Times),
    anew(Card {
        exclusions: AUDITOR_OR_LEFT,
        ..rate("R1", "首推及时率", "M2 不超过首推时限 ÷ 全部诉求；未派单的算未及时", BY_REPORT)
    }),
    fourth(due(
        "R2",
        "签收及时率",
        "签收时限前已有未被撤销的签收 ÷ 签收时限落在统计期内的诉求；分组时计入签收时的网格与签收人，签收被撤销的计入派单时告知的责任人",
    )),
    anew(due("R3", "先行联系率", "首轮联系时限前已联系上 ÷ 联系时限落在统计期内的诉求")),
    anew(due("R3a", "联系尝试率", "首轮联系时限前有过联系尝试 ÷ 联系时限落在统计期内的诉求")),
    third(due(
        "R5",
        "结案率",
        "截至统计时点已办结 ÷ 应结案（首个办结或超期才处置的一轮，否则最近一轮的办结时限落在统计期内）",
    )),
    third(due(
        "R6",
        "按期结案率",
        "办结时限前已作出处置（t7）并已办结 ÷ 应结案；按期处置而尚待确认的列为未定，超期处置后被重开的仍算未按期",
    )),
    Card {
        cohort: "统计期结束前提交、截至统计时点未办结、无处置结果且已过办结时限的诉求",
        ..measure("R8", "超期未办", "件数与已超时长", Unit::Seconds)
    },
    third(rate(
        "R9",
        "解决率",
        "居民最后答复为已解决（确认或回访）÷ 已作答的诉求；答复含回访后重开，算未解决",
        ASKED,
    )),
    third(rate(
        "R9s",
        "解决率：实际解决",
        "答复已解决且所答复的处置结果为实际解决 ÷ 已作答的诉求；答复含回访后重开，算未解决",
        ASKED,
    )),
    third(rate(
        "R9e",
        "解决率：解释说明后认可",
        "答复已解决且所答复的处置结果为解释说明 ÷ 已作答的诉求；答复含回访后重开，算未解决",
        ASKED,
    )),
    anew(rate(
        "R10",
        "满意率（结果）",
        "结果评分 3 分及以上（基本满意权重 w = 1.0）÷ 已评分的诉求",
        ASKED,
    )),
    anew(rate("R10a", "满意率（态度）", "态度评分 3 分及以上 ÷ 已评分的诉求", ASKED)),
    anew(rate("R10d", "双满意率", "结果与态度评分均在 3 分及以上 ÷ 已评分的诉求", ASKED)),
    anew(rate(
        "R11",
        "回访覆盖率（已接通）",
        "有回访记录且联系上 ÷ 办结的诉求；居民答未解决、由核查员重开的也是回访",
        CLOSED,
    )),
    anew(rate(
        "R12",
        "返工率",
        "首次办结后 30 天内被重开 ÷ 办结的诉求；办结未满 30 天的，按至统计时点是否重开计",
        CLOSED,
    )),
    rate("R13", "延期率", "获准延期的诉求 ÷ 已派单的诉求", ROUTED),
    rate("R14", "首派准确率", "从未退单或转派的诉求 ÷ 已派单的诉求", ROUTED),
    rate("R15-1", "升级率：第一级", "升级到第一级及以上的诉求 ÷ 全部诉求", BY_REPORT),
    rate("R15-2", "升级率：第二级", "升级到第二级及以上的诉求 ÷ 全部诉求", BY_REPORT),
    rate("R15-3", "升级率：第三级", "升级到第三级及以上的诉求 ÷ 全部诉求", BY_REPORT),
    rate("R15-4", "升级率：第四级", "升级到第四级及以上的诉求 ÷ 全部诉求", BY_REPORT),
    rate("R15-5", "升级率：第五级", "升级到第五级及以上的诉求 ÷ 全部诉求", BY_REPORT),
    rate("R17", "重复诉求率（并案）", "被并案的诉求 ÷ 全部诉求", BY_REPORT),
    third(Card {
        cohort: IN_HAND,
        ..measure(
            "R19",
            "人均负荷",
            "统计期内各诉求在办时长之和 ÷ 责任人数（签收被撤销的，为派单时告知的责任人）；结束后到重开或申诉之间不算在办；工作时扣除挂起",
            Unit::SecondsPerPerson,
        )
    }),
];

/// A figure of the rules that no event exists for yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    pub id: &'static str,
    pub name: &'static str,
    pub why: &'static str,
}

const NO_TASKS: &str = "尚无部门任务的记录";
const NO_GRID_EVENTS: &str = "尚无网格事件的记录";

/// What cannot be computed yet, and why.
pub const MISSING: &[Missing] = &[
    Missing { id: "M6", name: "派遣时长", why: NO_TASKS },
    Missing { id: "M9", name: "部门处置时长", why: NO_TASKS },
    Missing { id: "M10", name: "吹哨响应时长", why: "尚无吹哨的记录" },
    Missing {
        id: "R4", name: "响应率（账本口径）", why: "联系只有办理人自述的一级凭据"
    },
    Missing {
        id: "R4b", name: "响应率（回访口径）", why: "回访记录中没有“是否联系过您”一问"
    },
    Missing { id: "R7", name: "按期处置率", why: NO_TASKS },
    Missing { id: "R11v", name: "有效回访率", why: "未接通的回访不留记录" },
    Missing {
        id: "R17r",
        name: "重复诉求率：同一居民同类诉求",
        why: "一件工单的账本不含同一居民的其他工单",
    },
    Missing { id: "R16", name: "自行处置率", why: NO_GRID_EVENTS },
    Missing { id: "R18", name: "走访完成率", why: "尚无走访的记录" },
];

/// Finds a figure by its id: the card and the rule.
pub fn figure(id: &str) -> Option<(&'static Card, Rule)> {
    let card = CARDS.iter().find(|card| card.id == id)?;
    rule(id).map(|rule| (card, rule))
}

pub(super) fn rule(id: &str) -> Option<Rule> {
    entry(id).map(|(_, rule, _)| *rule)
}

/// Finds whose times a figure reads of a case that was reopened.
pub fn round(id: &str) -> Option<Round> {
    entry(id).map(|(_, _, round)| *round)
}

fn entry(id: &str) -> Option<&'static (&'static str, Rule, Round)> {
    MEASURES.iter().chain(RATES).find(|(known, ..)| *known == id)
}

/// Writes the cards as the tables of `docs/AUDIT.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "| 编号 | 名称 | 公式 | 统计范围 | 剔除 | 单位 | 版本 |\n|---|---|---|---|---|---|---|\n",
    );
    for card in CARDS {
        let Card { id, name, formula, cohort, exclusions, unit, version } = card;
        let unit = unit.zh();
        // Writing into a text never fails.
        let _written = writeln!(
            text,
            "| {id} | {name} | {formula} | {cohort} | {exclusions} | {unit} | {version} |"
        );
    }
    text.push_str("\n| 编号 | 名称 | 暂无法计算的原因 |\n|---|---|---|\n");
    for Missing { id, name, why } in MISSING {
        let _written = writeln!(text, "| {id} | {name} | {why} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_has_one_card_and_every_card_one_figure() {
        let cards: Vec<&str> = CARDS.iter().map(|card| card.id).collect();
        let rules: Vec<&str> = MEASURES.iter().chain(RATES).map(|(id, ..)| *id).collect();
        let set = |ids: &[&'static str]| ids.iter().copied().collect::<BTreeSet<_>>();
        assert_eq!(set(&cards), set(&rules));
        assert_eq!((set(&cards).len(), set(&rules).len()), (cards.len(), rules.len()), "twice");
        for id in MISSING.iter().map(|one| one.id) {
            assert!(!cards.contains(&id), "{id} is missing and defined");
        }
        for card in CARDS {
            assert!(card.version > 0 && !card.name.is_empty() && !card.formula.is_empty());
        }
    }

    /// `ZHINAN_WRITE_DOCS=1` writes the section anew.
    #[test]
    fn the_document_says_what_the_registry_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/AUDIT.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (begin, end) = ("<!-- definitions -->\n", "<!-- end of definitions -->");
        let (before, rest) = text.split_once(begin).expect("a section of definitions");
        let (section, after) = rest.split_once(end).expect("its end");
        if std::env::var_os("ZHINAN_WRITE_DOCS").is_some() {
            let text = format!("{before}{begin}{}{end}{after}", markdown());
            std::fs::write(path, text).unwrap();
            return;
        }
        assert_eq!(section, markdown(), "run with ZHINAN_WRITE_DOCS=1");
    }
}
