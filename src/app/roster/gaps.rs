//! Which hours of which grids nobody covers who is reached by two channels.

use std::collections::BTreeSet;

use entity::kinds::{GapReason, GridId, StaffId};

use super::{DAY, leave_of};
use crate::app::actor::Actor;
use crate::app::places::Snapshot;
use crate::app::reach::{list::Reached, reader};
use crate::app::staff::view::GridView;
use crate::domain::calendar::local_minute;
use crate::domain::roster::{self, Duty, Gap, Leave, Span};
use crate::error::Result;
use crate::services::Services;
use crate::store::{self};

/// So far ahead the street is asked to know its roster.
pub const DAYS: u32 = 14;

/// A gap with the grid's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedGap {
    pub grid: GridView,
    pub gap: Gap,
}

impl NamedGap {
    /// Says it in Chinese: which grid, from when to when, and why.
    pub fn sentence(&self) -> String {
        let (from, to) = (local_minute(self.gap.span.from), local_minute(self.gap.span.to));
        format!("{}（{}）{from} 至 {to} {}", self.grid.name, self.grid.id, self.gap.why.zh())
    }
}

impl NamedGap {
    /// Says it as one would tell a colleague.
    pub fn plain(&self) -> String {
        let (from, to) = (local_minute(self.gap.span.from), local_minute(self.gap.span.to));
        let why = match self.gap.why {
            GapReason::NobodyOnDuty => "没有人值班",
            GapReason::OnLeave => "值班的人请假了，没有人替班",
            GapReason::NotReachable => "值班的人可能收不到微信通知",
        };
        format!("{}从 {from} 到 {to} {why}", self.grid.name)
    }
}

/// Lists the gaps of the next days on behalf of a person. Fails with `forbidden` for anybody but
/// the system administrator and the command.
pub async fn show(s: &Services, actor: &Actor, days: u32) -> Result<Vec<NamedGap>> {
    reader(actor)?;
    run(s, days).await
}

/// Lists them on behalf of whoever holds the machine.
pub async fn run(s: &Services, days: u32) -> Result<Vec<NamedGap>> {
    let now = s.clock.now();
    let Some(window) = Span::new(now, now + DAY.saturating_mul(days)) else {
        return Ok(Vec::new());
    };
    let street = Street::load(s, window).await?;
    Ok(named(&s.places.now(), street.gaps(s, &street.leaves)))
}

/// Names the grids of gaps.
pub fn named(places: &Snapshot, gaps: Vec<Gap>) -> Vec<NamedGap> {
    let name = |gap: Gap| {
        let grid = places.name(gap.grid)?;
        let grid = GridView { id: grid.external_id.clone(), name: grid.name.clone() };
        Some(NamedGap { grid, gap })
    };
    gaps.into_iter().filter_map(name).collect()
}

/// Everything that decides who covers a window.
pub(super) struct Street {
    grids: Vec<GridId>,
    duties: Vec<Duty>,
    pub(super) leaves: Vec<Leave>,
    reachable: BTreeSet<StaffId>,
    window: Span,
}

impl Street {
    pub(super) async fn load(s: &Services, window: Span) -> Result<Self> {
        let places = s.places.now();
        let mut grids: Vec<_> =
            places.all().map(|grid| (grid.external_id.clone(), grid.id)).collect();
        grids.sort();
        let duties = store::roster::duties(&s.db.read, window).await?;
        let rows = store::roster::leaves(&s.db.read, window).await?;
        let leaves: Vec<Leave> = rows.iter().filter_map(leave_of).collect();
        let people = duties.iter().map(|duty| duty.staff);
        let people = people.chain(leaves.iter().filter_map(|leave| leave.substitute));
        let reachable = Reached::of(s, people.collect()).await?;
        let grids = grids.into_iter().map(|(_, id)| id).collect();
        Ok(Self { grids, duties, leaves, reachable, window })
    }

    /// Lists the gaps as they would be with these leaves.
    pub(super) fn gaps(&self, s: &Services, leaves: &[Leave]) -> Vec<Gap> {
        let plan = roster::plan(&self.duties, leaves, self.window, &s.calendar.now());
        roster::gaps(&self.grids, &plan, &self.reachable, self.window)
    }
}
