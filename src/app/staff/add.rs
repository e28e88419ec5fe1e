//! Adds a member of staff with duties and street roles, all or nothing.

use entity::kinds::{DutyRole, ResponsibilityId, StaffId, StreetRole, Timestamp};
use entity::{responsibility, staff};
use sea_orm::ActiveValue::{NotSet, Set};

use super::view::{self, StaffView};
use super::{MOBILE, NAME, check_roles, require_admin};
use crate::app::actor::Actor;
use crate::app::places::{GridName, Snapshot};
use crate::domain::phone::Phone;
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store;

/// A new person.
#[derive(Clone, Debug)]
pub struct NewStaff {
    pub staff_no: String,
    pub name: String,
    pub office_phone: String,
    /// For text messages, where nothing else leads to him; nobody sees it.
    pub mobile: Option<Phone>,
    /// By which WeCom knows him; its case does not matter.
    pub wecom_userid: Option<String>,
    pub duties: Vec<NewDuty>,
    pub street_roles: Vec<StreetRole>,
}

/// What a new person is responsible for.
#[derive(Clone, Debug)]
pub struct NewDuty {
    /// The id that files and the API show.
    pub grid: String,
    pub role: DutyRole,
    /// `None`: from now on.
    pub from: Option<Timestamp>,
    /// `None`: until further notice.
    pub to: Option<Timestamp>,
    /// `None`: around the clock.
    pub shift: Option<String>,
}

/// Adds a person on behalf of an administrator. Fails with `forbidden`, with every bad field, and
/// with `rule_refused` for two of the three administrators.
pub async fn run(s: &Services, actor: &Actor, person: NewStaff) -> Result<StaffView> {
    require_admin(actor)?;
    let id = insert(s, person).await?;
    view::get(s, id).await
}

/// Adds a person on behalf of whoever holds the machine.
pub async fn insert(s: &Services, person: NewStaff) -> Result<StaffId> {
    check_roles(&person.street_roles)?;
    let now = s.clock.now();
    let duties = duties(&s.places.now(), &person.duties, now)?;
    let name_sealed = s.vault.seal(NAME, &person.name).map_err(Error::internal)?;
    let seal = |phone: &Phone| s.vault.seal(MOBILE, phone.as_str()).map_err(Error::internal);
    let phone_sealed = person.mobile.as_ref().map(seal).transpose()?;
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let row = row(&person, (name_sealed, phone_sealed), now);
                if let Some(userid) = row.wecom_userid.clone().take().flatten()
                    && store::wecom::member(tx, &userid).await?.is_some()
                {
                    return Err(taken("/wecom_userid", "这个企业微信账号已属于其他人员"));
                }
                let id = store::staff::insert(tx, row).await?;
                let id = id.ok_or_else(|| taken("/staff_no", "这个工号已存在"))?;
                let roles: Vec<_> = person.street_roles.iter().map(|role| (id, *role)).collect();
                store::staff::insert_roles(tx, &roles, now).await?;
                let duties = duties
                    .into_iter()
                    .map(|duty| responsibility::Model { staff_id: id, ..duty })
                    .collect();
                store::places_staff::insert_responsibilities(tx, duties).await?;
                Ok(id)
            })
        })
        .await
}

fn taken(field: &str, message: &str) -> Error {
    Error::fields(vec![Fault::new(field, "taken", message)])
}

fn row(
    person: &NewStaff,
    (name_sealed, phone_sealed): (String, Option<String>),
    now: Timestamp,
) -> staff::ActiveModel {
    staff::ActiveModel {
        id: NotSet,
        staff_no: Set(person.staff_no.clone()),
        name_sealed: Set(name_sealed),
        office_phone: Set(person.office_phone.clone()),
        phone_sealed: Set(phone_sealed),
        phone_dead_at: Set(None),
        wecom_userid: Set(person.wecom_userid.as_ref().map(|userid| userid.to_lowercase())),
        wecom_end: Set(None),
        wecom_told_at: Set(None),
        wecom_told_by: Set(None),
        wecom_left_at: Set(None),
        wecom_left_by: Set(None),
        employee_dead_at: Set(None),
        wecom_account_id: Set(None),
        account_id: Set(None),
        created_at: Set(now),
        ended_at: Set(None),
    }
}

/// Places the duties, or lists every one that cannot be placed.
pub(super) fn duties(
    places: &Snapshot,
    wanted: &[NewDuty],
    now: Timestamp,
) -> Result<Vec<responsibility::Model>> {
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for (at, duty) in wanted.iter().enumerate() {
        let from = duty.from.unwrap_or(now);
        if duty.to.is_some_and(|to| to <= from) {
            let message = "结束时间必须晚于开始时间";
            faults.push(Fault::new(&format!("/duties/{at}/to"), "order", message));
        }
        match place(places, duty) {
            Err((code, message)) => {
                faults.push(Fault::new(&format!("/duties/{at}/grid"), code, message));
            }
            Ok(grid) => rows.push(responsibility::Model {
                id: ResponsibilityId(0),
                grid_id: grid.id,
                role: duty.role,
                staff_id: StaffId(0),
                shift: duty.shift.clone().unwrap_or_else(|| "all".to_owned()),
                valid_from: from,
                valid_to: duty.to,
            }),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(Error::fields(faults)) }
}

/// Finds the grid of a duty: grid workers serve a small grid, cadres and secretaries a community.
fn place<'p>(
    places: &'p Snapshot,
    duty: &NewDuty,
) -> std::result::Result<&'p GridName, (&'static str, &'static str)> {
    let grid = places.find(&duty.grid).ok_or(("unknown_grid", "没有这个网格，请核对编号"))?;
    let small = matches!(duty.role, DutyRole::Primary | DutyRole::Backup);
    match (small, grid.parent.is_some()) {
        (true, false) => Err(("wrong_kind", "网格员只能分配到小网格，这里填的是社区")),
        (false, true) => Err(("wrong_kind", "社区干部和书记只能分配到社区，这里填的是小网格")),
        _ => Ok(grid),
    }
}
