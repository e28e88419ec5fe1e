//! Chains of escalation at the console: one administrator makes a version, another one confirms it.

use serde_json::{Value, json};
use zhinan::domain::escalation::Chains;

use crate::api::v1::cases::views::report;
use crate::kit::App;
use crate::kit::builders::ADDRESS;

const CHAINS: &str = "/api/v1/chains";

fn body() -> Value {
    let mut chains = Chains::default();
    chains.normal.repeat = 60 * 60;
    json!({ "chains": chains })
}

fn confirmation(version: i64) -> String {
    format!("{CHAINS}/{version}/confirmation")
}

#[tokio::test]
async fn two_people_bring_a_version_into_force_and_new_cases_show_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    let resident = app.as_person("resident-1").await;
    let case = json!({ "text": "家里没水了", "address": ADDRESS });
    let before = report(&resident, case.clone()).await;
    let (status, made) = maker.post(CHAINS, body()).await;
    assert_eq!((status, &made["version"], &made["in_force"]), (201, &json!(2), &json!(false)));
    assert_eq!(
        (made["confirmed_at"].as_str(), &made["created_by"]),
        (None, &json!("system-admin"))
    );
    let (_, shown) = maker.get(CHAINS).await;
    assert_eq!(shown["in_force"], Value::Null, "one person alone changes nothing: {shown}");
    let (status, refused) = maker.post(&confirmation(2), json!({})).await;
    assert_eq!((status, refused["code"].as_str()), (422, Some("rule_refused")), "{refused}");
    let (status, confirmed) = second.post(&confirmation(2), json!({})).await;
    assert_eq!((status, &confirmed["in_force"]), (200, &json!(true)), "{confirmed}");
    assert_eq!(confirmed["confirmed_by"], "security-admin");
    let (status, again) = second.post(&confirmation(2), json!({})).await;
    assert_eq!((status, again["code"].as_str()), (409, Some("conflict")), "{again}");
    assert_eq!(second.post(&confirmation(7), json!({})).await.0, 404);
    let after = report(&resident, case).await;
    for (case, version) in [(before, 1), (after, 2)] {
        let (_, case) = resident.get(&format!("/api/v1/cases/{}", case["id"])).await;
        assert_eq!(case["chain_version"], version, "{case}");
        let mut events = case["timeline"].as_array().unwrap().iter();
        let assigned = events.rfind(|event| event["kind"] == "assigned").unwrap();
        assert_eq!(assigned["detail"]["chain"], version, "the record names it as well");
    }
    let (_, shown) = app.as_person("auditor").await.get(CHAINS).await;
    assert_eq!(
        (&shown["in_force"], &shown["chains"]["normal"]["repeat"]),
        (&json!(2), &json!(3600))
    );
    assert_eq!(shown["versions"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn only_administrators_make_and_confirm_versions_and_nobody_makes_an_unsound_one() {
    let app = App::start().await;
    for (name, reads) in
        [("command", 200), ("audit-admin", 200), ("desk-1", 403), ("primary-1", 403)]
    {
        let person = app.as_person(name).await;
        assert_eq!(person.get(CHAINS).await.0, reads, "{name}");
        assert_eq!(person.post(CHAINS, body()).await.0, 403, "{name}");
        assert_eq!(person.post(&confirmation(1), json!({})).await.0, 403, "{name}");
    }
    let admin = app.as_person("system-admin").await;
    for (pointer, value) in [
        ("/chains/urgent/steps", json!([])),
        ("/chains/urgent/profile", json!("office")),
        ("/chains/fast/repeat", json!(0)),
        ("/chains/fast/repeat", json!(4_000_000_000_u32)),
        ("/chains/normal/steps/1/after", json!({ "seconds": 4_000_000 })),
        ("/chains/fast/steps/0/who", json!(["held_by"])),
        ("/chains/fast/steps/0/who", json!(["mayor"])),
        ("/chains/urgent", json!(null)),
    ] {
        let mut unsound = body();
        *unsound.pointer_mut(pointer).unwrap() = value;
        let (status, refused) = admin.post(CHAINS, unsound).await;
        let found = (status, refused["errors"][0]["pointer"].as_str());
        assert_eq!(found, (422, Some("/chains")), "{pointer}: {refused}");
    }
    let (status, _) =
        admin.post(CHAINS, json!({ "chains": body()["chains"], "valid_from": "soon" })).await;
    assert_eq!(status, 422);
    let (_, shown) = admin.get(CHAINS).await;
    assert_eq!(shown["versions"], json!([]));
}
