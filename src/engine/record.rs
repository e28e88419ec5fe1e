//! Gathers the notices that WeChat took over at the same time, so that one unit records them and
//! finishes their jobs.

use tokio::sync::{mpsc, oneshot};

use crate::app::notice::together::{self, Accepted};
use crate::services::Services;

/// How many notices one unit records.
const MOST: usize = 128;

/// What became of a notice that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// Recorded, and its job is done.
    Done,
    /// Recorded, but the job's lease was lost: somebody else decides about that.
    LeaseLost,
    /// Not touched: it is to be recorded by itself.
    Alone,
}

/// Takes notices in; cheap to clone.
#[derive(Clone, Debug)]
pub struct Recorder(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    accepted: Accepted,
    told: oneshot::Sender<Record>,
}

impl Recorder {
    /// Starts the task that records; it ends when every handle is gone.
    pub fn start(s: &Services) -> Self {
        let (sender, receiver) = mpsc::channel(MOST);
        s.lifecycle.spawn(keep(s.clone(), receiver));
        Self(sender)
    }

    /// Records one notice together with whatever else waits; returns after the commit.
    pub async fn record(&self, accepted: Accepted) -> Record {
        let (told, wait) = oneshot::channel();
        if self.0.send(Waiting { accepted, told }).await.is_err() {
            return Record::Alone;
        }
        wait.await.unwrap_or(Record::Alone)
    }
}

async fn keep(s: Services, mut handed_in: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(MOST);
    while handed_in.recv_many(&mut batch, MOST).await > 0 {
        let all = batch.iter().map(|one| one.accepted.clone()).collect();
        let recorded = together::record(&s, all).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error.chain(), "notices are recorded one by one");
            together::Recorded::default()
        });
        for Waiting { accepted, told } in batch.drain(..) {
            let record = match accepted.job {
                job if recorded.done.contains(&job) => Record::Done,
                job if recorded.jobs.contains(&job) => Record::LeaseLost,
                _ => Record::Alone,
            };
            // A sender that went away has lost its lease with the process.
            let _gone = told.send(record);
        }
    }
}
