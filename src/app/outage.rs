//! Says once when the database goes away and once when it is back. Every request and job that meets
//! that meanwhile is a warning at most: thousands of errors would hide the one that counts.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::services::Services;

/// How often the database is asked.
const EVERY: Duration = Duration::from_secs(1);

/// Asks the database until `stop`.
pub async fn watch(s: Services, stop: CancellationToken) {
    let mut away = false;
    while !stop.is_cancelled() {
        let asked = s.db.answers().await;
        match asked {
            Ok(()) if away => tracing::info!("the database answers again"),
            Err(ref why) if !away => {
                tracing::error!(%why, "the database does not answer; requests are refused and \
                    jobs wait until it does");
            }
            _ => {}
        }
        away = asked.is_err();
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}
