//! Names that residents use and the gazetteer does not have, learned from what operators confirmed.
//!
//! A word becomes a candidate when it stands where a name may stand, no exact name explains it, two
//! different residents used it for the same place, and four fifths of all texts that have it mean
//! that place. Learning proposes; the office approves. Cost: the words seen twice times the texts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Index;
use super::fold::{Text, is_han};
use super::names::{Hit, Name};
use super::numbers::is_numeral;
use super::roles;
use super::words::lexicon;
use crate::domain::gazetteer::AliasTarget;

/// Different residents who must have used a word.
const CONFIRMATIONS: usize = 2;
/// … and in how many of five texts it must mean the place.
const AGREEMENT_OF_FIVE: usize = 4;
/// Length of a learned word in characters.
const SHORTEST: usize = 3;
const LONGEST: usize = 8;

/// A text and the place that an operator confirmed for it.
#[derive(Clone, Debug)]
pub struct Correction {
    pub text: String,
    /// Who wrote it; the same resident counts once.
    pub resident: String,
    /// The named place; `None` where the confirmed place has no name of its own.
    pub target: Option<AliasTarget>,
}

/// A word that may become a name, with what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    pub word: String,
    pub target: AliasTarget,
    /// Different residents who used it for this place.
    pub confirmations: usize,
    /// Texts that have it, whatever place they meant.
    pub uses: usize,
    /// Positions of the corrections that confirm it.
    pub from: Vec<usize>,
}

/// Why a word is no name for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is not made of characters as names are.
    NoName,
    /// It is a word that everybody writes about everything: 停水.
    Everyday,
    /// It is the name of another place.
    Taken,
}

/// Returns why a word cannot be taken into use as a name of the place.
pub fn unfit(index: &Index, word: &str, place: &AliasTarget) -> Option<Unfit> {
    let text = Text::new(word);
    let of_names = |c: &char| is_han(*c) || c.is_ascii_alphanumeric();
    if !text.chars().iter().all(of_names) || text.chars().iter().filter(|c| is_han(**c)).count() < 2
    {
        return Some(Unfit::NoName);
    }
    if roles::is_trouble(&text) {
        return Some(Unfit::Everyday);
    }
    let whole = |h: &Hit| (h.start, h.end, h.cost) == (0, text.len(), 0.0);
    let hits = index.names.scan(&text);
    let names = hits.iter().filter(|h| whole(h)).flat_map(|h| &h.names);
    // A short form may be made the name of one of the places that it is short for.
    let mut full = names
        .filter(|n| !matches!(n, Name::CompoundStem(_) | Name::VillageStem(_) | Name::RoadStem(_)));
    full.any(|n| index.target(*n).is_none_or(|other| other != *place)).then_some(Unfit::Taken)
}

/// Proposes names; in the order of their confirmations, most first.
pub fn learn(index: &Index, corrections: &[Correction]) -> Vec<Learned> {
    let texts: Vec<Text> = corrections.iter().map(|c| Text::new(&c.text)).collect();
    let mut seen: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for ((text, correction), at) in texts.iter().zip(corrections).zip(0..) {
        for word in candidates(index, text, correction.target.as_ref()) {
            seen.entry(word).or_default().insert(at);
        }
    }
    seen.retain(|_, texts| texts.len() >= CONFIRMATIONS);
    let folded: Vec<String> = texts.iter().map(|t| t.string(0, t.len())).collect();
    let mut learned: Vec<Learned> = seen
        .into_keys()
        .filter_map(|word| {
            let used: Vec<usize> = (0..folded.len())
                .filter(|i| folded.get(*i).is_some_and(|t| t.contains(&word)))
                .collect();
            agreed(word, &used, corrections)
        })
        .collect();
    learned.sort_by(|a, b| b.confirmations.cmp(&a.confirmations).then(a.word.cmp(&b.word)));
    learned
}

/// Finds the place that nearly all uses of a word mean.
fn agreed(word: String, used: &[usize], corrections: &[Correction]) -> Option<Learned> {
    let mut by_target: HashMap<&AliasTarget, Vec<usize>> = HashMap::new();
    for at in used {
        if let Some(target) = corrections.get(*at).and_then(|c| c.target.as_ref()) {
            by_target.entry(target).or_default().push(*at);
        }
    }
    let (target, from) = by_target.into_iter().max_by_key(|(_, from)| from.len())?;
    let residents: BTreeSet<&str> =
        from.iter().filter_map(|i| corrections.get(*i)).map(|c| c.resident.as_str()).collect();
    let enough =
        residents.len() >= CONFIRMATIONS && from.len() * 5 >= used.len() * AGREEMENT_OF_FIVE;
    enough.then(|| Learned {
        word,
        target: target.clone(),
        confirmations: residents.len(),
        uses: used.len(),
        from,
    })
}

/// Lists the words of a text that stand where a name stands and that no name explains.
fn candidates(index: &Index, text: &Text, target: Option<&AliasTarget>) -> BTreeSet<String> {
    let hits = index.names.scan(text);
    // 老体育场 holds a name and is another place; 体育场 itself, or a part of it, is no new name.
    let explained = |start: usize, end: usize| {
        hits.iter().filter(|h| h.start < end && start < h.end).any(|h| {
            let holds = start <= h.start && h.end <= end && end - start > h.end - h.start;
            let same = || h.names.iter().any(|n| index.target(*n).as_ref() == target);
            !holds || (!h.weak() && same())
        })
    };
    let mut words = BTreeSet::new();
    for start in (0..text.len()).filter(|i| opens(text, *i, &hits)) {
        for end in start + SHORTEST..=start + LONGEST {
            if !(start..end).all(|i| text.at(i).is_some_and(han)) {
                break;
            }
            let part = (start..end).any(|i| text.any(i, &lexicon().no_name) == Some(end));
            if closes(text, end) && !part && !explained(start, end) {
                words.insert(text.string(start, end));
            }
        }
    }
    words
}

fn han(c: char) -> bool {
    is_han(c) && !is_numeral(c) && c != '的'
}

/// Returns whether a name may begin here.
fn opens(text: &Text, i: usize, hits: &[super::names::Hit]) -> bool {
    let first = text.at(i).is_some_and(|c| han(c) && !lexicon().leading.contains(c))
        && text.any(i, &lexicon().no_name).is_none();
    let before = i.checked_sub(1).and_then(|i| text.at(i));
    first
        && (before.is_none_or(|c| !is_han(c) || lexicon().before_name.contains(c))
            || hits.iter().any(|h| h.end == i && h.cost == 0.0))
}

/// Returns whether a name may end here: before a number, a mark, or a word that follows places.
fn closes(text: &Text, i: usize) -> bool {
    text.at(i).is_none_or(|c| !is_han(c) || is_numeral(c))
        || text.any(i, &lexicon().behind_name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correction(text: &str, resident: &str, compound: &str) -> Correction {
        Correction {
            text: text.to_owned(),
            resident: resident.to_owned(),
            target: Some(AliasTarget::Compound(compound.to_owned())),
        }
    }

    fn words(corrections: &[Correction]) -> Vec<String> {
        learn(&Index::default(), corrections).into_iter().map(|l| l.word).collect()
    }

    #[test]
    fn two_residents_teach_a_name_and_one_alone_does_not() {
        let one = correction("老机床厂院3号楼没水了", "a", "C1");
        let again = correction("老机床厂院5号楼停电", "a", "C1");
        let other = correction("我家在老机床厂院2号楼", "b", "C1");
        assert_eq!(words(&[one.clone(), again.clone()]), Vec::<String>::new());
        assert_eq!(words(&[one, again, other]), ["老机床厂院"]);
    }

    #[test]
    fn a_word_that_means_two_places_is_not_learned() {
        let corrections = [
            correction("老厂院3号楼没水了", "a", "C1"),
            correction("老厂院5号楼停电", "b", "C1"),
            correction("老厂院6号楼停电", "c", "C2"),
        ];
        assert_eq!(words(&corrections), Vec::<String>::new());
    }
}
