//! The common way of every verb on an existing case: load within scope, check the version, let the
//! state machine decide, edit, store, tell.

use entity::cases;
use entity::kinds::{CaseId, CaseState, EventType, GridId, HoldReason, Timestamp};
use futures::future::BoxFuture;

use super::change::Change;
use super::view;
use crate::app::actor::Actor;
use crate::app::inbox::read;
use crate::app::once;
use crate::domain::case::state::{self, Ask, Facts, Move, Refusal, Verb};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Which case, and which version of it the person saw.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub case: CaseId,
    pub expected_version: i32,
}

/// A verb with what it asks for.
#[derive(Debug)]
pub struct Act {
    pub actor: Actor,
    pub target: Target,
    pub verb: Verb,
    pub ask: Ask,
    /// The small grid that a transfer or an assignment leads to.
    pub to_grid: Option<GridId>,
}

/// Performs the verb. `edit` runs inside the unit, after the move was permitted and the state was
/// set; it may read through the transaction and must not wait for anything else.
pub async fn perform<F>(s: &Services, act: Act, edit: F) -> Result<cases::Model>
where
    F: for<'c> FnOnce(&'c mut Change, &'c Act, Move, &'c Tx) -> BoxFuture<'c, Result<()>>
        + Send
        + 'static,
{
    perform_beside(s, act, None, edit).await
}

/// The same for a verb that another case has a part in. Both are held from the beginning, whichever
/// is asked about: two that come crosswise would else wait for each other.
pub async fn perform_beside<F>(
    s: &Services,
    act: Act,
    other: Option<CaseId>,
    edit: F,
) -> Result<cases::Model>
where
    F: for<'c> FnOnce(&'c mut Change, &'c Act, Move, &'c Tx) -> BoxFuture<'c, Result<()>>
        + Send
        + 'static,
{
    let services = s.clone();
    let now = s.clock.now();
    let case = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let mut act = act;
                if let Some(other) = other {
                    store::case::lock_both(tx, [act.target.case, other]).await?;
                }
                let case = load(tx, &act).await?;
                complete(&services, tx, &mut act, &case).await?;
                let step = permit(&case, &act, now)?;
                let mut change = Change::new(&services, case, now);
                change.case.state = step.to;
                // Before the verb tells anybody anew.
                read::acted(tx, &act.actor, act.target.case, now).await?;
                edit(&mut change, &act, step, tx).await?;
                let case = change.store(tx).await?;
                if act.actor.once.is_some() {
                    let answer = view::one_in(&services, tx, &act.actor, &case).await?;
                    once::keep(&services, tx, &act.actor, (200, &answer)).await?;
                }
                Ok::<_, Error>(case)
            })
        })
        .await?;
    s.wake.ping().await;
    Ok(case)
}

/// Adds to the ask what only the stored case can tell.
async fn complete(s: &Services, tx: &Tx, act: &mut Act, case: &cases::Model) -> Result<()> {
    act.ask.assessed = act.actor.is_assessed_by(case);
    act.ask.asked_himself = match act.verb {
        Verb::DecidePause => case.pause_by.is_some() && case.pause_by == act.actor.staff,
        _ => case.extension_by == Some(act.actor.account),
    };
    let targets = s.targets.now();
    act.ask.material_days = targets.material_days;
    act.ask.appointment_days = targets.appointment_days;
    if let Some(to) = act.to_grid {
        act.ask.leaves_community = s.places.now().community_of(to) != case.large_grid_id;
    }
    if act.verb == Verb::Cancel {
        act.ask.others_wait = !store::case::merged_into(tx, case.id).await?.is_empty();
    }
    if act.verb == Verb::Reject && case.appeals > 0 {
        let events = store::event::list(tx, case.id).await?;
        act.ask.rejected_before = events.iter().any(|(event, _)| {
            event.kind == EventType::Rejected && event.actor_id == Some(act.actor.account)
        });
    }
    Ok(())
}

async fn load(tx: &Tx, act: &Act) -> Result<cases::Model> {
    let case = store::case::find_locked(tx, act.target.case).await?;
    // A case outside the person's scope looks exactly like one that does not exist.
    let case = case.filter(|case| !act.actor.roles_for(case).is_empty());
    let case = case.ok_or_else(|| Error::not_found("这件诉求"))?;
    if case.version != act.target.expected_version {
        return Err(Error::new(
            Code::VersionConflict,
            format!("这件诉求已更新到第 {} 版，请刷新后再试", case.version),
        ));
    }
    Ok(case)
}

/// Asks the state machine; a refusal names what would be allowed.
pub fn permit(case: &cases::Model, act: &Act, now: Timestamp) -> Result<Move> {
    let roles = act.actor.roles_for(case);
    state::decide(&facts(case), &roles, act.verb, &act.ask, now).map_err(|refusal| match refusal {
        Refusal::NotAllowed { state, verb, allowed } => {
            let detail = format!("“{}”状态下您不能{}", state.zh(), verb.zh());
            let mut error = Error::new(Code::MoveNotAllowed, detail);
            error.allowed = allowed.into_iter().map(Verb::word).collect();
            error
        }
        Refusal::Guard { code, zh } => {
            let mut error = Error::new(Code::RuleRefused, zh.clone());
            error.faults = vec![crate::error::Fault::new("", code, zh)];
            error
        }
    })
}

/// Reads the facts that the state machine judges by.
pub fn facts(case: &cases::Model) -> Facts {
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    Facts {
        state: case.state,
        urgency: case.urgency,
        returns: count(case.returns),
        appeals: count(case.appeals),
        closed_at: case.closed_at,
        last_reminded_at: case.last_reminded_at,
        contacted: case.contacted_at.is_some(),
        rated: case.rating_result.is_some(),
        triage_reason: case.triage_reason,
        resolve_due_at: Some(case.resolve_due_at),
        extension: case.extension,
        extension_role: case.extension_role,
        pause_until: case.pause_until,
        appointment: (case.hold_reason == Some(HoldReason::AwaitingAppointment))
            .then_some(case.appointment_agreed),
    }
}

/// Lists what this person could do with the case now.
pub fn allowed(case: &cases::Model, actor: &Actor, now: Timestamp) -> Vec<Verb> {
    state::allowed(&facts(case), &actor.roles_for(case), actor.is_assessed_by(case), now)
}

/// Tells whether the state is one of those with a responsible person at work.
pub const fn is_handled(state: CaseState) -> bool {
    matches!(
        state,
        CaseState::Assigned | CaseState::Acknowledged | CaseState::InProgress | CaseState::OnHold
    )
}
