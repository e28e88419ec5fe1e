//! Every state × every verb × everybody, over HTTP, against the table of edges.
//!
//! What the table allows answers 200 and leads where it says; what it forbids answers 409 with
//! exactly the verbs it allows; to whom the case does not concern it does not exist.

use std::collections::BTreeSet;

use entity::cases;
use entity::kinds::{ActorRole, CaseState};
use serde_json::{Value, json};
use zhinan::app::proof::verify;
use zhinan::domain::case::edges::{EDGES, Edge, Verb};
use zhinan::domain::case::ledger::proof::Finding;

use crate::kit::App;
use crate::kit::builders::{case_in, report};
use crate::kit::client::Client;
use crate::kit::street::GRIDS;

use ActorRole as A;
use CaseState as S;
use Verb as V;

/// The posted sub-resources.
const VERBS: [Verb; 26] = [
    V::Acknowledge,
    V::Contact,
    V::Update,
    V::Resolve,
    V::Confirm,
    V::Verify,
    V::Rate,
    V::Reopen,
    V::Return,
    V::Transfer,
    V::Remind,
    V::Supervise,
    V::Cancel,
    V::Hold,
    V::Resume,
    V::Assign,
    V::Reject,
    V::Appeal,
    V::Merge,
    V::Answer,
    V::Extend,
    V::DecideExtension,
    V::AskPause,
    V::DecidePause,
    V::Divert,
    V::Agree,
];

/// Everybody, with the capacity in which the kit's case concerns him.
pub const PEOPLE: [(&str, Option<ActorRole>); 14] = [
    ("resident-1", Some(A::Resident)),
    ("resident-2", None),
    ("primary-1", Some(A::Primary)),
    ("backup-1", Some(A::Backup)),
    ("primary-2", None),
    ("cadre-1", Some(A::Cadre)),
    ("cadre-2", None),
    ("secretary-1", Some(A::Secretary)),
    ("secretary-2", None),
    ("desk-1", Some(A::TriageDesk)),
    ("command", Some(A::Command)),
    ("verifier", Some(A::Verifier)),
    ("auditor", Some(A::Auditor)),
    ("system-admin", None),
];

/// A case without a small grid concerns no grid worker.
fn role_towards(case: &cases::Model, role: Option<ActorRole>) -> Option<ActorRole> {
    role.filter(|role| case.small_grid_id.is_some() || !matches!(role, A::Primary | A::Backup))
}

fn edges_of(state: CaseState, role: ActorRole) -> impl Iterator<Item = &'static Edge> {
    EDGES.iter().filter(move |edge| edge.from == state && edge.roles.contains(&role))
}

/// The row that a post takes; an answer in the test names a grid, so it leads to `assigned`.
fn edge(state: CaseState, role: ActorRole, verb: Verb) -> Option<&'static Edge> {
    edges_of(state, role).find(|edge| edge.verb == verb)
}

pub fn body(verb: Verb, role: Option<ActorRole>, version: i32, other: i64) -> Value {
    let mut body = match verb {
        V::Contact | V::Verify => json!({ "method": "phone", "outcome": "reached" }),
        V::Update => json!({ "text": "已联系物业" }),
        V::Resolve => json!({ "result_type": "solved", "text": "已修好" }),
        V::Rate => json!({ "result": 5, "attitude": 4 }),
        V::Reopen | V::Appeal | V::Divert => json!({ "reason": "还没有解决" }),
        V::Return => json!({ "reason": "不属于本网格", "proposed_unit": "双井第二网格" }),
        V::Transfer | V::Assign => json!({ "grid": GRIDS[1], "reason": "实际位置在该网格" }),
        V::Hold => {
            let reason = match role {
                Some(A::Cadre) => "awaiting_material",
                Some(A::Command) => "weather",
                _ => "awaiting_appointment",
            };
            json!({ "reason": reason, "until": "2026-11-25T10:00:00+08:00", "note": "缺水表照片" })
        }
        V::Reject => json!({ "code": "outside_duty", "explanation": "请联系供水公司" }),
        V::Merge => json!({ "into": other, "reason": "同一件事" }),
        V::Answer => json!({ "grid": GRIDS[0] }),
        V::Extend => json!({ "days": 3, "reason": "等待配件" }),
        V::DecideExtension | V::DecidePause => json!({ "grants": true }),
        V::AskPause => json!({ "reason": "awaiting_material", "note": "缺水表照片",
            "until": "2026-11-25T10:00:00+08:00" }),
        _ => json!({}),
    };
    body["expected_version"] = version.into();
    body
}

/// What is decided about only when somebody asked, with the rule that says so; tests of their own ask.
const fn unasked(verb: Verb) -> Option<&'static str> {
    match verb {
        V::DecideExtension => Some("no_extension_asked"),
        V::DecidePause => Some("no_pause_asked"),
        _ => None,
    }
}

struct Try<'a> {
    client: &'a Client,
    role: Option<ActorRole>,
    verb: Verb,
    other: i64,
}

/// Posts one verb and checks the answer; returns whether the case moved.
async fn post(case: &cases::Model, what: &Try<'_>) -> Result<bool, String> {
    let role = role_towards(case, what.role);
    let path = format!("/api/v1/cases/{}/{}", case.id, what.verb.word());
    let body = body(what.verb, role, case.version, what.other);
    let (status, answer) = what.client.post(&path, body).await;
    let Some(role) = role else {
        return expect(status == 404 && answer["code"] == "not_found", "404", status, &answer);
    };
    if let Some(edge) = edge(case.state, role, what.verb) {
        if let Some(code) = unasked(what.verb) {
            let broken = &answer["errors"][0]["code"];
            return expect(status == 422 && broken == code, code, status, &answer).map(|_| false);
        }
        expect(
            status == 200 && answer["state"] == edge.to.word(),
            edge.to.word(),
            status,
            &answer,
        )?;
        return Ok(true);
    }
    let allowed = edges_of(case.state, role).filter(|edge| unasked(edge.verb).is_none());
    let allowed: BTreeSet<&str> = allowed.map(|edge| edge.verb.word()).collect();
    let named: BTreeSet<&str> =
        answer["allowed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let refused = status == 409 && answer["code"] == "move_not_allowed";
    expect(refused && named == allowed, &format!("409 {allowed:?}"), status, &answer)
}

fn expect(good: bool, want: &str, status: u16, answer: &Value) -> Result<bool, String> {
    if good { Ok(false) } else { Err(format!("want {want}, got {status} {answer}")) }
}

/// A word in `allowed` is a promise that the address exists.
#[tokio::test]
async fn every_word_that_allowed_can_name_is_an_address() {
    let app = App::start().await;
    let anonymous = app.anonymous();
    let for_people = EDGES.iter().filter(|edge| edge.roles.iter().any(|role| *role != A::System));
    let words: BTreeSet<&str> = for_people.map(|edge| edge.verb.word()).collect();
    let posted: BTreeSet<&str> = VERBS.iter().map(|verb| verb.word()).collect();
    assert_eq!(words, posted, "what a person may do and what this test posts");
    for word in words {
        let (status, answer) = anonymous.post(&format!("/api/v1/cases/1/{word}"), json!({})).await;
        assert_eq!((status, answer["code"].as_str()), (401, Some("unauthenticated")), "{word}");
    }
    let (status, _) = anonymous.post("/api/v1/cases/1/additions", json!({})).await;
    assert_eq!(status, 404, "a word without an address does not pass for one");
}

async fn everybody_tries_everything(state: CaseState) {
    let mut app = App::start().await;
    app.leave_jobs();
    let other = report(&app).await.id.0;
    let mut case = case_in(&app, state).await;
    let mut wrong = Vec::new();
    for (name, role) in PEOPLE {
        let client = app.as_person(name).await;
        for verb in VERBS {
            let what = Try { client: &client, role, verb, other };
            match post(&case, &what).await {
                Ok(false) => {}
                Ok(true) => case = case_in(&app, state).await,
                Err(why) => {
                    wrong.push(format!("{name} {}: {why}", verb.word()));
                    case = case_in(&app, state).await;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", state.word(), wrong.join("\n"));
    // What every verb wrote has the names that its kind can have.
    let found = verify::newest(app.services(), u64::MAX >> 1).await.unwrap().findings;
    let of_payload = |one: &&Finding| one.field.as_ref().is_some_and(|by| by.contains("payload"));
    assert_eq!(found.iter().find(of_payload), None, "{}", state.word());
}

macro_rules! states {
    ($($name:ident = $state:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            everybody_tries_everything(S::$state).await;
        }
    )+

        #[test]
        fn every_state_that_can_be_stored_is_tried() {
            let tried = [$(S::$state),+];
            let missing = S::ALL.iter().filter(|state| !tried.contains(state));
            assert_eq!(missing.collect::<Vec<_>>(), [&S::Submitted]);
        }
    };
}

states! {
    a_case_in_triage_moves_only_along_the_table = Triage,
    an_assigned_case_moves_only_along_the_table = Assigned,
    an_acknowledged_case_moves_only_along_the_table = Acknowledged,
    a_case_in_progress_moves_only_along_the_table = InProgress,
    a_case_on_hold_moves_only_along_the_table = OnHold,
    a_resolved_case_moves_only_along_the_table = Resolved,
    a_closed_case_moves_only_along_the_table = Closed,
    a_rejected_case_moves_only_along_the_table = Rejected,
    a_merged_case_moves_only_along_the_table = Merged,
    a_cancelled_case_moves_only_along_the_table = Cancelled,
}
