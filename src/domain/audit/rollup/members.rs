//! Whose counts a cell has, so that the cases behind a figure are found as the figure is.

/// Cases with how often each was counted: once, or less than nothing while it is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(Vec<(i64, i64)>);

impl Members {
    /// Counts a case `times`, less than zero to take it away.
    pub fn add(&mut self, case: i64, times: i64) {
        self.0.push((case, times));
    }

    /// Takes in what others counted.
    pub fn merge(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// Puts what was said of each case together; whoever is counted no more is left out.
    pub fn settle(&mut self) {
        self.0.sort_unstable();
        self.0.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        self.0.retain(|(_, times)| *times != 0);
    }

    /// Tells whether nobody is counted, once it is settled.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Lists the cases in the order of their ids, once it is settled.
    pub fn cases(&self) -> impl Iterator<Item = i64> {
        self.0.iter().map(|(case, _)| *case)
    }

    /// Writes the settled list: how far each id is from the one before. `None` when a case is
    /// counted twice, or was taken away and never there.
    pub fn write(&self) -> Option<Vec<u8>> {
        let (mut bytes, mut last) = (Vec::with_capacity(self.0.len() * 2), 0);
        for (case, times) in &self.0 {
            if *times != 1 {
                return None;
            }
            super::sum::write(&mut bytes, *case - last)?;
            last = *case;
        }
        Some(bytes)
    }

    /// Reads what was stored; `None` when it is not that.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        let (mut all, mut last) = (Vec::with_capacity(bytes.len() / 2), 0_i64);
        while !bytes.is_empty() {
            last = last.checked_add(super::sum::read(&mut bytes)?)?;
            all.push((last, 1));
        }
        Some(Self(all))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nobody_is_counted_twice_or_taken_away_twice() {
        let mut twice = Members::default();
        twice.add(7, 1);
        twice.add(7, 1);
        twice.settle();
        assert_eq!(twice.write(), None);
        twice.add(7, -3);
        twice.settle();
        assert_eq!(twice.write(), None);
        twice.add(7, 1);
        twice.settle();
        assert!(twice.is_empty() && twice.write() == Some(Vec::new()));
        assert_eq!(Members::read(&[0x80]), None);
    }

    proptest! {
        #[test]
        fn what_is_stored_is_who_came_and_did_not_go(
            came in prop::collection::btree_set(1_i64..1 << 40, 0..60),
            gone in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let (mut members, mut left) = (Members::default(), came.clone());
            let all: Vec<i64> = came.into_iter().rev().collect();
            for case in &all {
                members.add(*case, 1);
            }
            let gone: BTreeSet<i64> =
                gone.iter().filter(|_| !all.is_empty()).map(|one| all[one.index(all.len())]).collect();
            let mut other = Members::default();
            for case in &gone {
                other.add(*case, -1);
                left.remove(case);
            }
            members.merge(&other);
            members.settle();
            let read = Members::read(&members.write().unwrap());
            prop_assert_eq!(read.as_ref(), Some(&members));
            prop_assert!(members.cases().eq(left.iter().copied()));
        }
    }
}
