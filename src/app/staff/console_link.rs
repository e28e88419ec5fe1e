//! Issues the links by which console accounts come into being; only from the command line.

use entity::kinds::StreetRole;
use secrecy::{ExposeSecret, SecretString};

use super::add::{self, NewStaff};
use super::{check_roles, code};
use crate::auth::code::Purpose;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;

/// A person who shall have a console account.
#[derive(Clone, Debug)]
pub struct Invited {
    pub staff_no: String,
    pub name: String,
    pub roles: Vec<StreetRole>,
}

/// Issues the first administrator's link. Fails with `conflict` once any console account exists.
pub async fn first(s: &Services, public_url: &str) -> Result<SecretString> {
    if store::console::count(&s.db.read).await? > 0 {
        let detail = "已有控制台账号；新账号请用 admin add-console 开通";
        return Err(Error::new(Code::Conflict, detail));
    }
    let issued = code::issue(s, Purpose::FirstAdmin, None).await?;
    Ok(link(public_url, &issued.code))
}

/// Issues a person's link; one who is not staff yet becomes it. Fails with `rule_refused` when
/// old and new roles together make two administrators, and with `conflict` when he has an account.
pub async fn invite(s: &Services, public_url: &str, person: Invited) -> Result<SecretString> {
    let known = store::staff::find_by_no(&s.db.read, &person.staff_no).await?;
    let id = if let Some(known) = known {
        extend(s, known.id, &person.roles).await?;
        known.id
    } else {
        let new = NewStaff {
            staff_no: person.staff_no,
            name: person.name,
            office_phone: String::new(),
            mobile: None,
            wecom_userid: None,
            duties: Vec::new(),
            street_roles: person.roles,
        };
        add::insert(s, new).await?
    };
    let issued = code::issue(s, Purpose::Console, Some(id)).await?;
    Ok(link(public_url, &issued.code))
}

async fn extend(s: &Services, id: entity::kinds::StaffId, roles: &[StreetRole]) -> Result<()> {
    let (roles, now) = (roles.to_vec(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                if store::staff::find(tx, id).await?.is_none() {
                    return Err(Error::not_found("在职的该工作人员"));
                }
                if store::console::of_staff(tx, id).await?.is_some() {
                    return Err(Error::new(Code::Conflict, "该工作人员已有控制台账号"));
                }
                let held = store::staff::roles(tx, &[id], now).await?;
                let held: Vec<StreetRole> = held.into_iter().map(|row| row.role).collect();
                let all: Vec<StreetRole> = held.iter().chain(&roles).copied().collect();
                check_roles(&all)?;
                let new: Vec<_> = roles
                    .into_iter()
                    .filter(|role| !held.contains(role))
                    .map(|role| (id, role))
                    .collect();
                Ok(store::staff::insert_roles(tx, &new, now).await?)
            })
        })
        .await
}

fn link(public_url: &str, token: &SecretString) -> SecretString {
    let base = public_url.trim_end_matches('/');
    SecretString::from(format!("{base}/console/first?token={}", token.expose_secret()))
}
