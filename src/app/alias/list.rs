//! Lists learned names.

use entity::address_alias;
use entity::kinds::AliasState;

use super::admit;
use crate::app::actor::Actor;
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// Names of one page.
const PAGE: u64 = 50;

/// Returns a page of names in one state, or in all, after an id. Fails with `forbidden`.
pub async fn run(
    s: &Services,
    actor: &Actor,
    state: Option<AliasState>,
    after: i64,
) -> Result<(Vec<address_alias::Model>, Option<i64>)> {
    admit(actor)?;
    let rows = store::alias::list(&s.db.read, state, after, PAGE).await?;
    let full = u64::try_from(rows.len()).is_ok_and(|n| n == PAGE);
    let next = rows.last().map(|row| row.id).filter(|_| full);
    Ok((rows, next))
}
