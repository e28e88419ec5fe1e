//! The live connection over real sockets: who may listen, and that nothing is lost or doubled.

use entity::inbox;
use entity::kinds::{CaseId, EventType};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, EntityTrait,
    Iterable, Statement, TransactionTrait,
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::kit::App;
use crate::kit::builders;
use crate::kit::clock::{minutes, until};
use crate::kit::live::Live;

/// Starts a program of which nobody sends the notices.
async fn started() -> App {
    let mut app = App::start().await;
    app.leave_jobs();
    app
}

/// Writes an entry like this one that is committed later.
async fn slow(conn: &DatabaseConnection, like: &inbox::Model) -> DatabaseTransaction {
    let slow = conn.begin().await.unwrap();
    let text =
        format!(
        "INSERT INTO inbox (recipient, dedup_key, case_id, kind, urgent, words_sealed, created_at)
            VALUES ('{}', 'slow', {}, 'reminder', false, '{}', 0)",
        like.recipient, like.case_id.unwrap(), like.words_sealed
    );
    slow.execute_unprepared(&text).await.unwrap();
    slow
}

/// Reports a case; returns what its worker was told, once nothing new can come before it.
async fn told(app: &App, conn: &DatabaseConnection) -> inbox::Model {
    builders::report(app).await;
    let first = inbox::Entity::find().all(&app.services().db.read).await.unwrap();
    let staff = app.person("primary-1").staff.unwrap();
    let mine = first.into_iter().find(|row| row.recipient == format!("s{staff}")).unwrap();
    settled(conn).await;
    mine
}

/// Waits until nothing that is in the inbox counts as new any more: a transaction of another
/// database of the same server keeps it open.
async fn settled(conn: &DatabaseConnection) {
    let text = "SELECT 1 FROM inbox WHERE position >= txid_snapshot_xmin(txid_current_snapshot())";
    until("the inbox is settled", async || {
        let open = Statement::from_string(DatabaseBackend::Postgres, text);
        conn.query_one_raw(open).await.unwrap().is_none().then_some(())
    })
    .await;
}

fn id(event: &Value) -> i64 {
    event["id"].as_i64().unwrap_or_else(|| panic!("not an event: {event}"))
}

fn numbers(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["number"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_event_comes_as_soon_as_it_is_committed_and_only_to_whom_it_concerns() {
    let app = started().await;
    let (worker, stranger) = (app.as_person("primary-1").await, app.as_person("primary-2").await);
    let (mut mine, ready) = Live::ready(worker.base(), worker.token(), None).await;
    assert_eq!((&ready["resumed"], &ready["unread"]), (&json!(false), &json!(0)));
    let (mut other, _) = Live::ready(stranger.base(), stranger.token(), None).await;
    let case = builders::report(&app).await;
    let event = mine.next().await;
    assert_eq!((&event["kind"], &event["number"]), (&json!("new_case"), &json!(case.number)));
    assert!(!event.to_string().contains("家里没水了"));
    // The next thing the stranger hears is his own, so the first was not for him.
    let own = builders::report_as(&app, "resident-1", "康复路2号", case.category).await;
    let heard = other.next().await;
    assert_eq!(heard["number"], own.number.as_str());
}

#[tokio::test]
async fn whatever_happens_to_a_case_is_hinted_to_those_who_may_see_it_and_to_nobody_else() {
    let app = started().await;
    let case = builders::report(&app).await;
    let (mut see, mut blind) = (Vec::new(), Vec::new());
    for (who, sees) in [
        ("resident-1", true),
        ("primary-1", true),
        ("cadre-1", true),
        ("command", true),
        ("primary-2", false),
        ("resident-2", false),
    ] {
        let person = app.as_person(who).await;
        let (live, _) = Live::ready(person.base(), person.token(), None).await;
        if sees { &mut see } else { &mut blind }.push((who, person, live));
    }
    for kind in EventType::iter() {
        builders::step(&app, case.id, "primary-1", kind, |_row| {}).await;
        app.services().wake.ring();
        for (who, _, live) in &mut see {
            assert_eq!(live.changed().await, [case.id.0], "{who} hears of {kind:?}");
        }
    }
    for (who, person, live) in &mut blind {
        // Before it answers a second word, a connection says what it has to say.
        for _ in 0..2 {
            live.say(&json!({ "token": person.token() })).await;
            assert_eq!(live.any().await["kind"], "renewed", "{who} hears nothing");
        }
    }
    // Who writes a case down for a neighbour whose grid is not his follows it, and hears of it.
    let (_, writer, live) = blind.iter_mut().find(|(who, ..)| *who == "primary-2").unwrap();
    let neighbour = json!({ "name": "王小明", "phone": "13900005678", "relation": "邻居" });
    let body = json!({ "text": format!("{}漏水", builders::ADDRESS), "on_behalf_of": neighbour });
    let (status, written) = writer.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{written}");
    let written = written["id"].as_i64().unwrap();
    let row = builders::find(&app, CaseId(written)).await;
    assert_eq!(row.small_grid_id, case.small_grid_id);
    assert_eq!(live.changed().await, [written]);
}

#[tokio::test]
async fn whoever_loses_a_case_hears_it_though_nobody_listened_when_it_came() {
    let app = started().await;
    let (old, other) = (builders::report(&app).await, builders::report(&app).await);
    let remind = async || {
        builders::step(&app, other.id, "resident-1", EventType::Reminded, |_row| {}).await;
        app.services().wake.ring();
    };
    // More than whoever begins to listen looks back.
    for _ in 0..60 {
        remind().await;
    }
    let worker = app.as_person("primary-1").await;
    let (mut live, _) = Live::ready(worker.base(), worker.token(), None).await;
    let mut heard = Vec::new();
    while heard.is_empty() {
        remind().await;
        heard = live.changed().await;
    }
    assert!(!heard.contains(&old.id.0), "{heard:?}");
    let there = builders::report_as(&app, "resident-1", "康复路2号", old.category).await;
    assert_ne!(there.small_grid_id, old.small_grid_id);
    builders::step(&app, old.id, "command", EventType::Assigned, move |row| {
        row.small_grid_id = there.small_grid_id;
    })
    .await;
    app.services().wake.ring();
    while !live.changed().await.contains(&old.id.0) {}
}

#[tokio::test]
async fn a_case_is_hinted_whose_event_becomes_visible_after_a_later_one() {
    let app = started().await;
    let conn = app.connect().await;
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return;
    }
    let (early, late) = (builders::report(&app).await, builders::report(&app).await);
    let resident = app.as_person("resident-1").await;
    let (mut live, _) = Live::ready(resident.base(), resident.token(), None).await;
    // Whoever is the first to listen hears of what happened last, and of every change from then on.
    assert_eq!(live.changed().await, [early.id.0, late.id.0]);
    let remind = async || {
        builders::step(&app, late.id, "resident-1", EventType::Reminded, |_row| {}).await;
        app.services().wake.ring();
    };
    let slow = conn.begin().await.unwrap();
    let columns = "kind, actor_id, actor_role, server_time, payload_commitment, prev_hash, hash";
    let text = format!(
        "INSERT INTO case_event (case_id, seq, {columns})
            SELECT case_id, 99, {columns} FROM case_event WHERE case_id = {} AND seq = 1",
        early.id
    );
    slow.execute_unprepared(&text).await.unwrap();
    remind().await;
    assert_eq!(live.changed().await, [late.id.0]);
    slow.commit().await.unwrap();
    app.services().wake.ring();
    assert_eq!(live.changed().await, [early.id.0]);
}

#[tokio::test]
async fn without_a_good_token_in_the_first_message_nobody_listens() {
    let app = started().await;
    let worker = app.as_person("primary-1").await;
    let mut silent = Live::connect(worker.base()).await;
    let mut forged = Live::open(worker.base(), "not.a.token", None).await;
    assert_eq!(forged.closed().await, (4401, "unauthenticated".into()));
    for nonsense in ["hello", "{}", r#"{"token":1}"#, r#"{"token":"x","more":1}"#] {
        let mut live = Live::connect(worker.base()).await;
        live.send(Message::text(nonsense)).await;
        assert_eq!(live.closed().await, (4400, "bad_message".into()), "{nonsense}");
    }
    let mut binary = Live::connect(worker.base()).await;
    binary.send(Message::binary(b"token".to_vec())).await;
    assert_eq!(binary.closed().await, (4400, "bad_message".into()));
    let mut large = Live::connect(worker.base()).await;
    large.send(Message::text("x".repeat(5_000))).await;
    assert_eq!(large.closed().await.0, 1009);
    assert_eq!(silent.closed().await, (4408, "no_token_in_time".into()));
    let (status, answer) = worker.get("/api/v1/live").await;
    assert_eq!((status, &answer["code"]), (426, &json!("upgrade_required")));
}

#[tokio::test]
async fn after_a_cut_the_missed_events_come_in_order_without_loss_or_double() {
    let app = started().await;
    let worker = app.as_person("primary-1").await;
    let (mut live, _) = Live::ready(worker.base(), worker.token(), None).await;
    let mut wanted = Vec::new();
    let mut got = Vec::new();
    for round in 0..4 {
        for _ in 0..3 {
            wanted.push(builders::report(&app).await.number);
        }
        got.extend(live.events(3).await);
        let last = id(got.last().unwrap());
        drop(live);
        // While nobody listens.
        for _ in 0..2 {
            wanted.push(builders::report(&app).await.number);
        }
        let (again, ready) = Live::ready(worker.base(), worker.token(), Some(last)).await;
        assert_eq!(ready["resumed"], true, "round {round}: {ready}");
        live = again;
        got.extend(live.events(2).await);
    }
    assert_eq!(numbers(&got), wanted);
    // What is not his, or was never given, resumes nothing; he reads the list instead.
    let foreign = inbox::Entity::find().all(&app.services().db.read).await.unwrap();
    let foreign = foreign.iter().find(|row| got.iter().all(|event| id(event) != row.id.0)).unwrap();
    for unknown in [foreign.id.0, 999_999] {
        let (_, ready) = Live::ready(worker.base(), worker.token(), Some(unknown)).await;
        assert_eq!(ready["resumed"], false);
    }
}

#[tokio::test]
async fn what_another_process_commits_comes_too() {
    let app = started().await;
    let other = app.second_server().await;
    let worker = app.as_person("primary-1").await;
    let (mut here, _) = Live::ready(worker.base(), worker.token(), None).await;
    let (mut there, _) = Live::ready(&other.base(), worker.token(), None).await;
    let mut wanted = Vec::new();
    for _ in 0..5 {
        wanted.push(builders::report(&app).await.number);
    }
    let (one, two) = (here.events(5).await, there.events(5).await);
    assert_eq!((numbers(&one), numbers(&two)), (numbers(&two), numbers(&one)));
    assert_eq!(numbers(&one), wanted);
    // He goes on at the other process where he stopped at this one.
    let last = builders::report(&app).await;
    assert_eq!(here.next().await["number"], last.number.as_str());
    let (mut moved, _) = Live::ready(&other.base(), worker.token(), Some(id(&one[4]))).await;
    assert_eq!(moved.next().await["number"], last.number.as_str());
    other.end().await;
    assert_eq!(moved.closed().await, (1001, "stopping".into()));
}

/// What was slow comes before what was seen first.
async fn both_come(app: &App, live: &mut Live, fast: &str) {
    app.services().wake.ping_here();
    let got = live.events(2).await;
    assert_eq!((&got[0]["kind"], &got[1]["number"]), (&json!("reminder"), &json!(fast)));
}

#[tokio::test]
async fn a_later_id_that_is_seen_first_makes_no_earlier_one_be_missed() {
    let app = started().await;
    let conn = app.connect().await;
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return;
    }
    let worker = app.as_person("primary-1").await;
    let mine = told(&app, &conn).await;
    let (mut live, _) = Live::ready(worker.base(), worker.token(), None).await;
    let slow = slow(&conn, &mine).await;
    let fast = builders::report(&app).await;
    // Before it answers a second word, the connection has looked for news once more.
    for _ in 0..2 {
        live.say(&json!({ "token": worker.token() })).await;
        assert_eq!(live.next().await["kind"], "renewed");
    }
    slow.commit().await.unwrap();
    both_come(&app, &mut live, &fast.number).await;
}

#[tokio::test]
async fn who_goes_on_after_what_only_the_list_shows_yet_misses_no_earlier_one() {
    let app = started().await;
    let conn = app.connect().await;
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return;
    }
    let worker = app.as_person("primary-1").await;
    let mine = told(&app, &conn).await;
    let slow = slow(&conn, &mine).await;
    let fast = builders::report(&app).await;
    let (_, listed) = worker.get("/api/v1/inbox").await;
    let newest = &listed["entries"][0];
    assert_eq!(newest["number"], fast.number.as_str());
    let (mut live, ready) = Live::ready(worker.base(), worker.token(), Some(id(newest))).await;
    assert_eq!(ready["resumed"], true);
    slow.commit().await.unwrap();
    both_come(&app, &mut live, &fast.number).await;
}

#[tokio::test]
async fn what_another_servers_transactions_numbered_lies_before_everything_new() {
    let mut app = started().await;
    let conn = app.connect().await;
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return;
    }
    let old = told(&app, &conn).await;
    let moved = "UPDATE inbox SET position = 1000000000000 + id";
    conn.execute_unprepared(moved).await.unwrap();
    app.restart().await;
    let worker = app.as_person("primary-1").await;
    let (mut live, ready) = Live::ready(worker.base(), worker.token(), Some(old.id.0)).await;
    assert_eq!(ready["resumed"], true);
    let fresh = builders::report(&app).await;
    assert_eq!(live.next().await["number"], fresh.number.as_str());
    let (_, listed) = worker.get("/api/v1/inbox").await;
    assert_eq!(listed["entries"][0]["number"], fresh.number.as_str());
}

#[tokio::test]
async fn a_connection_ends_with_its_session_and_leaves_the_others_alone() {
    let app = started().await;
    let sign_in = async || {
        let code = app.wechat.login_code(&app.person("primary-1").mini).await;
        let (status, signed) =
            app.anonymous().post("/api/v1/auth/wechat", json!({ "code": code })).await;
        assert_eq!(status, 200, "{signed}");
        signed
    };
    let (one, two) = (sign_in().await, sign_in().await);
    let token = |signed: &Value| signed["access_token"].as_str().unwrap().to_owned();
    let base = app.anonymous().base().to_owned();
    let (mut first, _) = Live::ready(&base, &token(&one), None).await;
    let (mut second, _) = Live::ready(&base, &token(&two), None).await;
    let body = json!({ "refresh_token": one["refresh_token"] });
    let client = app.anonymous().bearing(&token(&one));
    let (status, _) = client.send("DELETE", "/api/v1/auth/session", Some(body)).await;
    assert_eq!(status, 204);
    assert_eq!(first.closed().await, (4401, "unauthenticated".into()));
    // The token lives on for its minutes; a connection it no longer opens.
    let mut again = Live::open(&base, &token(&one), None).await;
    assert_eq!(again.closed().await, (4401, "unauthenticated".into()));
    let case = builders::report(&app).await;
    assert_eq!(second.next().await["number"], case.number.as_str());
}

#[tokio::test]
async fn a_fresh_token_carries_a_connection_over_the_end_of_the_old_one() {
    let app = started().await;
    let (old, stale) = (app.as_person("primary-1").await, app.as_person("primary-1").await);
    let (mut live, _) = Live::ready(old.base(), old.token(), None).await;
    let (mut ends, _) = Live::ready(stale.base(), stale.token(), None).await;
    app.advance(minutes(20));
    let fresh = app.as_person("primary-1").await;
    live.say(&json!({ "token": fresh.token() })).await;
    assert_eq!(live.next().await["kind"], "renewed");
    app.advance(minutes(15));
    let case = builders::report(&app).await;
    assert_eq!(live.next().await["number"], case.number.as_str());
    // The other one got no event any more: its token had ended.
    assert_eq!(ends.closed().await, (4403, "token_expired".into()));
    let other = app.as_person("primary-2").await;
    live.say(&json!({ "token": other.token() })).await;
    assert_eq!(live.closed().await, (4401, "unauthenticated".into()));
}

#[tokio::test]
async fn a_person_has_eight_connections_and_the_newest_counts() {
    let app = started().await;
    let worker = app.as_person("primary-1").await;
    let mut open = Vec::new();
    for _ in 0..9 {
        open.push(Live::ready(worker.base(), worker.token(), None).await.0);
    }
    assert_eq!(open[0].closed().await, (4429, "too_many".into()));
    let case = builders::report(&app).await;
    for live in &mut open[1..] {
        assert_eq!(live.next().await["number"], case.number.as_str());
    }
}
