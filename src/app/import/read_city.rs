//! Adds the compounds of further streets to a street's places, to measure at the scale of a city.
//!
//! `extra_compounds.csv` and `extra_buildings.csv` bring no polygons, roads or codes; each compound
//! belongs to one grid. They are never imported.

use std::collections::HashMap;
use std::path::Path;

use entity::kinds::{GridId, GridKind};

use super::fault::{Fault, FaultCode};
use super::sheet::{self, Row, Spec};
use crate::domain::gazetteer::{
    Building, Community, CommunityRef, Compound, Gazetteer, GridRef, Point, SmallGrid,
};

static COMPOUNDS: Spec = Spec {
    file: "extra_compounds.csv",
    columns: &["compound_id", "name", "street", "community", "grid_id"],
};
static BUILDINGS: Spec = Spec {
    file: "extra_buildings.csv",
    columns: &[
        "building_id",
        "compound_id",
        "no",
        "units",
        "floors",
        "per_floor",
        "lon",
        "lat",
        "grid_id",
    ],
};

/// What the further streets add.
struct City<'a> {
    places: &'a mut Gazetteer,
    faults: Vec<Fault>,
    communities: HashMap<String, CommunityRef>,
    grids: HashMap<String, GridRef>,
}

/// Adds the further streets of a folder. Fails with every fault found; `places` is then of no use.
pub fn add(places: &mut Gazetteer, dir: &Path) -> Result<(), Vec<Fault>> {
    let communities =
        (0u16..).zip(&places.communities).map(|(at, c)| (c.code.clone(), CommunityRef(at)));
    let grids = (0u16..).zip(&places.grids).map(|(at, g)| (g.external_id.clone(), GridRef(at)));
    let (communities, grids) = (communities.collect(), grids.collect());
    let mut city = City { places, faults: Vec::new(), communities, grids };
    let rows = sheet::rows(dir, &COMPOUNDS, &mut city.faults);
    for row in &rows {
        city.compound(row);
    }
    let rows = sheet::rows(dir, &BUILDINGS, &mut city.faults);
    for row in &rows {
        city.building(row);
    }
    if city.faults.is_empty() { Ok(()) } else { Err(city.faults) }
}

impl City<'_> {
    fn compound(&mut self, row: &Row) -> Option<()> {
        let external_id = row.required("compound_id", &mut self.faults)?;
        let name = row.required("name", &mut self.faults)?;
        let grid = self.grid(row)?;
        self.places.compounds.push(Compound {
            external_id,
            name,
            aliases: Vec::new(),
            sections: Vec::new(),
            kind: String::new(),
            grids: vec![grid],
            address: String::new(),
        });
        Some(())
    }

    /// Finds the grid of a compound, or adds it with its community.
    fn grid(&mut self, row: &Row) -> Option<GridRef> {
        let external_id = row.required("grid_id", &mut self.faults)?;
        if let Some(known) = self.grids.get(&external_id) {
            return Some(*known);
        }
        let community = self.community(row)?;
        let Ok(at) = u16::try_from(self.places.grids.len()) else { return self.too_many(row) };
        self.places.grids.push(SmallGrid {
            id: GridId(0),
            name: external_id.clone(),
            external_id: external_id.clone(),
            kind: GridKind::Small,
            community,
            polygon: Vec::new(),
        });
        self.grids.insert(external_id, GridRef(at));
        Some(GridRef(at))
    }

    /// Communities of several streets share names, so the street's name is part of theirs.
    fn community(&mut self, row: &Row) -> Option<CommunityRef> {
        let street = row.required("street", &mut self.faults)?;
        let name = format!("{street}{}", row.required("community", &mut self.faults)?);
        if let Some(known) = self.communities.get(&name) {
            return Some(*known);
        }
        let Ok(at) = u16::try_from(self.places.communities.len()) else {
            return self.too_many(row);
        };
        self.places.communities.push(Community {
            id: GridId(0),
            code: name.clone(),
            name: name.clone(),
            polygon: Vec::new(),
        });
        self.communities.insert(name, CommunityRef(at));
        Some(CommunityRef(at))
    }

    fn too_many<T>(&mut self, row: &Row) -> Option<T> {
        let reason = "网格或社区超过 65,536 个".to_owned();
        self.faults.push(row.fault("grid_id", FaultCode::BadNumber, reason));
        None
    }

    fn building(&mut self, row: &Row) -> Option<()> {
        let faults = &mut self.faults;
        let external_id = row.required("building_id", faults)?;
        let compound = row.required("compound_id", faults)?;
        let no = row.required("no", faults)?;
        let units = row.number("units", faults)?;
        let floors = row.number("floors", faults)?;
        let per_floor = row.number("per_floor", faults)?;
        let lon = row.degree("lon", 180.0, faults)?;
        let lat = row.degree("lat", 90.0, faults)?;
        let grid = row.known("grid_id", &self.grids, FaultCode::UnknownGrid, faults)?;
        self.places.buildings.push(Building {
            external_id,
            compound,
            section: String::new(),
            label: format!("{no}号楼"),
            no,
            units,
            floors,
            per_floor,
            at: Point { lon, lat },
            grid,
        });
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(compounds: &str, buildings: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join(COMPOUNDS.file), compounds).expect("a file");
        std::fs::write(dir.path().join(BUILDINGS.file), buildings).expect("a file");
        dir
    }

    const COMPOUND_ROWS: &str = "compound_id,name,street,community,grid_id\n\
        X1C0,星荆佳苑,第1街道,社区0,X1G00\nX1C1,玫绣林,第1街道,社区0,X1G01\n\
        X2C0,星荆佳苑,第2街道,社区0,X2G00\n";

    #[test]
    fn further_streets_bring_their_grids_and_communities() {
        let dir = folder(
            COMPOUND_ROWS,
            "building_id,compound_id,no,units,floors,per_floor,lon,lat,grid_id\n\
             X1C1B1,X1C1,12,1,26,4,115.2,34.9,X1G01\n",
        );
        let mut places = Gazetteer::default();
        add(&mut places, dir.path()).expect("a sound folder");
        let grids: Vec<_> = places.grids.iter().map(|g| g.external_id.as_str()).collect();
        assert_eq!(grids, ["X1G00", "X1G01", "X2G00"]);
        let codes: Vec<_> = places.communities.iter().map(|c| c.code.as_str()).collect();
        assert_eq!(codes, ["第1街道社区0", "第2街道社区0"]);
        assert_eq!(places.grids[2].community, CommunityRef(1));
        assert_eq!(places.buildings[0].label, "12号楼");
        assert_eq!(places.buildings[0].grid, GridRef(1));
    }

    #[test]
    fn a_building_of_an_unknown_grid_is_reported_with_its_line() {
        let dir = folder(
            COMPOUND_ROWS,
            "building_id,compound_id,no,units,floors,per_floor,lon,lat,grid_id\n\
             X1C1B1,X1C1,12,1,26,4,115.2,34.9,X9G99\n",
        );
        let faults = add(&mut Gazetteer::default(), dir.path()).expect_err("an unknown grid");
        assert_eq!((faults[0].line, faults[0].code), (2, FaultCode::UnknownGrid));
    }
}
