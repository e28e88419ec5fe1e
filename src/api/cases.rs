//! Reporting, listing and showing cases.

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpResponse, web};
use entity::kinds::{CaseId, CaseState, Category, PhotoId, StaffId, VoiceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::case_bodies::{ReportBody, silent};
use super::case_verbs;
use super::cursor;
use super::extract::{ClientIp, IdempotencyKey, Sent, Who, faults, instant};
use super::once::once;
use super::problem::{Problem, ProblemBody};
use crate::app::actor::Actor;
use crate::app::case::list::{self, Filter, Finished, Part};
use crate::app::case::report::{self, Idempotency, OnBehalf, Report};
use crate::app::case::view::{CaseDetail, CaseView};
use crate::app::case::{forget_phone, show, view};
use crate::app::limit;
use crate::domain::phone::Phone;
use crate::domain::scene::Scene;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;

fn parse(body: &[u8]) -> std::result::Result<ReportBody, Problem> {
    let body: ReportBody = serde_json::from_slice(body).map_err(|why| {
        Error::new(
            Code::MalformedJson,
            format!("请求内容有误（第 {} 行第 {} 列：{why}）", why.line(), why.column()),
        )
    })?;
    let mut found = body.validate().err().map(|bad| faults(&bad)).unwrap_or_default();
    found.extend(silent("/text", &body.text, &body.voices));
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    if found.is_empty() { Ok(body) } else { Err(Error::fields(found).into()) }
}

fn command(body: ReportBody) -> Result<Report> {
    let contact_phone = body.contact_phone.as_deref().map(Phone::parse).transpose();
    let contact_phone = contact_phone
        .map_err(|bad| Error::fields(vec![Fault::new("/contact_phone", "phone", bad.zh())]))?;
    let urgency = body.urgency;
    Ok(Report {
        text: body.text.trim().to_owned(),
        address: body.address.filter(|address| !address.trim().is_empty()),
        position: body.location.map(Into::into),
        category: body.category.unwrap_or(Category::Other),
        danger: urgency.as_ref().is_some_and(|u| u.danger),
        stuck: urgency.as_ref().is_some_and(|u| u.stuck),
        contact_phone,
        photos: body.photos.into_iter().map(PhotoId).collect(),
        voices: body.voices.into_iter().map(VoiceId).collect(),
        on_behalf: body.on_behalf_of.map(|other| OnBehalf {
            name: other.name,
            phone: other.phone,
            relation: other.relation,
        }),
        scene: body.building_code.as_deref().and_then(Scene::parse),
        tapped: body.grid,
    })
}

/// Reports a case. The same `Idempotency-Key` with the same body answers with the same case.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", operation_id = "report", request_body = ReportBody,
    params(("Idempotency-Key" = String, Header)), security(("bearer" = [])),
    responses((status = 201, body = CaseView), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn report(
    Who(who): Who,
    ip: ClientIp,
    key: IdempotencyKey,
    Sent(body): Sent,
    s: Data<Services>,
) -> std::result::Result<HttpResponse, Problem> {
    let limits = &s.settings.limits;
    limit::admit(&s, &limits.post, &who.account.to_string()).await?;
    limit::admit(&s, &limits.post_by_address, &ip.key()).await?;
    let once = Idempotency::new(key.0, &body);
    let view = report::run(&s, &who, once, command(parse(&body)?)?).await?;
    let place = (header::LOCATION, format!("/api/v1/cases/{}", view.id));
    Ok(HttpResponse::Created().insert_header(place).json(view))
}

/// What a list asks for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// One state, or several separated by commas (`assigned,acknowledged`); one list, newest first.
    state: Option<String>,
    /// Id of a small or large grid.
    grid: Option<String>,
    /// Only open cases past their promised time.
    overdue: Option<bool>,
    /// Words in the text, or the number.
    q: Option<String>,
    /// Only what the speaker reported, for himself or for somebody else; `false`: only what his office
    /// concerns him with. Both when missing.
    reported_by_me: Option<bool>,
    /// What the speaker reported and what waits for his answer comes first: a result to confirm, a
    /// question, papers to bring, an appointment to confirm.
    waiting_first: Option<bool>,
    /// Only cases whose result the speaker declared at this instant (RFC 3339) or later, and where it
    /// still stands; of whoever is no member of staff none.
    finished_since: Option<String>,
    /// From `next` of the page before, which was asked in the same way.
    cursor: Option<String>,
    /// 1 to 100; 20 when missing.
    limit: Option<usize>,
}

/// A page.
#[derive(Debug, Serialize, ToSchema)]
pub struct CasePage {
    pub cases: Vec<CaseView>,
    /// Pass as `cursor` to go on; missing at the end.
    pub next: Option<String>,
}

/// No member of staff has this id.
const NOBODY: StaffId = StaffId(0);

fn filter(s: &Services, who: &Actor, query: &ListQuery) -> Result<Filter> {
    let bad = |pointer: &str, message: String| {
        Error::fields(vec![Fault::new(pointer, "unknown", message)])
    };
    let mut filter = Filter { brought: query.reported_by_me, ..Filter::default() };
    for word in query.state.iter().flat_map(|states| states.split(',')) {
        let state = CaseState::from_word(word);
        filter.states.push(state.ok_or_else(|| bad("/state", format!("没有“{word}”这种状态")))?);
    }
    if let Some(id) = &query.grid {
        let places = s.places.now();
        let name =
            places.find(id).ok_or_else(|| bad("/grid", format!("没有编号为 {id} 的网格")))?;
        match name.parent {
            Some(_) => filter.small_grid = Some(name.id),
            None => filter.large_grid = Some(name.id),
        }
    }
    filter.overdue_at = query.overdue.unwrap_or(false).then(|| s.clock.now());
    if let Some(since) = &query.finished_since {
        let (by, since) = (who.staff.unwrap_or(NOBODY), instant("/finished_since", since)?);
        filter.finished = Some(Finished { by, since });
    }
    Ok(filter)
}

async fn page(s: &Services, who: &Actor, query: &ListQuery, filter: Filter) -> Result<CasePage> {
    let limit = query.limit.unwrap_or(20).clamp(1, 100);
    let start = query.cursor.as_deref().map(|c| cursor::open(s, c)).transpose()?;
    let part = match query.waiting_first {
        Some(true) => Part::Waiting(who.account),
        _ => Part::Whole,
    };
    let filter = Filter { part, ..filter };
    let page = list::run(s, who, &filter, query.q.as_deref(), (start, limit)).await?;
    let mut cases = Vec::with_capacity(page.cases.len());
    for case in &page.cases {
        cases.push(view::listed(s, who, case).await?);
    }
    Ok(CasePage { cases, next: page.next.map(|start| cursor::seal(s, start)) })
}

/// Lists the cases this person may see, newest first or what waits for his answer first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", operation_id = "list_cases", params(ListQuery), security(("bearer" = [])),
    responses((status = 200, body = CasePage), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list_cases(
    Who(who): Who,
    query: Query<ListQuery>,
    s: Data<Services>,
) -> std::result::Result<Json<CasePage>, Problem> {
    let filter = filter(&s, &who, &query)?;
    Ok(Json(page(&s, &who, &query, filter).await?))
}

/// Lists what waits to be placed by hand, within this person's scope.
#[utoipa::path(get, path = "/api/v1/triage", tag = "cases", operation_id = "list_triage", params(ListQuery), security(("bearer" = [])),
    responses((status = 200, body = CasePage), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list_triage(
    Who(who): Who,
    query: Query<ListQuery>,
    s: Data<Services>,
) -> std::result::Result<Json<CasePage>, Problem> {
    let filter = Filter { triage_only: true, ..filter(&s, &who, &query)? };
    Ok(Json(page(&s, &who, &query, filter).await?))
}

/// Shows a case with its timeline and who was told what.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases", operation_id = "show_case", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = CaseDetail), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn show_case(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
) -> std::result::Result<Json<CaseDetail>, Problem> {
    Ok(Json(show::run(&s, &who, *id).await?))
}

/// Takes away the number that was left with the speaker's own case, open or not.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/phone", tag = "cases", operation_id = "forget_case_phone", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn forget_case_phone(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
) -> std::result::Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.act, &who.account.to_string()).await?;
    forget_phone::run(&s, &who, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Registers everything about cases.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let scope = web::scope("/api/v1/cases")
        .service(
            web::resource("")
                .route(web::post().to(report))
                .route(web::get().to(list_cases))
                .default_service(web::to(super::openapi::no_route)),
        )
        .service(
            web::resource("/{id}")
                .route(web::get().to(show_case))
                .default_service(web::to(super::openapi::no_route)),
        )
        .service(
            web::resource("/{id}/phone")
                .route(web::delete().to(forget_case_phone))
                .default_service(web::to(super::openapi::no_route)),
        );
    cfg.service(case_verbs::routes(scope).wrap(from_fn(once)));
    cfg.service(
        web::resource("/api/v1/triage")
            .route(web::get().to(list_triage))
            .default_service(web::to(super::openapi::no_route)),
    );
}
