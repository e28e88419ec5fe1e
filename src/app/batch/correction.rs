//! Operators' corrections of a file, and the names that can be learned from them.
//!
//! Every line counts as another resident. A name needs two confirmations and four fifths of all
//! lines that use it; a name the gazetteer already has is never learned again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::BadLine;
use crate::domain::gazetteer::{Alias, AliasTarget, Gazetteer};

/// Confirmations a name needs.
const CONFIRMATIONS: usize = 2;
/// A learned name is this long, in Han characters.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=6;
/// What stands behind a place's name and hardly ever behind a word of the story.
const BEHIND: &[&str] =
    &["小区", "号", "一期", "二期", "三期", "门口", "旁边", "附近", "后边", "对面", "院"];

/// One text and the place an operator confirmed.
#[derive(Clone, Debug, Deserialize)]
pub struct Correction {
    pub text: String,
    pub confirmed: Confirmed,
}

/// The confirmed place.
#[derive(Clone, Debug, Deserialize)]
pub struct Confirmed {
    pub grid: String,
    pub entity_type: String,
    pub entity: String,
}

/// Reads corrections, one per line. Fails at the first line that is none.
pub fn read(text: &str) -> Result<Vec<Correction>, BadLine> {
    super::lines(text)
}

impl Correction {
    /// Returns what a new name in the text would name: of a building or door its compound or road,
    /// of a group or lane its village; `None` for places that have no name of their own.
    pub fn target(&self, places: &Gazetteer) -> Option<AliasTarget> {
        let entity = &self.confirmed.entity;
        let owner = || entity.split('#').next().unwrap_or_default().to_owned();
        Some(match self.confirmed.entity_type.as_str() {
            "compound" => AliasTarget::Compound(entity.clone()),
            "building" => {
                let building = places.buildings.iter().find(|b| b.external_id == *entity)?;
                AliasTarget::Compound(building.compound.clone())
            }
            "poi" => AliasTarget::Poi(entity.clone()),
            "shop" => AliasTarget::Shop(entity.clone()),
            "village" | "village_group" | "lane" => AliasTarget::Village(owner()),
            "road" | "door" => AliasTarget::Road(owner()),
            _ => return None,
        })
    }
}

/// Names the gazetteer has.
#[derive(Debug)]
struct Known(BTreeSet<String>);

impl Known {
    /// Collects every name.
    fn of(places: &Gazetteer) -> Self {
        let compounds = places.compounds.iter().flat_map(|c| c.aliases.iter().chain([&c.name]));
        let pois = places.pois.iter().flat_map(|p| p.aliases.iter().chain([&p.name]));
        let groups = places.village_groups.iter().map(|v| &v.village);
        let roads = places.roads.iter().map(|r| &r.name);
        let communities = places.communities.iter().map(|c| &c.name);
        let shops = places.shops.iter().map(|s| &s.name);
        let names = compounds.chain(pois).chain(groups).chain(roads).chain(communities);
        Self(names.chain(shops).cloned().collect())
    }

    /// Says whether the word is a name or a piece of one.
    fn explains(&self, word: &str) -> bool {
        self.0.iter().any(|name| name.contains(word) || word.contains(name.as_str()))
    }
}

/// Learns names: the longest words that go with one place and are no known name.
pub fn aliases_from(places: &Gazetteer, corrections: &[Correction]) -> Vec<Alias> {
    let known = Known::of(places);
    let mut uses: HashMap<&str, BTreeMap<Option<AliasTarget>, usize>> = HashMap::new();
    for correction in corrections {
        let target = correction.target(places);
        for word in words(&correction.text) {
            *uses.entry(word).or_default().entry(target.clone()).or_default() += 1;
        }
    }
    let mut kept: Vec<(usize, &str, &AliasTarget)> = Vec::new();
    let mut agreed: Vec<_> =
        uses.iter().filter_map(|(word, targets)| agreed(word, targets)).collect();
    agreed.sort_by_key(|(count, word, _)| (std::cmp::Reverse((*count, word.len())), *word));
    for (count, word, target) in agreed {
        let part = kept.iter().any(|(_, longer, _)| longer.contains(word) || word.contains(longer));
        if !part && !known.explains(word) {
            kept.push((count, word, target));
        }
    }
    kept.into_iter()
        .map(|(_, word, target)| Alias { word: word.to_owned(), target: target.clone() })
        .collect()
}

/// Returns the place that four fifths of the uses of a word confirm, and how often.
fn agreed<'a>(
    word: &&'a str,
    targets: &'a BTreeMap<Option<AliasTarget>, usize>,
) -> Option<(usize, &'a str, &'a AliasTarget)> {
    let all: usize = targets.values().sum();
    let (target, count) = targets.iter().max_by_key(|(_, count)| **count)?;
    let enough = *count >= CONFIRMATIONS && count * 5 >= all * 4;
    enough.then_some((*count, *word, target.as_ref()?))
}

/// Lists the Han words that stand before a number or a word of place, each once.
fn words(text: &str) -> BTreeSet<&str> {
    let at: Vec<(usize, char)> = text.char_indices().collect();
    let mut words = BTreeSet::new();
    for (end, (byte, next)) in at.iter().enumerate() {
        let behind = text.get(*byte..).unwrap_or_default();
        if !next.is_ascii_digit() && !BEHIND.iter().any(|word| behind.starts_with(word)) {
            continue;
        }
        for length in LENGTH {
            let Some(part) = end.checked_sub(length).and_then(|start| at.get(start..end)) else {
                break;
            };
            if part.iter().all(|(_, c)| matches!(c, '\u{4e00}'..='\u{9fff}')) {
                let start = part.first().map_or(*byte, |(start, _)| *start);
                words.extend(text.get(start..*byte));
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::gazetteer::Compound;

    fn compound(external_id: &str, name: &str) -> Compound {
        Compound {
            external_id: external_id.to_owned(),
            name: name.to_owned(),
            aliases: Vec::new(),
            sections: Vec::new(),
            kind: String::new(),
            grids: Vec::new(),
            address: String::new(),
        }
    }

    fn line(text: &str, entity: &str) -> String {
        let confirmed =
            serde_json::json!({"grid": "G1", "entity_type": "compound", "entity": entity});
        serde_json::json!({"id": "x", "text": text, "gps": null, "confirmed": confirmed})
            .to_string()
    }

    fn learned(lines: &[String]) -> Vec<(String, AliasTarget)> {
        let places = Gazetteer {
            compounds: vec![compound("C1", "阳光花园"), compound("C2", "江南小镇")],
            ..Gazetteer::default()
        };
        let corrections = read(&lines.join("\n")).expect("corrections");
        aliases_from(&places, &corrections).into_iter().map(|a| (a.word, a.target)).collect()
    }

    #[test]
    fn a_word_that_two_residents_use_for_one_place_is_learned() {
        let lines = [line("停水了，老棉厂3号楼", "C1"), line("我住老棉厂5号楼没电", "C1")];
        assert_eq!(
            learned(&lines),
            [("老棉厂".to_owned(), AliasTarget::Compound("C1".to_owned()))]
        );
    }

    #[test]
    fn one_resident_or_two_who_disagree_teach_nothing() {
        assert_eq!(learned(&[line("老棉厂3号楼", "C1")]), []);
        assert_eq!(learned(&[line("老棉厂3号楼", "C1"), line("老棉厂5号楼", "C2")]), []);
    }

    #[test]
    fn a_known_name_is_not_learned_for_another_place() {
        assert_eq!(learned(&[line("阳光花园3号楼", "C2"), line("阳光花园5号楼", "C2")]), []);
    }
}
