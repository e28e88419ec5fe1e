//! Uploading and reading photos.

use actix_multipart::Multipart;
use actix_web::web::{Data, Path, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use entity::kinds::PhotoId;
use futures::{Stream, TryStreamExt};

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use crate::app::limit;
use crate::app::photo::{self, PhotoView};
use crate::error::{Code, Error, Result};
use crate::services::Services;

/// Uploads one picture: as the field `file` of a form, as the mini-program sends it, or as the body
/// itself.
#[utoipa::path(post, path = "/api/v1/photos", tag = "photos", operation_id = "upload_photo", security(("bearer" = [])),
    request_body(content = Vec<u8>, content_type = "multipart/form-data"),
    responses((status = 201, body = PhotoView), (status = 401, body = ProblemBody), (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn upload(
    Who(who): Who,
    request: HttpRequest,
    payload: Payload,
    s: Data<Services>,
) -> std::result::Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.upload, &who.account.to_string()).await?;
    let bytes = received(&request, payload, s.settings.photo_max_bytes, "图片").await?;
    Ok(HttpResponse::Created().json(photo::store(&s, &who, bytes).await?))
}

/// Receives an upload of at most `limit` bytes; `what` names it in a refusal.
pub(super) async fn received(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
    what: &str,
) -> Result<Vec<u8>> {
    if request.content_type().starts_with("multipart/form-data") {
        return from_form(request, payload, limit, what).await;
    }
    collect(payload.map_err(|why| broken(&why)), limit, what).await
}

fn broken(why: &dyn std::fmt::Display) -> Error {
    let cause = std::io::Error::other(why.to_string());
    Error::new(Code::MalformedUpload, "上传没有完整到达，请重试").caused_by(cause)
}

async fn from_form(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
    what: &str,
) -> Result<Vec<u8>> {
    let mut payload = payload.into_inner();
    let form = Multipart::from_request(request, &mut payload).await;
    let mut form = form.map_err(|why| broken(&why))?;
    while let Some(field) = form.try_next().await.map_err(|why| broken(&why))? {
        if field.name() == Some("file") {
            return collect(field.map_err(|why| broken(&why)), limit, what).await;
        }
    }
    Err(Error::new(Code::MalformedUpload, format!("请把{what}放在表单的 file 字段中")))
}

async fn collect<B: AsRef<[u8]>>(
    stream: impl Stream<Item = Result<B>>,
    limit: usize,
    what: &str,
) -> Result<Vec<u8>> {
    let mut stream = std::pin::pin!(stream);
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.try_next().await? {
        bytes.extend_from_slice(chunk.as_ref());
        if bytes.len() > limit {
            let limit = limit / 1024 / 1024;
            return Err(Error::new(Code::BodyTooLarge, format!("{what}不能超过 {limit} MB")));
        }
    }
    Ok(bytes)
}

/// Reads a photo as JPEG.
#[utoipa::path(get, path = "/api/v1/photos/{id}", tag = "photos", operation_id = "read_photo", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, content_type = "image/jpeg"), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn read(
    Who(who): Who,
    id: Path<PhotoId>,
    s: Data<Services>,
) -> std::result::Result<HttpResponse, Problem> {
    let bytes = photo::read(&s, &who, *id).await?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header(("cache-control", "private, max-age=86400"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(bytes))
}

/// Registers both.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let none = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/photos").route(web::post().to(upload)).default_service(none()),
    );
    cfg.service(
        web::resource("/api/v1/photos/{id}").route(web::get().to(read)).default_service(none()),
    );
}
