//! The order in which people are told, as data, and the copy of it that a case carries.
//!
//! A case keeps the chain and the names it started with: a later change of either rewrites no
//! running case. `check` is called wherever a chain enters from outside.

use std::collections::BTreeMap;

use entity::kinds::{ActorRole, NoticeKind, StaffId, Urgency};
use serde::{Deserialize, Serialize};

use crate::domain::calendar::Profile;

/// A place in the chain; who stands there is decided when the snapshot is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    #[serde(rename = "grid_worker_primary")]
    Primary,
    #[serde(rename = "grid_worker_backup")]
    Backup,
    Cadre,
    Secretary,
    Command,
    /// Whoever holds a case in triage: the community's cadre, or the triage desk.
    HeldBy,
}

impl Who {
    /// Names the office; whoever holds a case in triage has that of `held_by`.
    pub fn role(self, held_by: Option<ActorRole>) -> ActorRole {
        match self {
            Self::Primary => ActorRole::Primary,
            Self::Backup => ActorRole::Backup,
            Self::Cadre => ActorRole::Cadre,
            Self::Secretary => ActorRole::Secretary,
            Self::Command => ActorRole::Command,
            Self::HeldBy => held_by.unwrap_or(ActorRole::TriageDesk),
        }
    }
}

/// When a step is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// Seconds of the chain's profile since its start.
    Seconds(u32),
    /// When the office opens on the workday after the step before.
    NextWorkday,
}

/// One step: who is told together, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub after: After,
    pub who: Vec<Who>,
}

/// A whole chain; its last step repeats for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Of the chains it belongs to; whoever takes them in gives the number.
    #[serde(default)]
    pub version: u32,
    /// Office chains rest outside office hours, duty chains never do.
    pub profile: Profile,
    pub steps: Vec<Step>,
    /// Seconds of the profile between two rounds of the last step.
    pub repeat: u32,
    /// Seconds of the profile that whoever acknowledged late has at least for the first contact;
    /// without it a late acknowledgement would be undone in the same minute.
    pub grace: u32,
}

/// Why a chain cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadChain {
    #[error("a chain needs at least one step")]
    Empty,
    #[error("step {0} names nobody")]
    NamesNobody(usize),
    #[error("step {0} is due before the step in front of it")]
    Backwards(usize),
    #[error("the last step must repeat after at least one second")]
    NoRepeat,
    #[error("a chain has at most {MOST_STEPS} steps")]
    TooMany,
    #[error("step {0} is due more than a month after the start")]
    TooLate(usize),
    #[error("the repeat or the grace is longer than a month")]
    TooLong,
    #[error("step {0} names held_by, which only a case in triage has")]
    HeldByNobody(usize),
    #[error("urgent cases do not rest outside office hours")]
    Rests,
}

/// Whoever watches the demo sees the chain climb within seconds, and afterwards is not told every ten.
const DEMO_REPEAT: u32 = 600;
/// More steps than any street has people to tell.
const MOST_STEPS: usize = 30;
/// A month in seconds; what is later than that is a slip of the keyboard.
const MONTH: u32 = 31 * 24 * 3_600;

impl Chain {
    /// Checks a chain that comes from outside; fails at the first rule it breaks.
    pub fn check(&self) -> Result<(), BadChain> {
        if self.steps.is_empty() {
            return Err(BadChain::Empty);
        }
        if self.repeat == 0 {
            return Err(BadChain::NoRepeat);
        }
        if self.steps.len() > MOST_STEPS {
            return Err(BadChain::TooMany);
        }
        if self.repeat.max(self.grace) > MONTH {
            return Err(BadChain::TooLong);
        }
        let mut before = 0;
        for (at, step) in self.steps.iter().enumerate() {
            if step.who.is_empty() {
                return Err(BadChain::NamesNobody(at));
            }
            match step.after {
                After::Seconds(s) if s < before => return Err(BadChain::Backwards(at)),
                After::Seconds(s) if s > MONTH => return Err(BadChain::TooLate(at)),
                After::Seconds(s) => before = s,
                After::NextWorkday => {}
            }
        }
        Ok(())
    }

    /// Checks what an urgent case, and one that is not in triage, demand beyond that.
    fn check_use(&self, urgent: bool, in_triage: bool) -> Result<(), BadChain> {
        self.check()?;
        if urgent && self.profile != Profile::Duty {
            return Err(BadChain::Rests);
        }
        let held = self.steps.iter().position(|step| step.who.contains(&Who::HeldBy));
        held.filter(|_| !in_triage).map_or(Ok(()), |at| Err(BadChain::HeldByNobody(at)))
    }

    fn wall(steps: &[(u32, &[Who])], repeat: u32, grace: u32) -> Self {
        let step = |(after, who): &(u32, &[Who])| Step {
            after: After::Seconds(*after),
            who: who.to_vec(),
        };
        let steps = steps.iter().map(step).collect();
        Self { version: 1, profile: Profile::Duty, steps, repeat, grace }
    }
}

/// The chain of every situation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chains {
    pub urgent: Chain,
    pub fast: Chain,
    pub normal: Chain,
    pub triage: Chain,
    pub triage_urgent: Chain,
}

use Who::{Backup, Cadre, Command, HeldBy, Primary, Secretary};

const MINUTE: u32 = 60;

impl Default for Chains {
    /// Returns the starting values of domain §4.4.
    fn default() -> Self {
        let m = MINUTE;
        let urgent: &[(u32, &[Who])] = &[
            (0, &[Primary, Cadre]),
            (3 * m, &[Primary]),
            (5 * m, &[Backup]),
            (10 * m, &[Cadre]),
            (15 * m, &[Secretary]),
            (20 * m, &[Command]),
        ];
        let fast: &[(u32, &[Who])] = &[
            (0, &[Primary, Cadre]),
            (10 * m, &[Backup]),
            (20 * m, &[Cadre]),
            (30 * m, &[Secretary]),
            (45 * m, &[Command]),
        ];
        let slow: &[(u32, &[Who])] = &[
            (0, &[Primary, Cadre]),
            (30 * m, &[Backup]),
            (60 * m, &[Cadre]),
            (120 * m, &[Secretary]),
        ];
        let mut normal = Chain { profile: Profile::Office, ..Chain::wall(slow, 120 * m, 60 * m) };
        normal.steps.push(Step { after: After::NextWorkday, who: vec![Command] });
        Self {
            urgent: Chain::wall(urgent, 10 * m, 10 * m),
            fast: Chain::wall(fast, 20 * m, 30 * m),
            normal,
            triage: Chain::wall(&[(0, &[HeldBy]), (15 * m, &[Command])], 15 * m, 10 * m),
            triage_urgent: Chain::wall(
                &[(0, &[HeldBy, Command]), (15 * m, &[Command])],
                15 * m,
                10 * m,
            ),
        }
    }
}

impl Chains {
    /// Returns the chains of the demo street: the whole story in half a minute.
    pub fn demo() -> Self {
        let steps: &[(u32, &[Who])] = &[
            (0, &[Primary, Cadre]),
            (5, &[Backup]),
            (10, &[Cadre]),
            (15, &[Secretary]),
            (20, &[Command]),
        ];
        let story = Chain::wall(steps, DEMO_REPEAT, 60);
        Self {
            urgent: story.clone(),
            fast: story.clone(),
            normal: story,
            triage: Chain::wall(&[(0, &[HeldBy]), (10, &[Command])], DEMO_REPEAT, 60),
            triage_urgent: Chain::wall(
                &[(0, &[HeldBy, Command]), (10, &[Command])],
                DEMO_REPEAT,
                60,
            ),
        }
    }

    /// Chooses the chain of a case.
    pub const fn of(&self, urgency: Urgency, in_triage: bool) -> &Chain {
        match (urgency, in_triage) {
            (Urgency::Urgent, true) => &self.triage_urgent,
            (_, true) => &self.triage,
            (Urgency::Urgent, false) => &self.urgent,
            (Urgency::Fast, false) => &self.fast,
            (Urgency::Normal | Urgency::Complex, false) => &self.normal,
        }
    }

    /// Checks every chain; fails with the name of the first bad one.
    pub fn check(&self) -> Result<(), (&'static str, BadChain)> {
        let named = [
            ("urgent", &self.urgent, true, false),
            ("fast", &self.fast, false, false),
            ("normal", &self.normal, false, false),
            ("triage", &self.triage, false, true),
            ("triage_urgent", &self.triage_urgent, true, true),
        ];
        named.into_iter().try_for_each(|(name, chain, urgent, in_triage)| {
            chain.check_use(urgent, in_triage).map_err(|bad| (name, bad))
        })
    }

    /// Reads and checks chains that come from outside; fails with what is wrong and where.
    pub fn read(text: &str) -> Result<Self, String> {
        let chains: Self = serde_json::from_str(text).map_err(|why| why.to_string())?;
        chains.check().map_err(|(name, bad)| format!("{name}: {bad}"))?;
        Ok(chains)
    }

    /// Gives every chain the number of the version they come with.
    #[must_use]
    pub fn numbered(mut self, version: u32) -> Self {
        let all = [
            &mut self.urgent,
            &mut self.fast,
            &mut self.normal,
            &mut self.triage,
            &mut self.triage_urgent,
        ];
        for chain in all {
            chain.version = version;
        }
        self
    }
}

/// A named person in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub staff: StaffId,
    /// At least one channel led to him when the snapshot was taken.
    pub reachable: bool,
    /// In whose place he is told; the office is that one's, and so is the case once he is back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<StaffId>,
}

impl Person {
    /// Somebody who is told in the place of `holder`, or `holder` himself.
    pub fn of(holder: StaffId, staff: StaffId, reachable: bool) -> Self {
        Self { staff, reachable, stands_for: Some(holder).filter(|one| *one != staff) }
    }

    /// Returns whose office it is.
    pub fn holder(&self) -> StaffId {
        self.stands_for.unwrap_or(self.staff)
    }
}

/// The chain and the names that a case carries from its assignment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub chain: Chain,
    pub people: BTreeMap<Who, Vec<Person>>,
    /// What the first step says: new case, transferred, reopened, triage.
    pub first: NoticeKind,
}

impl Snapshot {
    /// Lists the reachable people of a step, each once, in the order of the step.
    pub fn reachable(&self, step: &Step) -> Vec<StaffId> {
        let mut found = Vec::new();
        let people = step.who.iter().filter_map(|who| self.people.get(who)).flatten();
        for person in people.filter(|person| person.reachable) {
            if !found.contains(&person.staff) {
                found.push(person.staff);
            }
        }
        found
    }

    /// Says where somebody stands in the chain; whoever stands twice is named by the earlier place.
    pub fn office(&self, staff: StaffId) -> Option<Who> {
        let is = |person: &Person| person.staff == staff || person.holder() == staff;
        let stands = |people: &[Person]| people.iter().any(is);
        self.people.iter().find(|(_, people)| stands(people)).map(|(who, _)| *who)
    }
}
