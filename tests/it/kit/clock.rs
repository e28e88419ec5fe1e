//! The fixed instant every test begins at, and the words to move on from it.

use std::time::{Duration, Instant};

use entity::kinds::Timestamp;

/// Tuesday 2026-11-24 10:00 +08:00: a workday, the office is open.
pub const START: Timestamp = Timestamp(1_795_485_600_000_000);

const DEADLINE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(5);

pub const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

pub const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

pub const fn hours(n: u64) -> Duration {
    Duration::from_secs(3600 * n)
}

/// Waits for a condition of the real world: the only wait of the kit, and it names what it missed.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(DEADLINE, what, look).await
}

/// The same with another patience, for what has to wait for leases and real processes.
pub async fn until_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < patience, "waited {patience:?} in vain for {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

#[test]
fn every_test_begins_on_a_workday_at_ten() {
    use zhinan::domain::calendar::{Calendar, local_date, local_minute};
    assert_eq!(local_minute(START), "2026-11-24 10:00");
    assert!(Calendar::builtin().is_workday(local_date(START)));
}
