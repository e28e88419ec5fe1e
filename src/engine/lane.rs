//! Four lanes with permits of their own, so that what presses never waits behind what does not,
//! however slow the other side answers.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::app::work::priority;

/// How long a lane with more to do than permits waits for a handful of them: one claim for many
/// jobs costs what one for a single job does.
const HANDFUL_WITHIN: Duration = Duration::from_millis(10);

/// Which jobs share permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Urgent notices, callbacks.
    Pressing,
    /// Notices about single cases.
    Ordinary,
    /// Content checks, of words and files: slow whenever WeChat is, whatever else goes well.
    Checks,
    /// Whatever goes to very many, and what nobody waits for.
    Bulk,
}

impl Lane {
    /// All of them, the most pressing first.
    pub const ALL: [Self; 4] = [Self::Pressing, Self::Ordinary, Self::Checks, Self::Bulk];

    /// Returns the priorities of its jobs.
    pub const fn priorities(self) -> (i32, i32) {
        match self {
            Self::Pressing => (i32::MIN, priority::URGENT),
            Self::Ordinary => (priority::URGENT + 1, priority::ORDINARY),
            Self::Checks => (priority::ORDINARY + 1, priority::CHECK),
            Self::Bulk => (priority::CHECK + 1, i32::MAX),
        }
    }

    /// Eighths of all permits.
    const fn share(self) -> usize {
        match self {
            Self::Pressing | Self::Checks => 2,
            Self::Ordinary => 3,
            Self::Bulk => 1,
        }
    }
}

/// A lane at work.
#[derive(Debug)]
pub struct Permits {
    pub lane: Lane,
    pub size: u32,
    pub due: Arc<Notify>,
    free: Arc<Semaphore>,
}

impl Permits {
    /// Gives a lane its share of all permits, at least one.
    pub fn new(lane: Lane, all: usize) -> Self {
        let size = u32::try_from((all * lane.share() / 8).max(1)).unwrap_or(1);
        let free = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Self { lane, size, due: Arc::new(Notify::new()), free }
    }

    /// Takes every permit that is free, waiting for the first, and a moment for a handful when
    /// there is `more` to do; `None` at the stop.
    pub async fn free(&self, more: bool, stop: &CancellationToken) -> Option<OwnedSemaphorePermit> {
        let mut permits = tokio::select! {
            permit = Arc::clone(&self.free).acquire_owned() => permit.ok()?,
            () = stop.cancelled() => return None,
        };
        if more {
            let handful = Arc::clone(&self.free).acquire_many_owned(self.size / 4);
            if let Ok(Ok(handful)) = timeout(HANDFUL_WITHIN, handful).await {
                permits.merge(handful);
            }
        }
        let rest = u32::try_from(self.free.available_permits()).unwrap_or(0);
        if let Ok(rest) = Arc::clone(&self.free).try_acquire_many_owned(rest) {
            permits.merge(rest);
        }
        Some(permits)
    }

    /// Takes all permits, waiting until nothing runs in the lane.
    pub async fn all(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_many_owned(self.size).await.ok()
    }
}

/// Takes all permits of all lanes, the least pressing first: the others run on while it waits for slow
/// work of one.
pub async fn everything(lanes: &[Permits]) -> Vec<OwnedSemaphorePermit> {
    let mut all = Vec::with_capacity(lanes.len());
    for lane in lanes.iter().rev() {
        all.extend(lane.all().await);
    }
    all
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_content_check_shares_its_lane_with_nothing_else() {
        let lane = |priority: i32| {
            let has = |lane: &Lane| {
                let (from, to) = lane.priorities();
                (from..=to).contains(&priority)
            };
            Lane::ALL.into_iter().find(has)
        };
        assert_eq!(lane(priority::URGENT), Some(Lane::Pressing));
        assert_eq!(lane(priority::ORDINARY), Some(Lane::Ordinary));
        assert_eq!(lane(priority::CHECK), Some(Lane::Checks));
        assert_eq!(lane(priority::BULK), Some(Lane::Bulk));
    }

    #[tokio::test]
    async fn what_presses_runs_on_while_somebody_waits_for_slow_ones_to_be_alone() {
        let lanes = Lane::ALL.map(|lane| Permits::new(lane, 8));
        let stop = CancellationToken::new();
        for slow in 1..lanes.len() {
            let running = lanes[slow].free(false, &stop).await;
            let mut alone = std::pin::pin!(everything(&lanes));
            assert!(alone.as_mut().now_or_never().is_none(), "{slow}");
            for before in &lanes[..slow] {
                let runs_on = before.free(false, &stop).now_or_never();
                assert!(runs_on.flatten().is_some(), "{slow}: {:?}", before.lane);
            }
            drop(running);
            assert_eq!(alone.await.len(), lanes.len());
        }
    }
}
