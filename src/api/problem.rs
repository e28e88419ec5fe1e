//! Every error leaves as one problem+json shape, whoever found it: a use case, an extractor, the
//! router. The only `ResponseError` of the program.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError, error};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::trouble;
use crate::error::{Code, Error, Fault, Level};

/// An error on its way out.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Problem(#[from] pub Error);

/// RFC 9457 problem details.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// `/problems/<code>`; opens the documentation of the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// Chinese title of the code.
    pub title: &'static str,
    pub status: u16,
    /// Stable word; branch on this one.
    pub code: &'static str,
    /// Chinese sentence: what is wrong and what to do. Never with a 5xx.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Every bad field at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// What would be allowed now, with `move_not_allowed`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<&'static str>,
    /// Name it when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let error = &self.0;
        log(error);
        let status = self.status_code();
        let detail = if status.is_server_error() { String::new() } else { error.detail.clone() };
        let mut answer = HttpResponse::build(status);
        if let Some(wait) = error.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            answer.insert_header((header::RETRY_AFTER, seconds.max(1).to_string()));
        }
        if status == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        answer.content_type("application/problem+json").json(ProblemBody {
            kind: format!("/problems/{}", error.code.word()),
            title: error.code.title(),
            status: status.as_u16(),
            code: error.code.word(),
            detail,
            errors: error.faults.clone(),
            allowed: error.allowed.clone(),
            trace_id: crate::telemetry::trace_id(),
        })
    }
}

/// Logs once, with the chain of causes; the answer carries none of it.
fn log(error: &Error) {
    // Whoever observes the request counts what lasts.
    if trouble::lasts(error.code) {
        return;
    }
    let code = error.code.word();
    match error.code.level() {
        Level::Info => {}
        Level::Warn => tracing::warn!(code, cause = error.chain(), "request refused"),
        Level::Error => tracing::error!(code, cause = error.chain(), "request failed"),
    }
}

/// Turns a refused JSON body into a problem.
pub fn of_json(refused: error::JsonPayloadError, _request: &HttpRequest) -> actix_web::Error {
    use error::JsonPayloadError as Refused;
    let problem = match refused {
        Refused::Overflow { limit } | Refused::OverflowKnownLength { limit, .. } => {
            Error::new(Code::BodyTooLarge, format!("请求内容不能超过 {} KB", limit / 1024))
        }
        Refused::ContentType => {
            Error::new(Code::UnsupportedMediaType, "请以 application/json 发送")
        }
        Refused::Deserialize(why) => of_serde(&why),
        _ => Error::new(Code::MalformedJson, "请求内容没有完整到达，请重试"),
    };
    Problem(problem).into()
}

/// Names the place where a JSON text stops making sense.
fn of_serde(why: &serde_json::Error) -> Error {
    if why.is_data() {
        return Error::new(Code::MalformedJson, format!("请求内容的结构不对：{}", in_words(why)));
    }
    let at = format!("第 {} 行第 {} 列", why.line(), why.column());
    Error::new(Code::MalformedJson, format!("请求内容不是有效的 JSON（{at}）"))
}

/// Says in Chinese which field is missing, unknown or of another type.
fn in_words(why: &serde_json::Error) -> String {
    let why = why.to_string();
    let field = || why.split('`').nth(1).unwrap_or_default();
    if why.starts_with("missing field") {
        return format!("缺少字段 {}", field());
    }
    if why.starts_with("unknown field") {
        return format!("没有字段 {}", field());
    }
    if why.starts_with("unknown variant") {
        return format!("没有 {} 这个取值（{why}）", field());
    }
    why.replace("invalid type:", "类型不符，写了")
        .replace("invalid value:", "取值不符，写了")
        .replace(", expected", "，应为")
        .replace(" at line ", "，第 ")
        .replace(" column ", " 行第 ")
        + " 列"
}

/// Turns a refused query string into a problem.
#[expect(clippy::needless_pass_by_value, reason = "the signature is the framework's")]
pub fn of_query(refused: error::QueryPayloadError, _request: &HttpRequest) -> actix_web::Error {
    Problem(Error::new(Code::MalformedQuery, format!("查询参数有误：{refused}"))).into()
}

/// Turns a refused path segment into a problem: an id that is no id names nothing.
pub fn of_path(_refused: error::PathError, _request: &HttpRequest) -> actix_web::Error {
    Problem(Error::new(Code::MalformedPath, "地址中的编号有误")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only read")]
        kind: entity::kinds::AliasKind,
        #[expect(dead_code, reason = "only read")]
        count: Option<u8>,
    }

    #[test]
    fn a_body_of_another_shape_is_refused_in_words_that_name_the_field() {
        for (body, words) in [
            ("{}", "缺少字段 kind"),
            (r#"{"kind":"road","more":1}"#, "没有字段 more"),
            (r#"{"kind":"moon"}"#, "没有 moon 这个取值"),
            (r#"{"kind":"road","count":"x"}"#, "类型不符，写了 string"),
            (r#"{"kind":"road","count":300}"#, "取值不符，写了 integer"),
        ] {
            let why = serde_json::from_str::<Body>(body).expect_err(body);
            let said = in_words(&why);
            assert!(said.starts_with(words), "{body}: {said}");
        }
    }
}
