//! Addresses over HTTP: where words lead.

use actix_web::web::{Data, Json, ServiceConfig, post, resource, to};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::case_bodies::{Location, scene};
use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::limit;
use crate::app::locate::{self, LocatedView, Words};
use crate::domain::scene::Scene;
use crate::error::{Error, Fault};
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
    /// 1 to 500 characters; may be missing with a `building_code`.
    #[serde(default)]
    #[validate(length(min = 1, max = 500, code = "length", message = "请填写 1 到 500 个字"))]
    pub text: Option<String>,
    #[validate(length(max = 200, code = "length", message = "最多 200 个字"))]
    pub address: Option<String>,
    #[validate(nested)]
    pub location: Option<Location>,
    /// The request is for somebody else: the writer's own home says nothing.
    #[serde(default)]
    pub on_behalf: bool,
    /// The scene of the building's code that was scanned, decoded.
    #[serde(default)]
    #[validate(custom(function = scene))]
    pub building_code: Option<String>,
}

/// Says that there is nothing to read: no words and no code.
fn empty(body: &ResolveBody) -> Option<Problem> {
    let empty = body.text.is_none() && body.building_code.is_none();
    let fault = || Fault::new("/text", "length", "请填写 1 到 500 个字");
    empty.then(|| Problem(Error::fields(vec![fault()])))
}

/// Says where words, or the code at a door, lead without reporting anything. Residents are limited, staff are not.
#[utoipa::path(post, path = "/api/v1/address/resolve", tag = "address", operation_id = "resolve_address", request_body = ResolveBody,
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
    if let Some(problem) = empty(&body) {
        return Err(problem);
    }
    let words = Words {
        text: body.text.unwrap_or_default(),
        address: body.address.filter(|address| !address.trim().is_empty()),
        position: body.location.map(Into::into),
        on_behalf: body.on_behalf,
        scene: body.building_code.as_deref().and_then(Scene::parse),
    };
    Ok(Json(locate::run(&s, &who, &words).await?))
}
