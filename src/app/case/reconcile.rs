//! Compares what a case needs with what it has, and acts: the same code after a person's verb and
//! when the engine finds the case due. Nothing here is a timer that could be lost.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use entity::cases;
use entity::kinds::{
    ActorRole, CaseId, CaseState, EventType, NoticeKind, NoticeState, StaffId, Timestamp,
};
use serde_json::json;

use super::change::Change;
use super::tell::{Planned, To};
use super::{chain, clock, facts, freeze};
use crate::app::notice::{ending, hold};
use crate::crash;
use crate::domain::calendar::Profile;
use crate::domain::case::targets::WorkTime;
use crate::domain::escalation::{self, Action, Cursor, Decision, Person, Snapshot, View, Who};
use crate::domain::notice::Part;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::duty::Office;
use crate::store::writer::Tx;
use crate::store::{self};

/// A change of state may need a second look; more than this would be a loop.
const LOOKS: usize = 4;

/// Applies decisions until the case is at rest, and sets when it is looked at next.
pub async fn settle(change: &mut Change, tx: &Tx) -> Result<()> {
    let snapshot = living(change, tx).await?;
    for _look in 0..LOOKS {
        let before = change.case.state;
        let (step_failed, gather) = step_failed(change, tx).await?;
        let decision = decide(change, &snapshot, step_failed);
        apply_cursor(&mut change.case, &decision);
        rest_with_its_notices(change, &decision);
        for action in decision.actions {
            if action == Action::AutoResume {
                clock::again(change, tx, EventType::Resumed).await?;
            }
            let answers = answers(change, tx, &action).await?;
            apply(change, (&snapshot, gather, &answers), action)?;
        }
        if change.case.state == before {
            return clock::cards(change, tx).await;
        }
    }
    Err(Error::internal("the escalation does not come to rest"))
}

/// Reads the frozen people and asks again who of them can be reached: names are frozen as long as they
/// have their office, channels are not, and for who is away when he would be told stands his
/// substitute, or he is passed over. A new case was frozen a moment ago.
async fn living(change: &mut Change, tx: &Tx) -> Result<Snapshot> {
    let mut snapshot = change.snapshot()?;
    if change.case.id.0 == 0 || !has_chain(change.case.state) {
        return Ok(snapshot);
    }
    let leaves = hold::leaves(&change.s, change.case.urgency, change.now);
    if keep_in_office(change, tx, &mut snapshot, leaves).await? {
        change.case.snapshot = serde_json::to_string(&snapshot).map_err(Error::internal)?;
    }
    let staff: Vec<StaffId> = snapshot.people.values().flatten().map(Person::holder).collect();
    let away = store::roster::away(tx, &staff, leaves).await?;
    let all: Vec<StaffId> = staff.into_iter().chain(away.values().copied().flatten()).collect();
    let reachable = store::reach::reachable(tx, &all, change.s.carriers()).await?;
    for person in snapshot.people.values_mut().flatten() {
        let holder = person.holder();
        let here = match away.get(&holder) {
            None => Some(holder),
            Some(substitute) => *substitute,
        };
        let here = here.filter(|one| reachable.contains(one));
        *person = Person::of(holder, here.unwrap_or(holder), here.is_some());
    }
    Ok(snapshot)
}

/// Takes out who will have given up the office for which he was frozen when a message leaves. Where
/// nobody is left of a place, or nobody was there, stands whoever has it then, or else now. Tells
/// whether anything changed.
async fn keep_in_office(
    change: &Change,
    tx: &Tx,
    snapshot: &mut Snapshot,
    leaves: Timestamp,
) -> Result<bool> {
    let case = &change.case;
    let grids = case.small_grid_id.into_iter().chain(case.large_grid_id).collect();
    let before = snapshot.people.clone();
    let offices = store::duty::offices(tx, &grids, leaves).await?;
    keep(&mut snapshot.people, &offices, case.held_by);
    let places = snapshot.chain.steps.iter().flat_map(|step| &step.who).copied();
    let is_empty = |who: &Who| snapshot.people.get(who).is_none_or(Vec::is_empty);
    let empty: BTreeSet<Who> = places.filter(is_empty).collect();
    if !empty.is_empty() {
        let on_duty = chain::on_duty(change, tx, case.small_grid_id).await?;
        let present = freeze::people(&on_duty, case.held_by).into_iter();
        snapshot.people.extend(present.filter(|(who, _)| empty.contains(who)));
    }
    Ok(snapshot.people != before)
}

/// Keeps those of each place who have an office that stands there.
fn keep(people: &mut BTreeMap<Who, Vec<Person>>, offices: &[Office], held_by: Option<ActorRole>) {
    for (who, people) in people {
        people.retain(|person| {
            let his = offices.iter().filter(|office| office.staff_id == person.holder());
            his.flat_map(|office| freeze::places_of(&office.role, held_by)).any(|one| one == *who)
        });
    }
}

const fn has_chain(state: CaseState) -> bool {
    matches!(state, CaseState::Triage | CaseState::Assigned | CaseState::Acknowledged)
}

fn decide(change: &Change, snapshot: &Snapshot, step_failed: bool) -> Decision {
    let case = &change.case;
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    let view = View {
        state: case.state,
        started_at: case.escalation_base,
        cursor: Cursor {
            round: number(case.escalation_round),
            step: case.escalation_step.map(number),
            stepped_at: case.stepped_at,
            ack_reminded: case.ack_reminded,
        },
        snapshot,
        step_failed,
        acknowledged_at: case.acknowledged_at,
        contact_due_at: Some(case.contact_due_at),
        hold_until: case.hold_until,
        quiet_until: hold::until(&change.s, case.urgency, change.now),
        resolved_at: case.resolved_at,
    };
    in_time(&change.s, case, |time| escalation::next(&view, change.now, time))
}

/// Hands the calendar in force to a rule about a case, as the two functions it needs. The hours are
/// those that the case carries, as far as they are of the profile that the rule asks for.
pub(super) fn in_time<R>(
    s: &Services,
    case: &cases::Model,
    run: impl FnOnce(WorkTime<'_>) -> R,
) -> R {
    let (calendar, targets) = (s.calendar.now(), s.targets.now());
    // Read only when a rule asks, which those around the clock never do.
    let carried = LazyCell::new(|| clock::frozen(case).ok().map(|frozen| frozen.hours));
    let hours = |profile: Profile| {
        let mine = carried.as_ref().filter(|hours| hours.profile() == profile);
        mine.unwrap_or_else(|| targets.hours(profile))
    };
    run(WorkTime {
        add_work: &|profile: Profile, from, span| calendar.add_work(hours(profile), from, span).at,
        add_workdays: &|profile: Profile, from, n| {
            calendar.add_workdays(hours(profile), from, u32::from(n)).at
        },
    })
}

fn stored(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn apply_cursor(case: &mut cases::Model, decision: &Decision) {
    case.escalation_round = stored(decision.cursor.round);
    case.escalation_step = decision.cursor.step.map(stored);
    case.stepped_at = decision.cursor.stepped_at;
    case.ack_reminded = decision.cursor.ack_reminded;
    case.next_check_at = decision.next_check_at;
}

/// A step whose messages are held back begins when they are free to leave: nobody is passed over
/// for not answering what he was not told.
fn rest_with_its_notices(change: &mut Change, decision: &Decision) {
    let tells = decision.actions.iter().any(|action| matches!(action, Action::Notify { .. }));
    let held = hold::until(&change.s, change.case.urgency, change.now);
    if let Some(until) = held.filter(|_| tells) {
        change.case.stepped_at = Some(until);
        change.case.next_check_at = change.case.next_check_at.map(|_sooner| until);
    }
}

/// Tells whether every message of the last step is certain not to arrive, and when those leave that
/// are told instead, where one waited for somebody who is away. A message whose fate is unknown
/// counts as lost: the next person is told rather than nobody.
async fn step_failed(change: &Change, tx: &Tx) -> Result<(bool, Option<Timestamp>)> {
    let case = &change.case;
    let waiting = matches!(case.state, CaseState::Assigned | CaseState::Triage);
    let (true, Some(step), true) = (waiting, case.escalation_step, case.id.0 != 0) else {
        return Ok((false, None));
    };
    let notices = store::notice::of_case(tx, case.id).await?;
    let mut of_step = notices
        .iter()
        .filter(|n| n.staff_id.is_some() && n.round == case.escalation_round && n.step == step)
        .peekable();
    let away = of_step.clone().filter(|n| n.reason.as_deref() == Some(ending::AWAY));
    let gather = away.filter_map(|n| hold::gathers(case.urgency, n, change.now)).max();
    let any = of_step.peek().is_some();
    let lost = any && of_step.all(|n| matches!(n.state, NoticeState::Dead | NoticeState::Unknown));
    Ok((lost, gather.filter(|_| lost)))
}

/// Lists who answers for the case, where an action asks them to go on with it.
async fn answers(change: &Change, tx: &Tx, action: &Action) -> Result<Vec<StaffId>> {
    if !matches!(action, Action::RemindAck { .. } | Action::AutoResume) {
        return Ok(Vec::new());
    }
    Box::pin(chain::responsible(change, tx)).await
}

fn apply(
    change: &mut Change,
    (snapshot, gather, answers): (&Snapshot, Option<Timestamp>, &[StaffId]),
    action: Action,
) -> Result<()> {
    match action {
        Action::Notify { step, round, people, roles, kind } => {
            let first_push = step == 0 && kind != NoticeKind::Escalated;
            if step > 0 {
                let payload = json!({ "round": round, "step": step, "roles": roles,
                    "people": people, "chain": snapshot.chain.version });
                change.observed(EventType::Escalated, payload)?;
                let label = step.to_string();
                change.s.metrics.escalations.with_label_values(&[label.as_str()]).inc();
            }
            if roles.contains(&Who::Command) {
                change.alarm(round, step);
            }
            for staff in unreachable(snapshot, &roles) {
                change.tell(of_step(staff, kind, (round, step)).quiet());
            }
            for staff in people {
                let told = of_step(staff, kind, (round, step));
                change.tell(Planned { first_push, gather, ..told });
            }
        }
        Action::Skip { step, round, roles } => {
            let payload = json!({ "round": round, "step": step, "roles": roles });
            change.observed(EventType::NoOneReachable, payload)?;
            if roles.contains(&Who::Command) {
                change.alarm(round, step);
            }
            let kind = if step == 0 { snapshot.first } else { NoticeKind::Escalated };
            for staff in unreachable(snapshot, &roles) {
                change.tell(of_step(staff, kind, (round, step)).quiet());
            }
        }
        Action::RemindAck { .. } => {
            change.tell_staff(answers, NoticeKind::Reminder, "请尽快联系居民");
        }
        Action::Unacknowledge => {
            change.case.state = CaseState::Assigned;
            let by = change.case.acknowledged_by.take();
            change.case.acknowledged_at = None;
            change.observed(EventType::Unacknowledged, json!({ "acknowledged_by": by }))?;
        }
        Action::AutoClose => {
            change.case.state = CaseState::Closed;
            change.case.closed_at = Some(change.now);
            change.observed(EventType::AutoClosed, json!({ "rating": "none" }))?;
        }
        Action::AutoResume => {
            resume(change, ActorRole::System)?;
            change.note_staff(answers, NoticeKind::Reminder, "挂起到期，请继续办理");
        }
    }
    Ok(())
}

fn of_step(staff: StaffId, kind: NoticeKind, (round, step): (u32, u32)) -> Planned {
    Planned::new(To::Staff(staff), kind, (round, Part::Step(step)), String::new())
}

/// Lists the people of a step whom no channel reaches; their inboxes are told all the same.
fn unreachable(snapshot: &Snapshot, roles: &[Who]) -> Vec<StaffId> {
    let people = roles.iter().filter_map(|role| snapshot.people.get(role)).flatten();
    people.filter(|one| !one.reachable).map(|one| one.staff).collect()
}

fn resume(change: &mut Change, by: ActorRole) -> Result<()> {
    change.case.state = CaseState::InProgress;
    change.case.hold_reason = None;
    change.case.hold_until = None;
    let payload = facts::with(json!({ "by": by.word() }), facts::dues(&change.case));
    change.observed(EventType::Resumed, payload)
}

/// How long a case rests that could not be reconciled.
const PUT_OFF: Duration = Duration::from_mins(1);
/// The same where that was the database's fault, not the case's.
const MOMENT: Duration = Duration::from_secs(2);

/// Looks at one due case, if there is any; returns whether there was. The engine calls this until
/// it answers `false`. A case that fails is put off for a minute and logged, so that it holds up
/// no other; fails itself only when not even that can be written.
pub async fn run_one(s: &Services, now: Timestamp) -> Result<bool> {
    let services = s.clone();
    let looked_at = Arc::new(OnceLock::new());
    let seen = Arc::clone(&looked_at);
    let done = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let Some((id, due)) = store::case::find_due(tx, now).await? else {
                    return Ok(false);
                };
                // Before the row is read: one that nobody understands is put off like any other.
                let _first = seen.set((id, due));
                let Some(case) = store::case::find_locked(tx, id).await? else { return Ok(false) };
                Change::by_engine(&services, case, now).store(tx).await?;
                crash::point("escalation.written");
                Ok::<_, Error>(true)
            })
        })
        .await;
    if matches!(done, Ok(true)) {
        crash::point("escalation.committed");
    }
    match (done, looked_at.get()) {
        (Err(error), Some(&(id, due))) => put_off(s, id, (due, now), error).await,
        (done, _) => {
            s.wake.ring();
            done
        }
    }
}

async fn put_off(
    s: &Services,
    id: CaseId,
    (due, now): (Timestamp, Timestamp),
    error: Error,
) -> Result<bool> {
    let passing = matches!(error.code, Code::DatabaseDown | Code::StorageFull);
    let later = now + if passing { MOMENT } else { PUT_OFF };
    let moved = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                Ok::<_, Error>(store::case::push_back(tx, id, (due, later), now).await?)
            })
        })
        .await;
    match moved {
        Ok(_) if passing => {
            tracing::warn!(case = id.0, error = %error.chain(), "a case is reconciled later");
            Ok(true)
        }
        Ok(_) => {
            tracing::error!(case = id.0, error = %error.chain(), "a case cannot be reconciled");
            Ok(true)
        }
        Err(_down) => Err(error),
    }
}

/// Reads a frozen snapshot; for views.
pub fn snapshot_of(case: &cases::Model) -> Result<Snapshot> {
    serde_json::from_str(&case.snapshot).map_err(Error::internal)
}
