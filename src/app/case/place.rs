//! From words to the grid that is responsible, or to the desk that finds it.

use entity::kinds::{ActorRole, GridId, TriageReason};
use serde::{Deserialize, Serialize};

use crate::app::places::Snapshot;
use crate::domain::address::{
    Action, Position, Query, Question, Rejection, Resolution, Spot, SpotKind,
};
use crate::domain::gazetteer::{AliasTarget, GridRef};
use crate::error::{Error, Fault, Result};
use crate::services::Services;

/// The column context under which the resolved place is sealed.
pub const PLACE: &str = "cases.place";

/// What the resolver found, as it is kept with the case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sealed {
    /// Why this grid, in a sentence a cadre understands.
    pub reason: String,
    /// The question that separates the candidates, if one was asked.
    pub question: Option<Asked>,
    /// External ids of the best candidates with their probability.
    pub candidates: Vec<(String, f64)>,
    /// What the resident answered so far, oldest first.
    #[serde(default)]
    pub answers: Vec<String>,
    /// External id of the building whose code he scanned.
    #[serde(default)]
    pub building: Option<String>,
    /// Where the place stands, for each of the candidates that has a point.
    #[serde(default)]
    pub spots: Vec<Kept>,
    /// Whether a building is named, by the words, by a scanned code or by whoever placed the case.
    #[serde(default)]
    pub building_named: bool,
}

/// A point on the map that is kept with a case: GCJ-02 degrees, metres.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// External id of the small grid in which it lies.
    pub grid: String,
    pub lon: f64,
    pub lat: f64,
    pub radius_m: f64,
    pub kind: SpotKind,
}

impl Kept {
    fn new(grid: String, Spot { at, radius_m, kind }: Spot) -> Self {
        Self { grid, lon: at.lon, lat: at.lat, radius_m, kind }
    }
}

impl Sealed {
    /// Says why a grid is the one: somebody placed the case there by hand. What was understood of the
    /// place stays.
    pub fn by_hand(&mut self, office: ActorRole, grid: &str) {
        let place = self.reason.split_once(" → ").map_or("", |(place, _)| place);
        let arrow = if place.is_empty() { "" } else { " → " };
        self.reason = format!("{place}{arrow}{grid}：{}指定", office.zh());
    }

    /// Notes where a place stands that somebody confirmed; it counts before what was read.
    pub fn stands_at(&mut self, places: &Snapshot, place: &AliasTarget, grid: GridId) {
        let spot = places.reference(grid).and_then(|at| places.index.spot_of(place, at));
        if let Some((spot, name)) = spot.zip(places.name(grid)) {
            self.spots.insert(0, Kept::new(name.external_id.clone(), spot));
        }
    }
}

/// A question to the resident and the answers he can tap.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Asked {
    pub text: String,
    pub answers: Vec<Choice>,
}

/// An answer he can tap.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Choice {
    pub label: String,
    /// Id of the small grid that this answer leads to.
    pub grid: String,
}

/// Where a case belongs, with database ids.
#[derive(Clone, Debug)]
pub struct Found {
    pub small: Option<GridId>,
    pub large: Option<GridId>,
    /// `None`: routed. Else why not, and who holds it meanwhile.
    pub triage: Option<(TriageReason, ActorRole)>,
    pub confidence: f64,
    pub sealed: Sealed,
}

impl Found {
    /// Sends the case to the triage desk whatever was found.
    pub fn to_desk(&mut self, reason: TriageReason) {
        self.triage = Some((reason, ActorRole::TriageDesk));
    }

    /// Takes the answer that was tapped to the question of this very place. Fails with
    /// `/grid not_offered` for any other, also where nothing is open; the grid that is found anyway
    /// may be named.
    pub fn tap(&mut self, places: &Snapshot, id: &str) -> Result<()> {
        let grid = places.find(id).filter(|grid| grid.parent.is_some());
        if self.triage.is_none() && grid.is_some_and(|grid| self.small == Some(grid.id)) {
            return Ok(());
        }
        let asked = self.triage.is_some_and(|(reason, _)| reason == TriageReason::Ask);
        let offered = self.sealed.question.iter().filter(|_| asked).flat_map(|q| &q.answers);
        let choice = offered.into_iter().find(|choice| choice.grid == id).zip(grid);
        let (choice, grid) = choice.ok_or_else(not_offered)?;
        self.sealed.reason = chose(&self.sealed.reason, &choice.label, &grid.name);
        (self.small, self.large, self.triage) = (Some(grid.id), grid.parent, None);
        Ok(())
    }
}

/// Says that an answer is none of those that were offered.
pub fn not_offered() -> Error {
    let message = "请从给出的答案中选择，或用文字回答";
    Error::fields(vec![Fault::new("/grid", "not_offered", message)])
}

/// Says why a grid is the one: the resident chose it. An answer is short for what was asked of
/// (“阳光花园 → …”, 1—19号楼), and whoever goes there reads both.
pub fn chose(asked: &str, label: &str, grid: &str) -> String {
    let place = asked.split_once(" → ").map_or("", |(place, _)| place);
    let is_said = label.contains(place) || place.contains(label);
    format!("居民选择“{}{label}” → {grid}", if is_said { "" } else { place })
}

/// Resolves words, position and the building of a scanned code against the present places; `home`
/// is the grid of the resident's confirmed home.
pub fn find(s: &Services, query: Query<'_>, home: Option<GridId>) -> Found {
    let places = s.places.now();
    let query = Query { home: home.and_then(|grid| places.reference(grid)), ..query };
    let mut found = translate(&places, &places.index.resolve(&query));
    found.sealed.building = query.building.map(str::to_owned);
    found
}

fn translate(places: &Snapshot, resolution: &Resolution) -> Found {
    let large = resolution.community.and_then(|community| places.large(community));
    let small = resolution.grid.and_then(|grid| places.small(grid));
    let large = large.or_else(|| small.and_then(|grid| places.community_of(grid)));
    // The community's cadre holds what is certain to be his; everything else is the desk's.
    let holder = if large.is_some() { ActorRole::Cadre } else { ActorRole::TriageDesk };
    let routed = matches!(resolution.action, Action::Route) && small.is_some();
    let triage = match resolution.action {
        Action::Route if routed => None,
        Action::RouteLarge => Some((TriageReason::LargeGridOnly, holder)),
        Action::Ask => Some((TriageReason::Ask, holder)),
        Action::Reject(Rejection::OutOfArea) => {
            Some((TriageReason::OutOfArea, ActorRole::TriageDesk))
        }
        // A route without a known grid is as good as none.
        Action::Route | Action::Reject(Rejection::NoAddress) => {
            Some((TriageReason::NoGrid, ActorRole::TriageDesk))
        }
    };
    let small = if routed { small } else { None };
    Found {
        small,
        large,
        triage,
        confidence: resolution.confidence,
        sealed: seal(places, resolution),
    }
}

fn seal(places: &Snapshot, resolution: &Resolution) -> Sealed {
    let question = asked(places, resolution.question.as_ref());
    let candidates = resolution
        .candidates
        .iter()
        .filter_map(|c| Some((external(places, c.grid)?, c.p)))
        .collect();
    let spots = resolution
        .candidates
        .iter()
        .filter_map(|c| Some(Kept::new(external(places, c.grid)?, c.spot?)))
        .collect();
    let building_named = resolution.place.as_ref().is_some_and(|place| place.building.is_some());
    let reason = resolution.reason.clone();
    Sealed { reason, question, candidates, spots, building_named, ..Sealed::default() }
}

fn external(places: &Snapshot, grid: GridRef) -> Option<String> {
    places.name(places.small(grid)?).map(|name| name.external_id.clone())
}

/// Puts the ids that people see into a question.
pub fn asked(places: &Snapshot, question: Option<&Question>) -> Option<Asked> {
    question.map(|question| Asked {
        text: question.text.clone(),
        answers: question
            .answers
            .iter()
            .filter_map(|a| {
                Some(Choice { label: a.label.clone(), grid: external(places, a.grid)? })
            })
            .collect(),
    })
}

/// Writes a position as JSON for sealing.
pub fn position_json(at: Position) -> String {
    serde_json::json!({
        "lon": at.lon, "lat": at.lat, "accuracy_m": at.accuracy_m, "datum": at.datum,
    })
    .to_string()
}

/// Reads a position that [`position_json`] wrote; nothing when it is something else.
pub fn position_of(json: &str) -> Option<Position> {
    #[derive(Deserialize)]
    struct Kept {
        lon: f64,
        lat: f64,
        accuracy_m: f64,
        datum: entity::kinds::Datum,
    }
    let Kept { lon, lat, accuracy_m, datum } = serde_json::from_str(json).ok()?;
    Some(Position { lon, lat, accuracy_m, datum })
}

/// Opens the kept place of a case.
pub fn open(s: &Services, case: &entity::cases::Model) -> Result<Sealed> {
    let text = s.vault.open(PLACE, &case.place_sealed).map_err(Error::internal)?;
    serde_json::from_str(&text).map_err(Error::internal)
}

/// Seals a changed place.
pub fn close(s: &Services, sealed: &Sealed) -> Result<String> {
    let text = serde_json::to_string(sealed).map_err(Error::internal)?;
    s.vault.seal(PLACE, &text).map_err(Error::internal)
}
