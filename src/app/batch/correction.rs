//! Operators' corrections of a file, as the learner takes them: every line is another resident.

use std::collections::HashMap;

use serde::Deserialize;

use super::BadLine;
use crate::domain::address::{Correction, Index, learn};
use crate::domain::gazetteer::{Alias, AliasTarget, Gazetteer};

/// One text and the place an operator confirmed.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    text: String,
    confirmed: Confirmed,
}

/// The confirmed place.
#[derive(Clone, Debug, Deserialize)]
struct Confirmed {
    entity_type: String,
    entity: String,
}

/// Reads corrections, one per line. Fails at the first line that is none.
pub fn read(text: &str) -> Result<Vec<Line>, BadLine> {
    super::lines(text)
}

/// Learns whatever meets the rule, as if the office had approved all of it.
pub fn aliases_from(places: &Gazetteer, lines: &[Line]) -> Vec<Alias> {
    if lines.is_empty() {
        return Vec::new();
    }
    let compounds: HashMap<&str, &str> =
        places.buildings.iter().map(|b| (b.external_id.as_str(), b.compound.as_str())).collect();
    let corrections: Vec<_> = lines
        .iter()
        .zip(1..)
        .map(|(line, number): (_, usize)| Correction {
            text: line.text.clone(),
            resident: number.to_string(),
            target: line.confirmed.target(&compounds),
        })
        .collect();
    let learned = learn(&Index::build(places), &corrections).into_iter();
    learned.map(|one| Alias { word: one.word, target: one.target }).collect()
}

impl Confirmed {
    /// Returns what a new name in the text would name: of a building or door its compound or road,
    /// of a group or lane its village; `None` for places that have no name of their own.
    fn target(&self, compounds: &HashMap<&str, &str>) -> Option<AliasTarget> {
        let entity = &self.entity;
        let owner = || entity.split('#').next().unwrap_or_default().to_owned();
        Some(match self.entity_type.as_str() {
            "compound" => AliasTarget::Compound(entity.clone()),
            "building" => AliasTarget::Compound((*compounds.get(entity.as_str())?).to_owned()),
            "poi" => AliasTarget::Poi(entity.clone()),
            "shop" => AliasTarget::Shop(entity.clone()),
            "village" | "village_group" | "lane" => AliasTarget::Village(owner()),
            "road" | "door" => AliasTarget::Road(owner()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{SEED, street};

    fn line(text: &str, entity_type: &str, entity: &str) -> String {
        let confirmed =
            serde_json::json!({"grid": "G1", "entity_type": entity_type, "entity": entity});
        serde_json::json!({"id": "x", "text": text, "gps": null, "confirmed": confirmed})
            .to_string()
    }

    #[test]
    fn a_word_that_two_lines_use_for_one_compound_is_learned_and_one_line_teaches_nothing() {
        let places = street::generate(SEED).gazetteer;
        let building = &places.buildings[0];
        let lines = [
            line("停水了，我住老棉纺厂3号楼", "compound", &building.compound),
            line("老棉纺厂5号楼没电", "building", &building.external_id),
        ];
        let learned = |lines: &[String]| {
            aliases_from(&places, &read(&lines.join("\n")).expect("corrections"))
        };
        let target = AliasTarget::Compound(building.compound.clone());
        let found = learned(&lines);
        assert!(found.iter().any(|a| a.word.contains("棉纺厂") && a.target == target), "{found:?}");
        assert_eq!(learned(&lines[..1]), []);
        assert_eq!(learned(&[]), []);
    }

    #[test]
    fn a_number_is_learned_for_what_it_belongs_to_and_a_crossing_for_nothing() {
        let target = |entity_type: &str, entity: &str| {
            let confirmed =
                Confirmed { entity_type: entity_type.to_owned(), entity: entity.to_owned() };
            confirmed.target(&HashMap::from([("B1", "C1")]))
        };
        assert_eq!(target("building", "B1"), Some(AliasTarget::Compound("C1".to_owned())));
        assert_eq!(target("building", "B2"), None);
        assert_eq!(target("door", "迎宾街#48"), Some(AliasTarget::Road("迎宾街".to_owned())));
        assert_eq!(target("lane", "黄口村#四巷"), Some(AliasTarget::Village("黄口村".to_owned())));
        assert_eq!(target("cross", "曹州路×长江路@东南"), None);
    }
}
