//! What should never be there, counted; what is no longer needed, removed.

use std::time::Duration;

use entity::kinds::{CaseId, SKEW, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::sql;

/// How many rows one removal takes at most: a long one would hold up the other writers.
pub(super) const BATCH: i64 = 1_000;

/// Intentions without their means; every number should be zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Findings {
    /// Open cases that nobody will look at, that nobody looked at in time, or each of whose looks fails.
    pub forgotten_cases: i64,
    /// Notices that are to be sent and have no living job.
    pub orphaned_notices: i64,
    /// Jobs whose lease ended and that nobody took up.
    pub abandoned_jobs: i64,
    /// Cases whose step reached nobody and that did not take the next one.
    #[sea_orm(skip)]
    pub stuck_cases: i64,
    /// Cases whose chain is at its end and told nobody.
    #[sea_orm(skip)]
    pub unreached_cases: i64,
}

impl Findings {
    /// Tells whether anything was found.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// Counts what should have happened before `late`. Every part is written so that it reads an index
/// of what is open, not the years of what is over.
pub async fn count(conn: &impl ConnectionTrait, late: Timestamp) -> Result<Findings, DbErr> {
    let text = "SELECT
        (SELECT COUNT(*) FROM cases WHERE next_check_at < $1)
            + (SELECT COUNT(CASE WHEN next_check_at >= $1 THEN 1 END) FROM cases
                WHERE put_off_since < $1)
            + (SELECT COUNT(*) FROM cases WHERE next_check_at IS NULL AND state IN ('submitted',
                'triage', 'assigned', 'acknowledged', 'in_progress', 'on_hold', 'resolved'))
            AS forgotten_cases,
        (SELECT COUNT(*) FROM notice n WHERE n.state IN ('planned', 'sending')
            AND n.created_at < $1 AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'send_notice'
                AND j.dedup_key = CAST(n.id AS TEXT) AND j.state IN ('ready', 'running')))
            AS orphaned_notices,
        (SELECT COUNT(*) FROM job WHERE state IN ('ready', 'running') AND state = 'running'
            AND run_at < $1) AS abandoned_jobs";
    let found = Findings::find_by_statement(sql(conn, text, [late.into()])).one(conn).await?;
    Ok(found.unwrap_or_default())
}

/// Takes back what was written for a future that is no longer near, because the clock was put
/// back: jobs that were made or put off later than now (what one waits for may have been made up by
/// that clock too), leases that end later than any that begins now, and cases that were touched or put
/// off later than now. Messages that may have left are counted from now on: nobody knows how long ago
/// that was. Returns how many.
pub async fn bring_back(
    tx: &impl ConnectionTrait,
    now: Timestamp,
    lease: Duration,
) -> Result<u64, DbErr> {
    let (soon, until) = (now + SKEW, now + lease);
    let cases = "UPDATE cases SET next_check_at = $1,
            put_off_since = CASE WHEN put_off_since > $1 THEN $1 ELSE put_off_since END
        WHERE next_check_at > $1 AND (last_event_at > $2 OR put_off_since > $2)";
    let notices = "UPDATE notice SET sending_at = $1 WHERE state IN ('planned', 'sending')
        AND state = 'sending' AND sending_at > $2";
    let jobs = "UPDATE job SET run_at = $1, put_at = $1 WHERE state IN ('ready', 'running')
        AND state = 'ready' AND run_at > $1 AND (put_at > $2 OR created_at > $2)";
    let leases = "UPDATE job SET run_at = $1 WHERE state IN ('ready', 'running')
        AND state = 'running' AND run_at > $2";
    let mut moved = 0;
    // Cases before jobs, as whoever records a message takes them: or each waits for the other.
    for (text, values) in [
        (cases, [now.into(), soon.into()]),
        (notices, [now.into(), soon.into()]),
        (jobs, [now.into(), soon.into()]),
        (leases, [until.into(), (until + SKEW).into()]),
    ] {
        moved += tx.execute_raw(sql(tx, text, values)).await?.rows_affected();
    }
    Ok(moved)
}

/// A case of whose present step every message to staff died before some time.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Failed {
    pub id: CaseId,
    /// The step, from zero.
    pub step: i32,
    pub snapshot: String,
}

/// Lists cases whose step reached nobody before `late`, without saying whether a next step exists.
pub async fn failed_steps(
    conn: &impl ConnectionTrait,
    late: Timestamp,
) -> Result<Vec<Failed>, DbErr> {
    // One question for each open case: joined, PostgreSQL would read the notices of all years.
    let text = "SELECT c.id, c.escalation_step AS step, c.snapshot FROM cases c
        WHERE c.state IN ('assigned', 'triage') AND c.escalation_step IS NOT NULL
            AND (SELECT MIN(CASE WHEN n.state = 'dead' AND n.finished_at < $1 THEN 1 ELSE 0 END)
                FROM notice n WHERE n.case_id = c.id AND n.staff_id IS NOT NULL
                    AND n.round = c.escalation_round AND n.step = c.escalation_step) = 1
        LIMIT $2";
    Failed::find_by_statement(sql(conn, text, [late.into(), BATCH.into()])).all(conn).await
}

/// A case of whose running chain no message to staff is on its way or arrived.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Untold {
    pub id: CaseId,
    /// The step, from zero.
    pub step: i32,
    pub snapshot: String,
    /// When the chain began.
    pub since: Timestamp,
}

/// Lists cases that wait for somebody in a chain which began before `late` and told nobody yet, without
/// saying whether a next step exists. An inbox wakes nobody and does not count here.
pub async fn untold(conn: &impl ConnectionTrait, late: Timestamp) -> Result<Vec<Untold>, DbErr> {
    let text = "SELECT c.id, c.escalation_step AS step, c.snapshot, c.escalation_base AS since
        FROM cases c
        WHERE c.state IN ('assigned', 'triage') AND c.escalation_step IS NOT NULL
            AND c.escalation_base < $1
            AND (SELECT COUNT(*) FROM notice n WHERE n.case_id = c.id AND n.staff_id IS NOT NULL
                AND n.created_at >= c.escalation_base
                AND n.state IN ('planned', 'sending', 'accepted', 'delivered')) = 0
        LIMIT $2";
    Untold::find_by_statement(sql(conn, text, [late.into(), BATCH.into()])).all(conn).await
}

/// Removes login codes seen before `before`; WeChat itself refuses them by then.
pub async fn forget_codes(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    let text = "DELETE FROM seen_code WHERE seen_at < $1";
    Ok(tx.execute_raw(sql(tx, text, [before.into()])).await?.rows_affected())
}

/// Tells whether a removal took a full batch, so that more may be left.
pub fn is_full(removed: u64) -> bool {
    i64::try_from(removed).is_ok_and(|removed| removed >= BATCH)
}
