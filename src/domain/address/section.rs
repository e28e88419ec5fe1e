//! Sections of compounds: 一期, 南区, as people spell them, correct them and list them.
//!
//! In: a text and the compounds that are named. Out: the sections that are said of them. Cost: one
//! look for each spelling of the compounds' few sections; they are spelled when the index is built.

use super::Index;
use super::fold::Text;
use super::numbers::number;
use super::words::{denied, lexicon};

/// How far behind a place the writer takes it back.
pub(super) const CORRECTED: usize = 16;
/// How far behind its compound's name a section may begin.
const REACH: usize = 4;

/// A section in the gazetteer's words, and one way to write it.
#[derive(Debug)]
pub(super) struct Spelling {
    section: String,
    written: Box<[char]>,
}

/// Spells the sections of a compound.
pub(super) fn spell(sections: &[String]) -> Vec<Spelling> {
    let spell = |section: &String| {
        let section = section.clone();
        spellings(&section).into_iter().map(move |written| Spelling {
            section: section.clone(),
            written: written.chars().collect(),
        })
    };
    sections.iter().flat_map(spell).collect()
}

/// Returns 一期 and 1期 for 一期, 南区 and 南院 and 南边 for 南区.
fn spellings(section: &str) -> Vec<String> {
    let text = Text::new(section);
    let mut all = vec![section.to_owned()];
    if let Some((n, end)) = number(&text, 0) {
        all.push(format!("{n}{}", text.string(end, text.len())));
    }
    if let Some(side) = section.strip_suffix('区') {
        for end in ["院", "边那个区", "边这个区", "边的区"] {
            all.push(format!("{side}{end}"));
        }
    }
    all
}

/// Finds a section right before a number that stands apart from its compound: 房号南区13号楼.
pub(super) fn before(index: &Index, text: &Text, at: usize, ids: &[usize]) -> Option<String> {
    let ends = |spelling: &&Spelling, gap: usize| {
        let start = at.checked_sub(spelling.written.len() + gap);
        start.is_some_and(|start| text.has(start, &spelling.written))
    };
    let closed = at.checked_sub(1).and_then(|i| text.at(i)) == Some(')');
    let mut all = ids.iter().filter_map(|i| index.sections.get(*i)).flatten();
    let found = all.find(|one| ends(one, 0) || (closed && ends(one, 1)))?;
    Some(found.section.clone())
}

/// Reads the sections behind a name that ends at `end`: the one that is said last when the writer
/// corrects himself, all when they are listed; and where they end.
pub(super) fn behind(
    index: &Index,
    text: &Text,
    end: usize,
    ids: &[usize],
) -> Option<(Vec<String>, usize)> {
    let words = lexicon();
    let within = |from: usize, to: usize| {
        let all = ids.iter().filter_map(|i| index.sections.get(*i)).flatten();
        let mut found = all.filter_map(|one| {
            let start = (from..to).find(|i| text.has(*i, &one.written))?;
            Some((one.section.clone(), start, start + one.written.len()))
        });
        found.next()
    };
    let right_at = |at: usize| {
        let at = text.skip(at, &words.leading_in);
        within(at, at + 1)
    };
    let (first, start, mut end) = within(end, end + REACH)?;
    let mut all = vec![first];
    while let Some((more, _, stop)) = text.any(end, &words.listing).and_then(right_at) {
        all.push(more);
        end = stop;
    }
    let said = text.find(end, end + CORRECTED, &words.correction).map(|(_, at)| at);
    match said.or_else(|| denied(text, start).then_some(end)).and_then(right_at) {
        Some((corrected, _, stop)) => Some((vec![corrected], stop)),
        None => Some((all, end)),
    }
}
