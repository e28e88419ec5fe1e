//! How urgent a case is and what was promised for it (domain §8).
//!
//! Urgency comes from two questions and from emergency words, never from a tick box. The targets
//! are data with a version that is frozen into the case, so that a later change rewrites no
//! history. The calendar is handed in as two functions; this module knows no holiday.

use std::time::Duration;

use entity::kinds::{Timestamp, Urgency};
use serde::{Deserialize, Serialize};

use crate::domain::calendar::Profile;

/// The working-time calendar as the rules need it.
#[derive(Clone, Copy)]
pub struct WorkTime<'a> {
    /// The smallest instant by which so much working time has passed.
    pub add_work: &'a dyn Fn(Profile, Timestamp, Duration) -> Timestamp,
    /// Closing time of the n-th workday after the day of the instant.
    pub add_workdays: &'a dyn Fn(Profile, Timestamp, u16) -> Timestamp,
}

/// A promised length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// On the wall clock, which never stops.
    Minutes(u32),
    /// Within the hours of the profile.
    WorkMinutes(u32),
    Workdays(u16),
}

impl Span {
    /// Returns the instant at which the span is used up.
    pub fn after(self, from: Timestamp, profile: Profile, time: WorkTime<'_>) -> Timestamp {
        let minutes = |n: u32| Duration::from_secs(u64::from(n) * 60);
        match self {
            Self::Minutes(n) => from + minutes(n),
            Self::WorkMinutes(n) => (time.add_work)(profile, from, minutes(n)),
            Self::Workdays(n) => (time.add_workdays)(profile, from, n),
        }
    }
}

/// What is promised for one urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub profile: Profile,
    pub push: Span,
    pub acknowledge: Span,
    pub contact: Span,
    pub resolve: Span,
}

/// The whole table; every urgency has its row by construction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    pub version: u32,
    pub urgent: Target,
    pub fast: Target,
    pub normal: Target,
    pub complex: Target,
}

impl Default for Targets {
    /// Returns the starting values of domain §8: proposals for the street to decide, not law.
    fn default() -> Self {
        let duty = |acknowledge, contact, resolve| Target {
            profile: Profile::Duty,
            push: Span::Minutes(1),
            acknowledge: Span::Minutes(acknowledge),
            contact: Span::Minutes(contact),
            resolve: Span::Minutes(resolve),
        };
        let office = |days| Target {
            profile: Profile::Office,
            push: Span::Minutes(1),
            acknowledge: Span::WorkMinutes(120),
            contact: Span::Workdays(1),
            resolve: Span::Workdays(days),
        };
        Self {
            version: 1,
            urgent: duty(10, 30, 120),
            fast: duty(30, 120, 24 * 60),
            normal: office(5),
            complex: office(15),
        }
    }
}

/// The due times of one case, counted from its submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    pub profile: Profile,
    pub push_due_at: Timestamp,
    pub acknowledge_due_at: Timestamp,
    pub contact_due_at: Timestamp,
    pub resolve_due_at: Timestamp,
}

impl Targets {
    /// Returns the row of an urgency.
    pub const fn of(&self, urgency: Urgency) -> &Target {
        match urgency {
            Urgency::Urgent => &self.urgent,
            Urgency::Fast => &self.fast,
            Urgency::Normal => &self.normal,
            Urgency::Complex => &self.complex,
        }
    }

    /// Computes every due time of a case submitted at `from`.
    pub fn promise(&self, urgency: Urgency, from: Timestamp, time: WorkTime<'_>) -> Promise {
        let target = self.of(urgency);
        let due = |span: Span| span.after(from, target.profile, time);
        Promise {
            profile: target.profile,
            push_due_at: due(target.push),
            acknowledge_due_at: due(target.acknowledge),
            contact_due_at: due(target.contact),
            resolve_due_at: due(target.resolve),
        }
    }
}

/// A number to call before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hotline {
    pub number: &'static str,
    pub zh: &'static str,
}

const FIRE: Hotline =
    Hotline { number: "119", zh: "火警、燃气泄漏、被困请立即拨打119" };
const POLICE: Hotline = Hotline { number: "110", zh: "人身安全受到威胁请立即拨打110" };
const MEDICAL: Hotline =
    Hotline { number: "120", zh: "有人受伤或突发疾病请立即拨打120" };
const TRAFFIC: Hotline = Hotline { number: "122", zh: "交通事故请立即拨打122" };

/// Words of an emergency. They are searched as plain parts of the text, negation and all: a false
/// alarm costs one call, a missed one may cost a life.
const EMERGENCY_WORDS: &[(&str, Hotline)] = &[
    ("着火", FIRE),
    ("起火", FIRE),
    ("失火", FIRE),
    ("火灾", FIRE),
    ("爆炸", FIRE),
    ("煤气泄漏", FIRE),
    ("燃气泄漏", FIRE),
    ("天然气泄漏", FIRE),
    ("煤气味", FIRE),
    ("漏煤气", FIRE),
    ("燃气味", FIRE),
    ("电梯困人", FIRE),
    ("困在电梯", FIRE),
    ("溺水", FIRE),
    ("落水", FIRE),
    ("跳楼", POLICE),
    ("轻生", POLICE),
    ("自杀", POLICE),
    ("打架", POLICE),
    ("斗殴", POLICE),
    ("持刀", POLICE),
    ("抢劫", POLICE),
    ("入室", POLICE),
    ("家暴", POLICE),
    ("绑架", POLICE),
    ("晕倒", MEDICAL),
    ("昏倒", MEDICAL),
    ("昏迷", MEDICAL),
    ("没有呼吸", MEDICAL),
    ("心梗", MEDICAL),
    ("大出血", MEDICAL),
    ("中毒", MEDICAL),
    ("触电", MEDICAL),
    ("抽搐", MEDICAL),
    ("坠楼", MEDICAL),
    ("车祸", TRAFFIC),
    ("撞车", TRAFFIC),
    ("交通事故", TRAFFIC),
];

/// Lists the hotlines that the words of a text call for, each once, in the order of the table.
pub fn hotlines(text: &str) -> Vec<Hotline> {
    // Residents put blanks and line breaks anywhere; none of the words has one.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found: Vec<Hotline> = Vec::new();
    for (word, line) in EMERGENCY_WORDS {
        if text.contains(word) && !found.contains(line) {
            found.push(*line);
        }
    }
    found
}

/// Decides the urgency: `danger` is the answer to "is anybody's life, health or home in danger
/// right now?", `stuck` to "is somebody old, ill, disabled or a child without what he needs?".
pub fn urgency(danger: bool, stuck: bool, text: &str) -> Urgency {
    if danger || !hotlines(text).is_empty() {
        Urgency::Urgent
    } else if stuck {
        Urgency::Fast
    } else {
        Urgency::Normal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp(1_795_399_200_000_000);

    /// A calendar whose office is open all day, and whose workday closes after exactly 24 hours.
    fn plain<R>(run: impl FnOnce(WorkTime<'_>) -> R) -> R {
        run(WorkTime {
            add_work: &|_, from, span| from + span,
            add_workdays: &|_, from, n| from + Duration::from_hours(24 * u64::from(n)),
        })
    }

    fn minutes(at: Timestamp) -> u64 {
        at.since(T0).as_secs() / 60
    }

    #[test]
    fn the_default_table_promises_what_the_document_says() {
        let table = [
            (Urgency::Urgent, Profile::Duty, [1, 10, 30, 120]),
            (Urgency::Fast, Profile::Duty, [1, 30, 120, 24 * 60]),
            (Urgency::Normal, Profile::Office, [1, 120, 24 * 60, 5 * 24 * 60]),
            (Urgency::Complex, Profile::Office, [1, 120, 24 * 60, 15 * 24 * 60]),
        ];
        for (urgency, profile, want) in table {
            let p = plain(|time| Targets::default().promise(urgency, T0, time));
            let got = [p.push_due_at, p.acknowledge_due_at, p.contact_due_at, p.resolve_due_at];
            assert_eq!((p.profile, got.map(minutes)), (profile, want), "{urgency:?}");
        }
    }

    #[test]
    fn targets_survive_json_and_refuse_unknown_keys() {
        let json = serde_json::to_string(&Targets::default()).unwrap();
        assert_eq!(serde_json::from_str::<Targets>(&json).unwrap(), Targets::default());
        let typo = json.replacen("\"push\"", "\"pusch\"", 1);
        assert!(serde_json::from_str::<Targets>(&typo).is_err());
    }

    #[test]
    fn urgency_follows_the_two_questions_and_the_words() {
        assert_eq!(urgency(false, false, "楼道灯坏了"), Urgency::Normal);
        assert_eq!(urgency(false, true, "老人家里没水"), Urgency::Fast);
        assert_eq!(urgency(true, true, ""), Urgency::Urgent);
        assert_eq!(urgency(false, false, "楼下有人打 架"), Urgency::Urgent);
    }

    #[test]
    fn emergency_words_name_the_right_hotlines_once() {
        let numbers = |text| hotlines(text).iter().map(|h| h.number).collect::<Vec<_>>();
        assert_eq!(numbers("3号楼着火了，起火点在二楼，有人晕倒"), ["119", "120"]);
        assert_eq!(numbers("门口发生车祸"), ["122"]);
        assert_eq!(numbers("有人打架"), ["110"]);
        assert!(numbers("没水了").is_empty());
    }
}
