//! Shows who is on duty in each grid, day by day.

use std::collections::HashMap;

use entity::kinds::{DutyRole, GridId, StaffId, StreetRole, Timestamp};

use super::{DAY, colleagues, leave_of};
use crate::app::actor::Actor;
use crate::app::staff::NAME;
use crate::app::staff::view::GridView;
use crate::domain::calendar::iso_date;
use crate::domain::roster::{self, Plan, Span};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::{self};
use crate::vault::mask_name;

/// Days of one grid; of the whole street a week is enough to read.
const MOST_DAYS: u32 = 31;
const MOST_DAYS_OF_ALL: u32 = 7;

/// Which part of the roster: whole local days.
#[derive(Clone, Debug)]
pub struct Part {
    /// Midnight of the first day.
    pub from: Timestamp,
    /// Midnight of the last day.
    pub to: Timestamp,
    pub grid: Option<String>,
}

/// One grid on one day.
#[derive(Clone, Debug)]
pub struct DayView {
    pub date: String,
    pub grid: GridView,
    pub turns: Vec<TurnView>,
    /// Who is away without anybody in his place.
    pub away: Vec<TurnView>,
}

/// One person for some hours.
#[derive(Clone, Debug)]
pub struct TurnView {
    pub staff: StaffId,
    pub name: String,
    pub role: DutyRole,
    pub span: Span,
    pub instead_of: Option<StaffId>,
}

/// Lists the roster. Fails with `forbidden` for residents, `not_found` for an unknown grid, and
/// `invalid_fields` for more days than one can read.
pub async fn run(s: &Services, actor: &Actor, part: Part) -> Result<Vec<DayView>> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以查看值班表"));
    }
    let places = s.places.now();
    let mut grids: Vec<_> = match &part.grid {
        Some(id) => vec![places.find(id).ok_or_else(|| Error::not_found("该网格"))?],
        None => places.all().collect(),
    };
    grids.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    let days = days(&part)?;
    let Some(window) = days.first().zip(days.last()).and_then(|(a, b)| Span::new(a.from, b.to))
    else {
        return Ok(Vec::new());
    };
    let duties = store::roster::duties(&s.db.read, window).await?;
    let rows = store::roster::leaves(&s.db.read, window).await?;
    let leaves: Vec<_> = rows.iter().filter_map(leave_of).collect();
    let plan = roster::plan(&duties, &leaves, window, &s.calendar.now());
    let names = names(s, actor, &plan).await?;
    let mut views = Vec::new();
    for day in days {
        for grid in &grids {
            let view = GridView { id: grid.external_id.clone(), name: grid.name.clone() };
            views.push(view_of((grid.id, view), &plan, &names, day));
        }
    }
    Ok(views)
}

fn days(part: &Part) -> Result<Vec<Span>> {
    let most = if part.grid.is_some() { MOST_DAYS } else { MOST_DAYS_OF_ALL };
    let end = part.to + DAY;
    let fault = |message: String| Error::fields(vec![Fault::new("/to", "range", message)]);
    if end <= part.from {
        return Err(fault("结束日期不能早于开始日期".to_owned()));
    }
    if end.since(part.from) > DAY.saturating_mul(most) {
        return Err(fault(format!("最多查看 {most} 天；指定网格时最多 {MOST_DAYS} 天")));
    }
    let starts = (0..most).map(|n| part.from + DAY.saturating_mul(n)).take_while(|at| *at < end);
    Ok(starts.filter_map(|at| Span::new(at, at + DAY)).collect())
}

async fn names(s: &Services, actor: &Actor, plan: &Plan) -> Result<HashMap<StaffId, String>> {
    let whole = actor.console && actor.is(StreetRole::SystemAdmin);
    let on = plan.turns.iter().map(|turn| turn.staff);
    let mut ids: Vec<_> = on.chain(plan.absences.iter().map(|(duty, _)| duty.staff)).collect();
    ids.sort_unstable();
    ids.dedup();
    let near = colleagues(s, actor, &ids).await?;
    let rows = store::people::staff(&s.db.read, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let name = s.vault.open(NAME, &row.name_sealed).map_err(Error::internal)?;
            let whole = whole || near.contains(&row.id);
            Ok((row.id, if whole { name } else { mask_name(&name) }))
        })
        .collect()
}

fn view_of(
    (id, grid): (GridId, GridView),
    plan: &Plan,
    names: &HashMap<StaffId, String>,
    day: Span,
) -> DayView {
    let view = |staff: StaffId, role, span: Span, instead_of| {
        let name = names.get(&staff).cloned().unwrap_or_default();
        Some(TurnView { staff, name, role, span: span.meet(day)?, instead_of })
    };
    let turns = plan.turns.iter().filter(|turn| turn.grid == id);
    let away = plan.absences.iter().filter(|(duty, _)| duty.grid == id);
    DayView {
        date: iso_date(day.from),
        grid,
        turns: turns
            .filter_map(|turn| view(turn.staff, turn.role, turn.span, turn.instead_of))
            .collect(),
        away: away.filter_map(|(duty, span)| view(duty.staff, duty.role, *span, None)).collect(),
    }
}
