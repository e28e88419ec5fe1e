//! Lets a case rest for one of the allowed reasons until a date.

use entity::cases;
use entity::kinds::{HoldReason, NoticeKind, Timestamp};
use serde_json::{Value, json};

use super::act::{self, Act, Target};
use super::change::Change;
use super::{clock, facts};
use crate::app::actor::Actor;
use crate::domain::calendar;
use crate::domain::case::state::{Ask, Move, Verb};
use crate::error::Result;
use crate::services::Services;
use crate::store::writer::Tx;

/// Why, and until when.
#[derive(Clone, Debug)]
pub struct Pause {
    pub reason: HoldReason,
    pub until: Timestamp,
    pub note: String,
}

/// Says to the resident why his case rests and until when, in the 20 characters of a template.
fn said(pause: &Pause) -> String {
    let until = calendar::local_date(pause.until);
    let day = format!("{}月{}日{}", until.month(), until.day(), calendar::weekday(until));
    let why = match pause.reason {
        HoldReason::AwaitingMaterial => "请补充材料",
        HoldReason::AwaitingAppointment => {
            return format!("约在{day}，请确认时间");
        }
        HoldReason::Weather => "天气原因暂停",
        HoldReason::AwaitingDepartment | HoldReason::AwaitingPurchase => "暂停",
    };
    format!("{why}，{day}继续办理")
}

/// Lets a case rest for one of the allowed reasons until a date. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target, pause: Pause) -> Result<cases::Model> {
    let act = Act {
        actor,
        target,
        verb: Verb::Hold,
        ask: Ask {
            hold_reason: Some(pause.reason),
            resume_at: Some(pause.until),
            ..Ask::default()
        },
        to_grid: None,
    };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move { begin(change, tx, (&act.actor, step), (&pause, json!({}))).await })
    })
    .await
}

/// Stops the clock now, by an entry of the record with `more` in it, and tells the resident. Fails
/// when the database does.
pub(super) async fn begin(
    change: &mut Change,
    tx: &Tx,
    (actor, step): (&Actor, Move),
    (pause, more): (&Pause, Value),
) -> Result<()> {
    change.case.hold_reason = Some(pause.reason);
    change.case.hold_until = Some(pause.until);
    change.case.appointment_agreed = false;
    change.case.papers_added_at = None;
    let payload = json!({ "reason": pause.reason, "until": calendar::rfc3339(pause.until),
        "note": pause.note });
    clock::again(change, tx, step.event).await?;
    let payload = facts::with(facts::with(payload, more), facts::dues(&change.case));
    change.happened(actor, step.role, step.event, payload)?;
    change.tell_resident(NoticeKind::Rests, said(pause));
    Ok(())
}
