//! When an ordinary message rests, and what becomes of several that waited for one person.
//!
//! Invariants: what is urgent never waits; whatever waits is sent, by itself or by one that carries
//! it; nothing waits for another for ever.

use std::time::Duration;

use entity::kinds::{NoticeId, Timestamp, Urgency};

/// China has no daylight saving time.
const CHINA_OFFSET_MICROS: i64 = 8 * 3_600_000_000;
const MINUTE_MICROS: i64 = 60_000_000;
const DAY_MICROS: i64 = 24 * 60 * MINUTE_MICROS;
/// How long a message waits to be carried by an older one, before it carries the rest itself.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The hours in which ordinary messages rest, on the street's clock; may span midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quiet {
    /// Microseconds of the day; equal means never.
    from: i64,
    to: i64,
}

/// A time of day that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time of day; write HH:MM, or nothing at both ends for no quiet hours")]
pub struct BadHour(pub String);

impl Quiet {
    /// Reads `HH:MM` at both ends; nothing at both ends, or twice the same, means never.
    pub fn parse(from: &str, to: &str) -> Result<Self, BadHour> {
        if from.is_empty() && to.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self { from: of_day(from)?, to: of_day(to)? })
    }

    /// Returns when a message that is ready at `at` may leave: then, or at the end of these hours.
    pub fn release(self, at: Timestamp) -> Timestamp {
        let day = at.0.saturating_add(CHINA_OFFSET_MICROS).rem_euclid(DAY_MICROS);
        let since_begin = (day - self.from).rem_euclid(DAY_MICROS);
        let length = (self.to - self.from).rem_euclid(DAY_MICROS);
        let left = length - since_begin;
        if left > 0 { Timestamp(at.0.saturating_add(left)) } else { at }
    }

    /// Returns until when a message about a case of this urgency is held; `None`: it may leave.
    pub fn hold(self, urgency: Urgency, at: Timestamp) -> Option<Timestamp> {
        Some(self.release(at)).filter(|until| *until > at && may_wait(urgency))
    }
}

fn of_day(text: &str) -> Result<i64, BadHour> {
    let bad = || BadHour(text.to_owned());
    let (hours, minutes) = text.split_once(':').ok_or_else(bad)?;
    let number = |part: &str, below: i64| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|n| digits && *n < below).ok_or_else(bad)
    };
    Ok((number(hours, 24)? * 60 + number(minutes, 60)?) * MINUTE_MICROS)
}

/// Tells whether messages about a case may rest: somebody is in danger or stuck in the others, and
/// their clocks run around the clock.
pub const fn may_wait(urgency: Urgency) -> bool {
    matches!(urgency, Urgency::Normal | Urgency::Complex)
}

/// A message that was held back and is free to leave, beside others to the same person through the
/// same channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: NoticeId,
    /// When it became free.
    pub until: Timestamp,
}

/// What a message does that was held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// It leaves, and tells of these as well.
    Carries(Vec<NoticeId>),
    /// It waits to be told of by an older one.
    Rides,
}

/// Decides about `me` at `now`; `others` are all that wait for the same person through the same
/// channel. The oldest carries everything that is free; when it does not leave within the patience
/// of another, that one carries.
pub fn bundle(me: Held, others: &[Held], now: Timestamp) -> Part {
    let free = others.iter().filter(|one| one.id != me.id && one.until <= now);
    let older = free.clone().any(|one| one.id < me.id);
    if older && now.since(me.until) < PATIENCE {
        return Part::Rides;
    }
    Part::Carries(free.map(|one| one.id).collect())
}

/// Says in the note of a card for how many cases it stands; 20 characters at most.
pub fn note(cases: usize, staff: bool) -> String {
    if staff {
        format!("共{cases}件待处理，请进小程序查看")
    } else {
        format!("共{cases}条新进展，请进小程序查看")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// 2026-11-24 00:00 in China.
    const MIDNIGHT: i64 = 1_795_449_600_000_000;

    fn at(hour: i64, minute: i64) -> Timestamp {
        Timestamp(MIDNIGHT + (hour * 60 + minute) * MINUTE_MICROS)
    }

    fn night() -> Quiet {
        Quiet::parse("21:30", "07:30").unwrap()
    }

    #[test]
    fn ordinary_messages_of_the_night_leave_in_the_morning_and_all_others_at_once() {
        let (eve, morning) = (at(21, 30), at(31, 30));
        for (now, until) in [
            (at(21, 29), None),
            (eve, Some(morning)),
            (at(23, 59), Some(morning)),
            (at(24, 0), Some(morning)),
            (at(31, 29), Some(morning)),
            (morning, None),
            (at(36, 0), None),
        ] {
            assert_eq!(night().hold(Urgency::Normal, now), until, "{now:?}");
            assert_eq!(night().hold(Urgency::Complex, now), until, "{now:?}");
            for urgency in [Urgency::Urgent, Urgency::Fast] {
                assert_eq!(night().hold(urgency, now), None);
            }
        }
        let noon = Quiet::parse("12:00", "14:00").unwrap();
        assert_eq!(noon.hold(Urgency::Normal, at(13, 0)), Some(at(14, 0)));
        assert_eq!(noon.hold(Urgency::Normal, at(23, 0)), None);
    }

    #[test]
    fn without_hours_nothing_rests_and_what_is_no_hour_is_refused() {
        for quiet in [Quiet::parse("", ""), Quiet::parse("08:00", "08:00")] {
            assert_eq!(quiet.unwrap().hold(Urgency::Normal, at(3, 0)), None);
        }
        for (from, to) in [
            ("21:30", ""),
            ("", "07:30"),
            ("24:00", "07:30"),
            ("21:60", "07:30"),
            ("9:30", "07:30"),
            ("+9:30", "07:30"),
            ("2130", "07:30"),
        ] {
            assert!(Quiet::parse(from, to).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn the_oldest_carries_those_that_are_free_and_a_late_one_is_not_waited_for() {
        let held = |id, minute| Held { id: NoticeId(id), until: at(7, minute) };
        let all = [held(1, 30), held(2, 30), held(3, 30), held(4, 45)];
        let ids = |ids: &[i64]| Part::Carries(ids.iter().map(|id| NoticeId(*id)).collect());
        assert_eq!(bundle(all[0], &all, at(7, 30)), ids(&[2, 3]));
        assert_eq!(bundle(all[1], &all, at(7, 30)), Part::Rides);
        assert_eq!(bundle(all[1], &all, at(7, 31)), ids(&[1, 3]), "the oldest did not leave");
        assert_eq!(bundle(all[3], &all[3..], at(7, 45)), ids(&[]));
    }

    #[test]
    fn the_note_of_a_bundle_fits_its_field_however_many_wait() {
        for staff in [true, false] {
            assert!(note(9_999, staff).chars().count() <= 20);
            assert!(note(12, staff).contains("12"));
        }
    }

    proptest! {
        #[test]
        fn what_is_urgent_never_waits_and_what_waits_is_free_within_a_day(
            from in 0_i64..1_440, to in 0_i64..1_440, now in -4_000_000_000_000_000_i64..4_000_000_000_000_000
        ) {
            let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
            let quiet = Quiet::parse(&clock(from), &clock(to)).unwrap();
            let now = Timestamp(now);
            prop_assert_eq!(quiet.hold(Urgency::Urgent, now), None);
            prop_assert_eq!(quiet.hold(Urgency::Fast, now), None);
            let until = quiet.release(now);
            prop_assert!(until >= now && until.0 - now.0 < DAY_MICROS);
            prop_assert_eq!(quiet.release(until), until, "free means free");
        }

        /// Each message is asked in any order until it left; some that should carry break down.
        #[test]
        fn of_what_waited_nothing_is_lost_and_nothing_is_told_twice(
            untils in prop::collection::vec(0_i64..120, 1..12), order in any::<u64>(), stuck in 0_usize..12
        ) {
            let held = |(id, second): (i64, &i64)| Held {
                id: NoticeId(id), until: Timestamp(second * 1_000_000),
            };
            let mut waiting: Vec<Held> = (1..).zip(&untils).map(held).collect();
            let all: BTreeSet<NoticeId> = waiting.iter().map(|one| one.id).collect();
            let (mut told, mut now) = (Vec::new(), Timestamp(0));
            let stuck = waiting.get(stuck).map(|one| one.id);
            for turn in 0..4_000_u64 {
                if waiting.is_empty() { break; }
                let pick = usize::try_from(order.wrapping_add(turn)).unwrap() % waiting.len();
                let me = waiting[pick];
                now = now + Duration::from_secs(1);
                // The stuck one is never asked while anybody else is left.
                if me.until > now || (Some(me.id) == stuck && waiting.len() > 1) { continue; }
                if let Part::Carries(others) = bundle(me, &waiting, now) {
                    told.push(me.id);
                    told.extend(others.iter().copied());
                    waiting.retain(|one| one.id != me.id && !others.contains(&one.id));
                }
            }
            prop_assert_eq!(told.len(), all.len());
            prop_assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), all);
        }
    }
}
