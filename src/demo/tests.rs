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
