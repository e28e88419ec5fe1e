//! Where to go: a point on the map for those who handle a case, and what it is the point of.
//!
//! Part of the whole view of a case, whose readers leave a row in the access log; never of a list.

use entity::cases;
use entity::kinds::{ActorRole, CaseState, Datum};
use serde::Serialize;
use utoipa::ToSchema;

use super::place::{self, Kept, Sealed};
use super::view::GridView;
use crate::app::actor::Actor;
use crate::app::locate::CandidateView;
use crate::domain::address::{Spot, SpotKind};
use crate::domain::gazetteer::Point;
use crate::domain::geo;
use crate::error::{Error, Result};
use crate::services::Services;

/// A phone that knows its place less exactly than this says less than the place in the words;
/// metres, as in the resolver.
const VAGUE_M: f64 = 300.0;

/// A point on the map, as `wx.openLocation` takes it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PositionView {
    /// Degrees, GCJ-02.
    pub lon: f64,
    /// Degrees, GCJ-02.
    pub lat: f64,
    /// What is meant lies within this many metres.
    pub accuracy_m: f64,
    /// Always `gcj02`.
    pub datum: Datum,
    /// What it is the point of: `reported` (the resident's phone), `building`, `compound`, `poi`,
    /// `shop`, `crossing`, or `grid` when nothing better is known.
    #[schema(value_type = String)]
    pub source: SpotKind,
    pub source_zh: &'static str,
}

impl From<Spot> for PositionView {
    fn from(Spot { at, radius_m, kind }: Spot) -> Self {
        Self {
            lon: at.lon,
            lat: at.lat,
            accuracy_m: radius_m,
            datum: Datum::Gcj02,
            source: kind,
            source_zh: kind.zh(),
        }
    }
}

impl From<&Kept> for Spot {
    fn from(kept: &Kept) -> Self {
        let at = Point { lon: kept.lon, lat: kept.lat };
        Self { at, radius_m: kept.radius_m, kind: kept.kind }
    }
}

/// Finds where the case is, and in triage where it may be. Nothing for whoever does not handle it.
pub(super) fn of_case(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
) -> Result<(Option<PositionView>, Vec<CandidateView>)> {
    if !actor.roles_for(case).into_iter().any(handles) {
        return Ok((None, Vec::new()));
    }
    let kept = place::open(s, case)?;
    let position = position(s, case, &kept)?;
    let open = case.state == CaseState::Triage;
    Ok((position, if open { candidates(s, &kept) } else { Vec::new() }))
}

/// Tells whether somebody in this capacity goes there, or says who goes.
const fn handles(role: ActorRole) -> bool {
    matches!(
        role,
        ActorRole::Primary
            | ActorRole::Backup
            | ActorRole::Cadre
            | ActorRole::Secretary
            | ActorRole::TriageDesk
            | ActorRole::Command
    )
}

/// Where the phone was, unless it hardly knew, or was another's than of the person in need.
fn position(s: &Services, case: &cases::Model, kept: &Sealed) -> Result<Option<PositionView>> {
    let resolved = resolved(s, case, kept);
    let reported = reported(s, case)?;
    let elsewhere = case.on_behalf_sealed.is_some();
    let good = reported.filter(|spot| !elsewhere && spot.radius_m <= VAGUE_M);
    Ok(good.or(resolved).or(reported).map(PositionView::from))
}

fn reported(s: &Services, case: &cases::Model) -> Result<Option<Spot>> {
    let Some(sealed) = &case.position_sealed else { return Ok(None) };
    let json = s.vault.open("cases.position", sealed).map_err(Error::internal)?;
    Ok(place::position_of(&json).map(|phone| {
        let at = geo::to_gcj02(Point { lon: phone.lon, lat: phone.lat }, phone.datum);
        Spot { at, radius_m: phone.accuracy_m, kind: SpotKind::Reported }
    }))
}

/// The point in the grid that the case was given to, or the only one that was meant.
fn resolved(s: &Services, case: &cases::Model, kept: &Sealed) -> Option<Spot> {
    let places = s.places.now();
    let grid = case.small_grid_id.and_then(|id| places.name(id));
    let of_grid =
        grid.and_then(|grid| kept.spots.iter().find(|spot| spot.grid == grid.external_id));
    let only = match kept.spots.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    of_grid.or(only).map(Spot::from)
}

fn candidates(s: &Services, kept: &Sealed) -> Vec<CandidateView> {
    let places = s.places.now();
    let view = |(id, p): &(String, f64)| {
        let name = places.find(id)?;
        let known = kept.spots.iter().find(|spot| spot.grid == *id).map(Spot::from);
        let middle = || places.index.middle_of(places.reference(name.id)?);
        let position = known.or_else(middle).map(PositionView::from);
        let grid = GridView { id: name.external_id.clone(), name: name.name.clone() };
        Some(CandidateView { grid, p: *p, position })
    };
    kept.candidates.iter().filter_map(view).collect()
}
