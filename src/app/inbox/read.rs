//! Notes that a person has read an entry of his inbox.

use entity::kinds::InboxId;

use super::{Entry, owners};
use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Marks an entry as read and returns it; the first reading counts, a repeat changes nothing.
/// Fails with `not_found` for an entry of somebody else.
pub async fn run(s: &Services, actor: &Actor, id: InboxId) -> Result<Entry> {
    let (owners, now) = (owners(actor), s.clock.now());
    let row = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let missing = || Error::not_found("这条消息");
                store::inbox::find(tx, &owners, id).await?.ok_or_else(missing)?;
                store::inbox::set_read(tx, id, now).await?;
                store::inbox::find(tx, &owners, id).await?.ok_or_else(missing)
            })
        })
        .await?;
    Entry::open(s, &row)
}
