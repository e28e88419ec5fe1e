//! Where WeChat fetches the files that it is to look at, by links that it was given.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{self, Data, Path};

use super::problem::Problem;
use crate::app::media_check::link::{self, PATH};
use crate::services::Services;

/// Adds `GET /wechat/media/{name}`, which nobody but WeChat has links to.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource(format!("{PATH}{{name}}"))
            .route(web::get().to(fetch))
            .default_service(web::to(super::openapi::no_route)),
    );
}

async fn fetch(s: Data<Services>, name: Path<String>) -> Result<HttpResponse, Problem> {
    let (media_type, bytes) = link::open(&s, &name).await?;
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(bytes))
}
