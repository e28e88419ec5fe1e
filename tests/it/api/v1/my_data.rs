//! My data: what is stored about a person, who looked, what he may correct, take away and erase.

use entity::kinds::{CaseId, CaseState, EventType};
use entity::{
    account, case_event_payload, cases, consent, doomed_file, erasure, idempotency, inbox, photo,
    profile, refresh_token, wechat_identity,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use zhinan::app::my;
use zhinan::app::proof::verify;
use zhinan::domain::calendar::rfc3339;
use zhinan::error::{Code, Error};

use super::cases::effects::act;
use crate::kit::App;
use crate::kit::builders::{actor, find, step};
use crate::kit::client::Client;
use crate::kit::clock::hours;

const PHONE: &str = "13800001234";
const TEXT: &str = "阳光花园1号楼2单元101没水了，请找张大爷";
/// What must be nowhere after the erasure, whatever is asked.
const SECRETS: [&str; 5] = [PHONE, "张大爷", "2单元101", "13900005678", "王小明"];

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(8, 6, image::Rgb([10, 120, 200]));
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(client: &Client) -> i64 {
    let raw = client.bytes("POST", "/api/v1/photos", "image/png", picture()).await;
    assert_eq!(raw.status, 201, "{}", raw.json());
    raw.json()["id"].as_i64().unwrap()
}

/// A request with everything personal in it, and a photo.
async fn personal(app: &App, who: &str) -> CaseId {
    let client = app.as_person(who).await;
    let photo = upload(&client).await;
    let body = json!({
        "text": TEXT, "address": "阳光花园1号楼2单元101", "contact_phone": PHONE,
        "location": { "lon": 115.405, "lat": 35.205, "accuracy_m": 10.0, "datum": "gcj02" },
        "on_behalf_of": { "name": "王小明", "phone": "13900005678", "relation": "邻居" },
        "photos": [photo],
    });
    let (status, made) = client.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{made}");
    CaseId(made["id"].as_i64().unwrap())
}

/// Leads a case to its end, each step with words about the resident.
async fn closed(app: &App, who: &str) -> CaseId {
    let id = personal(app, who).await;
    for (name, verb, body) in [
        ("primary-1", "acknowledgement", json!({})),
        (
            "primary-1",
            "contacts",
            json!({ "method": "phone", "outcome": "reached", "note": "打13800001234找到张大爷" }),
        ),
        (who, "updates", json!({ "text": "张大爷在家" })),
        ("primary-1", "resolution", json!({ "result_type": "solved", "text": "张大爷家已修好" })),
        (who, "confirmation", json!({ "result": 5, "attitude": 4 })),
    ] {
        let (status, answer) = act(app, name, id, verb, body).await;
        assert_eq!(status, 200, "{verb}: {answer}");
    }
    id
}

/// Signs in as the mini-program does and fills what an account can hold.
async fn signed_in(app: &App, who: &str) -> Client {
    let client = app.sign_in(&app.person(who).mini).await;
    let s = app.services().clone();
    let account = app.person(who).account;
    let now = s.clock.now();
    let (sealed, index) =
        (s.vault.seal("account.phone", PHONE).unwrap(), s.vault.blind_index("phone", PHONE));
    let unit = s.writer.clone();
    unit.commit(move |tx| {
        Box::pin(async move {
            zhinan::store::session::set_phone(tx, account, (sealed, index), now).await?;
            zhinan::store::consent::add(tx, account, "T-question", now).await?;
            Ok::<_, Error>(())
        })
    })
    .await
    .unwrap();
    let body = json!({ "name": "张大爷", "home": "阳光花园1号楼2单元101" });
    let (status, answer) = client.send("PUT", "/api/v1/my/data", Some(body)).await;
    assert_eq!(status, 200, "{answer}");
    client
}

pub async fn erase(client: &Client, word: &str) -> (u16, Value) {
    client.send("DELETE", "/api/v1/my/data", Some(json!({ "confirm": word }))).await
}

/// How many rows of everything an account still has.
async fn left(app: &App, who: &str) -> Vec<(&'static str, u64)> {
    let (db, id) = (&app.services().db.read, app.person(who).account);
    let told = format!("r{id}");
    macro_rules! count {
        ($table:ident, $column:ident, $value:expr) => {
            $table::Entity::find()
                .filter($table::Column::$column.eq($value))
                .count(db)
                .await
                .unwrap()
        };
    }
    vec![
        ("identities", count!(wechat_identity, AccountId, id)),
        ("consents", count!(consent, AccountId, id)),
        ("sessions", count!(refresh_token, AccountId, id)),
        ("answers", count!(idempotency, AccountId, id)),
        ("profiles", count!(profile, AccountId, id)),
        ("photos", count!(photo, OwnerId, id)),
        ("inbox", count!(inbox, Recipient, told)),
    ]
}

fn item<'a>(data: &'a Value, group: &str, label: &str) -> &'a str {
    let groups = data["groups"].as_array().unwrap();
    let group = groups.iter().find(|one| one["key"] == group).unwrap();
    let items = group["items"].as_array().unwrap();
    let found = items.iter().find(|one| one["label"] == label);
    found.unwrap_or_else(|| panic!("{label} in {group}"))["value"].as_str().unwrap()
}

#[tokio::test]
async fn a_resident_reads_in_plain_words_what_is_stored_and_corrects_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = signed_in(&app, "resident-1").await;
    closed(&app, "resident-1").await;
    personal(&app, "resident-1").await;
    upload(&client).await;
    personal(&app, "resident-2").await;
    let number = find(&app, CaseId(1)).await.number;
    let (status, data) = client.get("/api/v1/my/data").await;
    assert_eq!(status, 200, "{data}");
    for (group, label, value) in [
        ("account", "手机号", "138****1234"),
        ("account", "称呼", "张大爷"),
        ("home", "常用住址", "阳光花园1号楼2单元101"),
        ("cases", "全部", "2 件"),
        ("cases", "办理中", "1 件"),
        ("cases", "已结束", "1 件"),
        ("cases", "带定位的", "2 件"),
        ("numbers", &number, "138****1234"),
        ("photos", "未用于诉求", "1 张"),
        ("consents", "补充地址提醒", "还可发送 1 次"),
    ] {
        assert_eq!(item(&data, group, label), value, "{group} {label}: {data}");
    }
    assert!(item(&data, "photos", "全部").starts_with("3 张"));
    assert!(item(&data, "sessions", "微信小程序").contains("登录"));
    assert!(!data.to_string().contains(PHONE), "the phone is masked: {data}");
    let (_, data) =
        client.send("PUT", "/api/v1/my/data", Some(json!({ "home": "牡丹小区1号楼" }))).await;
    assert_eq!((&data["name"], &data["home"]), (&Value::Null, &json!("牡丹小区1号楼")));
    let (status, _) = client.send("DELETE", "/api/v1/my/data/phone", None).await;
    assert_eq!(status, 204);
    let (_, data) = client.get("/api/v1/my/data").await;
    assert_eq!(
        (&data["phone_masked"], item(&data, "account", "手机号")),
        (&Value::Null, "没有登记")
    );
    let (_, other) = app.as_person("resident-2").await.get("/api/v1/my/data").await;
    assert_eq!(item(&other, "cases", "全部"), "1 件");
    let long = json!({ "name": "长".repeat(21) });
    let (status, answer) = client.send("PUT", "/api/v1/my/data", Some(long)).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!("/name")));
}

#[tokio::test]
async fn a_resident_sees_who_looked_in_which_role_and_what_for_and_nobody_elses_looks() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mine = personal(&app, "resident-1").await;
    let other = personal(&app, "resident-2").await;
    for (who, case) in
        [("primary-1", mine), ("command", mine), ("primary-1", other), ("cadre-1", mine)]
    {
        app.clock.advance(hours(1));
        // Read again and again while he looks at it: one look.
        for _ in 0..3 {
            app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
        }
    }
    let client = app.as_person("resident-1").await;
    let (status, first) = client.get("/api/v1/my/data/looks?limit=2").await;
    assert_eq!(status, 200, "{first}");
    let next = first["next"].as_str().unwrap();
    let (_, second) = client.get(&format!("/api/v1/my/data/looks?limit=2&cursor={next}")).await;
    assert_eq!(second["next"], Value::Null);
    let pages =
        [first["looks"].as_array().unwrap().as_slice(), second["looks"].as_array().unwrap()];
    let looks: Vec<_> = pages.concat();
    let of = |look: &Value| {
        ["name", "role_zh", "what_zh", "purpose_zh"]
            .map(|key| look[key].as_str().unwrap_or("-").to_owned())
    };
    let (what, purpose) = ("查看了诉求全文、地址、位置和联系电话", "办理这件诉求");
    let want = [("cadre-1", "社区干部"), ("command", "街道指挥中心"), ("primary-1", "网格员")];
    let want = want.map(|(name, role)| [name, role, what, purpose].map(str::to_owned));
    assert_eq!(looks.iter().map(of).collect::<Vec<_>>(), want);
    assert!(looks.iter().all(|look| look["case_id"] == json!(mine)));
    assert_eq!(looks[0]["at"], json!(zhinan::domain::calendar::rfc3339(app.clock.now())));
    let (_, data) = client.get("/api/v1/my/data").await;
    assert_eq!(data["looks"], 9, "the access log has every time");
    let (_, one) = client.get("/api/v1/my/data/looks?limit=1").await;
    let next = one["next"].as_str().unwrap();
    let (_, two) = client.get(&format!("/api/v1/my/data/looks?limit=1&cursor={next}")).await;
    assert_eq!(two["looks"][0]["name"], "command", "a look of the page before stands on no other");
    let (status, answer) = client.get("/api/v1/my/data/looks?cursor=made-up").await;
    assert_eq!((status, &answer["code"]), (400, &json!("malformed_query")));
}

#[tokio::test]
async fn the_export_holds_every_word_of_its_owner_and_none_of_others() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = signed_in(&app, "resident-1").await;
    let mine = closed(&app, "resident-1").await;
    let theirs = personal(&app, "resident-2").await;
    app.as_person("command").await.get(&format!("/api/v1/cases/{mine}")).await;
    let raw = client.raw("/api/v1/my/data/export", "*/*").await;
    assert_eq!(raw.status, 200);
    assert!(raw.headers["content-disposition"].to_str().unwrap().contains("my-data.json"));
    let document = raw.json();
    assert_eq!(document["account"]["phone"], PHONE);
    assert_eq!(document["account"]["wechat"][0]["openid"], app.person("resident-1").mini);
    let case = &document["cases"][0];
    assert_eq!((&case["text"], &case["position"]["lon"]), (&json!(TEXT), &json!(115.405)));
    assert_eq!((&case["contact_phone"], &case["phone_kept_here"]), (&json!(PHONE), &json!(true)));
    assert!(case["timeline"].to_string().contains("张大爷在家"), "{case}");
    assert_eq!(document["cases"].as_array().unwrap().len(), 1, "not {theirs}");
    assert_eq!(document["photos"][0]["case"], json!(mine));
    assert_eq!(document["looks"][0]["name"], "command");
}

#[tokio::test]
async fn nothing_is_erased_without_the_word_while_a_case_is_open_or_in_office() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = signed_in(&app, "resident-1").await;
    let open = personal(&app, "resident-1").await;
    let number = find(&app, open).await.number;
    let (status, answer) = erase(&client, "好的").await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!("/confirm")), "{answer}");
    let (status, answer) = erase(&client, "删除").await;
    assert_eq!((status, &answer["code"]), (422, &json!("rule_refused")), "{answer}");
    assert_eq!(answer["errors"][0]["code"], "case_open");
    assert!(answer["detail"].as_str().unwrap().contains(&number), "{answer}");
    let (_, data) = client.get("/api/v1/my/data").await;
    assert_eq!((&data["may_erase"], &data["why_not"]), (&json!(false), &answer["detail"]));
    for who in ["primary-1", "command"] {
        let (status, answer) = erase(&app.as_person(who).await, "删除").await;
        assert_eq!(
            (status, &answer["errors"][0]["code"]),
            (422, &json!("staff")),
            "{who} {answer}"
        );
    }
    assert!(find(&app, open).await.position_sealed.is_some());
    assert_eq!(erasure::Entity::find().count(&app.services().db.read).await.unwrap(), 0);
    // Every other state is one in which somebody may be on his way.
    for state in [CaseState::Triage, CaseState::Resolved] {
        step(&app, open, "command", EventType::Supervised, move |case| {
            case.state = state;
            case.triage_reason = Some(entity::kinds::TriageReason::Ask);
            case.held_by = Some(entity::kinds::ActorRole::TriageDesk);
        })
        .await;
        assert_eq!(erase(&client, "删除").await.1["errors"][0]["code"], "case_open", "{state:?}");
    }
}

#[tokio::test]
async fn erasure_leaves_figures_and_a_ledger_that_verifies_and_touches_nobody_else() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = signed_in(&app, "resident-1").await;
    let neighbour = signed_in(&app, "resident-2").await;
    let (mine, theirs) = (closed(&app, "resident-1").await, closed(&app, "resident-2").await);
    let before = find(&app, mine).await;
    let (untouched, theirs_left) = (find(&app, theirs).await, left(&app, "resident-2").await);
    let (_, their_page) = neighbour.get(&format!("/api/v1/cases/{theirs}")).await;
    let (status, erased) = erase(&client, " 删除 ").await;
    assert_eq!(
        (status, &erased["cases"], &erased["files"]),
        (200, &json!(1), &json!(1)),
        "{erased}"
    );
    for (what, rows) in left(&app, "resident-1").await {
        assert_eq!(rows, 0, "{what}");
    }
    let s = app.services();
    let row = account::Entity::find_by_id(app.person("resident-1").account);
    let row = row.one(&s.db.read).await.unwrap().unwrap();
    assert_eq!((row.phone_sealed, row.phone_index), (None, None));
    assert_eq!(client.get("/api/v1/my/data").await.0, 401, "every token is worthless");
    let after = find(&app, mine).await;
    let figures = |case: &cases::Model| {
        let cases::Model { state, reported_at, acknowledged_at, contacted_at, resolved_at, .. } =
            *case;
        let closed = (case.closed_at, case.rating_result, case.small_grid_id, case.reporter_id);
        (state, reported_at, acknowledged_at, contacted_at, resolved_at, closed)
    };
    assert_eq!(figures(&after), figures(&before));
    for who in ["primary-1", "command", "desk-1"] {
        let (status, seen) = app.as_person(who).await.get(&format!("/api/v1/cases/{mine}")).await;
        assert_eq!(status, 200);
        for secret in SECRETS {
            assert!(!seen.to_string().contains(secret), "{who} reads {secret} in {seen}");
        }
        assert_eq!(seen["timeline"].as_array().unwrap().last().unwrap()["kind"], "erased");
    }
    let found = verify::one(s, &after.number).await.unwrap();
    assert_eq!((found.cases, found.findings), (1, vec![]));
    assert!(found.erased >= 6, "bodies and salts are gone: {}", found.erased);
    let (theirs_after, mut page) = neighbour.get(&format!("/api/v1/cases/{theirs}")).await;
    assert_eq!((theirs_after, find(&app, theirs).await), (200, untouched));
    assert_eq!(left(&app, "resident-2").await, theirs_left);
    page["notices"] = their_page["notices"].clone();
    assert_eq!(page, their_page);
}

/// Lists the salts of one case's events and whose they are.
async fn bodies(app: &App, case: CaseId) -> Vec<(EventType, bool)> {
    let rows = zhinan::store::event::list(&app.services().db.read, case).await.unwrap();
    rows.into_iter().map(|(event, body)| (event.kind, body.is_some())).collect()
}

#[tokio::test]
async fn salts_go_with_the_bodies_and_only_what_names_nobody_stays() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = signed_in(&app, "resident-1").await;
    let case = closed(&app, "resident-1").await;
    let others = case_event_payload::Entity::find().count(&app.services().db.read).await.unwrap();
    assert!(bodies(&app, case).await.iter().all(|(_, there)| *there));
    assert_eq!(erase(&client, "删除").await.0, 200);
    for (kind, there) in bodies(&app, case).await {
        let plain = matches!(kind, EventType::Assigned | EventType::Erased | EventType::Pushed);
        assert_eq!(there, plain, "{kind:?}");
    }
    let row = erasure::Entity::find().one(&app.services().db.read).await.unwrap().unwrap();
    let now = case_event_payload::Entity::find().count(&app.services().db.read).await.unwrap();
    assert_eq!(i64::try_from(others + 1 - now).unwrap(), row.bodies, "one says that it was erased");
}

#[tokio::test]
async fn no_figure_changes_when_a_resident_is_erased_and_what_stays_is_proven() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = closed(&app, "resident-1").await;
    app.advance(hours(20 * 24));
    let figures = async || {
        let as_of = rfc3339(app.clock.now());
        let path = format!(
            "/api/v1/audit/figures?from=2026-11-01&to=2027-01-01&as_of={as_of}&group_by=person"
        );
        let (status, seen) = app.as_person("auditor").await.get(&path).await;
        assert_eq!(status, 200, "{seen}");
        seen["figures"].clone()
    };
    let before = figures().await;
    for (id, hits) in [("R6", 1), ("R10", 1), ("M8", 1)] {
        let figure = before.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
        assert_eq!(figure["total"]["hit"], hits, "{id}");
    }
    let client = signed_in(&app, "resident-1").await;
    assert_eq!(erase(&client, "删除").await.0, 200);
    assert_eq!(figures().await, before);
    let verified = async || verify::one(app.services(), &find(&app, case).await.number).await;
    assert_eq!(verified().await.unwrap().findings, vec![]);
    let spelled = |from: &str, to: &str| {
        format!(
            r#"UPDATE case_event_remains SET body = REPLACE(body, '"value":{from}}}', '"value":{to}}}')"#
        )
    };
    super::reach::sql(&app, &spelled("5", "5.0")).await;
    let found = verified().await.unwrap().findings;
    assert_eq!(found[0].why, "内容的形式不对", "no mark would be read: {found:?}");
    super::reach::sql(&app, &spelled("5.0", "5")).await;
    super::reach::sql(
        &app,
        r#"UPDATE case_event_remains SET body = REPLACE(body, '"value":5', '"value":1')"#,
    )
    .await;
    let found = verified().await.unwrap().findings;
    assert_eq!(found[0].field.as_deref(), Some("payload"), "better marks than he gave: {found:?}");
}

#[tokio::test]
async fn files_leave_the_store_after_the_commit_even_when_the_process_ends_in_between() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = signed_in(&app, "resident-1").await;
    closed(&app, "resident-1").await;
    upload(&client).await;
    let theirs = upload(&app.as_person("resident-2").await).await;
    let photos = photo::Entity::find().all(&app.services().db.read).await.unwrap();
    let (mine, kept): (Vec<_>, Vec<_>) = photos.into_iter().partition(|one| one.id.0 != theirs);
    assert_eq!((mine.len(), erase(&client, "删除").await.1["files"].as_i64()), (2, Some(2)));
    for photo in &mine {
        app.services().storage.get(&photo.object).await.expect("not inside the unit");
    }
    app.restart().await;
    app.run_due().await;
    app.ignore_messages().await;
    for photo in &mine {
        assert!(app.services().storage.get(&photo.object).await.is_err(), "{}", photo.object);
    }
    app.services().storage.get(&kept[0].object).await.expect("another's photo");
    let s = app.services();
    assert_eq!(doomed_file::Entity::find().count(&s.db.read).await.unwrap(), 0);
    let row = erasure::Entity::find().one(&s.db.read).await.unwrap().unwrap();
    assert_eq!(row.files_gone_at, Some(app.clock.now()));
}

#[tokio::test]
async fn files_whose_job_was_given_up_are_asked_for_again() {
    let mut app = App::start().await;
    app.leave_jobs();
    let s = app.services().clone();
    s.storage.put("left-behind.jpg", b"a picture".to_vec()).await.unwrap();
    let row = doomed_file::ActiveModel {
        object: Set("left-behind.jpg".into()),
        erasure_id: Set(None),
        doomed_at: Set(app.clock.now()),
    };
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            doomed_file::Entity::insert(row).exec_without_returning(tx).await?;
            Ok::<_, Error>(())
        })
    });
    unit.await.unwrap();
    zhinan::engine::sweep::run(&s).await.unwrap();
    app.run_due().await;
    s.storage.get("left-behind.jpg").await.expect("its own job has an hour");
    app.advance(hours(2));
    zhinan::engine::sweep::run(&s).await.unwrap();
    app.run_due().await;
    assert!(s.storage.get("left-behind.jpg").await.is_err());
}

#[tokio::test]
async fn erasing_twice_is_erasing_once_and_who_comes_back_is_somebody_new() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = signed_in(&app, "resident-1").await;
    closed(&app, "resident-1").await;
    let who = actor(&app, "resident-1").await;
    assert_eq!(erase(&client, "删除").await.0, 200);
    let s = app.services();
    let stored = erasure::Entity::find().one(&s.db.read).await.unwrap().unwrap();
    app.advance(hours(1));
    // A second request that was admitted before the first one was written.
    let again = my::erase::run(s, &who, "删除").await.unwrap();
    assert_eq!(again, stored);
    assert_eq!(erase(&client, "删除").await.0, 401);
    let back = app.sign_in(&app.person("resident-1").mini).await;
    let (_, data) = back.get("/api/v1/my/data").await;
    assert_eq!((item(&data, "cases", "全部"), &data["name"]), ("0 件", &Value::Null));
    let (_, list) = back.get("/api/v1/cases").await;
    assert_eq!(list["cases"], json!([]));
    let gone = my::show::run(s, &who).await.unwrap_err();
    assert_eq!(gone.code, Code::Unauthenticated);
}

#[tokio::test]
async fn a_number_left_with_a_request_is_shown_changed_and_taken_away_by_whoever_left_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    let id = crate::kit::builders::report(&app).await.id;
    let client = app.as_person("resident-1").await;
    let (path, phone) = (format!("/api/v1/cases/{id}"), format!("/api/v1/cases/{id}/phone"));
    let kept = async |client: &Client| {
        let (_, case) = client.get(&path).await;
        (case["contact_phone"].clone(), case["phone_kept_here"].clone())
    };
    assert_eq!(kept(&client).await, (Value::Null, json!(false)));
    for number in ["13800001234", "13800005678"] {
        let added = json!({ "text": "补充了联系电话", "contact_phone": number });
        let (status, answer) = act(&app, "resident-1", id, "updates", added).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(kept(&client).await, (json!(number), json!(true)));
    }
    for who in ["resident-2", "primary-1", "command"] {
        let (status, answer) = app.as_person(who).await.send("DELETE", &phone, None).await;
        assert_eq!((status, &answer["code"]), (404, &json!("not_found")), "{who}");
    }
    for _ in 0..2 {
        let (status, _) = client.send("DELETE", &phone, None).await;
        assert_eq!(status, 204);
    }
    assert_eq!(kept(&client).await, (Value::Null, json!(false)));
    let (_, seen) = app.as_person("primary-1").await.get(&path).await;
    let said = seen["timeline"].to_string().matches("不再留电话").count();
    assert_eq!((said, &seen["contact_phone"]), (1, &Value::Null), "told once: {seen}");
    assert!(find(&app, id).await.contact_phone_index.is_none());
    let (_, data) = client.get("/api/v1/my/data").await;
    assert!(!data.to_string().contains("5678"), "{data}");
}

#[tokio::test]
async fn a_number_goes_from_a_closed_request_without_opening_its_record() {
    let mut app = App::start().await;
    app.leave_jobs();
    let id = closed(&app, "resident-1").await;
    let before = find(&app, id).await;
    let client = app.as_person("resident-1").await;
    let (status, _) = client.send("DELETE", &format!("/api/v1/cases/{id}/phone"), None).await;
    assert_eq!(status, 204);
    let after = find(&app, id).await;
    assert_eq!((after.contact_phone_sealed, after.contact_phone_index), (None, None));
    assert_eq!((after.version, after.last_seq), (before.version, before.last_seq));
}
