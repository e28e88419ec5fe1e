//! Words and dice of the demo street. Every die is passed in; nothing here has a seed of its own.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

pub const ROADS: &str = include_str!("../../demo/words/roads.txt");
pub const LANES: &str = include_str!("../../demo/words/lanes.txt");
pub const COMPOUNDS: &str = include_str!("../../demo/words/compounds.txt");
pub const POIS: &str = include_str!("../../demo/words/pois.csv");
pub const SHOPS: &str = include_str!("../../demo/words/shops.csv");
pub const NEIGHBOURS: &str = include_str!("../../demo/words/neighbours.csv");
pub const SURNAMES: &str = include_str!("../../demo/words/surnames.txt");
pub const GIVEN: &str = include_str!("../../demo/words/given.txt");

/// Splits a list of words, one a line.
pub fn words(list: &'static str) -> Vec<&'static str> {
    list.lines().map(str::trim).filter(|w| !w.is_empty()).collect()
}

/// Picks one; the default when there is none.
pub fn pick<T: Copy + Default>(rng: &mut impl Rng, from: &[T]) -> T {
    from.choose(rng).copied().unwrap_or_default()
}

/// Rolls a number of a range, both ends included.
pub fn roll(rng: &mut impl Rng, from: u32, to: u32) -> u32 {
    rng.random_range(from..=to.max(from))
}
