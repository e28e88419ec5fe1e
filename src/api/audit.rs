//! Figures over HTTP: JSON for the console, CSV for spreadsheets.

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{Data, Query, ServiceConfig, get, resource, to};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::Who;
use crate::api::problem::{Problem, ProblemBody};
use crate::app::audit::response_times::{self, Group, GroupBy, Question, ResponseTimes};
use crate::domain::audit::{DEFINITION, Figures, Quantile, Summary, table};
use crate::domain::calendar;
use crate::error::{Code, Error, Fault};
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let table = resource("/api/v1/audit/response-times").route(get().to(response_times));
    cfg.service(table.default_service(to(super::openapi::no_route)));
}

/// The period and the grouping.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResponseTimesQuery {
    /// First instant, as a date (midnight at +08:00) or RFC 3339.
    from: String,
    /// First instant that no longer counts, as a date or RFC 3339.
    to: String,
    /// `grid`, `large_grid`, `person` or `category`.
    group_by: String,
}

/// The response-time table.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseTimesView {
    /// Version of the definitions behind the figures.
    definition: u32,
    /// Which cases were counted.
    cohort: &'static str,
    from: String,
    to: String,
    /// When the figures were computed; open cases are measured until then.
    as_of: String,
    group_by: String,
    total: FiguresView,
    groups: Vec<GroupView>,
}

/// One group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// Grid id, community code, staff number or category; empty when the case has none.
    key: String,
    name: String,
    #[serde(flatten)]
    figures: FiguresView,
}

/// The figures of one group; wall time, in seconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresView {
    n: usize,
    open: usize,
    /// Open and past the promised time of the result.
    overdue: usize,
    first_push: IntervalView,
    /// From the report: what the resident waited.
    acknowledge: IntervalView,
    /// From the first push: the person's speed.
    acknowledge_from_push: IntervalView,
    contact: IntervalView,
    resolve: IntervalView,
}

/// One interval: nearest-rank percentiles, cases that still wait are censored at `as_of`.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalView {
    /// Cases it happened to, and cases that still wait.
    n: usize,
    waiting: usize,
    p50: QuantileView,
    p90: QuantileView,
    max_seconds: Option<f64>,
    longest_waiting_seconds: Option<f64>,
}

/// A percentile, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuantileView {
    seconds: Option<f64>,
    /// `too_few` or `not_reached`; absent with a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// With `not_reached`: the percentile is longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    beyond_seconds: Option<f64>,
}

/// How long each step took, per grid, community, person or category.
#[utoipa::path(
    get, path = "/api/v1/audit/response-times", tag = "audit", params(ResponseTimesQuery),
    responses(
        (status = 200, description = "The table, as JSON or with `Accept: text/csv` as CSV",
         content((ResponseTimesView = "application/json"), (String = "text/csv"))),
        (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
    ),
    security(("bearer" = []))
)]
pub async fn response_times(
    who: Who,
    request: HttpRequest,
    query: Query<ResponseTimesQuery>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let ask = question(&query)?;
    let answer = response_times::run(&s, &who.0, ask).await?;
    Ok(if wants_csv(&request) { csv(&answer) } else { json(&query, ask, answer) })
}

fn question(query: &ResponseTimesQuery) -> Result<Question, Error> {
    let mut faults = Vec::new();
    let mut instant = |pointer: &str, raw: &str| {
        let at = calendar::parse_instant(raw);
        if at.is_none() {
            let message = "请写日期（2026-11-01）或带时区的时间（2026-11-01T00:00:00+08:00）";
            faults.push(Fault::new(pointer, "bad_instant", message));
        }
        at
    };
    let (from, to) = (instant("/from", &query.from), instant("/to", &query.to));
    let group_by = GroupBy::from_word(&query.group_by);
    if group_by.is_none() {
        let message = "请选择 grid、large_grid、person 或 category";
        faults.push(Fault::new("/group_by", "unknown_word", message));
    }
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        faults.push(Fault::new("/to", "empty_period", "结束时间须晚于开始时间"));
    }
    match (from, to, group_by) {
        (Some(from), Some(to), Some(group_by)) if faults.is_empty() => {
            Ok(Question { from, to, group_by })
        }
        _ => {
            let mut refused = Error::new(Code::MalformedQuery, "查询参数有误");
            refused.faults = faults;
            Err(refused)
        }
    }
}

fn wants_csv(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("text/csv"))
}

fn csv(answer: &ResponseTimes) -> HttpResponse {
    let total = ("", "合计", &answer.total);
    let groups =
        answer.groups.iter().map(|one| (one.key.as_str(), one.name.as_str(), &one.figures));
    let file = "attachment; filename=\"response-times.csv\"";
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, file))
        .body(table::csv(groups.chain([total])))
}

fn json(query: &ResponseTimesQuery, ask: Question, answer: ResponseTimes) -> HttpResponse {
    HttpResponse::Ok().json(ResponseTimesView {
        definition: DEFINITION,
        cohort: "reported_at in [from, to)",
        from: calendar::rfc3339(ask.from),
        to: calendar::rfc3339(ask.to),
        as_of: calendar::rfc3339(answer.as_of),
        group_by: query.group_by.clone(),
        total: (&answer.total).into(),
        groups: answer.groups.into_iter().map(GroupView::from).collect(),
    })
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        Self { figures: (&group.figures).into(), key: group.key, name: group.name }
    }
}

impl From<&Figures> for FiguresView {
    fn from(figures: &Figures) -> Self {
        Self {
            n: figures.n,
            open: figures.open,
            overdue: figures.overdue,
            first_push: (&figures.first_push).into(),
            acknowledge: (&figures.acknowledge).into(),
            acknowledge_from_push: (&figures.acknowledge_from_push).into(),
            contact: (&figures.contact).into(),
            resolve: (&figures.resolve).into(),
        }
    }
}

impl From<&Summary> for IntervalView {
    fn from(summary: &Summary) -> Self {
        let seconds = |length: Option<Duration>| length.map(|length| length.as_secs_f64());
        Self {
            n: summary.n,
            waiting: summary.waiting,
            p50: summary.p50.into(),
            p90: summary.p90.into(),
            max_seconds: seconds(summary.max),
            longest_waiting_seconds: seconds(summary.longest_waiting),
        }
    }
}

impl From<Quantile> for QuantileView {
    fn from(value: Quantile) -> Self {
        let (seconds, note, beyond_seconds) = match value {
            Quantile::At(length) => (Some(length.as_secs_f64()), None, None),
            Quantile::TooFew => (None, Some("too_few"), None),
            Quantile::Beyond(length) => (None, Some("not_reached"), Some(length.as_secs_f64())),
        };
        Self { seconds, note, beyond_seconds }
    }
}
