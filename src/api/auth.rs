//! Sign-in at both doors, refresh, sign-out, and what an account knows about itself.

use actix_web::{HttpResponse, web};
use entity::kinds::AccountId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::extract::{ClientIp, Valid, Who};
use super::problem::{Problem, ProblemBody};
use super::staff::RoleOut;
use crate::app::limit;
use crate::app::session::{Signed, console, enrol, phone, refresh, sign_out, wechat};
use crate::app::staff::view::StaffView;
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/auth/wechat")
            .route(web::post().to(sign_in_wechat))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/auth/console")
            .route(web::post().to(sign_in_console))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/auth/console/enrolment")
            .route(web::post().to(enrol_console))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/auth/refresh")
            .route(web::post().to(refresh_session))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/auth/session")
            .route(web::delete().to(end_session))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/account/phone")
            .route(web::post().to(verify_phone))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/account").route(web::get().to(account)).default_service(no_method()),
    );
}

/// The code of `wx.login`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WechatSignIn {
    #[validate(length(min = 1, max = 128, message = "缺少微信登录凭证"))]
    code: String,
}

/// A refresh token.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    #[validate(length(min = 1, max = 128, message = "缺少刷新令牌"))]
    refresh_token: String,
}

/// Name, password, and the code of the second factor once it is asked for.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsoleSignIn {
    #[validate(length(min = 1, max = 32, message = "请输入账号名"))]
    name: String,
    #[validate(length(min = 1, max = 128, message = "请输入密码"))]
    password: String,
    #[validate(length(max = 16, message = "动态码是六位数字"))]
    code: Option<String>,
}

/// A one-time link's token with what its owner chose.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    #[validate(length(min = 1, max = 128, message = "链接不完整，请重新打开"))]
    token: String,
    #[validate(custom(function = "account_name"))]
    name: String,
    #[validate(length(min = 1, max = 512, message = "请输入密码"))]
    password: String,
}

/// The code of the phone-number button.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneCode {
    #[validate(length(min = 1, max = 128, message = "缺少手机号凭证"))]
    code: String,
}

/// Tokens, and who they are for.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    access_token: String,
    /// Seconds.
    expires_in: u64,
    /// Good once; its successor comes with the next refresh.
    refresh_token: String,
    account: AccountOut,
    /// `null` for a resident.
    staff: Option<StaffOut>,
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountOut {
    id: AccountId,
}

/// Who the person is for the street.
#[derive(Serialize, ToSchema)]
pub struct StaffOut {
    staff_no: String,
    name: String,
    roles: Vec<RoleOut>,
}

/// What an account knows about itself.
#[derive(Serialize, ToSchema)]
pub struct Me {
    id: AccountId,
    /// `138****1234`; `null` until it is verified.
    phone: Option<String>,
    staff: Option<StaffOut>,
}

/// A verified phone, masked.
#[derive(Serialize, ToSchema)]
pub struct PhoneOut {
    phone: String,
}

/// What the new account's owner takes to his authenticator.
#[derive(Serialize, ToSchema)]
pub struct Enrolled {
    /// Shown once, as a QR code; every sign-in asks for its six digits from now on.
    otpauth_url: String,
}

/// Signs in from the mini-program.
#[utoipa::path(post, path = "/api/v1/auth/wechat", tag = "auth", request_body = WechatSignIn, responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "wechat_code_refused", body = ProblemBody),
    (status = 403, description = "wechat_user_blocked, forbidden", body = ProblemBody),
    (status = 422, description = "invalid_fields", body = ProblemBody),
    (status = 429, description = "too_many_requests", body = ProblemBody),
    (status = 503, description = "wechat_unreachable", body = ProblemBody),
))]
async fn sign_in_wechat(
    s: web::Data<Services>,
    ip: ClientIp,
    body: Valid<WechatSignIn>,
) -> Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.sign_in, &ip.key()).await?;
    Ok(answer(wechat::run(&s, &body.0.code).await?))
}

/// Signs in at the console.
#[utoipa::path(post, path = "/api/v1/auth/console", tag = "auth", request_body = ConsoleSignIn, responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "sign_in_refused, second_factor_required", body = ProblemBody),
    (status = 422, description = "invalid_fields", body = ProblemBody),
    (status = 423, description = "account_locked", body = ProblemBody),
    (status = 429, description = "too_many_requests", body = ProblemBody),
))]
async fn sign_in_console(
    s: web::Data<Services>,
    ip: ClientIp,
    body: Valid<ConsoleSignIn>,
) -> Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.console_sign_in, &ip.key()).await?;
    let cmd = console::SignIn {
        name: body.0.name,
        password: SecretString::from(body.0.password),
        code: body.0.code,
        address: ip.key(),
    };
    Ok(answer(console::run(&s, cmd).await?))
}

/// Turns a one-time link into a console account.
#[utoipa::path(post, path = "/api/v1/auth/console/enrolment", tag = "auth", request_body = Enrol, responses(
    (status = 201, body = Enrolled),
    (status = 409, description = "conflict", body = ProblemBody),
    (status = 422, description = "binding_code_refused, invalid_fields", body = ProblemBody),
    (status = 429, description = "too_many_requests", body = ProblemBody),
))]
async fn enrol_console(
    s: web::Data<Services>,
    ip: ClientIp,
    body: Valid<Enrol>,
) -> Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.console_sign_in, &ip.key()).await?;
    let password = SecretString::from(body.0.password);
    let cmd = enrol::Enrolment { token: body.0.token, name: body.0.name, password };
    let enrolled = enrol::run(&s, cmd).await?;
    let otpauth_url = enrolled.otpauth_url.expose_secret().to_owned();
    Ok(unstored(&mut HttpResponse::Created()).json(Enrolled { otpauth_url }))
}

/// Exchanges a refresh token for new tokens.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = Refresh, responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "refresh_refused", body = ProblemBody),
    (status = 422, description = "invalid_fields", body = ProblemBody),
    (status = 429, description = "too_many_requests", body = ProblemBody),
))]
async fn refresh_session(
    s: web::Data<Services>,
    ip: ClientIp,
    body: Valid<Refresh>,
) -> Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.sign_in, &ip.key()).await?;
    Ok(answer(refresh::run(&s, &SecretString::from(body.0.refresh_token)).await?))
}

/// Signs out: the session's refresh tokens are worthless from now on.
#[utoipa::path(delete, path = "/api/v1/auth/session", tag = "auth", request_body = Refresh,
    security(("bearer" = [])), responses(
    (status = 204),
    (status = 401, description = "unauthenticated, token_expired", body = ProblemBody),
    (status = 422, description = "invalid_fields", body = ProblemBody),
))]
async fn end_session(
    s: web::Data<Services>,
    who: Who,
    body: Valid<Refresh>,
) -> Result<HttpResponse, Problem> {
    sign_out::run(&s, &who.0, &SecretString::from(body.0.refresh_token)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Keeps the phone number that WeChat has verified.
#[utoipa::path(post, path = "/api/v1/account/phone", tag = "account", request_body = PhoneCode,
    security(("bearer" = [])), responses(
    (status = 200, body = PhoneOut),
    (status = 401, description = "wechat_code_refused, unauthenticated", body = ProblemBody),
    (status = 422, description = "invalid_fields, rule_refused", body = ProblemBody),
    (status = 429, description = "too_many_requests", body = ProblemBody),
    (status = 503, description = "wechat_unreachable", body = ProblemBody),
))]
async fn verify_phone(
    s: web::Data<Services>,
    who: Who,
    body: Valid<PhoneCode>,
) -> Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.act, &who.0.account.to_string()).await?;
    let phone = phone::verify(&s, &who.0, &body.0.code).await?;
    Ok(unstored(&mut HttpResponse::Ok()).json(PhoneOut { phone }))
}

/// Reads what the account knows about itself.
#[utoipa::path(get, path = "/api/v1/account", tag = "account", security(("bearer" = [])), responses(
    (status = 200, body = Me),
    (status = 401, description = "unauthenticated, token_expired", body = ProblemBody),
))]
async fn account(s: web::Data<Services>, who: Who) -> Result<HttpResponse, Problem> {
    let me = phone::me(&s, &who.0).await?;
    let staff = me.staff.map(StaffOut::from);
    let me = Me { id: me.account, phone: me.phone_masked, staff };
    Ok(unstored(&mut HttpResponse::Ok()).json(me))
}

impl From<StaffView> for StaffOut {
    fn from(view: StaffView) -> Self {
        let roles = view.roles.into_iter().map(RoleOut::from).collect();
        Self { staff_no: view.staff_no, name: view.name, roles }
    }
}

fn answer(signed: Signed) -> HttpResponse {
    unstored(&mut HttpResponse::Ok()).json(SignedIn {
        access_token: signed.access_token,
        expires_in: signed.expires_in.as_secs(),
        refresh_token: signed.refresh_token.expose_secret().to_owned(),
        account: AccountOut { id: signed.account },
        staff: signed.staff.map(StaffOut::from),
    })
}

/// Keeps secrets and personal data out of every cache on the way.
fn unstored(answer: &mut actix_web::HttpResponseBuilder) -> &mut actix_web::HttpResponseBuilder {
    answer.insert_header((actix_web::http::header::CACHE_CONTROL, "no-store"))
}

/// A name without a colon fits into an `otpauth` address, and without capitals is never confused.
fn account_name(name: &str) -> Result<(), ValidationError> {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    if (3..=32).contains(&name.len()) && name.bytes().all(good) {
        return Ok(());
    }
    let message = "账号名为3至32个字符，只能使用小写字母、数字、点、横线和下划线";
    Err(ValidationError::new("account_name").with_message(message.into()))
}
