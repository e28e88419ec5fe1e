//! How many ordinary messages one person gets through one channel, and what is kept of a day's
//! quota for urgent ones.

use std::time::Duration;

use entity::kinds::{Channel, Timestamp};

/// One row: so many messages to one person through a channel within a time, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    pub channel: Channel,
    pub within: Duration,
    pub most: usize,
}

impl Throttle {
    /// Returns the row of a channel's word; `None` for a channel that this program does not know,
    /// or a row that would let nothing through.
    pub fn new(channel: &str, seconds: u64, most: usize) -> Option<Self> {
        let channel = Channel::from_word(channel)?;
        let sound = most > 0 && seconds > 0;
        sound.then_some(Self { channel, within: Duration::from_secs(seconds), most })
    }
}

/// Returns the rows of a platform that drops what exceeds them, whatever the street wants: WeCom
/// gives one member at most 30 messages of an application in a minute and 1,000 in an hour.
pub fn of_platform(channel: Channel) -> Vec<Throttle> {
    let row = |within, most| Throttle { channel, within, most };
    match channel {
        Channel::WecomCard => {
            vec![row(Duration::from_mins(1), 30), row(Duration::from_hours(1), 1_000)]
        }
        _ => Vec::new(),
    }
}

/// Returns the longest time that any row looks back.
pub fn reach(rows: &[Throttle]) -> Duration {
    rows.iter().map(|row| row.within).max().unwrap_or_default()
}

/// Returns when one more message may leave; `None`: now. `sent` are the earlier ones to the same
/// person through the same channel, in any order; those that left later than now left before the clock
/// was put back, and hold nobody up for an hour that never was.
pub fn free_at(
    rows: &[Throttle],
    channel: Channel,
    sent: &[Timestamp],
    now: Timestamp,
) -> Option<Timestamp> {
    let mut sent: Vec<Timestamp> = sent.iter().copied().filter(|at| !at.is_ahead_of(now)).collect();
    sent.sort_unstable_by(|a, b| b.cmp(a));
    let of_row = |row: &Throttle| {
        // The last `most` must not all lie within the time; the oldest of them leaves it first.
        let oldest = *sent.get(row.most - 1)?;
        Some(oldest + row.within).filter(|free| *free > now)
    };
    rows.iter().filter(|row| row.channel == channel).filter_map(of_row).max()
}

/// What the platform says of a day's quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub daily_limit: u64,
    pub remain: u64,
}

impl Quota {
    /// Tells whether so little is left that it is kept for urgent messages.
    pub const fn is_reserved(self, reserve_percent: u64) -> bool {
        self.remain.saturating_mul(100) < self.daily_limit.saturating_mul(reserve_percent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp(second * 1_000_000)
    }

    #[test]
    fn one_more_leaves_when_the_oldest_of_the_most_has_left_the_time() {
        let row = |seconds, most| Throttle::new("sms", seconds, most).unwrap();
        let rows = [row(60, 2), row(3_600, 3)];
        for (sent, now, free) in [
            (&[][..], 0, None),
            (&[0], 10, None),
            (&[0, 10], 10, Some(60)),
            (&[10, 0], 60, None),
            (&[0, 100, 200], 300, Some(3_600)),
            (&[0, 3_590, 3_595], 3_599, Some(3_650)),
            // A little ahead is another machine's clock, more was a clock that was put back.
            (&[4, 5], 0, Some(64)),
            (&[4, 6], 0, None),
            (&[3_600, 3_601, 3_602], 0, None),
        ] {
            let sent: Vec<Timestamp> = sent.iter().map(|s| at(*s)).collect();
            assert_eq!(
                free_at(&rows, Channel::Sms, &sent, at(now)),
                free.map(at),
                "{sent:?} {now}"
            );
            assert_eq!(free_at(&rows, Channel::OaTemplate, &sent, at(now)), None);
        }
        assert_eq!(reach(&rows), Duration::from_hours(1));
        assert!(Throttle::new("pigeon", 60, 1).is_none() && Throttle::new("sms", 60, 0).is_none());
    }

    #[test]
    fn a_reserve_of_a_tenth_begins_below_a_tenth() {
        for (remain, reserved) in [(0, true), (9_999, true), (10_000, false), (100_000, false)] {
            assert_eq!(
                Quota { daily_limit: 100_000, remain }.is_reserved(10),
                reserved,
                "{remain}"
            );
        }
        assert!(!Quota { daily_limit: 0, remain: 0 }.is_reserved(10), "no number, no reserve");
        assert!(!Quota { daily_limit: 9, remain: 0 }.is_reserved(0));
    }

    proptest! {
        #[test]
        fn whoever_waits_until_told_never_gets_more_than_the_row_says(
            wishes in prop::collection::vec(0_i64..500, 1..40), most in 1_usize..5, seconds in 1_u64..120
        ) {
            let rows = [Throttle::new("sms", seconds, most).unwrap()];
            let (mut sent, mut now) = (Vec::new(), Timestamp(0));
            for wish in wishes {
                now = now.max(at(wish));
                while let Some(free) = free_at(&rows, Channel::Sms, &sent, now) {
                    prop_assert!(free > now);
                    now = free;
                }
                sent.push(now);
            }
            for first in &sent {
                let within = sent.iter().filter(|one| {
                    **one >= *first && one.since(*first) < Duration::from_secs(seconds)
                });
                prop_assert!(within.count() <= most);
            }
        }
    }
}
