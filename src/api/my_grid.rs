//! Who answers for the place where the speaker lives.

use actix_web::web::{self, Data, Json};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::case_bodies::not_blank;
use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::my_grid::{self, MyGridView};
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let my_grid = web::resource("/api/v1/my/grid")
        .route(web::get().to(my_grid))
        .route(web::post().to(grid_of_address));
    cfg.service(my_grid.default_service(web::to(super::openapi::no_route)));
}

/// A place that is not his home. In the body, because an address belongs into no log.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GridOfAddress {
    /// 1 to 200 letters; read and forgotten.
    #[validate(length(min = 1, max = 200, code = "length", message = "请填写 1 到 200 个字"), custom(function = not_blank))]
    pub address: String,
}

async fn answer(
    s: &Services,
    who: &Actor,
    address: Option<&str>,
) -> Result<Json<MyGridView>, Problem> {
    limit::admit(s, &s.settings.limits.resolve, &who.account.to_string()).await?;
    Ok(Json(my_grid::run(s, who, address).await?))
}

/// Says who the grid worker, the backup and the cadre of the speaker are, with office phones, and
/// whether each is on duty now or when next. His home decides, or his own requests.
#[utoipa::path(get, path = "/api/v1/my/grid", tag = "address", security(("bearer" = [])),
    responses((status = 200, body = MyGridView), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn my_grid(Who(who): Who, s: Data<Services>) -> Result<Json<MyGridView>, Problem> {
    answer(&s, &who, None).await
}

/// Says the same of who answers for another place.
#[utoipa::path(post, path = "/api/v1/my/grid", tag = "address", request_body = GridOfAddress, security(("bearer" = [])),
    responses((status = 200, body = MyGridView), (status = 401, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn grid_of_address(
    Who(who): Who,
    Valid(body): Valid<GridOfAddress>,
    s: Data<Services>,
) -> Result<Json<MyGridView>, Problem> {
    answer(&s, &who, Some(body.address.trim())).await
}
