//! Is the process alive, can it work, what does it count.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, ProblemBody};
use crate::app::readiness;
use crate::error::Error;
use crate::services::Services;

/// The process lives.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alive {
    pub status: &'static str,
    pub version: &'static str,
}

/// Answers as long as the process runs; touches nothing.
#[utoipa::path(get, path = "/healthz", tag = "health", operation_id = "healthz", responses((status = 200, body = Alive)))]
async fn healthz() -> Json<Alive> {
    Json(Alive { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Answers whether requests can be served: the database works and no due job waits too long.
#[utoipa::path(get, path = "/readyz", tag = "health", operation_id = "readyz",
    responses((status = 200, body = readiness::Ready), (status = 503, body = ProblemBody)))]
async fn readyz(s: Data<Services>) -> Result<Json<readiness::Ready>, Problem> {
    Ok(Json(readiness::run(&s).await?))
}

/// Writes the metrics in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "health", operation_id = "metrics", responses((status = 200, content_type = "text/plain")))]
async fn metrics(s: Data<Services>) -> Result<HttpResponse, Problem> {
    let text = s.metrics.render().map_err(Error::internal)?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

/// Registers the three.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/healthz", web::get().to(healthz))
        .route("/readyz", web::get().to(readyz))
        .route("/metrics", web::get().to(metrics));
}
