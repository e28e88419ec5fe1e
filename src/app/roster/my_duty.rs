//! What a member of staff sees of his own shift, and what makes him present or away.
//!
//! Signing on is no condition of being told: who never signs on stays responsible. Signing off
//! makes him away, like a leave without a substitute, until his shift ends.

use std::time::Duration;

use entity::kinds::{Channel, DutyRole, DutyState, LeaveKind, NoticeKind, StaffId, Timestamp};
use entity::{cases, leave};

use super::gaps::NamedGap;
use super::{DAY, leave_of};
use crate::app::actor::Actor;
use crate::app::case::tell;
use crate::app::staff::view::GridView;
use crate::domain::calendar::local_minute;
use crate::domain::roster::{self, Leave, Plan, Span, shift_after, shift_at};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// Who comes early may sign on so long before his shift begins.
pub const EARLY: Duration = Duration::from_hours(1);
/// As far ahead the next shift is looked for.
const AHEAD: Duration = DAY.saturating_mul(8);

/// The speaker's own duty.
#[derive(Clone, Debug)]
pub struct MyDuty {
    pub state: DutyState,
    /// The present shift.
    pub shift: Option<Span>,
    /// The next one.
    pub next: Option<Span>,
    /// When he last signed on for the present shift.
    pub signed_on_at: Option<Timestamp>,
    pub signed_off_at: Option<Timestamp>,
    /// Id and number of the open urgent cases that wait for him.
    pub open_urgent: Vec<(i64, String)>,
    /// What he answers for.
    pub grids: Vec<(GridView, DutyRole)>,
    /// How many notices of the mini-program he still allows.
    pub credits: i64,
    /// What nobody covers because he signed off just now.
    pub gaps: Vec<NamedGap>,
}

impl MyDuty {
    /// Says where he stands and what follows from it.
    pub fn sentence(&self) -> String {
        let until = self.shift.map_or_else(String::new, |span| local_minute(span.to));
        let next = self.next.map(|span| format!("，下一班 {} 开始", local_minute(span.from)));
        let next = next.unwrap_or_default();
        match self.state {
            DutyState::On => format!("您正在值班，至 {until}"),
            DutyState::NotSignedOn => format!("您在班但尚未到岗，工单仍会通知您，至 {until}"),
            DutyState::Off => format!("您已离岗，至 {until} 不再通知您；可随时重新到岗"),
            DutyState::OnLeave => format!("您正在请假或换班{next}"),
            DutyState::NoShift => format!("您现在没有班{next}"),
        }
    }
}

/// Shows it. Fails with `forbidden` for residents.
pub async fn run(s: &Services, actor: &Actor) -> Result<MyDuty> {
    let facts = Facts::load(s, actor).await?;
    let marks = store::roster::marks(&s.db.read, facts.staff, facts.since()).await?;
    show(s, actor, &facts, marks.on_at).await
}

/// Shows where these facts leave him.
pub(super) async fn show(
    s: &Services,
    actor: &Actor,
    facts: &Facts,
    signed_on: Option<Timestamp>,
) -> Result<MyDuty> {
    let places = s.places.now();
    let grids = actor.grids.iter().filter_map(|(id, role)| {
        let grid = places.name(*id)?;
        Some((GridView { id: grid.external_id.clone(), name: grid.name.clone() }, *role))
    });
    let template = tell::template(s, NoticeKind::NewCase, Channel::MiniSubscribe);
    let credits = store::readiness::credits(&s.db.read, &[facts.staff], template).await?;
    Ok(MyDuty {
        state: facts.state(signed_on),
        shift: facts.shift,
        next: facts.next,
        signed_on_at: signed_on,
        signed_off_at: facts.off.as_ref().map(|off| off.from_at),
        open_urgent: urgent(s, actor, facts.staff)
            .await?
            .into_iter()
            .map(|case| (case.id.0, case.number))
            .collect(),
        grids: grids.collect(),
        credits: credits.get(&facts.staff).copied().unwrap_or(0),
        gaps: Vec::new(),
    })
}

/// Lists the open urgent cases that he took, or that wait for him as the grid's worker.
pub(super) async fn urgent(
    s: &Services,
    actor: &Actor,
    staff: StaffId,
) -> Result<Vec<cases::Model>> {
    let primary = actor.grids.iter().filter(|(_, role)| *role == DutyRole::Primary);
    let grids: Vec<_> = primary.map(|(grid, _)| *grid).collect();
    Ok(store::case::open_urgent(&s.db.read, staff, &grids).await?)
}

/// What decides where he stands.
pub(super) struct Facts {
    pub staff: StaffId,
    pub now: Timestamp,
    pub shift: Option<Span>,
    pub next: Option<Span>,
    /// The row that makes him away because he signed off.
    pub off: Option<leave::Model>,
    pub on_leave: bool,
}

impl Facts {
    pub(super) async fn load(s: &Services, actor: &Actor) -> Result<Self> {
        let refused = || Error::new(Code::Forbidden, "只有工作人员有值班安排");
        let (staff, now) = (actor.staff.ok_or_else(refused)?, s.clock.now());
        let window = Span { from: now - DAY, to: now + AHEAD };
        let rows = store::roster::leaves(&s.db.read, window).await?;
        let mine = |row: &&leave::Model| row.staff_id == staff;
        let present = |row: &&leave::Model| row.from_at <= now && row.to_at > now;
        let of = |row: &leave::Model| row.kind == LeaveKind::OffDuty;
        let off = rows.iter().filter(mine).filter(present).find(|row| of(row)).cloned();
        let on_leave = rows.iter().filter(mine).filter(present).any(|row| !of(row));
        // What he would do had he not signed off.
        let others = rows.iter().filter(|row| !(mine(row) && of(row)));
        let leaves: Vec<Leave> = others.filter_map(leave_of).collect();
        let plan = own(s, (staff, window), &leaves).await?;
        Ok(Self {
            staff,
            now,
            shift: shift_at(&plan, staff, now),
            next: shift_after(&plan, staff, now),
            off,
            on_leave,
        })
    }

    /// From when a signing on counts for the present shift.
    pub(super) fn since(&self) -> Timestamp {
        self.shift.map_or(self.now, |span| span.from - EARLY)
    }

    pub(super) fn state(&self, signed_on: Option<Timestamp>) -> DutyState {
        match self.shift {
            None if self.on_leave => DutyState::OnLeave,
            None => DutyState::NoShift,
            Some(_) if self.off.is_some() => DutyState::Off,
            Some(_) if signed_on.is_some() => DutyState::On,
            Some(_) => DutyState::NotSignedOn,
        }
    }
}

/// Plans the duties of one person and of those for whom he stands in.
async fn own(s: &Services, (staff, window): (StaffId, Span), leaves: &[Leave]) -> Result<Plan> {
    let mut duties = store::roster::duties(&s.db.read, window).await?;
    let stands_in = |one: StaffId| {
        leaves.iter().any(|leave| leave.staff == one && leave.substitute == Some(staff))
    };
    duties.retain(|duty| duty.staff == staff || stands_in(duty.staff));
    Ok(roster::plan(&duties, leaves, window, &s.calendar.now()))
}
