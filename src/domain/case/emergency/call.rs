//! A call: parts that follow one another, and what takes it back.

use std::collections::BTreeMap;

use super::sentence::{Sentence, Span};
use super::table::{WordId, Words};

/// How many characters may stand between two parts: beside each other and in one clause, after `…`,
/// after `……`.
const GAPS: [usize; 3] = [4, 14, 40];

#[derive(Debug)]
struct Part {
    gap: usize,
    words: Vec<WordId>,
}

/// Words that mean something one after another. Written as parts between blanks, each of words between
/// `|`, where `@name` stands for the words of a group; `…` and `……` widen the gap before the next
/// part. After ` ! ` stand words of which none may be in its clauses, after ` !! ` in its sentence.
#[derive(Debug)]
pub(super) struct Call {
    parts: Vec<Part>,
    unless: Vec<WordId>,
    /// Whether `unless` is looked for in the whole sentence.
    anywhere: bool,
}

impl Call {
    /// Reads a call as it is written, and numbers its words.
    pub fn read(text: &str, words: &mut Words) -> Self {
        let (text, unless, anywhere) = match (text.split_once(" !! "), text.split_once(" ! ")) {
            (Some((parts, unless)), _) => (parts, unless, true),
            (_, Some((parts, unless))) => (parts, unless, false),
            _ => (text, "", false),
        };
        let (mut parts, mut gap) = (Vec::new(), GAPS[0]);
        for part in text.split(' ') {
            match part {
                "…" => gap = GAPS[1],
                "……" => gap = GAPS[2],
                _ => {
                    parts.push(Part { gap, words: words.ids(part) });
                    gap = GAPS[0];
                }
            }
        }
        Self { parts, unless: words.ids(unless), anywhere }
    }

    /// Tells whether a sentence says this.
    pub fn is_in(&self, sentence: &Sentence) -> bool {
        if !self.parts.iter().all(|part| sentence.has(&part.words)) {
            return false;
        }
        if self.anywhere {
            return !sentence.has(&self.unless) && !self.found(sentence).is_empty();
        }
        let counts = |span: &Span| !sentence.has_beside(&self.unless, *span);
        self.found(sentence).iter().any(counts)
    }

    /// Where its parts follow one another: for each end the latest beginning, so that a long text
    /// costs no more than its words.
    fn found(&self, sentence: &Sentence) -> Vec<Span> {
        let mut ends: Option<BTreeMap<usize, usize>> = None;
        for part in &self.parts {
            let mut next = BTreeMap::new();
            for hit in sentence.spans(&part.words) {
                let from = match &ends {
                    None => Some(hit.from),
                    Some(ends) => part.after(sentence, ends, hit),
                };
                let Some(from) = from else { continue };
                next.entry(hit.to)
                    .and_modify(|old: &mut usize| *old = from.max(*old))
                    .or_insert(from);
            }
            ends = Some(next);
        }
        ends.into_iter().flatten().map(|(to, from)| Span { from, to }).collect()
    }
}

impl Part {
    /// The latest beginning of what ends close enough before a hit.
    fn after(
        &self,
        sentence: &Sentence,
        ends: &BTreeMap<usize, usize>,
        hit: Span,
    ) -> Option<usize> {
        let reach = hit.from.saturating_sub(self.gap)..=hit.from;
        let near =
            |end: usize| self.gap > GAPS[0] || sentence.together(end.saturating_sub(1), hit.from);
        ends.range(reach).filter(|(end, _)| near(**end)).map(|(_, from)| *from).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::emergency::table::Finder;

    fn says(call: &str, text: &str) -> bool {
        let mut words = Words::new([("who".to_owned(), "老人|孩子".to_owned())].into());
        let call = Call::read(call, &mut words);
        let finder = Finder::new(words);
        call.is_in(&finder.read(text))
    }

    #[test]
    fn parts_follow_one_another_within_their_gap() {
        for (call, text, want) in [
            ("@who 掉 河|井", "有个孩子刚才掉到河里", true),
            ("@who 掉 河|井", "有个孩子，掉河里", false),
            ("@who … 掉 河|井", "有个孩子，掉河里", true),
            ("@who 掉 河|井", "掉河里的是孩子", false),
            ("@who 掉 河|井", "老人一二三四掉河里", true),
            ("@who 掉 河|井", "老人一二三四五掉河里", false),
            ("@who …… 没回来", "老人一二三四五六七八九十一二三四五没回来", true),
            ("@who … 没回来", "老人一二三四五六七八九十一二三四五没回来", false),
            ("掉", "掉", true),
            ("掉 掉", "掉", false),
        ] {
            assert_eq!(says(call, text), want, "{call} in {text}");
        }
    }

    #[test]
    fn what_takes_a_call_back_does_so_in_its_clause_or_its_sentence() {
        for (call, text, want) in [
            ("掉 井 ! 手机|@who", "手机掉进井里", false),
            ("掉 井 ! 手机", "拿着手机，有人掉进井里", true),
            ("掉 井 !! 手机", "拿着手机，有人掉进井里", false),
            ("掉 井 ! 手机", "手机掉进井里，老人也掉进井里", true),
        ] {
            assert_eq!(says(call, text), want, "{call} in {text}");
        }
    }
}
