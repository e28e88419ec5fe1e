//! Writes the invented people of the demo street: staff, accounts, both openids, duties, roles.
//!
//! One unit for everybody, and idempotent by staff number: who exists stays as he is.

use std::collections::{HashMap, HashSet};

use entity::kinds::{AccountId, StaffId, Timestamp, WechatApp};
use entity::{responsibility, staff, wechat_identity};
use sea_orm::ActiveValue::{NotSet, Set};

use super::NAME;
use super::add::{self, NewDuty};
use crate::demo::staff::Person;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// How many people are new, and how many were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub added: usize,
    pub kept: usize,
}

/// One person ready to be written.
struct Ready {
    person: Person,
    name_sealed: String,
    duties: Vec<responsibility::Model>,
}

/// Binds invented people without codes. Fails with `forbidden` unless demo accounts are
/// configured, and with the duties whose grids do not exist.
pub async fn bind(s: &Services, people: Vec<Person>) -> Result<Bound> {
    if !s.settings.demo_accounts {
        let detail = "未开启 auth.demo_accounts，不能写入演示人员";
        return Err(Error::new(Code::Forbidden, detail));
    }
    let now = s.clock.now();
    let ready = people.into_iter().map(|person| ready(s, person, now)).collect::<Result<_>>()?;
    s.writer.commit(move |tx| Box::pin(async move { write(tx, ready, now).await })).await
}

fn ready(s: &Services, person: Person, now: Timestamp) -> Result<Ready> {
    let wanted: Vec<NewDuty> = person
        .duties
        .iter()
        .map(|(grid, role)| NewDuty {
            grid: grid.clone(),
            role: *role,
            from: None,
            to: None,
            shift: None,
        })
        .collect();
    Ok(Ready {
        duties: add::duties(&s.places.now(), &wanted, now)?,
        name_sealed: s.vault.seal(NAME, &person.name).map_err(Error::internal)?,
        person,
    })
}

async fn write(tx: &Tx, people: Vec<Ready>, now: Timestamp) -> Result<Bound> {
    let total = people.len();
    let numbers: Vec<String> = people.iter().map(|p| p.person.staff_no.clone()).collect();
    let known = store::staff::by_numbers(tx, &numbers).await?;
    let known: HashSet<String> = known.into_iter().map(|row| row.staff_no).collect();
    let new: Vec<Ready> =
        people.into_iter().filter(|p| !known.contains(&p.person.staff_no)).collect();
    let accounts = accounts(tx, &new, now).await?;
    let rows = new.iter().zip(&accounts).map(|(one, account)| row(one, *account, now)).collect();
    store::staff::insert_many(tx, rows).await?;
    store::staff::insert_identities(tx, identities(&new, &accounts, now)).await?;
    let ids = store::staff::by_numbers(tx, &numbers).await?;
    let ids: HashMap<String, StaffId> = ids.into_iter().map(|row| (row.staff_no, row.id)).collect();
    let (mut duties, mut roles) = (Vec::new(), Vec::new());
    for one in &new {
        let Some(&id) = ids.get(&one.person.staff_no) else { continue };
        duties
            .extend(one.duties.iter().map(|d| responsibility::Model { staff_id: id, ..d.clone() }));
        roles.extend(one.person.street_roles.iter().map(|role| (id, *role)));
    }
    store::places_staff::insert_responsibilities(tx, duties).await?;
    store::staff::insert_roles(tx, &roles, now).await?;
    Ok(Bound { added: new.len(), kept: total - new.len() })
}

/// Finds or makes an account for each: somebody may have signed in as an invented person before.
async fn accounts(tx: &Tx, people: &[Ready], now: Timestamp) -> Result<Vec<AccountId>> {
    let openids: Vec<String> = people.iter().map(|p| p.person.openid_mini.clone()).collect();
    let known = store::staff::identities_of(tx, WechatApp::Mini, &openids).await?;
    let known: HashMap<String, AccountId> =
        known.into_iter().map(|row| (row.openid, row.account_id)).collect();
    let missing = openids.iter().filter(|openid| !known.contains_key(*openid)).count();
    let mut fresh = store::staff::insert_accounts(tx, missing, now).await?.into_iter();
    let found = openids.iter().map(|openid| known.get(openid).copied().or_else(|| fresh.next()));
    found
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Error::internal("fewer accounts were written than asked for"))
}

fn row(one: &Ready, account: AccountId, now: Timestamp) -> staff::ActiveModel {
    staff::ActiveModel {
        id: NotSet,
        staff_no: Set(one.person.staff_no.clone()),
        name_sealed: Set(one.name_sealed.clone()),
        office_phone: Set(one.person.office_phone.clone()),
        phone_sealed: Set(None),
        phone_dead_at: Set(None),
        wecom_userid: Set(None),
        wecom_end: Set(None),
        wecom_told_at: Set(None),
        wecom_told_by: Set(None),
        wecom_left_at: Set(None),
        wecom_left_by: Set(None),
        employee_dead_at: Set(None),
        wecom_account_id: Set(None),
        account_id: Set(Some(account)),
        created_at: Set(now),
        ended_at: Set(None),
    }
}

fn identities(
    people: &[Ready],
    accounts: &[AccountId],
    now: Timestamp,
) -> Vec<wechat_identity::ActiveModel> {
    let of = |openid: &str, app, account| wechat_identity::ActiveModel {
        id: NotSet,
        account_id: Set(account),
        app: Set(app),
        openid: Set(openid.to_owned()),
        unionid: Set(None),
        dead_at: Set(None),
        created_at: Set(now),
        told_at: Set(None),
    };
    people
        .iter()
        .zip(accounts)
        .flat_map(|(one, &account)| {
            [
                of(&one.person.openid_mini, WechatApp::Mini, account),
                of(&one.person.openid_oa, WechatApp::Oa, account),
            ]
        })
        .collect()
}
