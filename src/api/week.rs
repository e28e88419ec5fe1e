//! The week of a worker's grids or of a cadre's community.

use actix_web::web::{self, Data, Json, Query};
use entity::kinds::{LeaveKind, StaffId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use super::roster::{GapOut, day};
use super::staff::GridOut;
use crate::app::roster::week::{self, Week, WeekDay, WeekTurn};
use crate::domain::calendar::{iso_date, rfc3339};
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let week = web::resource("/api/v1/roster/week").route(web::get().to(week_of_roster));
    cfg.service(week.default_service(web::to(super::openapi::no_route)));
}

/// Which week of which grid.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WeekQuery {
    /// First day, `2026-11-26`; today when absent.
    from: Option<String>,
    /// Id of one grid; all of the speaker's when absent.
    grid: Option<String>,
}

/// Seven days.
#[derive(Serialize, ToSchema)]
pub struct WeekOut {
    days: Vec<WeekDayOut>,
    /// The hours from now on in which nobody is reached by two channels.
    gaps: Vec<GapOut>,
}

/// One grid on one day.
#[derive(Serialize, ToSchema)]
pub struct WeekDayOut {
    date: String,
    grid: GridOut,
    turns: Vec<WeekTurnOut>,
    /// Who is away without anybody in his place.
    away: Vec<WeekTurnOut>,
}

/// One person for some hours.
#[derive(Serialize, ToSchema)]
pub struct WeekTurnOut {
    staff: StaffId,
    name: String,
    role: &'static str,
    role_zh: &'static str,
    from: String,
    to: String,
    /// For whom he stands in.
    instead_of: Option<InsteadOf>,
    /// Why he stands in, or is away.
    because: Option<LeaveKind>,
    because_zh: Option<&'static str>,
}

/// Somebody who is away.
#[derive(Serialize, ToSchema)]
pub struct InsteadOf {
    staff: StaffId,
    name: String,
}

impl From<WeekTurn> for WeekTurnOut {
    fn from(turn: WeekTurn) -> Self {
        Self {
            staff: turn.staff,
            name: turn.name,
            role: turn.role.word(),
            role_zh: turn.role.zh(),
            from: rfc3339(turn.span.from),
            to: rfc3339(turn.span.to),
            instead_of: turn.instead_of.map(|(staff, name)| InsteadOf { staff, name }),
            because: turn.because,
            because_zh: turn.because.map(LeaveKind::zh),
        }
    }
}

impl From<WeekDay> for WeekDayOut {
    fn from(day: WeekDay) -> Self {
        Self {
            date: day.date,
            grid: day.grid.into(),
            turns: day.turns.into_iter().map(WeekTurnOut::from).collect(),
            away: day.away.into_iter().map(WeekTurnOut::from).collect(),
        }
    }
}

impl From<Week> for WeekOut {
    fn from(week: Week) -> Self {
        Self {
            days: week.days.into_iter().map(WeekDayOut::from).collect(),
            gaps: week.gaps.into_iter().map(GapOut::from).collect(),
        }
    }
}

/// Shows who is there at which hours in the speaker's grids or community, with leaves, substitutes,
/// swaps and gaps.
#[utoipa::path(get, path = "/api/v1/roster/week", tag = "roster", params(WeekQuery), security(("bearer" = [])),
    responses((status = 200, body = WeekOut), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn week_of_roster(
    Who(who): Who,
    s: Data<Services>,
    query: Query<WeekQuery>,
) -> Result<Json<WeekOut>, Problem> {
    let WeekQuery { from, grid } = query.into_inner();
    let from = from.unwrap_or_else(|| iso_date(s.clock.now()));
    let from = day("/from", &from)?;
    Ok(Json(week::run(&s, &who, (from, grid.as_deref())).await?.into()))
}
