//! From a resident's words, and perhaps a position, to the grid that is responsible.
//!
//! [`Index::build`] holds what the names of one street mean; [`Index::resolve`] reads one text:
//! normalise, find names, read number tails, weigh the places that were mentioned, decide.
//! Numbers are exact evidence and are never corrected; a position never overrules a complete
//! building address; when a wrong grid is likely the answer is a question, because a wrong grid
//! costs ten questions.

use entity::kinds::Datum;
use serde::{Deserialize, Serialize};

use super::gazetteer::{CommunityRef, GridRef, Point};

mod align;
mod answer;
mod choice;
mod chosen;
pub mod coverage;
mod cut;
mod decide;
mod divisions;
mod explain;
mod group;
mod index;
mod learn;
mod names;
mod mention;
mod numbers;
mod pick;
mod place;
mod position;
mod road;
mod roles;
mod section;
mod tail;
mod fold;
mod sounds;
mod spot;
mod trust;
mod village;
mod vocabulary;
mod words;

#[cfg(test)]
mod dev;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod meant;
#[cfg(test)]
mod sound;
#[cfg(test)]
mod tests;

pub use chosen::chosen;
pub use cut::{NumberKind, NumberSpan, cut};
pub use index::Index;
pub use learn::{Correction, Learned, Unfit, learn, unfit};
pub use trust::Costs;

/// What is known of a help request's place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<'a> {
    pub text: &'a str,
    /// A separate address field; the better evidence when it says anything.
    pub address: Option<&'a str>,
    pub position: Option<Position>,
    /// The resident's last confirmed home.
    pub home: Option<GridRef>,
    /// `external_id` of a building whose code was scanned.
    pub building: Option<&'a str>,
}

/// A phone's position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    pub lon: f64,
    pub lat: f64,
    pub accuracy_m: f64,
    pub datum: Datum,
}

/// What to do with the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "action", content = "why", rename_all = "snake_case")]
pub enum Action {
    /// Send to the small grid.
    Route,
    /// Send to the large grid; the small one is unknown.
    RouteLarge,
    /// Ask the resident.
    Ask,
    Reject(Rejection),
}

/// Why no grid of this street is responsible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    OutOfArea,
    NoAddress,
}

/// The answer to one query.
#[derive(Clone, Debug, Serialize)]
pub struct Resolution {
    pub action: Action,
    pub grid: Option<GridRef>,
    pub community: Option<CommunityRef>,
    pub place: Option<Place>,
    /// Probability that `grid` is right, 0..1.
    pub confidence: f64,
    /// At most five, best first.
    pub candidates: Vec<Candidate>,
    /// Parts of the field named by `read_from`, half-open, in Unicode scalar values.
    pub spans: Vec<Span>,
    pub read_from: Field,
    /// A Chinese sentence for a cadre.
    pub reason: String,
    pub question: Option<Question>,
}

/// Which field of the query was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Text,
    Address,
}

/// A grid and its probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Candidate {
    pub grid: GridRef,
    pub p: f64,
    /// Where the place stands if it lies in this grid.
    #[serde(skip)]
    pub spot: Option<Spot>,
}

/// A point on the map, GCJ-02, and what it is the point of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub at: Point,
    /// What it stands for lies within this many metres.
    pub radius_m: f64,
    pub kind: SpotKind,
}

/// What a point is the point of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpotKind {
    /// Where the resident's phone was.
    Reported,
    Building,
    /// The middle of a compound, or of its part in one grid.
    Compound,
    Poi,
    Shop,
    Crossing,
    /// A point inside the grid: nothing better is known.
    Grid,
}

impl SpotKind {
    /// Says it in Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Reported => "居民定位",
            Self::Building => "楼栋位置",
            Self::Compound => "小区位置",
            Self::Poi => "地点位置",
            Self::Shop => "店铺位置",
            Self::Crossing => "路口位置",
            Self::Grid => "网格范围",
        }
    }
}

/// The place as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    pub compound: Option<String>,
    pub section: Option<String>,
    pub building: Option<String>,
    pub unit: Option<String>,
    pub floor: Option<String>,
    pub room: Option<String>,
    pub road: Option<String>,
    pub number: Option<String>,
    pub shop: Option<String>,
    pub poi: Option<String>,
    pub village_group: Option<String>,
    /// Two roads and, where the words say it, the corner: 曹州路与长江路路口东南角.
    pub crossing: Option<String>,
}

/// A part of the text and what it was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub kind: SpanKind,
}

/// What a part of the text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    Compound,
    Building,
    Gate,
    Village,
    VillageGroup,
    Poi,
    Shop,
    Road,
    RoadNo,
    Intersection,
    Community,
    Grid,
    Elsewhere,
}

/// The one question that separates the candidates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    pub text: String,
    /// Empty when only free words can answer.
    pub answers: Vec<Answer>,
}

/// An answer the resident can tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub label: String,
    pub grid: GridRef,
}
