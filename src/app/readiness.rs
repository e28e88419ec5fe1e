//! Can this process work: does the database answer, and does the engine keep up.

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// What was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    pub status: &'static str,
    /// Seconds the oldest due job has waited.
    pub oldest_due_seconds: u64,
    /// Little room is left for the database and photos; requests are served as long as they fit.
    pub low_space: bool,
}

/// Looks; fails with `database_down` or `not_ready`.
pub async fn run(s: &Services) -> Result<Ready> {
    let now = s.clock.now();
    let oldest = store::job::earliest_due(&s.db.read).await?;
    let waited = oldest.map_or(std::time::Duration::ZERO, |due| now.since(due));
    s.metrics.oldest_due_seconds.set(i64::try_from(waited.as_secs()).unwrap_or(i64::MAX));
    if waited > s.settings.oldest_due {
        return Err(Error::new(Code::NotReady, "有任务等待过久，请检查引擎进程"));
    }
    if !store::schema::unknown(&s.db.read).await?.is_empty() {
        return Err(Error::new(Code::NotReady, "数据库已由新版程序升级，请更换本程序"));
    }
    let low_space = super::space::look(s).is_some_and(|room| room.low);
    Ok(Ready { status: "ready", oldest_due_seconds: waited.as_secs(), low_space })
}
