//! Every route of the document, tried without a bearer and by somebody it does not concern.
//!
//! A route that is in the document and not in the table fails the test, so that nobody can add one
//! without saying who must not use it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::kit::App;
use crate::kit::builders::case_in;

/// What a stranger must get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wall {
    /// Anybody may call it without a bearer: sign-in and health.
    Open,
    /// Everybody who signed in; what he sees is his own.
    Own,
    /// The thing is somebody else's: it does not exist.
    Hidden,
    /// Existence is public, the role is missing.
    Role,
}

use Wall::{Hidden, Open, Own, Role};

/// Method, path, and what `resident-2` gets, for whom the case is another's.
const ROUTES: &[(&str, &str, Wall)] = &[
    ("get", "/healthz", Open),
    ("get", "/readyz", Open),
    ("get", "/metrics", Open),
    ("post", "/api/v1/auth/wechat", Open),
    ("post", "/api/v1/auth/console", Open),
    ("post", "/api/v1/auth/console/enrolment", Open),
    ("post", "/api/v1/auth/refresh", Open),
    ("delete", "/api/v1/auth/session", Open),
    ("get", "/api/v1/account", Own),
    ("post", "/api/v1/account/phone", Own),
    ("get", "/api/v1/inbox", Own),
    ("post", "/api/v1/inbox/{id}/reading", Hidden),
    ("get", "/api/v1/live", Open),
    ("get", "/api/v1/cases", Own),
    ("post", "/api/v1/cases", Own),
    ("get", "/api/v1/triage", Own),
    ("post", "/api/v1/address/resolve", Own),
    ("get", "/api/v1/address/aliases", Role),
    ("post", "/api/v1/address/aliases", Role),
    ("post", "/api/v1/address/aliases/{id}/approval", Role),
    ("post", "/api/v1/address/aliases/{id}/rejection", Role),
    ("get", "/api/v1/chains", Role),
    ("post", "/api/v1/chains", Role),
    ("post", "/api/v1/chains/{id}/confirmation", Role),
    ("get", "/api/v1/calendar", Role),
    ("post", "/api/v1/calendar", Role),
    ("post", "/api/v1/calendar/{id}/confirmation", Role),
    ("get", "/api/v1/targets", Role),
    ("post", "/api/v1/targets", Role),
    ("post", "/api/v1/targets/{id}/confirmation", Role),
    ("get", "/api/v1/dues", Own),
    ("post", "/api/v1/holds", Role),
    ("get", "/api/v1/pauses", Own),
    ("get", "/api/v1/cases/{id}", Hidden),
    ("delete", "/api/v1/cases/{id}/phone", Hidden),
    ("post", "/api/v1/cases/{id}/acknowledgement", Hidden),
    ("post", "/api/v1/cases/{id}/contacts", Hidden),
    ("post", "/api/v1/cases/{id}/updates", Hidden),
    ("post", "/api/v1/cases/{id}/resolution", Hidden),
    ("post", "/api/v1/cases/{id}/confirmation", Hidden),
    ("post", "/api/v1/cases/{id}/verification", Hidden),
    ("post", "/api/v1/cases/{id}/rating", Hidden),
    ("post", "/api/v1/cases/{id}/reopening", Hidden),
    ("post", "/api/v1/cases/{id}/return", Hidden),
    ("post", "/api/v1/cases/{id}/transfer", Hidden),
    ("post", "/api/v1/cases/{id}/reminder", Hidden),
    ("post", "/api/v1/cases/{id}/supervision", Hidden),
    ("post", "/api/v1/cases/{id}/cancellation", Hidden),
    ("post", "/api/v1/cases/{id}/hold", Hidden),
    ("post", "/api/v1/cases/{id}/resumption", Hidden),
    ("post", "/api/v1/cases/{id}/agreement", Hidden),
    ("post", "/api/v1/cases/{id}/diversion", Hidden),
    ("post", "/api/v1/cases/{id}/pause", Hidden),
    ("post", "/api/v1/cases/{id}/pause_decision", Hidden),
    ("post", "/api/v1/cases/{id}/extension", Hidden),
    ("post", "/api/v1/cases/{id}/extension_decision", Hidden),
    ("post", "/api/v1/cases/{id}/assignment", Hidden),
    ("post", "/api/v1/cases/{id}/rejection", Hidden),
    ("post", "/api/v1/cases/{id}/appeal", Hidden),
    ("post", "/api/v1/cases/{id}/merge", Hidden),
    ("post", "/api/v1/cases/{id}/answer", Hidden),
    ("post", "/api/v1/cases/{id}/exclusions", Hidden),
    ("delete", "/api/v1/cases/{id}/exclusions", Hidden),
    ("post", "/api/v1/photos", Own),
    ("get", "/api/v1/photos/{id}", Hidden),
    ("post", "/api/v1/voices", Own),
    ("get", "/api/v1/voices/{id}", Hidden),
    ("get", "/api/v1/staff", Role),
    ("post", "/api/v1/staff", Role),
    ("post", "/api/v1/staff/binding", Own),
    ("post", "/api/v1/staff/{id}/binding-code", Role),
    ("delete", "/api/v1/staff/{id}/binding", Role),
    ("get", "/api/v1/my/grid", Own),
    ("post", "/api/v1/my/grid", Own),
    ("get", "/api/v1/bulletins", Own),
    ("post", "/api/v1/bulletins", Role),
    ("post", "/api/v1/bulletins/{id}/reading", Hidden),
    ("post", "/api/v1/bulletins/{id}/approval", Role),
    ("post", "/api/v1/bulletins/{id}/withdrawal", Role),
    ("get", "/api/v1/roster/week", Role),
    ("get", "/api/v1/swaps", Role),
    ("post", "/api/v1/swaps", Role),
    ("post", "/api/v1/swaps/{id}/acceptance", Role),
    ("post", "/api/v1/swaps/{id}/refusal", Role),
    ("post", "/api/v1/swaps/{id}/approval", Role),
    ("post", "/api/v1/swaps/{id}/withdrawal", Role),
    ("get", "/api/v1/my/duty", Role),
    ("put", "/api/v1/my/duty", Role),
    ("get", "/api/v1/my/channels", Role),
    ("get", "/api/v1/my/consents", Own),
    ("put", "/api/v1/my/channels", Role),
    ("post", "/api/v1/my/channels/{channel}/test", Role),
    ("post", "/api/v1/my/channels/oa_template/code", Role),
    ("get", "/api/v1/staff/{id}/channels", Role),
    ("get", "/open311/v2/discovery.{format}", Open),
    ("get", "/open311/v2/services.{format}", Open),
    ("get", "/open311/v2/services/{code}.{format}", Open),
    ("get", "/open311/v2/requests.{format}", Open),
    ("get", "/open311/v2/requests/{id}.{format}", Open),
    ("get", "/api/v1/street", Open),
    ("get", "/api/v1/my/privacy", Own),
    ("put", "/api/v1/my/privacy", Own),
    ("delete", "/api/v1/my/privacy", Own),
    ("get", "/api/v1/my/data", Own),
    ("put", "/api/v1/my/data", Own),
    ("delete", "/api/v1/my/data", Own),
    ("get", "/api/v1/my/data/export", Own),
    ("get", "/api/v1/my/data/looks", Own),
    ("delete", "/api/v1/my/data/phone", Own),
    ("get", "/api/v1/readiness", Role),
    ("get", "/api/v1/readiness/gaps", Role),
    ("post", "/api/v1/drills", Role),
    ("get", "/api/v1/drills/{id}", Role),
    ("get", "/api/v1/roster", Role),
    ("get", "/api/v1/shifts", Role),
    ("put", "/api/v1/shifts/{name}", Role),
    ("get", "/api/v1/leaves", Role),
    ("post", "/api/v1/leaves", Role),
    ("delete", "/api/v1/leaves/{id}", Role),
    ("get", "/api/v1/audit/response-times", Role),
    ("get", "/api/v1/audit/figures", Role),
    ("get", "/api/v1/audit/figures/{id}/cases", Role),
    ("get", "/api/v1/audit/definitions", Role),
    ("get", "/api/v1/audit/detectors", Role),
    ("get", "/api/v1/audit/checkpoints", Role),
    ("get", "/api/v1/audit/snapshots", Role),
    ("post", "/api/v1/audit/snapshots/{period}/revisions", Role),
    ("post", "/api/v1/audit/exports", Role),
    ("get", "/api/v1/audit/exports/{id}", Role),
    ("get", "/api/v1/audit/exports/{id}/content", Role),
    ("get", "/api/v1/audit/reports/{kind}", Role),
    ("get", "/api/v1/grids/coverage", Role),
    ("get", "/api/v1/grids", Role),
    ("post", "/api/v1/buildings/{id}/wxacode", Role),
    ("get", "/api/v1/buildings/{id}/wxacode", Role),
    ("get", "/api/v1/compounds/{id}/code-sheet", Role),
];

pub(super) fn documented() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(zhinan::api::openapi::document()).unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let item = item.as_object().unwrap();
        let named: Vec<_> = methods.iter().filter(|method| item.contains_key(**method)).collect();
        named.into_iter().map(|method| ((*method).to_owned(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[test]
fn every_route_of_the_document_says_who_must_not_use_it() {
    let known: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path, _)| ((*method).into(), (*path).into())).collect();
    let documented = documented();
    let missing: Vec<_> = documented.difference(&known).collect();
    let gone: Vec<_> = known.difference(&documented).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    assert!(gone.is_empty(), "no longer in the document: {gone:?}");
}

/// A body that only a person with the right could use; complete enough to pass the parser.
fn body(path: &str, version: i32) -> Value {
    let mut body = match path.rsplit('/').next().unwrap() {
        "contacts" | "verification" => json!({ "method": "phone", "outcome": "reached" }),
        "updates" => json!({ "text": "已联系" }),
        "resolution" => json!({ "result_type": "solved", "text": "已修好" }),
        "rating" => json!({ "result": 5, "attitude": 4 }),
        "reopening" | "appeal" | "diversion" => json!({ "reason": "还没有解决" }),
        "return" => json!({ "reason": "不属于本网格", "proposed_unit": "第二网格" }),
        "transfer" | "assignment" => json!({ "grid": "G00102", "reason": "位置不对" }),
        "hold" => json!({ "reason": "weather", "until": "2026-11-25T10:00:00+08:00" }),
        "extension" => json!({ "days": 3, "reason": "等待配件" }),
        "extension_decision" | "pause_decision" => json!({ "grants": true }),
        "pause" => {
            json!({ "reason": "awaiting_material", "note": "缺照片", "until": "2026-11-25T10:00:00+08:00" })
        }
        "rejection" => json!({ "code": "outside_duty", "explanation": "请联系供水公司" }),
        "merge" => json!({ "into": 1, "reason": "同一件事" }),
        "answer" => json!({ "grid": "G00101" }),
        "exclusions" => json!({ "ground": "other", "note": "重复" }),
        "drills" => return json!({}),
        "revisions" => return json!({ "reason": "补录" }),
        "exports" => {
            return json!({ "what": "figures", "format": "csv", "purpose": "核查",
                "from": "2026-11-24", "to": "2026-11-25" });
        }
        "{name}" => return json!({ "from": "08:00", "to": "18:00" }),
        "leaves" => {
            let (from, to) = ("2026-11-25T10:00:00+08:00", "2026-11-26T10:00:00+08:00");
            return json!({ "from": from, "to": to });
        }
        "bulletins" => {
            return json!({ "title": "停水", "text": "明天停水", "until": "2026-11-26T10:00:00+08:00" });
        }
        "swaps" => return json!({ "colleague": 1, "mine": "2026-11-25" }),
        "duty" => return json!({ "on": true }),
        "channels" => return json!({ "order": ["sms"] }),
        "aliases" => return json!({ "word": "老厂院", "kind": "compound", "target": "C1" }),
        "chains" => return json!({ "chains": {} }),
        "calendar" => return json!({ "table": "table,date,day" }),
        "holds" => return json!({ "until": "2026-11-25T10:00:00+08:00", "note": "暴雪" }),
        "targets" => return json!({ "targets": {} }),
        "staff" => {
            return json!({ "staff_no": "W9", "name": "王五", "office_phone": "0530-5623456" });
        }
        _ => json!({}),
    };
    body["expected_version"] = version.into();
    body
}

fn query(path: &str) -> &'static str {
    if path.ends_with("response-times") {
        "?from=2026-11-24&to=2026-11-25&group_by=grid"
    } else if path.ends_with("roster") || path.contains("/audit/figures") {
        "?from=2026-11-24&to=2026-11-25"
    } else if path.contains("/audit/reports") {
        "?date=2026-11-24"
    } else {
        ""
    }
}

#[tokio::test]
async fn nobody_gets_past_a_closed_route_without_a_bearer() {
    let app = App::start().await;
    let anonymous = app.anonymous();
    let mut wrong = Vec::new();
    for (method, path, wall) in ROUTES.iter().filter(|(.., wall)| *wall != Open) {
        let address = format!("{}{}", path.replace("{id}", "1"), query(path));
        let (status, answer) =
            anonymous.send(&method.to_uppercase(), &address, Some(body(path, 1))).await;
        if status != 401 || answer["code"] != "unauthenticated" {
            wrong.push(format!("{method} {path} ({wall:?}): {status} {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_concerns_somebody_else_does_not_exist() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, entity::kinds::CaseState::Assigned).await;
    let mut wrong = Vec::new();
    for name in ["resident-2", "primary-2", "cadre-2", "secretary-2", "system-admin"] {
        let stranger = app.as_person(name).await;
        for (method, path, wall) in ROUTES {
            let want = match wall {
                Hidden => (404, "not_found"),
                Role if name == "resident-2" => (403, "forbidden"),
                _ => continue,
            };
            let address = path.replace("{id}", &case.id.to_string());
            let address = format!("{address}{}", query(path));
            let body = (*method != "get").then(|| body(path, case.version));
            let (status, answer) = stranger.send(&method.to_uppercase(), &address, body).await;
            if (status, answer["code"].as_str().unwrap_or("")) != want {
                wrong.push(format!("{name} {method} {path}: {status} {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
