//! Whether the clock of this process is that of the database server.
//!
//! Engines take turns with the same cases and jobs. One whose clock is an hour ahead would take back
//! what people acknowledged a minute ago and call the whole chain at once, and the others would
//! undo it: it rests until its clock is put right, as long as another one that agrees with the server
//! is there to do its work. Where there is none, it may be the server whose clock is wrong.

use std::time::Duration;

use entity::kinds::Timestamp;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Farther apart, and "due" means something else on either side.
const APART: Duration = Duration::from_secs(5);
/// How long an answer counts while our clock runs evenly.
const ANSWER_COUNTS: Duration = Duration::from_secs(1);
/// How long the server may take: meanwhile nothing is claimed.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often an engine that agrees says so.
pub const VOUCH_EVERY: Duration = Duration::from_secs(5);
/// How long the others believe it.
const VOUCH_COUNTS: Duration = Duration::from_secs(20);
/// Where it says so.
const NOTE: &str = "engine_in_time";

/// Knows it; asks the server once a second, and at once when our clock was put.
pub struct InTime {
    s: Services,
    last: Mutex<Option<Answer>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Agrees,
    /// It does not, and others do.
    Rests,
    /// It does not, and nobody else does.
    Alone,
}

#[derive(Clone, Copy)]
struct Answer {
    asked: Instant,
    by_clock: Timestamp,
    standing: Standing,
}

impl InTime {
    /// Starts without an answer.
    pub fn new(s: &Services) -> Self {
        Self { s: s.clone(), last: Mutex::new(None) }
    }

    /// Tells whether this engine may decide what is due. A file has one process, whose clock is the
    /// only one; a server that does not answer changes nothing.
    pub async fn check(&self) -> bool {
        self.standing().await != Standing::Rests
    }

    /// Says for a while that an engine agrees with the server, where this one does. Fails when the
    /// database does.
    pub async fn vouch(&self) -> Result<()> {
        if self.s.db.is_sqlite() || self.standing().await != Standing::Agrees {
            return Ok(());
        }
        let now = self.s.clock.now();
        // One of several engines is enough, and none waits for the other's row.
        let soon_over = now + VOUCH_COUNTS - VOUCH_EVERY;
        if store::shared_note::read(&self.s.db.read, NOTE, soon_over).await?.is_some() {
            return Ok(());
        }
        self.s
            .writer
            .commit(move |tx| {
                Box::pin(async move {
                    let when = (now, now + VOUCH_COUNTS);
                    store::shared_note::leave(tx, (NOTE, ""), true, when).await?;
                    Ok::<_, Error>(())
                })
            })
            .await
    }

    async fn standing(&self) -> Standing {
        if self.s.db.is_sqlite() {
            return Standing::Agrees;
        }
        let mut last = self.last.lock().await;
        if let Some(answer) = last.filter(|answer| self.counts(answer)) {
            return answer.standing;
        }
        let before = last.map_or(Standing::Agrees, |answer| answer.standing);
        let looked = timeout(PATIENCE, self.look()).await;
        let standing = looked.ok().and_then(Result::ok).unwrap_or(before);
        if standing != before {
            say(standing);
        }
        *last = Some(Answer { asked: Instant::now(), by_clock: self.s.clock.now(), standing });
        standing
    }

    async fn look(&self) -> Result<Standing> {
        let Some(theirs) = store::doctor::server_now(&self.s.db.read).await? else {
            return Ok(Standing::Agrees);
        };
        if self.s.clock.apart(theirs) <= APART {
            return Ok(Standing::Agrees);
        }
        let other = store::shared_note::read(&self.s.db.read, NOTE, theirs).await?;
        Ok(if other.is_some() { Standing::Rests } else { Standing::Alone })
    }

    fn counts(&self, answer: &Answer) -> bool {
        let passed = answer.asked.elapsed();
        let now = self.s.clock.now();
        let even = now.since(answer.by_clock).abs_diff(passed) < ANSWER_COUNTS;
        passed < ANSWER_COUNTS && even && now >= answer.by_clock
    }
}

fn say(standing: Standing) {
    match standing {
        Standing::Agrees => {
            tracing::warn!("the clock agrees with the database server's: this engine goes on");
        }
        Standing::Rests => tracing::error!(
            "the clock is not that of the database server: this engine rests until it is put right"
        ),
        Standing::Alone => tracing::error!(
            "the clock is not that of the database server, and no other engine's is: this one goes on"
        ),
    }
}
