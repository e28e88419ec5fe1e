//! Enters a leave and says at once which grids nobody covers because of it.

use std::time::Duration;

use entity::kinds::{LeaveKind, RosterChange, StaffId, Timestamp};
use entity::leave;
use sea_orm::ActiveValue::{NotSet, Set};

use super::gaps::{NamedGap, Street, named};
use super::{DAY, REASON, may_change};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::domain::roster::{Leave, Span, left_alone};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Nobody plans farther ahead, and a typing error in the year is caught.
const LONGEST: Duration = DAY.saturating_mul(366);

/// A leave to be entered.
#[derive(Clone, Debug)]
pub struct NewLeave {
    /// `None`: the speaker's own.
    pub staff: Option<StaffId>,
    pub from: Timestamp,
    pub to: Timestamp,
    pub reason: Option<String>,
    pub substitute: Option<StaffId>,
}

/// A leave that counts now, and what it opens.
#[derive(Clone, Debug)]
pub struct Entered {
    pub leave: leave::Model,
    pub gaps: Vec<NamedGap>,
}

/// Enters a leave; `answer` says what is answered, and kept for a repeat. Fails with `forbidden`, `not_found`, `invalid_fields` for times or a substitute
/// that cannot be, and `conflict` when he is away then already.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    new: NewLeave,
    answer: fn(Entered) -> A,
) -> Result<A> {
    let staff = new.staff.or(actor.staff);
    let staff = staff.ok_or_else(|| Error::new(Code::Forbidden, "只有工作人员可以登记请假"))?;
    may_change(s, actor, staff).await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let (span, now) = (times(&new, s.clock.now())?, s.clock.now());
    let reason = new.reason.as_deref().map(|text| s.vault.seal(REASON, text));
    let reason = reason.transpose().map_err(Error::internal)?;
    let row = leave::ActiveModel {
        id: NotSet,
        staff_id: Set(staff),
        from_at: Set(span.from),
        to_at: Set(span.to),
        reason_sealed: Set(reason),
        substitute_id: Set(new.substitute),
        created_at: Set(now),
        cancelled_at: Set(None),
        kind: Set(LeaveKind::Leave),
        swap_id: Set(None),
    };
    let substitute = new.substitute;
    let gaps = opened_by(s, Leave { staff, span, substitute }).await?;
    let (services, actor) = (s.clone(), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            check(tx, (staff, substitute), span).await?;
            let stored = store::roster::insert_leave(tx, row).await?;
            let change = (RosterChange::LeaveAdded, stored.id, Some(staff));
            store::roster::append(tx, change, actor.account, now).await?;
            let seen = answer(Entered { leave: stored, gaps });
            once::keep(&services, tx, &actor, (201, &seen)).await?;
            Ok::<_, Error>(seen)
        })
    });
    unit.await
}

fn times(new: &NewLeave, now: Timestamp) -> Result<Span> {
    let fault = |pointer, message: &str| Error::fields(vec![Fault::new(pointer, "order", message)]);
    let span =
        Span::new(new.from, new.to).ok_or_else(|| fault("/to", "结束时间必须晚于开始时间"))?;
    if span.to <= now {
        return Err(fault("/to", "这段时间已经过去"));
    }
    if span.to.since(span.from) > LONGEST {
        return Err(fault("/to", "一次请假最长一年，请核对日期"));
    }
    Ok(span)
}

/// Looks while nobody else may enter a leave of these people, so that two requests cannot both find
/// nothing in the way.
async fn check(tx: &Tx, (staff, substitute): (StaffId, Option<StaffId>), span: Span) -> Result<()> {
    let concerned: Vec<StaffId> = [Some(staff), substitute].into_iter().flatten().collect();
    store::people::lock_staff(tx, &concerned, true).await?;
    let away = store::roster::leaves(tx, span).await?;
    // Who signed off may still enter a leave, which then counts with its substitute.
    let planned = |leave: &leave::Model| leave.kind != LeaveKind::OffDuty;
    if away.iter().any(|leave| leave.staff_id == staff && planned(leave)) {
        return Err(Error::new(Code::Conflict, "这段时间已登记请假，请先取消原来的"));
    }
    let Some(substitute) = substitute else { return Ok(()) };
    let fault =
        |code, message: &str| Err(Error::fields(vec![Fault::new("/substitute", code, message)]));
    if substitute == staff {
        return fault("same", "替班人不能是本人");
    }
    if store::staff::find(tx, substitute).await?.is_none() {
        return fault("unknown", "没有这位在职的工作人员");
    }
    if away.iter().any(|leave| leave.staff_id == substitute) {
        return fault("away", "替班人这段时间也请假了");
    }
    Ok(())
}

/// Lists what is covered now and would not be with this leave, and where nobody would be any more.
async fn opened_by(s: &Services, mine: Leave) -> Result<Vec<NamedGap>> {
    let from = mine.span.from.max(s.clock.now());
    let Some(window) = Span::new(from, mine.span.to) else { return Ok(Vec::new()) };
    let street = Street::load(s, window).await?;
    let mut with = street.leaves.clone();
    with.push(mine);
    let (before, after) = (street.gaps(s, &street.leaves), street.gaps(s, &with));
    Ok(named(&s.places.now(), left_alone(&before, &after)))
}
