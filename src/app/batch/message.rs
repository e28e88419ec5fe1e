//! The two file formats: questions in, predictions out (docs/ADDRESS.md).

use entity::kinds::Datum;
use serde::{Deserialize, Serialize};

use super::BadLine;
use crate::domain::address::{Action, Position, Query, Resolution};
use crate::domain::gazetteer::{CommunityRef, Gazetteer, GridRef};

/// A position whose radius is not told is trusted like a coarse one, in metres.
const UNTOLD_ACCURACY_M: f64 = 100.0;

/// One text to resolve.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    pub id: String,
    pub text: String,
    #[serde(default)]
    gps: Option<Gps>,
}

/// A phone's position, GCJ-02 degrees.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Gps {
    lon: f64,
    lat: f64,
    /// Radius in metres.
    acc: Option<f64>,
}

/// Reads questions, one per line. Fails at the first line that is none.
pub fn read(text: &str) -> Result<Vec<Question>, BadLine> {
    super::lines(text)
}

impl Question {
    /// Returns what the resolver is asked.
    pub fn query(&self) -> Query<'_> {
        let position = self.gps.map(|gps| Position {
            lon: gps.lon,
            lat: gps.lat,
            accuracy_m: gps.acc.unwrap_or(UNTOLD_ACCURACY_M),
            datum: Datum::Gcj02,
        });
        Query { text: &self.text, position, ..Query::default() }
    }
}

/// One answer.
#[derive(Debug, Serialize)]
pub struct Prediction<'a> {
    id: &'a str,
    /// `route`, `route_big`, `clarify` or `reject`.
    action: &'static str,
    grid: Option<&'a str>,
    community: Option<&'a str>,
    confidence: f64,
    candidates: Vec<Likely<'a>>,
    /// The sentence for the cadre.
    why: &'a str,
}

/// A grid and its probability.
#[derive(Debug, Serialize)]
struct Likely<'a> {
    grid: &'a str,
    p: f64,
}

impl<'a> Prediction<'a> {
    /// Names what the resolver said.
    pub fn new(places: &'a Gazetteer, id: &'a str, said: &'a Resolution) -> Self {
        let candidates = said.candidates.iter();
        Self {
            id,
            action: match said.action {
                Action::Route => "route",
                Action::RouteLarge => "route_big",
                Action::Ask => "clarify",
                Action::Reject(_) => "reject",
            },
            grid: said.grid.and_then(|grid| grid_id(places, grid)),
            community: said.community.and_then(|community| code(places, community)),
            confidence: said.confidence,
            candidates: candidates
                .filter_map(|c| Some(Likely { grid: grid_id(places, c.grid)?, p: c.p }))
                .collect(),
            why: &said.reason,
        }
    }
}

fn grid_id(places: &Gazetteer, grid: GridRef) -> Option<&str> {
    places.grids.get(usize::from(grid.0)).map(|grid| grid.external_id.as_str())
}

fn code(places: &Gazetteer, community: CommunityRef) -> Option<&str> {
    places.communities.get(usize::from(community.0)).map(|community| community.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_may_have_a_position_none_or_null() {
        let text = "{\"id\":\"a\",\"text\":\"停电了\",\"gps\":{\"lon\":115.4,\"lat\":35.2,\"acc\":30},\"label\":{}}\n\n\
                    {\"id\":\"b\",\"text\":\"\",\"gps\":null}\n{\"id\":\"c\",\"text\":\"x\"}\n";
        let questions = read(text).expect("questions");
        let accuracy: Vec<_> =
            questions.iter().map(|q| q.query().position.map(|p| p.accuracy_m)).collect();
        assert_eq!(accuracy, [Some(30.0), None, None]);
        assert_eq!(questions[0].query().text, "停电了");
    }

    #[test]
    fn a_line_that_is_no_question_is_named() {
        let why = read("{\"id\":\"a\",\"text\":\"\"}\n\n{\"id\":1}\n").expect_err("a bad line");
        assert_eq!(why.line, 3);
    }
}
