//! Loads the valid places of the street as plain data.
//!
//! Grids keep the order of their rows, so references are positions that stay the same while the
//! process runs.

use std::collections::HashMap;

use entity::kinds::{BuildingId, CompoundId, GridId, GridKind};
use entity::{
    building, compound, compound_gate, grid, neighbour, poi, road, road_exception, road_range, shop,
};
use entity::{village_group, village_lane};
use sea_orm::{ConnectionTrait, DbErr};

use super::places_sync::valid;
use crate::domain::gazetteer::{
    Building, Community, CommunityRef, Compound, Gate, Gazetteer, GridRef, Neighbour, Parity, Poi,
    Point, Road, RoadException, RoadRange, Shop, SmallGrid, VillageGroup, VillageLane,
};

/// Ids of valid rows by what the files call them.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    pub grids: HashMap<String, GridId>,
    pub roads: HashMap<String, i64>,
    pub compounds: HashMap<String, CompoundId>,
    pub buildings: HashMap<String, BuildingId>,
}

/// Names for what rows refer to by id.
struct Names {
    grids: HashMap<GridId, GridRef>,
    roads: HashMap<i64, String>,
    compounds: HashMap<CompoundId, String>,
}

/// Loads every valid row except households. Empty when no street was imported. Fails when the
/// database does, or when a row refers to a grid that is no longer valid.
pub async fn load_gazetteer(conn: &impl ConnectionTrait) -> Result<Gazetteer, DbErr> {
    let mut gazetteer = Gazetteer::default();
    let mut names =
        Names { grids: HashMap::new(), roads: HashMap::new(), compounds: HashMap::new() };
    grids(conn, &mut gazetteer, &mut names).await?;
    roads(conn, &mut gazetteer, &mut names).await?;
    compounds(conn, &mut gazetteer, &mut names).await?;
    villages(conn, &mut gazetteer, &names).await?;
    for row in valid::<poi::Entity>(conn).await? {
        gazetteer.pois.push(Poi {
            grid: names.grid(row.grid_id)?,
            external_id: row.external_id,
            name: row.name,
            aliases: list(&row.aliases),
            kind: row.kind,
            road: names.maybe_road(row.road_id),
            no: row.no.map(number),
            at: Point { lon: row.lon, lat: row.lat },
        });
    }
    for row in valid::<shop::Entity>(conn).await? {
        gazetteer.shops.push(Shop {
            grid: names.grid(row.grid_id)?,
            external_id: row.external_id,
            name: row.name,
            kind: row.kind,
            road: names.maybe_road(row.road_id),
            no: row.no.map(number),
            sub: row.sub,
            at: Point { lon: row.lon, lat: row.lat },
        });
    }
    let neighbours = valid::<neighbour::Entity>(conn).await?;
    gazetteer.neighbours = neighbours
        .into_iter()
        .map(|n| Neighbour { street: n.street, community: n.community })
        .collect();
    Ok(gazetteer)
}

async fn grids(
    conn: &impl ConnectionTrait,
    out: &mut Gazetteer,
    names: &mut Names,
) -> Result<(), DbErr> {
    let mut rows = valid::<grid::Entity>(conn).await?;
    rows.sort_by_key(|row| row.id);
    let mut communities = HashMap::new();
    for row in rows.iter().filter(|row| row.kind == GridKind::Large) {
        communities.insert(row.id, CommunityRef(position(out.communities.len())?));
        out.communities.push(Community {
            id: row.id,
            code: row.external_id.clone(),
            name: row.name.clone(),
            polygon: points(row.polygon.as_deref())?,
        });
    }
    for row in rows {
        match row.kind {
            GridKind::Street => (out.street_code, out.street) = (row.external_id, row.name),
            GridKind::Large => {}
            GridKind::Small | GridKind::Special => {
                let parent = row.parent_id.and_then(|id| communities.get(&id)).copied();
                names.grids.insert(row.id, GridRef(position(out.grids.len())?));
                out.grids.push(SmallGrid {
                    community: parent.ok_or_else(|| dangling("grid", row.id.0))?,
                    id: row.id,
                    external_id: row.external_id,
                    kind: row.kind,
                    name: row.name,
                    polygon: points(row.polygon.as_deref())?,
                });
            }
        }
    }
    Ok(())
}

async fn roads(
    conn: &impl ConnectionTrait,
    out: &mut Gazetteer,
    names: &mut Names,
) -> Result<(), DbErr> {
    for row in valid::<road::Entity>(conn).await? {
        names.roads.insert(row.id, row.name.clone());
        out.roads.push(Road {
            name: row.name,
            direction: row.direction,
            from_no: number(row.from_no),
            to_no: number(row.to_no),
            line: points(Some(&row.line))?,
        });
    }
    for row in valid::<road_range::Entity>(conn).await? {
        out.ranges.push(RoadRange {
            road: names.road(row.road_id)?,
            parity: parity(&row.parity),
            from_no: number(row.from_no),
            to_no: number(row.to_no),
            grid: names.grid(row.grid_id)?,
        });
    }
    for row in valid::<road_exception::Entity>(conn).await? {
        let (road, grid) = (names.road(row.road_id)?, names.grid(row.grid_id)?);
        out.exceptions.push(RoadException { road, no: number(row.no), grid });
    }
    Ok(())
}

async fn compounds(
    conn: &impl ConnectionTrait,
    out: &mut Gazetteer,
    names: &mut Names,
) -> Result<(), DbErr> {
    let refs: HashMap<String, GridRef> = (0u16..)
        .zip(&out.grids)
        .map(|(at, grid)| (grid.external_id.clone(), GridRef(at)))
        .collect();
    for row in valid::<compound::Entity>(conn).await? {
        names.compounds.insert(row.id, row.external_id.clone());
        out.compounds.push(Compound {
            external_id: row.external_id,
            name: row.name,
            aliases: list(&row.aliases),
            sections: list(&row.sections),
            kind: row.kind,
            grids: list(&row.grids).iter().filter_map(|g| refs.get(g)).copied().collect(),
            address: row.address,
        });
    }
    for row in valid::<compound_gate::Entity>(conn).await? {
        out.gates.push(Gate {
            compound: names.compound(row.compound_id)?,
            gate: row.gate,
            road: names.road(row.road_id)?,
            no: number(row.no),
            grid: names.grid(row.grid_id)?,
        });
    }
    for row in valid::<building::Entity>(conn).await? {
        out.buildings.push(Building {
            external_id: row.external_id,
            compound: names.compound(row.compound_id)?,
            section: row.section,
            no: row.no,
            label: row.label,
            units: number(row.units),
            floors: number(row.floors),
            per_floor: number(row.per_floor),
            at: Point { lon: row.lon, lat: row.lat },
            grid: names.grid(row.grid_id)?,
        });
    }
    Ok(())
}

async fn villages(
    conn: &impl ConnectionTrait,
    out: &mut Gazetteer,
    names: &Names,
) -> Result<(), DbErr> {
    let communities: HashMap<GridId, CommunityRef> =
        (0u16..).zip(&out.communities).map(|(at, c)| (c.id, CommunityRef(at))).collect();
    for row in valid::<village_group::Entity>(conn).await? {
        let community = communities.get(&row.community_id).copied();
        out.village_groups.push(VillageGroup {
            village: row.village,
            community: community.ok_or_else(|| dangling("village_group", row.id))?,
            group_no: number(row.group_no),
            houses: number(row.houses),
            grid: names.grid(row.grid_id)?,
        });
    }
    for row in valid::<village_lane::Entity>(conn).await? {
        let (group_no, grid) = (number(row.group_no), names.grid(row.grid_id)?);
        out.village_lanes.push(VillageLane {
            village: row.village,
            lane: row.lane,
            group_no,
            grid,
        });
    }
    Ok(())
}

/// Loads the ids that other rows refer to.
pub async fn ids(conn: &impl ConnectionTrait) -> Result<Ids, DbErr> {
    let grids = valid::<grid::Entity>(conn).await?;
    let roads = valid::<road::Entity>(conn).await?;
    let compounds = valid::<compound::Entity>(conn).await?;
    let buildings = valid::<building::Entity>(conn).await?;
    Ok(Ids {
        grids: grids.into_iter().map(|row| (row.external_id, row.id)).collect(),
        roads: roads.into_iter().map(|row| (row.name, row.id)).collect(),
        compounds: compounds.into_iter().map(|row| (row.external_id, row.id)).collect(),
        buildings: buildings.into_iter().map(|row| (row.external_id, row.id)).collect(),
    })
}

impl Names {
    fn grid(&self, id: GridId) -> Result<GridRef, DbErr> {
        self.grids.get(&id).copied().ok_or_else(|| dangling("grid", id.0))
    }

    fn road(&self, id: i64) -> Result<String, DbErr> {
        self.roads.get(&id).cloned().ok_or_else(|| dangling("road", id))
    }

    fn maybe_road(&self, id: Option<i64>) -> String {
        id.and_then(|id| self.roads.get(&id)).cloned().unwrap_or_default()
    }

    fn compound(&self, id: CompoundId) -> Result<String, DbErr> {
        self.compounds.get(&id).cloned().ok_or_else(|| dangling("compound", id.0))
    }
}

fn dangling(table: &str, id: i64) -> DbErr {
    DbErr::Custom(format!("a valid place refers to {table} {id}, which is not valid"))
}

fn position(at: usize) -> Result<u16, DbErr> {
    u16::try_from(at).map_err(|many| DbErr::Custom(format!("more than 65,535 grids: {many}")))
}

fn number(n: i32) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

fn list(joined: &str) -> Vec<String> {
    joined.split('|').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn parity(word: &str) -> Parity {
    match word {
        "odd" => Parity::Odd,
        "even" => Parity::Even,
        _ => Parity::Both,
    }
}

fn points(json: Option<&str>) -> Result<Vec<Point>, DbErr> {
    let Some(json) = json else { return Ok(Vec::new()) };
    let pairs: Vec<(f64, f64)> =
        serde_json::from_str(json).map_err(|e| DbErr::Json(e.to_string()))?;
    Ok(pairs.into_iter().map(|(lon, lat)| Point { lon, lat }).collect())
}
