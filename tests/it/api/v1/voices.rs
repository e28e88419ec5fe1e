//! Recordings: known by their bytes, measured, kept with the case, played to who may hear them.

use std::time::Duration;

use entity::kinds::{CaseId, CaseState, TriageReason, Urgency};
use entity::{access_log, doomed_file, voice};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use serde_json::{Value, json};
use zhinan::config::Config;

use super::cases::effects::{act, entry};
use crate::kit::App;
use crate::kit::builders::{ADDRESS, case_in, find};
use crate::kit::client::{Client, Raw};
use crate::kit::clock::hours;

/// So many frames of MPEG-2 layer III at 16 kHz and 32 kbit/s: 36 ms and 144 bytes each, numbered.
fn mp3(frames: u8) -> Vec<u8> {
    let frame = |at: u8| {
        let mut frame = vec![0xFF, 0xF3, 0x48, 0xC0];
        frame.resize(144, at);
        frame
    };
    (0..frames).flat_map(frame).collect()
}

async fn send(client: &Client, kind: &str, bytes: Vec<u8>) -> Raw {
    client.bytes("POST", "/api/v1/voices", kind, bytes).await
}

async fn upload(client: &Client) -> i64 {
    let raw = send(client, "audio/mpeg", mp3(50)).await;
    assert_eq!(raw.status, 201, "{}", raw.json());
    raw.json()["id"].as_i64().unwrap()
}

/// Asks for the recording as each of these people; lists who heard it.
async fn heard_by<'a>(app: &App, voice: i64, people: &[&'a str]) -> Vec<&'a str> {
    let mut heard = Vec::new();
    for &name in people {
        let raw = app.as_person(name).await.raw(&format!("/api/v1/voices/{voice}"), "*/*").await;
        match raw.status {
            200 => {
                assert_eq!(
                    (&raw.bytes, &raw.headers["content-type"].to_str().unwrap()),
                    (&mp3(50), &"audio/mpeg")
                );
                heard.push(name);
            }
            404 => assert_eq!(raw.json()["code"], "not_found", "{name}"),
            other => panic!("{name}: {other} {}", raw.json()),
        }
    }
    heard
}

const EVERYBODY: [&str; 12] = [
    "resident-1",
    "resident-2",
    "primary-1",
    "backup-1",
    "primary-2",
    "cadre-1",
    "cadre-2",
    "secretary-1",
    "desk-1",
    "command",
    "auditor",
    "system-admin",
];

async fn spoken(app: &App, body: Value) -> entity::cases::Model {
    let client = app.as_person("resident-1").await;
    let mut body = body;
    body["voices"] = json!([upload(&client).await]);
    let (status, case) = client.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{case}");
    find(app, CaseId(case["id"].as_i64().unwrap())).await
}

#[tokio::test]
async fn a_recording_is_known_and_measured_by_its_bytes_whatever_it_is_called() {
    let app = App::start().await;
    let client = app.as_person("resident-1").await;
    let form = [
        b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n".to_vec(),
        b"content-type: audio/wav\r\n\r\n".to_vec(),
        mp3(50),
        b"\r\n--x--\r\n".to_vec(),
    ];
    let raw = send(&client, "multipart/form-data; boundary=x", form.concat()).await;
    assert_eq!(raw.status, 201, "{}", raw.json());
    let view = raw.json();
    assert_eq!((&view["media_type"], &view["seconds"]), (&json!("audio/mpeg"), &json!(1.8)));
    assert_eq!(view["bytes"], 50 * 144);
    for bytes in [
        b"<script>alert(1)</script>".to_vec(),
        Vec::new(),
        [mp3(50), b"hidden".to_vec(), mp3(5)].concat(),
    ] {
        let raw = send(&client, "audio/mpeg", bytes).await;
        let answer = raw.json();
        assert_eq!((raw.status, &answer["code"]), (422, &json!("unsupported_voice")), "{answer}");
    }
    assert_eq!(voice::Entity::find().count(&app.services().db.read).await.unwrap(), 1);
}

#[tokio::test]
async fn too_short_too_long_and_too_large_are_refused_with_what_to_do() {
    let app = App::start_with(|config: &mut Config| {
        config.voices.max_seconds = 2;
        config.voices.max_bytes = 100 * 144;
    })
    .await;
    let client = app.as_person("resident-1").await;
    for (frames, status, words) in [
        (13, 422, "太短"),
        (14, 201, ""),
        (55, 201, ""),
        (56, 422, "2 秒"),
        (101, 413, "录音不能超过"),
    ] {
        let raw = send(&client, "audio/mpeg", mp3(frames)).await;
        assert_eq!(raw.status, status, "{frames}: {}", raw.json());
        let detail = raw.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.contains(words), "{detail}");
    }
}

#[tokio::test]
async fn who_only_speaks_is_not_refused_and_never_waits_for_the_morning() {
    let mut app = App::start().await;
    app.leave_jobs();
    let nowhere = spoken(&app, json!({})).await;
    assert_eq!(
        (nowhere.triage_reason, nowhere.urgency),
        (Some(TriageReason::OnlyVoice), Urgency::Fast)
    );
    let (_, seen) =
        app.as_person("desk-1").await.get(&format!("/api/v1/cases/{}", nowhere.id)).await;
    assert_eq!(seen["triage"]["reason_zh"], "只有语音");
    assert_eq!(seen["text"], "（语音诉求，内容见录音）");
    assert_eq!(seen["voices"][0]["seconds"], 1.8);
    let placed = spoken(&app, json!({ "address": ADDRESS })).await;
    assert_eq!(
        (placed.triage_reason, placed.small_grid_id),
        (None, Some(app.roster.grids["G00101"]))
    );
    let danger = json!({ "address": ADDRESS, "urgency": { "danger": true } });
    assert_eq!(spoken(&app, danger).await.urgency, Urgency::Urgent);
    let written = spoken(&app, json!({ "text": "家里没水了", "address": ADDRESS })).await;
    assert_eq!(written.urgency, Urgency::Normal, "his words say what it is");
    let client = app.as_person("resident-1").await;
    for body in [json!({}), json!({ "text": " " }), json!({ "text": "", "voices": [] })] {
        let (status, answer) = client.post("/api/v1/cases", body).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!("/text")), "{answer}");
    }
}

#[tokio::test]
async fn a_recording_is_heard_by_the_people_of_the_case_and_its_owner_sees_who() {
    let mut app = App::start().await;
    app.leave_jobs();
    let alone = upload(&app.as_person("resident-1").await).await;
    assert_eq!(heard_by(&app, alone, &EVERYBODY).await, ["resident-1"]);
    let case = spoken(&app, json!({ "address": ADDRESS })).await;
    let voice = voice::Entity::find().order_by_desc(voice::Column::Id);
    let voice = voice.one(&app.services().db.read).await.unwrap().unwrap();
    assert_eq!(voice.case_id, Some(case.id));
    let of_the_case =
        ["resident-1", "primary-1", "backup-1", "cadre-1", "secretary-1", "desk-1", "command"];
    assert_eq!(heard_by(&app, voice.id.0, &EVERYBODY).await, of_the_case);
    assert_eq!(heard_by(&app, voice.id.0, &["primary-1"]).await, ["primary-1"]);
    let looks = access_log::Entity::find().count(&app.services().db.read).await.unwrap();
    assert_eq!(looks, 6, "each listener once, however many pieces his player asks for");
    app.advance(Duration::from_mins(11));
    heard_by(&app, voice.id.0, &["primary-1"]).await;
    let (_, looks) = app.as_person("resident-1").await.get("/api/v1/my/data/looks").await;
    assert_eq!(
        looks["looks"].as_array().unwrap().len(),
        6,
        "again within half an hour is no other look"
    );
    assert_eq!(
        (&looks["looks"][0]["name"], &looks["looks"][0]["what_zh"]),
        (&json!("primary-1"), &json!("收听了录音"))
    );
}

#[tokio::test]
async fn a_part_of_a_recording_is_played_and_one_beyond_its_end_refused() {
    let app = App::start().await;
    let client = app.as_person("resident-1").await;
    let path = format!("/api/v1/voices/{}", upload(&client).await);
    let part = client.part(&path, "bytes=140-147").await;
    assert_eq!(
        (part.status, &part.headers["content-range"]),
        (206, &"bytes 140-147/7200".parse().unwrap())
    );
    assert_eq!(part.bytes, mp3(50)[140..=147]);
    let beyond = client.part(&path, "bytes=7200-").await;
    assert_eq!((beyond.status, &beyond.json()["code"]), (416, &json!("range_not_satisfiable")));
}

#[tokio::test]
async fn recordings_come_with_updates_and_nobody_uses_anothers_or_one_twice() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = spoken(&app, json!({ "address": ADDRESS })).await;
    let client = app.as_person("resident-1").await;
    let more = upload(&client).await;
    let say = async |who: &str, voices: Value| {
        act(&app, who, case.id, "updates", json!({ "voices": voices })).await
    };
    let theirs = upload(&app.as_person("resident-2").await).await;
    for wrong in [json!([theirs]), json!([more, 999]), json!([1])] {
        let (status, answer) = say("resident-1", wrong).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!("/voices")), "{answer}");
    }
    assert_eq!(say("resident-1", json!([more])).await.0, 200);
    let (_, seen) = client.get(&format!("/api/v1/cases/{}", case.id)).await;
    let ids: Vec<_> =
        seen["voices"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!(more)]);
    let last = seen["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["detail"]["voices"]), (&json!("added"), &json!([more])));
}

#[tokio::test]
async fn what_is_still_wrong_may_be_said_instead_of_written() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Resolved).await.id;
    let recording = upload(&app.as_person("resident-1").await).await;
    let spoken = json!({ "voices": [recording] });
    let (status, answer) = act(&app, "resident-1", case, "reopening", spoken.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let (_, seen) = app.as_person("primary-1").await.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(seen["voices"][0]["id"], recording, "{seen}");
    let last = entry(&app, "primary-1", case, "reopened").await;
    assert_eq!(
        (&last["detail"]["reason"], &last["detail"]["voices"]),
        (&json!(""), &json!([recording]))
    );
    assert_eq!(last["detail"].get("photos"), None, "nothing was shown");
    let case = case_in(&app, CaseState::Resolved).await.id;
    let (status, twice) = act(&app, "resident-1", case, "reopening", spoken).await;
    assert_eq!((status, &twice["errors"][0]["pointer"]), (422, &json!("/voices")), "{twice}");
}

#[tokio::test]
async fn erasure_takes_recordings_and_what_nobody_used_goes_after_a_week() {
    let mut app = App::start().await;
    app.leave_jobs();
    // Nobody looks at the case for a week while the clock leaps.
    app.declare_log("sweep: this should be zero");
    let client = app.as_person("resident-1").await;
    let case = spoken(&app, json!({ "address": ADDRESS })).await;
    upload(&client).await;
    upload(&app.as_person("resident-2").await).await;
    let voices = voice::Entity::find().order_by_asc(voice::Column::Id);
    let voices = voices.all(&app.services().db.read).await.unwrap();
    let stored = async |app: &App| {
        let mut there = Vec::new();
        for voice in &voices {
            there.push(app.services().storage.get(&voice.object).await.is_ok());
        }
        there
    };
    app.advance(hours(7 * 24 - 1));
    zhinan::engine::sweep::run(app.services()).await.unwrap();
    app.run_due().await;
    assert_eq!(stored(&app).await, [true, true, true]);
    app.advance(hours(2));
    zhinan::engine::sweep::run(app.services()).await.unwrap();
    zhinan::engine::sweep::run(app.services()).await.unwrap();
    app.run_due().await;
    assert_eq!(stored(&app).await, [true, false, false], "only what belongs to a case");
    let (status, answer) =
        act(&app, "resident-1", case.id, "cancellation", json!({ "note": "好了" })).await;
    assert_eq!(status, 200, "{answer}");
    let body = Some(json!({ "confirm": "删除" }));
    let (status, erased) =
        app.as_person("resident-1").await.send("DELETE", "/api/v1/my/data", body).await;
    assert_eq!((status, &erased["files"]), (200, &json!(1)), "{erased}");
    app.run_due().await;
    app.ignore_messages().await;
    assert_eq!(stored(&app).await, [false, false, false]);
    assert_eq!(doomed_file::Entity::find().count(&app.services().db.read).await.unwrap(), 0);
}
