//! Writes what must not be forgotten again and again, while the database is away and a lease lasts.
//!
//! A restart of the database takes seconds. Whoever gives up at the first refusal forgets what a
//! carrier answered, and nobody may ask it a second time. What is written like this may have been
//! committed by a try whose answer was lost: it must be able to come twice.

use std::time::Duration;

use entity::kinds::Timestamp;
use tokio::time::{Instant, sleep};

use super::trouble;
use crate::error::{Code, Result};
use crate::services::Services;

/// The first wait; each one is twice as long as the one before.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);
/// This part of a whole lease is left to the last try.
const LAST_TRY: u32 = 6;

/// Returns how long a lease lasts that ends then; never longer than one, wherever the clock was put.
pub fn left(s: &Services, lease_ends: Timestamp) -> Duration {
    lease_ends.since(s.clock.now()).min(s.settings.lease)
}

/// Writes something under a lease that ends then. Fails as the last try did: at once, unless that was
/// the database's absence.
pub async fn insist<T, F>(
    s: &Services,
    lease_ends: Timestamp,
    write: impl Fn() -> F + Send,
) -> Result<T>
where
    F: Future<Output = Result<T>> + Send,
{
    let until = Instant::now() + left(s, lease_ends).saturating_sub(s.settings.lease / LAST_TRY);
    let mut wait = FIRST;
    loop {
        match write().await {
            Err(error) if error.code == Code::DatabaseDown && Instant::now() + wait < until => {
                trouble::met(s, &error);
            }
            done => return done,
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST);
    }
}
