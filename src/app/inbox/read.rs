//! Notes that a person has read an entry of his inbox.

use entity::kinds::{CaseId, InboxId, Timestamp};

use super::{Entry, owners};
use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::writer::Tx;

/// Marks what a person was told about a case as read: he looks at the case itself.
pub async fn of_case(s: &Services, actor: &Actor, case: CaseId) -> Result<()> {
    let (owners, now) = (owners(actor), s.clock.now());
    if !store::inbox::has_unread(&s.db.read, &owners, case).await? {
        return Ok(());
    }
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            Ok::<_, Error>(store::inbox::set_case_read(tx, &owners, case, now).await?)
        })
    });
    unit.await
}

/// The same within the unit in which he acts on it.
pub async fn acted(tx: &Tx, actor: &Actor, case: CaseId, now: Timestamp) -> Result<()> {
    Ok(store::inbox::set_case_read(tx, &owners(actor), case, now).await?)
}

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
