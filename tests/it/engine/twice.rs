//! Every job twice: each handler runs a second time on the same input, and neither the database nor
//! anybody outside sees a difference.

use entity::kinds::{CaseId, Channel, JobKind, Urgency};
use sea_orm::{ConnectionTrait, FromQueryResult, JsonValue, Statement};
use serde_json::{Value, json};
use zhinan::app::proof::seal as sealing;
use zhinan::app::work::Try;
use zhinan::config::Config;
use zhinan::engine::jobs::Work;
use zhinan::error::Error;
use zhinan::store;
use zhinan::store::job::NewJob;

use super::kit::{World, on_each_with};
use super::wecom_cards;

fn every_way(config: &mut Config) {
    wecom_cards::on(config);
    super::robots::on(config);
    super::media::on(config);
    super::followers::on(config);
}

/// Plans what a case needs long to bring about: a robot's message, and a question about reports.
async fn plan_the_rest(w: &World, case: CaseId) {
    let (s, case, now) = (w.s.clone(), w.find(case).await, w.s.clock.now());
    let writer = s.writer.clone();
    let unit = writer.commit(move |tx| {
        Box::pin(async move {
            zhinan::app::notice::robot::plan(&s, tx, &case, (0, 9), now).await?;
            let question = NewJob {
                kind: JobKind::SmsReports,
                dedup_key: "0".into(),
                payload: json!({ "minute": 0 }).to_string(),
                priority: 30,
                run_at: now,
                max_attempt: 3,
                trace_id: None,
            };
            store::job::enqueue(tx, vec![question], now).await?;
            Ok::<_, Error>(())
        })
    });
    unit.await.unwrap();
}

/// Confirms the notice of a year that a case waits for.
async fn wait_for_a_calendar(w: &World) {
    let case = w.report("停水", Urgency::Normal).await;
    let before = w.find(case).await.resolve_due_at;
    w.sql("UPDATE cases SET due_provisional = TRUE").await;
    w.sql(
        "INSERT INTO calendar_version (version, source, body, created_at, confirmed_by, confirmed_at)
         SELECT 1, 'command_line', 'table,date,day', 0, MIN(id), 1 FROM account",
    )
    .await;
    let (s, now) = (w.s.clone(), w.s.clock.now());
    let writer = s.writer.clone();
    let unit = writer.commit(move |tx| {
        Box::pin(async move { zhinan::app::calendar::redate::ask(&s, tx, 1, now).await })
    });
    unit.await.unwrap();
    w.run_due().await;
    let after = w.find(case).await;
    assert!(!after.due_provisional && after.resolve_due_at != before, "{after:?}");
}

/// A month to print, or an export that waits.
pub async fn figures(w: &World, kind: JobKind) {
    w.report("停水", Urgency::Normal).await;
    let (id, now) = (7, w.s.clock.now());
    w.sql(&format!(
        "INSERT INTO figure_export (id, account_id, what, format, purpose, question, state,
            cases_read, rows_written, created_at)
         SELECT {id}, (SELECT MAX(reporter_id) FROM cases), 'cases', 'csv', 'x',
            '{{\"ids\":[\"M4\"],\"from\":0,\"to\":{},\"as_of\":{},\"by\":\"none\",\"filter\":\"\"}}',
            'waiting', 0, 0, 0",
        now.0 + 1,
        now.0 + 1
    ))
    .await;
    let as_of = now - std::time::Duration::from_hours(1);
    let printing = json!({ "period": "2026-11", "revision": 0, "as_of": as_of.0, "reason": null,
        "by": null });
    let payload = json!({ "printing": printing, "export": id, "day": "2026-11-25" });
    let job = NewJob {
        kind,
        dedup_key: "x".into(),
        payload: payload.to_string(),
        priority: 30,
        run_at: now,
        max_attempt: 3,
        trace_id: None,
    };
    let unit = w.s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::job::enqueue(tx, vec![job], now).await?) })
    });
    unit.await.unwrap();
}

/// Dooms a file of a person who is to be erased.
async fn doom(w: &World) {
    w.s.storage.put("doomed.jpg", b"a picture".to_vec()).await.unwrap();
    w.sql(
        "INSERT INTO erasure (account_id, cases, bodies, files, erased_at)
        SELECT MIN(id), 0, 0, 1, 0 FROM account",
    )
    .await;
    w.sql(
        "INSERT INTO doomed_file (object, erasure_id, doomed_at)
        SELECT 'doomed.jpg', id, 0 FROM erasure",
    )
    .await;
    let (s, now) = (w.s.clone(), w.s.clock.now());
    let writer = s.writer.clone();
    let unit = writer.commit(move |tx| {
        Box::pin(async move { zhinan::app::my::files::ask(&s, tx, "1".into(), now).await })
    });
    unit.await.unwrap();
}

/// Makes work of a kind. A kind without a row here does not compile.
/// Two days later the days are asked for.
async fn seal(w: &World) {
    w.report("停水", Urgency::Normal).await;
    while w.run_due().await > 0 {}
    w.stand.advance(2 * 24 * 60 * 60);
    let (s, now) = (w.s.clone(), w.s.clock.now());
    let unit =
        w.s.writer.commit(move |tx| Box::pin(async move { sealing::ask(&s, tx, now).await }));
    unit.await.unwrap();
    while w.run_due().await > 0 {}
    assert!(!rows(w, "SELECT day FROM ledger_checkpoint").await.is_empty(), "nothing was sealed");
}

async fn input(w: &World, kind: JobKind) {
    match kind {
        JobKind::SendNotice => {
            w.case("停水").await;
            w.report("停电", Urgency::Normal).await;
            let refused = json!({ "path": "/cgi-bin/message/template/send", "code": 43004 });
            w.stand.faults(json!({ "errcode": refused })).await;
        }
        JobKind::ContentCheck => {
            w.report("停水", Urgency::Normal).await;
            w.report("风险测试", Urgency::Normal).await;
        }
        JobKind::WechatEvent => super::callbacks::store_one_of_each(w).await,
        JobKind::LearnNames => super::names::teach(w).await,
        JobKind::UpdateCard => {
            wecom_cards::join(w, "primary").await;
            wecom_cards::listen(w).await;
            w.case("停水").await;
            w.run_due().await;
            wecom_cards::press(w, "primary", json!({})).await;
        }
        JobKind::Retell => super::outages::owe_and_tell(w).await,
        JobKind::RobotLine | JobKind::SmsReports => {
            let case = w.case("停水").await;
            plan_the_rest(w, case).await;
        }
        JobKind::EraseFiles => doom(w).await,
        JobKind::Redate => wait_for_a_calendar(w).await,
        JobKind::FreezeFigures
        | JobKind::ExportFigures
        | JobKind::ListHints
        | JobKind::RollUpFigures => {
            figures(w, kind).await;
        }
        JobKind::CheckMedia => super::media::have_one_looked_at(w).await,
        JobKind::JoinFollowers => super::followers::ask(w).await,
        JobKind::SealDay => seal(w).await,
        JobKind::SendProbe => super::probes::plan(w, "secretary", Channel::OaTemplate).await,
    }
}

async fn rows(w: &World, text: &str) -> Vec<Value> {
    let backend = w.s.db.read.get_database_backend();
    let all = JsonValue::find_by_statement(Statement::from_string(backend, text));
    all.all(&w.s.db.read).await.unwrap()
}

/// Every row of every table but the jobs, and every call that left the house.
async fn picture(w: &World) -> Value {
    let tables = if w.s.db.is_sqlite() {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    };
    let mut picture = json!({ "calls": w.stand.get("/_sandbox/calls").await });
    for table in rows(w, tables).await {
        let name = table["name"].as_str().unwrap();
        if name != "job" {
            let mut all = rows(w, &format!("SELECT * FROM {name}")).await;
            all.sort_by_key(Value::to_string);
            picture[name] = all.into();
        }
    }
    let jobs = "SELECT id, kind, dedup_key, generation, payload FROM job ORDER BY id";
    picture["job"] = rows(w, jobs).await.into();
    picture
}

fn differences(before: &Value, after: &Value) -> Vec<String> {
    let tables = before.as_object().unwrap();
    let changed = tables.iter().filter(|(table, rows)| after[table.as_str()] != **rows);
    changed.map(|(table, rows)| format!("{table}: {rows} -> {}", after[table.as_str()])).collect()
}

async fn twice(kind: JobKind) {
    on_each_with(every_way, async |w| {
        input(&w, kind).await;
        while w.run_due().await > 0 {}
        w.after(5).await;
        let of_kind: Vec<_> = w.jobs().await.into_iter().filter(|job| job.kind == kind).collect();
        assert!(!of_kind.is_empty(), "nothing of this kind was asked for");
        let before = picture(&w).await;
        let learned = before["address_alias"].to_string().contains("老机床厂院");
        assert_eq!(learned, kind == JobKind::LearnNames, "what is learned");
        w.stand.advance(1);
        for job in of_kind {
            let work = Work::decode(&job).unwrap();
            work.clone()
                .run(&w.s, Try { attempt: 1, max_attempt: 12, generation: 0 })
                .await
                .unwrap();
            work.give_up(&w.s).await.unwrap();
        }
        let direct = differences(&before, &picture(&w).await);
        assert!(direct.is_empty(), "{}: {direct:#?}", kind.word());
        // One that waits or ended dead has not run to its end even once.
        w.sql("UPDATE job SET run_at = 9000000000000000 WHERE state = 'ready'").await;
        let again = "UPDATE job SET state = 'ready', run_at = 0, finished_at = NULL";
        w.sql(&format!("{again} WHERE state = 'done' AND kind = '{}'", kind.word())).await;
        assert!(w.run_due().await > 0);
        let claimed = differences(&before, &picture(&w).await);
        assert!(claimed.is_empty(), "{}, claimed again: {claimed:#?}", kind.word());
    })
    .await;
}

#[tokio::test]
async fn every_job_may_run_a_second_time_and_even_be_given_up_after_it_was_done() {
    for kind in JobKind::ALL {
        Box::pin(twice(*kind)).await;
    }
}
