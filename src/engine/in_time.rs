//! Whether the clock of this process is that of the database server.
//!
//! Engines take turns with the same cases and jobs. One whose clock is an hour ahead would take back
//! what people acknowledged a minute ago and call the whole chain at once, and the others would
//! undo it: it rests until its clock is put right, and the others do its work.

use std::time::Duration;

use entity::kinds::Timestamp;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::services::Services;
use crate::store;

/// Farther apart, and "due" means something else on either side.
const APART: Duration = Duration::from_secs(5);
/// How long an answer counts while our clock runs evenly.
const ANSWER_COUNTS: Duration = Duration::from_secs(1);

/// Knows it; asks the server once a second, and at once when our clock was put.
pub struct InTime {
    s: Services,
    last: Mutex<Option<Answer>>,
}

#[derive(Clone, Copy)]
struct Answer {
    asked: Instant,
    by_clock: Timestamp,
    agrees: bool,
}

impl InTime {
    /// Starts without an answer.
    pub fn new(s: &Services) -> Self {
        Self { s: s.clone(), last: Mutex::new(None) }
    }

    /// Tells whether this engine may decide what is due. A file has one process, whose clock is the
    /// only one; a server that does not answer says nothing against ours.
    pub async fn check(&self) -> bool {
        if self.s.db.is_sqlite() {
            return true;
        }
        let mut last = self.last.lock().await;
        if let Some(answer) = last.filter(|answer| self.counts(answer)) {
            return answer.agrees;
        }
        let Ok(Some(theirs)) = store::doctor::server_now(&self.s.db.read).await else {
            return last.is_none_or(|answer| answer.agrees);
        };
        let by_clock = self.s.clock.now();
        let apart = self.s.clock.apart(theirs);
        let agrees = apart <= APART;
        if last.is_none_or(|answer| answer.agrees) != agrees {
            say(agrees, apart);
        }
        *last = Some(Answer { asked: Instant::now(), by_clock, agrees });
        agrees
    }

    fn counts(&self, answer: &Answer) -> bool {
        let passed = answer.asked.elapsed();
        let now = self.s.clock.now();
        let even = now.since(answer.by_clock).abs_diff(passed) < ANSWER_COUNTS;
        passed < ANSWER_COUNTS && even && now >= answer.by_clock
    }
}

fn say(agrees: bool, apart: Duration) {
    let seconds = apart.as_secs_f64();
    if agrees {
        tracing::warn!(seconds, "the clock agrees with the database server's: this engine goes on");
    } else {
        tracing::error!(
            seconds,
            "the clock is not that of the database server: this engine rests until it is put right"
        );
    }
}
