//! Where WeChat reaches us: the check of the address, and pushes.
//!
//! WeChat hangs up after five seconds and repeats, so a push is only stored here; and it reads
//! plain words, not problems.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, PayloadConfig, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use entity::kinds::WechatApp;

use crate::app::wechat_event::receive::{self, CallbackQuery};
use crate::error::{Error, Level};
use crate::services::Services;

/// More than any push holds.
const MAX_BODY: usize = 64 * 1024;

/// Adds `GET` and `POST /wechat/mp` and `/wechat/oa`.
pub fn routes(cfg: &mut ServiceConfig) {
    let door = web::resource("/wechat/{app:mp|oa}")
        .app_data(PayloadConfig::new(MAX_BODY))
        .app_data(web::QueryConfig::default().error_handler(|error, _: &HttpRequest| {
            actix_web::error::InternalError::from_response(error, refusal(StatusCode::FORBIDDEN))
                .into()
        }))
        .route(web::get().to(verify))
        .route(web::post().to(push));
    cfg.service(door);
}

fn app(word: &str) -> WechatApp {
    if word == "oa" { WechatApp::Oa } else { WechatApp::Mini }
}

async fn verify(s: Data<Services>, to: Path<String>, query: Query<CallbackQuery>) -> HttpResponse {
    match receive::verify(&s, app(&to), &query) {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body(query.into_inner().echostr),
        Err(error) => refused(&error),
    }
}

async fn push(
    s: Data<Services>,
    to: Path<String>,
    query: Query<CallbackQuery>,
    body: Bytes,
) -> HttpResponse {
    match receive::run(&s, app(&to), &query, &body).await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("success"),
        Err(error) => refused(&error),
    }
}

fn refused(error: &Error) -> HttpResponse {
    if error.code.level() == Level::Info {
        tracing::info!(error = %error.chain(), "a push was refused");
    } else {
        tracing::error!(error = %error.chain(), "a push could not be stored; WeChat repeats it");
    }
    let status = StatusCode::from_u16(error.code.status());
    refusal(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
}

fn refusal(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain").body("refused")
}
