//! Codes at doors over HTTP: making one, reading its image, printing all of a compound.

use actix_web::web::{Data, Path, ServiceConfig, get, post, resource, to};
use actix_web::{HttpResponse, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::extract::Who;
use crate::api::problem::{Problem, ProblemBody};
use crate::app::building_code::{self, Code};
use crate::services::Services;

type Answer = Result<HttpResponse, Problem>;

/// Registers the routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    let code = resource("/api/v1/buildings/{id}/wxacode")
        .route(post().to(make_code))
        .route(get().to(read_code));
    let sheet = resource("/api/v1/compounds/{id}/code-sheet").route(get().to(code_sheet));
    cfg.service(code.default_service(to(super::openapi::no_route)));
    cfg.service(sheet.default_service(to(super::openapi::no_route)));
}

/// The code of a building.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeView {
    /// Id of the building in the delivered files.
    building: String,
    name: String,
    /// What a scan brings; send it as `building_code` of a new case.
    scene: String,
    /// Where the image is read.
    image: String,
}

/// Makes the mini-program code of a building, once: a later call answers with the same code.
#[utoipa::path(
    post, path = "/api/v1/buildings/{id}/wxacode", tag = "buildings", operation_id = "make_building_code",
    params(("id" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, body = CodeView, description = "it was there"), (status = 201, body = CodeView),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 503, body = ProblemBody),
    )
)]
pub async fn make_code(Who(who): Who, id: Path<String>, s: Data<Services>) -> Answer {
    let Code { building, name, scene, fresh } = building_code::draw(&s, &who, &id).await?;
    let image = format!("/api/v1/buildings/{building}/wxacode");
    let mut answer = if fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(CodeView { building, name, scene, image }))
}

/// Reads the image of a code, JPEG or PNG, as WeChat drew it.
#[utoipa::path(
    get, path = "/api/v1/buildings/{id}/wxacode", tag = "buildings", operation_id = "read_building_code",
    params(("id" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, content_type = "image/jpeg"), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    )
)]
pub async fn read_code(Who(who): Who, id: Path<String>, s: Data<Services>) -> Answer {
    let image = building_code::image(&s, &who, &id).await?;
    Ok(HttpResponse::Ok()
        .content_type(image.media_type)
        .insert_header(("cache-control", "private, max-age=86400"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(image.bytes))
}

/// Prints the codes of all buildings of a compound on A4 pages; codes that are missing are made.
#[utoipa::path(
    get, path = "/api/v1/compounds/{id}/code-sheet", tag = "buildings", operation_id = "print_code_sheet",
    params(("id" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, content_type = "application/pdf"), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 503, body = ProblemBody),
    )
)]
pub async fn code_sheet(Who(who): Who, id: Path<String>, s: Data<Services>) -> Answer {
    let pdf = building_code::sheet(&s, &who, &id).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"building-codes.pdf\""))
        .body(pdf))
}
