//! How urgent a case is and what was promised for it (domain §8).
//!
//! Urgency comes from two questions and from emergency words, never from a tick box. The targets
//! are data with a version; what is promised to a case is frozen into it ([`super::clock`]), so that
//! a later change rewrites no history.

use std::time::Duration;

use entity::kinds::{Category, Timestamp, Urgency};
use serde::{Deserialize, Serialize};

use super::emergency::hotlines;
use crate::domain::calendar::{Calendar, Due, Hours, Profile};

/// The working-time calendar as the rules of escalation need it.
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
    pub fn after(self, from: Timestamp, hours: &Hours, calendar: &Calendar) -> Due {
        let minutes = |n: u32| Duration::from_secs(u64::from(n) * 60);
        match self {
            Self::Minutes(n) => Due { at: from + minutes(n), provisional: false },
            Self::WorkMinutes(n) => calendar.add_work(hours, from, minutes(n)),
            Self::Workdays(n) => calendar.add_workdays(hours, from, u32::from(n)),
        }
    }

    /// Returns the hours that the span is counted in.
    pub fn hours(self, hours: &Hours) -> &Hours {
        match self {
            Self::Minutes(_) => Hours::standard(Profile::Duty),
            Self::WorkMinutes(_) | Self::Workdays(_) => hours,
        }
    }

    const fn is_nothing(self) -> bool {
        matches!(self, Self::Minutes(0) | Self::WorkMinutes(0) | Self::Workdays(0))
    }
}

/// What is promised for one kind of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub profile: Profile,
    pub push: Span,
    pub acknowledge: Span,
    pub contact: Span,
    pub resolve: Span,
}

/// Through whom a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The resident himself, or a neighbour for him.
    Resident,
    /// Staff, for somebody who called or came.
    Staff,
}

/// A target for some cases only; what is not named fits every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    pub target: Target,
}

impl Rule {
    fn fits(&self, category: Category, urgency: Urgency, source: Source) -> bool {
        self.category.is_none_or(|one| one == category)
            && self.urgency.is_none_or(|one| one == urgency)
            && self.source.is_none_or(|one| one == source)
    }

    /// Tells whether every case that fits `later` fits this one too.
    fn hides(&self, later: &Self) -> bool {
        (self.category.is_none() || self.category == later.category)
            && (self.urgency.is_none() || self.urgency == later.urgency)
            && (self.source.is_none() || self.source == later.source)
    }
}

/// The whole table; every urgency has its row by construction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    #[serde(default)]
    pub version: u32,
    /// When offices are open.
    #[serde(default = "office")]
    pub office: Hours,
    /// When somebody is on duty.
    #[serde(default = "duty")]
    pub duty: Hours,
    pub urgent: Target,
    pub fast: Target,
    pub normal: Target,
    pub complex: Target,
    /// The first that fits a case counts instead of the row of its urgency.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The longest rest for the resident's papers (domain §5.4), in days.
    #[serde(default = "material_days")]
    pub material_days: u16,
    /// The longest rest until an appointment with the resident, in days.
    #[serde(default = "appointment_days")]
    pub appointment_days: u16,
}

const fn material_days() -> u16 {
    15
}

const fn appointment_days() -> u16 {
    14
}

fn office() -> Hours {
    Hours::standard(Profile::Office).clone()
}

fn duty() -> Hours {
    Hours::standard(Profile::Duty).clone()
}

impl Default for Targets {
    /// Returns the starting values of domain §8: proposals for the street to decide, not law.
    fn default() -> Self {
        let on_duty = |acknowledge, contact, resolve| Target {
            profile: Profile::Duty,
            push: Span::Minutes(1),
            acknowledge: Span::Minutes(acknowledge),
            contact: Span::Minutes(contact),
            resolve: Span::Minutes(resolve),
        };
        let in_office = |days| Target {
            profile: Profile::Office,
            push: Span::Minutes(1),
            acknowledge: Span::WorkMinutes(120),
            contact: Span::Workdays(1),
            resolve: Span::Workdays(days),
        };
        Self {
            version: 1,
            office: office(),
            duty: duty(),
            urgent: on_duty(10, 30, 120),
            fast: on_duty(30, 120, 24 * 60),
            normal: in_office(5),
            complex: in_office(15),
            rules: Vec::new(),
            material_days: material_days(),
            appointment_days: appointment_days(),
        }
    }
}

impl Targets {
    /// Reads a table and checks it. Fails with a Chinese sentence that names the row.
    pub fn read(text: &str) -> Result<Self, String> {
        let targets: Self = serde_json::from_str(text).map_err(|why| why.to_string())?;
        targets.check().map(|()| targets)
    }

    fn check(&self) -> Result<(), String> {
        if self.office.profile() != Profile::Office || self.duty.profile() != Profile::Duty {
            return Err("office 和 duty 的 profile 须与名称一致".to_owned());
        }
        let rows = [&self.urgent, &self.fast, &self.normal, &self.complex];
        for (row, word) in rows.iter().zip(["urgent", "fast", "normal", "complex"]) {
            check(row).map_err(|why| format!("{word}：{why}"))?;
        }
        for (at, rule) in self.rules.iter().enumerate() {
            let number = at + 1;
            check(&rule.target).map_err(|why| format!("第 {number} 条规则：{why}"))?;
            if self.rules.iter().take(at).any(|before| before.hides(rule)) {
                return Err(format!("第 {number} 条规则永远轮不到，前面已有更宽的规则"));
            }
        }
        Ok(())
    }

    /// Returns the same table under another number, which its hours bear too.
    #[must_use]
    pub fn numbered(self, version: u32) -> Self {
        let (office, duty) = (self.office.numbered(version), self.duty.numbered(version));
        Self { version, office, duty, ..self }
    }

    /// Returns the row of an urgency.
    pub const fn of(&self, urgency: Urgency) -> &Target {
        match urgency {
            Urgency::Urgent => &self.urgent,
            Urgency::Fast => &self.fast,
            Urgency::Normal => &self.normal,
            Urgency::Complex => &self.complex,
        }
    }

    /// Returns what is promised for a case: the first rule that fits, else the row of its urgency.
    pub fn target(&self, category: Category, urgency: Urgency, source: Source) -> &Target {
        let rule = self.rules.iter().find(|rule| rule.fits(category, urgency, source));
        rule.map_or_else(|| self.of(urgency), |rule| &rule.target)
    }

    /// Returns the hours of a profile.
    pub const fn hours(&self, profile: Profile) -> &Hours {
        match profile {
            Profile::Office => &self.office,
            Profile::Duty => &self.duty,
        }
    }
}

/// What was promised never comes before what must precede it, and nothing is due at once.
fn check(target: &Target) -> Result<(), String> {
    let spans = [target.push, target.acknowledge, target.contact, target.resolve];
    if spans.iter().any(|span| span.is_nothing()) {
        return Err("时限不能为零".to_owned());
    }
    let steps = [target.acknowledge, target.contact, target.resolve];
    let sinks = |pair: &[Span]| match pair {
        [Span::Minutes(a), Span::Minutes(b)] | [Span::WorkMinutes(a), Span::WorkMinutes(b)] => {
            a > b
        }
        [Span::Workdays(a), Span::Workdays(b)] => a > b,
        _ => false,
    };
    if steps.windows(2).any(sinks) {
        return Err("签收、联系、办结的时限应依次不减".to_owned());
    }
    Ok(())
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

    #[test]
    fn the_default_table_promises_what_the_document_says() {
        let table = Targets::default();
        let minutes = |n: [u32; 3]| n.map(Span::Minutes);
        let office = |days| [Span::WorkMinutes(120), Span::Workdays(1), Span::Workdays(days)];
        for (urgency, profile, want) in [
            (Urgency::Urgent, Profile::Duty, minutes([10, 30, 120])),
            (Urgency::Fast, Profile::Duty, minutes([30, 120, 24 * 60])),
            (Urgency::Normal, Profile::Office, office(5)),
            (Urgency::Complex, Profile::Office, office(15)),
        ] {
            let row = table.target(Category::Other, urgency, Source::Resident);
            let got = [row.acknowledge, row.contact, row.resolve];
            assert_eq!((row.profile, row.push, got), (profile, Span::Minutes(1), want));
        }
        assert_eq!(table.check(), Ok(()));
    }

    fn quick(minutes: u32) -> Target {
        let resolve = Span::Minutes(minutes);
        Target { resolve, ..Targets::default().urgent }
    }

    #[test]
    fn the_first_rule_that_fits_counts_and_else_the_row_of_the_urgency() {
        let rule = |category, urgency, source, minutes| Rule {
            category,
            urgency,
            source,
            target: quick(minutes),
        };
        let (heat, normal) = (Some(Category::Utilities), Some(Urgency::Normal));
        let rules = vec![
            rule(heat, normal, Some(Source::Staff), 200),
            rule(heat, normal, None, 300),
            rule(None, None, Some(Source::Staff), 400),
        ];
        let table = Targets { rules, ..Targets::default() };
        assert_eq!(table.check(), Ok(()));
        let promised = |category, urgency, source| table.target(category, urgency, source).resolve;
        let (u, other) = (Category::Utilities, Category::Other);
        assert_eq!(promised(u, Urgency::Normal, Source::Staff), Span::Minutes(200));
        assert_eq!(promised(u, Urgency::Normal, Source::Resident), Span::Minutes(300));
        assert_eq!(promised(u, Urgency::Fast, Source::Staff), Span::Minutes(400));
        assert_eq!(promised(other, Urgency::Normal, Source::Resident), Span::Workdays(5));
    }

    #[test]
    fn a_table_with_a_rule_that_never_counts_or_a_target_of_nothing_is_refused() {
        let fits_all = Rule { category: None, urgency: None, source: None, target: quick(200) };
        let fits_some = Rule { urgency: Some(Urgency::Fast), ..fits_all };
        let table = |rules| Targets { rules, ..Targets::default() };
        assert_eq!(table(vec![fits_some, fits_all]).check(), Ok(()));
        let hidden = table(vec![fits_all, fits_some]).check();
        assert!(hidden.unwrap_err().contains("第 2 条"));
        assert!(table(vec![Rule { target: quick(0), ..fits_all }]).check().is_err());
        let sinks = table(vec![Rule { target: quick(29), ..fits_all }]).check();
        assert!(sinks.unwrap_err().contains("依次不减"), "resolved before contacted");
        let mut strange = Targets::default();
        std::mem::swap(&mut strange.office, &mut strange.duty);
        assert!(strange.check().is_err());
    }

    #[test]
    fn a_table_of_before_there_were_rules_and_hours_is_still_read() {
        let mut old = serde_json::to_value(Targets::default()).unwrap();
        for key in ["office", "duty", "rules", "material_days", "appointment_days"] {
            old.as_object_mut().unwrap().remove(key).unwrap();
        }
        assert_eq!(Targets::read(&old.to_string()), Ok(Targets::default()));
        let numbered = Targets::default().numbered(7);
        assert_eq!((numbered.version, numbered.office.version()), (7, 7));
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
}
