//! Exactly 64,000 dwellings: those of the buildings, thinned evenly, and every village house.

use super::compounds::Estate;
use crate::domain::gazetteer::{Household, VillageGroup};

/// The households of the street (domain §1).
pub const TARGET: usize = 64_000;

/// Lists every dwelling. Buildings grow until there are enough, then dwellings are left out evenly
/// (an empty flat has no household).
pub fn build(estate: &mut Estate, groups: &[VillageGroup]) -> Vec<Household> {
    let houses: usize = groups.iter().map(|g| usize::try_from(g.houses).unwrap_or(0)).sum();
    let wanted = TARGET.saturating_sub(houses);
    while flats(estate) < wanted {
        for building in &mut estate.buildings {
            building.units += 1;
        }
    }
    let total = flats(estate).max(1);
    let mut homes = Vec::with_capacity(TARGET);
    for (at, home) in every_flat(estate).enumerate() {
        // Keeps `wanted` of `total`, spread evenly: the share passes a whole number at each kept flat.
        if (at + 1) * wanted / total > at * wanted / total {
            homes.push(home);
        }
    }
    homes.extend(groups.iter().flat_map(village));
    for (at, home) in (1u32..).zip(&mut homes) {
        home.external_id = format!("H{at:06}");
    }
    homes
}

fn flats(estate: &Estate) -> usize {
    let counts = estate.buildings.iter().map(|b| b.units * b.floors * b.per_floor);
    counts.map(|n| usize::try_from(n).unwrap_or(0)).sum()
}

fn every_flat(estate: &Estate) -> impl Iterator<Item = Household> {
    let names: std::collections::HashMap<_, _> =
        estate.compounds.iter().map(|c| (c.external_id.as_str(), c.name.as_str())).collect();
    estate.buildings.iter().flat_map(move |b| {
        let name = names.get(b.compound.as_str()).copied().unwrap_or_default();
        let place = format!("{name}{}{}", b.section, b.label);
        (1..=b.units).flat_map(move |unit| {
            let place = place.clone();
            (1..=b.floors).flat_map(move |floor| {
                let place = place.clone();
                (1..=b.per_floor).map(move |door| {
                    let room = format!("{floor}{door:02}");
                    Household {
                        external_id: String::new(),
                        building: b.external_id.clone(),
                        village_group: String::new(),
                        unit: unit.to_string(),
                        floor: floor.to_string(),
                        address: format!("{place}{unit}单元{room}"),
                        room,
                        grid: b.grid,
                    }
                })
            })
        })
    })
}

fn village(group: &VillageGroup) -> impl Iterator<Item = Household> {
    (1..=group.houses).map(move |house| Household {
        external_id: String::new(),
        building: String::new(),
        village_group: format!("{}#{}", group.village, group.group_no),
        unit: String::new(),
        floor: String::new(),
        room: house.to_string(),
        address: format!("{}{}组{house}号", group.village, group.group_no),
        grid: group.grid,
    })
}
