//! How WeChat says no: HTTP 200, a number, and a sentence that ends in a request id.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

/// A refusal in WeChat's form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} {words}")]
pub(super) struct Refusal {
    pub(super) code: i64,
    words: String,
}

/// What a WeChat call answers.
pub(super) type Answer = Result<actix_web::web::Json<Value>, Refusal>;

impl Refusal {
    pub(super) fn new(code: i64, words: &str) -> Self {
        Self { code, words: words.to_owned() }
    }

    /// Refuses with the sentence WeChat uses for this number.
    pub(super) fn of(code: i64) -> Self {
        Self::new(code, sentence(code))
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::OK
    }

    fn error_response(&self) -> HttpResponse {
        let words = format!("{} rid: {}", self.words, request_id());
        HttpResponse::Ok().json(json!({ "errcode": self.code, "errmsg": words }))
    }
}

fn request_id() -> String {
    use rand::RngExt as _;
    let mut rng = rand::rng();
    let mut part = || rng.random::<u32>();
    format!("{:08x}-{:08x}-{:08x}", part(), part(), part())
}

fn sentence(code: i64) -> &'static str {
    match code {
        -1 => "system error",
        40001 => "invalid credential, access_token is invalid or not latest",
        40003 => "invalid openid",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40029 => "invalid code",
        40056 => "invalid agentid",
        40058 => "invalid request parameter",
        40063 => "some parameters are empty",
        40037 => "invalid template_id",
        40097 => "invalid args",
        40125 => "invalid appsecret",
        40129 => "invalid scene",
        40163 => "code been used",
        40169 => "invalid length for scene, or the data is not json string",
        41001 => "access_token missing",
        41030 => "invalid page",
        42001 => "access_token expired",
        43004 => "require subscribe",
        43101 => "user refuse to accept the msg",
        43108 => "concurrently sending messages to the same user",
        44002 => "empty post data",
        45009 => "reach max api daily quota limit",
        45011 => "api minute-quota reach limit, please retry next minute",
        47001 => "data format error",
        76021 => "cgi_path not found, please check",
        60140 => "invalid response_code",
        81013 => "user & party & tag all invalid",
        85096 => "not allow include scancode_time field",
        _ => "refused",
    }
}
