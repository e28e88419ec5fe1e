//! Writes `staff.csv` and `duties.csv`; a file the folder does not have changes nothing.
//!
//! `duties.csv`, when it is there, is the whole plan: a responsibility it does not have ends now.

use std::collections::HashMap;

use entity::kinds::{DutyRole, GridId, ResponsibilityId, StaffId, Timestamp};
use entity::responsibility;
use sea_orm::{ConnectionTrait, DbErr};

use super::read::{DutyRow, Files};
use super::write::Counts;
use crate::store::places;
use crate::store::places_staff::{self as store, SealedStaff};
use crate::store::places_sync::Change;

type Key = (GridId, DutyRole, StaffId, String);

/// Seals the names of the folder's staff; None when the folder has none.
pub fn sealed(files: &Files, seal: &(dyn Fn(&str) -> String + Sync)) -> Option<Vec<SealedStaff>> {
    let people = files.staff.as_ref()?;
    let sealed = people.iter().map(|p| SealedStaff {
        staff_no: p.staff_no.clone(),
        name_sealed: seal(&p.name),
        office_phone: p.office_phone.clone(),
        wecom_userid: p.wecom_userid.clone(),
    });
    Some(sealed.collect())
}

/// Writes people, then what they are responsible for.
pub async fn write(
    tx: &impl ConnectionTrait,
    files: &Files,
    people: Option<Vec<SealedStaff>>,
    now: Timestamp,
    counts: &mut Counts,
) -> Result<(), DbErr> {
    if let Some(people) = people {
        counts.insert("staff", store::replace_staff(tx, people, now).await?);
    }
    let mut change = match &files.duties {
        Some(duties) => responsibilities(tx, duties, now).await?,
        None => Change::default(),
    };
    change.ended += usize::try_from(store::end_orphans(tx, now).await?).unwrap_or(usize::MAX);
    counts.insert("responsibility", change);
    Ok(())
}

async fn responsibilities(
    tx: &impl ConnectionTrait,
    duties: &[DutyRow],
    now: Timestamp,
) -> Result<Change, DbErr> {
    let grids = places::ids(tx).await?.grids;
    let staff = store::staff_ids(tx).await?;
    let mut before: HashMap<Key, Vec<responsibility::Model>> = HashMap::new();
    for row in store::living_responsibilities(tx, now).await? {
        before
            .entry((row.grid_id, row.role, row.staff_id, row.shift.clone()))
            .or_default()
            .push(row);
    }
    let mut change = Change::default();
    let mut new = Vec::new();
    for duty in duties.iter().filter(|d| d.to.is_none_or(|to| to > now)) {
        let fresh = row(duty, &grids, &staff, now)?;
        let key = (fresh.grid_id, fresh.role, fresh.staff_id, fresh.shift.clone());
        let known = before.get_mut(&key).and_then(|rows| {
            let at = rows.iter().position(|r| duty.from.is_none_or(|from| from == r.valid_from))?;
            Some(rows.swap_remove(at))
        });
        match known {
            None => new.push(fresh),
            Some(row) if row.valid_to == fresh.valid_to => change.unchanged += 1,
            Some(row) => {
                store::set_end(tx, row.id, fresh.valid_to).await?;
                change.updated += 1;
            }
        }
    }
    for row in before.into_values().flatten() {
        store::set_end(tx, row.id, Some(now.max(row.valid_from))).await?;
        change.ended += 1;
    }
    change.inserted = new.len();
    store::insert_responsibilities(tx, new).await?;
    Ok(change)
}

fn row(
    duty: &DutyRow,
    grids: &HashMap<String, GridId>,
    staff: &HashMap<String, StaffId>,
    now: Timestamp,
) -> Result<responsibility::Model, DbErr> {
    let missing = |what: &str| DbErr::RecordNotFound(format!("{what} of duties.csv"));
    Ok(responsibility::Model {
        id: ResponsibilityId(0),
        grid_id: grids.get(&duty.grid_id).copied().ok_or_else(|| missing(&duty.grid_id))?,
        role: duty.role,
        staff_id: staff.get(&duty.staff_no).copied().ok_or_else(|| missing(&duty.staff_no))?,
        shift: duty.shift.clone(),
        valid_from: duty.from.unwrap_or(now),
        valid_to: duty.to,
    })
}
