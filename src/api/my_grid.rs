//! Who answers for the place where the speaker lives.

use actix_web::web::{self, Data, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use crate::app::limit;
use crate::app::my_grid::{self, MyGridView};
use crate::error::{Error, Fault};
use crate::services::Services;

/// As long as the address of a request.
const LONGEST: usize = 200;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let my_grid = web::resource("/api/v1/my/grid").route(web::get().to(my_grid));
    cfg.service(my_grid.default_service(web::to(super::openapi::no_route)));
}

/// Where, if not at home.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MyGridQuery {
    /// At most 200 letters; read and forgotten. His own requests decide when it is absent.
    address: Option<String>,
}

/// Says who the grid worker, the backup and the cadre of the speaker are, with office phones, and
/// whether each is on duty now or when next.
#[utoipa::path(get, path = "/api/v1/my/grid", tag = "address", params(MyGridQuery), security(("bearer" = [])),
    responses((status = 200, body = MyGridView), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn my_grid(
    Who(who): Who,
    query: Query<MyGridQuery>,
    s: Data<Services>,
) -> Result<Json<MyGridView>, Problem> {
    limit::admit(&s, &s.settings.limits.resolve, &who.account.to_string()).await?;
    let address = query.address.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if address.is_some_and(|text| text.chars().count() > LONGEST) {
        let fault = Fault::new("/address", "length", "最多 200 个字");
        return Err(Problem(Error::fields(vec![fault])));
    }
    Ok(Json(my_grid::run(&s, &who, address).await?))
}
