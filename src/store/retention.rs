//! Rows that are over, are no record, and would otherwise be kept for ever.
//!
//! Not here, because they are records: messages about cases, the ledger, the access log, what was
//! changed in the roster, drills and their messages.

use entity::kinds::Timestamp;
use sea_orm::{ConnectionTrait, DbErr};

use super::sql;
use super::sweep::BATCH;

/// What may be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Jobs that are done or dead.
    Jobs,
    /// Test messages that ended and belong to no drill.
    Probes,
    /// What group robots said.
    Lines,
    /// Pushes of WeChat and WeCom that were acted upon.
    Pushes,
    /// Codes by which a card could be changed, for a day.
    Cards,
}

impl Over {
    /// Each finds its rows by an index of the instant it names.
    const fn statement(self) -> &'static str {
        match self {
            Self::Jobs => {
                "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state IN ('done', 'dead')
                    AND finished_at < $1 LIMIT $2)"
            }
            Self::Probes => {
                "DELETE FROM probe WHERE id IN (SELECT id FROM probe WHERE finished_at < $1
                    AND finished_at IS NOT NULL AND drill_id IS NULL LIMIT $2)"
            }
            Self::Lines => {
                "DELETE FROM robot_line WHERE id IN (SELECT id FROM robot_line WHERE done_at < $1
                    AND done_at IS NOT NULL LIMIT $2)"
            }
            Self::Pushes => {
                "DELETE FROM wechat_event WHERE id IN (SELECT id FROM wechat_event
                    WHERE handled_at < $1 AND handled_at IS NOT NULL LIMIT $2)"
            }
            Self::Cards => {
                "DELETE FROM wecom_card WHERE id IN (SELECT id FROM wecom_card
                    WHERE created_at < $1 LIMIT $2)"
            }
        }
    }
}

/// Removes at most a batch of what was over before an instant; returns how many rows.
pub async fn forget(
    tx: &impl ConnectionTrait,
    over: Over,
    before: Timestamp,
) -> Result<u64, DbErr> {
    let removed = tx.execute_raw(sql(tx, over.statement(), [before.into(), BATCH.into()])).await?;
    Ok(removed.rows_affected())
}
