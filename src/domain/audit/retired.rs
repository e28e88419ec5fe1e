//! Definitions that count no more. They stay for what was printed by them.

use entity::kinds::ResultType;

use super::definition::{
    AUDITOR, AUDITOR_OR_LEFT, BY_DUE, BY_REPORT, CLOSED as BY_CLOSING, Card, IN_HAND, Unit,
};
use super::edition::Retired;
use super::frame::{Frame, Holder, Rule};
use super::measure::{
    ACKNOWLEDGE, RESOLVE, acknowledge as by_taking, acknowledge_from_push as by_taking_from_push,
    interval, load_of, load_with_gaps, longest_of,
};
use super::rate::{
    acknowledged_counting, acknowledged_in_time, answered, attempted_counting, called_back_at,
    closed_counting, closed_in_time_counting, contacted_counting, content_with_attitude,
    content_with_both, content_with_result, explained as said_explained, pushed_counting,
    really_solved as said_really_solved, reopened, solved as said_solved, vouched_counting,
};
use super::story::{Answer, Story};
use super::tally::Finding;

/// Every one of them, as its card said it.
pub const RETIRED: &[Retired] = &[
    length(("M4", FELT, "t4 − t0；被撤销的签收不算"), acknowledge),
    length(("M4p", OWN, "t4 − t3a；已推成的诉求"), acknowledge_from_push),
    taken(length(
        ("M4", FELT, "t4 − t0；被撤销的签收不算；分组时计入签收时的网格与签收人"),
        acknowledge,
    )),
    taken(length(
        ("M4p", OWN, "t4 − t3a；已推成的诉求；分组时计入签收时的网格与签收人"),
        acknowledge_from_push,
    )),
    third(length(
        ("M11", "最长静默", "办理期间居民可见的两次进展之间最长的间隔；未办结的算到统计时点"),
        silence,
    )),
    length(("M12", "返工周期", "最近一次重开后的 t7 − r；被重开过的诉求"), rework),
    reported(("R1", "首推及时率", "M2 不超过首推时限 ÷ 全部诉求；未派单的算未及时"), pushed),
    due(("R2", "签收及时率", "签收时限前已签收 ÷ 签收时限落在统计期内的诉求"), acknowledged),
    taken(due(
        (
            "R2",
            "签收及时率",
            "签收时限前已签收 ÷ 签收时限落在统计期内的诉求；分组时计入签收时的网格与签收人",
        ),
        acknowledged_by_hours,
    )),
    due(("R3", "先行联系率", "首轮联系时限前已联系上 ÷ 联系时限落在统计期内的诉求"), contacted),
    due(
        ("R3a", "联系尝试率", "首轮联系时限前有过联系尝试 ÷ 联系时限落在统计期内的诉求"),
        attempted,
    ),
    due(("R4", "响应率（账本口径）", "同先行联系率，但联系须有二级以上凭据"), vouched),
    due(("R5", "结案率", CLOSED), closed),
    due(("R6", "按期结案率", IN_TIME), closed_in_time),
    second(due(("R5", "结案率", CLOSED), closed_last)),
    second(due(("R6", "按期结案率", IN_TIME), closed_last_in_time)),
    third(load("统计期内各诉求在办时长之和 ÷ 责任人数；工作时扣除挂起", load_with_gaps)),
    taker(length(("M4", FELT, FELT_BY_TAKER), by_taking)),
    taker(length(("M4p", OWN, OWN_BY_TAKER), by_taking_from_push)),
    taker(due(("R2", "签收及时率", IN_TIME_BY_TAKER), acknowledged_in_time)),
    fourth(length(("M11", "最长静默", SILENT), silence_until_result), 2),
    fourth(asked(("R9", "解决率", SOLVED), solved), 1),
    fourth(asked(("R9s", "解决率：实际解决", REALLY), really_solved), 1),
    fourth(asked(("R9e", "解决率：解释说明后认可", EXPLAINED), explained), 1),
    fourth(again(("R12", "返工率", "首次办结后 30 天内被重开 ÷ 办结的诉求"), reopened), 1),
    fourth(load(CARRIED, load_of_taker), 2),
    fifth(asked(("R9", "解决率", SAID_SOLVED), said_solved), 2),
    fifth(asked(("R9s", "解决率：实际解决", SAID_REALLY), said_really_solved), 2),
    fifth(asked(("R9e", "解决率：解释说明后认可", SAID_EXPLAINED), said_explained), 2),
    fifth(asked(("R10", "满意率（结果）", CONTENT), content_with_result), 1),
    fifth(
        asked(
            ("R10a", "满意率（态度）", "态度评分 3 分及以上 ÷ 已评分的诉求"),
            content_with_attitude,
        ),
        1,
    ),
    fifth(
        asked(
            ("R10d", "双满意率", "结果与态度评分均在 3 分及以上 ÷ 已评分的诉求"),
            content_with_both,
        ),
        1,
    ),
    fifth(
        again(("R11", "回访覆盖率（已接通）", "有回访记录且联系上 ÷ 办结的诉求"), called_back),
        1,
    ),
    fifth(length(("M3", "首次查看时长", "t3c − t3a；已推成的诉求"), open), 1),
];

const FELT_BY_TAKER: &str =
    "首个未被撤销的签收 t4 − t0；后来他人的签收被撤销不影响它；分组时计入签收时的网格与签收人";
const OWN_BY_TAKER: &str =
    "首个未被撤销的签收 t4 − t3a；已推成的诉求；分组时计入签收时的网格与签收人";
const IN_TIME_BY_TAKER: &str =
    "签收时限前已有未被撤销的签收 ÷ 签收时限落在统计期内的诉求；分组时计入签收时的网格与签收人";
const SILENT: &str =
    "办理期间居民可见的两次进展之间最长的间隔，不含结束后到重开或申诉之间；未办结的算到统计时点";
const SOLVED: &str = "居民最后答复为已解决（确认或回访）÷ 已作答的诉求";
const REALLY: &str = "答复已解决且处置结果为实际解决 ÷ 已作答的诉求";
const EXPLAINED: &str = "答复已解决且处置结果为解释说明 ÷ 已作答的诉求";
const CARRIED: &str =
    "统计期内各诉求在办时长之和 ÷ 责任人数；结束后到重开或申诉之间不算在办；工作时扣除挂起";

// The rules are those of today; the cards did not say that the first closing counts.
const ASKED: &str = "统计期内办结或应办结、且居民已作答的诉求";
const SAID_SOLVED: &str =
    "居民最后答复为已解决（确认或回访）÷ 已作答的诉求；答复含回访后重开，算未解决";
const SAID_REALLY: &str =
    "答复已解决且所答复的处置结果为实际解决 ÷ 已作答的诉求；答复含回访后重开，算未解决";
const SAID_EXPLAINED: &str =
    "答复已解决且所答复的处置结果为解释说明 ÷ 已作答的诉求；答复含回访后重开，算未解决";
const CONTENT: &str = "结果评分 3 分及以上（基本满意权重 w = 1.0）÷ 已评分的诉求";

const FELT: &str = "签收时长（居民视角）";
const OWN: &str = "签收时长（个人速度）";
const CLOSED: &str =
    "截至统计时点已办结 ÷ 应结案（首个办结的一轮，否则最近一轮的办结时限落在统计期内）";
const IN_TIME: &str = "办结时限前已作出处置（t7）并已办结 ÷ 应结案；按期处置而尚待确认的列为未定";

/// Number, name and formula.
type Words = (&'static str, &'static str, &'static str);

const fn length((id, name, formula): Words, rule: Rule) -> Retired {
    let card = Card {
        id,
        name,
        formula,
        cohort: BY_REPORT,
        exclusions: AUDITOR,
        unit: Unit::Seconds,
        version: 1,
    };
    Retired { card, rule, until: 1, holder: Holder::Now }
}

const fn reported(words: Words, rule: Rule) -> Retired {
    let one = length(words, rule);
    let card = Card { exclusions: AUDITOR_OR_LEFT, unit: Unit::Share, ..one.card };
    Retired { card, ..one }
}

const fn due(words: Words, rule: Rule) -> Retired {
    let one = reported(words, rule);
    Retired { card: Card { cohort: BY_DUE, ..one.card }, ..one }
}

const fn asked(words: Words, rule: Rule) -> Retired {
    let one = length(words, rule);
    Retired { card: Card { cohort: ASKED, unit: Unit::Share, ..one.card }, ..one }
}

const fn again(words: Words, rule: Rule) -> Retired {
    let one = asked(words, rule);
    Retired { card: Card { cohort: BY_CLOSING, ..one.card }, ..one }
}

const fn load(formula: &'static str, rule: Rule) -> Retired {
    let one = length(("R19", "人均负荷", formula), rule);
    Retired { card: Card { cohort: IN_HAND, unit: Unit::SecondsPerPerson, ..one.card }, ..one }
}

/// Of the second definition, which the second edition had alone.
const fn second(one: Retired) -> Retired {
    Retired { card: Card { version: 2, ..one.card }, until: 2, ..one }
}

/// Of the first definition until the third edition.
const fn third(one: Retired) -> Retired {
    Retired { until: 3, ..one }
}

/// Of the second definition: a withdrawal took back whoever had taken it first.
const fn taken(one: Retired) -> Retired {
    let card = Card { version: 2, ..one.card };
    Retired { card, until: 3, holder: Holder::TakerBefore, ..one }
}

/// Of this definition until the fourth edition.
const fn fourth(one: Retired, version: u32) -> Retired {
    Retired { card: Card { version, ..one.card }, until: 4, ..one }
}

/// Of this definition until the fifth edition.
const fn fifth(one: Retired, version: u32) -> Retired {
    Retired { card: Card { version, ..one.card }, until: 5, ..one }
}

/// Of the third definition, which the fourth edition had alone: whoever took a case kept it in
/// divisions when that was withdrawn.
const fn taker(one: Retired) -> Retired {
    Retired { holder: Holder::Taker, ..fourth(one, 3) }
}

/// Nothing was silent between a result and its reopening.
fn silence_until_result(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    longest_of((story, frame), &story.quiet_until_result)
}

fn load_of_taker(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    load_of((story, frame), story.held_before.person)
}

/// A callback after which the case was opened again was none.
fn called_back(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    called_back_at((story, frame), story.called_back_before)
}

/// Whoever placed the case had opened it, also before anybody was told.
fn open(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.pushed?, story.opened_before), (ACKNOWLEDGE, &[]))
}

// No callback said that it was not solved, and what counted was the result of the present cycle.

fn solved(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    answered((story, frame), story.answer_before.map(|answer| answer == Answer::Solved))
}

fn solved_as(story: &Story, frame: &Frame<'_>, result: ResultType) -> Option<Finding> {
    let declared = story.cycle().and_then(|cycle| cycle.result) == Some(result);
    let hit = story.answer_before.map(|answer| answer == Answer::Solved && declared);
    answered((story, frame), hit)
}

fn really_solved(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    solved_as(story, frame, ResultType::Solved)
}

fn explained(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    solved_as(story, frame, ResultType::Explained)
}

// Any withdrawal of an acknowledgement took the first one back.

fn acknowledge(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.reported, story.taken_before.at), (ACKNOWLEDGE, &[]))
}

fn acknowledge_from_push(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.pushed?, story.taken_before.at), (ACKNOWLEDGE, &[]))
}

fn acknowledged_by_hours(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    acknowledged_counting((story, frame), &story.taken_before, (ACKNOWLEDGE, &[]))
}

/// A rejected case that was appealed was silent meanwhile.
fn silence(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    longest_of((story, frame), &story.quiet_before)
}

/// A rest that still ran was not taken off.
fn rework(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let cycle = story.cycle().filter(|_| !story.reopened.is_empty())?;
    interval((story, frame), (cycle.started_at, cycle.resolved), (RESOLVE, &cycle.pauses))
}

// All lengths were counted in the hours of the result, without rests.

fn pushed(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    pushed_counting((story, frame), (RESOLVE, &[]))
}

fn acknowledged(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    acknowledged_counting((story, frame), &story.taken_before, (RESOLVE, &[]))
}

fn contacted(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    contacted_counting((story, frame), (RESOLVE, &[]))
}

fn attempted(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    attempted_counting((story, frame), (RESOLVE, &[]))
}

/// Every contact is what the handler says: nothing else was ever written.
fn vouched(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    vouched_counting((story, frame), (RESOLVE, &[]))
}

fn closed(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let cycle = story.settling()?;
    closed_counting((story, frame), (cycle.resolve_due, cycle.closed), (RESOLVE, &[]))
}

fn closed_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    closed_in_time_counting((story, frame), story.settling()?, (RESOLVE, &[]))
}

// A late result that was reopened before it was confirmed was judged by its next due time.

fn closed_last(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let (cycle, rests) = (story.settling()?, story.pauses(frame.now));
    closed_counting((story, frame), (cycle.resolve_due, cycle.closed), (RESOLVE, &rests))
}

fn closed_last_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let rests = story.pauses(frame.now);
    closed_in_time_counting((story, frame), story.settling()?, (RESOLVE, &rests))
}
