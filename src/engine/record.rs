//! Gathers the notices that WeChat took over at the same time, so that one unit records them and
//! finishes their jobs.

use crate::app::notice::together::{self, Accepted};
use crate::gather::{Gather, Size};
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
pub struct Recorder(Gather<Accepted, Record>);

impl Recorder {
    /// Starts the task that records; it ends when every handle is gone.
    pub fn start(s: &Services) -> Self {
        let services = s.clone();
        let (gather, keep) =
            Gather::new(Size::one_by_one(MOST), move |batch| all(services.clone(), batch));
        s.lifecycle.spawn(keep);
        Self(gather)
    }

    /// Records one notice together with whatever else waits; returns after the commit.
    pub async fn record(&self, accepted: Accepted) -> Record {
        self.0.hand_in(accepted).await.unwrap_or(Record::Alone)
    }
}

async fn all(s: Services, batch: Vec<Accepted>) -> Vec<Record> {
    let jobs: Vec<_> = batch.iter().map(|one| one.job).collect();
    let recorded = together::record(&s, batch).await.unwrap_or_else(|error| {
        tracing::warn!(error = %error.chain(), "notices are recorded one by one");
        together::Recorded::default()
    });
    let of = |job| match job {
        job if recorded.done.contains(&job) => Record::Done,
        job if recorded.jobs.contains(&job) => Record::LeaseLost,
        _ => Record::Alone,
    };
    jobs.into_iter().map(of).collect()
}
