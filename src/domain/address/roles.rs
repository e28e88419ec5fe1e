//! Whether a place is what the request is about, or only stands beside it.

use super::fold::Text;
use super::words::{ASIDE_AFTER, ASIDE_AROUND, ASIDE_BEFORE, HOME_BEFORE};

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

/// Returns whether the writer says that he lives here.
pub(super) fn is_home(text: &Text, start: usize) -> bool {
    (2..=6).filter_map(|back| start.checked_sub(back)).any(|i| {
        text.any(i, HOME_BEFORE)
            .is_some_and(|end| end <= start && text.skip(end, POINTING) >= start)
    })
}
