//! Issues one-time codes and links: shown once, stored as a keyed fingerprint, 24 hours.
//!
//! A new code replaces the open one of the same person and purpose: of two slips of paper, the
//! older is worthless.

use std::time::Duration;

use entity::binding_code;
use entity::kinds::{StaffId, Timestamp};
use sea_orm::ActiveValue::{NotSet, Set};
use secrecy::{ExposeSecret, SecretString};

use super::require_admin;
use crate::app::actor::Actor;
use crate::app::session::rng;
use crate::auth::code::Purpose;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;

const LIFE: Duration = Duration::from_hours(24);

/// A code to hand over.
#[derive(Debug)]
pub struct Issued {
    pub code: SecretString,
    pub expires_at: Timestamp,
}

/// Issues the code by which a member of staff binds his WeChat. Fails with `forbidden`,
/// `not_found`, and `conflict` when he is bound.
pub async fn run(s: &Services, actor: &Actor, id: StaffId) -> Result<Issued> {
    require_admin(actor)?;
    for_staff(s, id).await
}

/// Issues the binding code on behalf of whoever holds the machine.
pub async fn for_staff(s: &Services, id: StaffId) -> Result<Issued> {
    let staff = store::staff::find(&s.db.read, id).await?;
    let staff = staff.ok_or_else(|| Error::not_found("该工作人员"))?;
    if staff.account_id.is_some() {
        return Err(Error::new(Code::Conflict, "该工作人员已绑定微信，请先解除绑定"));
    }
    issue(s, Purpose::BindStaff, Some(id)).await
}

/// Stores a new code and voids the older ones.
pub(super) async fn issue(
    s: &Services,
    purpose: Purpose,
    staff: Option<StaffId>,
) -> Result<Issued> {
    let code = purpose.generate(&mut rng(s));
    let now = s.clock.now();
    let expires_at = now + LIFE;
    let row = binding_code::ActiveModel {
        id: NotSet,
        purpose: Set(purpose.word().to_owned()),
        code_hash: Set(purpose.fingerprint(&s.vault, code.expose_secret())),
        staff_id: Set(staff),
        expires_at: Set(expires_at),
        used_at: Set(None),
        created_at: Set(now),
    };
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                store::console::void_codes(tx, purpose.word(), staff, now).await?;
                Ok::<_, Error>(store::console::insert_code(tx, row).await?)
            })
        })
        .await?;
    Ok(Issued { code, expires_at })
}
