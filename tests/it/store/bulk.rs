//! Many rows in one statement: each comes back as it was handed in.

use entity::job;
use entity::kinds::{JobKind, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, QueryOrder};
use zhinan::store::batch::take_ids;
use zhinan::store::job::{NewJob, enqueue};

use crate::kit::App;

/// Whatever an array of a database might take for something else.
const WORDS: [&str; 14] = [
    "",
    " ",
    "NULL",
    "null",
    "{}",
    "{a,b}",
    ",",
    "\"",
    "\\",
    "a\\\"b",
    "一行\n又一行\t",
    "'';--",
    "$1",
    "阳光花园",
];

#[tokio::test]
async fn whatever_the_rows_hold_and_leave_empty_comes_back_as_it_was() {
    let app = App::start().await;
    // More than one statement takes; every third leaves out what may be empty.
    let jobs: Vec<NewJob> = (0..600_usize)
        .map(|n| NewJob {
            kind: JobKind::ContentCheck,
            dedup_key: format!("{}/{n}", WORDS[n % WORDS.len()]),
            payload: WORDS[(n / 3) % WORDS.len()].to_owned(),
            priority: i32::try_from(n).unwrap() - 300,
            run_at: Timestamp(i64::MAX - i64::try_from(n).unwrap()),
            max_attempt: 1,
            trace_id: (n % 3 > 0).then(|| WORDS[(n / 2) % WORDS.len()].to_owned()),
        })
        .collect();
    let (handed_in, db) = (jobs.clone(), app.services());
    db.writer
        .commit(move |tx| {
            Box::pin(async move {
                enqueue(tx, jobs.clone(), Timestamp(1)).await?;
                // The same keys once more: nothing is stored, and nothing fails.
                enqueue(tx, jobs, Timestamp(2)).await.map_err(zhinan::error::Error::from)
            })
        })
        .await
        .unwrap();
    let stored = job::Entity::find().order_by_asc(job::Column::Priority).all(&db.db.read).await;
    let stored: Vec<_> =
        stored.unwrap().into_iter().filter(|row| row.created_at == Timestamp(1)).collect();
    assert_eq!(stored.len(), handed_in.len());
    for (row, job) in stored.iter().zip(&handed_in) {
        let NewJob { dedup_key, payload, priority, run_at, trace_id, .. } = job.clone();
        let came = (row.dedup_key.clone(), row.payload.clone(), row.priority, row.run_at);
        assert_eq!(came, (dedup_key, payload, priority, run_at));
        assert_eq!((row.trace_id.clone(), row.finished_at), (trace_id, None), "{}", row.dedup_key);
    }
}

#[tokio::test]
async fn ids_that_are_taken_rise_and_are_behind_all_that_is_written() {
    let app = App::start().await;
    let s = app.services();
    let unit = s.writer.commit(|tx| {
        Box::pin(async move {
            let wanted = [("job", 2), ("case_event", 0), ("notice", 3)];
            let first = take_ids(tx, wanted).await?;
            let job = |n: u32| NewJob {
                kind: JobKind::ContentCheck,
                dedup_key: n.to_string(),
                payload: String::new(),
                priority: 1,
                run_at: Timestamp(i64::MAX),
                max_attempt: 1,
                trace_id: None,
            };
            enqueue(tx, (0..5).map(job).collect(), Timestamp(1)).await?;
            let written: Vec<i64> =
                job::Entity::find().all(tx).await?.into_iter().map(|row| row.id.0).collect();
            let [next, ..] = take_ids(tx, wanted).await?;
            if tx.get_database_backend() == DatabaseBackend::Sqlite {
                // As a file has it that somebody repaired by hand.
                tx.execute_unprepared("DELETE FROM sqlite_sequence WHERE name = 'job'").await?;
            }
            let [repaired, ..] = take_ids(tx, wanted).await?;
            Ok::<_, zhinan::error::Error>((first, written, [next, repaired]))
        })
    });
    let ([jobs, events, notices], written, next) = unit.await.unwrap();
    assert_eq!((jobs.len(), events.len(), notices.len()), (2, 0, 3));
    assert!(
        jobs.is_sorted_by(|one, next| one < next) && notices.is_sorted_by(|one, next| one < next)
    );
    for next in next {
        assert!(written.iter().max() < next.iter().min(), "{written:?} {next:?}");
    }
}
