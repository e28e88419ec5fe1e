//! Points, the plane they lie on, and datums: the geometric half of finding a grid.
//!
//! Everything inside the program is GCJ-02 degrees; other datums are converted at the edge by
//! [`to_gcj02`]. Distances and areas use a flat projection around the place itself, good to well
//! below a metre over a street office. A point on a common edge belongs to the smaller code, so
//! that no point has two grids.

use entity::kinds::Datum;
use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, InteriorPoint, Line, LineString, Polygon};

use super::gazetteer::Point;

const METRES_PER_DEGREE: f64 = 111_319.490_793;
/// Krasovsky 1940, the ellipsoid of the GCJ-02 shift.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;
const BD_TURN: f64 = std::f64::consts::PI * 3000.0 / 180.0;

/// A flat projection around one point, in metres. Over the 10 km of a street its error is far below
/// one metre.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    origin: Point,
    east: f64,
}

impl Plane {
    /// Lays a plane at a point of the street.
    pub fn at(origin: Point) -> Self {
        Self { origin, east: METRES_PER_DEGREE * origin.lat.to_radians().cos() }
    }

    /// Projects a point.
    pub fn point(&self, p: Point) -> Coord {
        Coord {
            x: (p.lon - self.origin.lon) * self.east,
            y: (p.lat - self.origin.lat) * METRES_PER_DEGREE,
        }
    }

    /// Projects a ring.
    pub fn polygon(&self, ring: &[Point]) -> Polygon {
        Polygon::new(LineString::new(ring.iter().map(|p| self.point(*p)).collect()), Vec::new())
    }
}

/// Returns the metres between two points; exact enough below 100 km.
pub fn distance_m(a: Point, b: Point) -> f64 {
    let c = Plane::at(a).point(b);
    c.x.hypot(c.y)
}

/// Returns the point `east` and `north` metres away.
pub fn moved(at: Point, east: f64, north: f64) -> Point {
    let lat = at.lat + north / METRES_PER_DEGREE;
    Point { lon: at.lon + east / (METRES_PER_DEGREE * at.lat.to_radians().cos()), lat }
}

/// Returns the mean of some points; `None` without any.
pub fn middle(points: &[Point]) -> Option<Point> {
    let count = f64::from(u32::try_from(points.len()).ok().filter(|count| *count > 0)?);
    let sum = |of: fn(&Point) -> f64| points.iter().map(of).sum::<f64>() / count;
    Some(Point { lon: sum(|p| p.lon), lat: sum(|p| p.lat) })
}

/// Returns a point inside the ring, near its middle; `None` for a ring without area.
pub fn within(ring: &[Point]) -> Option<Point> {
    let first = *ring.first()?;
    let found = Plane::at(first).polygon(ring).interior_point()?;
    Some(moved(first, found.x(), found.y()))
}

/// Returns whether the point lies inside the ring or on its edge; `false` for an empty ring.
pub fn covers(ring: &[Point], at: Point) -> bool {
    Plane::at(at).polygon(ring).coordinate_position(&Coord { x: 0.0, y: 0.0 }) != CoordPos::Outside
}

/// Finds the region that holds the point: `(code, ring, value)` with the smallest code among those
/// that cover it, so that a boundary point has exactly one owner.
pub fn locate<'a, T>(
    regions: impl IntoIterator<Item = (&'a str, &'a [Point], T)>,
    at: Point,
) -> Option<T> {
    regions
        .into_iter()
        .filter(|(_, ring, _)| covers(ring, at))
        .min_by(|(a, ..), (b, ..)| a.cmp(b))
        .map(|(_, _, value)| value)
}

/// Finds where two lines cross; the first crossing when there are several.
pub fn crossing(a: &[Point], b: &[Point]) -> Option<Point> {
    let segments = |line: &[Point]| -> Vec<Line> {
        line.iter().zip(line.iter().skip(1)).map(|(p, q)| Line::new(coord(*p), coord(*q))).collect()
    };
    let (a, b) = (segments(a), segments(b));
    a.iter().flat_map(|one| b.iter().map(move |two| (*one, *two))).find_map(|(one, two)| {
        let at = match line_intersection(one, two)? {
            LineIntersection::SinglePoint { intersection, .. } => intersection,
            LineIntersection::Collinear { intersection } => intersection.start,
        };
        Some(Point { lon: at.x, lat: at.y })
    })
}

/// Converts a phone's position into GCJ-02.
pub fn to_gcj02(at: Point, datum: Datum) -> Point {
    match datum {
        Datum::Gcj02 => at,
        Datum::Wgs84 => {
            let (lon, lat) = gcj_shift(at);
            Point { lon: at.lon + lon, lat: at.lat + lat }
        }
        Datum::Bd09 => {
            let (x, y) = (at.lon - 0.0065, at.lat - 0.006);
            let radius = x.hypot(y) - 0.000_02 * (y * BD_TURN).sin();
            let turn = y.atan2(x) - 0.000_003 * (x * BD_TURN).cos();
            Point { lon: radius * turn.cos(), lat: radius * turn.sin() }
        }
    }
}

/// Returns the published GCJ-02 shift at a WGS-84 point, in degrees; zero far outside China.
fn gcj_shift(at: Point) -> (f64, f64) {
    if !(72.004..=137.8347).contains(&at.lon) || !(0.8293..=55.8271).contains(&at.lat) {
        return (0.0, 0.0);
    }
    let (x, y) = (at.lon - 105.0, at.lat - 35.0);
    let pi = std::f64::consts::PI;
    let wave = |v: f64, a: f64, b: f64| (a * (v * pi).sin() + b * (v * pi / 2.0).sin()) * 2.0 / 3.0;
    let ripple = (20.0 * (6.0 * x * pi).sin() + 20.0 * (2.0 * x * pi).sin()) * 2.0 / 3.0;
    let root = x.abs().sqrt();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + ripple
        + wave(y, 20.0, 0.0)
        + (40.0 * (y / 3.0 * pi).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * pi).sin() + 320.0 * (y * pi / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + ripple
        + wave(x, 20.0, 0.0)
        + (40.0 * (x / 3.0 * pi).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * pi).sin() + 300.0 * (x / 30.0 * pi).sin()) * 2.0 / 3.0;
    let phi = at.lat.to_radians();
    let magic = 1.0 - ECCENTRICITY_2 * phi.sin().powi(2);
    let lat = north * 180.0 / ((AXIS * (1.0 - ECCENTRICITY_2)) / (magic * magic.sqrt()) * pi);
    let lon = east * 180.0 / (AXIS / magic.sqrt() * phi.cos() * pi);
    (lon, lat)
}

fn coord(at: Point) -> Coord {
    Coord { x: at.lon, y: at.lat }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEZE: Point = Point { lon: 115.48, lat: 35.235 };

    fn ring(metres: &[(f64, f64)]) -> Vec<Point> {
        metres.iter().map(|(east, north)| moved(HEZE, *east, *north)).collect()
    }

    fn square(west: f64) -> Vec<Point> {
        ring(&[(west, 0.0), (west + 100.0, 0.0), (west + 100.0, 100.0), (west, 100.0), (west, 0.0)])
    }

    #[test]
    fn a_point_on_a_common_edge_belongs_to_the_smaller_code() {
        let (west, east) = (square(0.0), square(100.0));
        let at = |x, y| locate([("b", &west[..], 'w'), ("a", &east[..], 'e')], moved(HEZE, x, y));
        assert_eq!(at(50.0, 50.0), Some('w'));
        assert_eq!(at(150.0, 50.0), Some('e'));
        assert_eq!(locate([("b", &west[..], 'w'), ("a", &east[..], 'e')], west[1]), Some('e'));
        assert_eq!(at(50.0, 101.0), None);
        assert!(!covers(&[], HEZE));
    }

    #[test]
    fn the_datum_shift_near_heze_is_532_metres_east_and_44_south() {
        let shifted = to_gcj02(HEZE, Datum::Wgs84);
        let shift = Plane::at(HEZE).point(shifted);
        assert!((shift.x - 532.0).abs() < 8.0 && (shift.y + 44.0).abs() < 8.0, "{shift:?}");
        let baidu = to_gcj02(HEZE, Datum::Bd09);
        let shift = Plane::at(HEZE).point(baidu);
        assert!(shift.x < -400.0 && shift.y < -200.0, "{shift:?}");
        assert_eq!(to_gcj02(HEZE, Datum::Gcj02), HEZE);
    }

    #[test]
    fn two_roads_meet_where_they_cross() {
        let (road, street) =
            (ring(&[(-50.0, 0.0), (50.0, 0.0)]), ring(&[(10.0, -50.0), (10.0, 50.0)]));
        let at = crossing(&road, &street).expect("a crossing");
        assert!(distance_m(at, moved(HEZE, 10.0, 0.0)) < 0.1);
        assert!(crossing(&road, &ring(&[(90.0, -5.0), (90.0, 5.0)])).is_none());
    }

    proptest! {
        #[test]
        fn moving_a_point_moves_it_that_far(east in -3000.0..3000.0, north in -3000.0..3000.0) {
            let far = distance_m(HEZE, moved(HEZE, east, north));
            prop_assert!((far - f64::hypot(east, north)).abs() < 1.0);
        }
    }
}
