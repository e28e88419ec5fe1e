//! Tells open connections that their person may have got something; they read it themselves.
//!
//! One task looks for new entries, once for all connections of the process: after a commit of
//! this process at once, after one of another when its wake is heard, and in any case at every
//! poll. A nudge carries nothing, so nothing is buffered here and nothing can be lost: whoever was
//! nudged too often only reads once more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use entity::kinds::AccountId;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::error::Result;
use crate::services::Services;
use crate::store;
use crate::store::inbox::Mark;

/// Open connections of one person in one process; one more closes the oldest.
pub const MOST_LINES: usize = 8;
/// Between two looks, so that a storm of commits costs fifty looks a second.
const REST: Duration = Duration::from_millis(20);
/// Entries one look takes.
const LOOK: i64 = 1_000;

/// The open connections of this process; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Hub(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    last: u64,
    open: BTreeMap<u64, Arc<Line>>,
}

/// One open connection.
#[derive(Debug)]
pub struct Line {
    account: AccountId,
    owners: Vec<String>,
    nudge: Notify,
    crowded_out: CancellationToken,
}

impl Line {
    /// Waits until there may be something new; a nudge that came before the wait counts.
    pub async fn nudged(&self) {
        self.nudge.notified().await;
    }

    /// Waits until newer connections of the same person take its place.
    pub async fn crowded_out(&self) {
        self.crowded_out.cancelled().await;
    }
}

/// Keeps a connection among the open ones for as long as it is held.
#[derive(Debug)]
pub struct Seat {
    hub: Hub,
    number: u64,
    pub line: Arc<Line>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.lines().open.remove(&self.number);
    }
}

impl Hub {
    /// Opens a line for an account and the inboxes it reads; its oldest one ends if it has too
    /// many.
    pub fn join(&self, account: AccountId, owners: Vec<String>) -> Seat {
        let line = Arc::new(Line {
            account,
            owners,
            nudge: Notify::new(),
            crowded_out: CancellationToken::new(),
        });
        let mut lines = self.lines();
        let mut mine = lines.open.values().filter(|one| one.account == account);
        if let Some(oldest) = mine.next().cloned()
            && mine.filter(|one| !one.crowded_out.is_cancelled()).count() + 1 >= MOST_LINES
        {
            oldest.crowded_out.cancel();
        }
        lines.last += 1;
        let number = lines.last;
        lines.open.insert(number, Arc::clone(&line));
        Seat { hub: self.clone(), number, line }
    }

    /// Has the lines of an account look at once, because its session may have ended.
    pub fn check(&self, account: AccountId) {
        let lines = self.lines();
        lines.open.values().filter(|one| one.account == account).for_each(|one| {
            one.nudge.notify_one();
        });
    }

    fn nudge(&self, owners: Option<&BTreeSet<String>>) {
        let concerns =
            |line: &Line| owners.is_none_or(|some| line.owners.iter().any(|o| some.contains(o)));
        let lines = self.lines();
        lines.open.values().filter(|line| concerns(line)).for_each(|line| line.nudge.notify_one());
    }

    fn is_empty(&self) -> bool {
        self.lines().open.is_empty()
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks for new entries until `stop`.
pub async fn watch(s: Services, stop: CancellationToken) {
    tokio::select! {
        () = watching(&s) => {}
        () = stop.cancelled() => {}
    }
}

async fn watching(s: &Services) {
    let mut bell = s.wake.bell();
    let (mut mark, mut down) = (None, false);
    loop {
        tokio::select! {
            _rung = bell.changed() => {}
            () = sleep(s.settings.poll) => {}
        }
        match look(s, &mut mark).await {
            Ok(()) => down = false,
            Err(error) if !std::mem::replace(&mut down, true) => {
                tracing::warn!(error = %error.chain(), "live connections wait for the database");
            }
            Err(_still_down) => {}
        }
        sleep(REST).await;
    }
}

async fn look(s: &Services, mark: &mut Option<Mark>) -> Result<()> {
    if s.hub.is_empty() {
        *mark = None;
        return Ok(());
    }
    let Some(from) = *mark else {
        *mark = Some(store::inbox::head(&s.db.read).await?);
        // Whatever came before the place just taken, they find when they look.
        s.hub.nudge(None);
        return Ok(());
    };
    let (owners, reached) = store::inbox::passed(&s.db.read, from, LOOK).await?;
    *mark = Some(reached);
    if !owners.is_empty() {
        s.hub.nudge(Some(&owners));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn join(hub: &Hub, account: i64) -> Seat {
        hub.join(AccountId(account), vec![format!("r{account}")])
    }

    fn is_nudged(seat: &Seat) -> bool {
        seat.line.nudged().now_or_never().is_some()
    }

    fn is_out(seat: &Seat) -> bool {
        seat.line.crowded_out().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_line_of_a_person_makes_room_and_nobody_elses() {
        let hub = Hub::default();
        let other = join(&hub, 2);
        let mut seats: Vec<Seat> = (0..MOST_LINES).map(|_| join(&hub, 1)).collect();
        assert!(!seats.iter().any(is_out));
        seats.push(join(&hub, 1));
        assert!(is_out(&seats[0]) && !seats[1..].iter().any(is_out) && !is_out(&other));
        drop(seats.remove(0));
        seats.push(join(&hub, 1));
        assert!(is_out(&seats[0]) && !seats[1..].iter().any(is_out));
    }

    #[test]
    fn only_those_are_nudged_whom_it_concerns() {
        let hub = Hub::default();
        let (one, two) = (join(&hub, 1), join(&hub, 2));
        hub.nudge(Some(&BTreeSet::from(["r2".to_owned()])));
        assert!(!is_nudged(&one) && is_nudged(&two) && !is_nudged(&two));
        hub.check(AccountId(1));
        assert!(is_nudged(&one) && !is_nudged(&two));
        hub.nudge(None);
        assert!(is_nudged(&one) && is_nudged(&two));
        drop((one, two));
        assert!(hub.is_empty());
    }
}
