//! Which hours of which grids, and of the street's desks, nobody covers who is reached by two
//! channels.

use std::collections::BTreeSet;

use entity::kinds::{GapReason, GridId, StaffId};

use super::{DAY, leave_of};
use crate::app::actor::Actor;
use crate::app::places::Snapshot;
use crate::app::reach::{list::Reached, reader};
use crate::app::staff::view::GridView;
use crate::domain::calendar::{local_date, local_minute};
use crate::domain::roster::{self, Duty, Gap, Leave, Post, Seat, Span};
use crate::error::Result;
use crate::services::Services;
use crate::store::{self};

/// So far ahead the street is asked to know its roster.
pub const DAYS: u32 = 14;

/// A gap with the grid's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedGap {
    /// A desk stands here by the word and the name of its role.
    pub grid: GridView,
    pub gap: Gap,
}

impl NamedGap {
    /// Says it in Chinese: which grid, from when to when, and why.
    pub fn sentence(&self) -> String {
        let (from, to) = (local_minute(self.gap.span.from), local_minute(self.gap.span.to));
        let GridView { id, name } = &self.grid;
        let place = match self.gap.post {
            Post::Grid(_) => format!("{name}（{id}）"),
            Post::Desk(_) => format!("{name} "),
        };
        format!("{place}{from} 至 {to} {}", self.gap.why.zh())
    }
}

impl NamedGap {
    /// Says it as one would tell a colleague.
    pub fn plain(&self) -> String {
        let when = spoken(self.gap.span);
        let why = match self.gap.why {
            GapReason::NobodyOnDuty => "没有人值班",
            GapReason::OnLeave => "值班的人请假了，没有人替班",
            GapReason::NotReachable => "值班的人可能收不到微信通知",
        };
        format!("{}{when}{why}", self.grid.name)
    }
}

/// Says from when to when as people do: "11月30日全天", "11月25日 08:00 到 18:00".
fn spoken(span: Span) -> String {
    let day = |at| {
        let date = local_date(at);
        format!("{}月{}日", date.month(), date.day())
    };
    let minute = |at| local_minute(at).split_off("2026-11-25 ".len());
    let (from, to) = (day(span.from), day(span.to));
    if span.from + DAY == span.to && minute(span.from) == "00:00" {
        return format!("{from}全天");
    }
    let end = if from == to { minute(span.to) } else { format!("{to} {}", minute(span.to)) };
    format!("{from} {} 到 {end}", minute(span.from))
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

/// Names the grids and desks of gaps.
pub fn named(places: &Snapshot, gaps: Vec<Gap>) -> Vec<NamedGap> {
    let name = |gap: Gap| {
        let (id, name) = match gap.post {
            Post::Grid(id) => places.name(id).map(|grid| (&*grid.external_id, &*grid.name))?,
            Post::Desk(desk) => (desk.word(), desk.zh()),
        };
        let grid = GridView { id: id.to_owned(), name: name.to_owned() };
        Some(NamedGap { grid, gap })
    };
    gaps.into_iter().filter_map(name).collect()
}

/// Everything that decides who covers a window.
pub(super) struct Street {
    grids: Vec<GridId>,
    duties: Vec<Duty>,
    seats: Vec<Seat>,
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
        let seats = store::roster::seats(&s.db.read, window).await?;
        let rows = store::roster::leaves(&s.db.read, window).await?;
        let leaves: Vec<Leave> = rows.iter().filter_map(leave_of).collect();
        let people = duties.iter().map(|duty| duty.staff).chain(seats.iter().map(|one| one.staff));
        let people = people.chain(leaves.iter().filter_map(|leave| leave.substitute));
        let reachable = Reached::of(s, people.collect()).await?;
        let grids = grids.into_iter().map(|(_, id)| id).collect();
        Ok(Self { grids, duties, seats, leaves, reachable, window })
    }

    /// Lists the gaps as they would be with these leaves, the street's desks first.
    pub(super) fn gaps(&self, s: &Services, leaves: &[Leave]) -> Vec<Gap> {
        let plan = roster::plan(&self.duties, leaves, self.window, &s.calendar.now());
        let (reachable, window) = (&self.reachable, self.window);
        let mut found = roster::desk_gaps(&self.seats, leaves, reachable, window);
        found.extend(roster::gaps(&self.grids, &plan, reachable, window));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_rfc3339;

    #[test]
    fn a_gap_is_said_as_people_say_it() {
        let at =
            |local: &str| parse_rfc3339(&format!("{}:00+08:00", local.replace(' ', "T"))).unwrap();
        let said = |from, to| spoken(Span::new(at(from), at(to)).unwrap());
        assert_eq!(said("2026-11-30 00:00", "2026-12-01 00:00"), "11月30日全天");
        assert_eq!(said("2026-11-30 08:00", "2026-11-30 18:00"), "11月30日 08:00 到 18:00");
        assert_eq!(said("2026-11-30 18:00", "2026-12-01 08:00"), "11月30日 18:00 到 12月1日 08:00");
        assert_eq!(said("2026-11-30 08:00", "2026-12-01 08:00"), "11月30日 08:00 到 12月1日 08:00");
    }
}
