//! Exchanges a refresh token for new tokens; the old one is dead from then on.
//!
//! A second use means that two parties hold the token: the whole family is revoked, and both have
//! to sign in again. Revoking is a write, so the unit that finds a reuse must not fail.

use entity::account;
use entity::kinds::Timestamp;
use entity::refresh_token::Model;
use secrecy::{ExposeSecret, SecretString};

use super::{Family, Granted, Signed};
use crate::auth::Who;
use crate::auth::refresh::{RefreshFacts, Rotation, fingerprint, rotate};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// Rotates. Fails with `refresh_refused` for every token that is not the family's newest.
pub async fn run(s: &Services, token: &SecretString) -> Result<Signed> {
    let hash = fingerprint(token.expose_secret());
    let (services, now) = (s.clone(), s.clock.now());
    let rotated = s
        .writer
        .commit(move |tx| Box::pin(async move { exchange(&services, tx, &hash, now).await }))
        .await?;
    match rotated {
        Some((account, granted)) => super::signed(s, account.id, granted).await,
        None => Err(Error::new(Code::RefreshRefused, "登录已失效，请重新登录")),
    }
}

async fn exchange(
    s: &Services,
    tx: &Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(account::Model, Granted)>> {
    let Some(row) = store::session::find_token(tx, hash).await? else { return Ok(None) };
    let Some((account, who)) = bearer(tx, &row).await? else { return Ok(None) };
    let facts = RefreshFacts {
        expires_at: row.expires_at,
        family_ends_at: row.family_ends_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    };
    let first = match rotate(&facts, super::lifetime(s, who), now) {
        // A lost race is a second use that came at the same instant.
        Rotation::Rotate { .. } => store::session::use_token(tx, row.id, now).await? == 1,
        Rotation::Reuse => false,
        Rotation::Expired | Rotation::Revoked => return Ok(None),
    };
    if !first {
        let ended = store::session::revoke_family(tx, &row.family, now).await?;
        tracing::warn!(account = row.account_id.0, ended, "a refresh token was used twice");
        return Ok(None);
    }
    let family = Family { name: row.family, ends_at: row.family_ends_at };
    let granted = super::grant(s, tx, &account, who, &family).await?;
    Ok(Some((account, granted)))
}

/// Finds whose token it is; nobody when the account was blocked or the person has left office.
async fn bearer(tx: &Tx, row: &Model) -> Result<Option<(account::Model, Who)>> {
    let Some(account) = store::people::find_account(tx, row.account_id).await? else {
        return Ok(None);
    };
    let staff = match store::people::staff_of_account(tx, account.id).await? {
        Some(id) => store::staff::find(tx, id).await?,
        None => None,
    };
    Ok(match (row.kind.as_str(), staff) {
        ("console", None) => None,
        ("console", Some(_)) => Some((account, Who::Console)),
        (_, None) => Some((account, Who::Resident)),
        (_, Some(_)) => Some((account, Who::Staff)),
    })
}
