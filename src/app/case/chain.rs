//! Starts a new round of the escalation: with the people of a grid, or with whoever holds triage.

use std::collections::BTreeSet;

use entity::kinds::{
    ActorRole, CaseState, EventType, GridId, NoticeKind, StaffId, StreetRole, Timestamp,
    TriageReason, Urgency,
};
use entity::{cases, notice};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::change::Change;
use super::{facts, freeze, tell};
use crate::app::actor::Actor;
use crate::app::notice::hold;
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store::duty::{OnDuty, Roll};
use crate::store::writer::Tx;
use crate::store::{self};

/// Moves the case to a small grid. Fails when the grid is not a small grid of this street.
pub fn place(change: &mut Change, to: GridId) -> Result<()> {
    let places = change.s.places.now();
    let large = places.name(to).and_then(|name| name.parent).ok_or_else(|| {
        Error::fields(vec![Fault::new("/grid", "unknown_grid", "没有这个小网格")])
    })?;
    change.case.small_grid_id = Some(to);
    change.case.large_grid_id = Some(large);
    change.case.located_at.get_or_insert(change.now);
    change.case.triage_reason = None;
    change.case.held_by = None;
    change.case.acknowledged_at = None;
    change.case.acknowledged_by = None;
    Ok(())
}

/// Reads who is on duty where the case was placed. When none of them can be reached the case goes to
/// the triage desk instead and lies in no grid: nobody waits for a person who cannot hear. The
/// entries that say where it went are written after this, the last one by [`assigned`] or [`nobody`].
pub async fn reached(change: &mut Change, tx: &Tx) -> Result<Option<Vec<OnDuty>>> {
    let on_duty = on_duty(change, tx, change.case.small_grid_id).await?;
    if freeze::first_reachable(&on_duty) {
        return Ok(Some(on_duty));
    }
    let case = &mut change.case;
    case.state = CaseState::Triage;
    case.triage_reason = Some(TriageReason::NobodyReachable);
    case.held_by = Some(ActorRole::TriageDesk);
    case.small_grid_id = None;
    Ok(None)
}

/// Freezes the people who were reached and starts telling them.
pub fn assigned(change: &mut Change, on_duty: &[OnDuty], first: NoticeKind) -> Result<()> {
    change.case.assigned_at.get_or_insert(change.now);
    let snapshot = freeze::assigned(&change.s.chains.now(), change.case.urgency, on_duty, first);
    change.start_chain(&snapshot)
}

/// Records that nobody was reached, with `more` in it, and starts telling the triage desk.
pub async fn nobody(change: &mut Change, tx: &Tx, more: Value) -> Result<()> {
    let case = &change.case;
    let chain = change.s.chains.now().of(case.urgency, true).version;
    let payload = json!({ "reason": case.triage_reason, "held_by": case.held_by, "chain": chain });
    change.observed(EventType::SentToTriage, facts::with(payload, more))?;
    triage(change, tx, ActorRole::TriageDesk).await
}

/// Freezes whoever holds the case in triage and starts telling them.
pub async fn triage(change: &mut Change, tx: &Tx, held_by: ActorRole) -> Result<()> {
    let on_duty = on_duty(change, tx, None).await?;
    let chains = change.s.chains.now();
    let snapshot = freeze::triage(&chains, change.case.urgency, &on_duty, held_by);
    change.start_chain(&snapshot)
}

/// Reads who is on duty for the case's community and, if it is placed, for a small grid of it, when a
/// message about it leaves, or else now.
pub async fn on_duty(change: &Change, tx: &Tx, small: Option<GridId>) -> Result<Vec<OnDuty>> {
    told_of(change, tx, &change.case, small).await
}

async fn told_of(
    change: &Change,
    tx: &Tx,
    case: &cases::Model,
    small: Option<GridId>,
) -> Result<Vec<OnDuty>> {
    told_in(&change.s, tx, (small, case.large_grid_id), (case.urgency, change.now)).await
}

/// Lists who is told in a small grid and its community of a case of this urgency that is known now:
/// by night who is there when its messages leave, and in a place that nobody has then, who has it
/// now.
pub(in crate::app) async fn told_in(
    s: &Services,
    conn: &impl ConnectionTrait,
    (small, large): (Option<GridId>, Option<GridId>),
    (urgency, now): (Urgency, Timestamp),
) -> Result<Vec<OnDuty>> {
    let grids = small.into_iter().chain(large).collect();
    let mut called = roll(s, conn, &grids, now).await?;
    let at = hold::leaves(s, urgency, now);
    if at != now {
        called = roll(s, conn, &grids, at).await?.or(called);
    }
    Ok(called.of(small, large))
}

/// Reads who is on duty for the case now.
pub async fn on_duty_now(change: &Change, tx: &Tx, case: &cases::Model) -> Result<Vec<OnDuty>> {
    let (small, large) = (case.small_grid_id, case.large_grid_id);
    let grids = small.into_iter().chain(large).collect();
    Ok(roll(&change.s, tx, &grids, change.now).await?.of(small, large))
}

/// Calls the roll of grids at an instant.
pub(in crate::app) async fn roll(
    s: &Services,
    conn: &impl ConnectionTrait,
    grids: &BTreeSet<GridId>,
    at: Timestamp,
) -> Result<Roll> {
    let calendar = s.calendar.now();
    Ok(store::duty::at_all(conn, grids, s.carriers(), (at, &calendar)).await?)
}

/// Lists them for the record, each with his capacity.
pub fn people(on_duty: &[OnDuty]) -> Vec<(StaffId, &str)> {
    on_duty.iter().map(|one| (one.staff_id, one.role.as_str())).collect()
}

/// Lists the people to urge: whoever holds it in triage, else who took it or stands in for him while he
/// is away, else the grid's worker and the community's cadre. Where no channel leads to who took it,
/// those of a case that nobody took are urged beside him.
pub async fn responsible(change: &Change, tx: &Tx) -> Result<Vec<StaffId>> {
    responsible_for(change, tx, &change.case).await
}

/// The same for another case than the one that changes.
pub async fn responsible_for(
    change: &Change,
    tx: &Tx,
    case: &cases::Model,
) -> Result<Vec<StaffId>> {
    let mut people = Vec::new();
    // What came back to triage may still name who took it, and lie in his grid.
    if let Some(taker) = case.acknowledged_by.filter(|_| case.held_by.is_none()) {
        people = there(tx, case, taker, hold::leaves(&change.s, case.urgency, change.now)).await?;
        if !store::reach::reachable(tx, &people, change.s.carriers()).await?.is_empty() {
            return Ok(people);
        }
    }
    people.extend(of_untaken(change, tx, case).await?);
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// Lists who is there for one of the staff at an instant: himself, or his substitute while he is away;
/// nobody who may not open the case then.
async fn there(
    tx: &Tx,
    case: &cases::Model,
    staff: StaffId,
    at: Timestamp,
) -> Result<Vec<StaffId>> {
    let away = store::roster::away(tx, &[staff], at).await?.remove(&staff);
    match away.unwrap_or(Some(staff)) {
        Some(here) if may_act(tx, case, here, at).await? => Ok(vec![here]),
        _ => Ok(Vec::new()),
    }
}

/// Tells whether one of the staff has an office in which he answers for a case at an instant, his own or
/// that of whom he stands in for. Whoever took it and gave up the office has none.
pub(in crate::app) async fn may_act(
    tx: &Tx,
    case: &cases::Model,
    staff: StaffId,
    at: Timestamp,
) -> Result<bool> {
    let duties = store::duty::of_staff(tx, staff, at).await?;
    let here = |grid: &GridId| [case.small_grid_id, case.large_grid_id].contains(&Some(*grid));
    let desk = |role: &StreetRole| matches!(role, StreetRole::Command | StreetRole::TriageDesk);
    Ok(duties.grids.iter().any(|(grid, _)| here(grid)) || duties.street.iter().any(desk))
}

/// Lists the people to urge while nobody took the case.
async fn of_untaken(change: &Change, tx: &Tx, case: &cases::Model) -> Result<Vec<StaffId>> {
    // Who was told by day, and who will be there in the morning.
    let mut on_duty = told_of(change, tx, case, case.small_grid_id).await?;
    if hold::leaves(&change.s, case.urgency, change.now) != change.now {
        on_duty.extend(on_duty_now(change, tx, case).await?);
    }
    let roles = |role: &str| match case.held_by {
        Some(held_by) => role == held_by.word(),
        None => matches!(role, "grid_worker_primary" | "cadre"),
    };
    Ok(on_duty.iter().filter(|one| roles(&one.role)).map(|one| one.staff_id).collect())
}

/// Lists who had a case that is over for them: the people to urge, and while nobody took it whoever
/// else its chain has told so far.
pub async fn had(change: &Change, tx: &Tx) -> Result<Vec<StaffId>> {
    let mut people = responsible(change, tx).await?;
    if change.case.acknowledged_by.is_none() {
        people.extend(told(change, tx).await?);
        people.sort_unstable();
        people.dedup();
    }
    Ok(people)
}

/// Lists the staff whom the running chain told, or of whom nobody knows whether it did. Whom an earlier
/// one told has heard already that the case went on without him.
pub(super) async fn told(change: &Change, tx: &Tx) -> Result<BTreeSet<StaffId>> {
    let mut people = BTreeSet::new();
    let mut notices = store::notice::of_case(tx, change.case.id).await?;
    let base = change.case.escalation_base;
    notices.retain(|one| one.step != tell::NO_STEP && one.created_at >= base);
    for notice in &notices {
        let Some(staff) = notice.staff_id else { continue };
        let left = notice.sending_at.is_some() || notice.accepted_at.is_some();
        if left || was_carried(tx, notice).await? {
            people.insert(staff);
        }
    }
    Ok(people)
}

/// Tells whether a message that left, of another case, told of this one too.
async fn was_carried(tx: &Tx, notice: &notice::Model) -> Result<bool> {
    let Some(carrier) = notice.bundled_into else { return Ok(false) };
    let carrier = store::notice::find(tx, carrier).await?;
    Ok(carrier.is_some_and(|carrier| carrier.sending_at.is_some()))
}

/// Tells those who had the case that it went on without them, but for whoever moved it; whom its new
/// chain tells first hears of it there.
pub fn tell_before(
    change: &mut Change,
    (before, actor): (&[StaffId], &Actor),
    (kind, note): (NoticeKind, &str),
) -> Result<()> {
    let snapshot = change.snapshot()?;
    let first = snapshot.chain.steps.first().into_iter().flat_map(|step| &step.who);
    let anew = first.filter_map(|who| snapshot.people.get(who)).flatten();
    let hear: BTreeSet<StaffId> = anew.map(|one| one.staff).chain(actor.staff).collect();
    let gone: Vec<StaffId> = before.iter().copied().filter(|staff| !hear.contains(staff)).collect();
    change.tell_staff(&gone, kind, note);
    Ok(())
}
