//! Learned names over HTTP: what residents call places, for the office to decide.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, Query, ServiceConfig, get, post, resource, to};
use entity::kinds::{AliasKind, AliasState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::alias::view::AliasView;
use crate::app::alias::{add, decide, list};
use crate::error::{Error, Fault};
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let all = resource("/api/v1/address/aliases").route(get().to(aliases)).route(post().to(name));
    let yes = resource("/api/v1/address/aliases/{id}/approval").route(post().to(approve));
    let no = resource("/api/v1/address/aliases/{id}/rejection").route(post().to(refuse));
    for one in [all, yes, no] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// Which names.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AliasQuery {
    /// `proposed`, `approved` or `rejected`; all when missing.
    state: Option<String>,
    /// From `next` of the page before.
    cursor: Option<i64>,
    /// Names of one page, 1 to 100; 50 when missing.
    limit: Option<u64>,
}

/// A page of names.
#[derive(Debug, Serialize, ToSchema)]
pub struct AliasPage {
    aliases: Vec<AliasView>,
    /// Pass as `cursor` to go on; missing at the end.
    next: Option<i64>,
}

/// Lists the names that corrections teach, with what speaks for each.
#[utoipa::path(get, path = "/api/v1/address/aliases", tag = "address", params(AliasQuery),
    security(("bearer" = [])),
    responses((status = 200, body = AliasPage), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn aliases(
    Who(who): Who,
    query: Query<AliasQuery>,
    s: Data<Services>,
) -> Result<Json<AliasPage>, Problem> {
    let state = query.state.as_deref().map(|word| {
        let known = AliasState::from_word(word);
        known.ok_or_else(|| Error::fields(vec![Fault::new("/state", "unknown", "没有这种状态")]))
    });
    let state = state.transpose()?;
    let (rows, next) = list::run(&s, &who, state, (query.cursor.unwrap_or(0), query.limit)).await?;
    Ok(Json(AliasPage { aliases: rows.into_iter().map(Into::into).collect(), next }))
}

/// A name as the office gives it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameBody {
    /// As residents write it.
    #[validate(custom(function = "name_length"))]
    word: String,
    kind: AliasKind,
    /// Id of the place in the delivered files; of a village or road the name.
    #[validate(length(min = 1, max = 64, code = "length", message = "请填写地点编号"))]
    target: String,
}

fn name_length(word: &str) -> Result<(), ValidationError> {
    let fits = (2..=20).contains(&word.trim().chars().count());
    let refused = ValidationError::new("length").with_message("请填写 2 到 20 个字".into());
    if fits { Ok(()) } else { Err(refused) }
}

/// Names a place; the name counts in every process within two seconds.
#[utoipa::path(post, path = "/api/v1/address/aliases", tag = "address", request_body = NameBody,
    operation_id = "name_place", security(("bearer" = [])),
    responses((status = 201, body = AliasView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn name(
    Who(who): Who,
    Valid(body): Valid<NameBody>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let word = body.word.trim().to_owned();
    let added = add::run(&s, &who, word, body.kind, body.target).await?;
    Ok(HttpResponse::Created().json(AliasView::from(added)))
}

/// Takes a name into use; it counts in every process within two seconds.
#[utoipa::path(post, path = "/api/v1/address/aliases/{id}/approval", tag = "address",
    params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = AliasView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn approve(
    Who(who): Who,
    id: Path<i64>,
    s: Data<Services>,
) -> Result<Json<AliasView>, Problem> {
    Ok(Json(decide::run(&s, &who, *id, AliasState::Approved).await?.into()))
}

/// Keeps a name out of use.
#[utoipa::path(post, path = "/api/v1/address/aliases/{id}/rejection", tag = "address",
    params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = AliasView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn refuse(
    Who(who): Who,
    id: Path<i64>,
    s: Data<Services>,
) -> Result<Json<AliasView>, Problem> {
    Ok(Json(decide::run(&s, &who, *id, AliasState::Rejected).await?.into()))
}
