//! All names of the street in one automaton: longest match at each character.

use std::collections::HashMap;

use super::text::Text;

/// What a name can mean; numbers are positions in the index's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Name {
    Compound(usize),
    /// A compound's name without its generic ending; needs a number after it.
    CompoundStem(usize),
    Village(usize),
    /// A village's name without 村; needs a group or lane after it.
    VillageStem(usize),
    Poi(usize),
    Shop(usize),
    Road(usize),
    /// A road's name without 路 or 街; only at a crossing.
    RoadStem(usize),
    Community(usize),
    /// The own street office as a prefix.
    Own,
    /// A neighbour's community or street.
    Elsewhere,
}

/// A name found in the text.
pub(super) struct Hit<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) names: &'a [Name],
}

#[derive(Debug, Default)]
pub(super) struct Lexicon {
    steps: HashMap<(u32, char), u32>,
    names: HashMap<u32, Vec<Name>>,
    size: u32,
}

impl Lexicon {
    pub(super) fn add(&mut self, word: &str, name: Name) {
        if word.chars().count() < 2 {
            return;
        }
        let text = Text::new(word);
        let mut node = 0;
        for c in text.slice(0, text.len()) {
            node = *self.steps.entry((node, *c)).or_insert_with(|| {
                self.size += 1;
                self.size
            });
        }
        let names = self.names.entry(node).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }

    /// Finds names from left to right, the longest at each place, without overlap.
    pub(super) fn scan(&self, text: &Text) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        let mut i = 0;
        while i < text.len() {
            match self.longest(text, i) {
                Some(hit) => {
                    i = hit.end;
                    hits.push(hit);
                }
                None => i += 1,
            }
        }
        hits
    }

    fn longest(&self, text: &Text, start: usize) -> Option<Hit<'_>> {
        let (mut node, mut end, mut best) = (0, start, None);
        while let Some(next) = text.at(end).and_then(|c| self.steps.get(&(node, c))) {
            node = *next;
            end += 1;
            if let Some(names) = self.names.get(&node) {
                best = Some(Hit { start, end, names });
            }
        }
        best
    }
}
