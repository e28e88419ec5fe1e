//! What a phone's position says about the grids that the words left open.
//!
//! A position is a mixture: most people write from the place or close to it, the others from
//! anywhere. So a position near one candidate decides, and one far from all of them changes nothing.

use super::mention::{Claim, Mention};
use super::{Index, Query};
use crate::domain::gazetteer::{GridRef, Point};
use crate::domain::geo;
use entity::kinds::Datum;

/// A position less exact than this says nothing at the scale of small grids.
const USELESS_ACCURACY_M: f64 = 300.0;
/// Share of positions taken at the place (labelled messages: 71 % of all that have one).
const AT_PLACE: f64 = 0.70;
/// Share of positions that are WGS-84 although they say GCJ-02.
const WRONG_DATUM: f64 = 0.01;
/// The others lie anywhere in an area of about this size, in square metres.
const ANYWHERE_M2: f64 = 1.0e7;
/// A building is this wide, and its writer walks around it; metres.
const PLACE_M: f64 = 40.0;

/// A usable position, GCJ-02.
#[derive(Clone, Copy)]
pub(super) struct Fix {
    pub(super) at: Point,
    accuracy_m: f64,
}

/// Returns the query's position when it is exact enough to mean anything.
pub(super) fn usable(query: &Query<'_>) -> Option<Fix> {
    let p = query.position?;
    let sane = p.lon.is_finite()
        && p.lat.is_finite()
        && (0.0..=USELESS_ACCURACY_M).contains(&p.accuracy_m);
    let at = geo::to_gcj02(Point { lon: p.lon, lat: p.lat }, p.datum);
    sane.then_some(Fix { at, accuracy_m: p.accuracy_m.max(10.0) })
}

/// Weighs the grids a mention may mean, best first; with what is not listed the shares add up to 1. Without a position every
/// claim weighs the same.
pub(super) fn weigh(index: &Index, found: &Mention, fix: Option<Fix>) -> Vec<(GridRef, f64)> {
    let mut shares: Vec<(GridRef, f64)> = Vec::new();
    // With the same numbers read as WGS-84.
    let fix = fix.map(|fix| (fix, geo::to_gcj02(fix.at, Datum::Wgs84)));
    for claim in &found.claims {
        let weight = fix.map_or(1.0, |(fix, shifted)| likelihood(index, claim, fix, shifted));
        match shares.iter_mut().find(|(g, _)| *g == claim.grid) {
            Some((_, sum)) => *sum += weight,
            None => shares.push((claim.grid, weight)),
        }
    }
    let far = f64::from(u32::try_from(found.unlisted).unwrap_or(u32::MAX)) * anywhere();
    let total: f64 = far + shares.iter().map(|(_, w)| w).sum::<f64>();
    for (_, weight) in &mut shares {
        *weight /= total.max(f64::MIN_POSITIVE);
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}

/// Density of the position, in 1/m², if the claim is the place.
fn likelihood(index: &Index, claim: &Claim, fix: Fix, shifted: Point) -> f64 {
    let near = match claim.at {
        Some(at) => {
            let variance = (fix.accuracy_m / 2.0).powi(2) + PLACE_M.powi(2);
            let density = |from: Point| {
                let squared = geo::distance_m(at, from).powi(2);
                (-squared / (2.0 * variance)).exp() / (std::f64::consts::TAU * variance)
            };
            AT_PLACE * density(fix.at) + WRONG_DATUM * density(shifted)
        }
        None => AT_PLACE * inside(index, claim.grid, fix) / GRID_M2,
    };
    near + anywhere()
}

/// Density of a position that was not taken at the place.
fn anywhere() -> f64 {
    (1.0 - AT_PLACE - WRONG_DATUM) / ANYWHERE_M2
}

/// A small grid is about this large, in square metres.
const GRID_M2: f64 = 2.5e5;

/// Returns which part of the circle of uncertainty lies in the grid: 0 to 1.
fn inside(index: &Index, grid: GridRef, fix: Fix) -> f64 {
    let hits = AROUND.iter().filter(|(x, y)| {
        index.grid_at(geo::moved(fix.at, x * fix.accuracy_m, y * fix.accuracy_m)) == Some(grid)
    });
    f64::from(u8::try_from(hits.count()).unwrap_or(0)) / 9.0
}

/// The middle and the rim of a circle.
const AROUND: [(f64, f64); 9] = [
    (0.0, 0.0),
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (0.7, 0.7),
    (-0.7, 0.7),
    (0.7, -0.7),
    (-0.7, -0.7),
];

/// Returns the grid under the position when the whole circle of uncertainty lies in it.
pub(super) fn steady_grid(index: &Index, fix: Fix) -> Option<GridRef> {
    let grid = index.grid_at(fix.at)?;
    (inside(index, grid, fix) >= 1.0).then_some(grid)
}
