//! Which of the offered answers the words of a resident mean: 西区, 是西区的, 西, 不是东区.

use super::fold::Text;
use super::numbers::is_numeral;
use super::words::denied;

/// Returns the place of the one answer that the words mean; `None` when they mean none or several, so
/// that they are to be read as an address.
pub fn chosen<'a>(words: &str, labels: impl Iterator<Item = &'a str>) -> Option<usize> {
    let words = Text::new(words.trim());
    let labels: Vec<Text> = labels.map(Text::new).collect();
    if let Some(same) = labels.iter().position(|label| label.chars() == words.chars()) {
        return Some(same);
    }
    let named: Vec<Said> = labels.iter().map(|label| said(&words, label)).collect();
    let only = |wanted: Said| {
        let mut found = named.iter().enumerate().filter(|(_, said)| **said == wanted);
        let (one, _) = found.next()?;
        found.next().is_none().then_some(one)
    };
    let none_named = named.iter().all(|said| *said != Said::Yes);
    match only(Said::Yes) {
        Some(one) => Some(one),
        // Of all but one he says that they are not it.
        None if none_named && named.contains(&Said::No) => only(Said::Nothing),
        None if none_named => begun(&words, &labels),
        None => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Nothing,
}

/// Returns whether the words name the answer, and not as part of a longer number: 1期 in 11期.
fn said(words: &Text, label: &Text) -> Said {
    let digit = |i: Option<usize>| i.and_then(|i| words.at(i)).is_some_and(is_numeral);
    let at = |i: &usize| {
        let end = i + label.len();
        let number = |c: Option<&char>| c.is_some_and(|c| is_numeral(*c));
        words.has(*i, label.chars())
            && !(number(label.chars().first()) && digit(i.checked_sub(1)))
            && !(number(label.chars().last()) && digit(Some(end)))
    };
    let mut found = (0..words.len()).filter(at).peekable();
    if label.len() == 0 || found.peek().is_none() {
        return Said::Nothing;
    }
    if found.all(|i| denied(words, i)) { Said::No } else { Said::Yes }
}

/// Returns the only answer that begins with the words: 西 of 东区 and 西区. Numbers are read as what
/// they are, not as the beginning of another.
fn begun(words: &Text, labels: &[Text]) -> Option<usize> {
    let plain = words.len() > 0 && !words.chars().iter().any(char::is_ascii_digit);
    let begins = |label: &&Text| label.has(0, words.chars());
    let mut found = labels.iter().enumerate().filter(|(_, label)| begins(label));
    let (one, _) = found.next().filter(|_| plain)?;
    found.next().is_none().then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_heard_however_it_is_said() {
        let sides = &["东区", "西区"][..];
        let runs = &["1—19号楼", "20—39号楼"][..];
        let phases = &["一期", "二期", "十二期"][..];
        for (words, labels, meant) in [
            ("西区", sides, Some(1)),
            (" 西区！", sides, Some(1)),
            ("是西区的", sides, Some(1)),
            ("我在西区这边", sides, Some(1)),
            ("西", sides, Some(1)),
            ("不是东区", sides, Some(1)),
            ("不是东区，是西区", sides, Some(1)),
            ("东区和西区", sides, None),
            ("都不是", sides, None),
            ("", sides, None),
            ("区", sides, None),
            ("2", runs, None),
            ("20—39号楼", runs, Some(1)),
            ("二期", phases, Some(1)),
            ("一", phases, Some(0)),
            ("是十二期", phases, Some(2)),
            ("三期", phases, None),
        ] {
            assert_eq!(chosen(words, labels.iter().copied()), meant, "{words} of {labels:?}");
        }
    }
}
