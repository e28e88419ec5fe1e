//! The pauses that wait for a cadre over HTTP.

use actix_web::web::{Data, Json, ServiceConfig, get, resource, to};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use crate::app::case::pauses;
use crate::app::case::view::{self, CaseView};
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let list = resource("/api/v1/pauses").route(get().to(list_pauses));
    cfg.service(list.default_service(to(super::openapi::no_route)));
}

/// A case for which a pause was asked; `case.pause` says why and until when.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingPause {
    pub case: CaseView,
    /// Which papers are missing; numbers in it are masked.
    pub note: String,
    /// Name of whoever asked.
    pub asked_by: String,
    pub asked_at: String,
}

/// At most a hundred, the case that is due first at the top.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingPauses {
    pub pauses: Vec<WaitingPause>,
}

/// Lists the pauses that wait for this cadre; empty for everybody else.
#[utoipa::path(get, path = "/api/v1/pauses", tag = "cases", security(("bearer" = [])),
    responses((status = 200, body = WaitingPauses), (status = 401, body = ProblemBody)))]
pub async fn list_pauses(
    Who(who): Who,
    s: Data<Services>,
) -> std::result::Result<Json<WaitingPauses>, Problem> {
    let mut waiting = Vec::new();
    for one in pauses::run(&s, &who).await? {
        waiting.push(WaitingPause {
            case: view::listed(&s, &who, &one.case).await?,
            note: one.note,
            asked_by: one.asked_by,
            asked_at: rfc3339(one.asked_at),
        });
    }
    Ok(Json(WaitingPauses { pauses: waiting }))
}
