//! The working-time calendar and the targets over HTTP, as versions that two people make.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, ServiceConfig, get, post, resource, to};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{Valid, Who, instant};
use super::problem::{Problem, ProblemBody};
use crate::app::calendar::list::{CalendarVersionView, CalendarView};
use crate::app::target::list::{TargetVersionView, TargetsView};
use crate::app::{calendar, target};
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let days = resource("/api/v1/calendar")
        .route(get().to(show_calendar))
        .route(post().to(import_calendar));
    let days_yes =
        resource("/api/v1/calendar/{id}/confirmation").route(post().to(confirm_calendar));
    let all =
        resource("/api/v1/targets").route(get().to(list_targets)).route(post().to(add_targets));
    let yes = resource("/api/v1/targets/{id}/confirmation").route(post().to(confirm_targets));
    for one in [days, days_yes, all, yes] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// Shows which years are known and every import.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "calendar", security(("bearer" = [])),
    responses((status = 200, body = CalendarView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn show_calendar(
    Who(who): Who,
    s: Data<Services>,
) -> Result<Json<CalendarView>, Problem> {
    Ok(Json(calendar::list::run(&s, &who).await?))
}

/// The notice of a year.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarBody {
    /// Lines of `table,date,rest|work,festival` under one heading line; `table` is the year of the
    /// notice.
    #[validate(length(
        min = 1,
        max = 65_536,
        code = "length",
        message = "文件应为 1 至 65536 个字"
    ))]
    table: String,
}

/// Imports a notice; it waits until another administrator confirms it.
#[utoipa::path(post, path = "/api/v1/calendar", tag = "calendar", request_body = CalendarBody, security(("bearer" = [])),
    responses((status = 201, body = CalendarVersionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn import_calendar(
    Who(who): Who,
    Valid(body): Valid<CalendarBody>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let added = calendar::import::run(&s, &who, &body.table).await?;
    Ok(HttpResponse::Created().json(calendar::list::one(&s, added).await?))
}

/// Confirms a notice that somebody else imported; every process counts with it within two seconds,
/// and due times that waited for it are computed again.
#[utoipa::path(post, path = "/api/v1/calendar/{id}/confirmation", tag = "calendar",
    params(("id" = i64, Path, description = "Number of the version")), security(("bearer" = [])),
    responses((status = 200, body = CalendarVersionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn confirm_calendar(
    Who(who): Who,
    version: Path<i64>,
    s: Data<Services>,
) -> Result<Json<CalendarVersionView>, Problem> {
    let confirmed = calendar::confirm::run(&s, &who, *version).await?;
    Ok(Json(calendar::list::one(&s, confirmed).await?))
}

/// Shows the targets in force and every version.
#[utoipa::path(get, path = "/api/v1/targets", tag = "calendar", security(("bearer" = [])),
    responses((status = 200, body = TargetsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn list_targets(Who(who): Who, s: Data<Services>) -> Result<Json<TargetsView>, Problem> {
    Ok(Json(target::list::run(&s, &who).await?))
}

/// A version of all targets.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetsBody {
    /// As `targets` of a version is shown; its numbers are given by the server.
    #[schema(value_type = Object)]
    targets: Value,
    /// RFC 3339; now when missing or past.
    valid_from: Option<String>,
}

/// Adds a version; it waits until another administrator confirms it.
#[utoipa::path(post, path = "/api/v1/targets", tag = "calendar", request_body = TargetsBody, security(("bearer" = [])),
    responses((status = 201, body = TargetVersionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn add_targets(
    Who(who): Who,
    Valid(body): Valid<TargetsBody>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let from = body.valid_from.as_deref().map(|raw| instant("/valid_from", raw));
    let added = target::add::run(&s, &who, &body.targets.to_string(), from.transpose()?).await?;
    Ok(HttpResponse::Created().json(target::list::one(&s, added).await?))
}

/// Confirms a version that somebody else made; new cases are promised by it within two seconds.
#[utoipa::path(post, path = "/api/v1/targets/{id}/confirmation", tag = "calendar",
    params(("id" = i64, Path, description = "Number of the version")), security(("bearer" = [])),
    responses((status = 200, body = TargetVersionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn confirm_targets(
    Who(who): Who,
    version: Path<i64>,
    s: Data<Services>,
) -> Result<Json<TargetVersionView>, Problem> {
    let confirmed = target::confirm::run(&s, &who, *version).await?;
    Ok(Json(target::list::one(&s, confirmed).await?))
}
