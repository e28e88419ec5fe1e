//! Removes what sign-in no longer needs; called from time to time.

use std::time::Duration;

use crate::auth::lockout;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Forgets ended sessions and failures that no longer count; returns how many
/// rows. Fails only with the database.
pub async fn run(s: &Services) -> Result<u64> {
    let now = s.clock.now();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let sessions = store::session::forget(tx, now).await?;
                let failures = store::console::forget(tx, before(now, lockout::LOOK_BACK)).await?;
                Ok::<_, Error>(sessions + failures)
            })
        })
        .await
}

/// Returns the instant so long ago.
pub(super) fn before(now: entity::kinds::Timestamp, ago: Duration) -> entity::kinds::Timestamp {
    let micros = i64::try_from(ago.as_micros()).unwrap_or(i64::MAX);
    entity::kinds::Timestamp(now.0.saturating_sub(micros))
}
