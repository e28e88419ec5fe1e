//! The chains of escalation over HTTP: who is told next and when, as versions that two people make.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, ServiceConfig, get, post, resource, to};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{Valid, Who, instant};
use super::problem::{Problem, ProblemBody};
use crate::app::chain::list::{ChainVersionView, ChainsView};
use crate::app::chain::{add, confirm, list};
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let all = resource("/api/v1/chains").route(get().to(list_chains)).route(post().to(add_chains));
    let yes = resource("/api/v1/chains/{id}/confirmation").route(post().to(confirm_chains));
    for one in [all, yes] {
        cfg.service(one.default_service(to(super::openapi::no_route)));
    }
}

/// Shows the chains in force and every version.
#[utoipa::path(get, path = "/api/v1/chains", tag = "chains", security(("bearer" = [])),
    responses((status = 200, body = ChainsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn list_chains(Who(who): Who, s: Data<Services>) -> Result<Json<ChainsView>, Problem> {
    Ok(Json(list::run(&s, &who).await?))
}

/// A version of all chains.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainsBody {
    /// As `chains` of a version is shown; its numbers are given by the server.
    #[schema(value_type = Object)]
    chains: Value,
    /// RFC 3339; now when missing or past.
    valid_from: Option<String>,
}

/// Adds a version; it waits until another administrator confirms it.
#[utoipa::path(post, path = "/api/v1/chains", tag = "chains", request_body = ChainsBody, security(("bearer" = [])),
    responses((status = 201, body = ChainVersionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn add_chains(
    Who(who): Who,
    Valid(body): Valid<ChainsBody>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let from = body.valid_from.as_deref().map(|raw| instant("/valid_from", raw));
    let added = add::run(&s, &who, &body.chains.to_string(), from.transpose()?).await?;
    Ok(HttpResponse::Created().json(list::one(&s, added).await?))
}

/// Confirms a version that somebody else made; every process uses it within two seconds.
#[utoipa::path(post, path = "/api/v1/chains/{id}/confirmation", tag = "chains",
    params(("id" = i64, Path, description = "Number of the version")), security(("bearer" = [])),
    responses((status = 200, body = ChainVersionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn confirm_chains(
    Who(who): Who,
    version: Path<i64>,
    s: Data<Services>,
) -> Result<Json<ChainVersionView>, Problem> {
    let confirmed = confirm::run(&s, &who, *version).await?;
    Ok(Json(list::one(&s, confirmed).await?))
}
