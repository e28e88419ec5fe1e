//! The street's reports over HTTP: a period's figures as a document to be signed.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path, Query, ServiceConfig, get, resource, to};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use crate::app::audit::{figures, report};
use crate::domain::audit::report::Kind;
use crate::error::{Code, Error, Fault};
use crate::services::Services;

/// Registers the route of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let one = resource("/api/v1/audit/reports/{kind}").route(get().to(print_report));
    cfg.service(one.default_service(to(super::openapi::no_route)));
}

/// Which period.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// A day of the period, at +08:00: `2026-11-26`.
    date: String,
    /// `pdf`, which is also meant when it is missing.
    format: Option<String>,
    /// Of a month that is printed for good: which printing, 0 for the first; the last when missing.
    revision: Option<i32>,
}

fn refused(pointer: &str, code: &'static str, message: &str) -> Problem {
    let mut refused = Error::new(Code::MalformedQuery, "查询参数有误");
    refused.faults = vec![Fault::new(pointer, code, message)];
    Problem(refused)
}

/// Prints the report of the day, week or month that holds a date, as PDF; that it was taken is on
/// record. A month that is printed for good says which printing it shows.
#[utoipa::path(get, path = "/api/v1/audit/reports/{kind}", tag = "audit", operation_id = "print_report",
    params(("kind" = String, Path, description = "`daily`, `weekly` or `monthly`"), ReportQuery), security(("bearer" = [])),
    responses((status = 200, content_type = "application/pdf"), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn print_report(
    Who(who): Who,
    kind: Path<String>,
    query: Query<ReportQuery>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    figures::admit(&who)?;
    let kind = Kind::from_word(&kind).ok_or_else(|| Error::not_found("这种报告"))?;
    let day = query
        .date
        .parse()
        .map_err(|_why: jiff::Error| refused("/date", "bad_date", "请写日期，如 2026-11-26"))?;
    if query.format.as_deref().is_some_and(|format| format != "pdf") {
        return Err(refused("/format", "unknown_word", "报告只有 pdf 一种格式"));
    }
    let printed = report::run(&s, &who, (kind, day, query.revision)).await?;
    let file = format!("attachment; filename=\"{}\"", printed.name);
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, file))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(printed.pdf))
}
