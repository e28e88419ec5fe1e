//! Whether a place is what the request is about, or only stands beside it.

use super::fold::Text;
use super::words::{List, Pairs, Words, lexicon};

/// How far before or after an address its role is said.
const REACH: usize = 4;

/// Returns whether the address is a comparison, or the writer's whereabouts at another time.
pub(super) fn is_aside(text: &Text, start: usize, end: usize) -> bool {
    let words = lexicon();
    leads(text, start, &words.aside_before)
        || follows(text, end, REACH, &words.aside_after)
        || between(text, start, end, &words.aside_around)
}

/// Returns whether the address gives way to any other in the text: where somebody else lives, where
/// the writer works, comes from or goes to, what was repaired already.
pub(super) fn gives_way(text: &Text, start: usize, end: usize) -> bool {
    let words = lexicon();
    leads(text, start, &words.yields_before)
        || follows(text, end, REACH + 2, &words.yields_after)
        || between(text, start, end, &words.yields_around)
}

/// Returns whether the writer says that he lives here.
pub(super) fn is_home(text: &Text, start: usize) -> bool {
    leads(text, start, &lexicon().home_before)
}

/// Returns whether one of the words stands before an address with only small words between.
fn leads(text: &Text, start: usize, words: &impl Words) -> bool {
    before(start).any(|i| words.ends(text, i).is_some_and(|stop| reaches(text, stop, start)))
}

/// Returns whether one of the words stands within reach behind an address, in the same clause.
fn follows(text: &Text, end: usize, reach: usize, words: &List) -> bool {
    let clause =
        (end..end + reach).take_while(|i| text.at(*i).is_some_and(|c| !",。!?;".contains(c)));
    clause.into_iter().any(|i| text.any(i, words).is_some())
}

/// Returns whether both words of a pair stand around an address.
fn between(text: &Text, start: usize, end: usize, pairs: &Pairs) -> bool {
    before(start)
        .filter_map(|i| pairs.behind(text, i))
        .any(|(behind, stop)| reaches(text, stop, start) && follows(text, end, REACH + 2, behind))
}

/// Returns where a word that tells of an address's role may begin, the nearest first.
fn before(start: usize) -> impl Iterator<Item = usize> {
    (1..=REACH + 2).filter_map(move |back| start.checked_sub(back))
}

fn reaches(text: &Text, stop: usize, start: usize) -> bool {
    stop <= start && text.skip(stop, &lexicon().pointing) >= start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whereabouts_give_way_and_comparisons_are_aside() {
        let at = |text: &str, name: &str| {
            let folded = Text::new(text);
            let start =
                (0..folded.len()).find(|i| folded.word(*i, name).is_some()).expect("the name");
            let end = start + name.chars().count();
            (is_aside(&folded, start, end), gives_way(&folded, start, end))
        };
        assert_eq!(at("隔壁阳光花园都修好了", "阳光花园"), (true, false));
        assert_eq!(at("我姐住阳光花园，她家没事", "阳光花园"), (false, true));
        assert_eq!(at("阳光花园早就弄好了", "阳光花园"), (false, true));
        assert_eq!(at("阳光花园停水了", "阳光花园"), (false, false));
    }
}
