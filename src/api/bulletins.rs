//! Notices of the street (公告) over HTTP.

use std::fmt;
use std::str::FromStr;

use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Json, Path, Query};
use entity::kinds::{BulletinState, PhotoId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::cursor::{self, Place};
use super::extract::{OnceKey, Valid, Who, instant, is_instant};
use super::once::once;
use super::problem::{Problem, ProblemBody};
use super::staff::GridOut;
use crate::app::bulletin::list::{self, Before, Page};
use crate::app::bulletin::write::{self, NewBulletin};
use crate::app::bulletin::{BulletinView, approve, read, withdraw};
use crate::app::limit;
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/bulletins")
            .route(web::get().to(list_bulletins))
            .route(web::post().to(write_bulletin))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/bulletins/{id}/reading")
            .route(web::post().to(read_bulletin))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/bulletins/{id}/approval")
            .route(web::post().to(approve_bulletin))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/bulletins/{id}/withdrawal")
            .route(web::post().to(withdraw_bulletin))
            .default_service(no_method()),
    );
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BulletinQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 20 when absent.
    limit: Option<i64>,
    /// Id of a grid whose notices are shown too, whoever asks.
    grid: Option<String>,
    /// For those who write them: the newest hundred of every state.
    #[serde(default)]
    all: bool,
}

/// Where a reading happened.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadingQuery {
    /// The grid that the list was asked for.
    grid: Option<String>,
}

/// A notice to be written.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteBulletin {
    /// 1 to 60 letters, one line.
    title: String,
    /// 1 to 5000 letters of plain text; tags of a web page are taken out.
    text: String,
    #[serde(default)]
    urgent: bool,
    /// RFC 3339; at once when absent.
    #[validate(custom(function = "is_instant"))]
    from: Option<String>,
    /// RFC 3339.
    #[validate(custom(function = "is_instant"))]
    until: String,
    /// Ids of small grids or communities. Empty: the whole street, and a second person approves.
    #[serde(default)]
    #[validate(length(max = 100, message = "网格过多"))]
    grids: Vec<String>,
    /// From `POST /api/v1/photos`.
    #[serde(default)]
    #[validate(length(max = 9, message = "最多 9 张照片"))]
    photos: Vec<PhotoId>,
}

/// A page, newest first.
#[derive(Serialize, ToSchema)]
pub struct BulletinPage {
    bulletins: Vec<BulletinOut>,
    /// How many of those shown now the speaker has not read.
    unread: i64,
    /// Pass as `cursor` to go on; missing at the end.
    next: Option<String>,
}

/// A notice.
#[derive(Serialize, ToSchema)]
pub struct BulletinOut {
    id: i64,
    title: String,
    text: String,
    urgent: bool,
    state: BulletinState,
    state_zh: &'static str,
    /// Whose notice it is: a community, or the street.
    issuer: String,
    whole_street: bool,
    grids: Vec<GridOut>,
    /// Read them with `GET /api/v1/photos/{id}`.
    photos: Vec<PhotoId>,
    from: String,
    until: String,
    created_at: String,
    published_at: Option<String>,
    withdrawn_at: Option<String>,
    read_at: Option<String>,
    /// For staff: who wrote it.
    author: Option<String>,
    /// For staff: the second person.
    approver: Option<String>,
    /// For those who answer for it.
    reach: Option<ReachOut>,
    /// Sub-resources that the speaker may post to now.
    allowed: Vec<&'static str>,
}

/// How many have read a notice.
#[derive(Serialize, ToSchema)]
pub struct ReachOut {
    residents: i64,
    staff: i64,
}

impl From<BulletinView> for BulletinOut {
    fn from(view: BulletinView) -> Self {
        let row = view.row;
        Self {
            id: row.id,
            title: row.title,
            text: row.text,
            urgent: row.urgent,
            state: row.state,
            state_zh: row.state.zh(),
            issuer: view.issuer,
            whole_street: row.whole_street,
            grids: view.grids.into_iter().map(GridOut::from).collect(),
            photos: view.photos,
            from: rfc3339(row.from_at),
            until: rfc3339(row.until_at),
            created_at: rfc3339(row.created_at),
            published_at: row.published_at.map(rfc3339),
            withdrawn_at: row.withdrawn_at.map(rfc3339),
            read_at: view.read_at.map(rfc3339),
            author: view.author,
            approver: view.approver,
            reach: view
                .reach
                .map(|reach| ReachOut { residents: reach.residents, staff: reach.staff }),
            allowed: view.allowed,
        }
    }
}

/// A place in the list as its cursor holds it.
#[derive(Clone, Copy)]
struct At(Before);

impl Place for At {
    const CONTEXT: &'static str = "cursor.bulletin";
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0.at.0, self.0.id)
    }
}

impl FromStr for At {
    type Err = String;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let parts = raw.split_once('/');
        let read = |(at, id): (&str, &str)| {
            Some(Self(Before { at: Timestamp(at.parse().ok()?), id: id.parse().ok()? }))
        };
        parts.and_then(read).ok_or_else(|| "no place in the list".to_owned())
    }
}

/// Lists the notices for the speaker's grids, newest first.
#[utoipa::path(get, path = "/api/v1/bulletins", tag = "bulletins", params(BulletinQuery), security(("bearer" = [])),
    responses((status = 200, body = BulletinPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn list_bulletins(
    Who(who): Who,
    query: Query<BulletinQuery>,
    s: Data<Services>,
) -> Result<Json<BulletinPage>, Problem> {
    let page: Page = if query.all {
        list::all(&s, &who).await?
    } else {
        let before =
            query.cursor.as_deref().map(|text| cursor::open::<At>(&s, text)).transpose()?;
        let part = (before.map(|at| at.0), query.limit.unwrap_or(20).clamp(1, 100));
        list::run(&s, &who, part, query.grid.as_deref()).await?
    };
    Ok(Json(BulletinPage {
        bulletins: page.bulletins.into_iter().map(BulletinOut::from).collect(),
        unread: page.unread,
        next: page.next.map(|before| cursor::seal(&s, At(before))),
    }))
}

/// Writes a notice: published at once for grids, a draft for the whole street.
#[utoipa::path(post, path = "/api/v1/bulletins", tag = "bulletins", request_body = WriteBulletin, params(OnceKey), security(("bearer" = [])),
    responses((status = 201, body = BulletinOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn write_bulletin(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<WriteBulletin>,
) -> Result<HttpResponse, Problem> {
    let WriteBulletin { title, text, urgent, from, until, grids, photos } = body.0;
    let from = from.map(|raw| instant("/from", &raw)).transpose()?;
    let until = instant("/until", &until)?;
    let new = NewBulletin { title, text, urgent, from, until, grids, photos };
    let answer: BulletinOut = write::run(&s, &who, new, BulletinOut::from).await?;
    Ok(HttpResponse::Created().json(answer))
}

/// Notes that a notice was read; repeating it changes nothing.
#[utoipa::path(post, path = "/api/v1/bulletins/{id}/reading", tag = "bulletins", params(("id" = i64, Path), ReadingQuery), security(("bearer" = [])),
    responses((status = 200, body = BulletinOut), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn read_bulletin(
    Who(who): Who,
    id: Path<i64>,
    query: Query<ReadingQuery>,
    s: Data<Services>,
) -> Result<Json<BulletinOut>, Problem> {
    limit::admit(&s, &s.settings.limits.act, &who.account.to_string()).await?;
    Ok(Json(read::run(&s, &who, (*id, query.grid.as_deref())).await?.into()))
}

/// A second person approves what goes to the whole street; it is published then.
#[utoipa::path(post, path = "/api/v1/bulletins/{id}/approval", tag = "bulletins", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = BulletinOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn approve_bulletin(
    Who(who): Who,
    id: Path<i64>,
    s: Data<Services>,
) -> Result<Json<BulletinOut>, Problem> {
    Ok(Json(approve::run(&s, &who, *id).await?.into()))
}

/// Takes a notice back.
#[utoipa::path(post, path = "/api/v1/bulletins/{id}/withdrawal", tag = "bulletins", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = BulletinOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn withdraw_bulletin(
    Who(who): Who,
    id: Path<i64>,
    s: Data<Services>,
) -> Result<Json<BulletinOut>, Problem> {
    Ok(Json(withdraw::run(&s, &who, *id).await?.into()))
}
