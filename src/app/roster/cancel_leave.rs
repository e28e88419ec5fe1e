//! Takes a leave back; it stays on record.

use entity::kinds::{LeaveKind, RosterChange};

use super::may_change;
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// Takes a leave back. Fails with `forbidden` and with `not_found` when it is not there, or not
/// any more; `conflict` for what is a signing off or half of a swap.
pub async fn run(s: &Services, actor: &Actor, id: i64) -> Result<()> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以取消请假"));
    }
    let leave = store::roster::find_leave(&s.db.read, id).await?;
    let leave = leave.ok_or_else(|| Error::not_found("这次请假"))?;
    may_change(s, actor, leave.staff_id).await?;
    let other = match leave.kind {
        LeaveKind::Leave => None,
        LeaveKind::OffDuty => Some("这是离岗，重新到岗即可恢复"),
        LeaveKind::Swap => Some("这是换班，请撤回换班"),
    };
    if let Some(detail) = other {
        return Err(Error::new(Code::Conflict, detail));
    }
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let (services, actor, now) = (s.clone(), actor.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                if !store::roster::cancel_leave(tx, id, now).await? {
                    return Err(Error::not_found("这次请假"));
                }
                let change = (RosterChange::LeaveCancelled, id, Some(leave.staff_id));
                store::roster::append(tx, change, actor.account, now).await?;
                once::keep(&services, tx, &actor, (204, &())).await
            })
        })
        .await
}
