//! A sentence and where the words of the table stand in it.

use super::table::WordId;

/// Characters, the second not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: usize,
    pub to: usize,
}

const CLAUSE: &[char] = &['，', '、', ',', '：', ':', '.', '…'];

/// A sentence that was looked through once for all words.
#[derive(Debug)]
pub(super) struct Sentence {
    hits: Vec<(WordId, Span)>,
    /// By the number of a word: most words of the table are in no sentence.
    present: Vec<bool>,
    /// The clause in which each character stands; marks between clauses are clauses of their own.
    clauses: Vec<usize>,
}

impl Sentence {
    /// Takes over what was found of so many words: word, and bytes from and to.
    pub fn new(
        text: &str,
        words: usize,
        found: impl Iterator<Item = (WordId, usize, usize)>,
    ) -> Self {
        let (mut clauses, mut clause) = (Vec::new(), 0);
        // Of each byte at which a character begins, which character that is.
        let mut at = vec![0; text.len() + 1];
        for (n, (byte, c)) in text.char_indices().enumerate() {
            if let Some(at) = at.get_mut(byte) {
                *at = n;
            }
            let mark = usize::from(CLAUSE.contains(&c));
            clause += mark;
            clauses.push(clause);
            clause += mark;
        }
        if let Some(end) = at.last_mut() {
            *end = clauses.len();
        }
        let char_at = |byte: usize| at.get(byte).copied().unwrap_or_default();
        let (mut hits, mut present) = (Vec::new(), vec![false; words]);
        for (word, from, to) in found {
            hits.push((word, Span { from: char_at(from), to: char_at(to) }));
            if let Some(present) = present.get_mut(word) {
                *present = true;
            }
        }
        Self { hits, present, clauses }
    }

    /// Lists where any of the words stands.
    pub fn spans(&self, words: &[WordId]) -> Vec<Span> {
        let hits = self.hits.iter().filter(|(word, _)| words.contains(word));
        hits.map(|(_, span)| *span).collect()
    }

    /// Tells whether any of the words is there.
    pub fn has(&self, words: &[WordId]) -> bool {
        words.iter().any(|word| self.present.get(*word).copied().unwrap_or_default())
    }

    /// Tells whether any of the words stands in the clauses that a span touches.
    pub fn has_beside(&self, words: &[WordId], span: Span) -> bool {
        let (first, last) = (self.clause(span.from), self.clause(span.to.saturating_sub(1)));
        let within = |hit: &Span| {
            self.clause(hit.from) >= first && self.clause(hit.to.saturating_sub(1)) <= last
        };
        self.has(words) && self.spans(words).iter().any(within)
    }

    /// Tells whether two characters stand in one clause.
    pub fn together(&self, a: usize, b: usize) -> bool {
        self.clause(a) == self.clause(b)
    }

    fn clause(&self, at: usize) -> usize {
        self.clauses.get(at).copied().unwrap_or_default()
    }
}
