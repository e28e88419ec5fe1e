//! Exports of figures over HTTP: ordered, watched, taken.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Json, Path, ServiceConfig, get, post, resource, to};
use entity::kinds::{ExportContent, ExportFormat, ExportState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{Valid, Who};
use super::figures::{Parts, question};
use super::problem::{Problem, ProblemBody};
use crate::app::audit::export::{self, Export, Order};
use crate::app::audit::figures;
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let order = resource("/api/v1/audit/exports").route(post().to(order_export));
    let show = resource("/api/v1/audit/exports/{id}").route(get().to(show_export));
    let take = resource("/api/v1/audit/exports/{id}/content").route(get().to(take_export));
    for one in [order, show, take] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// What is exported, and what for.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportBody {
    pub what: ExportContent,
    pub format: ExportFormat,
    /// Stands in the first row of the file.
    #[validate(length(
        min = 1,
        max = 200,
        code = "length",
        message = "请用 1 至 200 个字说明用途"
    ))]
    pub purpose: String,
    /// All of them when empty; exactly one with `cases`.
    #[serde(default)]
    pub ids: Vec<String>,
    /// First instant, as a date (midnight at +08:00) or RFC 3339.
    pub from: String,
    /// First instant that no longer counts.
    pub to: String,
    pub as_of: Option<String>,
    /// As of figures; `month` is that of the report (上报月份).
    pub group_by: Option<String>,
    /// As of figures; `month:2026-10` is that of the report (上报月份).
    pub filter: Option<String>,
}

/// An export and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportView {
    pub id: i64,
    pub what: ExportContent,
    pub format: ExportFormat,
    pub purpose: String,
    pub state: ExportState,
    pub state_zh: &'static str,
    /// Cases looked at so far, where the cases behind a figure are exported.
    pub cases_read: i64,
    pub rows_written: i64,
    pub bytes: Option<i64>,
    /// Of the file.
    pub sha256: Option<String>,
    pub created_at: String,
    pub finished_at: Option<String>,
    /// Where the file is, once it is there.
    pub content: Option<String>,
}

fn view(row: Export) -> ExportView {
    let place = format!("/api/v1/audit/exports/{}/content", row.id);
    ExportView {
        id: row.id,
        what: row.what,
        format: row.format,
        state: row.state,
        state_zh: row.state.zh(),
        cases_read: row.cases_read,
        rows_written: row.rows_written,
        bytes: row.bytes,
        content: row.object.map(|_there| place),
        sha256: row.sha256,
        created_at: rfc3339(row.created_at),
        finished_at: row.finished_at.map(rfc3339),
        purpose: row.purpose,
    }
}

/// Orders an export of figures, or of the cases behind one.
#[utoipa::path(post, path = "/api/v1/audit/exports", tag = "audit", request_body = ExportBody, security(("bearer" = [])),
    responses((status = 202, body = ExportView), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn order_export(
    Who(who): Who,
    Valid(body): Valid<ExportBody>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    figures::admit(&who)?;
    let parts = Parts {
        from: &body.from,
        to: &body.to,
        as_of: body.as_of.as_deref(),
        group_by: body.group_by.as_deref(),
        filter: body.filter.as_deref(),
    };
    let ask = question(&s, &body.ids, &parts)?;
    let filter = body.filter.unwrap_or_default();
    let order = Order { what: body.what, format: body.format, purpose: body.purpose, filter };
    let row = export::order(&s, &who, ask, order).await?;
    let place = (header::LOCATION, format!("/api/v1/audit/exports/{}", row.id));
    Ok(HttpResponse::Accepted().insert_header(place).json(view(row)))
}

/// Shows how far an own export is.
#[utoipa::path(get, path = "/api/v1/audit/exports/{id}", tag = "audit", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = ExportView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn show_export(
    Who(who): Who,
    id: Path<i64>,
    s: Data<Services>,
) -> Result<Json<ExportView>, Problem> {
    Ok(Json(view(export::find(&s, &who, *id).await?)))
}

/// Takes the file of an own export; that it was taken is on record.
#[utoipa::path(get, path = "/api/v1/audit/exports/{id}/content", tag = "audit", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn take_export(
    Who(who): Who,
    id: Path<i64>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let (format, bytes) = export::content(&s, &who, *id).await?;
    let kind = match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let file = format!("attachment; filename=\"zhinan-{id}.{}\"", format.word());
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, file))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}
