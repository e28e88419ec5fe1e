//! Staff as others see them: names open for their owner and the administrator, masked in lists.

use std::collections::HashMap;

use entity::kinds::{AccountId, StaffId, Timestamp};
use entity::staff;

use super::NAME;
use crate::app::places::Snapshot;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;
use crate::vault::mask_name;

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffView {
    pub id: StaffId,
    pub staff_no: String,
    pub name: String,
    pub office_phone: String,
    /// Reached by a WeChat account.
    pub bound: bool,
    /// How it stands with his account at WeCom, in a word; `None`: he has none.
    pub wecom: Option<String>,
    pub roles: Vec<RoleView>,
}

/// One role held now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleView {
    /// Word of the role.
    pub role: &'static str,
    pub title: &'static str,
    /// `None` for the whole street.
    pub grid: Option<GridView>,
}

/// A grid by the id that files and the API show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridView {
    pub id: String,
    pub name: String,
}

/// Whether names are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Open,
    Masked,
}

/// Finds the person in office behind an account; `None` for a resident.
pub async fn of_account(s: &Services, account: AccountId) -> Result<Option<StaffView>> {
    let staff = match store::people::staff_of_account(&s.db.read, account).await? {
        Some(id) => store::staff::find(&s.db.read, id).await?,
        None => None,
    };
    let views = of(s, staff.into_iter().collect(), Names::Open).await?;
    Ok(views.into_iter().next())
}

/// Finds one person in office. Fails with `not_found`.
pub async fn get(s: &Services, id: StaffId) -> Result<StaffView> {
    let staff = store::staff::find(&s.db.read, id).await?;
    let views = of(s, staff.into_iter().collect(), Names::Open).await?;
    views.into_iter().next().ok_or_else(|| Error::not_found("该工作人员"))
}

/// Builds the views of rows, in their order.
pub async fn of(s: &Services, rows: Vec<staff::Model>, names: Names) -> Result<Vec<StaffView>> {
    let now = s.clock.now();
    let ids: Vec<StaffId> = rows.iter().map(|row| row.id).collect();
    let mut roles = roles(s, &ids, now).await?;
    rows.into_iter()
        .map(|row| {
            let name = s.vault.open(NAME, &row.name_sealed).map_err(Error::internal)?;
            let wecom = wecom_state(&row).filter(|_| names == Names::Open);
            Ok(StaffView {
                id: row.id,
                staff_no: row.staff_no,
                name: if names == Names::Open { name } else { mask_name(&name) },
                office_phone: row.office_phone,
                bound: row.account_id.is_some(),
                wecom,
                roles: roles.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

fn wecom_state(row: &staff::Model) -> Option<String> {
    row.wecom_userid.as_ref()?;
    Some(row.wecom_end.clone().unwrap_or_else(|| "active".to_owned()))
}

async fn roles(
    s: &Services,
    people: &[StaffId],
    now: Timestamp,
) -> Result<HashMap<StaffId, Vec<RoleView>>> {
    let places = s.places.now();
    let mut all: HashMap<StaffId, Vec<RoleView>> = HashMap::new();
    for duty in store::staff::duties(&s.db.read, people, now).await? {
        let role = RoleView {
            role: duty.role.word(),
            title: duty.role.zh(),
            grid: grid(&places, duty.grid_id),
        };
        all.entry(duty.staff_id).or_default().push(role);
    }
    for held in store::staff::roles(&s.db.read, people, now).await? {
        let role = RoleView { role: held.role.word(), title: held.role.zh(), grid: None };
        all.entry(held.staff_id).or_default().push(role);
    }
    Ok(all)
}

fn grid(places: &Snapshot, id: entity::kinds::GridId) -> Option<GridView> {
    places.name(id).map(|grid| GridView { id: grid.external_id.clone(), name: grid.name.clone() })
}
