//! Jobs: enqueued in the unit that needs them, claimed briefly, finished under the fence.

use entity::job::{ActiveModel, Column, Entity, Model};
use entity::kinds::{JobId, JobKind, JobState, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter,
};

use super::batch::Batch;
use super::{bulk, schema, skip_locked, sql};

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: JobKind,
    pub dedup_key: String,
    pub payload: String,
    /// Smaller runs first.
    pub priority: i32,
    pub run_at: Timestamp,
    pub max_attempt: i32,
    pub trace_id: Option<String>,
}

/// Enqueues jobs whose key is new; the others are already planned.
pub async fn enqueue(
    tx: &impl ConnectionTrait,
    jobs: Vec<NewJob>,
    now: Timestamp,
) -> Result<(), DbErr> {
    bulk::insert(tx, rows(jobs, now), &KEY, &[]).await.map(|_none| ())
}

/// Adds jobs whose key is new.
pub fn put_all(batch: &mut Batch, jobs: Vec<NewJob>, now: Timestamp) -> Result<(), DbErr> {
    batch.insert(rows(jobs, now), &KEY)
}

const KEY: [Column; 3] = [Column::Kind, Column::DedupKey, Column::Generation];

fn rows(jobs: Vec<NewJob>, now: Timestamp) -> Vec<ActiveModel> {
    let row = |job: NewJob| ActiveModel {
        id: NotSet,
        kind: Set(job.kind),
        dedup_key: Set(job.dedup_key),
        generation: Set(0),
        payload: Set(job.payload),
        priority: Set(job.priority),
        state: Set(JobState::Ready),
        run_at: Set(job.run_at),
        attempt: Set(0),
        lost: Set(0),
        max_attempt: Set(job.max_attempt),
        fence: Set(0),
        lease_owner: Set(None),
        last_error: Set(None),
        trace_id: Set(job.trace_id),
        created_at: Set(now),
        finished_at: Set(None),
        put_at: Set(now),
    };
    jobs.into_iter().map(row).collect()
}

/// Tells whether a job with this key is still to be done.
pub async fn waits(conn: &impl ConnectionTrait, kind: JobKind, key: &str) -> Result<bool, DbErr> {
    let open = Column::State.is_in([JobState::Ready, JobState::Running]);
    let found = Entity::find()
        .filter(Column::Kind.eq(kind))
        .filter(Column::DedupKey.eq(key))
        .filter(open)
        .count(conn);
    Ok(found.await? > 0)
}

/// Enqueues a job whose key was used before and has ended, as its next generation; nothing while one
/// waits or runs, which will look at everything once more.
pub async fn again(
    tx: &impl ConnectionTrait,
    kind: JobKind,
    job: NewJob,
    now: Timestamp,
) -> Result<(), DbErr> {
    next_generation(tx, (kind, job), "'ready', 'running'", now).await
}

/// The same for a job that looks at its one thing only once: one that still runs may be past that,
/// so the next generation waits beside it.
pub async fn anew(
    tx: &impl ConnectionTrait,
    kind: JobKind,
    job: NewJob,
    now: Timestamp,
) -> Result<(), DbErr> {
    next_generation(tx, (kind, job), "'ready'", now).await
}

async fn next_generation(
    tx: &impl ConnectionTrait,
    (kind, job): (JobKind, NewJob),
    enough: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let text = format!(
        "INSERT INTO job (kind, dedup_key, generation, payload, priority, state, run_at,
            max_attempt, trace_id, created_at, put_at)
        SELECT kind, dedup_key, MAX(generation) + 1, $3, $4, 'ready', $5, $6, $7, $8, $8 FROM job
        WHERE kind = $1 AND dedup_key = $2 GROUP BY kind, dedup_key
        HAVING COUNT(CASE WHEN state IN ({enough}) THEN 1 END) = 0
        ON CONFLICT (kind, dedup_key, generation) DO NOTHING"
    );
    let values = [
        kind.into(),
        job.dedup_key.clone().into(),
        job.payload.clone().into(),
        job.priority.into(),
        job.run_at.into(),
        job.max_attempt.into(),
        job.trace_id.clone().into(),
        now.into(),
    ];
    let added = tx.execute_raw(sql(tx, &text, values)).await?.rows_affected();
    if added > 0 {
        return Ok(());
    }
    // The jobs of a week ago are gone: then it is as good as new.
    let there = Entity::find().filter(Column::Kind.eq(kind));
    let there = there.filter(Column::DedupKey.eq(job.dedup_key.as_str())).count(tx).await?;
    if there == 0 { enqueue(tx, vec![job], now).await } else { Ok(()) }
}

/// Tells whether a later generation of a job is there, which does what this one was to do.
pub async fn is_superseded(conn: &impl ConnectionTrait, job: &Model) -> Result<bool, DbErr> {
    let later = Entity::find()
        .filter(Column::Kind.eq(job.kind))
        .filter(Column::DedupKey.eq(job.dedup_key.as_str()))
        .filter(Column::Generation.gt(job.generation));
    Ok(later.count(conn).await? > 0)
}

/// How a worker claims.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    pub owner: &'a str,
    pub now: Timestamp,
    /// End of the lease.
    pub until: Timestamp,
    pub which: Which,
}

/// Which jobs are claimed.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// Jobs between two priorities, as many as there are free permits: never more than can be
    /// started at once.
    Fresh((i32, i32), i64),
    /// One job that already cost two leases. Only for a worker that holds all its permits, so that
    /// poison meets no neighbour.
    Suspect,
}

/// Claims due jobs, urgent and old first; none of a kind that came later, and none from a database
/// that belongs to a newer program. A claimed job that was still running has lost its lease: that
/// counts in `lost`, not as an attempt.
pub async fn claim(tx: &impl ConnectionTrait, claim: &Claim<'_>) -> Result<Vec<Model>, DbErr> {
    let lost_then = "lost + CASE WHEN state = 'running' THEN 1 ELSE 0 END";
    let (which, order, limit) = match claim.which {
        Which::Fresh((from, to), limit) => {
            let which = format!("priority BETWEEN {from} AND {to} AND {lost_then} < 2");
            (which, "priority, run_at, id", limit)
        }
        // With the plus SQLite finds them by their own index, not in the turn of all open jobs.
        Which::Suspect => (suspect(lost_then), "+priority, run_at, id", 1),
    };
    let (ours, known, lock) = (schema::is_ours(), is_known(tx), skip_locked(tx));
    let due = format!(
        "SELECT id FROM job WHERE state IN ('ready', 'running') AND run_at <= $3
            AND {which} AND {known} AND {ours} ORDER BY {order} LIMIT $4 {lock}"
    );
    let is_due = match tx.get_database_backend() {
        // An array is read once. What stands behind IN may be read again for each row of the table,
        // each time past the rows that are locked by then: LIMIT 1 claimed six.
        DatabaseBackend::Postgres => format!("= ANY (ARRAY({due}))"),
        _ => format!("IN ({due})"),
    };
    let text = format!(
        "UPDATE job SET state = 'running', fence = fence + 1, run_at = $2,
            lease_owner = $1 || CASE WHEN state = 'running' THEN '{INHERITED}' ELSE '' END,
            attempt = attempt + CASE WHEN state = 'ready' THEN 1 ELSE 0 END, lost = {lost_then}
         WHERE id {is_due} RETURNING *"
    );
    let [now, until] = [claim.now.into(), claim.until.into()];
    let values = [claim.owner.into(), until, now, limit.into()];
    let mut claimed = Model::find_by_statement(sql(tx, &text, values)).all(tx).await?;
    // RETURNING promises no order.
    claimed.sort_unstable_by_key(|job| job.id);
    Ok(claimed)
}

/// The end of an owner's name who took a lost lease over.
const INHERITED: &str = "+";

/// Tells whether the claim that brought this job took a lost lease over: its owner's name says so,
/// because RETURNING knows only the row as it became.
pub fn inherited(claimed: &Model) -> bool {
    claimed.lease_owner.as_ref().is_some_and(|owner| owner.ends_with(INHERITED))
}

/// Tells whether a due job already cost two leases, so that it may only be claimed alone.
pub async fn suspect_due(conn: &impl ConnectionTrait, now: Timestamp) -> Result<bool, DbErr> {
    let text = format!(
        "SELECT id FROM job WHERE state IN ('ready', 'running') AND run_at <= $1 AND {} AND {}
            LIMIT 1",
        suspect("lost + CASE WHEN state = 'running' THEN 1 ELSE 0 END"),
        is_known(conn)
    );
    Ok(conn.query_one_raw(sql(conn, &text, [now.into()])).await?.is_some())
}

/// The first half stands in the condition of the index.
fn suspect(lost_then: &str) -> String {
    format!("lost >= 1 AND {lost_then} >= 2")
}

/// The condition that this program has the job's kind: after a roll back one that came later waits
/// for the program that knows it, and keeps nothing else from being read.
fn is_known(conn: &impl ConnectionTrait) -> String {
    let kind = match conn.get_database_backend() {
        DatabaseBackend::Postgres => "kind",
        // With the plus SQLite does not look the kinds up in the index of all keys there ever were.
        _ => "+kind",
    };
    let words: Vec<&str> = JobKind::ALL.iter().map(|one| one.word()).collect();
    format!("{kind} IN ('{}')", words.join("', '"))
}

/// Lets waiting jobs run now that were put off until `until` at most; returns how many.
pub async fn release(
    tx: &impl ConnectionTrait,
    kind: JobKind,
    keys: Vec<String>,
    (now, until): (Timestamp, Timestamp),
) -> Result<u64, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(now))
        .col_expr(Column::PutAt, Expr::value(now))
        .filter(Column::Kind.eq(kind))
        .filter(Column::DedupKey.is_in(keys))
        .filter(Column::State.eq(JobState::Ready))
        .filter(Column::RunAt.gt(now))
        .filter(Column::RunAt.lte(until))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// The condition that a job is at work under this fence.
fn under(id: JobId, fence: i64) -> Condition {
    let held = Condition::all().add(Column::Id.eq(id)).add(Column::Fence.eq(fence));
    held.add(Column::State.eq(JobState::Running))
}

/// Keeps the lease of a job at work until an instant. `false`: it was lost.
pub async fn renew(
    tx: &impl ConnectionTrait,
    id: JobId,
    fence: i64,
    until: Timestamp,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(until))
        .filter(under(id, fence))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// How a claimed job goes on.
#[derive(Clone, Debug)]
pub struct Finish {
    pub state: JobState,
    /// When it runs again, for `Ready`.
    pub run_at: Timestamp,
    pub error: Option<String>,
    /// Takes an attempt back: the job was never started, or its try does not count.
    pub undo: bool,
    /// The run came back, so it ends no process: the leases that were lost count no more.
    pub came_back: bool,
}

/// Finishes, retries or buries a job under its fence. `false`: the lease was lost, and whoever has
/// it now decides.
pub async fn finish(
    tx: &impl ConnectionTrait,
    id: JobId,
    fence: i64,
    finish: &Finish,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let ended = matches!(finish.state, JobState::Done | JobState::Dead).then_some(now);
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(finish.state))
        .col_expr(Column::RunAt, Expr::value(finish.run_at))
        .col_expr(Column::PutAt, Expr::value(now))
        .col_expr(Column::LeaseOwner, Expr::value(Option::<String>::None))
        .col_expr(Column::LastError, Expr::value(finish.error.clone()))
        .col_expr(Column::FinishedAt, Expr::value(ended));
    if finish.undo {
        update = update.col_expr(Column::Attempt, Expr::col(Column::Attempt).sub(1));
    }
    if finish.came_back {
        update = update.col_expr(Column::Lost, Expr::value(0));
    }
    let changed = update.filter(under(id, fence)).exec(tx).await?;
    Ok(changed.rows_affected == 1)
}

/// Finishes jobs that are done, each under its fence; returns those whose lease was not lost.
pub async fn finish_done(
    tx: &impl ConnectionTrait,
    leases: &[(JobId, i64)],
    now: Timestamp,
) -> Result<Vec<JobId>, DbErr> {
    let held = leases.iter().fold(Condition::any(), |any, (id, fence)| {
        any.add(Column::Id.eq(*id).and(Column::Fence.eq(*fence)))
    });
    if leases.is_empty() {
        return Ok(Vec::new());
    }
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Done))
        .col_expr(Column::RunAt, Expr::value(now))
        .col_expr(Column::LeaseOwner, Expr::value(Option::<String>::None))
        .col_expr(Column::LastError, Expr::value(Option::<String>::None))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(held)
        .filter(Column::State.eq(JobState::Running))
        .exec_with_returning(tx)
        .await?;
    Ok(changed.into_iter().map(|job| job.id).collect())
}

/// Returns when the next job is due; `None` when nothing waits.
pub async fn earliest_due(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    // The states stand in the text: SQLite takes the partial index only when it can read them.
    let text = format!(
        "SELECT run_at FROM job WHERE state IN ('ready', 'running') AND {} ORDER BY run_at LIMIT 1",
        is_known(conn)
    );
    let row = conn.query_one_raw(sql(conn, &text, [])).await?;
    row.map(|row| row.try_get("", "run_at")).transpose()
}

/// The due jobs of one kind.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Due {
    pub kind: JobKind,
    pub count: i64,
    /// When the oldest of them became due.
    pub oldest: Timestamp,
}

/// Counts the jobs that are due, kind by kind; a kind without any is missing.
pub async fn due_by_kind(conn: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<Due>, DbErr> {
    let text = format!(
        "SELECT kind, COUNT(*) AS count, MIN(run_at) AS oldest FROM job
          WHERE state IN ('ready', 'running') AND run_at <= $1 AND {} GROUP BY kind",
        is_known(conn)
    );
    Due::find_by_statement(sql(conn, &text, [now.into()])).all(conn).await
}

/// Counts jobs in a state.
pub async fn count(conn: &impl ConnectionTrait, state: JobState) -> Result<u64, DbErr> {
    Entity::find().filter(Column::State.eq(state)).count(conn).await
}
