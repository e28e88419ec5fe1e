//! Whatever people and the engine do, in whatever order: an open case has a future, nobody is
//! bothered about a case that somebody took, and nobody is told the same twice.

use std::collections::BTreeSet;
use std::time::Duration;

use entity::kinds::{CaseId, CaseState, EventType, NoticeState};
use entity::{cases, notice};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sea_orm::ConnectionTrait;
use serde_json::json;
use zhinan::app::proof::verify;
use zhinan::domain::calendar::local_minute;
use zhinan::domain::case::edges::{EDGES, Verb, is_open};
use zhinan::store;

use super::edges::{PEOPLE, body};
use crate::kit::App;
use crate::kit::builders::{find, report};

/// Something that happens to a case.
#[derive(Clone, Debug)]
enum Happens {
    /// One of the verbs that somebody may use now.
    Verb(usize),
    /// The engine does what is due.
    Pass,
    /// So many minutes go by, and the engine looks.
    Wait(u64),
    /// The next message is refused: the person cannot be reached, or a quota is used up.
    Refused(i64),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        5 => any::<u16>().prop_map(|n| Happens::Verb(n.into())),
        2 => Just(Happens::Pass),
        3 => prop_oneof![Just(1_u64), Just(4), Just(11), Just(45), Just(700), Just(5_000)]
            .prop_map(Happens::Wait),
        2 => prop_oneof![Just(43_004_i64), Just(45_009)].prop_map(Happens::Refused),
    ]
}

/// What is known of the case at one moment.
struct Seen {
    case: cases::Model,
    notices: Vec<notice::Model>,
    events: Vec<EventType>,
}

async fn look(app: &App, id: CaseId) -> Seen {
    let db = &app.services().db.read;
    let events = store::event::list(db, id).await.unwrap();
    Seen {
        case: find(app, id).await,
        notices: store::notice::of_case(db, id).await.unwrap(),
        events: events.into_iter().map(|(event, _)| event.kind).collect(),
    }
}

/// Uses one of the verbs that are allowed now; what its rules refuse does not happen.
async fn act(app: &App, case: &cases::Model, other: i64, choice: usize) {
    let mut ways = Vec::new();
    for (name, role) in PEOPLE {
        let Some(role) = role else { continue };
        let of = EDGES.iter().filter(|edge| edge.from == case.state && edge.roles.contains(&role));
        ways.extend(of.map(|edge| (name, role, edge.verb)));
    }
    if ways.is_empty() {
        return;
    }
    let (name, role, verb) = ways[choice % ways.len()];
    let mut body = body(verb, Some(role), case.version, other);
    if verb == Verb::Hold {
        let tomorrow = local_minute(app.clock.now() + Duration::from_hours(24));
        body["until"] = json!(format!("{}:00+08:00", tomorrow.replace(' ', "T")));
    }
    let path = format!("/api/v1/cases/{}/{}", case.id, verb.word());
    let (status, answer) = app.as_person(name).await.post(&path, body).await;
    assert!(status < 500, "{name} {}: {status} {answer}", verb.word());
}

async fn happen(app: &App, seen: &Seen, other: i64, what: &Happens) {
    match what {
        Happens::Verb(choice) => act(app, &seen.case, other, *choice).await,
        Happens::Pass => app.run_due().await,
        Happens::Wait(minutes) => {
            app.advance(Duration::from_mins(*minutes));
            app.run_due().await;
        }
        Happens::Refused(code) => {
            let path = "/cgi-bin/message/template/send";
            let refused = json!({ "errcode": { "path": path, "code": code, "times": 1 } });
            app.wechat.post("/_sandbox/faults", refused).await;
        }
    }
}

fn left(notices: &[notice::Model]) -> BTreeSet<i64> {
    let of_chain = notices.iter().filter(|one| one.step >= 0 && one.sending_at.is_some());
    of_chain.map(|one| one.id.0).collect()
}

fn check(app: &App, before: &Seen, what: &Happens, after: &Seen) -> Result<(), TestCaseError> {
    let (case, now) = (&after.case, app.clock.now());
    let looked = matches!(what, Happens::Pass | Happens::Wait(_));
    if is_open(case.state) {
        let future = case.next_check_at;
        prop_assert!(future.is_some_and(|at| !looked || at > now), "{what:?}: no future {case:?}");
    } else {
        prop_assert!(case.next_check_at.is_none(), "{what:?}: a closed case is looked at");
    }
    let given_back =
        |seen: &Seen| seen.events.iter().filter(|kind| **kind == EventType::Unacknowledged).count();
    let waits = matches!(before.case.state, CaseState::Assigned | CaseState::Triage);
    if looked && !waits && given_back(before) == given_back(after) {
        let new: Vec<_> =
            left(&after.notices).difference(&left(&before.notices)).copied().collect();
        prop_assert!(new.is_empty(), "{what:?}: bothered by {new:?} in {:?}", before.case.state);
    }
    let mut told = BTreeSet::new();
    for one in after.notices.iter().filter(|one| one.step >= 0 && one.state != NoticeState::Dead) {
        let key = (one.round, one.step, one.staff_id, one.account_id, one.channel.word());
        prop_assert!(told.insert(key), "{what:?}: told twice {key:?}");
    }
    prop_assert!(after.case.last_seq >= before.case.last_seq);
    Ok(())
}

/// Leaves nothing of a sequence that would become due in the next one.
async fn forget(app: &App) {
    let db = app.connect().await;
    for text in [
        "UPDATE cases SET state = 'cancelled', next_check_at = NULL WHERE next_check_at IS NOT NULL",
        "UPDATE notice SET state = 'cancelled', finished_at = 1 WHERE state IN ('planned', 'sending')",
        "DELETE FROM job WHERE state IN ('ready', 'running')",
        "UPDATE wechat_identity SET dead_at = NULL",
    ] {
        db.execute_unprepared(text).await.unwrap();
    }
    db.close().await.unwrap();
    app.wechat.post("/_sandbox/faults", json!({ "reset": true })).await;
}

async fn lives(app: &App, other: i64, all: &[Happens]) -> Result<(), TestCaseError> {
    let id = report(app).await.id;
    let mut before = look(app, id).await;
    for what in all {
        happen(app, &before, other, what).await;
        let after = look(app, id).await;
        check(app, &before, what, &after)?;
        before = after;
    }
    let verdict = verify::one(app.services(), &before.case.number).await.unwrap();
    prop_assert_eq!(verdict.findings, vec![], "what the program wrote is in the forms: {:?}", all);
    forget(app).await;
    Ok(())
}

#[test]
fn whatever_happens_an_open_case_has_a_future_and_nobody_is_bothered_in_vain() {
    let cases = if crate::kit::town::long() { 600 } else { 30 };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (app, other) = runtime.block_on(async {
        let app = App::start().await;
        app.declare_log("a notice was not accepted");
        app.declare_log("job ended");
        let other = report(&app).await.id.0;
        (app, other)
    });
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config)
        .run(&vec(happens(), 4..28), |all| runtime.block_on(lives(&app, other, &all)));
    runtime.block_on(app.ignore_messages());
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}
