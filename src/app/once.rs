//! A request that may come twice: its answer is kept in the unit that does what it asks for.
//!
//! Whoever asks under a key carries it ([`Actor::once`]), and the use case keeps its answer before the
//! unit ends: committed together, or neither of them. What was refused is not kept, so that it may
//! be tried again under the same key.

use entity::idempotency;
use entity::kinds::AccountId;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Serialize;

use crate::app::actor::Actor;
use crate::app::case::enter::REPLY;
use crate::app::case::report::Idempotency;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::writer::Tx;

/// What a use case answers: made from its outcome by whoever asked, inside the unit.
pub trait Answer: Serialize + Send + Sync + 'static {}

impl<T: Serialize + Send + Sync + 'static> Answer for T {}

/// An answer that was given before.
#[derive(Debug)]
pub struct Kept {
    /// Of HTTP.
    pub status: u16,
    /// JSON, as it was sent.
    pub body: String,
}

/// Finds the answer given under a key. Fails with `idempotency_key_reused` when the key was used for
/// something else.
pub async fn before(s: &Services, account: AccountId, once: &Idempotency) -> Result<Option<Kept>> {
    let found = store::idempotency::find(&s.db.read, account, &once.key).await?;
    let Some(row) = found else { return Ok(None) };
    once.check(&row)?;
    let body = s.vault.open(REPLY, &row.reply_sealed).map_err(Error::internal)?;
    Ok(Some(Kept { status: u16::try_from(row.status).map_err(Error::internal)?, body }))
}

/// Keeps the answer of the unit that runs; without a key nothing is kept. Fails when somebody else
/// keeps one under this key just now: then the unit must not happen.
pub async fn keep<T: Serialize + Sync>(
    s: &Services,
    tx: &Tx,
    actor: &Actor,
    (status, answer): (u16, &T),
) -> Result<()> {
    let Some(once) = &actor.once else { return Ok(()) };
    let body = serde_json::to_string(answer).map_err(Error::internal)?;
    let row = idempotency::ActiveModel {
        id: NotSet,
        account_id: Set(actor.account),
        key: Set(once.key.clone()),
        fingerprint: Set(once.fingerprint.clone()),
        status: Set(i32::from(status)),
        reply_sealed: Set(s.vault.seal(REPLY, &body).map_err(Error::internal)?),
        created_at: Set(s.clock.now()),
    };
    if store::idempotency::insert_new(tx, row).await? {
        return Ok(());
    }
    Err(Error::new(Code::IdempotencyKeyReused, "带这个 Idempotency-Key 的请求正在处理，请稍后再试"))
}
