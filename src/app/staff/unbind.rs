//! Takes the WeChat account from a member of staff: a lost phone, a person who moved on.

use entity::kinds::StaffId;

use super::require_admin;
use crate::app::actor::Actor;
use crate::domain::notice::DEFAULT_ORDER;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;

/// Unbinds. The account is a resident's again at once, since rights follow the rows. Fails with
/// `forbidden`, `not_found`, and `conflict` when nothing was bound.
pub async fn run(s: &Services, actor: &Actor, id: StaffId) -> Result<()> {
    require_admin(actor)?;
    let now = s.clock.now();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                if store::staff::find(tx, id).await?.is_none() {
                    return Err(Error::not_found("该工作人员"));
                }
                match store::staff::unbind(tx, id).await? {
                    0 => Err(Error::new(Code::Conflict, "该工作人员没有绑定微信")),
                    // Whoever is bound next has other channels.
                    _ => Ok(store::channel::forget_proofs(tx, id, DEFAULT_ORDER, now).await?),
                }
            })
        })
        .await
}
