//! Drills: a message marked 【演练】 to everybody who answers for something, and whom it reached.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path};
use entity::kinds::{Channel, NoticeState, StaffId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use super::staff::GridOut;
use crate::app::drill::report::{self, GridReport, MessageReport, PersonReport, Report};
use crate::app::drill::start;
use crate::domain::calendar::rfc3339;
use crate::domain::readiness::reason_zh;
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/drills")
            .route(web::post().to(start_drill))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/drills/{id}")
            .route(web::get().to(show_drill))
            .default_service(no_method()),
    );
}

/// How to drill.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartDrill {
    /// Through every channel of each person; the first alone when absent.
    #[serde(default)]
    all_channels: bool,
}

/// What is known of a drill now.
#[derive(Serialize, ToSchema)]
pub struct Drill {
    id: i64,
    all_channels: bool,
    started_at: String,
    /// Later none of its messages is sent any more.
    ends_at: String,
    people: usize,
    reached: usize,
    /// Messages that have no end yet; read again until it is zero.
    waiting: usize,
    grids: Vec<DrillGrid>,
}

/// The people of one grid.
#[derive(Serialize, ToSchema)]
pub struct DrillGrid {
    /// `null` for those who answer for the whole street.
    grid: Option<GridOut>,
    reached: usize,
    people: Vec<DrillPerson>,
}

/// One person.
#[derive(Serialize, ToSchema)]
pub struct DrillPerson {
    staff: StaffId,
    staff_no: String,
    /// Masked unless the reader administers the system.
    name: String,
    reached: bool,
    /// From the start until the first message was accepted.
    seconds: Option<f64>,
    messages: Vec<DrillMessage>,
}

/// One message.
#[derive(Serialize, ToSchema)]
pub struct DrillMessage {
    channel: Channel,
    channel_zh: &'static str,
    state: NoticeState,
    state_zh: &'static str,
    /// Why it did not arrive, in Chinese.
    why: Option<&'static str>,
}

impl From<MessageReport> for DrillMessage {
    fn from(message: MessageReport) -> Self {
        let MessageReport { channel, state, reason } = message;
        let failed = !matches!(state, NoticeState::Accepted | NoticeState::Delivered);
        let why = reason.as_deref().filter(|_| failed).map(reason_zh);
        Self { channel, channel_zh: channel.zh(), state, state_zh: state.zh(), why }
    }
}

impl From<PersonReport> for DrillPerson {
    fn from(person: PersonReport) -> Self {
        Self {
            staff: person.staff,
            staff_no: person.staff_no,
            name: person.name,
            reached: person.reached,
            seconds: person.seconds,
            messages: person.messages.into_iter().map(DrillMessage::from).collect(),
        }
    }
}

impl From<GridReport> for DrillGrid {
    fn from(report: GridReport) -> Self {
        Self {
            grid: report.grid.map(GridOut::from),
            reached: report.reached,
            people: report.people.into_iter().map(DrillPerson::from).collect(),
        }
    }
}

impl From<Report> for Drill {
    fn from(report: Report) -> Self {
        Self {
            id: report.drill.id,
            all_channels: report.drill.all_channels,
            started_at: rfc3339(report.drill.started_at),
            ends_at: rfc3339(report.drill.ends_at),
            people: report.people,
            reached: report.reached,
            waiting: report.waiting,
            grids: report.grids.into_iter().map(DrillGrid::from).collect(),
        }
    }
}

/// Starts a drill: everybody who answers for something gets a message marked 【演练】.
#[utoipa::path(post, path = "/api/v1/drills", tag = "readiness", request_body = StartDrill, security(("bearer" = [])),
    responses((status = 201, body = Drill), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, description = "conflict: one began less than half an hour ago", body = ProblemBody)))]
async fn start_drill(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<StartDrill>,
) -> Result<HttpResponse, Problem> {
    let id = start::run(&s, &who, body.0.all_channels).await?;
    let report = report::show(&s, &who, id).await?;
    Ok(HttpResponse::Created().json(Drill::from(report)))
}

/// Says whom a drill reached, grid by grid.
#[utoipa::path(get, path = "/api/v1/drills/{id}", tag = "readiness", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = Drill), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
async fn show_drill(
    Who(who): Who,
    s: Data<Services>,
    id: Path<i64>,
) -> Result<Json<Drill>, Problem> {
    Ok(Json(report::show(&s, &who, *id).await?.into()))
}
