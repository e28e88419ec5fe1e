//! Open311: what everybody may read of cases, and what nobody reads there.

use std::collections::BTreeMap;

use entity::cases;
use entity::kinds::{CaseState, Category};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use zhinan::config::Config;
use zhinan::domain::calendar::local_rfc3339;

use crate::kit::App;
use crate::kit::builders::{case_in, find, report, report_as};
use crate::kit::clock::hours;
use crate::kit::copies::{copies, up_to};
use crate::kit::snap::matches_snapshot;

const REQUESTS: &str = "/open311/v2/requests.json";
const ADDRESS: &str = "阳光花园1号楼2单元101";

fn on(config: &mut Config) {
    config.open311.enabled = true;
    config.open311.contact = "街道办公室 0530-5620000".into();
    config.server.public_url = "https://nc.example/".into();
    config.limits.open311_per_address = 1_000;
}

async fn get(app: &App, path: &str) -> (u16, Value) {
    app.anonymous().get(path).await
}

/// Numbers of the requests of an answer.
fn numbers(answer: &Value) -> Vec<&str> {
    let all = answer.as_array().unwrap_or_else(|| panic!("{answer}"));
    all.iter().map(|one| one["service_request_id"].as_str().unwrap()).collect()
}

async fn text(app: &App, path: &str) -> (u16, String, String) {
    let raw = app.anonymous().raw(path, "*/*").await;
    let kind = raw.headers["content-type"].to_str().unwrap().to_owned();
    (raw.status, kind, String::from_utf8(raw.bytes).unwrap())
}

#[tokio::test]
async fn nothing_is_shown_until_the_configuration_says_so() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = report(&app).await;
    for path in [
        "discovery",
        "services",
        "services/utilities",
        "requests",
        &format!("requests/{}", case.number),
    ] {
        for format in ["json", "xml"] {
            let (status, answer) = get(&app, &format!("/open311/v2/{path}.{format}")).await;
            assert_eq!(
                (status, &answer["code"]),
                (404, &json!("route_not_found")),
                "{path}.{format}"
            );
        }
    }
}

#[tokio::test]
async fn cases_of_every_state_are_open_or_closed() {
    use CaseState as S;
    let mut app = App::start_with(on).await;
    app.leave_jobs();
    let mut want = BTreeMap::new();
    for (state, status) in [
        (S::Triage, "open"),
        (S::Assigned, "open"),
        (S::Acknowledged, "open"),
        (S::InProgress, "open"),
        (S::OnHold, "open"),
        (S::Resolved, "open"),
        (S::Closed, "closed"),
        (S::Rejected, "closed"),
        (S::Merged, "closed"),
        (S::Cancelled, "closed"),
    ] {
        let case = case_in(&app, state).await;
        want.insert(case.number, (status, state));
    }
    let (status, answer) = get(&app, REQUESTS).await;
    assert_eq!(status, 200);
    for (number, (status, state)) in &want {
        let one =
            answer.as_array().unwrap().iter().find(|one| one["service_request_id"] == **number);
        let one = one.unwrap_or_else(|| panic!("{state:?} is not shown: {answer}"));
        assert_eq!((&one["status"], &one["status_notes"]), (&json!(status), &json!(state.zh())));
        let left = matches!(state, S::Rejected | S::Merged | S::Cancelled);
        assert_eq!(one["expected_datetime"].is_null(), left, "{one}");
    }
    for status in ["open", "closed"] {
        let (_, answer) = get(&app, &format!("{REQUESTS}?status={status}")).await;
        let shown: Vec<&str> = numbers(&answer);
        let of: Vec<&String> =
            want.iter().filter(|(_, one)| one.0 == status).map(|(number, _)| number).collect();
        assert!(of.iter().all(|number| shown.contains(&number.as_str())), "{status}: {answer}");
        assert!(answer.as_array().unwrap().iter().all(|one| one["status"] == status));
    }
    let (_, both) = get(&app, &format!("{REQUESTS}?status=open,closed&jurisdiction_id=x")).await;
    assert_eq!(both, answer, "what the specification adds is ignored");
}

#[tokio::test]
async fn requests_are_found_by_number_kind_and_time() {
    let mut app = App::start_with(on).await;
    app.leave_jobs();
    let water = report_as(&app, "resident-1", ADDRESS, Category::Utilities).await;
    app.advance(hours(24));
    let rubbish = report_as(&app, "resident-2", ADDRESS, Category::Sanitation).await;
    app.advance(hours(24));
    let (water, rubbish) = (find(&app, water.id).await, find(&app, rubbish.id).await);
    let (w, r) = (water.number.as_str(), rubbish.number.as_str());
    let when = local_rfc3339(rubbish.reported_at);
    for (query, want) in [
        (String::new(), vec![r, w]),
        ("service_code=sanitation".to_owned(), vec![r]),
        ("service_code=sanitation,utilities".to_owned(), vec![r, w]),
        ("service_code=housing".to_owned(), vec![]),
        (format!("service_request_id={w}"), vec![w]),
        (format!("service_request_id={w},{r},NC-NONE"), vec![r, w]),
        // A number overrides all others; an empty parameter is none.
        (format!("service_request_id={w}&service_code=sanitation&status=closed"), vec![w]),
        (format!("service_request_id={w}&start_date=2026-01-01&end_date=2026-12-31"), vec![w]),
        (format!("service_request_id={w}&service_code=potholes&start_date=yesterday"), vec![w]),
        ("status=&service_code=".to_owned(), vec![r, w]),
        ("service_request_id=&start_date=&end_date=&status=open".to_owned(), vec![r, w]),
        ("start_date=2026-11-25".to_owned(), vec![r]),
        // As it is sent by clients that forget to write a plus as %2B.
        (format!("start_date={when}"), vec![r]),
        ("end_date=2026-11-25".to_owned(), vec![w]),
        ("start_date=2026-11-01&end_date=2026-11-02".to_owned(), vec![]),
        ("start_date=2026-11-24&end_date=2026-11-26T23:00:00Z".to_owned(), vec![r, w]),
    ] {
        let (status, answer) = get(&app, &format!("{REQUESTS}?{query}")).await;
        assert_eq!((status, numbers(&answer)), (200, want), "{query}");
    }
    let (status, answer) = get(&app, &format!("/open311/v2/requests/{w}.json")).await;
    assert_eq!((status, numbers(&answer)), (200, vec![w]));
    let one = &answer[0];
    assert_eq!(one["expected_datetime"], local_rfc3339(water.resolve_due_at));
    assert_eq!(one["requested_datetime"], local_rfc3339(water.reported_at));
    assert_eq!(one["updated_datetime"], local_rfc3339(water.last_event_at));
    app.advance(hours(91 * 24));
    assert_eq!(get(&app, REQUESTS).await.1, json!([]), "ninety days are over");
}

#[tokio::test]
async fn what_is_wrong_is_said_as_the_specification_says_it() {
    let app = App::start_with(on).await;
    for (path, status, words) in [
        ("requests.json?status=done", 400, "neither open nor closed"),
        ("requests.json?start_date=yesterday", 400, "start_date"),
        ("requests.json?start_date=2026-01-01&end_date=2026-10-01", 400, "90 days"),
        ("requests.json?service_code=potholes", 400, "was not found"),
        ("requests/NC-NONE.json", 404, "service_request_id was not found"),
        ("services/staff_conduct.json", 404, "service_code was not found"),
    ] {
        let (got, answer) = get(&app, &format!("/open311/v2/{path}")).await;
        assert_eq!((got, &answer[0]["code"]), (status, &json!(status)), "{path}: {answer}");
        assert!(answer[0]["description"].as_str().unwrap().contains(words), "{answer}");
    }
    let (status, kind, body) = text(&app, "/open311/v2/requests/NC%3C1.xml").await;
    assert_eq!((status, kind.as_str()), (404, "text/xml; charset=utf-8"));
    let want = "<errors><error><code>404</code><description>service_request_id was not found</description></error></errors>";
    assert!(body.ends_with(want), "{body}");
    assert_eq!(get(&app, "/open311/v2/requests.csv").await.0, 404);
    assert!(matches!(
        app.anonymous().post("/open311/v2/requests.json", json!({})).await.0,
        404 | 405
    ));
}

#[tokio::test]
async fn nobodys_words_room_or_name_are_shown() {
    let mut app = App::start_with(on).await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Closed).await;
    let hidden = report_as(&app, "resident-1", ADDRESS, Category::Health).await;
    let mut all = String::new();
    for path in ["requests", &format!("requests/{}", case.number), "services", "discovery"] {
        for format in ["json", "xml"] {
            let (status, _, body) = text(&app, &format!("/open311/v2/{path}.{format}")).await;
            assert_eq!(status, 200, "{body}");
            all.push_str(&body);
        }
    }
    let names = entity::staff::Entity::find().all(&app.services().db.read).await.unwrap();
    let open = |row: &entity::staff::Model| {
        app.services().vault.open("staff.name", &row.name_sealed).unwrap()
    };
    let mut never: Vec<String> = names.iter().map(open).collect();
    let words = ["没水", "阳光花园", "1号楼", "2单元", "101", "牡丹", "resident", "primary"];
    never.extend(words.map(str::to_owned));
    never.push(hidden.number.clone());
    let all = all.replace("G00101", "").replace(&case.number, "");
    for word in never {
        assert!(!all.contains(&word), "{word} is shown: {all}");
    }
    assert!(all.contains("水电气暖"), "the category is all that is said of the matter");
    let by_number = format!("{REQUESTS}?service_request_id={}&service_code=", hidden.number);
    assert_eq!(
        get(&app, &by_number).await.1,
        json!([]),
        "a kind that is not shown is not found by number"
    );
    let (status, _) = get(&app, &format!("/open311/v2/requests/{}.json", hidden.number)).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn an_answer_holds_a_thousand_requests_and_an_address_asks_so_often() {
    let mut app = App::start_with(|config| {
        on(config);
        config.limits.open311_per_address = 3;
    })
    .await;
    app.leave_jobs();
    let case = report(&app).await;
    let from = format!("n, cases one WHERE one.id = {}", case.id);
    let many = format!(
        "{} {}",
        up_to(1_100),
        copies::<cases::Entity>(&from, &[("number", "'NC-MANY-' || i")])
    );
    app.connect().await.execute_unprepared(&many).await.unwrap();
    let (status, answer) = get(&app, REQUESTS).await;
    assert_eq!((status, numbers(&answer).len()), (200, 1_000));
    let left = [get(&app, REQUESTS).await.0, get(&app, REQUESTS).await.0];
    assert_eq!(left, [200, 200]);
    let raw = app.anonymous().raw("/open311/v2/services.json", "*/*").await;
    assert_eq!((raw.status, &raw.json()[0]["code"]), (429, &json!(429)));
    let again: u64 = raw.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&again), "{again}");
}

#[tokio::test]
async fn both_forms_change_only_on_purpose() {
    let mut app = App::start_with(on).await;
    app.leave_jobs();
    let open = report(&app).await;
    app.advance(hours(1));
    case_in(&app, CaseState::Triage).await;
    let mut seen = BTreeMap::new();
    let one = format!("requests/{}", open.number);
    for path in ["discovery", "services", "services/utilities", "requests", &one] {
        for format in ["json", "xml"] {
            let (status, kind, body) = text(&app, &format!("/open311/v2/{path}.{format}")).await;
            assert_eq!(status, 200, "{body}");
            let shown = match format {
                "json" => serde_json::from_str(&body).unwrap(),
                _ => json!(body.replace("><", ">\n<").lines().collect::<Vec<_>>()),
            };
            seen.insert(format!("{path}.{format} {kind}"), shown);
        }
    }
    matches_snapshot!("open311", seen);
}
