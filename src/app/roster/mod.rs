//! The roster: shifts, leaves, who is on duty when, and the hours that nobody covers.

pub mod add_leave;
pub mod cancel_leave;
pub mod gaps;
pub mod list_leaves;
pub mod my_duty;
pub mod set_shift;
pub mod show;
pub mod sign;
pub mod swap;
pub(in crate::app) mod tell;
pub mod week;

use std::collections::BTreeSet;
use std::time::Duration;

use entity::kinds::{DutyRole, GridId, StaffId, StreetRole};

use crate::app::actor::Actor;
use crate::domain::roster::{Leave, Span};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// The column context under which reasons of leaves are sealed.
pub const REASON: &str = "leave.reason";

const DAY: Duration = Duration::from_hours(24);

/// Lets a person change his own leaves, a cadre or secretary those of his community's people, and
/// the system administrator everybody's. Fails with `forbidden`, and with `not_found` for somebody
/// who is not in office.
async fn may_change(s: &Services, actor: &Actor, staff: StaffId) -> Result<()> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以登记请假"));
    }
    if store::staff::find(&s.db.read, staff).await?.is_none() {
        return Err(Error::not_found("该工作人员"));
    }
    let admin = actor.console && actor.is(StreetRole::SystemAdmin);
    if admin || actor.staff == Some(staff) || is_theirs(s, actor, staff).await? {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "只能登记本人或本社区人员的请假"))
}

/// Lists the communities that a person leads.
fn led(actor: &Actor) -> Vec<GridId> {
    let led = actor
        .grids
        .iter()
        .filter(|(_, role)| matches!(role, DutyRole::Cadre | DutyRole::Secretary));
    led.map(|(grid, _)| *grid).collect()
}

/// Returns which of these people serve now in a community of the person's own: colleagues know each
/// other's names.
async fn colleagues(s: &Services, actor: &Actor, ids: &[StaffId]) -> Result<BTreeSet<StaffId>> {
    let places = s.places.now();
    let of = |grid: GridId| places.community_of(grid);
    let own: BTreeSet<GridId> = actor.grids.iter().filter_map(|(grid, _)| of(*grid)).collect();
    if own.is_empty() {
        return Ok(BTreeSet::new());
    }
    let duties = store::staff::duties(&s.db.read, ids, s.clock.now()).await?;
    let near = duties.iter().filter(|duty| of(duty.grid_id).is_some_and(|one| own.contains(&one)));
    Ok(near.map(|duty| duty.staff_id).collect())
}

async fn is_theirs(s: &Services, actor: &Actor, staff: StaffId) -> Result<bool> {
    let led = led(actor);
    let places = s.places.now();
    let duties = store::staff::duties(&s.db.read, &[staff], s.clock.now()).await?;
    Ok(duties.iter().any(|duty| {
        let parent = places.name(duty.grid_id).and_then(|grid| grid.parent);
        led.contains(&duty.grid_id) || parent.is_some_and(|parent| led.contains(&parent))
    }))
}

pub(in crate::app) fn leave_of(row: &entity::leave::Model) -> Option<Leave> {
    let span = Span::new(row.from_at, row.to_at)?;
    Some(Leave { staff: row.staff_id, span, substitute: row.substitute_id })
}
