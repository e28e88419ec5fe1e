//! Says where words lead before anything is reported: the live answer while a resident types, and
//! the desk's tool.

use entity::kinds::{ActorRole, DutyRole, GridId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::building_code;
use crate::app::case::chain;
use crate::app::case::home;
use crate::app::case::place::{Asked, asked};
use crate::app::case::spot::PositionView;
use crate::app::case::view::{GridView, GridsView, ResponsibleView, open_name};
use crate::app::places::Snapshot;
use crate::domain::address::{Action, Field, Place, Position, Query, Rejection, SpanKind};
use crate::domain::case::targets;
use crate::domain::scene::Scene;
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store;

/// What somebody wrote, and where his phone is.
#[derive(Clone, Debug)]
pub struct Words {
    pub text: String,
    pub address: Option<String>,
    pub position: Option<Position>,
    /// Whether he asks for somebody else, who lives elsewhere.
    pub on_behalf: bool,
    /// From the code at a door, when he came through one.
    pub scene: Option<Scene>,
}

/// The building whose code was scanned.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScannedView {
    /// Id of the building in the delivered files.
    pub id: String,
    /// As people call it: 阳光花园3号楼.
    pub name: String,
}

/// Where the words lead.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LocatedView {
    /// `route`, `route_large`, `ask`, `out_of_area` or `no_address`.
    pub action: &'static str,
    /// Why, in a sentence a cadre understands.
    pub reason: String,
    /// Probability that the grid is right, 0 to 1.
    pub confidence: f64,
    pub grid: GridsView,
    /// Who would be told; the office phone is public.
    pub responsible: Vec<ResponsibleView>,
    pub place: Option<PlaceView>,
    /// The building of the code that was sent.
    pub building: Option<ScannedView>,
    /// Parts of the field named by `read_from`, half-open, in Unicode scalar values.
    pub spans: Vec<SpanView>,
    /// `text` or `address`.
    #[schema(value_type = String)]
    pub read_from: Field,
    /// The one question that separates the candidates.
    pub question: Option<Asked>,
    /// At most five, best first.
    pub candidates: Vec<CandidateView>,
}

/// The place as far as it was read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceView {
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
    /// Two roads and, where the words say it, the corner.
    pub crossing: Option<String>,
}

impl From<Place> for PlaceView {
    fn from(p: Place) -> Self {
        Self {
            compound: p.compound,
            section: p.section,
            building: p.building,
            unit: p.unit,
            floor: p.floor,
            room: p.room,
            road: p.road,
            number: p.number,
            shop: p.shop,
            poi: p.poi,
            village_group: p.village_group,
            crossing: p.crossing,
        }
    }
}

/// A part of the words and what it was read as.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SpanView {
    pub start: usize,
    pub end: usize,
    #[schema(value_type = String)]
    pub kind: SpanKind,
}

/// A grid and its probability.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CandidateView {
    pub grid: GridView,
    pub p: f64,
    /// Where the place stands if it lies in this grid, else a point inside the grid.
    pub position: Option<PositionView>,
}

/// Reads the words against the present places; a code says more than all words. Fails under
/// `/building_code` with `unknown` for a code that nobody printed and with `withdrawn` for one whose
/// building is gone.
pub async fn run(s: &Services, actor: &Actor, words: &Words) -> Result<LocatedView> {
    let building = match &words.scene {
        Some(scene) => Some(scanned(s, scene).await?),
        None => None,
    };
    let home = if words.on_behalf { None } else { home::find(s, actor).await? };
    let places = s.places.now();
    let home = home.and_then(|grid| places.reference(grid));
    let address = words.address.as_deref();
    let (text, position) = (words.text.as_str(), words.position);
    let code = building.as_ref().map(|one| one.id.as_str());
    let query = Query { text, address, position, home, building: code };
    let found = places.index.resolve(&query);
    let small = found.grid.and_then(|grid| places.small(grid));
    let large = found.community.and_then(|community| places.large(community));
    let large = large.or_else(|| small.and_then(|grid| places.community_of(grid)));
    let view = |id| grid(&places, id);
    let candidate = |c: &crate::domain::address::Candidate| {
        let spot = c.spot.or_else(|| places.index.middle_of(c.grid));
        let position = spot.map(PositionView::from);
        Some(CandidateView { grid: view(places.small(c.grid)?)?, p: c.p, position })
    };
    Ok(LocatedView {
        action: word(found.action),
        confidence: found.confidence,
        grid: GridsView { small: small.and_then(view), large: large.and_then(view) },
        responsible: responsible(s, (small, large), text).await?,
        spans: found
            .spans
            .iter()
            .map(|span| SpanView { start: span.start, end: span.end, kind: span.kind })
            .collect(),
        read_from: found.read_from,
        question: asked(&places, found.question.as_ref()),
        candidates: found.candidates.iter().filter_map(candidate).collect(),
        reason: found.reason,
        place: found.place.map(PlaceView::from),
        building,
    })
}

async fn scanned(s: &Services, scene: &Scene) -> Result<ScannedView> {
    let fault =
        |code, message: &str| Error::fields(vec![Fault::new("/building_code", code, message)]);
    let known = store::building_code::building_of(&s.db.read, scene.as_str()).await?;
    let id = known.ok_or_else(|| fault("unknown", "没有这个楼栋码，请重新扫码，或直接填写地址"))?;
    let found = store::building_code::building(&s.db.read, &id).await?;
    let (building, compound) =
        found.ok_or_else(|| fault("withdrawn", "这个楼栋码对应的楼栋已撤销，请直接填写地址"))?;
    let name = building_code::name(&compound, &building);
    Ok(ScannedView { id: building.external_id, name })
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Route => "route",
        Action::RouteLarge => "route_large",
        Action::Ask => "ask",
        Action::Reject(Rejection::OutOfArea) => "out_of_area",
        Action::Reject(Rejection::NoAddress) => "no_address",
    }
}

fn grid(places: &Snapshot, id: GridId) -> Option<GridView> {
    let name = places.name(id)?;
    Some(GridView { id: name.external_id.clone(), name: name.name.clone() })
}

/// Names who would be told if these words were reported now: worker, backup, cadre.
async fn responsible(
    s: &Services,
    (small, large): (Option<GridId>, Option<GridId>),
    text: &str,
) -> Result<Vec<ResponsibleView>> {
    if small.is_none() && large.is_none() {
        return Ok(Vec::new());
    }
    let when = (targets::urgency(false, false, text), s.clock.now());
    let on_duty = chain::told_in(s, &s.db.read, (small, large), when).await?;
    let told = [
        (DutyRole::Primary, ActorRole::Primary),
        (DutyRole::Backup, ActorRole::Backup),
        (DutyRole::Cadre, ActorRole::Cadre),
    ];
    let mut views = Vec::new();
    for (role, office) in told {
        for person in on_duty.iter().filter(|one| one.role == role.word()) {
            views.push(ResponsibleView {
                role: office.word().to_owned(),
                role_zh: office.plain_zh().to_owned(),
                name: open_name(s, &person.name_sealed)?,
                office_phone: person.office_phone.clone(),
                taken: false,
            });
        }
    }
    Ok(views)
}
