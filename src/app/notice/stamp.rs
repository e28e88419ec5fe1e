//! What a message carries outside and brings back, by which a press or a report finds it again.
//!
//! A number alone is not enough: after a restore it may be that of another message, and what comes
//! back may be days old.

use entity::kinds::{NoticeId, Timestamp};
use entity::{notice, probe};

/// What stands before the number of a notice.
const NOTICE: &str = "zn-";
/// What stands before the number of a test message.
const TEST: &str = "zp-";

/// The number of a message, by what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Notice(NoticeId),
    Test(i64),
}

/// What came back, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub of: Of,
    /// `None` in what left before it was carried.
    planned_at: Option<Timestamp>,
}

/// Returns what a notice carries; the same with every try.
pub fn of_notice(notice: &notice::Model) -> String {
    format!("{NOTICE}{}-{}", notice.id, notice.created_at.0)
}

/// Returns what a test message carries; the same with every try.
pub fn of_test(probe: &probe::Model) -> String {
    format!("{TEST}{}-{}", probe.id, probe.created_at.0)
}

impl Stamp {
    /// Reads what came back; `None` when it is not ours.
    pub fn read(text: &str) -> Option<Self> {
        let (is_notice, rest) = match text.strip_prefix(NOTICE) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix(TEST)?),
        };
        let (id, planned_at) = match rest.split_once('-') {
            Some((id, at)) => (id, Some(Timestamp(at.parse().ok()?))),
            None => (rest, None),
        };
        let id = id.parse().ok()?;
        let of = if is_notice { Of::Notice(NoticeId(id)) } else { Of::Test(id) };
        Some(Self { of, planned_at })
    }

    /// Tells whether the message of this number is the one that carried it, by when it was planned.
    pub fn is_from(self, created_at: Timestamp) -> bool {
        self.planned_at.is_none_or(|at| at == created_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_no_time_is_of_whoever_has_the_number() {
        let (then, later) = (Timestamp(5), Timestamp(6));
        let read = |text: &str| {
            let stamp = Stamp::read(text)?;
            Some((stamp.of, stamp.is_from(then), stamp.is_from(later)))
        };
        assert_eq!(read("zn-7"), Some((Of::Notice(NoticeId(7)), true, true)));
        assert_eq!(read("zn-7-5"), Some((Of::Notice(NoticeId(7)), true, false)));
        assert_eq!(read("zp-7-5"), Some((Of::Test(7), true, false)));
        for other in ["", "7", "zn-", "zn-7-", "zn-7-x", "zp-x-5", "zx-7-5"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
