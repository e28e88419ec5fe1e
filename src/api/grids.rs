//! Grids over HTTP: their list, and whether every address of the street finds its own.

use actix_web::web::{Data, Json, Query, ServiceConfig, get, resource, to};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::Who;
use crate::api::problem::{Problem, ProblemBody};
use crate::app::coverage::{self, Report};
use crate::app::grids::{self, SmallGridView};
use crate::services::Services;

/// Addresses listed at most; the counts are always whole.
const LISTED: usize = 500;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let coverage = resource("/api/v1/grids/coverage").route(get().to(coverage));
    let grids = resource("/api/v1/grids").route(get().to(list_grids));
    cfg.service(coverage.default_service(to(super::openapi::no_route)));
    cfg.service(grids.default_service(to(super::openapi::no_route)));
}

/// Whose grids.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GridsQuery {
    /// Code of a community; those in which the speaker serves when missing, or else all.
    community: Option<String>,
}

/// The small grids, by id.
#[derive(Debug, Serialize, ToSchema)]
pub struct GridList {
    grids: Vec<SmallGridView>,
}

/// Lists the small grids of a community.
#[utoipa::path(
    get, path = "/api/v1/grids", tag = "grids", params(GridsQuery),
    responses(
        (status = 200, body = GridList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody),
    ),
    security(("bearer" = []))
)]
pub async fn list_grids(
    who: Who,
    query: Query<GridsQuery>,
    s: Data<Services>,
) -> Result<Json<GridList>, Problem> {
    Ok(Json(GridList { grids: grids::run(&s, &who.0, query.community.as_deref())? }))
}

/// The proof.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageView {
    checked: Vec<CheckedView>,
    shared_total: usize,
    /// At most 500. A text with such an address alone can only lead to a question.
    shared: Vec<SharedView>,
    stray_total: usize,
    /// At most 500.
    strays: Vec<StrayView>,
}

/// How many places of a kind were checked.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedView {
    /// `household`, `building`, `shop` or `door_number`.
    kind: &'static str,
    places: usize,
}

/// An address that places of several grids share.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedView {
    address: String,
    grids: Vec<String>,
}

/// An address that does not lead to its own grid.
#[derive(Debug, Serialize, ToSchema)]
pub struct StrayView {
    kind: &'static str,
    address: String,
    /// One grid to route to, or several to ask for.
    expected: Vec<String>,
    /// `route`, `route_large`, `ask` or `reject`.
    action: &'static str,
    /// The grid it was routed to, or the candidates.
    got: Vec<String>,
}

/// Whether every household, building, shop and door number finds its own grid by its address.
#[utoipa::path(
    get, path = "/api/v1/grids/coverage", tag = "grids",
    responses(
        (status = 200, body = CoverageView),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    ),
    security(("bearer" = []))
)]
pub async fn coverage(who: Who, s: Data<Services>) -> Result<Json<CoverageView>, Problem> {
    Ok(Json(coverage::show(&s, &who.0).await?.into()))
}

impl From<Report> for CoverageView {
    fn from(report: Report) -> Self {
        let checked = report.checked.into_iter();
        let shared = report.shared.iter().take(LISTED).cloned();
        let strays = report.strays.iter().take(LISTED).cloned();
        Self {
            checked: checked
                .map(|(kind, places)| CheckedView { kind: kind.word(), places })
                .collect(),
            shared_total: report.shared.len(),
            shared: shared
                .map(|one| SharedView { address: one.address, grids: one.grids })
                .collect(),
            stray_total: report.strays.len(),
            strays: strays
                .map(|stray| StrayView {
                    kind: stray.kind.word(),
                    address: stray.address,
                    expected: stray.expected,
                    action: stray.action,
                    got: stray.got,
                })
                .collect(),
        }
    }
}
