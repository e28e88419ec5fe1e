//! Lists learned names.

use entity::address_alias;
use entity::kinds::AliasState;

use super::admit;
use crate::app::actor::Actor;
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// Names of one page when the caller does not say, and the most he gets.
const PAGE: u64 = 50;
const MOST: u64 = 100;

/// Returns a page of names in one state, or in all, after an id. Fails with `forbidden`.
pub async fn run(
    s: &Services,
    actor: &Actor,
    state: Option<AliasState>,
    (after, limit): (i64, Option<u64>),
) -> Result<(Vec<address_alias::Model>, Option<i64>)> {
    admit(actor)?;
    let limit = limit.unwrap_or(PAGE).clamp(1, MOST);
    let rows = store::alias::list(&s.db.read, state, after, limit).await?;
    let full = u64::try_from(rows.len()).is_ok_and(|n| n == limit);
    let next = rows.last().map(|row| row.id).filter(|_| full);
    Ok((rows, next))
}
