//! Figures as they were defined before: what was printed by another definition is computed again by
//! that one, and a printing from which figures were taken out is known by what its edition had.

use std::collections::BTreeSet;

use super::definition::{CARDS, Card, rule};
use super::frame::{Holder, Rule};
use super::retired::RETIRED;

/// A figure with its rule.
#[derive(Clone, Copy, Debug)]
pub struct Defined {
    pub card: &'static Card,
    pub rule: Rule,
    /// To whom it is counted.
    pub holder: Holder,
}

/// A definition that counts no more.
#[derive(Clone, Copy, Debug)]
pub struct Retired {
    pub card: Card,
    pub rule: Rule,
    /// The last edition that had it.
    pub until: u32,
    pub holder: Holder,
}

/// The edition of the cards as they are: raised with any version on a card, and when a card comes or
/// goes. What the one before had goes to [`RETIRED`] and into [`of`].
pub const PRESENT: u32 = 6;

/// From this one on a printing keeps what its figures said of each case.
pub const KEEPS_BASIS: u32 = 2;

/// From this one on a case goes back to whoever was told when its acknowledgement is withdrawn. In
/// divisions by place and person that concerns every figure, so that not each card says it.
const TOLD: u32 = 5;

/// What was printed before the second edition, in the order of its printing.
const FIRST: &[&str] = &[
    "M1", "M2", "M2f", "M3", "M4", "M4p", "M5", "M5a", "M5c", "M7", "M7c", "M8", "M11", "M12",
    "M13p", "M13r", "M13s", "R1", "R2", "R3", "R3a", "R4", "R5", "R6", "R8", "R9", "R9s", "R9e",
    "R10", "R10a", "R10d", "R11", "R12", "R13", "R14", "R15-1", "R15-2", "R15-3", "R15-4", "R15-5",
    "R17", "R19",
];

/// Finds a figure as it is defined now.
pub fn figure(id: &str) -> Option<Defined> {
    let card = CARDS.iter().find(|card| card.id == id)?;
    let holder = if matches!(id, "M4" | "M4p" | "R2") { Holder::Taker } else { Holder::Now };
    Some(Defined { card, rule: rule(id)?, holder })
}

/// To whom an edition counted a case, where no figure says otherwise.
pub const fn holder(edition: u32) -> Holder {
    if edition < TOLD { Holder::NowBefore } else { Holder::Now }
}

/// Finds the card by which a figure was computed, of whatever version; for a version that is not
/// known the one that is nearest in the list.
pub fn card(id: &str, version: u32) -> Option<&'static Card> {
    let retired = RETIRED.iter().map(|one| &one.card);
    let all = || CARDS.iter().chain(retired.clone()).filter(|card| card.id == id);
    all().find(|card| card.version == version).or_else(|| all().next())
}

/// Lists the figures of an edition in the order in which they were printed; of one that is not known
/// yet those of the present one.
pub fn of(edition: u32) -> Vec<Defined> {
    let then = |id: &str| {
        let retired = RETIRED.iter().filter(|one| one.card.id == id && one.until >= edition);
        let first = retired.min_by_key(|one| one.until);
        let old =
            |one: &'static Retired| Defined { card: &one.card, rule: one.rule, holder: one.holder };
        let found = first.map(old).or_else(|| figure(id))?;
        let holder = found.holder;
        Some(Defined {
            holder: if edition < TOLD { holder.until_fourth() } else { holder },
            ..found
        })
    };
    let ids: Vec<&str> = match edition {
        1 => FIRST.to_vec(),
        _ => CARDS.iter().map(|card| card.id).collect(),
    };
    ids.into_iter().filter_map(then).collect()
}

/// Tells by which edition figures were printed, each with its version: the newest that has all of
/// them, or most of them where something was changed.
pub fn by(printed: &BTreeSet<(String, u64)>) -> u32 {
    let has = |edition: u32| {
        let figures = of(edition);
        let known = |(id, version): &&(String, u64)| {
            let same = |one: &Defined| one.card.id == id && u64::from(one.card.version) == *version;
            figures.iter().any(same)
        };
        printed.iter().filter(known).count()
    };
    (1..=PRESENT).max_by_key(|edition| (has(*edition), *edition)).unwrap_or(PRESENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(edition: u32) -> BTreeSet<(String, u64)> {
        let one = |one: &Defined| (one.card.id.to_owned(), u64::from(one.card.version));
        of(edition).iter().map(one).collect()
    }

    #[test]
    fn an_edition_has_each_of_its_figures_and_is_known_by_them() {
        assert_eq!(of(1).iter().map(|one| one.card.id).collect::<Vec<_>>(), FIRST);
        assert!(of(1).iter().all(|one| one.card.version == 1 && one.holder == Holder::NowBefore));
        let present: Vec<&Card> = of(PRESENT).iter().map(|one| one.card).collect();
        assert_eq!(present, CARDS.iter().collect::<Vec<_>>());
        for edition in 1..=PRESENT {
            for one in of(edition).iter().filter(|one| !one.holder.is_taker()) {
                assert_eq!(one.holder, holder(edition), "{}", one.card.id);
            }
            let mut takers: Vec<Holder> = of(edition).iter().map(|one| one.holder).collect();
            takers.retain(|one| one.is_taker());
            assert!(takers.windows(2).all(|two| two[0] == two[1]), "a plan knows one");
            let whole = printed(edition);
            assert_eq!(by(&whole), edition);
            for gone in &whole {
                let rest = whole.iter().filter(|one| *one != gone).cloned().collect();
                assert_eq!(by(&rest), edition, "without {gone:?}");
            }
        }
        for one in RETIRED {
            let now = CARDS.iter().find(|card| card.id == one.card.id);
            assert!(now.is_none_or(|now| now.version > one.card.version), "{}", one.card.id);
            assert!((1..PRESENT).contains(&one.until));
        }
    }

    #[test]
    fn a_printing_is_explained_by_the_words_that_it_was_computed_by() {
        for edition in 1..=PRESENT {
            for one in of(edition) {
                let found = card(one.card.id, one.card.version).unwrap();
                assert_eq!(found, one.card);
                assert!(!found.name.is_empty() && !found.formula.is_empty(), "{}", found.id);
            }
        }
        let formula = |version| card("R6", version).unwrap().formula;
        assert_ne!(formula(2), formula(3));
        assert_eq!(card("R6", 99).unwrap().version, 3, "not known: as it is now");
    }
}
