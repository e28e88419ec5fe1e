//! Checks borders and points: every place of the street has one grid, and points lie near theirs.

use super::fault::{Fault, FaultCode, Report};
use super::read::Files;
use crate::domain::gazetteer::{GridRef, Point};
use crate::domain::geo::Plane;
use crate::domain::shapes::{self, TOLERANCE_M};

const GRID_SHAPES: &str = "grids.geojson";

/// A point this far from its grid is a mistake unless it lies elsewhere in the street.
const FAR_M: f64 = 200.0;

/// Checks rings of grids and communities, overlaps between grids, and holes inside communities.
pub fn polygons(files: &Files, report: &mut Report) {
    let g = &files.gazetteer;
    let Some(plane) = plane(files) else { return };
    let mut sound = Vec::new();
    for (at, grid) in g.grids.iter().enumerate() {
        let line = files.lines.at(GRID_SHAPES, at);
        match ring(&plane, &grid.polygon) {
            Ok(polygon) => sound.push((line, grid, polygon)),
            Err((code, reason)) => {
                let reason = format!("网格 {}：{reason}", grid.external_id);
                report.errors.push(Fault::at(GRID_SHAPES, line, "geometry", code, reason));
            }
        }
    }
    for (at, (line, grid, polygon)) in sound.iter().enumerate() {
        for (_, other, border) in sound.iter().take(at) {
            let width = shapes::overlap_width(polygon, border);
            if width > TOLERANCE_M {
                let reason = format!(
                    "网格 {} 与 {} 重叠，平均宽 {width:.1} 米",
                    grid.external_id, other.external_id
                );
                report.errors.push(Fault::at(
                    GRID_SHAPES,
                    *line,
                    "geometry",
                    FaultCode::OverlappingPolygons,
                    reason,
                ));
            }
        }
    }
    for (at, community) in (0u16..).zip(&g.communities).filter(|(_, c)| !c.polygon.is_empty()) {
        let file = "communities.geojson";
        let line = files.lines.at(file, usize::from(at));
        let parts: Vec<_> =
            sound.iter().filter(|(_, s, _)| s.community.0 == at).map(|(_, _, p)| p).collect();
        match ring(&plane, &community.polygon) {
            Err((code, reason)) => {
                let reason = format!("社区 {}：{reason}", community.name);
                report.errors.push(Fault::at(file, line, "geometry", code, reason));
            }
            Ok(whole) => {
                let width = shapes::uncovered_width(&whole, &parts);
                if width > TOLERANCE_M {
                    let reason =
                        format!("社区 {} 有 {width:.1} 米宽的地方不属于任何小网格", community.name);
                    report.warnings.push(Fault::at(
                        file,
                        line,
                        "geometry",
                        FaultCode::Uncovered,
                        reason,
                    ));
                }
            }
        }
    }
}

fn plane(files: &Files) -> Option<Plane> {
    files.gazetteer.grids.iter().find_map(|g| g.polygon.first()).map(|p| Plane::at(*p))
}

fn ring(plane: &Plane, ring: &[Point]) -> Result<geo::Polygon, (FaultCode, &'static str)> {
    if shapes::is_open(ring) {
        return Err((FaultCode::OpenPolygon, "边界没有闭合（首尾两点应相同）"));
    }
    let polygon = plane.polygon(ring);
    if shapes::crosses_itself(&polygon) {
        return Err((FaultCode::CrossedPolygon, "边界自己交叉"));
    }
    Ok(polygon)
}

/// Warns about points outside their grid; the tables decide, the point does not. A point that is
/// far from its grid and outside the whole street is an error: the row belongs to another town.
pub fn points(files: &Files, report: &mut Report) {
    let Some(plane) = plane(files) else { return };
    let g = &files.gazetteer;
    let shapes: Vec<_> = g.grids.iter().map(|grid| plane.polygon(&grid.polygon)).collect();
    let mut look = |file: &str, at: usize, spot: Point, grid: GridRef| {
        let Some(own) = shapes.get(usize::from(grid.0)) else { return };
        let metres = plane.point(spot);
        let distance = shapes::outside_by(own, metres);
        if distance <= TOLERANCE_M {
            return;
        }
        let line = files.lines.at(file, at);
        let in_street = shapes.iter().any(|shape| shapes::outside_by(shape, metres) <= TOLERANCE_M);
        if distance > FAR_M && !in_street {
            let reason = format!("坐标在街道之外，离所属网格 {distance:.0} 米");
            report.errors.push(Fault::at(file, line, "lon", FaultCode::OutsideStreet, reason));
        } else {
            let reason = format!("坐标在所属网格之外 {distance:.0} 米，以登记的网格为准");
            report.warnings.push(Fault::at(file, line, "lon", FaultCode::OutsideGrid, reason));
        }
    };
    for (at, b) in g.buildings.iter().enumerate() {
        look("buildings.csv", at, b.at, b.grid);
    }
    for (at, p) in g.pois.iter().enumerate() {
        look("pois.csv", at, p.at, p.grid);
    }
    for (at, s) in g.shops.iter().enumerate() {
        look("shops.csv", at, s.at, s.grid);
    }
}
