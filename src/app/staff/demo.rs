//! Binds invented people to the demo street: staff, duties and WeChat accounts in one unit.
//!
//! The way round the binding codes exists for the demo alone and refuses everywhere else.

use std::collections::HashMap;

use entity::kinds::{GridId, ResponsibilityId, StaffId, Timestamp, WechatApp};
use entity::{responsibility, staff, staff_role, wechat_identity};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::EntityTrait;

use crate::demo::staff::Person;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Inserts the people that are not there yet; returns how many. Fails with `forbidden` where demo
/// accounts are off, and with `conflict` when a duty names a grid the street does not have.
pub async fn bind(s: &Services, people: Vec<Person>) -> Result<usize> {
    if !s.settings.demo_accounts {
        return Err(Error::new(Code::Forbidden, "auth.demo_accounts 未开启"));
    }
    let now = s.clock.now();
    let services = s.clone();
    s.writer
        .commit(move |tx| Box::pin(async move { insert_all(&services, tx, &people, now).await }))
        .await
}

async fn insert_all(s: &Services, tx: &Tx, people: &[Person], now: Timestamp) -> Result<usize> {
    let known = store::places_staff::staff_ids(tx).await?;
    let grids = store::places::ids(tx).await?.grids;
    let mut count = 0;
    for person in people.iter().filter(|one| !known.contains_key(&one.staff_no)) {
        let id = insert(s, tx, person, now).await?;
        duties(tx, person, id, &grids, now).await?;
        count += 1;
    }
    Ok(count)
}

async fn insert(s: &Services, tx: &Tx, person: &Person, now: Timestamp) -> Result<StaffId> {
    let account = store::people::insert_account(tx, now).await?.id;
    let ways = [(WechatApp::Mini, &person.openid_mini), (WechatApp::Oa, &person.openid_oa)];
    for (app, openid) in ways {
        let identity = wechat_identity::ActiveModel {
            id: NotSet,
            account_id: Set(account),
            app: Set(app),
            openid: Set(openid.clone()),
            unionid: Set(None),
            dead_at: Set(None),
            created_at: Set(now),
        };
        store::people::insert_identity(tx, identity).await?;
    }
    let row = staff::ActiveModel {
        id: NotSet,
        staff_no: Set(person.staff_no.clone()),
        name_sealed: Set(s.vault.seal("staff.name", &person.name).map_err(Error::internal)?),
        office_phone: Set(person.office_phone.clone()),
        phone_sealed: Set(None),
        account_id: Set(Some(account)),
        created_at: Set(now),
        ended_at: Set(None),
    };
    Ok(staff::Entity::insert(row).exec_with_returning(tx).await?.id)
}

async fn duties(
    tx: &Tx,
    person: &Person,
    id: StaffId,
    grids: &HashMap<String, GridId>,
    now: Timestamp,
) -> Result<()> {
    let mut rows = Vec::new();
    for (grid, role) in &person.duties {
        let missing = || Error::new(Code::Conflict, format!("没有编号为 {grid} 的网格"));
        rows.push(responsibility::Model {
            id: ResponsibilityId(0),
            grid_id: grids.get(grid).copied().ok_or_else(missing)?,
            role: *role,
            staff_id: id,
            shift: "all".into(),
            valid_from: now,
            valid_to: None,
        });
    }
    store::places_staff::insert_responsibilities(tx, rows).await?;
    for role in &person.street_roles {
        let row = staff_role::ActiveModel {
            id: NotSet,
            staff_id: Set(id),
            role: Set(*role),
            valid_from: Set(now),
            valid_to: Set(None),
        };
        staff_role::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}
