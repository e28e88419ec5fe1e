//! Binds a WeChat account to a member of staff by a one-time code.

use std::time::Duration;

use entity::binding_code::Model;
use entity::kinds::{AccountId, StaffId, Timestamp};

use super::view::{self, StaffView};
use crate::app::actor::Actor;
use crate::app::limit::admit;
use crate::app::probe;
use crate::app::session::code_refused;
use crate::auth::code::{CodeFacts, CodeRefused, Purpose};
use crate::auth::limits::Rule;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// Eight characters stand against guessing only while guesses are few.
const TRIES: Rule = Rule { name: "binding", burst: 10, per: Duration::from_mins(10) };

/// Binds the actor's account. Fails with `binding_code_refused`, and with `conflict` when the
/// account or the person is bound already.
pub async fn run(s: &Services, actor: &Actor, code: &str) -> Result<StaffView> {
    if actor.console {
        return Err(Error::new(Code::Forbidden, "请在小程序中绑定"));
    }
    admit(s, &TRIES, &actor.account.to_string()).await?;
    let row = find(s, code).await?;
    let (services, account, now) = (s.clone(), actor.account, s.clock.now());
    let staff = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let staff = bind(tx, &row, account, now).await?;
                probe::greet::bound(&services, tx, staff, now).await?;
                Ok::<_, Error>(staff)
            })
        })
        .await?;
    s.wake.ping().await;
    view::get(s, staff).await
}

async fn find(s: &Services, code: &str) -> Result<Model> {
    let fingerprint = Purpose::BindStaff.fingerprint(&s.vault, code);
    let row = store::console::find_code(&s.db.read, &fingerprint).await?;
    let row = row.ok_or_else(|| code_refused(CodeRefused::Wrong))?;
    let facts = CodeFacts {
        fingerprint: row.code_hash.clone(),
        expires_at: row.expires_at,
        used_at: row.used_at,
    };
    Purpose::BindStaff.judge(&s.vault, &facts, code, s.clock.now()).map_err(code_refused)?;
    Ok(row)
}

async fn bind(tx: &Tx, code: &Model, account: AccountId, now: Timestamp) -> Result<StaffId> {
    let staff = code.staff_id.ok_or_else(|| code_refused(CodeRefused::Wrong))?;
    // Two codes for one account wait for each other here; the second then finds him bound.
    if !store::session::hold_account(tx, account).await? {
        return Err(Error::new(Code::Unauthenticated, "登录已失效，请重新登录"));
    }
    if store::people::staff_of_account(tx, account).await?.is_some() {
        return Err(Error::new(Code::Conflict, "您的微信已绑定工作人员身份，请先解除绑定"));
    }
    if store::console::use_code(tx, code.id, now).await? == 0 {
        return Err(code_refused(CodeRefused::Used));
    }
    if store::staff::bind(tx, staff, account).await? == 0 {
        return Err(Error::new(Code::Conflict, "该工作人员已绑定其他微信或已离职"));
    }
    Ok(staff)
}
