//! Lists the swaps that concern somebody, and the colleagues he may ask.

use std::collections::{BTreeMap, BTreeSet};

use entity::kinds::{DutyRole, GridId, StaffId};
use entity::swap;

use super::{SwapView, allowed, gaps, led, state};
use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::app::staff::view::GridView;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

const MOST: u64 = 100;
const MOST_COLLEAGUES: u64 = 500;
/// Whoever may post these reads first what nobody would cover.
const DECIDES: [&str; 2] = ["acceptance", "approval"];
/// Nobody decides about more at one look; of further ones the gaps are said when they are newest.
const MOST_DECIDED: usize = 20;

/// Somebody who may be asked.
#[derive(Clone, Debug)]
pub struct Colleague {
    pub staff: StaffId,
    pub name: String,
    pub grids: Vec<GridView>,
}

/// Lists the newest hundred swaps, those that wait among them, with the gaps of those he decides about; and the other
/// grid workers of his communities. Fails with `forbidden` for residents.
pub async fn run(s: &Services, actor: &Actor) -> Result<(Vec<SwapView>, Vec<Colleague>)> {
    let staff = actor.staff;
    let staff = staff.ok_or_else(|| Error::new(Code::Forbidden, "只有工作人员可以换班"))?;
    let now = s.clock.now();
    let rows = store::swap::list(&s.db.read, staff, &led(actor), MOST).await?;
    let people: BTreeSet<StaffId> =
        rows.iter().flat_map(|row| [row.asker_id, row.partner_id]).collect();
    let names = names(s, people).await?;
    let name = |id: StaffId| names.get(&id).cloned().unwrap_or_default();
    let view = |row: swap::Model| SwapView {
        asker: name(row.asker_id),
        partner: name(row.partner_id),
        allowed: allowed(actor, &row, now),
        gaps: Vec::new(),
        swap: swap::Model { state: state(&row, now), ..row },
    };
    let mut views: Vec<SwapView> = rows.into_iter().map(view).collect();
    let to_decide =
        views.iter_mut().filter(|one| one.allowed.iter().any(|word| DECIDES.contains(word)));
    for one in to_decide.take(MOST_DECIDED) {
        one.gaps = gaps(s, &one.swap).await?;
    }
    Ok((views, colleagues(s, actor, staff).await?))
}

async fn names(s: &Services, people: BTreeSet<StaffId>) -> Result<BTreeMap<StaffId, String>> {
    let ids: Vec<StaffId> = people.into_iter().collect();
    let rows = store::people::staff(&s.db.read, &ids).await?;
    rows.into_iter().map(|row| Ok((row.id, open_name(s, &row.name_sealed)?))).collect()
}

async fn colleagues(s: &Services, actor: &Actor, staff: StaffId) -> Result<Vec<Colleague>> {
    let (places, now) = (s.places.now(), s.clock.now());
    let worker = |role: DutyRole| matches!(role, DutyRole::Primary | DutyRole::Backup);
    let mine = actor.grids.iter().filter(|(_, role)| worker(*role));
    let mine: BTreeSet<GridId> = mine.filter_map(|(grid, _)| places.community_of(*grid)).collect();
    let theirs = places.all().filter(|grid| grid.parent.is_some_and(|one| mine.contains(&one)));
    let theirs: Vec<GridId> = theirs.map(|grid| grid.id).collect();
    let rows =
        store::staff::list(&s.db.read, Some(&theirs), now, StaffId(0), MOST_COLLEAGUES).await?;
    let ids: Vec<StaffId> = rows.iter().map(|row| row.id).collect();
    let duties = store::staff::duties(&s.db.read, &ids, now).await?;
    let grids = |id: StaffId| {
        let held = duties.iter().filter(move |duty| duty.staff_id == id && worker(duty.role));
        let held = held.filter(|duty| theirs.contains(&duty.grid_id));
        let names = held.filter_map(|duty| places.name(duty.grid_id));
        names.map(|grid| GridView { id: grid.external_id.clone(), name: grid.name.clone() })
    };
    let others = rows.iter().filter(|row| row.id != staff);
    let of = |row: &entity::staff::Model| {
        let name = open_name(s, &row.name_sealed)?;
        Ok(Colleague { staff: row.id, name, grids: grids(row.id).collect() })
    };
    others.map(of).collect()
}
