//! When somebody is told at last whom a carrier that was away could not tell.
//!
//! The chain goes on without waiting for a carrier, so in an outage it is at its end within
//! seconds. Whoever was passed over like that is told as soon as the carrier is back, and does not
//! wait for the next round, which tells the last step alone.

use std::time::Duration;

use entity::kinds::Timestamp;

/// How often a carrier is asked whether it is back.
pub const EVERY: Duration = Duration::from_secs(5);
/// The longest rest of a message that dies again and again although its carrier answers.
const LONGEST: Duration = Duration::from_mins(5);

/// Tells whether a message that was planned and died then may be tried again: after five seconds at
/// first, later after a quarter of its age, so that each of its deaths, which all stand on record,
/// is rarer than the one before. What died later than now died by a clock that was put back.
pub fn is_ripe((planned, died): (Timestamp, Timestamp), now: Timestamp) -> bool {
    let rest = (died.since(planned) / 4).clamp(EVERY, LONGEST);
    died.is_ahead_of(now) || now.since(died) >= rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rests_grow_from_five_seconds_to_five_minutes() {
        let at = |second: i64| Timestamp(second * 1_000_000);
        for (died, rest) in [(0, 5), (3, 5), (40, 10), (1_200, 300), (90_000, 300)] {
            assert!(!is_ripe((at(0), at(died)), at(died + rest - 1)), "{died}");
            assert!(is_ripe((at(0), at(died)), at(died + rest)), "{died}");
        }
        for (died, ripe) in [(3_600, true), (6, true), (5, false), (1, false), (0, false)] {
            assert_eq!(is_ripe((at(-10), at(died)), at(0)), ripe, "{died} s ahead of the clock");
        }
    }

    #[test]
    fn an_hour_of_refusals_is_a_few_dozen_tries() {
        let (planned, mut died, mut tries) = (Timestamp(0), Timestamp(0), 0);
        for second in 0..3_600 {
            let now = Timestamp(second * 1_000_000);
            if is_ripe((planned, died), now) {
                died = now;
                tries += 1;
            }
        }
        assert!((20..40).contains(&tries), "{tries}");
    }
}
