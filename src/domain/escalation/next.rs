//! The one decision of the reconciler.

use std::time::Duration;

use entity::kinds::{CaseState, NoticeKind, StaffId, Timestamp};

use super::chain::{After, Chain, Snapshot, Who};
use crate::domain::calendar::Profile;
use crate::domain::case::edges::is_open;
use crate::domain::case::targets::WorkTime;

/// How often an open case is looked at when nothing is due.
pub const IDLE_CHECK: Duration = Duration::from_hours(1);
/// Workdays the resident has to answer before a resolved case closes as unrated.
const AUTO_CLOSE_WORKDAYS: u16 = 3;
/// China has no daylight saving time; the offset is a constant of the place.
const CHINA_OFFSET_MICROS: i64 = 8 * 3_600_000_000;
const DAY_MICROS: i64 = 24 * 3_600_000_000;

/// How far a case has come in its chain; stored with the case as one value.
///
/// Whoever starts a new chain (transfer, return, reopening) sets `step` and `stepped_at` to `None`
/// and adds one to `round`, so that no notice key is used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub round: u32,
    /// The last step taken.
    pub step: Option<u32>,
    pub stepped_at: Option<Timestamp>,
    /// The acknowledger was reminded that the contact is still missing.
    pub ack_reminded: bool,
}

/// What the decision needs to know of a case.
#[derive(Clone, Debug)]
pub struct View<'a> {
    pub state: CaseState,
    /// When the running chain began: assignment, or arrival in triage.
    pub started_at: Timestamp,
    pub cursor: Cursor,
    pub snapshot: &'a Snapshot,
    /// No notice of the last step can arrive any more.
    pub step_failed: bool,
    pub acknowledged_at: Option<Timestamp>,
    pub contact_due_at: Option<Timestamp>,
    pub hold_until: Option<Timestamp>,
    /// When messages about it are free to leave that are told now; `None`: at once.
    pub quiet_until: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
}

/// Something to do now, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Tell these people.
    Notify {
        step: u32,
        round: u32,
        people: Vec<StaffId>,
        roles: Vec<Who>,
        kind: NoticeKind,
    },
    /// Record that nobody of the step can be reached; the next step follows at once.
    Skip {
        step: u32,
        round: u32,
        roles: Vec<Who>,
    },
    /// Remind whoever acknowledged that the resident still waits for a contact.
    RemindAck {
        round: u32,
    },
    /// Undo the acknowledgement; the steps that follow in the list tell the next people.
    Unacknowledge,
    /// Close as unrated, never as satisfied.
    AutoClose,
    AutoResume,
}

/// What to do, what to store, when to look again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub actions: Vec<Action>,
    pub cursor: Cursor,
    /// `None` exactly when the case is, or is now being, closed.
    pub next_check_at: Option<Timestamp>,
}

/// Decides what a case needs now.
pub fn next(view: &View<'_>, now: Timestamp, time: WorkTime<'_>) -> Decision {
    if !is_open(view.state) {
        return Decision { actions: Vec::new(), cursor: view.cursor, next_check_at: None };
    }
    match view.state {
        CaseState::Triage | CaseState::Assigned => {
            let mut walk = Walk::new(view, now, time);
            walk.steps(false);
            walk.into_decision()
        }
        CaseState::Acknowledged => acknowledged(view, now, time),
        CaseState::OnHold => at_time(view, view.hold_until, now, Action::AutoResume),
        CaseState::Resolved => {
            let closes = view.resolved_at.map(|at| closes_at(at, time));
            let mut decision = at_time(view, closes, now, Action::AutoClose);
            if !decision.actions.is_empty() {
                decision.next_check_at = None;
            }
            decision
        }
        _ => wait(view, Some(now + IDLE_CHECK), now),
    }
}

/// When a result that nobody answers closes the case.
pub fn closes_at(resolved_at: Timestamp, time: WorkTime<'_>) -> Timestamp {
    (time.add_workdays)(Profile::Office, resolved_at, AUTO_CLOSE_WORKDAYS)
}

fn wait(view: &View<'_>, until: Option<Timestamp>, now: Timestamp) -> Decision {
    let until = until.filter(|at| *at > now).unwrap_or(now + IDLE_CHECK);
    Decision { actions: Vec::new(), cursor: view.cursor, next_check_at: Some(until) }
}

fn at_time(view: &View<'_>, due: Option<Timestamp>, now: Timestamp, action: Action) -> Decision {
    let mut decision = wait(view, due, now);
    if due.is_some_and(|at| at <= now) {
        decision.actions.push(action);
    }
    decision
}

fn acknowledged(view: &View<'_>, now: Timestamp, time: WorkTime<'_>) -> Decision {
    let (Some(from), Some(due)) = (view.acknowledged_at, view.contact_due_at) else {
        return wait(view, None, now);
    };
    let chain = &view.snapshot.chain;
    let deadline = due.max(plus(chain.profile, from, chain.grace, time));
    let remind_at = working(chain.profile, midpoint(from, deadline), time).min(deadline);
    if now >= deadline {
        let mut walk = Walk::new(view, now, time);
        walk.actions.push(Action::Unacknowledge);
        walk.cursor.ack_reminded = false;
        walk.steps(true);
        return walk.into_decision();
    }
    if now < remind_at {
        return wait(view, Some(remind_at), now);
    }
    let mut decision = wait(view, Some(deadline), now);
    if !view.cursor.ack_reminded {
        decision.actions.push(Action::RemindAck { round: view.cursor.round });
        decision.cursor.ack_reminded = true;
    }
    decision
}

/// Walks the chain from the cursor as far as it is due.
struct Walk<'a> {
    view: &'a View<'a>,
    now: Timestamp,
    time: WorkTime<'a>,
    cursor: Cursor,
    actions: Vec<Action>,
}

impl<'a> Walk<'a> {
    fn new(view: &'a View<'a>, now: Timestamp, time: WorkTime<'a>) -> Self {
        // A step taken in the future rests with its messages until they may leave; any other was
        // taken before the clock was put back, and counts from now.
        let rests = |at| view.quiet_until == Some(at);
        let stepped_at = view.cursor.stepped_at.map(|at| if rests(at) { at } else { at.min(now) });
        let cursor = Cursor { stepped_at, ..view.cursor };
        Self { view, now, time, cursor, actions: Vec::new() }
    }

    /// Takes every due step. The bound is the chain's length: the last step, once taken, is due
    /// again only after the repeat, even when nobody of it could be reached.
    fn steps(&mut self, at_once: bool) {
        let last = last_step(&self.view.snapshot.chain);
        let failed = self.view.step_failed && self.cursor.step.is_some_and(|step| step < last);
        let mut at_once = at_once || failed;
        for _ in 0..=last {
            if !at_once && self.due() > self.now {
                return;
            }
            let told = self.take();
            if self.cursor.step == Some(last) {
                return;
            }
            at_once = !told;
        }
    }

    fn take(&mut self) -> bool {
        let last = last_step(&self.view.snapshot.chain);
        let before = self.cursor.step;
        let index = before.map_or(0, |step| step.saturating_add(1).min(last));
        if before.is_some_and(|step| step >= last) {
            self.cursor.round = self.cursor.round.saturating_add(1);
        }
        self.cursor.step = Some(index);
        self.cursor.stepped_at = Some(self.now);
        let snapshot = self.view.snapshot;
        let step = usize::try_from(index).ok().and_then(|at| snapshot.chain.steps.get(at));
        let (people, roles) = step
            .map_or((Vec::new(), Vec::new()), |step| (snapshot.reachable(step), step.who.clone()));
        let round = self.cursor.round;
        let told = !people.is_empty();
        let kind = if before.is_none() { snapshot.first } else { NoticeKind::Escalated };
        self.actions.push(if told {
            Action::Notify { step: index, round, people, roles, kind }
        } else {
            Action::Skip { step: index, round, roles }
        });
        told
    }

    /// Returns when the step after the cursor is due. Distances are counted from the step really
    /// taken, so that a step taken early by a skip, or late after a stop, leaves the next people
    /// their full time.
    fn due(&self) -> Timestamp {
        let chain = &self.view.snapshot.chain;
        let last = last_step(chain);
        let (Some(step), Some(at)) = (self.cursor.step, self.cursor.stepped_at) else {
            let began = self.view.started_at.min(self.now);
            return plus(chain.profile, began, offset(chain, 0), self.time);
        };
        if step >= last {
            return plus(chain.profile, at, chain.repeat.max(1), self.time);
        }
        let following = step.saturating_add(1);
        if is_next_workday(chain, following) {
            return opening(at, self.time);
        }
        let gap = offset(chain, following).saturating_sub(offset(chain, step));
        plus(chain.profile, at, gap, self.time)
    }

    fn into_decision(self) -> Decision {
        let due = self.due();
        let soon = self.now + Duration::from_secs(1);
        let next_check_at = Some(due.max(soon));
        Decision { actions: self.actions, cursor: self.cursor, next_check_at }
    }
}

fn last_step(chain: &Chain) -> u32 {
    u32::try_from(chain.steps.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

fn after(chain: &Chain, step: u32) -> Option<After> {
    usize::try_from(step).ok().and_then(|at| chain.steps.get(at)).map(|step| step.after)
}

fn is_next_workday(chain: &Chain, step: u32) -> bool {
    after(chain, step) == Some(After::NextWorkday)
}

/// Seconds from the chain's start; a step without own seconds has those of the one before it.
fn offset(chain: &Chain, step: u32) -> u32 {
    (0..=step)
        .rev()
        .find_map(|at| match after(chain, at) {
            Some(After::Seconds(seconds)) => Some(seconds),
            _ => None,
        })
        .unwrap_or(0)
}

fn plus(profile: Profile, at: Timestamp, seconds: u32, time: WorkTime<'_>) -> Timestamp {
    let span = Duration::from_secs(u64::from(seconds));
    match profile {
        Profile::Duty => at + span,
        // A span of nothing is over at once, also at night: the first push never waits.
        Profile::Office if seconds == 0 => at,
        Profile::Office => (time.add_work)(profile, at, span),
    }
}

/// Moves an instant into working time, when the profile has any pause.
fn working(profile: Profile, at: Timestamp, time: WorkTime<'_>) -> Timestamp {
    match profile {
        Profile::Duty => at,
        Profile::Office => {
            let tick = Duration::from_micros(1);
            Timestamp((time.add_work)(profile, at, tick).0.saturating_sub(1))
        }
    }
}

/// Returns when the office opens on the first workday after the local day of `at`.
fn opening(at: Timestamp, time: WorkTime<'_>) -> Timestamp {
    let local = at.0.saturating_add(CHINA_OFFSET_MICROS);
    let midnight = local.saturating_sub(local.rem_euclid(DAY_MICROS)).saturating_add(DAY_MICROS);
    working(Profile::Office, Timestamp(midnight.saturating_sub(CHINA_OFFSET_MICROS)), time)
}

fn midpoint(from: Timestamp, to: Timestamp) -> Timestamp {
    from + to.since(from) / 2
}
