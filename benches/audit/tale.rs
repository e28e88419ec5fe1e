//! How one invented case goes: the events that the state machine lets follow each other, with the
//! facts that figures read.

use std::time::Duration;

use entity::kinds::{ActorRole, CaseState, Category, EventType, Timestamp, Urgency};
use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use serde_json::{Value, json};
use zhinan::domain::calendar::Calendar;
use zhinan::domain::case::clock::{Course, Frozen};
use zhinan::domain::case::targets::{Source, Span, Targets};

use EventType as E;

/// Small grids that cases lie in, as their codes are delivered.
pub const GRIDS: u32 = 40;

/// One event before it is a row.
pub struct Step {
    pub at: Timestamp,
    pub kind: E,
    pub role: ActorRole,
    pub payload: Value,
}

/// A case and everything that ever happens to it.
pub struct Tale {
    pub urgency: Urgency,
    pub category: Category,
    /// Counted from zero.
    pub grid: u32,
    pub frozen: Frozen,
    /// Acknowledge, contact, resolve.
    pub dues: [Timestamp; 3],
    pub steps: Vec<Step>,
    pub reopens: i32,
}

impl Tale {
    fn then(&mut self, after: Duration, kind: E, role: ActorRole, payload: Value) {
        let last = self.steps.last().map_or(Timestamp(0), |step| step.at);
        let at = last + after + Duration::from_micros(1);
        self.steps.push(Step { at, kind, role, payload });
    }

    fn worked(&mut self, after: Duration, kind: E, payload: Value) {
        self.then(after, kind, ActorRole::Primary, payload);
    }

    /// Computes the due times again, as the step that was taken last says them.
    fn follows(&mut self, calendar: &Calendar) {
        let Some(reported) = self.steps.first().map(|step| step.at) else { return };
        let events = self.steps.iter().map(|step| (step.kind, step.at));
        let reading = self.frozen.due(calendar, reported, &Course::of(reported, events, None), 0);
        self.dues = [self.dues[0], reading.contact.at, reading.resolve.at];
        if let Some(step) = self.steps.last_mut() {
            step.payload["acknowledge_due"] = json!(self.dues[0].0);
            step.payload["contact_due"] = json!(reading.contact.at.0);
            step.payload["resolve_due"] = json!(reading.resolve.at.0);
        }
    }

    /// The state after the first `n` steps; rests are shown as work.
    pub fn state(&self, n: usize) -> CaseState {
        let steps = self.steps.iter().take(n);
        steps.fold(CaseState::Assigned, |state, step| match step.kind {
            E::Acknowledged => CaseState::Acknowledged,
            E::Contacted | E::Reopened | E::Held | E::Resumed => CaseState::InProgress,
            E::Resolved => CaseState::Resolved,
            E::Confirmed | E::AutoClosed | E::Verified => CaseState::Closed,
            E::Cancelled => CaseState::Cancelled,
            E::Rejected => CaseState::Rejected,
            _ => state,
        })
    }
}

/// A waiting time with this mean: many short ones, few long ones.
fn wait(rng: &mut impl Rng, mean: Duration) -> Duration {
    let share: f64 = rng.random_range(f64::EPSILON..1.0);
    mean.mul_f64(-share.ln())
}

fn minutes(n: u64) -> Duration {
    Duration::from_mins(n)
}

fn one<T: Copy>(rng: &mut impl Rng, from: &[(T, u32)]) -> T {
    let all: u32 = from.iter().map(|(_, weight)| weight).sum();
    let mut at = rng.random_range(0..all);
    for (value, weight) in from {
        if at < *weight {
            return *value;
        }
        at -= weight;
    }
    from[0].0
}

/// Invents a case that is reported at an instant.
pub fn invent(rng: &mut StdRng, targets: &Targets, calendar: &Calendar, t0: Timestamp) -> Tale {
    let urgency = one(
        rng,
        &[(Urgency::Urgent, 5), (Urgency::Fast, 15), (Urgency::Normal, 70), (Urgency::Complex, 10)],
    );
    let weights: Vec<(Category, u32)> = Category::ALL
        .iter()
        .zip([20, 16, 14, 10, 8, 8, 4, 6, 3, 2, 4, 1, 1, 2, 3])
        .map(|(c, w)| (*c, w))
        .collect();
    let category = one(rng, &weights);
    // The second of two is the smaller: some grids have three times as many as others.
    let grid = rng.random_range(0..GRIDS).min(rng.random_range(0..GRIDS * 2));
    let frozen = Frozen::of(targets, (category, urgency, Source::Resident), calendar);
    let due = |span: Span| span.after(t0, &frozen.hours, calendar).at;
    let target = &frozen.target;
    let dues = [due(target.acknowledge), due(target.contact), due(target.resolve)];
    let mut tale = Tale { urgency, category, grid, frozen, dues, steps: Vec::new(), reopens: 0 };
    let report = Step {
        at: t0,
        kind: E::Reported,
        role: ActorRole::Resident,
        payload: json!({ "text": "x" }),
    };
    tale.steps.push(report);
    let promised = json!({ "category": category, "urgency": urgency, "source": Source::Resident,
        "frozen": tale.frozen });
    let worker = i64::from(grid) + 1;
    let routed = json!({ "promised": promised, "acknowledge_due": dues[0].0,
        "contact_due": dues[1].0, "resolve_due": dues[2].0, "grid_code": code(grid),
        "community": format!("3717020030{:02}", grid / 3), "reason": "matched",
        "people": [[worker, "grid_worker_primary"], [worker + 100, "cadre"]] });
    tale.then(minutes(0), E::Assigned, ActorRole::System, routed);
    if rng.random_ratio(2, 100) {
        tale.then(
            Duration::from_secs(2),
            E::PushFailed,
            ActorRole::System,
            json!({ "first": true }),
        );
    }
    let second = wait(rng, Duration::from_secs(2));
    tale.then(
        second,
        E::Pushed,
        ActorRole::System,
        json!({ "first": true, "channel": "oa_template" }),
    );
    if rng.random_ratio(3, 100) {
        let after = wait(rng, minutes(50));
        tale.then(after, E::Cancelled, ActorRole::Resident, json!({ "reason": "x" }));
        return tale;
    }
    at_work(rng, &mut tale, (worker, calendar));
    ends(rng, &mut tale, calendar);
    tale
}

/// The id of a grid as it is delivered.
pub fn code(grid: u32) -> String {
    format!("G{grid:05}")
}

fn at_work(rng: &mut StdRng, tale: &mut Tale, (worker, calendar): (i64, &Calendar)) {
    if rng.random_ratio(10, 100) {
        tale.then(minutes(30), E::Escalated, ActorRole::System, json!({ "step": 1 }));
    }
    if rng.random_ratio(70, 100) {
        let after = wait(rng, minutes(25));
        tale.worked(after, E::Opened, json!({ "staff": worker }));
    }
    let after = wait(rng, minutes(20));
    tale.worked(after, E::Acknowledged, json!({ "staff": worker }));
    if rng.random_ratio(15, 100) {
        let after = wait(rng, minutes(30));
        tale.worked(
            after,
            E::ContactAttempted,
            json!({ "outcome": "no_answer", "evidence_level": 1 }),
        );
    }
    let after = wait(rng, minutes(90));
    tale.worked(after, E::Contacted, json!({ "outcome": "reached", "evidence_level": 1 }));
    if rng.random_ratio(8, 100) {
        tale.worked(minutes(5), E::Held, json!({ "reason": "awaiting_appointment" }));
        let rest = wait(rng, minutes(20 * 60));
        tale.worked(rest, E::Resumed, json!({}));
        tale.follows(calendar);
    }
}

fn ends(rng: &mut StdRng, tale: &mut Tale, calendar: &Calendar) {
    let after = wait(rng, minutes(22 * 60));
    let result = one(rng, &[("solved", 80), ("explained", 20)]);
    tale.worked(after, E::Resolved, json!({ "result_type": result, "photos": [] }));
    let answer = json!({ "result": rng.random_range(2..=5), "attitude": rng.random_range(3..=5) });
    if rng.random_ratio(4, 100) && tale.reopens == 0 {
        let after = wait(rng, minutes(8 * 60));
        tale.then(after, E::Confirmed, ActorRole::Resident, answer);
        let after = wait(rng, minutes(40 * 60));
        tale.then(after, E::Reopened, ActorRole::Resident, json!({}));
        tale.follows(calendar);
        tale.reopens = 1;
        let after = wait(rng, minutes(90));
        tale.worked(after, E::Contacted, json!({ "outcome": "reached", "evidence_level": 1 }));
        return ends(rng, tale, calendar);
    }
    match rng.random_range(0..100) {
        0..55 => {
            let after = wait(rng, minutes(8 * 60));
            tale.then(after, E::Confirmed, ActorRole::Resident, answer);
        }
        55..75 => {
            let after = wait(rng, minutes(20 * 60));
            let outcome = json!({ "outcome": "reached" });
            tale.then(after, E::Verified, ActorRole::Verifier, outcome);
        }
        _ => {
            tale.then(minutes(72 * 60), E::AutoClosed, ActorRole::System, json!({}));
            if rng.random_ratio(20, 100) {
                let after = wait(rng, minutes(30 * 60));
                tale.then(after, E::Rated, ActorRole::Resident, answer);
            }
        }
    }
}
