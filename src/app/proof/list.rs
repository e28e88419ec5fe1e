//! Reads checkpoints with what they seal, for whoever keeps them elsewhere.

use entity::ledger_checkpoint;

use super::seal::plain;
use crate::app::actor::Actor;
use crate::app::audit::figures::admit;
use crate::domain::case::ledger::checkpoint::{Head, Signed};
use crate::error::Result;
use crate::services::Services;
use crate::store::checkpoint;

/// Lists the checkpoints of these days, both included, at most `limit`. Fails with `forbidden` for
/// anybody but auditors and street command.
pub async fn run(
    s: &Services,
    actor: &Actor,
    days: (&str, &str),
    limit: u64,
) -> Result<Vec<ledger_checkpoint::Model>> {
    admit(actor)?;
    Ok(checkpoint::between(&s.db.read, days, limit).await?)
}

/// Reads a checkpoint as a line of the published file.
pub async fn whole(s: &Services, row: &ledger_checkpoint::Model) -> Result<Signed> {
    let heads = checkpoint::heads(&s.db.read, &row.day).await?;
    let heads = heads.into_iter().map(|one| Head(one.number, one.first_seq, one.marks, one.hash));
    Ok(Signed { checkpoint: plain(row), signature: row.signature.clone(), heads: heads.collect() })
}
