//! Puts the demo street together: ground, roads, compounds, villages, trades, homes.

use std::collections::{HashMap, HashSet};

use entity::kinds::{GridId, GridKind};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::chance::{self, words};
use super::lattice::{Cell, Lattice, plough};
use super::{compounds, homes, roads, trades, villages};
use crate::domain::gazetteer::{
    Community, CommunityRef, Gazetteer, GridRef, Household, Neighbour, SmallGrid,
};

/// The seed of the street that the story, the pictures and `demo/messages.jsonl` use.
pub const SEED: u64 = 371_702_003;

const STREET_CODE: &str = "371702003";
const STREET: &str = "南城街道";
/// The real names, in the order of their codes 001 to 014.
const COMMUNITIES: [&str; 14] = [
    "双井",
    "中山",
    "新兴",
    "曹州",
    "中意",
    "双阳",
    "中岳",
    "中和",
    "马堤口",
    "程堤口",
    "侯店",
    "黄口",
    "张楼",
    "郭大千",
];
const ORDINALS: [&str; 3] = ["第一网格", "第二网格", "第三网格"];

/// A street as the import would read it.
#[derive(Clone, Debug)]
pub struct Street {
    pub gazetteer: Gazetteer,
    pub households: Vec<Household>,
}

/// Cells, the grids on them and the communities above.
#[derive(Debug)]
pub struct Ground {
    pub lattice: Lattice,
    pub communities: Vec<Community>,
    pub grids: Vec<SmallGrid>,
    at: HashMap<(u32, u32), GridRef>,
}

impl Ground {
    /// Returns the grid on a cell.
    pub fn grid_of(&self, cell: Cell) -> GridRef {
        self.at.get(&(cell.column, cell.row)).copied().unwrap_or(GridRef(0))
    }

    /// Returns the grids of a community.
    pub fn grids_of(&self, community: CommunityRef) -> Vec<GridRef> {
        let grids = (0u16..).zip(&self.grids);
        grids.filter(|(_, g)| g.community == community).map(|(at, _)| GridRef(at)).collect()
    }

    /// Returns the name of the community of a grid.
    pub fn community_name(&self, grid: GridRef) -> &str {
        let community = self.grids.get(usize::from(grid.0)).map(|g| usize::from(g.community.0));
        community.and_then(|at| self.communities.get(at)).map_or("", |c| c.name.as_str())
    }
}

/// Invents the street; the same seed gives the same street.
pub fn generate(seed: u64) -> Street {
    let mut rng = StdRng::seed_from_u64(seed);
    let ground = ground(Lattice::bend(&mut rng));
    let network = roads::build(&ground.lattice, &ground.at, &mut rng);
    let mut estate = compounds::build(&ground, &network, &mut rng);
    let (village_groups, village_lanes) = villages::build(&ground, &mut rng);
    let pois = trades::pois(&ground, &network, &mut rng);
    let shops = trades::shops(&ground, &network, &mut rng);
    let households = homes::build(&mut estate, &village_groups);
    let gates = estate.gates.iter().map(|g| (g.road.clone(), g.no));
    let places = pois.iter().filter_map(|p| Some((p.road.clone(), p.no?)));
    let trade = shops.iter().filter_map(|s| Some((s.road.clone(), s.no?)));
    let used: HashSet<(String, u32)> = gates.chain(places).chain(trade).collect();
    let gazetteer = Gazetteer {
        street_code: STREET_CODE.to_owned(),
        street: STREET.to_owned(),
        communities: ground.communities,
        grids: ground.grids,
        ranges: network.ranges(),
        exceptions: network.exceptions(&used, &mut rng),
        roads: network.roads,
        compounds: estate.compounds,
        gates: estate.gates,
        buildings: estate.buildings,
        village_groups,
        village_lanes,
        pois,
        shops,
        neighbours: neighbours(),
        aliases: Vec::new(),
    };
    Street { gazetteer, households }
}

/// Gives the cells, in the order of the plough, to the communities: three each, two to the last two.
fn ground(lattice: Lattice) -> Ground {
    let mut cells = plough().into_iter();
    let (mut communities, mut grids, mut at) = (Vec::new(), Vec::new(), HashMap::new());
    for (number, name) in (0u16..).zip(COMMUNITIES) {
        let own: Vec<Cell> = cells.by_ref().take(if number < 12 { 3 } else { 2 }).collect();
        let code = format!("{STREET_CODE}{:03}", number + 1);
        let name = format!("{name}社区");
        for ((cell, ordinal), seq) in own.iter().zip(ORDINALS).zip(1u32..) {
            let place = u16::try_from(grids.len()).unwrap_or(u16::MAX);
            at.insert((cell.column, cell.row), GridRef(place));
            grids.push(SmallGrid {
                id: GridId(0),
                external_id: format!("G{:03}{seq:02}", number + 1),
                kind: GridKind::Small,
                name: format!("{name}{ordinal}"),
                community: CommunityRef(number),
                polygon: lattice.ring(&[*cell]),
            });
        }
        let polygon = lattice.ring(&own);
        communities.push(Community { id: GridId(0), code, name, polygon });
    }
    Ground { lattice, communities, grids, at }
}

fn neighbours() -> Vec<Neighbour> {
    let lines = words(chance::NEIGHBOURS).into_iter();
    lines
        .flat_map(|line| {
            let mut cells = line.split(',');
            let street = cells.next().unwrap_or_default();
            cells.map(move |c| Neighbour { street: street.to_owned(), community: c.to_owned() })
        })
        .collect()
}
