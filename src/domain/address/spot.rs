//! Where on the map a place stands, as far as the gazetteer knows: for people who go there, never
//! to decide anything.

use super::mention::{Claim, Mention, What};
use super::{Index, Spot, SpotKind};
use crate::domain::gazetteer::{AliasTarget, GridRef, Point};
use crate::domain::geo;

/// Points farther from their middle than this are no one place; metres.
const ONE_PLACE_M: f64 = 500.0;
/// A building or shop is about this large; metres.
const SMALLEST_M: f64 = 30.0;

impl Index {
    /// Returns where the part of a named place stands that lies in the grid; `None` for villages,
    /// roads and whatever has no point.
    pub fn spot_of(&self, target: &AliasTarget, grid: GridRef) -> Option<Spot> {
        let places = &self.places;
        let what = match target {
            AliasTarget::Compound(id) => {
                What::Compound(places.compounds.iter().position(|c| c.external_id == *id)?)
            }
            AliasTarget::Building(id) => {
                What::Building(places.buildings.iter().position(|b| b.external_id == *id)?)
            }
            AliasTarget::Poi(id) => {
                What::Poi(places.pois.iter().position(|p| p.external_id == *id)?)
            }
            AliasTarget::Shop(id) => {
                What::Shop(places.shops.iter().position(|s| s.external_id == *id)?)
            }
            AliasTarget::Village(_) | AliasTarget::Road(_) => return None,
        };
        spot(self, &[Claim::new(grid, what)], grid)
    }

    /// Returns a point inside a grid and how far its border is at most.
    pub fn middle_of(&self, grid: GridRef) -> Option<Spot> {
        let ring = &self.places.grids.get(usize::from(grid.0))?.polygon;
        let at = geo::within(ring)?;
        Some(Spot { at, radius_m: farthest(at, ring), kind: SpotKind::Grid })
    }
}

/// Returns where the part of a mention stands that lies in the grid.
pub(super) fn of(index: &Index, found: &Mention, grid: GridRef) -> Option<Spot> {
    spot(index, &found.claims, grid)
}

fn spot(index: &Index, claims: &[Claim], grid: GridRef) -> Option<Spot> {
    let mut points = Vec::new();
    let mut kinds = Vec::new();
    for claim in claims.iter().filter(|claim| claim.grid == grid) {
        let (kind, of_claim) = points_of(index, claim)?;
        points.extend(of_claim);
        kinds.push(kind);
    }
    let at = geo::middle(&points)?;
    let radius_m = farthest(at, &points).max(SMALLEST_M);
    // Several buildings of one compound are as good as the compound.
    let kind = match kinds.as_slice() {
        [SpotKind::Building, _, ..] => SpotKind::Compound,
        [kind, ..] => *kind,
        [] => return None,
    };
    (radius_m <= ONE_PLACE_M).then_some(Spot { at, radius_m, kind })
}

fn farthest(from: Point, points: &[Point]) -> f64 {
    points.iter().map(|to| geo::distance_m(from, *to)).fold(0.0, f64::max)
}

/// Returns the points of a claim; `None` when it has none.
fn points_of(index: &Index, claim: &Claim) -> Option<(SpotKind, Vec<Point>)> {
    let places = &index.places;
    let one = |kind, at: Point| Some((kind, vec![at]));
    match claim.what {
        What::Building(i) => one(SpotKind::Building, places.buildings.get(i)?.at),
        What::Poi(i) | What::AcrossPoi(i) => one(SpotKind::Poi, places.pois.get(i)?.at),
        What::Shop(i) => one(SpotKind::Shop, places.shops.get(i)?.at),
        What::Corner(_) => one(SpotKind::Crossing, claim.at?),
        What::Compound(i) => compound(index, i, claim.grid),
        What::Gate(_) => compound(index, claim.compound?, claim.grid),
        What::Group(_) | What::Lane(_) | What::Range(_) | What::Grid | What::Door => None,
    }
}

/// Returns the buildings of a compound that lie in the grid.
fn compound(index: &Index, at: usize, grid: GridRef) -> Option<(SpotKind, Vec<Point>)> {
    let buildings = index.buildings.get(at)?.iter().filter_map(|i| index.places.buildings.get(*i));
    let inside: Vec<Point> = buildings.filter(|b| b.grid == grid).map(|b| b.at).collect();
    (!inside.is_empty()).then_some((SpotKind::Compound, inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::Query;
    use crate::domain::gazetteer::{Building, CommunityRef, Compound, Gazetteer, Poi, SmallGrid};

    const AT: Point = Point { lon: 115.48, lat: 35.235 };

    fn street(apart_m: f64) -> Index {
        let grid = |n: u16| SmallGrid {
            id: entity::kinds::GridId(0),
            external_id: format!("G{n}"),
            kind: entity::kinds::GridKind::Small,
            name: format!("第{n}网格"),
            community: CommunityRef(0),
            polygon: [(0.0, 0.0), (300.0, 0.0), (300.0, 200.0), (0.0, 200.0), (0.0, 0.0)]
                .map(|(east, north)| geo::moved(AT, east, north))
                .to_vec(),
        };
        let building = |no: u32, grid: u16| Building {
            external_id: format!("B{no}"),
            compound: "C1".to_owned(),
            section: String::new(),
            no: no.to_string(),
            label: format!("{no}号楼"),
            units: 1,
            floors: 6,
            per_floor: 2,
            at: geo::moved(AT, f64::from(no) * apart_m, 0.0),
            grid: GridRef(grid),
        };
        let compound = Compound {
            external_id: "C1".to_owned(),
            name: "翠屏湾".to_owned(),
            aliases: Vec::new(),
            sections: Vec::new(),
            kind: "big".to_owned(),
            grids: vec![GridRef(0), GridRef(1)],
            address: String::new(),
        };
        let park = Poi {
            external_id: "P1".to_owned(),
            name: "曹州公园".to_owned(),
            aliases: Vec::new(),
            kind: "park".to_owned(),
            road: String::new(),
            no: None,
            at: geo::moved(AT, 0.0, 900.0),
            grid: GridRef(1),
        };
        Index::build(&Gazetteer {
            grids: vec![grid(0), grid(1)],
            compounds: vec![compound],
            buildings: vec![building(1, 0), building(2, 0), building(3, 0), building(9, 1)],
            pois: vec![park],
            ..Gazetteer::default()
        })
    }

    /// Metres east and north, rounded, and what it is.
    fn seen(spot: Spot) -> (f64, f64, SpotKind) {
        let off = geo::Plane::at(AT).point(spot.at);
        (off.x.round(), off.y.round(), spot.kind)
    }

    fn spots(index: &Index, text: &str) -> Vec<Option<(f64, f64, SpotKind)>> {
        let found = index.resolve(&Query { text, ..Query::default() });
        found.candidates.iter().map(|c| c.spot.map(seen)).collect()
    }

    #[test]
    fn a_building_a_compound_and_a_known_point_stand_where_the_gazetteer_has_them() {
        let index = street(100.0);
        let building = spots(&index, "翠屏湾2号楼停水了");
        assert_eq!(building, [Some((200.0, 0.0, SpotKind::Building))]);
        let park = spots(&index, "曹州公园的路灯坏了");
        assert_eq!(park, [Some((0.0, 900.0, SpotKind::Poi))]);
        let mut asked = spots(&index, "翠屏湾停水了");
        asked.sort_by(|a, b| a.map(|s| s.0.to_bits()).cmp(&b.map(|s| s.0.to_bits())));
        // The middle of the three that lie in one grid, and the one in the other.
        let (three, one) = ((200.0, 0.0, SpotKind::Compound), (900.0, 0.0, SpotKind::Building));
        assert_eq!(asked, [Some(three), Some(one)]);
    }

    #[test]
    fn the_radius_reaches_the_farthest_building_and_what_is_too_wide_is_no_place() {
        let index = street(100.0);
        let whole = AliasTarget::Compound("C1".to_owned());
        let near = index.spot_of(&whole, GridRef(0)).unwrap();
        assert!((near.radius_m - 100.0).abs() < 1.0, "{near:?}");
        let one = index.spot_of(&AliasTarget::Building("B1".to_owned()), GridRef(0)).unwrap();
        assert!((one.radius_m - SMALLEST_M).abs() < 0.1, "{one:?}");
        assert!(street(600.0).spot_of(&whole, GridRef(0)).is_none());
        assert!(index.spot_of(&AliasTarget::Road("康复路".to_owned()), GridRef(0)).is_none());
    }

    #[test]
    fn the_middle_of_a_grid_lies_inside_and_its_radius_reaches_the_corners() {
        let middle = street(100.0).middle_of(GridRef(0)).unwrap();
        assert_eq!(seen(middle), (150.0, 100.0, SpotKind::Grid));
        assert!((middle.radius_m - 180.3).abs() < 1.0, "{middle:?}");
    }
}
