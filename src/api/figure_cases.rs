//! The cases behind a figure over HTTP, page by page as of one instant.

use actix_web::web::{Data, Json, Path, Query, ServiceConfig, get, resource, to};
use entity::kinds::CaseId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::cursor::{self, FigurePlace};
use super::extract::Who;
use super::figures::{Parts, number, question};
use super::problem::{Problem, ProblemBody};
use crate::app::audit::figures::{self, Behind, Question};
use crate::domain::audit::definition::{Unit, figure};
use crate::domain::audit::tally::Bucket;
use crate::domain::calendar::rfc3339;
use crate::error::{Code, Error, Result};
use crate::services::Services;

/// Registers the route of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let cases = resource("/api/v1/audit/figures/{id}/cases").route(get().to(figure_cases));
    cfg.service(cases.default_service(to(super::openapi::no_route)));
}

/// Which of the cases behind a figure.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureCasesQuery {
    /// First instant, as a date (midnight at +08:00) or RFC 3339.
    from: String,
    /// First instant that no longer counts, as a date or RFC 3339.
    to: String,
    /// `as_of` of the answer that is looked into; now when missing. Later pages are as of the first.
    as_of: Option<String>,
    /// Names the group of each case; `month` is that of the report (上报月份).
    group_by: Option<String>,
    /// Conditions that all hold: `category:utilities,month:2026-10` (上报月份).
    filter: Option<String>,
    /// From `next` of the page before; refused with another question.
    cursor: Option<String>,
    /// 1 to 1000; 100 when missing.
    limit: Option<usize>,
}

/// Cases behind a figure, by their ids.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureCasesPage {
    pub as_of: String,
    pub cases: Vec<FigureCaseView>,
    /// Pass as `cursor` to go on; missing at the end.
    pub next: Option<String>,
}

/// A case behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureCaseView {
    pub id: i64,
    pub number: String,
    /// Key of its group; empty when it has none.
    pub group: String,
    /// `hit`, `failed`, `open` or `excluded`.
    pub bucket: &'static str,
    /// Why it is left out.
    pub ground: Option<&'static str>,
    /// Failed, and has not happened until `as_of`.
    pub undone: bool,
    /// On the wall clock, in the unit of the figure; of a share the length that decides it.
    pub wall: Option<f64>,
    /// Within the hours of the promise.
    pub work: Option<f64>,
}

/// Lists the cases behind a figure, each with its value and where it stands: their counts are the
/// counts of the figure.
#[utoipa::path(get, path = "/api/v1/audit/figures/{id}/cases", tag = "audit",
    params(("id" = String, Path, description = "Id of the figure: `R6`"), FigureCasesQuery), security(("bearer" = [])),
    responses((status = 200, body = FigureCasesPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn figure_cases(
    Who(who): Who,
    id: Path<String>,
    query: Query<FigureCasesQuery>,
    s: Data<Services>,
) -> std::result::Result<Json<FigureCasesPage>, Problem> {
    figures::admit(&who)?;
    let FigureCasesQuery { from, to, .. } = &*query;
    let parts = Parts {
        from,
        to,
        as_of: query.as_of.as_deref(),
        group_by: query.group_by.as_deref(),
        filter: query.filter.as_deref(),
    };
    let mut ask = question(&s, &[id.into_inner()], &parts)?;
    let place = query.cursor.as_deref().map(|one| cursor::open(&s, one)).transpose()?;
    let after = match place {
        Some(place) => go_on(&mut ask, place, query.as_of.is_some())?,
        None => CaseId(0),
    };
    let unit = ask.ids.first().and_then(|id| figure(id)).map_or(Unit::Share, |(card, _)| card.unit);
    let limit = query.limit.unwrap_or(100).clamp(1, 1_000);
    let page = figures::behind(&s, &who, &ask, (after, limit)).await?;
    let next = page.next.map(|after| {
        let place = FigurePlace { after, as_of: ask.window.as_of, asked: asked(&ask) };
        cursor::seal(&s, place)
    });
    Ok(Json(FigureCasesPage {
        as_of: rfc3339(ask.window.as_of),
        cases: page.cases.into_iter().map(|one| case_view(unit, one)).collect(),
        next,
    }))
}

/// Takes up a list where its last page ended, as of the instant of its first page. Fails with
/// `malformed_query` when the cursor is of another question.
fn go_on(ask: &mut Question, place: FigurePlace, as_of_named: bool) -> Result<CaseId> {
    let other = as_of_named && rfc3339(ask.window.as_of) != rfc3339(place.as_of);
    if other || place.asked != asked(ask) {
        let detail = "cursor 属于另一个查询，请从第一页重新开始";
        return Err(Error::new(Code::MalformedQuery, detail));
    }
    ask.window.as_of = place.as_of;
    Ok(place.after)
}

/// Tells one question from another, whenever it is asked.
fn asked(ask: &Question) -> u64 {
    let Question { ids, window, by, filter } = ask;
    let text = format!("{ids:?} {:?} {:?} {by:?} {filter:?}", window.from, window.to);
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn case_view(unit: Unit, behind: Behind) -> FigureCaseView {
    let Behind { case, number: name, group, finding, .. } = behind;
    FigureCaseView {
        id: case.0,
        number: name,
        group,
        bucket: finding.bucket.word(),
        ground: match finding.bucket {
            Bucket::Excluded(ground) => Some(ground),
            Bucket::Hit | Bucket::Failed | Bucket::Open => None,
        },
        undone: finding.undone,
        wall: finding.wall.map(|value| number(unit, value)),
        work: finding.work.map(|value| number(unit, value)),
    }
}
