//! Turns a one-time link into a console account with a password and a second factor.
//!
//! Two kinds of link: the first administrator's, good only while there is no console account at
//! all, and one for a person who is already staff. No account exists before its owner has chosen
//! the password, so there is no default password anywhere.

use entity::kinds::{StaffId, StreetRole, Timestamp};
use entity::{binding_code, console_account, staff};
use sea_orm::ActiveValue::{NotSet, Set};
use secrecy::{ExposeSecret, SecretString};

use super::console::TOTP;
use super::{code_refused, hashing};
use crate::app::staff::NAME;
use crate::auth::code::{CodeFacts, CodeRefused, Purpose};
use crate::auth::{password, totp};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// What the person with the link chose.
#[derive(Debug)]
pub struct Enrolment {
    pub token: String,
    pub name: String,
    pub password: SecretString,
}

/// What he takes to his authenticator; shown once.
#[derive(Debug)]
pub struct Enrolled {
    pub otpauth_url: SecretString,
}

/// The rows to write, sealed and hashed.
struct Fresh {
    code: binding_code::Model,
    purpose: Purpose,
    name: String,
    name_sealed: String,
    password_hash: String,
    totp_sealed: String,
}

/// Enrols. Fails with `binding_code_refused`, a weak password or a taken name by field, and
/// `conflict` when the first administrator exists already. The second factor is asked for from
/// the first sign-in on.
pub async fn run(s: &Services, cmd: Enrolment) -> Result<Enrolled> {
    let (purpose, code) = find(s, &cmd.token).await?;
    check(s, &cmd).await?;
    let secret = totp::new_secret(&mut super::rng(s));
    let otpauth_url = totp::otpauth_url(&secret, &cmd.name).map_err(Error::internal)?;
    let seal = |context, text: &str| s.vault.seal(context, text).map_err(Error::internal);
    let fresh = Fresh {
        code,
        purpose,
        name_sealed: seal(NAME, &cmd.name)?,
        totp_sealed: seal(TOTP, secret.expose_secret())?,
        password_hash: hashing::hash(s, cmd.password).await?,
        name: cmd.name,
    };
    let now = s.clock.now();
    s.writer.commit(move |tx| Box::pin(async move { write(tx, fresh, now).await })).await?;
    Ok(Enrolled { otpauth_url: SecretString::from(otpauth_url) })
}

async fn find(s: &Services, token: &str) -> Result<(Purpose, binding_code::Model)> {
    for purpose in [Purpose::FirstAdmin, Purpose::Console] {
        let fingerprint = purpose.fingerprint(&s.vault, token);
        let Some(row) = store::console::find_code(&s.db.read, &fingerprint).await? else {
            continue;
        };
        let facts = CodeFacts {
            fingerprint: row.code_hash.clone(),
            expires_at: row.expires_at,
            used_at: row.used_at,
        };
        purpose.judge(&s.vault, &facts, token, s.clock.now()).map_err(code_refused)?;
        return Ok((purpose, row));
    }
    Err(code_refused(CodeRefused::Wrong))
}

async fn check(s: &Services, cmd: &Enrolment) -> Result<()> {
    let mut faults = Vec::new();
    if let Err(weak) = password::check_policy(&cmd.password, &cmd.name) {
        faults.push(Fault::new("/password", "weak_password", weak.zh()));
    }
    if store::console::find(&s.db.read, &cmd.name).await?.is_some() {
        faults.push(taken());
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
}

fn taken() -> Fault {
    Fault::new("/name", "taken", "这个账号名已被使用，请换一个")
}

async fn write(tx: &Tx, fresh: Fresh, now: Timestamp) -> Result<()> {
    if store::console::use_code(tx, fresh.code.id, now).await? == 0 {
        return Err(code_refused(CodeRefused::Used));
    }
    let staff = match (fresh.purpose, fresh.code.staff_id) {
        (Purpose::Console, Some(staff)) => bound(tx, staff).await?,
        (Purpose::FirstAdmin, None) => first_admin(tx, &fresh, now).await?,
        _ => return Err(code_refused(CodeRefused::Wrong)),
    };
    let account = store::people::insert_account(tx, now).await?;
    let row = console_account::ActiveModel {
        id: NotSet,
        account_id: Set(account.id),
        staff_id: Set(Some(staff)),
        name: Set(fresh.name),
        password_hash: Set(fresh.password_hash),
        totp_sealed: Set(Some(fresh.totp_sealed)),
        totp_last_step: Set(None),
        created_at: Set(now),
    };
    if store::console::insert(tx, row).await? { Ok(()) } else { Err(Error::fields(vec![taken()])) }
}

async fn bound(tx: &Tx, staff: StaffId) -> Result<StaffId> {
    if store::staff::find(tx, staff).await?.is_none() {
        return Err(code_refused(CodeRefused::Expired));
    }
    match store::console::of_staff(tx, staff).await? {
        None => Ok(staff),
        Some(_) => Err(Error::new(Code::Conflict, "该工作人员已有控制台账号")),
    }
}

async fn first_admin(tx: &Tx, fresh: &Fresh, now: Timestamp) -> Result<StaffId> {
    if store::console::count(tx).await? > 0 {
        return Err(Error::new(Code::Conflict, "已有控制台账号，请由系统管理员开通"));
    }
    let row = staff::ActiveModel {
        id: NotSet,
        staff_no: Set(format!("console-{}", fresh.name)),
        name_sealed: Set(fresh.name_sealed.clone()),
        office_phone: Set(String::new()),
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
        account_id: Set(None),
        created_at: Set(now),
        ended_at: Set(None),
    };
    let staff = store::staff::insert(tx, row).await?;
    let staff = staff.ok_or_else(|| Error::fields(vec![taken()]))?;
    store::staff::insert_roles(tx, &[(staff, StreetRole::SystemAdmin)], now).await?;
    Ok(staff)
}
