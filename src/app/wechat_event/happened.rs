//! When what a push tells of happened.

use entity::kinds::Timestamp;

use crate::gateway::wechat::MAX_DRIFT_SECONDS;

const SECOND: i64 = 1_000_000;
const MILLISECOND: i64 = 1_000;
/// From here on a number counts milliseconds: as seconds it would be in the year 33658.
const THIRTEEN_DIGITS: i64 = 1_000_000_000_000;

/// Returns when a push happened: by the platform's clock (`CreateTime`), where it says so. Nothing
/// happened after we heard of it, but for as much as clocks differ: a time out of the future would
/// stay the last word for ever.
pub(super) fn happened(created_at: i64, received: Timestamp) -> Timestamp {
    let at = match created_at {
        ..=0 => return received,
        THIRTEEN_DIGITS.. => created_at.saturating_mul(MILLISECOND),
        _ => created_at.saturating_mul(SECOND),
    };
    let latest = received.0.saturating_add(MAX_DRIFT_SECONDS * SECOND);
    if at <= latest { Timestamp(at) } else { received }
}

/// Returns by when what happened at `at`, by the platform's clock, had certainly happened by our own: as
/// much later as clocks differ, and not after we heard of it.
pub(super) fn over_by(at: Timestamp, received: Timestamp) -> Timestamp {
    received.min(Timestamp(at.0.saturating_add(MAX_DRIFT_SECONDS * SECOND)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_s_clock_is_believed_as_far_as_clocks_differ() {
        let received = 1_700_000_000;
        for (created_at, at) in [
            (received - 86_400, received - 86_400),
            (1, 1),
            (received + 300, received + 300),
            (received + 301, received),
            (999_999_999_999, received),
            ((received - 5) * 1_000, received - 5),
            ((received + 301) * 1_000, received),
            (i64::MAX, received),
            (0, received),
            (-7, received),
        ] {
            let told = happened(created_at, Timestamp(received * SECOND));
            assert_eq!(told, Timestamp(at * SECOND), "{created_at}");
        }
    }

    #[test]
    fn what_happened_was_over_when_we_heard_of_it_or_as_long_after_it_as_clocks_differ() {
        let received = 1_700_000_000;
        for (at, over) in [
            (received, received),
            (received - 300, received),
            (received - 301, received - 1),
            (received - 86_400, received - 86_100),
            (received + 300, received),
        ] {
            let over_by = over_by(Timestamp(at * SECOND), Timestamp(received * SECOND));
            assert_eq!(over_by, Timestamp(over * SECOND), "{at}");
        }
    }
}
