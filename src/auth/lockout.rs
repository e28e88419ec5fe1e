//! Five failed logins within ten minutes lock for ten minutes, per account and per address.
//!
//! A try that is refused because of a lock is not a failure and is not stored; otherwise anybody
//! could keep an account locked for ever by knocking. The store keeps failures by account id and
//! by address; this decides from their times alone.

use std::time::Duration;

use entity::kinds::Timestamp;

const FAILURES: usize = 5;
const WINDOW: Duration = Duration::from_mins(10);
const LOCKED_FOR: Duration = Duration::from_mins(10);

/// How far back failures must be loaded to decide.
pub const LOOK_BACK: Duration = Duration::from_mins(20);

/// Whether a login may be tried now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    Locked { until: Timestamp },
}

/// Decides from the failures of one account and of one address, in any order: either locks, and
/// the later end counts.
pub fn standing(by_account: &[Timestamp], by_address: &[Timestamp], now: Timestamp) -> Standing {
    match locked_until(by_account).max(locked_until(by_address)) {
        Some(until) if now < until => Standing::Locked { until },
        _ => Standing::Open,
    }
}

fn locked_until(failures: &[Timestamp]) -> Option<Timestamp> {
    let mut failures = failures.to_vec();
    failures.sort_unstable();
    failures.windows(FAILURES).filter_map(end_of_lock).max()
}

fn end_of_lock(run: &[Timestamp]) -> Option<Timestamp> {
    let (first, last) = (run.first()?, run.last()?);
    (last.since(*first) <= WINDOW).then_some(*last + LOCKED_FOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(at: &[i64]) -> Vec<Timestamp> {
        at.iter().map(|m| Timestamp(m * 60_000_000)).collect()
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp(minute * 60_000_000)
    }

    #[test]
    fn the_fifth_failure_within_ten_minutes_locks_for_ten_minutes() {
        for (failures, now, answer) in [
            (vec![0, 1, 2, 3], 3, Standing::Open),
            (vec![0, 1, 2, 3, 4], 4, Standing::Locked { until: at(14) }),
            (vec![4, 0, 3, 1, 2], 13, Standing::Locked { until: at(14) }),
            (vec![0, 1, 2, 3, 4], 14, Standing::Open),
            (vec![0, 1, 2, 3, 10], 10, Standing::Locked { until: at(20) }),
            (vec![0, 1, 2, 3, 11], 11, Standing::Open),
            (vec![0, 1, 2, 3, 4, 5], 14, Standing::Locked { until: at(15) }),
        ] {
            assert_eq!(
                standing(&minutes(&failures), &[], at(now)),
                answer,
                "{failures:?} at {now}"
            );
            assert_eq!(
                standing(&[], &minutes(&failures), at(now)),
                answer,
                "{failures:?} at {now}"
            );
        }
    }

    #[test]
    fn account_and_address_are_counted_apart_and_the_later_end_counts() {
        assert_eq!(standing(&minutes(&[0, 1, 2]), &minutes(&[3, 4]), at(4)), Standing::Open);
        let both = standing(&minutes(&[0, 0, 0, 0, 0]), &minutes(&[5, 5, 5, 5, 5]), at(6));
        assert_eq!(both, Standing::Locked { until: at(15) });
    }
}
