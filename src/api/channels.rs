//! The channels through which a member of staff is told: his order, and what tests showed.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path};
use entity::kinds::{Channel, StaffId, WayState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::channel::consents::ConsentView;
use crate::app::channel::show::ChannelView;
use crate::app::channel::{consents, prefer, show, test};
use crate::app::follower::code::{self, FollowCode};
use crate::domain::calendar::rfc3339;
use crate::domain::readiness::{advice, reason_zh};
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/my/channels")
            .route(web::get().to(my_channels))
            .route(web::put().to(order_channels))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/my/consents")
            .route(web::get().to(my_consents))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/my/channels/{channel}/test")
            .route(web::post().to(test_channel))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/my/channels/oa_template/code")
            .route(web::post().to(follow_code))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/staff/{id}/channels")
            .route(web::get().to(staff_channels))
            .default_service(no_method()),
    );
}

/// The order in which somebody wants to be told.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelOrder {
    /// Best first; channels that are missing here come after these. Empty: the usual order.
    #[validate(length(max = 16, message = "渠道过多"))]
    order: Vec<Channel>,
}

/// The channels of one person, in the order in which they are tried.
#[derive(Serialize, ToSchema)]
pub struct Channels {
    channels: Vec<ChannelOut>,
}

/// One channel of one person.
#[derive(Serialize, ToSchema)]
pub struct ChannelOut {
    channel: Channel,
    channel_zh: &'static str,
    state: WayState,
    state_zh: &'static str,
    /// Where he put it, from 1; `null` when he said nothing about it.
    position: Option<i32>,
    /// When a test message last went through.
    proven_at: Option<String>,
    failed_at: Option<String>,
    failed_reason_zh: Option<&'static str>,
    /// What he should do about it, in Chinese.
    advice: Option<&'static str>,
}

impl From<ChannelView> for ChannelOut {
    fn from(view: ChannelView) -> Self {
        Self {
            channel: view.channel,
            channel_zh: view.channel.zh(),
            state: view.state,
            state_zh: view.state.zh(),
            position: view.position,
            proven_at: view.proven_at.map(rfc3339),
            failed_at: view.failed_at.map(rfc3339),
            failed_reason_zh: view.failed_reason.as_deref().map(reason_zh),
            advice: advice(view.channel, view.state),
        }
    }
}

impl From<Vec<ChannelView>> for Channels {
    fn from(views: Vec<ChannelView>) -> Self {
        Self { channels: views.into_iter().map(ChannelOut::from).collect() }
    }
}

/// What the speaker still allows of subscribe messages.
#[derive(Serialize, ToSchema)]
pub struct Consents {
    consents: Vec<ConsentOut>,
}

/// One template of the mini-program.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct ConsentOut {
    /// Pass to `wx.requestSubscribeMessage`, long-term ones and others in calls of their own.
    template_id: String,
    purpose_zh: &'static str,
    /// It tells a member of staff of his work, not of his own requests.
    staff: bool,
    /// A standing yes: it is not used up.
    long_term: bool,
    /// Messages that are still allowed; of a long-term template 1 or 0.
    credits: i32,
    /// He allowed some before: when there are none, they were used up or taken back.
    before: bool,
    /// Ask with the next tap.
    renew: bool,
}

impl From<ConsentView> for ConsentOut {
    fn from(view: ConsentView) -> Self {
        let ConsentView { template, purpose_zh, staff, long_term, credits, before, renew } = view;
        Self { template_id: template, purpose_zh, staff, long_term, credits, before, renew }
    }
}

/// A code of the official account, good for ten minutes and one scan.
#[derive(Serialize, ToSchema)]
pub struct FollowCodeOut {
    /// The code as a picture: show it, or let him press it long.
    image_url: String,
    /// What the code says, to draw it oneself.
    url: String,
    expires_at: String,
}

impl From<FollowCode> for FollowCodeOut {
    fn from(made: FollowCode) -> Self {
        let FollowCode { code, expires_at } = made;
        Self { image_url: code.image_url, url: code.url, expires_at: rfc3339(expires_at) }
    }
}

/// Makes a code of the official account: who scans it with the speaker's own WeChat follows, and is
/// told through the account from then on. It voids the last one.
#[utoipa::path(post, path = "/api/v1/my/channels/oa_template/code", tag = "channels", security(("bearer" = [])),
    responses((status = 201, body = FollowCodeOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 429, body = ProblemBody), (status = 503, description = "wechat_unreachable", body = ProblemBody)))]
async fn follow_code(Who(who): Who, s: Data<Services>) -> Result<HttpResponse, Problem> {
    let made = code::run(&s, &who).await?;
    Ok(HttpResponse::Created().json(FollowCodeOut::from(made)))
}

/// Lists what the speaker still allows, template by template.
#[utoipa::path(get, path = "/api/v1/my/consents", tag = "channels", security(("bearer" = [])),
    responses((status = 200, body = Consents), (status = 401, body = ProblemBody)))]
async fn my_consents(Who(who): Who, s: Data<Services>) -> Result<Json<Consents>, Problem> {
    let consents = consents::own(&s, &who).await?;
    Ok(Json(Consents { consents: consents.into_iter().map(ConsentOut::from).collect() }))
}

/// Lists the speaker's own channels.
#[utoipa::path(get, path = "/api/v1/my/channels", tag = "channels", security(("bearer" = [])),
    responses((status = 200, body = Channels), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn my_channels(Who(who): Who, s: Data<Services>) -> Result<Json<Channels>, Problem> {
    Ok(Json(show::own(&s, &who).await?.into()))
}

/// Sets the order in which the speaker wants to be told.
#[utoipa::path(put, path = "/api/v1/my/channels", tag = "channels", request_body = ChannelOrder, security(("bearer" = [])),
    responses((status = 200, body = Channels), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn order_channels(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<ChannelOrder>,
) -> Result<Json<Channels>, Problem> {
    Ok(Json(prefer::run(&s, &who, body.0.order).await?.into()))
}

/// Sends the speaker a test message through one of his channels.
#[utoipa::path(post, path = "/api/v1/my/channels/{channel}/test", tag = "channels",
    params(("channel" = String, Path, description = "word of a channel")), security(("bearer" = [])),
    responses((status = 202, body = Channels, description = "on its way; read the list again"),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, description = "rule_refused: the channel does not lead to him", body = ProblemBody),
        (status = 429, body = ProblemBody)))]
async fn test_channel(
    Who(who): Who,
    s: Data<Services>,
    channel: Path<String>,
) -> Result<HttpResponse, Problem> {
    let channels = test::run(&s, &who, &channel).await?;
    Ok(HttpResponse::Accepted().json(Channels::from(channels)))
}

/// Lists the channels of a member of staff, for the system administrator.
#[utoipa::path(get, path = "/api/v1/staff/{id}/channels", tag = "channels",
    params(("id" = StaffId, Path, description = "the member of staff")), security(("bearer" = [])),
    responses((status = 200, body = Channels), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
async fn staff_channels(
    Who(who): Who,
    s: Data<Services>,
    id: Path<StaffId>,
) -> Result<Json<Channels>, Problem> {
    Ok(Json(show::of_staff(&s, &who, *id).await?.into()))
}
