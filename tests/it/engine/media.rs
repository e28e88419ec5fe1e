//! WeChat looks at photos and recordings after they were stored.

use std::time::Duration;

use entity::kinds::*;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zhinan::app::media_check::{self, FileId, Media};
use zhinan::config::Config;
use zhinan::engine::sweep;
use zhinan::error::Error;
use zhinan::gateway::http::{Http, Timeouts};

use super::callbacks::{event, push, serve};
use super::kit::{World, on_each, on_each_with};

const PUBLIC: &str = "https://street.example";

pub fn on(config: &mut Config) {
    config.wechat.check_media = true;
    config.server.public_url = PUBLIC.into();
}

/// Stores a resident's file and plans the look at it, as an upload does.
async fn upload(w: &World, id: i64, (media, media_type): (Media, &str), bytes: &[u8]) {
    let (object, now) = (format!("{}-{id}", media.word()), w.s.clock.now());
    w.s.storage.put(&object, bytes.to_vec()).await.unwrap();
    let sha256 = hex::encode(Sha256::digest(bytes));
    let (more, values) = match media {
        Media::Photo => ("width, height", "1, 1"),
        Media::Voice => ("millis", "1000"),
    };
    w.sql(&format!(
        "INSERT INTO {} (id, owner_id, object, media_type, bytes, sha256, created_at, {more})
         SELECT {id}, account_id, '{object}', '{media_type}', 1, '{sha256}', {}, {values}
           FROM wechat_identity WHERE openid = 'resident'",
        media.word(),
        now.0
    ))
    .await;
    let s = w.s.clone();
    let unit = w.s.writer.commit(move |tx| {
        Box::pin(async move {
            media_check::plan(&s, tx, FileId { media, id }, now).await?;
            Ok::<_, Error>(())
        })
    });
    unit.await.unwrap();
}

async fn photo(w: &World, id: i64, bytes: &[u8]) {
    upload(w, id, (Media::Photo, "image/jpeg"), bytes).await;
}

async fn attach(w: &World, id: i64, case: CaseId) {
    w.sql(&format!("UPDATE photo SET case_id = {case} WHERE id = {id}")).await;
}

/// Everything that WeChat was asked to look at: the name of the question, and where to fetch.
async fn asked(w: &World) -> Vec<(String, String)> {
    let all = w.stand.get("/_sandbox/media").await;
    let all = all.as_object().unwrap().iter();
    all.map(|(trace, url)| (trace.clone(), url.as_str().unwrap().to_owned())).collect()
}

async fn say(w: &World, trace: &str, more: Value) {
    let mut told = json!({ "appid": "wx1", "trace_id": trace, "version": 2, "errcode": 0 });
    for (key, value) in more.as_object().unwrap() {
        told[key] = value.clone();
    }
    push(w, &serve(w), "mini", &event("wxa_media_check", "resident", told)).await;
    while w.run_due().await > 0 {}
}

fn suggests(word: &str) -> Value {
    json!({ "result": { "suggest": word, "label": 20002 } })
}

pub async fn have_one_looked_at(w: &World) {
    let case = w.report("停水", Urgency::Normal).await;
    while w.run_due().await > 0 {}
    photo(w, 1, b"one").await;
    attach(w, 1, case).await;
    w.run_due().await;
    w.sql("UPDATE media_check SET result = 'risky', finished_at = 1").await;
    w.sql("UPDATE job SET run_at = 0 WHERE kind = 'check_media'").await;
}

async fn checks(w: &World, case: CaseId) -> usize {
    let all = w.events(case).await.into_iter();
    all.filter(|one| *one == EventType::ContentChecked).count()
}

#[tokio::test]
async fn a_risky_photo_sends_a_case_that_nobody_took_to_the_desk_and_loses_nothing() {
    on_each_with(on, async |w| {
        photo(&w, 1, b"picture").await;
        w.run_due().await;
        let [(trace, _url)] = &asked(&w).await[..] else { panic!("asked once") };
        let case = w.report("停水", Urgency::Normal).await;
        while w.run_due().await > 0 {}
        attach(&w, 1, case).await;
        assert_eq!(w.told().await, ["primary", "cadre"], "nothing waits for the photo");
        say(&w, trace, suggests("risky")).await;
        let found = w.find(case).await;
        assert_eq!((found.state, found.content_check), (CaseState::Triage, ContentCheck::Risky));
        assert_eq!(found.triage_reason, Some(TriageReason::ContentReview));
        assert_eq!((w.told().await, checks(&w, case).await), (vec!["desk".to_owned()], 2));
        say(&w, trace, suggests("risky")).await;
        assert_eq!(checks(&w, case).await, 2, "told once");
    })
    .await;
}

#[tokio::test]
async fn a_verdict_may_come_before_the_case_and_changes_nothing_for_who_works_on_it() {
    on_each_with(on, async |w| {
        photo(&w, 1, b"picture").await;
        w.run_due().await;
        let trace = asked(&w).await[0].0.clone();
        say(&w, &trace, suggests("risky")).await;
        let case = w.case("停水").await;
        while w.run_due().await > 0 {}
        w.sql(&format!("UPDATE cases SET state = 'in_progress' WHERE id = {case}")).await;
        attach(&w, 1, case).await;
        for _minute in 0..3 {
            w.after(60).await;
        }
        let found = w.find(case).await;
        assert_eq!(found.state, CaseState::InProgress, "taking it from him would help nobody");
        assert_eq!(found.content_check, ContentCheck::Risky);
    })
    .await;
}

#[tokio::test]
async fn the_same_content_is_looked_at_once_and_what_passes_is_no_entry() {
    on_each_with(on, async |w| {
        let case = w.report("停水", Urgency::Normal).await;
        while w.run_due().await > 0 {}
        for id in 1..=3 {
            photo(&w, id, if id == 3 { b"other" } else { b"same" }).await;
            attach(&w, id, case).await;
            w.run_due().await;
        }
        let all = asked(&w).await;
        assert_eq!(all.len(), 2);
        for (trace, _url) in &all {
            say(&w, trace, suggests("pass")).await;
        }
        assert_eq!(
            (checks(&w, case).await, w.find(case).await.content_check),
            (1, ContentCheck::Passed)
        );
        let open = w.jobs().await.into_iter().filter(|job| job.kind == JobKind::CheckMedia);
        assert!(open.into_iter().all(|job| job.state == JobState::Done));
    })
    .await;
}

#[tokio::test]
async fn what_wechat_never_says_or_cannot_fetch_is_left_to_people() {
    on_each_with(on, async |w| {
        let case = w.report("停水", Urgency::Normal).await;
        while w.run_due().await > 0 {}
        for id in 1..=2 {
            photo(&w, id, &[u8::try_from(id).unwrap()]).await;
            attach(&w, id, case).await;
        }
        w.run_due().await;
        let trace = asked(&w).await[0].0.clone();
        say(&w, &trace, json!({ "errcode": -1008, "result": {} })).await;
        assert_eq!(checks(&w, case).await, 2);
        for _minute in 0..31 {
            w.after(60).await;
        }
        assert_eq!(checks(&w, case).await, 2);
        w.after(120).await;
        assert_eq!(checks(&w, case).await, 3, "half an hour is over");
        let found = w.find(case).await;
        assert_eq!(found.content_check, ContentCheck::Passed, "the words passed all the same");
        assert_ne!(found.state, CaseState::Triage);
    })
    .await;
}

#[tokio::test]
async fn a_verdict_that_comes_after_it_was_given_up_still_counts() {
    use ContentCheck::{Passed, Review, Risky};
    for (word, result, entries) in [("risky", Risky, 3), ("review", Review, 3), ("pass", Passed, 2)]
    {
        on_each_with(on, async |w| {
            let case = w.report("停水", Urgency::Normal).await;
            while w.run_due().await > 0 {}
            photo(&w, 1, b"picture").await;
            attach(&w, 1, case).await;
            w.run_due().await;
            let trace = asked(&w).await[0].0.clone();
            for _minute in 0..33 {
                w.after(60).await;
            }
            assert_eq!(checks(&w, case).await, 2, "nobody looked at it");
            say(&w, &trace, json!({ "errcode": -1008, "result": {} })).await;
            assert_eq!(checks(&w, case).await, 2, "that is known");
            // The job that gave it up has told the case, and its end is not written down yet.
            let lease = w.s.clock.now() + Duration::from_hours(1);
            w.sql(&format!(
                "UPDATE job SET state = 'running', lease_owner = 'other', finished_at = NULL, run_at = {} WHERE kind = 'check_media'",
                lease.0
            ))
            .await;
            for _twice in 0..2 {
                say(&w, &trace, suggests(word)).await;
            }
            let found = w.find(case).await;
            assert_eq!((checks(&w, case).await, found.content_check), (entries, result), "{word}");
            assert_eq!(found.state == CaseState::Triage, result == Risky, "{word}");
            let known = entity::media_check::Entity::find().one(&w.s.db.read).await.unwrap();
            assert_eq!(known.unwrap().result, result);
            w.sql("UPDATE job SET state = 'done', lease_owner = NULL, finished_at = 1 WHERE state = 'running'").await;
        })
        .await;
    }
}

#[tokio::test]
async fn refusals_are_tried_again_only_while_it_helps() {
    for (code, asked_again) in
        [(61010, false), (45009, false), (40004, false), (44991, true), (-1, true)]
    {
        on_each_with(on, async |w| {
            let case = w.report("停水", Urgency::Normal).await;
            while w.run_due().await > 0 {}
            let refused = json!({ "path": "/wxa/media_check_async", "code": code });
            w.stand.faults(json!({ "errcode": refused })).await;
            photo(&w, 1, b"picture").await;
            attach(&w, 1, case).await;
            w.run_due().await;
            for _minute in 0..3 {
                w.after(60).await;
            }
            assert_eq!(asked(&w).await.len(), usize::from(asked_again), "{code}");
            assert_eq!(checks(&w, case).await, if asked_again { 1 } else { 2 }, "{code}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_link_opens_one_file_for_two_hours_and_nothing_else() {
    on_each_with(on, async |w| {
        let base = serve(&w);
        photo(&w, 1, b"first").await;
        photo(&w, 2, b"second").await;
        upload(&w, 3, (Media::Voice, "audio/mpeg"), b"sound").await;
        upload(&w, 4, (Media::Voice, "audio/mp4"), b"no such format").await;
        w.run_due().await;
        let http = Http::new(Timeouts::default()).unwrap();
        let all = asked(&w).await;
        assert_eq!(all.len(), 3, "{all:?}");
        let mut seen = Vec::new();
        for (_trace, url) in &all {
            let path = url.strip_prefix(PUBLIC).unwrap();
            let reply = http.get(&format!("{base}{path}"), &[]).await.unwrap();
            seen.push((reply.status, reply.content_type, String::from_utf8(reply.body).unwrap()));
            let (front, mac) = path.rsplit_once('-').unwrap();
            let name = front.rsplit_once('/').unwrap().1;
            let (file, until) = name.rsplit_once('-').unwrap();
            let (kind, id) = file.split_once('-').unwrap();
            let other = if id == "1" { "2" } else { "1" };
            let later = until.parse::<i64>().unwrap() + 1;
            for forged in [
                format!("{kind}-{other}-{until}-{mac}"),
                format!("{kind}-{id}-{later}-{mac}"),
                format!("{kind}-{id}-{until}-{}", "0".repeat(32)),
                format!("{kind}-{id}-{until}-"),
                format!("{kind}-{id}"),
                "x".to_owned(),
            ] {
                let url = format!("{base}/wechat/media/{forged}");
                let reply = http.get(&url, &[]).await.unwrap();
                assert_eq!(reply.status, 404, "{forged}");
            }
        }
        seen.sort();
        let told = seen.iter().map(|(status, kind, body)| (*status, kind.as_str(), body.as_str()));
        let told: Vec<_> = told.collect();
        assert_eq!(
            told,
            [
                (200, "audio/mpeg", "sound"),
                (200, "image/jpeg", "first"),
                (200, "image/jpeg", "second")
            ]
        );
        w.stand.advance(2 * 60 * 60 + 1);
        for (_trace, url) in &all {
            let path = url.strip_prefix(PUBLIC).unwrap();
            assert_eq!(http.get(&format!("{base}{path}"), &[]).await.unwrap().status, 404);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_is_asked_where_it_is_switched_off() {
    on_each(async |w| {
        photo(&w, 1, b"picture").await;
        while w.run_due().await > 0 {}
        assert!(asked(&w).await.is_empty() && w.jobs().await.is_empty());
        assert!(entity::media_check::Entity::find().all(&w.s.db.read).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_was_said_of_a_content_goes_with_the_last_file_that_has_it() {
    on_each_with(on, async |w| {
        let case = w.report("停水", Urgency::Normal).await;
        while w.run_due().await > 0 {}
        for (id, bytes) in [(1, b"same"), (2, b"same"), (3, b"solo")] {
            photo(&w, id, bytes).await;
            w.run_due().await;
        }
        attach(&w, 2, case).await;
        let known = async || entity::media_check::Entity::find().count(&w.s.db.read).await.unwrap();
        assert_eq!(known().await, 2);
        w.after(8 * 24 * 3600).await;
        sweep::run(&w.s).await.unwrap();
        let left = entity::photo::Entity::find().all(&w.s.db.read).await.unwrap();
        assert_eq!(left.iter().map(|one| one.id.0).collect::<Vec<_>>(), [2]);
        assert_eq!(known().await, 1, "the case has one of them still");
    })
    .await;
}
