//! The list of leaves.

use actix_web::web::{Data, Json, Query};
use entity::kinds::StaffId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cursor::{self, LeavePlace};
use super::extract::{Who, instant};
use super::problem::{Problem, ProblemBody};
use crate::app::roster::list_leaves::{self, LeaveView, Wanted};
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Which leaves.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LeaveQuery {
    /// Of one person; of everybody whose leaves the speaker may enter when absent.
    staff: Option<StaffId>,
    /// RFC 3339: leaves that end later; now when absent.
    from: Option<String>,
    /// RFC 3339: leaves that begin earlier; however far ahead when absent.
    to: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 20 when absent.
    limit: Option<usize>,
}

/// One leave that was not taken back.
#[derive(Serialize, ToSchema)]
pub struct ListedLeave {
    id: i64,
    staff: StaffId,
    /// Masked unless it is the reader himself, a colleague of his community, or he administers the
    /// system.
    name: String,
    from: String,
    to: String,
    substitute: Option<StaffId>,
    substitute_name: Option<String>,
    /// For the person himself; `null` for everybody else.
    reason: Option<String>,
}

/// A page, the leave entered last first.
#[derive(Serialize, ToSchema)]
pub struct LeavePage {
    leaves: Vec<ListedLeave>,
    /// Pass as `cursor` to go on; missing at the end.
    next: Option<String>,
}

impl From<LeaveView> for ListedLeave {
    fn from(view: LeaveView) -> Self {
        Self {
            id: view.leave.id,
            staff: view.leave.staff_id,
            name: view.name,
            from: rfc3339(view.leave.from_at),
            to: rfc3339(view.leave.to_at),
            substitute: view.leave.substitute_id,
            substitute_name: view.substitute_name,
            reason: view.reason,
        }
    }
}

/// Lists the leaves that the speaker may enter and take back.
#[utoipa::path(get, path = "/api/v1/leaves", tag = "roster", params(LeaveQuery), security(("bearer" = [])),
    responses((status = 200, body = LeavePage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list_leaves(
    Who(who): Who,
    s: Data<Services>,
    query: Query<LeaveQuery>,
) -> Result<Json<LeavePage>, Problem> {
    let LeaveQuery { staff, from, to, cursor, limit } = query.into_inner();
    let before: Option<LeavePlace> = cursor.map(|text| cursor::open(&s, &text)).transpose()?;
    let wanted = Wanted {
        staff,
        from: from.map(|raw| instant("/from", &raw)).transpose()?,
        to: to.map(|raw| instant("/to", &raw)).transpose()?,
        before: before.map(|place| place.0),
        limit: limit.unwrap_or(20).clamp(1, 100),
    };
    let page = list_leaves::run(&s, &who, wanted).await?;
    let next = page.next.map(|id| cursor::seal(&s, LeavePlace(id)));
    Ok(Json(LeavePage { leaves: page.leaves.into_iter().map(ListedLeave::from).collect(), next }))
}
