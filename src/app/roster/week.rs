//! Seven days of the grids that somebody works in or leads: hours, leaves, substitutes, swaps, gaps.

use std::collections::{BTreeSet, HashMap};

use entity::kinds::{DutyRole, GridId, LeaveKind, StaffId, StreetRole, Timestamp};
use entity::leave;

use super::gaps::{NamedGap, Street, named};
use super::{DAY, leave_of};
use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::app::places::{GridName, Snapshot};
use crate::app::staff::view::GridView;
use crate::domain::calendar::iso_date;
use crate::domain::roster::{self, Plan, Span};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// A week of some grids.
#[derive(Clone, Debug)]
pub struct Week {
    pub days: Vec<WeekDay>,
    /// From now on.
    pub gaps: Vec<NamedGap>,
}

/// One grid on one day.
#[derive(Clone, Debug)]
pub struct WeekDay {
    pub date: String,
    pub grid: GridView,
    pub turns: Vec<WeekTurn>,
    /// Who is away without anybody in his place.
    pub away: Vec<WeekTurn>,
}

/// One person for some hours.
#[derive(Clone, Debug)]
pub struct WeekTurn {
    pub staff: StaffId,
    pub name: String,
    pub role: DutyRole,
    pub span: Span,
    /// For whom he stands in.
    pub instead_of: Option<(StaffId, String)>,
    /// Why he stands in, or is away.
    pub because: Option<LeaveKind>,
}

/// Lists the week from a local midnight. Fails with `not_found` for an unknown grid and with
/// `forbidden` for one that is neither his nor of his community.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (from, grid): (Timestamp, Option<&str>),
) -> Result<Week> {
    let places = s.places.now();
    let grids = grids(&places, actor, grid)?;
    let window = Span { from, to: from + DAY.saturating_mul(7) };
    let mut duties = store::roster::duties(&s.db.read, window).await?;
    let ids: BTreeSet<GridId> = grids.iter().map(|grid| grid.id).collect();
    duties.retain(|duty| ids.contains(&duty.grid));
    let rows = store::roster::leaves(&s.db.read, window).await?;
    let leaves: Vec<_> = rows.iter().filter_map(leave_of).collect();
    let plan = roster::plan(&duties, &leaves, window, &s.calendar.now());
    let names = names(s, &plan).await?;
    let page = Page { plan: &plan, rows: &rows, names: &names };
    let starts = (0..7).map(|n| window.from + DAY.saturating_mul(n));
    let mut days = Vec::new();
    for day in starts.map(|from| Span { from, to: from + DAY }) {
        days.extend(grids.iter().map(|grid| page.day(grid, day)));
    }
    Ok(Week { days, gaps: gaps(s, &places, (&ids, window)).await? })
}

fn grids<'p>(
    places: &'p Snapshot,
    actor: &Actor,
    wanted: Option<&str>,
) -> Result<Vec<&'p GridName>> {
    let refused = || Error::new(Code::Forbidden, "只能查看本人网格或本社区的值班表");
    if actor.staff.is_none() {
        return Err(refused());
    }
    let all = actor.is(StreetRole::Command) || actor.is(StreetRole::SystemAdmin);
    let held: Vec<GridId> = actor.grids.iter().map(|(grid, _)| *grid).collect();
    let mine = |grid: &&GridName| {
        held.contains(&grid.id) || grid.parent.is_some_and(|parent| held.contains(&parent))
    };
    let mut grids: Vec<&GridName> = match wanted {
        Some(id) => {
            let found = places.find(id).ok_or_else(|| Error::not_found("该网格"))?;
            Some(found).filter(|grid| all || mine(grid)).into_iter().collect()
        }
        None => places.all().filter(mine).collect(),
    };
    grids.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    if grids.is_empty() { Err(refused()) } else { Ok(grids) }
}

async fn names(s: &Services, plan: &Plan) -> Result<HashMap<StaffId, String>> {
    let on = plan.turns.iter().flat_map(|turn| [Some(turn.staff), turn.instead_of]).flatten();
    let ids: BTreeSet<StaffId> =
        on.chain(plan.absences.iter().map(|(duty, _)| duty.staff)).collect();
    let rows = store::people::staff(&s.db.read, &ids.into_iter().collect::<Vec<_>>()).await?;
    rows.into_iter().map(|row| Ok((row.id, open_name(s, &row.name_sealed)?))).collect()
}

async fn gaps(
    s: &Services,
    places: &Snapshot,
    (grids, week): (&BTreeSet<GridId>, Span),
) -> Result<Vec<NamedGap>> {
    let Some(window) = Span::new(week.from.max(s.clock.now()), week.to) else {
        return Ok(Vec::new());
    };
    let street = Street::load(s, window).await?;
    let mut found = street.gaps(s, &street.leaves);
    found.retain(|gap| gap.post.grid().is_some_and(|grid| grids.contains(&grid)));
    Ok(named(places, found))
}

struct Page<'a> {
    plan: &'a Plan,
    rows: &'a [leave::Model],
    names: &'a HashMap<StaffId, String>,
}

impl Page<'_> {
    fn day(&self, grid: &GridName, day: Span) -> WeekDay {
        let turns = self.plan.turns.iter().filter(|turn| turn.grid == grid.id);
        let away = self.plan.absences.iter().filter(|(duty, _)| duty.grid == grid.id);
        WeekDay {
            date: iso_date(day.from),
            grid: GridView { id: grid.external_id.clone(), name: grid.name.clone() },
            turns: turns
                .filter_map(|turn| {
                    let span = turn.span.meet(day)?;
                    let why = (turn.instead_of, Some(turn.staff));
                    Some(self.turn((turn.staff, turn.role), span, why))
                })
                .collect(),
            away: away
                .filter_map(|(duty, span)| {
                    let view = self.turn((duty.staff, duty.role), span.meet(day)?, (None, None));
                    let because = self.because(duty.staff, *span, None);
                    Some(WeekTurn { because, ..view })
                })
                .collect(),
        }
    }

    fn turn(
        &self,
        (staff, role): (StaffId, DutyRole),
        span: Span,
        (instead_of, by): (Option<StaffId>, Option<StaffId>),
    ) -> WeekTurn {
        let name = |id: StaffId| self.names.get(&id).cloned().unwrap_or_default();
        WeekTurn {
            staff,
            name: name(staff),
            role,
            span,
            because: instead_of.and_then(|away| self.because(away, span, by)),
            instead_of: instead_of.map(|id| (id, name(id))),
        }
    }

    fn because(&self, away: StaffId, span: Span, by: Option<StaffId>) -> Option<LeaveKind> {
        let row = self.rows.iter().rev().find(|row| {
            let over = leave_of(row).is_some_and(|leave| leave.span.meet(span).is_some());
            row.staff_id == away && over && (by.is_none() || row.substitute_id == by)
        });
        row.map(|row| row.kind)
    }
}
