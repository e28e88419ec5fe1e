use super::folder::{files, write_folder};
use super::street::generate;
use super::*;
use crate::app::import;

#[test]
fn the_demo_street_passes_the_import_without_an_error() {
    let dir = tempfile::tempdir().unwrap();
    write_folder(&generate(SEED), dir.path()).unwrap();
    let (read, report) = import::prepare(dir.path()).unwrap_or_else(|report| {
        panic!(
            "{}",
            report.errors.iter().take(20).map(ToString::to_string).collect::<Vec<_>>().join("\n")
        )
    });
    assert_eq!(report.warnings, []);
    let counts = |file: &str| report.counts[file];
    assert_eq!(counts("communities.csv"), 14);
    assert_eq!(counts("grids.csv"), 40);
    assert_eq!(counts("roads.csv"), 40);
    assert_eq!(counts("compounds.csv"), 65);
    assert_eq!(counts("households.csv"), 64_000);
    assert_eq!(counts("shops.csv"), 3_000);
    assert!((1_400..=1_600).contains(&counts("buildings.csv")), "{}", counts("buildings.csv"));
    let story = read.gazetteer.compounds.iter().find(|c| c.name == "阳光花园").unwrap();
    assert_eq!(story.grids.len(), 2, "the story's compound lies in two grids");
    for at in &story.grids {
        let grid = &read.gazetteer.grids[usize::from(at.0)];
        assert_eq!(read.gazetteer.communities[usize::from(grid.community.0)].name, "中山社区");
    }
}

#[test]
fn one_seed_gives_one_street_byte_for_byte_and_another_seed_another() {
    assert!(files(&generate(7)) == files(&generate(7)));
    assert!(files(&generate(7)) != files(&generate(8)));
}

#[test]
fn every_seed_gives_exactly_sixty_four_thousand_households() {
    for seed in [1, 2, 3] {
        let street = generate(seed);
        assert_eq!(street.households.len(), 64_000);
        assert_eq!(street.gazetteer.compounds.len(), 65);
    }
}

#[test]
fn every_grid_of_any_town_gets_its_people_and_every_openid_is_one_persons() {
    let places = staff::places(&generate(SEED).gazetteer);
    let people = staff::invent(5, &places);
    assert_eq!(people, staff::invent(5, &places));
    assert_eq!(people.len(), 40 * 2 + 14 * 2 + 4);
    let openids: std::collections::HashSet<_> =
        people.iter().flat_map(|p| [&p.openid_mini, &p.openid_oa]).collect();
    assert_eq!(openids.len(), 2 * people.len());
    assert!(people.iter().any(|p| p.openid_mini == "demo-gw-G00101"));
}

/// The words a message may use to name its place, each with the grid the tables give for it.
fn grids_named_in(text: &str, gazetteer: &crate::domain::gazetteer::Gazetteer) -> Vec<String> {
    use crate::domain::gazetteer::Parity;
    let mut found = Vec::new();
    for compound in gazetteer.compounds.iter().filter(|c| text.contains(&c.name)) {
        let of = gazetteer.buildings.iter().filter(|b| b.compound == compound.external_id);
        let after = text.split_once(&compound.name).unwrap().1;
        found.extend(
            of.filter(|b| {
                let place = format!("{}{}", b.section, b.no);
                after.starts_with(&format!("{place}号")) || after.starts_with(&format!("{place}-"))
            })
            .map(|b| b.grid),
        );
    }
    for road in gazetteer.roads.iter().filter(|r| text.contains(&r.name)) {
        let after = text.split_once(&road.name).unwrap().1;
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        let Ok(no) = digits.parse::<u32>() else { continue };
        let exception =
            gazetteer.exceptions.iter().find(|x| x.road == road.name && x.no == no).map(|x| x.grid);
        let range = gazetteer.ranges.iter().find(|r| {
            r.road == road.name
                && (r.from_no..=r.to_no).contains(&no)
                && match r.parity {
                    Parity::Odd => no % 2 == 1,
                    Parity::Even => no % 2 == 0,
                    Parity::Both => true,
                }
        });
        found.extend(exception.or(range.map(|r| r.grid)));
    }
    for group in &gazetteer.village_groups {
        if text.contains(&format!("{}{}组", group.village, group.group_no)) {
            found.push(group.grid);
        }
    }
    for lane in gazetteer
        .village_lanes
        .iter()
        .filter(|l| text.contains(&format!("{}{}", l.village, l.lane)))
    {
        found.push(lane.grid);
    }
    for shop in gazetteer.shops.iter().filter(|s| text.contains(&s.name)) {
        found.push(shop.grid);
    }
    found.iter().map(|at| gazetteer.grids[usize::from(at.0)].external_id.clone()).collect()
}

#[test]
fn every_message_that_should_be_routed_names_a_place_of_its_grid() {
    use entity::kinds::{Category, Urgency};
    let gazetteer = generate(SEED).gazetteer;
    let messages = include_str!("../../demo/messages.jsonl");
    assert!(messages.lines().count() >= 24);
    for line in messages.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = message["text"].as_str().unwrap();
        assert!(Category::from_word(message["category"].as_str().unwrap()).is_some(), "{text}");
        assert!(Urgency::from_word(message["urgency"].as_str().unwrap()).is_some(), "{text}");
        let expected = &message["expected"];
        if let Some(grid) = expected["grid"].as_str() {
            let named = grids_named_in(text, &gazetteer);
            assert!(!named.is_empty() && named.iter().all(|g| g == grid), "{text}: {named:?}");
        }
        for grid in expected["among"].as_array().into_iter().flatten() {
            assert!(
                gazetteer.grids.iter().any(|g| g.external_id == grid.as_str().unwrap()),
                "{text}"
            );
        }
    }
}
