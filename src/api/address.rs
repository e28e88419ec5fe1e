//! Addresses over HTTP: where words lead.

use actix_web::web::{Data, Json, ServiceConfig, post, resource, to};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::case_bodies::Location;
use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::limit;
use crate::app::locate::{self, LocatedView, Words};
use crate::services::Services;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let resolve = resource("/api/v1/address/resolve").route(post().to(resolve));
    cfg.service(resolve.default_service(to(super::openapi::no_route)));
}

/// What somebody wrote so far.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveBody {
    #[validate(length(min = 1, max = 500, code = "length", message = "请填写 1 到 500 个字"))]
    pub text: String,
    #[validate(length(max = 200, code = "length", message = "最多 200 个字"))]
    pub address: Option<String>,
    #[validate(nested)]
    pub location: Option<Location>,
    /// The request is for somebody else: the writer's own home says nothing.
    #[serde(default)]
    pub on_behalf: bool,
}

/// Says where words lead without reporting anything. Residents are limited, staff are not.
#[utoipa::path(post, path = "/api/v1/address/resolve", tag = "address", request_body = ResolveBody,
    security(("bearer" = [])),
    responses((status = 200, body = LocatedView), (status = 401, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn resolve(
    Who(who): Who,
    Valid(body): Valid<ResolveBody>,
    s: Data<Services>,
) -> Result<Json<LocatedView>, Problem> {
    if who.staff.is_none() {
        limit::admit(&s, &s.settings.limits.resolve, &who.account.to_string()).await?;
    }
    let words = Words {
        text: body.text,
        address: body.address.filter(|address| !address.trim().is_empty()),
        position: body.location.map(Into::into),
        on_behalf: body.on_behalf,
    };
    Ok(Json(locate::run(&s, &who, &words).await?))
}
