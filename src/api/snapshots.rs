//! Which months are printed for good, and how an auditor makes another printing.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, ServiceConfig, get, post, resource, to};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::audit::freeze;
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let list = resource("/api/v1/audit/snapshots").route(get().to(list_snapshots));
    let again =
        resource("/api/v1/audit/snapshots/{period}/revisions").route(post().to(revise_snapshot));
    for one in [list, again] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// One printing of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrintingView {
    /// `2026-10`
    pub period: String,
    /// 0 is the first one, made on the third workday of the next month.
    pub revision: i32,
    /// Later events are not counted.
    pub as_of: String,
    pub printed_at: String,
    /// Why it was printed again.
    pub reason: Option<String>,
}

/// The printings, the latest month first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrintingsView {
    pub printings: Vec<PrintingView>,
}

/// Why a month is printed again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionBody {
    #[validate(length(
        min = 1,
        max = 500,
        code = "length",
        message = "请用 1 至 500 个字说明理由"
    ))]
    pub reason: String,
}

/// The number of a printing that is under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionView {
    pub period: String,
    pub revision: i32,
}

/// Lists which months are printed for good.
#[utoipa::path(get, path = "/api/v1/audit/snapshots", tag = "audit", security(("bearer" = [])),
    responses((status = 200, body = PrintingsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn list_snapshots(
    Who(who): Who,
    s: Data<Services>,
) -> std::result::Result<Json<PrintingsView>, Problem> {
    let printings = freeze::list(&s, &who).await?.into_iter().map(|row| PrintingView {
        period: row.period,
        revision: row.revision,
        as_of: rfc3339(row.as_of),
        printed_at: rfc3339(row.created_at),
        reason: row.reason,
    });
    Ok(Json(PrintingsView { printings: printings.collect() }))
}

/// Prints a month again with what is known now; the printings before it stay. It is there some ten
/// minutes later.
#[utoipa::path(post, path = "/api/v1/audit/snapshots/{period}/revisions", tag = "audit",
    params(("period" = String, Path, description = "A month: `2026-10`")), request_body = RevisionBody, security(("bearer" = [])),
    responses((status = 202, body = RevisionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, description = "while another revision is being printed", body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn revise_snapshot(
    Who(who): Who,
    period: Path<String>,
    Valid(body): Valid<RevisionBody>,
    s: Data<Services>,
) -> std::result::Result<HttpResponse, Problem> {
    let revision = freeze::revise(&s, &who, &period, body.reason).await?;
    Ok(HttpResponse::Accepted().json(RevisionView { period: period.into_inner(), revision }))
}
