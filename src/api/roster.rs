//! The roster: who is on duty when, shifts, leaves, and the hours that nobody covers.

use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Json, Path, Query};
use entity::kinds::{GapReason, ShiftDays, StaffId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::extract::{OnceKey, Valid, Who, instant, is_instant};
use super::leaves;
use super::once::once;
use super::problem::{Problem, ProblemBody};
use super::staff::GridOut;
use crate::app::roster::add_leave::{self, Entered, NewLeave};
use crate::app::roster::cancel_leave;
use crate::app::roster::gaps::{self, NamedGap};
use crate::app::roster::set_shift::{self, NamedShift};
use crate::app::roster::show::{self, DayView, Part, TurnView};
use crate::domain::calendar::{parse_instant, rfc3339};
use crate::domain::roster::Shift;
use crate::error::{Error, Fault};
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/roster").route(web::get().to(roster)).default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/shifts")
            .route(web::get().to(list_shifts))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/shifts/{name}")
            .route(web::put().to(set_shift))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/leaves")
            .route(web::get().to(leaves::list_leaves))
            .route(web::post().to(enter_leave))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/leaves/{id}")
            .route(web::delete().to(cancel_leave))
            .wrap(from_fn(once))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/readiness/gaps")
            .route(web::get().to(duty_gaps))
            .default_service(no_method()),
    );
}

/// Which part of the roster.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterQuery {
    /// First day, `2026-11-26`.
    from: String,
    /// Last day; at most 7 days, 31 with a grid.
    to: String,
    /// Id of one grid.
    grid: Option<String>,
}

/// How far ahead.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GapQuery {
    /// 1 to 31; 14 when absent.
    days: Option<u32>,
}

/// A leave to be entered.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterLeave {
    /// The speaker's own when absent.
    staff: Option<StaffId>,
    /// RFC 3339.
    #[validate(custom(function = "is_instant"))]
    from: String,
    /// RFC 3339.
    #[validate(custom(function = "is_instant"))]
    to: String,
    /// Nobody sees it in the roster.
    #[validate(length(max = 200, message = "事由最多200个字"))]
    reason: Option<String>,
    /// Who stands in; without one nobody is told in his place.
    substitute: Option<StaffId>,
}

/// A shift; the duties that name it follow at once.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetShift {
    /// 1 for Monday to 7 for Sunday; every day when absent.
    #[validate(custom(function = "some_days"))]
    weekdays: Option<Vec<i32>>,
    /// Every day when absent; both conditions hold.
    days: Option<ShiftDays>,
    /// `08:00`
    #[validate(custom(function = "clock"))]
    from: String,
    /// `18:00`; not after `from`: on the next day.
    #[validate(custom(function = "clock"))]
    to: String,
}

/// The roster, day by day and grid by grid.
#[derive(Serialize, ToSchema)]
pub struct RosterOut {
    days: Vec<RosterDay>,
}

/// One grid on one day.
#[derive(Serialize, ToSchema)]
pub struct RosterDay {
    date: String,
    grid: GridOut,
    turns: Vec<TurnOut>,
    /// Who is away without anybody in his place.
    away: Vec<TurnOut>,
}

/// One person for some hours.
#[derive(Serialize, ToSchema)]
pub struct TurnOut {
    staff: StaffId,
    /// Masked unless it is a colleague of the reader's community or he administers the system.
    name: String,
    role: &'static str,
    title: &'static str,
    from: String,
    to: String,
    /// For whom he stands in.
    instead_of: Option<StaffId>,
}

/// The shifts that count now.
#[derive(Serialize, ToSchema)]
pub struct Shifts {
    shifts: Vec<ShiftOut>,
}

/// One shift.
#[derive(Serialize, ToSchema)]
pub struct ShiftOut {
    name: String,
    version: i32,
    /// 1 for Monday to 7 for Sunday.
    weekdays: Vec<i32>,
    days: ShiftDays,
    from: String,
    to: String,
}

/// A leave that counts now.
#[derive(Serialize, ToSchema)]
pub struct LeaveOut {
    id: i64,
    staff: StaffId,
    from: String,
    to: String,
    substitute: Option<StaffId>,
    /// What nobody covers because of it.
    gaps: Vec<GapOut>,
    /// The same in Chinese; `null` without gaps.
    warning: Option<String>,
}

/// The hours that nobody covers.
#[derive(Serialize, ToSchema)]
pub struct Gaps {
    gaps: Vec<GapOut>,
}

/// A time in which nobody of a grid is reached by two channels; a desk of the street stands as the grid `command` or `triage_desk`.
#[derive(Serialize, ToSchema)]
pub struct GapOut {
    grid: GridOut,
    from: String,
    to: String,
    why: GapReason,
    why_zh: &'static str,
    sentence: String,
}

impl From<NamedGap> for GapOut {
    fn from(named: NamedGap) -> Self {
        let (sentence, gap) = (named.sentence(), named.gap);
        Self {
            grid: named.grid.into(),
            from: rfc3339(gap.span.from),
            to: rfc3339(gap.span.to),
            why: gap.why,
            why_zh: gap.why.zh(),
            sentence,
        }
    }
}

impl From<TurnView> for TurnOut {
    fn from(turn: TurnView) -> Self {
        Self {
            staff: turn.staff,
            name: turn.name,
            role: turn.role.word(),
            title: turn.role.zh(),
            from: rfc3339(turn.span.from),
            to: rfc3339(turn.span.to),
            instead_of: turn.instead_of,
        }
    }
}

impl From<DayView> for RosterDay {
    fn from(day: DayView) -> Self {
        Self {
            date: day.date,
            grid: day.grid.into(),
            turns: day.turns.into_iter().map(TurnOut::from).collect(),
            away: day.away.into_iter().map(TurnOut::from).collect(),
        }
    }
}

impl From<Entered> for LeaveOut {
    fn from(entered: Entered) -> Self {
        let said: Vec<String> = entered.gaps.iter().map(NamedGap::sentence).collect();
        let leave = entered.leave;
        Self {
            id: leave.id,
            staff: leave.staff_id,
            from: rfc3339(leave.from_at),
            to: rfc3339(leave.to_at),
            substitute: leave.substitute_id,
            warning: (!said.is_empty())
                .then(|| format!("已登记，但出现值班空档：{}", said.join("；"))),
            gaps: entered.gaps.into_iter().map(GapOut::from).collect(),
        }
    }
}

impl From<NamedShift> for ShiftOut {
    fn from(shift: NamedShift) -> Self {
        let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        Self {
            name: shift.name,
            version: shift.version,
            weekdays: (1..=7).filter(|day| shift.weekdays & (1 << (day - 1)) != 0).collect(),
            days: shift.days,
            from: clock(shift.from_minute),
            to: clock(shift.to_minute),
        }
    }
}

/// Shows who is on duty in each grid, day by day.
#[utoipa::path(get, path = "/api/v1/roster", tag = "roster", params(RosterQuery), security(("bearer" = [])),
    responses((status = 200, body = RosterOut), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn roster(
    Who(who): Who,
    s: Data<Services>,
    query: Query<RosterQuery>,
) -> Result<Json<RosterOut>, Problem> {
    let RosterQuery { from, to, grid } = query.into_inner();
    let part = Part { from: day("/from", &from)?, to: day("/to", &to)?, grid };
    let days = show::run(&s, &who, part).await?;
    Ok(Json(RosterOut { days: days.into_iter().map(RosterDay::from).collect() }))
}

pub(super) fn day(pointer: &str, raw: &str) -> Result<Timestamp, Problem> {
    let midnight = Some(raw).filter(|raw| raw.len() == "2026-11-26".len()).and_then(parse_instant);
    let fault = || Fault::new(pointer, "day", "请按 2026-11-26 的格式填写日期");
    midnight.ok_or_else(|| Problem(Error::fields(vec![fault()])))
}

/// Lists the shifts that count now.
#[utoipa::path(get, path = "/api/v1/shifts", tag = "roster", security(("bearer" = [])),
    responses((status = 200, body = Shifts), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn list_shifts(Who(who): Who, s: Data<Services>) -> Result<Json<Shifts>, Problem> {
    let all = set_shift::list(&s, &who).await?;
    Ok(Json(Shifts { shifts: all.into_iter().map(ShiftOut::from).collect() }))
}

/// Defines a shift, or gives one its next version.
#[utoipa::path(put, path = "/api/v1/shifts/{name}", tag = "roster", request_body = SetShift,
    params(("name" = String, Path, description = "as the duties name it")), security(("bearer" = [])),
    responses((status = 200, body = ShiftOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn set_shift(
    Who(who): Who,
    s: Data<Services>,
    name: Path<String>,
    body: Valid<SetShift>,
) -> Result<Json<ShiftOut>, Problem> {
    let body = body.0;
    let named = body.weekdays.unwrap_or_else(|| (1..=7).collect());
    let shift = Shift {
        weekdays: named.into_iter().fold(0, |mask, day| mask | (1 << (day - 1))),
        days: body.days.unwrap_or(ShiftDays::Every),
        // Both were checked with the body; a shift begins on the day to which it belongs.
        from_minute: minutes(&body.from).unwrap_or(0) % 1_440,
        to_minute: minutes(&body.to)
            .map_or(1_440, |minute| if minute == 0 { 1_440 } else { minute }),
    };
    let stored = set_shift::run(&s, &who, (name.into_inner(), shift)).await?;
    Ok(Json(stored.into()))
}

/// Enters a leave; the answer says at once what nobody covers because of it.
#[utoipa::path(post, path = "/api/v1/leaves", tag = "roster", request_body = EnterLeave, params(OnceKey), security(("bearer" = [])),
    responses((status = 201, body = LeaveOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, description = "conflict: away then already", body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn enter_leave(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<EnterLeave>,
) -> Result<HttpResponse, Problem> {
    let EnterLeave { staff, from, to, reason, substitute } = body.0;
    let (from, to) = (instant("/from", &from)?, instant("/to", &to)?);
    let new = NewLeave { staff, from, to, reason, substitute };
    let answer: LeaveOut = add_leave::run(&s, &who, new, LeaveOut::from).await?;
    Ok(HttpResponse::Created().json(answer))
}

/// Takes a leave back.
#[utoipa::path(delete, path = "/api/v1/leaves/{id}", tag = "roster", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn cancel_leave(
    Who(who): Who,
    s: Data<Services>,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    cancel_leave::run(&s, &who, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lists the hours of the next days in which nobody of a grid or of a desk of the street is reached by two channels.
#[utoipa::path(get, path = "/api/v1/readiness/gaps", tag = "readiness", params(GapQuery), security(("bearer" = [])),
    responses((status = 200, body = Gaps), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
async fn duty_gaps(
    Who(who): Who,
    s: Data<Services>,
    query: Query<GapQuery>,
) -> Result<Json<Gaps>, Problem> {
    let days = query.days.unwrap_or(gaps::DAYS).clamp(1, 31);
    let found = gaps::show(&s, &who, days).await?;
    Ok(Json(Gaps { gaps: found.into_iter().map(GapOut::from).collect() }))
}

fn refuse(code: &'static str, message: &'static str) -> Result<(), ValidationError> {
    Err(ValidationError::new(code).with_message(message.into()))
}

fn some_days(days: &[i32]) -> Result<(), ValidationError> {
    if !days.is_empty() && days.iter().all(|day| (1..=7).contains(day)) {
        return Ok(());
    }
    refuse("weekdays", "星期为1（周一）至7（周日），至少一天")
}

/// Reads `08:00` as minutes; `24:00` is the end of the day.
fn minutes(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let of_day = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && of_day <= 1_440).then_some(i32::from(of_day))
}

fn clock(text: &str) -> Result<(), ValidationError> {
    match minutes(text) {
        Some(_) => Ok(()),
        None => refuse("clock", "请按 08:00 的格式填写时间"),
    }
}
