//! Where WeChat reaches us: the check of the address, and pushes.
//!
//! WeChat and WeCom hang up after five seconds and repeat, so a push is only stored here; and they read
//! plain words, not problems.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, PayloadConfig, Query, ServiceConfig};
use actix_web::{HttpResponse, Resource, ResponseError};
use entity::kinds::WechatApp;

use super::problem::Problem;
use crate::app::trouble;
use crate::app::wechat_event::receive::{self, CallbackError, CallbackQuery};
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
        .route(web::get().to(verify))
        .route(web::post().to(push))
}

async fn verify(
    s: Data<Services>,
    to: Data<WechatApp>,
    query: Result<Query<CallbackQuery>, actix_web::Error>,
) -> HttpResponse {
    match receive::verify(&s, **to, &readable(query)) {
        Ok(echo) => HttpResponse::Ok().content_type("text/plain").body(echo),
        Err(error) => refused(&s, error),
    }
}

/// A query that cannot be read carries no signature: it is refused and counted as forged.
fn readable(query: Result<Query<CallbackQuery>, actix_web::Error>) -> CallbackQuery {
    query.map(Query::into_inner).unwrap_or_default()
}

async fn push(
    s: Data<Services>,
    to: Data<WechatApp>,
    query: Result<Query<CallbackQuery>, actix_web::Error>,
    body: Result<Bytes, actix_web::Error>,
) -> HttpResponse {
    let taken = match &body {
        Ok(body) => receive::run(&s, **to, &readable(query), body).await,
        Err(why) => Err(unread(&s, **to, why)),
    };
    match taken {
        Ok(()) => {
            trouble::written(&s);
            HttpResponse::Ok().content_type("text/plain").body("success")
        }
        Err(error) => refused(&s, error),
    }
}

/// A body that did not arrive whole, or is larger than any push.
fn unread(s: &Services, to: WechatApp, why: &actix_web::Error) -> Error {
    let large = why.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE;
    let why = if large { CallbackError::TooLarge } else { CallbackError::Malformed };
    receive::refused(s, to, why)
}

fn refused(s: &Services, error: Error) -> HttpResponse {
    if error.code == Code::RouteNotFound {
        return Problem(error).error_response();
    }
    match error.code.level() {
        _ if trouble::met(s, &error) => {}
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
