//! Ends one session: its refresh tokens are worthless from now on.
//!
//! The access token at hand lives on for its few minutes, except on live connections, which close;
//! other sessions of the account stay.

use secrecy::{ExposeSecret, SecretString};

use crate::app::actor::Actor;
use crate::auth::refresh::fingerprint;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Revokes the family of the refresh token, if it is the actor's own. Ending what has ended, or
/// what never was, succeeds: the caller wanted to be signed out, and is.
pub async fn run(s: &Services, actor: &Actor, token: &SecretString) -> Result<()> {
    let (hash, now) = (fingerprint(token.expose_secret()), s.clock.now());
    let account = actor.account;
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let row = store::session::find_token(tx, &hash).await?;
                if let Some(row) = row.filter(|row| row.account_id == account) {
                    store::session::revoke_family(tx, &row.family, now).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    s.hub.check(account);
    Ok(())
}
