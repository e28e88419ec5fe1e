//! The database is away for a moment, or slow, while something is known that nobody may forget: that
//! a carrier was called and what it said, or that nobody was called.

use entity::kinds::{CaseId, JobKind, JobState, NoticeId, NoticeState, Urgency};
use entity::notice;
use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use serde_json::json;
use zhinan::app::notice::{letter, send, together};
use zhinan::app::work::Try;
use zhinan::engine::finish;
use zhinan::engine::record::Recorder;

use super::kit::{World, on_each};
use crate::kit::clock::{seconds, until};

const SUBSCRIBE: &str = "/cgi-bin/message/subscribe/send";

/// What a server says that is stopped by an operator.
const REFUSES: &str = "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;
 CREATE TRIGGER away BEFORE UPDATE ON notice FOR EACH ROW EXECUTE FUNCTION away()";

/// A database in which nobody changes a notice until this ends: of a file another program keeps the
/// only place of a writer, a server refuses.
struct Away(Option<DatabaseTransaction>);

impl Away {
    async fn begin(w: &World) -> Self {
        if !w.s.db.is_sqlite() {
            w.sql(REFUSES).await;
            return Self(None);
        }
        w.sql("PRAGMA busy_timeout = 0").await;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Self(Some(w.connect().await.begin_with_options(options).await.unwrap()))
    }

    /// Ends when it was met after so many times before.
    async fn end_when_met(self, w: &World, before: u64) {
        until("a write that is refused", async || (met(w) > before).then_some(())).await;
        match self.0 {
            Some(held) => held.rollback().await.unwrap(),
            None => w.sql("DROP FUNCTION away() CASCADE").await,
        }
    }
}

fn met(w: &World) -> u64 {
    w.s.metrics.troubles.with_label_values(&["database_down"]).get()
}

/// Leaves one to tell, through the mini-program alone, where no message may be repeated; gets its
/// token.
async fn only_mini(w: &World) {
    w.give_mini("primary", 5).await;
    w.sql(
        "UPDATE wechat_identity SET dead_at = 1 WHERE openid NOT IN ('mini-primary', 'resident')",
    )
    .await;
    case(w).await;
    w.run_due().await;
    assert_eq!((w.told().await, credits(w).await), (vec!["mini-primary".to_owned()], 4));
    w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
}

/// Reports something that may wait, and has been looked at.
async fn case(w: &World) -> CaseId {
    let case = w.report("停水", Urgency::Normal).await;
    w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
    w.sql("DELETE FROM job WHERE kind = 'content_check'").await;
    w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
    case
}

async fn credits(w: &World) -> i32 {
    w.credits().await[0].1
}

async fn notice(w: &World, case: CaseId) -> notice::Model {
    w.notices(case).await.remove(0)
}

/// Whether it was made ready with others or step by step, which a job is that cost a lease.
async fn lost(w: &World, leases: i32) {
    let text = "WHERE kind = 'send_notice' AND state = 'ready'";
    w.sql(&format!("UPDATE job SET lost = {leases} {text}")).await;
}

#[tokio::test]
async fn what_a_carrier_said_is_recorded_when_the_database_is_back() {
    for (leases, code) in [(0, None), (1, None), (0, Some(45_009)), (1, Some(45_009))] {
        on_each(async |w| {
            only_mini(&w).await;
            let case = case(&w).await;
            lost(&w, leases).await;
            if let Some(code) = code {
                w.stand.faults(json!({ "errcode": { "path": SUBSCRIBE, "code": code } })).await;
            }
            w.stand.faults(json!({ "slow_ms": 1_000 })).await;
            let (calls, before) = (w.stand.calls(SUBSCRIBE).await, met(&w));
            let blink = async {
                let called = async || (w.stand.calls(SUBSCRIBE).await > calls).then_some(());
                until("the call", called).await;
                Away::begin(&w).await.end_when_met(&w, before).await;
            };
            tokio::join!(w.run_due(), blink);
            let (state, left) = match code {
                None => (NoticeState::Accepted, 3),
                Some(_refused) => (NoticeState::Planned, 4),
            };
            let notice = notice(&w, case).await;
            assert_eq!(notice.state, state, "{leases} {code:?}: {notice:?}");
            assert_eq!(credits(&w).await, left, "{leases} {code:?}");
        })
        .await;
    }
}

/// The same unit comes a second time, which finds what the first one has committed.
#[tokio::test]
async fn what_was_marked_by_a_unit_whose_answer_was_lost_is_planned_again_with_its_consent() {
    for step_by_step in [false, true] {
        on_each(async |w| {
            only_mini(&w).await;
            let (first, second) = (case(&w).await, case(&w).await);
            let ids = [notice(&w, first).await.id, notice(&w, second).await.id];
            together::prepare(&w.s, vec![ids[0]]).await.unwrap();
            let marked = notice(&w, first).await;
            assert_eq!((marked.state, credits(&w).await), (NoticeState::Sending, 3));
            let before = met(&w);
            let away = Away::begin(&w).await;
            let again = is_lost(&w, &ids, step_by_step);
            let (is_lost, ()) = tokio::join!(again, away.end_when_met(&w, before));
            assert!(is_lost);
            for case in [first, second] {
                let notice = notice(&w, case).await;
                let planned = (NoticeState::Planned, None);
                assert_eq!((notice.state, notice.sending_at), planned, "{step_by_step}");
            }
            assert_eq!(credits(&w).await, 4, "{step_by_step}");
            assert!(w.told().await.is_empty());
        })
        .await;
    }
}

/// Marks notices, or the first of them by itself; tells whether that failed.
async fn is_lost(w: &World, ids: &[NoticeId], step_by_step: bool) -> bool {
    if step_by_step {
        let this = Try { attempt: 1, max_attempt: 12, generation: 0 };
        return send::run(&w.s, ids[0], this).await.is_err();
    }
    together::prepare(&w.s, ids.to_vec()).await.is_err()
}

/// Nor is it taken back twice.
#[tokio::test]
async fn what_was_marked_at_another_instant_stays_marked() {
    on_each(async |w| {
        only_mini(&w).await;
        let case = case(&w).await;
        let id = notice(&w, case).await.id;
        together::prepare(&w.s, vec![id]).await.unwrap();
        let marked_at = w.s.clock.now();
        for (later, state, left) in [
            (1, NoticeState::Sending, 3),
            (0, NoticeState::Planned, 4),
            (0, NoticeState::Planned, 4),
        ] {
            let (s, at) = (w.s.clone(), marked_at + seconds(later));
            let unit = w
                .s
                .writer
                .commit(move |tx| Box::pin(async move { letter::unmark(&s, tx, &[id], at).await }));
            unit.await.unwrap();
            assert_eq!((notice(&w, case).await.state, credits(&w).await), (state, left));
        }
    })
    .await;
}

/// A lease lasts for 60 s, of which a job may take 25: behind them another process would be at it.
#[tokio::test]
async fn what_was_made_ready_too_late_for_its_lease_is_given_back_and_nobody_is_called() {
    for (waited, leases, in_time) in [(35, 0, true), (35, 1, true), (36, 0, false), (36, 1, false)]
    {
        on_each(async |w| {
            only_mini(&w).await;
            let case = case(&w).await;
            lost(&w, leases).await;
            let jobs = w.claim("worker").await;
            let mut letters = finish::prepare(&w.s, &jobs).await;
            assert_eq!(letters.len(), usize::from(leases == 0));
            w.stand.advance(waited);
            let recorder = Recorder::start(&w.s);
            for job in jobs {
                let letter = letters.remove(&job.id);
                Box::pin(finish::run(&w.s, job, letter, &recorder)).await;
            }
            assert_eq!(w.told().await.len(), usize::from(in_time), "{waited} {leases}");
            let notice = notice(&w, case).await;
            let jobs = w.jobs().await;
            let job = jobs.iter().rfind(|job| job.kind == JobKind::SendNotice).unwrap();
            let found = (notice.state, job.state, job.attempt, job.lost, credits(&w).await);
            let expected = if in_time {
                (NoticeState::Accepted, JobState::Done, 1, leases, 3)
            } else {
                (NoticeState::Planned, JobState::Ready, 0, leases, 4)
            };
            assert_eq!(found, expected, "{waited} {leases}");
        })
        .await;
    }
}
