//! Where WeChat reaches us: the check of the address, and pushes.
//!
//! WeChat and WeCom hang up after five seconds and repeat, so a push is only stored here; and they read
//! plain words, not problems.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, PayloadConfig, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError};
use entity::kinds::WechatApp;

use super::problem::Problem;
use crate::app::wechat_event::receive::{self, CallbackQuery};
use crate::error::{Code, Error, Level};
use crate::services::Services;

/// More than any push holds.
const MAX_BODY: usize = 64 * 1024;

/// Adds `GET` and `POST /wechat/mp`, `/wechat/oa` and `/wecom`; the last answers like any unknown
/// address until WeCom is configured.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(door("/wechat/mp", WechatApp::Mini))
        .service(door("/wechat/oa", WechatApp::Oa))
        .service(door("/wecom", WechatApp::Wecom));
}

fn door(path: &str, app: WechatApp) -> Resource {
    web::resource(path)
        .app_data(Data::new(app))
        .app_data(PayloadConfig::new(MAX_BODY))
        .app_data(web::QueryConfig::default().error_handler(|error, _: &HttpRequest| {
            actix_web::error::InternalError::from_response(error, refusal(StatusCode::FORBIDDEN))
                .into()
        }))
        .route(web::get().to(verify))
        .route(web::post().to(push))
}

async fn verify(
    s: Data<Services>,
    to: Data<WechatApp>,
    query: Query<CallbackQuery>,
) -> HttpResponse {
    match receive::verify(&s, **to, &query) {
        Ok(echo) => HttpResponse::Ok().content_type("text/plain").body(echo),
        Err(error) => refused(error),
    }
}

async fn push(
    s: Data<Services>,
    to: Data<WechatApp>,
    query: Query<CallbackQuery>,
    body: Bytes,
) -> HttpResponse {
    match receive::run(&s, **to, &query, &body).await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("success"),
        Err(error) => refused(error),
    }
}

fn refused(error: Error) -> HttpResponse {
    if error.code == Code::RouteNotFound {
        return Problem(error).error_response();
    }
    match error.code.level() {
        Level::Info => tracing::info!(error = %error.chain(), "a push was refused"),
        Level::Warn => {
            tracing::warn!(error = %error.chain(), "a push could not be stored; WeChat repeats it");
        }
        Level::Error => {
            tracing::error!(error = %error.chain(), "a push could not be stored; WeChat repeats it");
        }
    }
    let status = StatusCode::from_u16(error.code.status());
    refusal(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
}

fn refusal(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain").body("refused")
}
