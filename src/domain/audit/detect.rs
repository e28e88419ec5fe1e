//! Patterns that somebody should look at (domain §5.6). Each is a list of cases with what was seen;
//! none of them is a verdict, and every one has harmless explanations.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use entity::kinds::{ActorRole, Timestamp};
use serde::{Deserialize, Serialize};

use super::calendars::Calendars;
use super::measure::RESOLVE;
use super::story::{Answer, Begun, Cycle, Story};
use crate::domain::case::targets::Source;

/// What a detector looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Detector {
    pub id: &'static str,
    pub name: &'static str,
    /// When it lists somebody.
    pub rule: &'static str,
}

const fn detector(id: &'static str, name: &'static str, rule: &'static str) -> Detector {
    Detector { id, name, rule }
}

/// Every detector whose facts the ledger has.
pub const DETECTORS: &[Detector] = &[
    detector("quick_acknowledgement", "推送后 3 秒内签收", "占本人签收的 80% 以上，且不少于 10 件"),
    detector(
        "unread_acknowledgement",
        "未打开即签收",
        "签收前没有网格员、社区干部或书记打开过该诉求，分拣员和街道指挥中心打开的不算",
    ),
    detector("quick_result", "签收后 2 分钟内填写结果", "处置时间 − 签收时间 < 2 分钟"),
    detector(
        "last_moment_reopened",
        "时限最后 5% 内处置且随后被重开",
        "按承诺的时段计并扣除挂起，处置于时限最后 5%，之后被重开",
    ),
    detector(
        "late_pause",
        "到期前 1 小时内挂起",
        "挂起时距办结时限不足 1 小时，街道指挥中心决定的除外",
    ),
    detector(
        "unagreed_appointment",
        "和居民约了时间而挂起，居民未确认",
        "至挂起结束，居民没有确认约定的时间",
    ),
    detector("few_all_content", "满意率 100% 而评价覆盖不足 20%", "按责任人，办结不少于 10 件"),
    detector("same_photo", "两件诉求用了同一张照片", "工作人员上传的照片此前已用于另一件诉求"),
    detector("own_report", "代报、签收、办结为同一人且无居民确认", "每件列出"),
];

/// Detectors of the rules that no fact exists for yet.
pub const BLIND: &[(&str, &str)] = &[
    ("仅有一级联系凭据", "目前所有联系都只有一级凭据，列出即全部"),
    ("照片早于提交", "照片不留拍摄时间"),
    ("时限过半后改为更长时限的类别", "尚无改类别的操作"),
    ("到期后申请延期、被考核单位自行并案", "系统不允许"),
    ("回访电话属于工作人员、回访设备即处置设备", "账本不含电话与设备"),
    ("走访速度与定位异常", "尚无走访的记录"),
];

/// One entry of a list: whose doing it is, and the cases to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    pub detector: String,
    /// Number among staff; `None` where nobody in particular is meant, or no record says who it was.
    pub person: Option<i64>,
    /// Cases that show it, and those it was looked for in.
    pub seen: u64,
    pub of: u64,
    /// Their numbers with what was measured in each, in seconds.
    pub cases: Vec<(String, u64)>,
}

#[derive(Clone, Debug, Default)]
struct Trail {
    of: u64,
    cases: Vec<(String, u64)>,
}

/// What was seen so far of a window `[from, to)`, by detector and person; can be added to another's.
#[derive(Clone, Debug)]
pub struct Watch {
    window: (Timestamp, Timestamp),
    calendars: Arc<Calendars>,
    trails: BTreeMap<(&'static str, Option<i64>), Trail>,
}

const QUICK: Duration = Duration::from_secs(3);
const TYPED: Duration = Duration::from_mins(2);
const LAST_HOUR: Duration = Duration::from_hours(1);
const ENOUGH: u64 = 10;
/// More cases than anybody looks at one by one.
const LISTED: usize = 50;

impl Watch {
    /// Begins to look at what happened in a window `[from, to)`.
    pub const fn new(window: (Timestamp, Timestamp), calendars: Arc<Calendars>) -> Self {
        Self { window, calendars, trails: BTreeMap::new() }
    }

    /// Looks at a case. What happened before the window, or is laid at nobody's door in it, was listed
    /// in its own time.
    pub fn look(&mut self, number: &str, story: &Story) {
        self.look_at_taking(number, story);
        self.look_at_results(number, story);
        self.look_at_rests(number, story);
        self.look_at_appointments(number, story);
        let Some(at) = story.closed().filter(|at| self.holds(*at)) else { return };
        let person = story.cycle().and_then(|cycle| cycle.by).or(story.held_by.person);
        let mark = story.marks.map(|(result, _)| Duration::from_secs(u64::from(result)));
        self.note(("few_all_content", person), number, mark);
        if by_staff(story) {
            self.note(("own_report", person), number, own(story, at));
        }
    }

    fn look_at_taking(&mut self, number: &str, story: &Story) {
        let Some(at) = story.taken.at.filter(|at| self.holds(*at)) else { return };
        // What somebody did when he took it is not laid at the door of who got it from him.
        let person = story.taken.held.as_ref().map_or(story.held_by.person, |taken| taken.person);
        // Who takes it before a message arrived answers none.
        if let Some(push) = story.pushed.filter(|push| *push <= at) {
            let quick = Some(at.since(push)).filter(|length| *length <= QUICK);
            self.note(("quick_acknowledgement", person), number, quick);
        }
        let unread = story.read.is_none_or(|read| read > at);
        let unread = unread.then(|| at.since(story.reported));
        self.note(("unread_acknowledgement", person), number, unread);
    }

    fn look_at_results(&mut self, number: &str, story: &Story) {
        let next = story.cycles.iter().skip(1).map(|next| Some(next.started_at)).chain([None]);
        for (cycle, taken_back) in story.cycles.iter().zip(next) {
            let Some(at) = cycle.resolved else { continue };
            // Who took it in an earlier cycle worked on it before.
            let anew = cycle.taking.filter(|taking| taking.at >= cycle.started_at);
            if let Some(taking) = anew.filter(|_| self.holds(at)) {
                let typed = Some(at.since(taking.at)).filter(|length| *length < TYPED);
                self.note(("quick_result", cycle.resolved_by), number, typed);
            }
            if self.holds(taken_back.unwrap_or(at)) {
                let left =
                    taken_back.and_then(|_| last_moment((story, cycle), at, &self.calendars));
                self.note(("last_moment_reopened", cycle.resolved_by), number, left);
            }
        }
    }

    /// What the street's command decides for many cases at once is nobody's way out of one.
    fn look_at_rests(&mut self, number: &str, story: &Story) {
        let begun = story.pauses_begun.iter();
        let begun = begun.filter(|one| self.holds(one.at) && one.role != ActorRole::Command);
        let begun: Vec<(Option<i64>, Duration)> =
            begun.map(|one| (one.person, one.due.since(one.at))).collect();
        let late = begun.iter().find(|(_, left)| *left < LAST_HOUR);
        if let Some((person, _)) = late.or(begun.first()) {
            self.note(("late_pause", *person), number, late.map(|(_, left)| *left));
        }
    }

    /// Until such a rest is over, the resident may still confirm its time.
    fn look_at_appointments(&mut self, number: &str, story: &Story) {
        let worker = |role| matches!(role, ActorRole::Primary | ActorRole::Backup);
        let rests = story.pauses_begun.iter().filter(|one| worker(one.role));
        let rests = rests.filter_map(|one| one.over.map(|over| (*one, over)));
        let rests: Vec<(Begun, Timestamp)> = rests.filter(|(_, over)| self.holds(*over)).collect();
        let alone = rests.iter().find(|(rest, _)| !rest.agreed);
        if let Some((rest, _)) = alone.or(rests.first()) {
            let length = alone.map(|(rest, over)| over.since(rest.at));
            self.note(("unagreed_appointment", rest.person), number, length);
        }
    }

    fn holds(&self, at: Timestamp) -> bool {
        let (from, to) = self.window;
        from <= at && at < to
    }

    fn note(&mut self, of: (&'static str, Option<i64>), number: &str, seen: Option<Duration>) {
        let trail = self.trails.entry(of).or_default();
        trail.of += 1;
        trail.cases.extend(seen.map(|length| (number.to_owned(), length.as_secs())));
    }

    /// Looks at a case to which somebody of the staff gave photos: `apart` is how long before another
    /// case had the same.
    pub fn look_at_photos(&mut self, number: &str, staff: i64, apart: Option<Duration>) {
        self.note(("same_photo", Some(staff)), number, apart);
    }

    /// Takes in what another one saw.
    pub fn merge(&mut self, other: Self) {
        for (key, trail) in other.trails {
            let mine = self.trails.entry(key).or_default();
            mine.of += trail.of;
            mine.cases.extend(trail.cases);
        }
    }

    /// Lists what somebody should look at, in the order of the detectors and people.
    pub fn hints(self) -> Vec<Hint> {
        let kept = self.trails.into_iter().filter(|((id, _), trail)| lists(id, trail));
        let hint = |((id, person), trail): ((&str, Option<i64>), Trail)| Hint {
            detector: id.to_owned(),
            person,
            seen: count(&trail.cases),
            of: trail.of,
            cases: newest(trail.cases),
        };
        kept.map(hint).collect()
    }
}

/// As many as are listed of cases in the order in which they were reported.
fn newest(mut cases: Vec<(String, u64)>) -> Vec<(String, u64)> {
    cases.split_off(cases.len().saturating_sub(LISTED))
}

fn count(cases: &[(String, u64)]) -> u64 {
    u64::try_from(cases.len()).unwrap_or(u64::MAX)
}

fn lists(id: &str, trail: &Trail) -> bool {
    let seen = count(&trail.cases);
    match id {
        "quick_acknowledgement" => trail.of >= ENOUGH && seen * 5 > trail.of * 4,
        "few_all_content" => {
            let content = trail.cases.iter().all(|(_, mark)| *mark >= 3);
            trail.of >= ENOUGH && seen > 0 && content && seen * 5 < trail.of
        }
        _ => seen > 0,
    }
}

/// How much of its time a result left, where that was the last moment. Time counts within the hours
/// that were promised and without the rests, as it does for half of it: nights and weekends before
/// the due time leave nobody anything.
fn last_moment(
    (story, cycle): (&Story, &Cycle),
    at: Timestamp,
    calendars: &Calendars,
) -> Option<Duration> {
    let due = cycle.resolve_due.filter(|due| at <= *due)?;
    let (calendar, hours) = (calendars.at(at), story.hours(RESOLVE));
    let left = calendar.active(hours, &cycle.pauses, at, due);
    let whole = calendar.active(hours, &cycle.pauses, cycle.started_at, due);
    (left * 20 <= whole).then_some(left)
}

fn by_staff(story: &Story) -> bool {
    story.promised.as_ref().is_some_and(|promised| promised.source == Source::Staff)
}

fn own(story: &Story, closed: Timestamp) -> Option<Duration> {
    let cycle = story.cycle()?;
    let taker = cycle.taking.and_then(|taking| taking.account);
    let same = taker.is_some() && taker == story.reporter && taker == cycle.resolver;
    let silent = story.said.is_none_or(|said| said.answer != Answer::Solved);
    (same && silent).then(|| closed.since(story.reported))
}
