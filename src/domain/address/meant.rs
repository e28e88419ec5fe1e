//! Which of several places a text is about: one row for each rule, on a street of two grids. In the
//! west lies 枫林湾 with 7号楼 and 12号楼, in the east 紫荆苑 with 5号楼 and 7号楼; 青云路29号 is west, 30号 east.

use super::tests::{building, compound, group, town};
use super::*;
use crate::domain::gazetteer::{Building, Compound, Gazetteer, Poi};
use crate::domain::geo;

fn street() -> Gazetteer {
    let mut street = town();
    let homes = [("C2", "枫林湾", ["7", "12"], 60.0), ("C3", "紫荆苑", ["5", "7"], 900.0)];
    for ((id, name, numbers, east), grid) in homes.into_iter().zip(0..) {
        street.compounds.push(Compound {
            external_id: id.into(),
            name: name.into(),
            aliases: Vec::new(),
            sections: Vec::new(),
            grids: vec![GridRef(grid)],
            ..compound()
        });
        street.buildings.extend(numbers.map(|no| Building {
            compound: id.into(),
            ..building(&format!("{id}-{no}"), "", no, east)
        }));
    }
    // 石桥村: groups 1 and 3 lie west, 2 east.
    street.village_groups.push(group(3));
    for one in street.buildings.iter_mut().filter(|b| b.external_id == "B4") {
        one.units = 1;
    }
    street.compounds.push(Compound {
        external_id: "C4".into(),
        name: "税务局家属院".into(),
        aliases: Vec::new(),
        sections: Vec::new(),
        grids: vec![GridRef(0)],
        ..compound()
    });
    street.pois.push(Poi {
        external_id: "P1".into(),
        name: "青云路夜市".into(),
        aliases: vec!["夜市".into()],
        kind: "market".into(),
        road: "青云路".into(),
        no: Some(30),
        at: geo::moved(street.buildings[0].at, 700.0, 0.0),
        grid: GridRef(1),
    });
    street
}

/// Says what came out in a word: `west`, `east`, `ask` or `none`.
fn said(index: &Index, text: &str) -> &'static str {
    let found = index.resolve(&Query { text, ..Query::default() });
    match (found.action, found.grid) {
        (Action::Route, Some(GridRef(0))) => "west",
        (Action::Route, _) => "east",
        (Action::Ask | Action::RouteLarge, _) => "ask",
        (Action::Reject(_), _) => "none",
    }
}

#[track_caller]
fn table(rows: &[(&str, &str)]) {
    let index = Index::build(&street());
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let got = said(&index, text);
            let how = || index.explain(&Query { text, ..Query::default() });
            (got != *expected).then(|| format!("{text}: {got} instead of {expected}\n{}", how()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_words_beside_two_homes_say_which_is_meant() {
    table(&[
        // other, past, whereabouts, motion
        ("我姐家住紫荆苑5号楼，我家枫林湾7号楼漏水", "west"),
        ("我家枫林湾7号楼漏水，我姐家住紫荆苑5号楼", "west"),
        ("以前住紫荆苑5号楼，现在住枫林湾7号楼，停水了", "west"),
        ("枫林湾7号楼停水，我以前住紫荆苑5号楼的时候可没这样", "west"),
        ("我人在紫荆苑5号楼，枫林湾7号楼屋里水管爆了", "west"),
        ("枫林湾7号楼屋里水管爆了，我现在在紫荆苑5号楼", "west"),
        ("枫林湾7号楼停电，我跑到紫荆苑5号楼充电", "west"),
        // reference, far, denied, hearsay, favoured
        ("枫林湾7号楼停电，离紫荆苑5号楼不远", "west"),
        ("不是紫荆苑5号楼，枫林湾7号楼停电", "west"),
        ("枫林湾7号楼停电，不是紫荆苑5号楼", "west"),
        ("枫林湾7号楼停电，听说紫荆苑5号楼有发电机", "west"),
        ("枫林湾7号楼没人管，光给紫荆苑5号楼修", "west"),
        // calling, agency
        ("枫林湾7号楼停电，打紫荆苑5号楼电话没人接", "west"),
        ("枫林湾7号楼停电，紫荆苑5号楼的物业说不归他们管", "west"),
        // fixed, same, work, travel
        ("枫林湾7号楼停电，紫荆苑5号楼早就修好了", "west"),
        ("枫林湾7号楼停电，紫荆苑5号楼也一样", "west"),
        ("我在紫荆苑5号楼上班，枫林湾7号楼漏水", "west"),
        ("从紫荆苑5号楼回来，枫林湾7号楼又停电了", "west"),
        // report, label
        ("昨天去了趟紫荆苑5号楼，反映一下枫林湾7号楼停电", "west"),
        ("本人住址：紫荆苑5号楼，事发地点：枫林湾7号楼，停电", "west"),
    ]);
}

#[test]
fn trouble_inside_is_at_home_and_trouble_outside_on_the_street() {
    table(&[
        ("我住紫荆苑5号楼，青云路29号的井盖没了", "west"),
        ("青云路29号的井盖没了，我是紫荆苑5号楼的居民", "west"),
        ("路过青云路29号，看见井盖没了", "west"),
        ("我家枫林湾7号楼，青云路30号停电", "east"),
        ("从枫林湾7号楼回来，青云路30号路灯不亮", "east"),
        ("枫林湾7号楼，青云路30号井盖没了", "east"),
        ("青云路29号那边吵，枫林湾7号楼卫生间漏水", "west"),
        ("青云路30号旁边的枫林湾7号楼卫生间漏水", "west"),
        ("青云路30号门口，枫林湾卫生间漏水", "west"),
        ("枫林湾7号楼 青云路30号停电", "ask"),
        // The words go one way, the trouble the other.
        ("青云路30号卫生间漏水，枫林湾", "ask"),
        ("路过青云路29号，紫荆苑5号楼井盖没了", "ask"),
    ]);
}

#[test]
fn a_complete_address_beats_a_name_that_stands_before_it() {
    table(&[
        ("枫林湾停电，紫荆苑5号楼", "east"),
        ("枫林湾7号楼停电，紫荆苑", "west"),
        ("路过枫林湾，紫荆苑5号楼停电", "east"),
        ("枫林湾门口停电，紫荆苑5号楼", "ask"),
        ("不是槐荫社区，紫荆苑停水", "east"),
    ]);
}

#[test]
fn places_named_in_one_breath_are_asked_for() {
    table(&[
        ("枫林湾7号楼和紫荆苑5号楼停水", "ask"),
        ("枫林湾7号楼、紫荆苑5号楼都停水", "ask"),
        ("枫林湾7号楼跟紫荆苑5号楼都停水", "ask"),
        ("枫林湾7号楼，紫荆苑5号楼，两处都停水", "ask"),
        ("枫林湾7号楼，还有紫荆苑5号楼停水", "ask"),
        ("梧桐花园一期和二期都停水", "ask"),
        ("梧桐花园31号楼2单元跟12号楼1单元都没电", "ask"),
        ("石桥村1组和2组都停电", "ask"),
        ("石桥村1、2组停电", "ask"),
        ("石桥村1、3组停电", "west"),
        ("枫林湾和梧桐花园都停水", "ask"),
        ("记不清是枫林湾7号楼还是紫荆苑5号楼", "ask"),
        ("停水的有枫林湾7号楼以及紫荆苑5号楼", "ask"),
        ("青云路29号，紫荆苑5号楼都停水", "ask"),
        ("枫林湾和青云路30号停水", "ask"),
        ("枫林湾7号楼和紫荆苑差别怎么那么大，停水没人理", "west"),
        ("以前住枫林湾7号楼和紫荆苑5号楼，停水", "ask"),
    ]);
}

#[test]
fn a_place_that_is_announced_and_not_read_lowers_the_certainty() {
    let index = Index::build(&street());
    let sure = |text: &str| index.resolve(&Query { text, ..Query::default() }).confidence;
    let alone = sure("枫林湾7号楼停电，一上午了");
    for text in ["枫林湾7号楼停电，我家在黄泥坡新村", "枫林湾7号楼停电，地址：黄泥坡新村"]
    {
        assert!(sure(text) < alone - 0.02, "{text}: {} of {alone}", sure(text));
    }
}

#[test]
fn what_is_said_of_no_other_place_is_asked_or_refused() {
    table(&[
        // Only what is not meant.
        ("不是枫林湾7号楼", "ask"),
        ("枫林湾7号楼早就修好了", "ask"),
        ("听说枫林湾7号楼也一样", "ask"),
        ("我住枫林湾7号楼，我住紫荆苑5号楼，停水", "ask"),
        // A place that is announced and not read.
        ("以前住枫林湾7号楼，我家在黄泥坡新村5号", "ask"),
        // The section has no such building, another one has.
        ("梧桐花园一期12号楼停水", "ask"),
        // A number that no address took.
        ("我姐家住枫林湾，我家9号楼停水", "ask"),
    ]);
}

#[test]
fn one_kind_of_place_is_never_read_as_another() {
    table(&[("青云街30号停水", "ask"), ("梧桐花城31号楼停水", "ask"), ("石桥寨停水", "ask")]);
}

#[test]
fn a_short_name_is_no_part_of_a_longer_word() {
    table(&[
        ("税务局家属院停水", "west"),
        ("税务局停水", "west"),
        ("税务所门口有人打架", "ask"),
        ("夜事门口有人打架", "east"),
        ("青云路29号半夜施工", "west"),
    ]);
}

#[test]
fn who_corrects_himself_means_the_last() {
    table(&[
        ("枫林湾7号楼，说错了，是紫荆苑5号楼", "east"),
        ("紫荆苑5号楼，不对不对，枫林湾7号楼停水", "west"),
        ("停水了，紫荆苑5号楼，打错了，枫林湾7号楼", "west"),
        ("梧桐花园一期3号楼，不对，是二期3号楼，电梯坏了", "east"),
        ("梧桐花园二期3号楼，写错了，是一期，停水了", "west"),
        ("梧桐花园不是一期，是二期的3号楼漏水", "east"),
        ("（二期）3号楼漏水，地址梧桐花园", "east"),
        ("梧桐花园一期3号楼停电，更正：二期3号楼", "east"),
        ("石桥村1组，不对，2组路灯坏了", "east"),
    ]);
}

#[test]
fn a_place_elsewhere_is_the_one_when_the_words_say_so() {
    table(&[
        ("东城街道柳荫社区停水，人在外地，紫荆苑5号楼早就卖了", "none"),
        ("东城街道停电，离紫荆苑不远", "none"),
        ("东城街道柳荫社区停水，我人在紫荆苑", "none"),
        ("紫荆苑5号楼，东城街道柳荫社区", "ask"),
        ("枫林湾7号楼东城街道柳荫社区", "ask"),
        ("东城街道停电，紫荆苑", "east"),
        ("我家在紫荆苑5号楼停水，不是东城街道柳荫社区", "east"),
        ("我老家东城街道柳荫社区，现在住紫荆苑5号楼，停水", "east"),
    ]);
}

#[test]
fn a_bare_number_is_of_a_compound_that_the_home_may_mean() {
    let index = Index::build(&street());
    let west = |text| {
        let found = index.resolve(&Query { text, home: Some(GridRef(0)), ..Query::default() });
        (found.action, found.grid)
    };
    assert_eq!(west("7号楼停水"), (Action::Route, Some(GridRef(0))), "紫荆苑 is not near");
    assert_eq!(west("3号楼停水"), (Action::Route, Some(GridRef(0))), "his part of 梧桐花园");
    assert_eq!(west("12号楼停水").0, Action::Ask, "枫林湾, or the other part of 梧桐花园");
}
