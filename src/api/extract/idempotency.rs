//! The key that makes a repeated request one request.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::problem::Problem;
use crate::error::{Code, Error};

/// Longest accepted key; a UUID has 36 characters.
const LONGEST: usize = 100;

/// The value of `Idempotency-Key`: 1 to 100 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let raw = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok());
        let good = raw.filter(|key| {
            !key.is_empty() && key.len() <= LONGEST && key.bytes().all(|b| b.is_ascii_graphic())
        });
        ready(good.map(|key| Self(key.to_owned())).ok_or_else(|| {
            let detail =
                "请在请求头 Idempotency-Key 中带上本次提交的唯一编号（1 至 100 个可见字符）";
            Problem(Error::new(Code::IdempotencyKeyRequired, detail))
        }))
    }
}

/// The optional key of a change, for the document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct OnceKey {
    /// 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
    /// for 24 hours; with another body it is refused with `idempotency_key_reused`.
    #[serde(rename = "Idempotency-Key")]
    pub idempotency_key: Option<String>,
}
