//! Who can be reached: people without two working channels, and counts of every grid.

use actix_web::web::{self, Data, Json};
use entity::kinds::{Channel, StaffId, WayState};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use super::staff::{GridOut, RoleOut};
use crate::app::reach::list::{self, GridCount, Report, Unready};
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/readiness")
            .route(web::get().to(readiness))
            .default_service(no_method()),
    );
}

/// Whether those who answer for something can be reached.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// People who answer for a grid or hold a street role now.
    people: usize,
    /// Those with two working channels; the inbox does not count.
    ready: usize,
    missing: Vec<UnreadyOut>,
    grids: Vec<GridReadiness>,
}

/// Somebody who is not reached by two working channels.
#[derive(Serialize, ToSchema)]
pub struct UnreadyOut {
    staff: StaffId,
    staff_no: String,
    /// Masked unless the reader administers the system.
    name: String,
    roles: Vec<RoleOut>,
    working: usize,
    channels: Vec<WayOut>,
    /// What he should do, in Chinese.
    todo: Vec<&'static str>,
}

/// What is known of one channel.
#[derive(Serialize, ToSchema)]
pub struct WayOut {
    channel: Channel,
    channel_zh: &'static str,
    state: WayState,
    state_zh: &'static str,
}

/// How many people of a grid can be reached.
#[derive(Serialize, ToSchema)]
pub struct GridReadiness {
    grid: GridOut,
    people: usize,
    ready: usize,
    /// With one working channel.
    one: usize,
    /// With none.
    none: usize,
}

impl From<Unready> for UnreadyOut {
    fn from(one: Unready) -> Self {
        let way = |(channel, state): (Channel, WayState)| WayOut {
            channel,
            channel_zh: channel.zh(),
            state,
            state_zh: state.zh(),
        };
        Self {
            staff: one.staff,
            staff_no: one.staff_no,
            name: one.name,
            roles: one.roles.into_iter().map(RoleOut::from).collect(),
            working: one.working,
            channels: one.channels.into_iter().map(way).collect(),
            todo: one.todo,
        }
    }
}

impl From<GridCount> for GridReadiness {
    fn from(count: GridCount) -> Self {
        let GridCount { grid, people, ready, one, none } = count;
        Self { grid: grid.into(), people, ready, one, none }
    }
}

impl From<Report> for Readiness {
    fn from(report: Report) -> Self {
        Self {
            people: report.people,
            ready: report.ready,
            missing: report.missing.into_iter().map(UnreadyOut::from).collect(),
            grids: report.grids.into_iter().map(GridReadiness::from).collect(),
        }
    }
}

/// Lists who is not reached by two working channels, with what each should do.
#[utoipa::path(get, path = "/api/v1/readiness", tag = "readiness", security(("bearer" = [])),
    responses((status = 200, body = Readiness), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn readiness(Who(who): Who, s: Data<Services>) -> Result<Json<Readiness>, Problem> {
    Ok(Json(list::show(&s, &who).await?.into()))
}
