//! Staff: who works for the street, in which roles, and the code that binds his WeChat.

use actix_web::{HttpResponse, web};
use entity::kinds::{DutyRole, StaffId, StreetRole};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::extract::{Valid, Who, is_instant};
use super::problem::{Problem, ProblemBody};
use crate::app::staff::add::{self, NewDuty, NewStaff};
use crate::app::staff::list::{self, Page};
use crate::app::staff::view::{GridView, RoleView, StaffView};
use crate::app::staff::{bind, code, unbind};
use crate::domain::calendar::{parse_rfc3339, rfc3339};
use crate::domain::notice::is_userid;
use crate::domain::phone::{Phone, PhoneKind};
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/staff")
            .route(web::post().to(add_staff))
            .route(web::get().to(list_staff))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/staff/{id}/binding-code")
            .route(web::post().to(issue_code))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/staff/binding")
            .route(web::post().to(bind_wechat))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/staff/{id}/binding")
            .route(web::delete().to(unbind_wechat))
            .default_service(no_method()),
    );
}

/// A new member of staff.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddStaff {
    #[validate(custom(function = "staff_no"))]
    staff_no: String,
    #[validate(
        length(min = 1, max = 32, message = "请填写姓名，最多32个字"),
        custom(function = "filled")
    )]
    name: String,
    /// The only phone that residents see.
    #[validate(custom(function = "office_phone"))]
    office_phone: String,
    /// Mobile for text messages, where nothing else leads to him; no answer shows it.
    #[validate(custom(function = "mobile_phone"))]
    mobile: Option<String>,
    /// His userid at WeCom, for cards; not shown again.
    #[validate(custom(function = "userid"))]
    wecom_userid: Option<String>,
    #[serde(default)]
    #[validate(nested, length(max = 50, message = "一次最多填写50项职责"))]
    duties: Vec<DutyIn>,
    #[serde(default)]
    #[validate(length(max = 7, message = "街道角色最多7项"), custom(function = "distinct"))]
    street_roles: Vec<StreetRole>,
}

/// One responsibility.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyIn {
    /// The grid's id: a small grid for workers, a community's code for cadre and secretary.
    #[validate(length(min = 1, max = 64, message = "请填写网格编号"))]
    grid: String,
    role: DutyRole,
    /// RFC 3339; from now on when absent.
    #[validate(custom(function = "is_instant"))]
    from: Option<String>,
    /// RFC 3339; until further notice when absent.
    #[validate(custom(function = "is_instant"))]
    to: Option<String>,
    /// Name of a shift; around the clock when absent.
    #[validate(length(min = 1, max = 32, message = "班次名称为1至32个字"))]
    shift: Option<String>,
}

/// Which part of the list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only who is responsible for this grid now.
    grid: Option<String>,
    /// `next` of the page before.
    after: Option<i64>,
    /// 1 to 200; 50 when absent.
    limit: Option<u64>,
}

/// The code a member of staff was handed.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bind {
    #[validate(length(min = 1, max = 32, message = "请输入八位绑定码"))]
    code: String,
}

/// A member of staff.
#[derive(Serialize, ToSchema)]
pub struct StaffDetail {
    id: StaffId,
    staff_no: String,
    /// Masked unless the reader administers the system.
    name: String,
    office_phone: String,
    /// Reached by a WeChat account.
    bound: bool,
    /// `active`, or why WeCom does not lead to him: `unreachable`, `disabled`, `deleted`; null for
    /// others than an administrator and himself, and without an account there.
    wecom: Option<String>,
    roles: Vec<RoleOut>,
}

/// One role held now.
#[derive(Serialize, ToSchema)]
pub struct RoleOut {
    /// A duty role or a street role.
    role: String,
    title: String,
    /// `null` for the whole street.
    grid: Option<GridOut>,
}

/// A grid.
#[derive(Serialize, ToSchema)]
pub struct GridOut {
    id: String,
    name: String,
}

/// One page of staff.
#[derive(Serialize, ToSchema)]
pub struct StaffPage {
    items: Vec<StaffDetail>,
    /// Where the next page begins; `null` after the last.
    next: Option<StaffId>,
}

/// A one-time code, shown once.
#[derive(Serialize, ToSchema)]
pub struct BindingCode {
    code: String,
    expires_at: String,
}

/// Adds a member of staff.
#[utoipa::path(post, path = "/api/v1/staff", tag = "staff", request_body = AddStaff,
    security(("bearer" = [])), responses(
    (status = 201, body = StaffDetail),
    (status = 401, description = "unauthenticated, token_expired", body = ProblemBody),
    (status = 403, description = "forbidden", body = ProblemBody),
    (status = 422, description = "invalid_fields, rule_refused", body = ProblemBody),
))]
async fn add_staff(
    s: web::Data<Services>,
    who: Who,
    body: Valid<AddStaff>,
) -> Result<HttpResponse, Problem> {
    let added = add::run(&s, &who.0, body.0.into()).await?;
    Ok(HttpResponse::Created().json(StaffDetail::from(added)))
}

/// Lists staff in office.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff", params(ListQuery),
    security(("bearer" = [])), responses(
    (status = 200, body = StaffPage),
    (status = 401, description = "unauthenticated, token_expired", body = ProblemBody),
    (status = 403, description = "forbidden", body = ProblemBody),
    (status = 404, description = "not_found: no such grid", body = ProblemBody),
))]
async fn list_staff(
    s: web::Data<Services>,
    who: Who,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let most = query.limit.unwrap_or(50).clamp(1, 200);
    let page = Page { grid: query.grid, after: query.after.unwrap_or(0), most };
    let found = list::run(&s, &who.0, page).await?;
    let full = u64::try_from(found.len()).is_ok_and(|count| count == most);
    let next = found.last().map(|last| last.id).filter(|_| full);
    let items = found.into_iter().map(StaffDetail::from).collect();
    Ok(HttpResponse::Ok().json(StaffPage { items, next }))
}

/// Issues the one-time code by which a member of staff binds his WeChat.
#[utoipa::path(post, path = "/api/v1/staff/{id}/binding-code", tag = "staff",
    params(("id" = StaffId, Path, description = "the member of staff")),
    security(("bearer" = [])), responses(
    (status = 201, body = BindingCode),
    (status = 401, description = "unauthenticated, token_expired", body = ProblemBody),
    (status = 403, description = "forbidden", body = ProblemBody),
    (status = 404, description = "not_found", body = ProblemBody),
    (status = 409, description = "conflict: bound already", body = ProblemBody),
))]
async fn issue_code(
    s: web::Data<Services>,
    who: Who,
    id: web::Path<StaffId>,
) -> Result<HttpResponse, Problem> {
    let issued = code::run(&s, &who.0, *id).await?;
    let code = issued.code.expose_secret().to_owned();
    let no_store = (actix_web::http::header::CACHE_CONTROL, "no-store");
    let body = BindingCode { code, expires_at: rfc3339(issued.expires_at) };
    Ok(HttpResponse::Created().insert_header(no_store).json(body))
}

/// Binds the speaker's WeChat to a member of staff.
#[utoipa::path(post, path = "/api/v1/staff/binding", tag = "staff", request_body = Bind,
    security(("bearer" = [])), responses(
    (status = 200, body = StaffDetail),
    (status = 401, description = "unauthenticated, token_expired", body = ProblemBody),
    (status = 403, description = "forbidden", body = ProblemBody),
    (status = 409, description = "conflict: account or person is bound", body = ProblemBody),
    (status = 422, description = "binding_code_refused, invalid_fields", body = ProblemBody),
    (status = 429, description = "too_many_requests", body = ProblemBody),
))]
async fn bind_wechat(
    s: web::Data<Services>,
    who: Who,
    body: Valid<Bind>,
) -> Result<HttpResponse, Problem> {
    let bound = bind::run(&s, &who.0, &body.0.code).await?;
    Ok(HttpResponse::Ok().json(StaffDetail::from(bound)))
}

/// Takes the WeChat account from a member of staff.
#[utoipa::path(delete, path = "/api/v1/staff/{id}/binding", tag = "staff",
    params(("id" = StaffId, Path, description = "the member of staff")),
    security(("bearer" = [])), responses(
    (status = 204),
    (status = 401, description = "unauthenticated, token_expired", body = ProblemBody),
    (status = 403, description = "forbidden", body = ProblemBody),
    (status = 404, description = "not_found", body = ProblemBody),
    (status = 409, description = "conflict: not bound", body = ProblemBody),
))]
async fn unbind_wechat(
    s: web::Data<Services>,
    who: Who,
    id: web::Path<StaffId>,
) -> Result<HttpResponse, Problem> {
    unbind::run(&s, &who.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<AddStaff> for NewStaff {
    fn from(body: AddStaff) -> Self {
        Self {
            staff_no: body.staff_no,
            name: body.name.trim().to_owned(),
            office_phone: body.office_phone,
            mobile: body.mobile.and_then(|text| Phone::parse(&text).ok()),
            wecom_userid: body.wecom_userid,
            duties: body.duties.into_iter().map(NewDuty::from).collect(),
            street_roles: body.street_roles,
        }
    }
}

impl From<DutyIn> for NewDuty {
    fn from(duty: DutyIn) -> Self {
        // Both instants were checked with the body.
        let at = |raw: Option<String>| raw.as_deref().and_then(parse_rfc3339);
        Self {
            grid: duty.grid,
            role: duty.role,
            from: at(duty.from),
            to: at(duty.to),
            shift: duty.shift,
        }
    }
}

impl From<StaffView> for StaffDetail {
    fn from(view: StaffView) -> Self {
        Self {
            id: view.id,
            staff_no: view.staff_no,
            name: view.name,
            office_phone: view.office_phone,
            bound: view.bound,
            wecom: view.wecom,
            roles: view.roles.into_iter().map(RoleOut::from).collect(),
        }
    }
}

impl From<RoleView> for RoleOut {
    fn from(view: RoleView) -> Self {
        Self {
            role: view.role.to_owned(),
            title: view.title.to_owned(),
            grid: view.grid.map(GridOut::from),
        }
    }
}

impl From<GridView> for GridOut {
    fn from(grid: GridView) -> Self {
        Self { id: grid.id, name: grid.name }
    }
}

fn refuse(code: &'static str, message: &'static str) -> Result<(), ValidationError> {
    Err(ValidationError::new(code).with_message(message.into()))
}

fn staff_no(text: &str) -> Result<(), ValidationError> {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if (1..=32).contains(&text.len()) && text.bytes().all(good) {
        return Ok(());
    }
    refuse("staff_no", "工号为1至32个字母、数字、点、横线或下划线")
}

fn filled(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { refuse("blank", "请填写姓名") } else { Ok(()) }
}

fn office_phone(text: &str) -> Result<(), ValidationError> {
    match Phone::parse(text) {
        Ok(_) => Ok(()),
        Err(why) => refuse("phone", why.zh()),
    }
}

fn mobile_phone(text: &str) -> Result<(), ValidationError> {
    match Phone::parse(text) {
        Ok(phone) if phone.kind() == PhoneKind::Mobile => Ok(()),
        Ok(_) => refuse("phone", "请填写手机号码，固定电话收不到短信"),
        Err(why) => refuse("phone", why.zh()),
    }
}

fn userid(text: &str) -> Result<(), ValidationError> {
    if is_userid(text) {
        return Ok(());
    }
    refuse("wecom_userid", "企业微信账号为1至64个字母、数字、点、横线、下划线或@，以字母或数字开头")
}

fn distinct(roles: &[StreetRole]) -> Result<(), ValidationError> {
    let mut sorted = roles.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() == roles.len() {
        Ok(())
    } else {
        refuse("repeated", "同一角色只填一次")
    }
}
