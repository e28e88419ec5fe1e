//! What counts as one look of a member of staff at one case: the access log has a row for every time
//! that a page was read, and a page that is read again is no other look.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use entity::kinds::Timestamp;

/// Whoever reads again within this time still looks.
pub const STILL: Duration = Duration::from_mins(30);

/// Folds rows into looks while they are read, newest first. `K` is what makes two rows the same
/// look: who, in which role, at which case, at what of it, and what for.
#[derive(Clone, Debug)]
pub struct Folding<K>(HashMap<K, Timestamp>);

impl<K> Default for Folding<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Folding<K> {
    /// Takes the next older row; tells whether it is a look of its own. It is none when the same was
    /// read again within [`STILL`], however long that goes on.
    pub fn is_look(&mut self, same: K, at: Timestamp) -> bool {
        let later = self.0.insert(same, at);
        later.is_none_or(|later| later > at + STILL)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: Timestamp = Timestamp(1_795_406_400_000_000);

    /// Minutes after noon of what is left of rows that come newest first.
    fn left(rows: &[(&'static str, u64)]) -> Vec<(&'static str, u64)> {
        let mut folding = Folding::default();
        let at = |minutes: u64| NOON + Duration::from_mins(minutes);
        rows.iter().copied().filter(|(who, minutes)| folding.is_look(*who, at(*minutes))).collect()
    }

    #[test]
    fn a_page_that_is_read_again_is_one_look_and_another_person_another() {
        for (rows, want) in [
            (vec![], vec![]),
            (vec![("a", 1), ("a", 0)], vec![("a", 1)]),
            (vec![("a", 30), ("a", 0)], vec![("a", 30)]),
            (vec![("a", 31), ("a", 0)], vec![("a", 31), ("a", 0)]),
            // Read on and on: still the one look.
            (vec![("a", 60), ("a", 40), ("a", 20), ("a", 0)], vec![("a", 60)]),
            (vec![("a", 2), ("b", 1), ("a", 0)], vec![("a", 2), ("b", 1)]),
        ] {
            assert_eq!(left(&rows), want, "{rows:?}");
        }
    }

    proptest! {
        /// Nobody who looked is missing, and two looks of one person are more than half an hour apart.
        #[test]
        fn nobody_is_lost_and_no_look_is_told_twice(steps in prop::collection::vec((0..3_usize, 0..50_u64), 0..60)) {
            let names = ["a", "b", "c"];
            let mut now = 10_000;
            let rows: Vec<_> = steps.iter().map(|(who, step)| { now -= step; (names[*who], now) }).collect();
            let looks = left(&rows);
            for name in names {
                let of = |all: &[(&'static str, u64)]| -> Vec<u64> {
                    all.iter().filter(|(who, _)| *who == name).map(|(_, at)| *at).collect()
                };
                let (read, told) = (of(&rows), of(&looks));
                prop_assert_eq!(read.first(), told.first());
                prop_assert!(told.windows(2).all(|pair| pair[0] > pair[1] + 30));
            }
        }
    }
}
