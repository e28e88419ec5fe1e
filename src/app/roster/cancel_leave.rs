//! Takes a leave back; it stays on record.

use entity::kinds::RosterChange;

use super::may_change;
use crate::app::actor::Actor;
use crate::app::limit;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// Takes a leave back. Fails with `forbidden` and with `not_found` when it is not there, or not
/// any more.
pub async fn run(s: &Services, actor: &Actor, id: i64) -> Result<()> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以取消请假"));
    }
    let leave = store::roster::find_leave(&s.db.read, id).await?;
    let leave = leave.ok_or_else(|| Error::not_found("这次请假"))?;
    may_change(s, actor, leave.staff_id).await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let (by, now) = (actor.account, s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                if !store::roster::cancel_leave(tx, id, now).await? {
                    return Err(Error::not_found("这次请假"));
                }
                let change = (RosterChange::LeaveCancelled, id, Some(leave.staff_id));
                Ok(store::roster::append(tx, change, by, now).await?)
            })
        })
        .await
}
