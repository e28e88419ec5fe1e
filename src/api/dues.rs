//! What falls due soon and what is overdue over HTTP.

use std::time::Duration;

use actix_web::web::{Data, Json, Query, ServiceConfig, get, post, resource, to};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::cursor::{self, DuePlace};
use super::extract::{Valid, Who, instant};
use super::problem::{Problem, ProblemBody};
use crate::app::actor::Actor;
use crate::app::case::dues::{self, When, Whose};
use crate::app::case::hold_all;
use crate::app::case::view::{self, CaseView};
use crate::domain::calendar::rfc3339;
use crate::error::{Error, Fault, Result};
use crate::services::Services;

/// The longest look ahead, in minutes: sixty days.
const FARTHEST: u32 = 60 * 24 * 60;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let list = resource("/api/v1/dues").route(get().to(list_dues));
    let rest = resource("/api/v1/holds").route(post().to(hold_all));
    for one in [list, rest] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DuesQuery {
    /// `overdue` or `soon`.
    which: String,
    /// With `soon`: how far ahead, 1 to 86400; a day when missing.
    within_minutes: Option<u32>,
    /// Id of a small or large grid.
    grid: Option<String>,
    /// Staff number of whoever took the cases, or `me`; not together with `grid`.
    person: Option<String>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 20 when missing.
    limit: Option<usize>,
}

/// A page, the first due first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuesPage {
    /// What is overdue was so at this instant.
    pub as_of: String,
    pub cases: Vec<CaseView>,
    /// Pass as `cursor` to go on; missing at the end.
    pub next: Option<String>,
}

fn bad(pointer: &str, message: impl Into<String>) -> Error {
    Error::fields(vec![Fault::new(pointer, "unknown", message.into())])
}

fn when(query: &DuesQuery) -> Result<When> {
    match query.which.as_str() {
        "overdue" => Ok(When::Overdue),
        "soon" => {
            let minutes = query.within_minutes.unwrap_or(24 * 60);
            if !(1..=FARTHEST).contains(&minutes) {
                return Err(bad("/within_minutes", "请填写 1 至 86400 之间的分钟数"));
            }
            Ok(When::Soon(Duration::from_secs(u64::from(minutes) * 60)))
        }
        _ => Err(bad("/which", "请选择 overdue 或 soon")),
    }
}

fn grid(s: &Services, id: &str) -> Result<Whose> {
    let places = s.places.now();
    let unknown = || bad("/grid", format!("没有编号为 {id} 的网格"));
    let name = places.find(id).ok_or_else(unknown)?;
    let small = name.parent.is_some();
    Ok(if small { Whose::SmallGrid(name.id) } else { Whose::LargeGrid(name.id) })
}

async fn whose(s: &Services, who: &Actor, query: &DuesQuery) -> Result<Whose> {
    match (&query.grid, &query.person) {
        (Some(_), Some(_)) => Err(bad("/person", "网格和人员请只选一个")),
        (None, None) => Ok(Whose::Anybody),
        (None, Some(number)) => Ok(Whose::Person(dues::person(s, who, number).await?)),
        (Some(id), None) => grid(s, id),
    }
}

/// Lists open cases by when their result is due, within this person's scope.
#[utoipa::path(get, path = "/api/v1/dues", tag = "cases", params(DuesQuery), security(("bearer" = [])),
    responses((status = 200, body = DuesPage), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list_dues(
    Who(who): Who,
    query: Query<DuesQuery>,
    s: Data<Services>,
) -> std::result::Result<Json<DuesPage>, Problem> {
    let which = (whose(&s, &who, &query).await?, when(&query)?);
    let limit = query.limit.unwrap_or(20).clamp(1, 100);
    let after = query.cursor.as_deref().map(|one| cursor::open::<DuePlace>(&s, one)).transpose()?;
    let after = after.map(|DuePlace(at, id)| (at, id));
    let page = dues::run(&s, &who, which, (after, limit)).await?;
    let mut cases = Vec::with_capacity(page.cases.len());
    for case in &page.cases {
        cases.push(view::listed(&s, &who, case).await?);
    }
    let next = page.next.map(|(at, id)| cursor::seal(&s, DuePlace(at, id)));
    Ok(Json(DuesPage { as_of: rfc3339(page.as_of), cases, next }))
}

/// Weather or force majeure: what is at work rests.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldsBody {
    /// RFC 3339 instant at which work goes on.
    until: String,
    /// Id of a small or large grid; the whole street when missing.
    grid: Option<String>,
    #[validate(length(
        min = 1,
        max = 200,
        code = "length",
        message = "请用 1 至 200 个字说明原因"
    ))]
    note: String,
}

/// What became of the cases at work.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldsView {
    pub held: usize,
    /// Changed by somebody else at the same moment: ask again.
    pub left: usize,
}

/// Lets every case that is at work rest for the weather, in the street or in one grid. Asked again it
/// takes those that are left.
#[utoipa::path(post, path = "/api/v1/holds", tag = "cases", request_body = HoldsBody, security(("bearer" = [])),
    responses((status = 200, body = HoldsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn hold_all(
    Who(who): Who,
    Valid(body): Valid<HoldsBody>,
    s: Data<Services>,
) -> std::result::Result<Json<HoldsView>, Problem> {
    hold_all::admit(&who)?;
    let whose = body.grid.as_deref().map_or(Ok(Whose::Anybody), |id| grid(&s, id))?;
    let until = instant("/until", &body.until)?;
    let done = hold_all::run(&s, &who, whose, (until, body.note)).await?;
    Ok(Json(HoldsView { held: done.held, left: done.left }))
}
