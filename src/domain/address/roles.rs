//! Whether a place is what the request is about, or only stands beside it.

use super::fold::Text;
use super::words::{
    ASIDE_AFTER, ASIDE_AROUND, ASIDE_BEFORE, HOME_BEFORE, YIELDS_AFTER, YIELDS_AROUND,
    YIELDS_BEFORE,
};

/// Between the word for the role and the place.
const POINTING: &[&str] = &["我们", "俺们", "那个", "那边", "那", "这个", "这", "的", "在", "是"];
/// How far before or after an address its role is said.
const REACH: usize = 4;

/// Returns whether the address is a comparison, or the writer's whereabouts at another time.
pub(super) fn is_aside(text: &Text, start: usize, end: usize) -> bool {
    let head = head(text, start);
    if head.is_some_and(|h| ASIDE_BEFORE.contains(&h)) {
        return true;
    }
    let mut tails = ASIDE_AROUND.iter().filter(|(h, _)| head == Some(h)).map(|(_, tail)| *tail);
    follows(text, end, REACH, |i| text.any(i, ASIDE_AFTER).is_some())
        || tails.any(|tail| follows(text, end, REACH + 2, |i| text.word(i, tail).is_some()))
}

/// Finds the word right before an address that may set it aside.
fn head(text: &Text, start: usize) -> Option<&'static str> {
    let near = (1..=REACH + 2).filter_map(|back| start.checked_sub(back));
    near.filter(|i| text.at(*i).is_some_and(|c| "人听不比隔从去在".contains(c))).find_map(|i| {
        let heads = ASIDE_BEFORE.iter().copied().chain(ASIDE_AROUND.iter().map(|(head, _)| *head));
        let mut heads = heads.filter_map(|head| Some((head, text.word(i, head)?)));
        heads
            .find(|(_, stop)| *stop <= start && text.skip(*stop, POINTING) >= start)
            .map(|(head, _)| head)
    })
}

/// Returns whether something stands within reach behind an address, in the same clause.
fn follows(text: &Text, end: usize, reach: usize, there: impl Fn(usize) -> bool) -> bool {
    (end..end + reach).take_while(|i| text.at(*i).is_some_and(|c| !",。!?;".contains(c))).any(there)
}

/// Returns whether the address gives way to any other in the text: where somebody else lives, where
/// the writer works, comes from or goes to, what was repaired already.
pub(super) fn gives_way(text: &Text, start: usize, end: usize) -> bool {
    let before = (1..=REACH + 2).filter_map(|back| start.checked_sub(back));
    let before: Vec<usize> =
        before.filter(|i| text.at(*i).is_some_and(|c| YIELD_HEADS.contains(c))).collect();
    let after: Vec<usize> = (end..end + REACH + 2)
        .take_while(|i| text.at(*i).is_some_and(|c| !",。!?;".contains(c)))
        .filter(|i| text.at(*i).is_some_and(|c| YIELD_TAILS.contains(c)))
        .collect();
    let heads = |words: &[&str]| {
        before.iter().any(|i| {
            text.any(*i, words)
                .is_some_and(|stop| stop <= start && text.skip(stop, POINTING) >= start)
        })
    };
    let tails = |words: &[&str]| after.iter().any(|i| text.any(*i, words).is_some());
    heads(YIELDS_BEFORE)
        || tails(YIELDS_AFTER)
        || YIELDS_AROUND.iter().any(|(head, tail)| heads(&[head]) && tails(&[tail]))
}

/// First characters of the words that make an address give way, for a first look.
const YIELD_HEADS: &str = "姐妹哥弟妈爸女儿朋亲同以之原刚别不跑现人流搬为跟和去从路";
const YIELD_TAILS: &str = "早弄换修没好干的不上买回时路出往是她他有同一走";

/// Returns whether the writer says that he lives here.
pub(super) fn is_home(text: &Text, start: usize) -> bool {
    (1..=6).filter_map(|back| start.checked_sub(back)).any(|i| {
        text.any(i, HOME_BEFORE)
            .is_some_and(|end| end <= start && text.skip(end, POINTING) >= start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_look_misses_no_word() {
        let around = || YIELDS_AROUND.iter();
        let heads = YIELDS_BEFORE.iter().chain(around().map(|(head, _)| head));
        let tails = YIELDS_AFTER.iter().chain(around().map(|(_, tail)| tail));
        assert!(heads.clone().all(|w| w.starts_with(|c| YIELD_HEADS.contains(c))));
        assert!(tails.clone().all(|w| w.starts_with(|c| YIELD_TAILS.contains(c))));
    }

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
