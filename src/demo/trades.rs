//! Places everybody knows, and 3,000 shops with door numbers.

use std::collections::HashMap;

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

use super::chance::{self, roll, words};
use super::lattice::Lattice;
use super::roads::{Face, Network};
use super::street::Ground;
use crate::domain::gazetteer::{Poi, Shop};

const SHOPS: usize = 3_000;
/// Branches of one name in several grids: a name alone is no address.
const BRANCHES: usize = 120;
const CHAINS: [(&str, &str); 4] =
    [("禾家超市", "零售"), ("百草堂药店", "零售"), ("飞燕快递站", "服务"), ("晨光早餐", "餐饮")];

/// Places about fifty points of interest: the listed ones and a health station per community.
pub fn pois(ground: &Ground, network: &Network, rng: &mut impl Rng) -> Vec<Poi> {
    let mut pois = Vec::new();
    for line in words(chance::POIS) {
        let mut cells = line.split(',');
        let (kind, name) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let aliases = cells.next().unwrap_or_default().split('|').filter(|a| !a.is_empty());
        let aliases: Vec<String> = aliases.map(str::to_owned).collect();
        if let Some(face) = network.faces.choose(rng) {
            pois.push(poi(name.to_owned(), aliases, kind, (face, &ground.lattice), rng));
        }
    }
    for (at, community) in (0u16..).zip(&ground.communities) {
        let grids = ground.grids_of(crate::domain::gazetteer::CommunityRef(at));
        let own: Vec<_> = network.faces.iter().filter(|f| grids.contains(&f.grid)).collect();
        if let Some(face) = own.choose(rng) {
            let name = format!("{}卫生服务站", community.name);
            pois.push(poi(name, Vec::new(), "hospital", (face, &ground.lattice), rng));
        }
    }
    for (at, poi) in (1u32..).zip(&mut pois) {
        poi.external_id = format!("P{at:04}");
    }
    pois
}

fn poi(
    name: String,
    aliases: Vec<String>,
    kind: &str,
    (face, lattice): (&Face, &Lattice),
    rng: &mut impl Rng,
) -> Poi {
    let no = face.number(rng);
    Poi {
        external_id: String::new(),
        name,
        aliases,
        kind: kind.to_owned(),
        road: face.road.clone(),
        no: Some(no),
        at: face.at(lattice, no),
        grid: face.grid,
    }
}

/// Opens 3,000 shops; a door number may hold several, told apart by `sub`.
pub fn shops(ground: &Ground, network: &Network, rng: &mut impl Rng) -> Vec<Shop> {
    let mut doors: HashMap<(String, u32), u32> = HashMap::new();
    let mut shops = Vec::new();
    for (at, (name, kind)) in (1u32..).zip(names(rng)) {
        let Some(face) = network.faces.choose(rng) else { break };
        let no = face.number(rng);
        let sub = doors.entry((face.road.clone(), no)).or_insert(0);
        *sub += 1;
        let community = ground.community_name(face.grid);
        let stem = community.trim_end_matches("社区");
        shops.push(Shop {
            external_id: format!("S{at:05}"),
            name: name.replace("{}", stem),
            kind: kind.to_owned(),
            road: face.road.clone(),
            no: Some(no),
            sub: sub.to_string(),
            at: face.at(&ground.lattice, no),
            grid: face.grid,
        });
    }
    shops
}

/// Makes names: each brand with each trade at most once, then branches of the chains.
fn names(rng: &mut impl Rng) -> Vec<(String, &'static str)> {
    let mut brands = Vec::new();
    let mut trades = Vec::new();
    for line in words(chance::SHOPS) {
        let Some((kind, list)) = line.split_once(',') else { continue };
        match kind {
            "brand" => brands.extend(list.split('|')),
            kind => trades.extend(list.split('|').map(|trade| (kind, trade))),
        }
    }
    let pairs =
        brands.iter().flat_map(|b| trades.iter().map(move |(kind, t)| (format!("{b}{t}"), *kind)));
    let mut names: Vec<_> = pairs.collect();
    names.shuffle(rng);
    names.truncate(SHOPS - BRANCHES);
    for _ in 0..BRANCHES {
        let at = usize::try_from(roll(rng, 0, 3)).unwrap_or(0);
        let (name, kind) = CHAINS.get(at).copied().unwrap_or_default();
        names.push((format!("{name}({{}}店)"), kind));
    }
    names
}
