//! The one error of use cases, and the one table of codes.
//!
//! A code never changes its meaning; its status, title and log level stand in the table and
//! nowhere else. `detail` is a Chinese sentence for the person in front of the screen; the cause
//! is kept as the source, for the log only.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use sea_orm::{DbErr, RuntimeErr};
use serde::Serialize;

use crate::gateway::storage::StorageError;

/// When to come back to what is in trouble.
const LATER: Duration = Duration::from_secs(5);

/// How loudly an error is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The caller's business.
    Info,
    /// An operator should look when it repeats.
    Warn,
    /// An operator must look.
    Error,
}

macro_rules! codes {
    ($($name:ident = $word:literal, $status:literal, $level:ident, $title:literal;)+) => {
        /// Stable name of what went wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($name),+ }

        impl Code {
            /// Every code, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the stable word.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// Returns the HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }

            /// Returns how loudly it is logged.
            pub const fn level(self) -> Level {
                match self { $(Self::$name => Level::$level),+ }
            }

            /// Returns the Chinese title.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

codes! {
    MalformedJson = "malformed_json", 400, Info, "请求内容的 JSON 有误";
    MalformedPath = "malformed_path", 404, Info, "没有这个地址";
    MalformedQuery = "malformed_query", 400, Info, "查询参数有误";
    MalformedUpload = "malformed_upload", 400, Info, "上传内容有误";
    UnsupportedMediaType = "unsupported_media_type", 415, Info, "不支持这种内容类型";
    BodyTooLarge = "body_too_large", 413, Info, "内容过大";
    RouteNotFound = "route_not_found", 404, Info, "没有这个地址";
    UpgradeRequired = "upgrade_required", 426, Info, "请用 WebSocket 连接";
    MethodNotAllowed = "method_not_allowed", 405, Info, "不支持这种请求方式";
    InvalidFields = "invalid_fields", 422, Info, "有几项内容需要修改";
    IdempotencyKeyRequired = "idempotency_key_required", 400, Info, "缺少 Idempotency-Key";
    IdempotencyKeyReused = "idempotency_key_reused", 422, Info, "这个 Idempotency-Key 已用于另一份内容";
    Unauthenticated = "unauthenticated", 401, Info, "请先登录";
    TokenExpired = "token_expired", 401, Info, "登录已过期";
    RefreshRefused = "refresh_refused", 401, Info, "登录已失效，请重新登录";
    SignInRefused = "sign_in_refused", 401, Info, "账号、密码或动态码不对";
    SecondFactorRequired = "second_factor_required", 401, Info, "需要动态码";
    AccountLocked = "account_locked", 423, Warn, "尝试次数过多，账号暂时锁定";
    WechatCodeRefused = "wechat_code_refused", 401, Info, "微信登录凭证无效，请重新进入小程序";
    WechatUserBlocked = "wechat_user_blocked", 403, Warn, "微信拒绝了这个账号";
    Forbidden = "forbidden", 403, Info, "您没有这项权限";
    NotFound = "not_found", 404, Info, "没有找到";
    MoveNotAllowed = "move_not_allowed", 409, Info, "当前状态不能这样操作";
    VersionConflict = "version_conflict", 409, Info, "内容已被他人更新，请刷新后再试";
    Conflict = "conflict", 409, Info, "与现有内容冲突";
    RuleRefused = "rule_refused", 422, Info, "不符合办理规则";
    BindingCodeRefused = "binding_code_refused", 422, Info, "绑定码无效或已过期";
    UnsupportedImage = "unsupported_image", 422, Info, "只支持 JPEG、PNG、WebP 图片";
    UnsupportedVoice = "unsupported_voice", 422, Info, "录音不能使用";
    RangeNotSatisfiable = "range_not_satisfiable", 416, Info, "请求的范围超出了内容";
    TooManyRequests = "too_many_requests", 429, Info, "操作太频繁，请稍后再试";
    WxacodeRefused = "wxacode_refused", 409, Warn, "微信没有生成小程序码";
    FontMissing = "font_missing", 409, Warn, "服务器缺少中文字体";
    WechatUnreachable = "wechat_unreachable", 503, Warn, "暂时连不上微信，请稍后再试";
    DatabaseDown = "database_down", 503, Warn, "系统暂时繁忙，请稍后再试";
    StorageFull = "storage_full", 503, Error, "系统存储空间不足，请联系街道";
    StorageAway = "storage_away", 503, Warn, "照片、录音和文件暂时存取不了，请稍后再试";
    NotReady = "not_ready", 503, Warn, "系统尚未就绪";
    Internal = "internal", 500, Error, "系统出错了";
}

/// One bad field: where it is and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// JSON pointer into the request body, e.g. `/on_behalf_of/phone`.
    pub pointer: String,
    /// Stable word of the rule that was broken.
    pub code: Cow<'static, str>,
    /// Chinese sentence: what is wrong and what to do.
    pub message: String,
}

impl Fault {
    /// Names one bad field.
    pub fn new(pointer: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.to_owned(), code: Cow::Borrowed(code), message: message.into() }
    }
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{}: {detail}", code.word())]
pub struct Error {
    /// The stable code.
    pub code: Code,
    /// Chinese sentence; never shown with a 5xx.
    pub detail: String,
    /// Every bad field at once.
    pub faults: Vec<Fault>,
    /// Verbs that would be allowed now, with `move_not_allowed`.
    pub allowed: Vec<&'static str>,
    /// When to come back.
    pub retry_after: Option<Duration>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What use cases return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Refuses with a code and a sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            faults: Vec::new(),
            allowed: Vec::new(),
            retry_after: None,
            source: None,
        }
    }

    /// Refuses a body with all its bad fields.
    pub fn fields(faults: Vec<Fault>) -> Self {
        let detail = format!("有 {} 项内容需要修改", faults.len());
        Self { faults, ..Self::new(Code::InvalidFields, detail) }
    }

    /// Says that nothing is there, or that it is not yours: the two must look alike.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("没有找到{what}"))
    }

    /// Keeps the cause for the log; the caller learns nothing of it.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal, "").caused_by(source)
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Writes the chain of causes for the log, outermost first.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(next) = cause {
            text.push_str(" <- ");
            text.push_str(&next.to_string());
            cause = next.source();
        }
        text
    }
}

impl From<DbErr> for Error {
    fn from(source: DbErr) -> Self {
        let code = match &source {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Code::DatabaseDown,
            DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => {
                classify(e)
            }
            _ => Code::Internal,
        };
        let error = Self::new(code, "").caused_by(source);
        if code == Code::Internal { error } else { error.retry_after(LATER) }
    }
}

impl From<StorageError> for Error {
    fn from(source: StorageError) -> Self {
        let code = if source.is_full() {
            Code::StorageFull
        } else if source.is_away() {
            Code::StorageAway
        } else {
            return Self::internal(source);
        };
        Self::new(code, "").caused_by(source).retry_after(LATER)
    }
}

/// Runs a piece of work whose panic is its own error, with what was said, and nobody else's.
pub fn caught<T>(
    work: impl Future<Output = T>,
) -> impl Future<Output = std::result::Result<T, String>> {
    AssertUnwindSafe(work).catch_unwind().map(|done| {
        done.map_err(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            said.unwrap_or("no words").to_owned()
        })
    })
}

fn classify(error: &sea_orm::sqlx::Error) -> Code {
    use sea_orm::sqlx::Error as Sqlx;
    match error {
        Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::Tls(_) => Code::DatabaseDown,
        // SQLITE_FULL; PostgreSQL's disk_full and its classes "connection", "operator
        // intervention" and "insufficient resources".
        Sqlx::Database(told) => match told.code().as_deref() {
            Some("13" | "53100") => Code::StorageFull,
            // Somebody else was in the way: busy, locked, a lock that did not come, a deadlock.
            Some("5" | "6" | "55P03" | "57014" | "40001" | "40P01") => Code::DatabaseDown,
            Some(state) if ["08", "57", "53"].iter().any(|class| state.starts_with(class)) => {
                Code::DatabaseDown
            }
            _ => Code::Internal,
        },
        _ => Code::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[tokio::test]
    async fn a_panic_is_told_and_goes_no_further() {
        assert_eq!(caught(async { 7 }).await, Ok(7));
        let number = 7;
        for (said, work) in [("as it is", None), ("with 7", Some(number))] {
            let panics = async move {
                match work {
                    None => panic!("as it is"),
                    Some(number) => panic!("with {number}"),
                }
            };
            assert_eq!(caught::<()>(panics).await, Err(said.to_owned()));
        }
    }
}
