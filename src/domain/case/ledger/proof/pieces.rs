//! Finds which lines were moved, where those of several cases stand among one another: the fewest
//! without which every case stands together and in order.

use std::collections::{BTreeMap, BTreeSet};

use super::runs::Run;

/// So many are tried one by one; of more the longest of each case is where it belongs.
const TRIED: usize = 1_000;

/// Entries of a run whose numbers follow one another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub number: &'a str,
    /// Of its run.
    place: usize,
    pub first: i64,
    last: i64,
}

impl<'a> Piece<'a> {
    /// Takes a run apart where its numbers do not follow.
    pub fn of(run: &'a Run) -> Vec<Self> {
        let mut pieces: Vec<Self> = Vec::new();
        for seq in run.events.iter().map(|event| event.entry.seq) {
            match pieces.last_mut() {
                Some(piece) if piece.last.saturating_add(1) == seq => piece.last = seq,
                _ => pieces.push(Self {
                    number: &run.number,
                    place: run.place,
                    first: seq,
                    last: seq,
                }),
            }
        }
        pieces
    }

    const fn len(&self) -> i64 {
        self.last.saturating_sub(self.first)
    }
}

/// Lists the pieces that were moved; `again` tells which are of a case that was there whole.
pub(super) fn moved<'a>(
    pieces: &[Piece<'a>],
    again: impl Fn(&Piece<'a>) -> bool,
) -> Vec<Piece<'a>> {
    let mut pieces = pieces.to_vec();
    // Of one run they stand as in the file.
    pieces.sort_by_key(|piece| piece.place);
    let mut by_case: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_place: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (nth, piece) in pieces.iter().enumerate() {
        by_case.entry(piece.number).or_default().push(nth);
        by_place.entry(piece.place).or_default().push(nth);
    }
    let out = pieces.iter().enumerate().filter(|(_, piece)| again(piece));
    let out: BTreeSet<usize> = out.map(|(nth, _)| nth).collect();
    let mut sorted: Vec<usize> = (0..pieces.len()).collect();
    sorted.sort_by_key(|nth| pieces.get(*nth).map(|piece| (piece.len(), piece.first)));
    let mut field = Field { pieces: &pieces, by_case, by_place, out };
    let taken = if pieces.len() > TRIED { field.most(&sorted) } else { field.fewest(&sorted) };
    taken.into_iter().filter_map(|nth| pieces.get(nth).copied()).collect()
}

/// Where the pieces stand, and which are taken out.
struct Field<'a> {
    pieces: &'a [Piece<'a>],
    by_case: BTreeMap<&'a str, Vec<usize>>,
    by_place: BTreeMap<usize, Vec<usize>>,
    out: BTreeSet<usize>,
}

impl Field<'_> {
    /// Takes out the shortest ones first, and puts back those that do not matter then.
    fn fewest(&mut self, sorted: &[usize]) -> Vec<usize> {
        let mut taken = Vec::new();
        for nth in sorted {
            let stands = self.pieces.get(*nth).is_none_or(|piece| self.stands(piece.number));
            if !stands && self.out.insert(*nth) {
                taken.push(*nth);
            }
        }
        for nth in taken.iter().rev() {
            self.out.remove(nth);
            if !self.by_case.keys().all(|number| self.stands(number)) {
                self.out.insert(*nth);
            }
        }
        taken.retain(|nth| self.out.contains(nth));
        taken
    }

    /// Takes out all but the longest of each case.
    fn most(&self, sorted: &[usize]) -> Vec<usize> {
        let mut longest: BTreeMap<&str, usize> = BTreeMap::new();
        for nth in sorted {
            longest.extend(self.pieces.get(*nth).map(|piece| (piece.number, *nth)));
        }
        let kept: BTreeSet<usize> = longest.into_values().collect();
        sorted.iter().copied().filter(|nth| !kept.contains(nth)).collect()
    }

    /// Whether what is left of a case stands together and in order.
    fn stands(&self, number: &str) -> bool {
        let all = self.by_case.get(number).into_iter().flatten();
        let mut left = all.filter(|nth| !self.out.contains(*nth));
        let mut before: Option<&Piece<'_>> = None;
        left.all(|nth| {
            let Some(piece) = self.pieces.get(*nth) else { return true };
            let follows = before.is_none_or(|before| self.follows(before, piece));
            before = Some(piece);
            follows
        })
    }

    fn follows(&self, before: &Piece<'_>, piece: &Piece<'_>) -> bool {
        let gone = |nth: &usize| self.out.contains(nth);
        let empty = |place| self.by_place.get(&place).is_some_and(|all| all.iter().all(gone));
        let mut between = before.place.saturating_add(1)..piece.place;
        before.last < piece.first && between.all(empty)
    }
}
