//! All words that lead to a place: names, what people shorten them to, and what lies elsewhere.
//!
//! In: the gazetteer in the index. Out: the words with their meanings, to be filed. Cost: linear in
//! the names. Invariant: a word leads to every place it can mean; none is dropped for being common.

use std::collections::{HashMap, HashSet};

use super::Index;
use super::divisions;
use super::fold::Text;
use super::names::{Name, Words};
use super::numbers::{is_numeral, number};
use super::words::{lexicon, stem};
use crate::domain::gazetteer::{Compound, GridRef, Shop};

/// Collects the words of a gazetteer.
pub(super) fn words(index: &mut Index) -> Words {
    let mut words = Words::new(index.kinds());
    index.name_compounds(&mut words);
    index.name_villages(&mut words);
    index.name_streets(&mut words);
    index.name_points(&mut words);
    index.name_elsewhere(&mut words);
    index.name_learned(&mut words);
    words
}

impl Index {
    /// Returns the second halves of long names that one compound alone has: 豪庭 of 盛世豪庭.
    fn second_halves(&self) -> HashMap<String, Option<usize>> {
        let mut halves: HashMap<String, Option<usize>> = HashMap::new();
        for (compound, i) in self.places.compounds.iter().zip(0..) {
            let name: Vec<char> = compound.name.chars().collect();
            if let Some(half) =
                name.get(name.len().saturating_sub(2)..).filter(|_| (3..=4).contains(&name.len()))
            {
                halves
                    .entry(half.iter().collect())
                    .and_modify(|only| *only = None)
                    .or_insert(Some(i));
            }
        }
        halves
    }

    fn name_compounds(&mut self, words: &mut Words) {
        for (half, only) in self.second_halves() {
            let plain = ["花园", "小区", "家园", "新村", "公寓", "宿舍"].contains(&half.as_str());
            if let Some(i) = only.filter(|_| !plain) {
                words.add_half(&half, Name::CompoundStem(i));
                words.add_half(&format!("{half}小区"), Name::Compound(i));
            }
        }
        for (Compound { name, aliases, .. }, i) in self.places.compounds.iter().zip(0..) {
            for word in std::iter::once(name).chain(aliases) {
                words.add(word, Name::Compound(i));
                if let Some(stem) = stem(word) {
                    words.add(stem, Name::CompoundStem(i));
                }
                if let Some(short) = first_half(word) {
                    words.add_half(short, Name::CompoundStem(i));
                }
            }
        }
    }

    fn name_villages(&mut self, words: &mut Words) {
        for group in &self.places.village_groups {
            if !self.villages.contains(&group.village) {
                self.villages.push(group.village.clone());
            }
        }
        for (village, i) in self.villages.iter().zip(0..) {
            words.add(village, Name::Village(i));
            let short = village.strip_suffix(['村', '屯', '寨', '庄']).unwrap_or(village);
            words.add(short, Name::VillageStem(i));
            for kind in ["村", "居", "庄", "屯"] {
                words.add(&format!("{short}{kind}"), Name::Village(i));
            }
        }
    }

    fn name_streets(&mut self, words: &mut Words) {
        for (road, i) in self.places.roads.iter().zip(0..) {
            words.add(&road.name, Name::Road(i));
            if let Some(stem) = lexicon().road_endings.rest(&road.name) {
                words.add(stem, Name::RoadStem(i));
            }
        }
        for (community, i) in self.places.communities.iter().zip(0..) {
            for word in community_words(&community.name) {
                words.add(&word, Name::Community(i));
            }
        }
        for (grid, i) in self.places.grids.iter().zip(0_u16..) {
            if let Some(n) = numbered(&grid.name) {
                self.numbered_grids.insert((usize::from(grid.community.0), n), GridRef(i));
            }
        }
    }

    fn name_points(&mut self, words: &mut Words) {
        let own = street_words(&self.places.street);
        for (poi, i) in self.places.pois.iter().zip(0..) {
            for word in std::iter::once(&poi.name).chain(&poi.aliases) {
                if own.contains(word) || word.starts_with("街道办") {
                    self.office = Some(i);
                } else {
                    words.add(word, Name::Poi(i));
                }
            }
        }
        for (Shop { name, .. }, i) in self.places.shops.iter().zip(0..) {
            words.add(name, Name::Shop(i));
            if let Some((chain, branch)) = name.split_once(['(', '（']) {
                let branch = branch.trim_end_matches([')', '）']);
                words.add(chain, Name::Shop(i));
                words.add(&format!("{chain}{branch}"), Name::Shop(i));
                words.add(&format!("{chain} {branch}"), Name::Shop(i));
            }
        }
    }

    /// Adds the names that residents use and the office approved.
    fn name_learned(&self, words: &mut Words) {
        for alias in &self.places.aliases {
            if let Some(name) = self.learned(&alias.target) {
                words.add(&alias.word, name);
            }
        }
    }

    fn name_elsewhere(&mut self, words: &mut Words) {
        for word in street_words(&self.places.street) {
            words.add(&word, Name::Own);
        }
        words.add("街道办", Name::Own);
        words.add("街道办事处", Name::Own);
        for neighbour in &self.places.neighbours {
            let short =
                neighbour.street.strip_suffix("街道").unwrap_or(&neighbour.street).to_owned();
            if !self.other_streets.contains(&short) {
                self.other_streets.push(short);
            }
            let streets = street_words(&neighbour.street);
            for word in streets.into_iter().chain(community_words(&neighbour.community)) {
                words.add(&word, Name::Elsewhere);
            }
        }
        for (word, own) in divisions::words(&self.places.street_code) {
            words.add_exact(&word, if own { Name::Own } else { Name::Elsewhere });
        }
    }

    /// Returns the endings that many names share and that therefore say the kind of a place:
    /// 超市, 家属院, 花园.
    fn kinds(&self) -> HashSet<String> {
        let places = &self.places;
        let compounds =
            places.compounds.iter().flat_map(|c| std::iter::once(&c.name).chain(&c.aliases));
        let pois = places.pois.iter().flat_map(|p| std::iter::once(&p.name).chain(&p.aliases));
        let shops = places.shops.iter().map(|s| chain(&s.name).unwrap_or(&s.name));
        let names: HashSet<&str> = compounds.chain(pois).map(String::as_str).chain(shops).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for name in names {
            for (at, _) in name.char_indices().skip(2) {
                let Some(ending) = name.get(at..) else { continue };
                if (2..=5).contains(&ending.chars().count()) {
                    *counts.entry(ending).or_default() += 1;
                }
            }
        }
        counts.retain(|_, n| *n >= SHARED_ENDING);
        counts.into_keys().map(str::to_owned).collect()
    }
}

/// How many names must share an ending before it says nothing about which of them is meant.
const SHARED_ENDING: usize = 4;

/// Returns the first two characters of a name of four or more, as people shorten it: 万科.
fn first_half(name: &str) -> Option<&str> {
    let (at, _) = name.char_indices().nth(2)?;
    let plain = |half: &&str| name.chars().count() >= 4 && !half.chars().any(is_numeral);
    name.get(..at).filter(plain)
}

/// Returns the chain's name out of 惠万家超市(郭大千店).
fn chain(name: &str) -> Option<&str> {
    name.split_once(['(', '（']).map(|(chain, _)| chain)
}

fn community_words(name: &str) -> Vec<String> {
    let short = name.strip_suffix("社区").unwrap_or(name);
    let mut words: Vec<_> =
        ["社区居委会", "居委会", "社区"].iter().map(|end| format!("{short}{end}")).collect();
    words.push(name.to_owned());
    words
}

fn street_words(name: &str) -> Vec<String> {
    let short = name.strip_suffix("街道").unwrap_or(name);
    ["街道办事处", "街道办", "街道", "办事处"].iter().map(|end| format!("{short}{end}")).collect()
}

/// Reads 2 out of 中山社区第二网格.
fn numbered(name: &str) -> Option<u32> {
    let text = Text::new(name);
    let (at, _) = text.find(0, text.len(), &["网格"])?;
    (0..at).find_map(|i| number(&text, i).filter(|(_, end)| *end == at).map(|(n, _)| n))
}
