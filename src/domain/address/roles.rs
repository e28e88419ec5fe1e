//! Whether a place is what the request is about, or only stands beside it.

use super::fold::Text;
use super::words::{ASIDE_AFTER, ASIDE_AROUND, ASIDE_BEFORE, HOME_BEFORE};

/// Between the word for the role and the place.
const POINTING: &[&str] = &["我们", "俺们", "那个", "那边", "那", "这个", "这", "的", "在", "是"];
/// How far before or after an address its role is said.
const REACH: usize = 4;

/// Returns whether the address is a comparison, or the writer's whereabouts at another time.
pub(super) fn is_aside(text: &Text, start: usize, end: usize) -> bool {
    let before = |words: &[&str]| {
        (1..=REACH + 2).filter_map(|back| start.checked_sub(back)).any(|i| {
            text.any(i, words)
                .is_some_and(|stop| stop <= start && text.skip(stop, POINTING) >= start)
        })
    };
    let after = |words: &[&str], reach: usize| {
        let stop = (end..end + reach).find(|i| text.at(*i).is_none_or(|c| ",。!?;".contains(c)));
        text.find(end, stop.unwrap_or(end + reach), words).is_some()
    };
    let around =
        ASIDE_AROUND.iter().any(|(head, tail)| before(&[head]) && after(&[tail], REACH + 2));
    before(ASIDE_BEFORE) || after(ASIDE_AFTER, REACH) || around
}

/// Returns whether the writer says that he lives here.
pub(super) fn is_home(text: &Text, start: usize) -> bool {
    (2..=6).filter_map(|back| start.checked_sub(back)).any(|i| {
        text.any(i, HOME_BEFORE)
            .is_some_and(|end| end <= start && text.skip(end, POINTING) >= start)
    })
}
