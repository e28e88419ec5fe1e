//! What is stored about the speaker: to see, to correct, to take away, to erase.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{self, Data, Json, Query};
use actix_web::{HttpResponse, HttpResponseBuilder};
use entity::kinds::{ActorRole, CaseId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::cursor::{self, LookId};
use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::my::looks::Look;
use crate::app::my::privacy::Standing;
use crate::app::my::show::{Group, MyData};
use crate::app::my::{CONFIRM, correct, erase, export, looks, privacy, show};
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/my/data")
            .route(web::get().to(my_data))
            .route(web::put().to(correct_my_data))
            .route(web::delete().to(erase_my_data))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/my/data/export")
            .route(web::get().to(export_my_data))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/my/data/looks")
            .route(web::get().to(my_looks))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/my/privacy")
            .route(web::get().to(my_privacy))
            .route(web::put().to(agree_privacy))
            .route(web::delete().to(withdraw_privacy))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/my/data/phone")
            .route(web::delete().to(forget_phone))
            .default_service(no_method()),
    );
}

/// A version of the privacy policy that somebody agreed to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreedOut {
    version: String,
    at: String,
}

/// Where the speaker stands with the privacy policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrivacyOut {
    /// The version in force.
    current: String,
    agreed: Option<AgreedOut>,
    withdrawn_at: Option<String>,
    /// He never agreed, took it back, or there is a new version. Nothing is refused meanwhile.
    must_ask: bool,
}

impl From<Standing> for PrivacyOut {
    fn from(standing: Standing) -> Self {
        let must_ask = standing.must_ask();
        let agreed = standing.agreed;
        Self {
            current: standing.current,
            agreed: agreed.map(|(version, at)| AgreedOut { version, at: rfc3339(at) }),
            withdrawn_at: standing.withdrawn_at.map(rfc3339),
            must_ask,
        }
    }
}

/// The version that was read and agreed to.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeBody {
    #[validate(length(min = 1, max = 40, code = "length", message = "版本应为 1 至 40 个字"))]
    version: String,
}

/// One thing that is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataItem {
    label: String,
    value: String,
}

/// What is stored for one purpose, in Chinese.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataGroup {
    /// `account`, `home`, `cases`, `numbers`, `photos`, `voices`, `consents`, `privacy`, `sessions`; more may come.
    key: &'static str,
    title: &'static str,
    /// What it is used for.
    purpose: &'static str,
    /// How long it is kept.
    kept: &'static str,
    items: Vec<DataItem>,
}

impl From<Group> for DataGroup {
    fn from(group: Group) -> Self {
        let items = group.items.into_iter();
        let items = items.map(|item| DataItem { label: item.label, value: item.value }).collect();
        let Group { key, title, purpose, kept, .. } = group;
        Self { key, title, purpose, kept, items }
    }
}

/// Everything that is stored about the speaker, at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyDataOut {
    /// How he wants to be called.
    name: Option<String>,
    /// Where he lives, in his own words.
    home: Option<String>,
    phone_masked: Option<String>,
    groups: Vec<DataGroup>,
    /// How often a page of his cases was read, counted each time.
    looks: i64,
    may_erase: bool,
    /// Why not, and what to do first.
    why_not: Option<String>,
    /// What to send as `confirm` to erase everything.
    confirm_word: &'static str,
}

impl From<MyData> for MyDataOut {
    fn from(data: MyData) -> Self {
        Self {
            name: data.name,
            home: data.home,
            phone_masked: data.phone_masked,
            groups: data.groups.into_iter().map(DataGroup::from).collect(),
            looks: data.looks,
            may_erase: data.obstacle.is_none(),
            why_not: data.obstacle,
            confirm_word: CONFIRM,
        }
    }
}

/// What the speaker says of himself; what is missing or empty is removed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectBody {
    #[serde(default)]
    #[validate(length(max = 20, code = "length", message = "称呼不能超过 20 个字"))]
    name: Option<String>,
    #[serde(default)]
    #[validate(length(max = 200, code = "length", message = "地址不能超过 200 个字"))]
    home: Option<String>,
}

/// The word by which somebody shows that he means it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseBody {
    /// `删除`
    #[validate(length(max = 20, code = "length", message = "请输入“删除”两个字"))]
    confirm: String,
}

/// The record of an erasure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedOut {
    /// Number in the register of erasures.
    register: i64,
    at: String,
    /// How many cases lost their words.
    cases: i64,
    /// How many files leave the store within minutes.
    files: i64,
    /// What happened, in Chinese.
    sentence: &'static str,
}

const ERASED: &str = "您的手机号、微信标识、诉求内容、照片、录音和定位已删除，登录已失效。诉求的时间和结果作为不含个人信息的工作记录保留";

/// Who looked, and what for.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookOut {
    at: String,
    case_id: CaseId,
    /// `NC-20261123-00042`
    number: String,
    /// Name of the member of staff.
    name: Option<String>,
    role: ActorRole,
    role_zh: &'static str,
    what_zh: &'static str,
    purpose_zh: &'static str,
}

impl From<Look> for LookOut {
    fn from(look: Look) -> Self {
        Self {
            at: rfc3339(look.at),
            case_id: look.case,
            number: look.number,
            name: look.name,
            role: look.role,
            role_zh: look.role.plain_zh(),
            what_zh: look.what_zh,
            purpose_zh: look.purpose_zh,
        }
    }
}

/// A page of looks, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookPage {
    looks: Vec<LookOut>,
    /// Pass as `cursor` to go on; missing at the end.
    next: Option<String>,
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LooksQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 20 when absent.
    limit: Option<usize>,
}

fn private(answer: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    answer.insert_header((CACHE_CONTROL, "no-store"))
}

async fn act(s: &Services, who: &Actor) -> crate::error::Result<()> {
    limit::admit(s, &s.settings.limits.act, &who.account.to_string()).await
}

/// Shows what is stored about the speaker.
#[utoipa::path(get, path = "/api/v1/my/data", tag = "my", security(("bearer" = [])),
    responses((status = 200, body = MyDataOut), (status = 401, body = ProblemBody)))]
async fn my_data(Who(who): Who, s: Data<Services>) -> Result<HttpResponse, Problem> {
    let data = show::run(&s, &who).await?;
    Ok(private(&mut HttpResponse::Ok()).json(MyDataOut::from(data)))
}

/// Corrects how the speaker is called and where he lives; the phone is verified by WeChat
/// (`POST /api/v1/account/phone`).
#[utoipa::path(put, path = "/api/v1/my/data", tag = "my", request_body = CorrectBody, security(("bearer" = [])),
    responses((status = 200, body = MyDataOut), (status = 401, body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn correct_my_data(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<CorrectBody>,
) -> Result<HttpResponse, Problem> {
    act(&s, &who).await?;
    let correction = correct::Correction { name: body.0.name, home: body.0.home };
    correct::run(&s, &who, correction).await?;
    my_data(Who(who), s).await
}

/// Erases everything about the speaker and ends his sessions.
#[utoipa::path(delete, path = "/api/v1/my/data", tag = "my", request_body = EraseBody, security(("bearer" = [])),
    responses((status = 200, body = ErasedOut), (status = 401, description = "also when it was erased before", body = ProblemBody),
        (status = 422, description = "invalid_fields: the word is missing; rule_refused: `case_open` or `staff`", body = ProblemBody),
        (status = 429, body = ProblemBody)))]
async fn erase_my_data(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<EraseBody>,
) -> Result<HttpResponse, Problem> {
    act(&s, &who).await?;
    let erased = erase::run(&s, &who, &body.0.confirm).await?;
    Ok(private(&mut HttpResponse::Ok()).json(ErasedOut {
        register: erased.id,
        at: rfc3339(erased.erased_at),
        cases: erased.cases,
        files: erased.files,
        sentence: ERASED,
    }))
}

/// Forgets the verified phone of the speaker.
#[utoipa::path(delete, path = "/api/v1/my/data/phone", tag = "my", security(("bearer" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn forget_phone(Who(who): Who, s: Data<Services>) -> Result<HttpResponse, Problem> {
    act(&s, &who).await?;
    correct::forget_phone(&s, &who).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Writes everything about the speaker as one JSON document.
#[utoipa::path(get, path = "/api/v1/my/data/export", tag = "my", security(("bearer" = [])),
    responses((status = 200, body = serde_json::Value, description = "account, cases, photos, voices, consents, privacy, sessions, looks"),
        (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn export_my_data(Who(who): Who, s: Data<Services>) -> Result<HttpResponse, Problem> {
    act(&s, &who).await?;
    let document = export::run(&s, &who).await?;
    let name = (CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\"");
    Ok(private(&mut HttpResponse::Ok()).insert_header(name).json(document))
}

/// Lists who looked at the speaker's cases, newest first. Whoever reads a page again within half an
/// hour still looks; the export has every time.
#[utoipa::path(get, path = "/api/v1/my/data/looks", tag = "my", params(LooksQuery), security(("bearer" = [])),
    responses((status = 200, body = LookPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn my_looks(
    Who(who): Who,
    query: Query<LooksQuery>,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let before =
        query.cursor.as_deref().map(|text| cursor::open::<LookId>(&s, text)).transpose()?;
    let limit = query.limit.unwrap_or(20).clamp(1, 100);
    let page = looks::folded(&s, &who, (before.map(|id| id.0), limit)).await?;
    Ok(private(&mut HttpResponse::Ok()).json(LookPage {
        looks: page.looks.into_iter().map(LookOut::from).collect(),
        next: page.next.map(|id| cursor::seal(&s, LookId(id))),
    }))
}

/// Shows which version of the privacy policy the speaker agreed to.
#[utoipa::path(get, path = "/api/v1/my/privacy", tag = "my", security(("bearer" = [])),
    responses((status = 200, body = PrivacyOut), (status = 401, body = ProblemBody)))]
async fn my_privacy(Who(who): Who, s: Data<Services>) -> Result<Json<PrivacyOut>, Problem> {
    Ok(Json(privacy::show(&s, &who).await?.into()))
}

/// Notes that the speaker agreed to the version in force; agreeing again keeps the first time.
#[utoipa::path(put, path = "/api/v1/my/privacy", tag = "my", request_body = AgreeBody, security(("bearer" = [])),
    responses((status = 200, body = PrivacyOut), (status = 401, body = ProblemBody),
        (status = 409, description = "conflict: another version is in force", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn agree_privacy(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<AgreeBody>,
) -> Result<Json<PrivacyOut>, Problem> {
    act(&s, &who).await?;
    Ok(Json(privacy::agree(&s, &who, body.0.version).await?.into()))
}

/// Takes the agreement back and deletes what rested on it.
#[utoipa::path(delete, path = "/api/v1/my/privacy", tag = "my", security(("bearer" = [])),
    responses((status = 200, body = PrivacyOut), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn withdraw_privacy(Who(who): Who, s: Data<Services>) -> Result<Json<PrivacyOut>, Problem> {
    act(&s, &who).await?;
    Ok(Json(privacy::withdraw(&s, &who).await?.into()))
}
