//! A database verified by itself: somebody who may write all of it changes what its own checkpoints
//! say, takes cases out, or turns what decides which figures read a case.

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::mpsc;

use entity::kinds::EventType;
use entity::{case_event, cases, ledger_head};
use rustix::fs::{CWD, Mode};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use tokio::sync::oneshot;
use zhinan::app::proof::{export, publish, seal, verify};
use zhinan::app::work::Outcome;
use zhinan::domain::case::ledger::{Entry, hash};
use zhinan::domain::case::state::is_open;
use zhinan::store::checkpoint::{End, newest_ends};

use super::figures::observe;
use super::printing::sweep;
use super::proof::{exported, findings, force, sealed_street, verified, within};
use crate::kit::App;
use crate::kit::clock::hours;

const SEALED: [&str; 3] = ["ledger_head", "ledger_annex", "ledger_checkpoint"];

/// Changes the database without its references.
async fn tear(app: &App, text: &str) {
    let (before, after) = if app.services().db.is_sqlite() {
        ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    } else {
        ("SET session_replication_role = replica", "SET session_replication_role = origin")
    };
    force(app, &format!("{before}; {text}; {after}")).await;
}

async fn newest(app: &App) -> cases::Model {
    let newest = cases::Entity::find().order_by_desc(cases::Column::Id);
    newest.one(&app.services().db.read).await.unwrap().unwrap()
}

async fn count_of_checkpoints(app: &App) -> usize {
    let all = entity::ledger_checkpoint::Entity::find().all(&app.services().db.read);
    all.await.unwrap().len()
}

#[tokio::test]
async fn checkpoints_that_are_gone_or_signed_anew_are_told_by_the_file_that_kept_them() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    app.declare_log("the file of checkpoints says something else than the database");
    let file = app.services().settings.checkpoint_file.clone();
    assert_eq!(within(&app, None).await, Vec::<String>::new());

    // One of them says something else: the kept one counts, and no case is accused.
    force(&app, "UPDATE ledger_checkpoint SET root = prev WHERE day = '2026-11-26'").await;
    let said = "2026-11-26 日的检查点与检查点文件里的不同：被改写，或重新签过";
    assert_eq!(within(&app, None).await, [said]);

    for table in SEALED {
        force(&app, &format!("DELETE FROM {table}")).await;
    }
    let said =
        "检查点文件里有 2026-11-24 日的检查点，数据库却没有：数据库由旧备份恢复，或检查点被删除";
    assert_eq!(within(&app, None).await, [said]);
    let number = newest(&app).await.number;
    let forged = format!(
        "UPDATE case_event SET seq = seq + 100 WHERE seq > 1 AND case_id =
            (SELECT id FROM cases WHERE number = '{number}')"
    );
    force(&app, &forged).await;
    let found = within(&app, None).await;
    assert!(found.len() == 2 && found[1].starts_with(&number), "{found:?}");

    // Nothing is signed on top of it.
    let outcome = seal::run(app.services()).await.unwrap();
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert_eq!(count_of_checkpoints(&app).await, 0);

    // The file is gone too: entries went on, and nothing seals them.
    std::fs::remove_file(&file).unwrap();
    let found = within(&app, None).await;
    assert!(found[0].starts_with("2026-11-24 日起的记录不在任何检查点里"), "{found:?}");
}

#[tokio::test]
async fn a_file_of_checkpoints_that_somebody_changed_is_named_and_does_not_count() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let file = app.services().settings.checkpoint_file.clone();
    let kept = std::fs::read_to_string(&file).unwrap();
    let one = kept.lines().nth(1).unwrap();
    let root = &published_root(one);
    std::fs::write(&file, kept.replacen(root, &"0".repeat(64), 1)).unwrap();
    let said = "检查点文件里 2026-11-25 日的签名不对：文件被改动，或不是用这把密钥签的";
    assert_eq!(within(&app, None).await, [said]);
    std::fs::write(&file, kept.replacen("{\"day\"", "day", 1)).unwrap();
    assert_eq!(within(&app, None).await, ["检查点文件第 1 行不是有效的记录：被改动"]);
    // A crash in the middle of a line is no change.
    std::fs::write(&file, format!("{kept}{{\"day\":\"2026-12")).unwrap();
    assert_eq!(within(&app, None).await, Vec::<String>::new());
}

/// Gives the last entry of a case that is sealed to its end a time of the client, with hashes that
/// fit, and takes what was sealed of it away. Returns number and entry.
async fn forge_without_head(app: &App) -> String {
    let db = &app.services().db.read;
    let heads = ledger_head::Entity::find().order_by_asc(ledger_head::Column::CaseId).all(db).await;
    let mut found = None;
    for head in heads.unwrap() {
        let case = crate::kit::builders::find(app, head.case_id).await;
        let last = case_event::Column::CaseId.eq(case.id);
        let last = case_event::Entity::find().filter(last).order_by_desc(case_event::Column::Seq);
        let last = last.one(db).await.unwrap().unwrap();
        if i64::from(last.seq) == head.last_seq {
            found = Some((case, last));
            break;
        }
    }
    let Some((case, event)) = found else { panic!("no case is sealed to its end") };
    let entry = Entry {
        case_number: case.number.clone(),
        seq: i64::from(event.seq),
        kind: event.kind,
        actor_id: event.actor_id.map(|id| id.0),
        actor_role: event.actor_role,
        server_time: event.server_time,
        client_time: Some(event.server_time),
        payload_commitment: event.payload_commitment,
        prev_hash: event.prev_hash,
    };
    let (hash, id, event) = (hash(&entry).unwrap(), case.id, event.id);
    for text in [
        format!(
            "UPDATE case_event SET client_time = server_time, hash = '{hash}' WHERE id = {event}"
        ),
        format!("UPDATE cases SET last_hash = '{hash}' WHERE id = {id}"),
        format!("DELETE FROM ledger_head WHERE case_id = {id} AND last_seq = {}", entry.seq),
    ] {
        force(app, &text).await;
    }
    format!("{} 第 {} 条", case.number, entry.seq)
}

/// What is signed is the same on both sides then; the database has other heads, or another signature.
#[tokio::test]
async fn heads_and_signatures_count_as_the_file_kept_them() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    app.declare_log("the file of checkpoints says something else than the database");
    // The last day is an empty one.
    for _ in 0..2 {
        app.advance(hours(24));
        sweep(&app).await;
    }
    let forged = forge_without_head(&app).await;
    let found = within(&app, None).await;
    let said = "日检查点的清单或签名与检查点文件里的不同：数据库里的被改动";
    assert!(found.len() == 2 && found[0].ends_with(said), "{found:?}");
    assert!(found[1].starts_with(&forged) && found[1].contains("被改写"), "{found:?}");

    // A signature that is none, of the last day: nothing is signed on top of it either.
    assert_eq!(publish::run(app.services()).await.unwrap(), Outcome::Done);
    let last = "(SELECT MAX(day) FROM ledger_checkpoint)";
    force(&app, &format!("UPDATE ledger_checkpoint SET signature = prev WHERE day = {last}")).await;
    for outcome in [publish::run(app.services()).await, seal::run(app.services()).await] {
        let outcome = outcome.unwrap();
        assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    }
    let found = within(&app, None).await;
    assert!(found.len() == 2 && found[1].starts_with(&forged), "{found:?}");
}

/// A list that was changed in the file alone does not count.
#[tokio::test]
async fn the_database_counts_where_the_heads_of_the_file_are_not_those_that_were_signed() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let file = app.services().settings.checkpoint_file.clone();
    let kept = std::fs::read_to_string(&file).unwrap();
    let number = kept.split("[\"NC-").nth(1).unwrap().split('"').next().unwrap();
    let changed = kept.replacen(number, "20991231-00001", 1);
    std::fs::write(&file, changed).unwrap();
    let said = "检查点文件里 2026-11-24 日的清单与签名的根不符：文件被改动";
    assert_eq!(within(&app, None).await, [said]);
}

#[tokio::test]
async fn what_an_editor_leaves_in_the_file_of_checkpoints_is_no_line_of_it() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    app.declare_log("the file of checkpoints says something else than the database");
    let file = app.services().settings.checkpoint_file.clone();
    let kept = std::fs::read_to_string(&file).unwrap();
    for left in ["\n", "\r\n \n", "\u{feff}\n"] {
        let edited = format!("\u{feff}{kept}{left}");
        std::fs::write(&file, &edited).unwrap();
        assert_eq!(within(&app, None).await, Vec::<String>::new(), "{left:?}");
        assert_eq!(publish::run(app.services()).await.unwrap(), Outcome::Done);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), edited, "{left:?}: nothing twice");
    }
    force(&app, "UPDATE ledger_checkpoint SET count = count + 1").await;
    let outcome = publish::run(app.services()).await.unwrap();
    assert!(matches!(outcome, Outcome::Retry { .. }), "the last day is compared: {outcome:?}");
    force(&app, "UPDATE ledger_checkpoint SET count = count - 1").await;

    // One line that is none is named, and those behind it count.
    for table in SEALED {
        force(&app, &format!("DELETE FROM {table} WHERE day = '2026-12-02'")).await;
    }
    std::fs::write(&file, format!("x\n{kept}")).unwrap();
    let gone =
        "检查点文件里有 2026-12-02 日的检查点，数据库却没有：数据库由旧备份恢复，或检查点被删除";
    let bad = "检查点文件第 1 行不是有效的记录：被改动";
    assert_eq!(within(&app, None).await, [gone, bad]);
}

fn published_root(line: &str) -> String {
    let one: serde_json::Value = serde_json::from_str(line).unwrap();
    one["root"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_decides_which_figures_have_a_case_is_held_to_its_entries() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let number = newest(&app).await.number;
    for (column, change, back) in [
        ("reported_at", "reported_at + 86400000000", "reported_at - 86400000000"),
        ("last_event_at", "last_event_at - 1", "last_event_at + 1"),
        ("reopens", "reopens + 1", "reopens - 1"),
    ] {
        let set = |to: &str| format!("UPDATE cases SET {column} = {to} WHERE number = '{number}'");
        force(&app, &set(change)).await;
        let found = within(&app, None).await;
        let said = format!("{number} {column} 在工单表里被改动：记为 ");
        assert!(found.len() == 1 && found[0].starts_with(&said), "{column}: {found:?}");
        force(&app, &set(back)).await;
    }
    assert_eq!(within(&app, None).await, Vec::<String>::new());
    // An open case that nobody sees any more.
    let all = cases::Entity::find().order_by_asc(cases::Column::Id).all(&app.services().db.read);
    let open = all.await.unwrap().into_iter().find(|case| is_open(case.state)).unwrap();
    let text = "UPDATE cases SET state = 'cancelled', next_check_at = NULL WHERE id =";
    force(&app, &format!("{text} {}", open.id)).await;
    let said = "state 在工单表里被改动：记为 cancelled，由账本应为 open";
    assert_eq!(within(&app, None).await, [format!("{} {said}", open.number)]);
}

#[tokio::test]
async fn a_case_that_is_taken_out_whole_or_numbered_anew_is_named() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let case = newest(&app).await;
    let (id, number) = (case.id, case.number);
    let new = "NC-20991231-00001";
    force(&app, &format!("UPDATE cases SET number = '{new}' WHERE id = {id}")).await;
    let said = format!("{number} 第 1 条 case_number 被改动：当时为 {number}");
    assert_eq!(within(&app, None).await, std::slice::from_ref(&said));
    assert_eq!(findings(&verified(&exported(&app, (None, None)).await)), [said]);
    force(&app, &format!("UPDATE cases SET number = '{number}' WHERE id = {id}")).await;
    assert_eq!(within(&app, None).await, Vec::<String>::new());

    let events = format!("(SELECT id FROM case_event WHERE case_id = {id})");
    for text in [
        format!("DELETE FROM case_event_payload WHERE event_id IN {events}"),
        format!("DELETE FROM case_event WHERE case_id = {id}"),
        format!("DELETE FROM cases WHERE id = {id}"),
    ] {
        tear(&app, &text).await;
    }
    let said = format!("{number} 第 1 条 整件工单的记录缺失，而检查点里有它");
    assert_eq!(within(&app, None).await, std::slice::from_ref(&said));
    assert_eq!(findings(&verified(&exported(&app, (None, None)).await)), [said]);
}

/// One row ends neither a verification nor a night.
#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_the_rest_is_verified() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let case = newest(&app).await;
    let forged = "UPDATE case_event SET actor_id = NULL WHERE case_id = 8 AND seq = 4";
    force(&app, forged).await;
    let accused = within(&app, None).await;
    assert_eq!(accused.len(), 1, "{accused:?}");

    force(&app, "UPDATE figure_basis SET body = 'x' WHERE period = '2026-11' AND part = 0").await;
    let said = "2026-11 的印发所留存的工单摘要无法读取：被改动";
    assert_eq!(within(&app, None).await, [said, accused[0].as_str()]);
    let figure = "UPDATE figure_snapshot SET body = 'x' WHERE figure = 'R6' AND dimension = 'grid'";
    force(&app, figure).await;
    let figure = "2026-11 的印发无法读取：R6 按 grid 分组的内容被改动（共 1 项）";
    let found = within(&app, None).await;
    assert_eq!(found[..2], [figure, said]);
    assert!(found.contains(&accused[0]), "{found:?}");
    let (mut events, mut sealed) = (Vec::new(), Vec::new());
    let held = export::run(app.services(), (None, None), &mut events, &mut sealed).await.unwrap();
    assert_eq!(held.unreadable, [figure, said]);

    let unlisted = format!(
        "UPDATE cases SET state = 'x', next_check_at = COALESCE(next_check_at, 1) WHERE id = {}",
        case.id
    );
    let unchecked = if app.services().db.is_sqlite() {
        "PRAGMA ignore_check_constraints = ON"
    } else {
        "ALTER TABLE cases DROP CONSTRAINT cases_state_check"
    };
    force(&app, &format!("{unchecked}; {unlisted}")).await;
    let found = within(&app, None).await;
    let said = format!("{} state 在工单表里被改动：记为 x，由账本应为 ", case.number);
    assert!(found.iter().any(|one| one.starts_with(&said)), "{found:?}");
    assert!(found.contains(&accused[0]), "{found:?}");
}

#[tokio::test]
async fn a_printing_that_cannot_be_read_stays_unsealed_and_the_days_are_sealed() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    app.declare_log("a printing cannot be read and stays unsealed");
    let before = count_of_checkpoints(&app).await;
    let again = "INSERT INTO figure_snapshot (period, revision, figure, definition, dimension,
            from_at, to_at, as_of, body, reason, created_by, created_at)
        SELECT period, 1, figure, definition, dimension, from_at, to_at, as_of, 'x', '复核',
            (SELECT MIN(id) FROM account), created_at
          FROM figure_snapshot WHERE figure = 'R6' AND dimension = 'none'";
    force(&app, again).await;
    app.advance(hours(24));
    sweep(&app).await;
    assert_eq!(count_of_checkpoints(&app).await, before + 1);
    let found = within(&app, None).await;
    let said = "2026-11 修订 1 的印发无法读取：R6 按 none 分组的内容被改动（共 1 项）";
    assert_eq!(found, [said]);
}

/// Rows are read before entries: whoever writes in between is not accused.
#[tokio::test]
async fn a_case_that_is_written_to_while_it_is_read_is_read_again() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let stale = newest_ends(&app.services().db.read, 40).await.unwrap();
    let case = newest(&app).await;
    observe(&app, case.id, EventType::Pushed, json!({ "channel": "mini_program", "first": false }))
        .await;
    let said = async |rows: Vec<End>| {
        let verdict = verify::rows(app.services(), rows).await.unwrap();
        assert_eq!(verdict.cases, 32, "each once");
        verdict.findings.iter().map(ToString::to_string).collect::<Vec<String>>()
    };
    assert_eq!(said(stale.clone()).await, Vec::<String>::new());
    // A row that says something else whenever it is read.
    let text = "UPDATE cases SET last_seq = last_seq + 1 WHERE number =";
    force(&app, &format!("{text} '{}'", case.number)).await;
    let found = said(stale).await;
    let last = format!("是账本的最后一条，工单记到第 {} 条", case.last_seq + 2);
    assert!(found.len() == 1 && found[0].ends_with(&last), "{found:?}");
}

/// The database is read before the file, which is a pipe here: whoever reads it waits until the night
/// between them is over.
#[tokio::test]
async fn a_day_that_is_sealed_while_the_file_is_read_is_no_old_backup() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let file = app.services().settings.checkpoint_file.clone();
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).unwrap();
    rustix::fs::mkfifoat(CWD, &file, Mode::RUSR | Mode::WUSR).unwrap();
    let ((opened, open), (full, filled)) = (oneshot::channel(), mpsc::channel::<Vec<u8>>());
    let pipe = file.clone();
    let writer = std::thread::spawn(move || {
        let mut pipe = OpenOptions::new().write(true).open(pipe).unwrap();
        opened.send(()).unwrap();
        pipe.write_all(&filled.recv().unwrap()).unwrap();
    });
    let night = async {
        open.await.unwrap();
        std::fs::rename(&aside, &file).unwrap();
        app.advance(hours(24));
        sweep(&app).await;
        full.send(std::fs::read(&file).unwrap()).unwrap();
    };
    let (found, ()) = tokio::join!(within(&app, None), night);
    writer.join().unwrap();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 10);
}
