//! Borders on a street's [`Plane`](super::geo::Plane), in metres: what makes a ring sound, and how
//! two of them lie to each other.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{
    Area, BooleanOps, BoundingRect, Coord, Distance, Euclidean, Intersects, Length, Polygon,
};

use super::gazetteer::Point;

/// Two borders may differ by this much and still be the same border.
pub const TOLERANCE_M: f64 = 1.0;

/// Says whether a ring does not return to its first point, or has fewer than three corners.
pub fn is_open(ring: &[Point]) -> bool {
    ring.len() < 4 || ring.first() != ring.last()
}

/// Says whether two edges of a closed ring touch elsewhere than at their common corner.
pub fn crosses_itself(polygon: &Polygon) -> bool {
    let edges: Vec<_> = polygon.exterior().lines().collect();
    let last = edges.len().saturating_sub(1);
    edges.iter().enumerate().any(|(i, a)| {
        edges.iter().enumerate().skip(i + 1).any(|(j, b)| {
            let neighbours = j == i + 1 || (i == 0 && j == last);
            match line_intersection(*a, *b) {
                None => false,
                Some(LineIntersection::SinglePoint { .. }) => !neighbours,
                Some(LineIntersection::Collinear { .. }) => true,
            }
        })
    })
}

/// Returns the mean width of the widest common part of two polygons; 0 when they only touch.
pub fn overlap_width(a: &Polygon, b: &Polygon) -> f64 {
    let boxes = a.bounding_rect().zip(b.bounding_rect());
    if !boxes.is_some_and(|(a, b)| a.intersects(&b)) {
        return 0.0;
    }
    a.intersection(b).iter().map(width).fold(0.0, f64::max)
}

/// Returns the mean width of the widest part of `whole` that no part covers.
pub fn uncovered_width(whole: &Polygon, parts: &[&Polygon]) -> f64 {
    let mut rest = geo::MultiPolygon::new(vec![whole.clone()]);
    for part in parts {
        rest = rest.difference(*part);
    }
    rest.iter().map(width).fold(0.0, f64::max)
}

/// A strip along a border has much length and little width; area alone would not tell it apart.
fn width(piece: &Polygon) -> f64 {
    let half = Euclidean.length(piece.exterior()) / 2.0;
    if half > 0.0 { piece.unsigned_area() / half } else { 0.0 }
}

/// Returns how far outside a polygon a point lies; 0 inside.
pub fn outside_by(polygon: &Polygon, point: Coord) -> f64 {
    Euclidean.distance(&geo::Point::from(point), polygon)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(f64, f64)]) -> Polygon {
        Polygon::new(corners.iter().copied().collect(), Vec::new())
    }

    #[test]
    fn a_bow_tie_crosses_itself_and_a_square_does_not() {
        assert!(crosses_itself(&ring(&[(0., 0.), (9., 9.), (9., 0.), (0., 9.), (0., 0.)])));
        assert!(!crosses_itself(&ring(&[(0., 0.), (9., 0.), (9., 9.), (0., 9.), (0., 0.)])));
        assert!(
            crosses_itself(&ring(&[(0., 0.), (9., 0.), (4., 0.), (4., 9.), (0., 0.)])),
            "a spike"
        );
    }

    #[test]
    fn a_ring_is_closed_when_it_ends_where_it_began() {
        let at = |lon, lat| Point { lon, lat };
        let square = [at(0., 0.), at(9., 0.), at(9., 9.), at(0., 9.), at(0., 0.)];
        assert!(!is_open(&square));
        assert!(is_open(&square[..4]), "it does not come back");
        assert!(is_open(&[square[0], square[1], square[0]]), "there and back is no area");
        assert!(is_open(&[]));
    }

    #[test]
    fn a_strip_thinner_than_a_metre_is_the_same_border() {
        let left = ring(&[(0., 0.), (100., 0.), (100., 100.), (0., 100.), (0., 0.)]);
        let near = ring(&[(99.5, 0.), (200., 0.), (200., 100.), (99.5, 100.), (99.5, 0.)]);
        let far = ring(&[(95., 0.), (200., 0.), (200., 100.), (95., 100.), (95., 0.)]);
        assert!(overlap_width(&left, &near) < TOLERANCE_M);
        assert!(overlap_width(&left, &far) > TOLERANCE_M);
    }

    #[test]
    fn a_point_inside_is_not_outside() {
        let square = ring(&[(0., 0.), (9., 0.), (9., 9.), (0., 9.), (0., 0.)]);
        assert!(outside_by(&square, Coord { x: 5., y: 5. }).abs() < 1e-9);
        assert!((outside_by(&square, Coord { x: 12., y: 5. }) - 3.0).abs() < 1e-9);
    }
}
