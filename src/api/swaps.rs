//! Swaps of shifts between colleagues.

use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Json, Path};
use entity::kinds::{StaffId, SwapState, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{OnceKey, Valid, Who};
use super::my_duty::SpanOut;
use super::once::once;
use super::problem::{Problem, ProblemBody};
use super::roster::{GapOut, day};
use super::staff::GridOut;
use crate::app::roster::swap::ask::{self, Wish};
use crate::app::roster::swap::list::{self, Colleague};
use crate::app::roster::swap::{SwapView, accept, approve, refuse, warning, withdraw};
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/swaps")
            .route(web::get().to(list_swaps))
            .route(web::post().to(ask_swap))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/swaps/{id}/acceptance")
            .route(web::post().to(accept_swap))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/swaps/{id}/refusal")
            .route(web::post().to(refuse_swap))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/swaps/{id}/approval")
            .route(web::post().to(approve_swap))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/swaps/{id}/withdrawal")
            .route(web::post().to(withdraw_swap))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
}

/// Which of my shifts for which of yours.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSwap {
    colleague: StaffId,
    /// Day of the shift that he is to take over, `2026-11-27`; a night belongs to the evening.
    mine: String,
    /// Day of his shift that the speaker takes over in return; for nothing when absent.
    theirs: Option<String>,
}

/// Swaps that concern the speaker, newest first.
#[derive(Serialize, ToSchema)]
pub struct Swaps {
    swaps: Vec<SwapOut>,
    /// Whom he may ask.
    colleagues: Vec<ColleagueOut>,
}

/// Somebody of a swap.
#[derive(Serialize, ToSchema)]
pub struct SwapPerson {
    staff: StaffId,
    name: String,
}

/// Somebody who may be asked.
#[derive(Serialize, ToSchema)]
pub struct ColleagueOut {
    staff: StaffId,
    name: String,
    grids: Vec<GridOut>,
}

/// One swap.
#[derive(Serialize, ToSchema)]
pub struct SwapOut {
    id: i64,
    state: SwapState,
    state_zh: &'static str,
    asker: SwapPerson,
    colleague: SwapPerson,
    /// The asker's shift, which the colleague takes over.
    mine: SpanOut,
    /// The colleague's shift, which the asker takes over.
    theirs: Option<SpanOut>,
    /// Who works for whom, in a sentence.
    says: String,
    asked_at: String,
    changed_at: String,
    /// Sub-resources that the speaker may post to now.
    allowed: Vec<&'static str>,
    /// What nobody covers because of it; in the list only of swaps that the speaker may accept or approve.
    gaps: Vec<GapOut>,
    /// The same in plain words.
    warning: Option<String>,
}

impl From<SwapView> for SwapOut {
    fn from(view: SwapView) -> Self {
        let warning = warning(&view.gaps);
        let says = view.sentence();
        let swap = view.swap;
        let span =
            |from: Timestamp, to: Timestamp| SpanOut { from: rfc3339(from), to: rfc3339(to) };
        Self {
            id: swap.id,
            state: swap.state,
            state_zh: swap.state.zh(),
            asker: SwapPerson { staff: swap.asker_id, name: view.asker },
            colleague: SwapPerson { staff: swap.partner_id, name: view.partner },
            mine: span(swap.give_from, swap.give_to),
            theirs: swap.take_from.zip(swap.take_to).map(|(from, to)| span(from, to)),
            says,
            asked_at: rfc3339(swap.asked_at),
            changed_at: rfc3339(swap.changed_at),
            allowed: view.allowed,
            warning,
            gaps: view.gaps.into_iter().map(GapOut::from).collect(),
        }
    }
}

impl From<Colleague> for ColleagueOut {
    fn from(one: Colleague) -> Self {
        let grids = one.grids.into_iter().map(GridOut::from).collect();
        Self { staff: one.staff, name: one.name, grids }
    }
}

/// Lists the swaps that concern the speaker, and the colleagues he may ask.
#[utoipa::path(get, path = "/api/v1/swaps", tag = "roster", security(("bearer" = [])),
    responses((status = 200, body = Swaps), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn list_swaps(Who(who): Who, s: Data<Services>) -> Result<Json<Swaps>, Problem> {
    let (swaps, colleagues) = list::run(&s, &who).await?;
    Ok(Json(Swaps {
        swaps: swaps.into_iter().map(SwapOut::from).collect(),
        colleagues: colleagues.into_iter().map(ColleagueOut::from).collect(),
    }))
}

/// Asks a colleague to take over a shift; the answer says what nobody would cover.
#[utoipa::path(post, path = "/api/v1/swaps", tag = "roster", request_body = AskSwap, params(OnceKey), security(("bearer" = [])),
    responses((status = 201, body = SwapOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, description = "conflict: asked already", body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn ask_swap(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<AskSwap>,
) -> Result<HttpResponse, Problem> {
    let AskSwap { colleague, mine, theirs } = body.0;
    let theirs = theirs.map(|raw| day("/theirs", &raw)).transpose()?;
    let wish = Wish { partner: colleague, mine: day("/mine", &mine)?, theirs };
    let answer: SwapOut = ask::run(&s, &who, wish, SwapOut::from).await?;
    Ok(HttpResponse::Created().json(answer))
}

/// The colleague agrees.
#[utoipa::path(post, path = "/api/v1/swaps/{id}/acceptance", tag = "roster", params(("id" = i64, Path), OnceKey), security(("bearer" = [])),
    responses((status = 200, body = SwapOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn accept_swap(
    Who(who): Who,
    s: Data<Services>,
    id: Path<i64>,
) -> Result<Json<SwapOut>, Problem> {
    Ok(Json(accept::run(&s, &who, *id, SwapOut::from).await?))
}

/// The colleague declines, or the community's cadre refuses.
#[utoipa::path(post, path = "/api/v1/swaps/{id}/refusal", tag = "roster", params(("id" = i64, Path), OnceKey), security(("bearer" = [])),
    responses((status = 200, body = SwapOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn refuse_swap(
    Who(who): Who,
    s: Data<Services>,
    id: Path<i64>,
) -> Result<Json<SwapOut>, Problem> {
    Ok(Json(refuse::run(&s, &who, *id, SwapOut::from).await?))
}

/// The community's cadre approves; the roster has the substitutions.
#[utoipa::path(post, path = "/api/v1/swaps/{id}/approval", tag = "roster", params(("id" = i64, Path), OnceKey), security(("bearer" = [])),
    responses((status = 200, body = SwapOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn approve_swap(
    Who(who): Who,
    s: Data<Services>,
    id: Path<i64>,
) -> Result<Json<SwapOut>, Problem> {
    Ok(Json(approve::run(&s, &who, *id, SwapOut::from).await?))
}

/// Whoever asked takes it back; once it is in force the community's cadre can.
#[utoipa::path(post, path = "/api/v1/swaps/{id}/withdrawal", tag = "roster", params(("id" = i64, Path), OnceKey), security(("bearer" = [])),
    responses((status = 200, body = SwapOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn withdraw_swap(
    Who(who): Who,
    s: Data<Services>,
    id: Path<i64>,
) -> Result<Json<SwapOut>, Problem> {
    Ok(Json(withdraw::run(&s, &who, *id, SwapOut::from).await?))
}
