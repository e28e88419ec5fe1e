//! Sign-in and what keeps it alive: access tokens in the client's hands, refresh tokens by hash.
//!
//! Two doors: WeChat for residents and bound staff, name, password and second factor for the
//! console. A session is a family of refresh tokens; each is used once, and a second use ends the
//! family. No answer of this module tells which half of a sign-in was wrong.

mod attempt;
pub mod console;
pub mod enrol;
pub mod forget;
mod hashing;
pub mod phone;
pub mod refresh;
pub mod sign_out;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_console;
pub mod wechat;

use std::time::Duration;

use entity::kinds::{AccountId, Timestamp};
use entity::{account, refresh_token};
use rand::SeedableRng;
use rand::rngs::StdRng;
use sea_orm::ActiveValue::{NotSet, Set};
use secrecy::SecretString;

use crate::app::staff::view::{self, StaffView};
use crate::auth::jwt::Bearer;
use crate::auth::refresh::{self as tokens, Lifetime};
use crate::auth::{Who, code};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// What a client gets at sign-in and at every refresh.
#[derive(Debug)]
pub struct Signed {
    pub access_token: String,
    pub expires_in: Duration,
    pub refresh_token: SecretString,
    pub account: AccountId,
    /// Who the person is for the street; `None` for a resident.
    pub staff: Option<StaffView>,
}

/// The two tokens of one moment.
struct Granted {
    access_token: String,
    refresh_token: SecretString,
}

/// One session: its refresh tokens share the name and the end.
struct Family {
    name: String,
    ends_at: Timestamp,
}

impl Family {
    fn new(s: &Services, who: Who, now: Timestamp) -> Self {
        Self { name: hex::encode(s.random()), ends_at: now + lifetime(s, who).family }
    }
}

/// Issues both tokens inside the unit that decided it.
async fn grant(
    s: &Services,
    tx: &Tx,
    account: &account::Model,
    who: Who,
    family: &Family,
) -> Result<Granted> {
    let now = s.clock.now();
    let (refresh_token, token_hash) = tokens::issue(&mut rng(s));
    let row = refresh_token::ActiveModel {
        id: NotSet,
        family: Set(family.name.clone()),
        account_id: Set(account.id),
        kind: Set(kind(who).to_owned()),
        token_hash: Set(token_hash),
        issued_at: Set(now),
        expires_at: Set((now + lifetime(s, who).idle).min(family.ends_at)),
        family_ends_at: Set(family.ends_at),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    let session = Some(store::session::insert_token(tx, row).await?);
    let bearer = Bearer { sub: account.id, who, ver: i64::from(account.token_version), session };
    let access_token = s.tokens.issue(bearer, now).map_err(Error::internal)?;
    Ok(Granted { access_token, refresh_token })
}

/// Completes the answer after the commit.
async fn signed(s: &Services, account: AccountId, granted: Granted) -> Result<Signed> {
    Ok(Signed {
        access_token: granted.access_token,
        expires_in: s.tokens.life(),
        refresh_token: granted.refresh_token,
        account,
        staff: view::of_account(s, account).await?,
    })
}

fn lifetime(s: &Services, who: Who) -> Lifetime {
    Lifetime::of(who, s.settings.refresh_idle)
}

const fn kind(who: Who) -> &'static str {
    match who {
        Who::Resident | Who::Staff => "wechat",
        Who::Console => "console",
    }
}

/// Makes a generator that nobody else draws from.
pub(in crate::app) fn rng(s: &Services) -> StdRng {
    StdRng::from_seed(s.random())
}

/// Says why a one-time code or link was refused.
pub(in crate::app) fn code_refused(why: code::CodeRefused) -> Error {
    Error::new(Code::BindingCodeRefused, why.zh())
}
