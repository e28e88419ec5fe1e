//! Pings the watcher outside after a pass of the sweep in which everything was as it should be.
//!
//! A dead man's switch: whatever stops the engine, also what nobody thought of, stops the pings.

use entity::kinds::Timestamp;

use super::sweep::EVERY;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Writes that a pass is done and, when it was `healthy`, pings. Fails when the database does; a
/// watcher who does not answer is no fault of ours to fail for.
pub async fn run(s: &Services, healthy: bool, now: Timestamp) -> Result<()> {
    let wanted = healthy && s.heartbeat.is_on();
    let mine = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                store::pulse::swept(tx, now).await?;
                Ok::<_, Error>(wanted && store::pulse::take_ping(tx, now, EVERY).await?)
            })
        })
        .await?;
    if !mine {
        return Ok(());
    }
    let outcome = match s.heartbeat.ping().await {
        Ok(()) => "heard",
        Err(why) => {
            tracing::warn!(%why, "the watcher of engine.heartbeat_url did not hear us");
            "missed"
        }
    };
    s.metrics.heartbeats.with_label_values(&[outcome]).inc();
    Ok(())
}
