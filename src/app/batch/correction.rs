//! Operators' corrections of a file, and the names that can be learned from them.
//!
//! What is learned from them, and when, is the rule of [`address::learn`].

use serde::Deserialize;

use super::BadLine;
use crate::domain::address::{self, Index};
use crate::domain::gazetteer::{Alias, AliasTarget, Gazetteer};

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

/// Learns names and takes them as approved; every line counts as another resident.
pub fn aliases_from(places: &Gazetteer, corrections: &[Correction]) -> Vec<Alias> {
    let index = Index::build(places);
    let confirmed: Vec<address::Correction> = corrections
        .iter()
        .zip(0_usize..)
        .map(|(c, line)| address::Correction {
            text: c.text.clone(),
            resident: line.to_string(),
            target: c.target(places),
        })
        .collect();
    let learned = address::learn(&index, &confirmed).into_iter();
    learned.map(|l| Alias { word: l.word, target: l.target }).collect()
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
