//! Who takes an authorization back loses what we hold by it, through whichever door the platform says so,
//! and nothing that is a case's.

use entity::kinds::{CaseId, WechatApp};
use entity::{account, photo, profile, voice, wechat_identity};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use tracing::Level;
use zhinan::store::people;

use super::callbacks::{event, push, serve};
use super::kit::{World, on_each};
use crate::kit::logs::Logs;

const REVOKE: &str = "user_authorization_revoke";
const CANCEL: &str = "user_authorization_cancellation";

/// Stores a file of somebody, perhaps as a case's.
async fn file(w: &World, table: &str, id: i64, (who, case): (&str, Option<CaseId>)) {
    let object = format!("{table}-{id}");
    w.s.storage.put(&object, b"x".to_vec()).await.unwrap();
    let (kind, more, values) = match table {
        "photo" => ("image/jpeg", "width, height", "1, 1"),
        _ => ("audio/mpeg", "millis", "1000"),
    };
    let case = case.map_or_else(|| "NULL".to_owned(), |case| case.to_string());
    w.sql(&format!(
        "INSERT INTO {table} (id, owner_id, case_id, object, media_type, bytes, sha256, created_at, {more})
         SELECT {id}, account_id, {case}, '{object}', '{kind}', 1, '{object}', {}, {values}
           FROM wechat_identity WHERE openid = '{who}'",
        w.s.clock.now().0
    ))
    .await;
}

/// Lays down of each kind: 1 is the resident's, 2 a case's, 3 somebody else's; and what he said of himself.
async fn lay(w: &World) {
    let case = w.case("停水").await;
    w.run_due().await;
    for table in ["photo", "voice"] {
        file(w, table, 1, ("resident", None)).await;
        file(w, table, 2, ("resident", Some(case))).await;
        file(w, table, 3, ("primary", None)).await;
    }
    w.sql(&format!(
        "INSERT INTO profile (account_id, name_sealed, home_sealed, updated_at)
         SELECT account_id, 'n', 'h', {} FROM wechat_identity WHERE openid IN ('resident', 'primary')",
        w.s.clock.now().0
    ))
    .await;
}

/// What is left of photos and recordings, and of names and homes.
async fn left(w: &World) -> (Vec<i64>, Vec<i64>, usize, usize) {
    let read = &w.s.db.read;
    let photos = photo::Entity::find().order_by_asc(photo::Column::Id).all(read).await.unwrap();
    let voices = voice::Entity::find().order_by_asc(voice::Column::Id).all(read).await.unwrap();
    let said = profile::Entity::find().all(read).await.unwrap();
    (
        photos.iter().map(|one| one.id.0).collect(),
        voices.iter().map(|one| one.id.0).collect(),
        said.iter().filter(|one| one.name_sealed.is_some()).count(),
        said.iter().filter(|one| one.home_sealed.is_some()).count(),
    )
}

/// Lets the platform say it through a door and the program act.
async fn tell(w: &World, (app, name): (&str, &str), more: Value) {
    push(w, &serve(w), app, &event(name, "platform", more)).await;
    while w.run_due().await > 0 {}
}

fn counted(w: &World, app: &str, kind: &str, outcome: &str) -> bool {
    let line =
        format!(r#"zhinan_taken_back_total{{app="{app}",kind="{kind}",outcome="{outcome}"}} 1"#);
    w.s.metrics.render().unwrap().contains(&line)
}

async fn login(w: &World, app: WechatApp, openid: &str) -> wechat_identity::Model {
    people::find_openid(&w.s.db.read, app, openid).await.unwrap().unwrap()
}

async fn account_of(w: &World, app: WechatApp, openid: &str) -> account::Model {
    let id = login(w, app, openid).await.account_id;
    people::find_account(&w.s.db.read, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn pictures_recordings_and_a_home_that_were_taken_back_go_unless_a_case_has_them() {
    let (all, kept) = (vec![1, 2, 3], vec![2, 3]);
    for (kinds, left_over) in [
        ("14", (kept.clone(), all.clone(), 2, 2)),
        ("7", (kept.clone(), all.clone(), 2, 2)),
        ("5", (all.clone(), kept.clone(), 2, 2)),
        ("2", (all.clone(), all.clone(), 2, 1)),
        ("8,13,6", (all.clone(), all.clone(), 2, 2)),
    ] {
        on_each(async |w| {
            lay(&w).await;
            let more = json!({ "OpenID": "resident", "RevokeInfo": kinds });
            tell(&w, ("mini", REVOKE), more).await;
            assert_eq!(left(&w).await, left_over, "{kinds}");
            for (table, ids) in [("photo", &left_over.0), ("voice", &left_over.1)] {
                let there = w.s.storage.get(&format!("{table}-1")).await.is_ok();
                assert_eq!(there, ids.contains(&1), "{table} {kinds}");
            }
            let (kind, outcome) = match kinds {
                "8,13,6" => ("6", "ignored"),
                held => (held, "erased"),
            };
            assert!(counted(&w, "mini", kind, outcome), "{kinds}");
        })
        .await;
    }
}

#[tokio::test]
async fn what_was_uploaded_after_we_heard_of_it_stays() {
    on_each(async |w| {
        lay(&w).await;
        let more = json!({ "OpenID": "resident", "RevokeInfo": "2,5,14" });
        push(&w, &serve(&w), "mini", &event(REVOKE, "platform", more)).await;
        w.stand.advance(1);
        file(&w, "photo", 4, ("resident", None)).await;
        file(&w, "voice", 4, ("resident", None)).await;
        w.sql(&format!("UPDATE profile SET updated_at = {}", w.s.clock.now().0)).await;
        while w.run_due().await > 0 {}
        assert_eq!(left(&w).await, (vec![2, 3, 4], vec![2, 3, 4], 2, 2));
    })
    .await;
}

#[tokio::test]
async fn who_closed_his_account_loses_all_that_no_case_has() {
    on_each(async |w| {
        lay(&w).await;
        tell(&w, ("mini", CANCEL), json!({ "OpenID": "resident" })).await;
        assert_eq!(left(&w).await, (vec![2, 3], vec![2, 3], 1, 1));
        assert!(login(&w, WechatApp::Mini, "resident").await.dead_at.is_some());
        assert!(counted(&w, "mini", "account", "erased"));
    })
    .await;
}

#[tokio::test]
async fn who_leaves_the_official_account_for_good_is_reached_there_no_more_and_keeps_his_login() {
    on_each(async |w| {
        w.give_mini("secretary", 3).await;
        w.sql("UPDATE wechat_identity SET unionid = 'u-s' WHERE openid LIKE '%secretary'").await;
        let more = json!({ "OpenID": "secretary", "RevokeInfo": "206" });
        tell(&w, ("oa", REVOKE), more).await;
        let before = login(&w, WechatApp::Oa, "secretary").await;
        assert_eq!((before.dead_at, before.unionid.as_deref()), (None, Some("u-s")));
        assert!(counted(&w, "oa", "206", "ignored"));
        tell(&w, ("oa", CANCEL), json!({ "OpenID": "secretary" })).await;
        let closed = login(&w, WechatApp::Oa, "secretary").await;
        assert_eq!((closed.dead_at.is_some(), closed.unionid), (true, None));
        let other = login(&w, WechatApp::Mini, "mini-secretary").await;
        assert_eq!((other.dead_at, other.unionid.as_deref()), (None, Some("u-s")));
        let account = account_of(&w, WechatApp::Oa, "secretary").await;
        assert_eq!((account.phone_sealed.is_some(), account.token_version), (true, 0));
        assert_eq!(w.credits().await[0].1, 3);
        tell(&w, ("oa", CANCEL), json!({ "OpenID": "stranger" })).await;
        assert!(counted(&w, "oa", "account", "nobody"));
        let again = event("subscribe", "secretary", json!({ "CreateTime": 1_700_000_100 }));
        push(&w, &serve(&w), "oa", &again).await;
        while w.run_due().await > 0 {}
        assert_eq!(login(&w, WechatApp::Oa, "secretary").await.dead_at, None, "he follows anew");
        let before = json!({ "OpenID": "secretary", "CreateTime": 1_700_000_050 });
        tell(&w, ("oa", CANCEL), before).await;
        assert_eq!(login(&w, WechatApp::Oa, "secretary").await.dead_at, None, "it was before");
    })
    .await;
}

#[tokio::test]
async fn whose_openid_is_not_known_is_found_by_his_union_id_in_that_app() {
    on_each(async |w| {
        w.sql("UPDATE wechat_identity SET unionid = 'u-r' WHERE openid = 'resident'").await;
        w.sql("UPDATE wechat_identity SET unionid = 'u-c' WHERE openid = 'cadre'").await;
        let phone = async |app, openid: &str| account_of(&w, app, openid).await.phone_sealed;
        // Somebody else's, in another app.
        let more = json!({ "OpenID": "x", "UnionID": "u-c", "RevokeInfo": "8" });
        tell(&w, ("mini", REVOKE), more).await;
        assert!(phone(WechatApp::Oa, "cadre").await.is_some());
        let more = json!({ "OpenID": "x", "UnionID": "u-r", "RevokeInfo": "8" });
        tell(&w, ("mini", REVOKE), more).await;
        assert_eq!(phone(WechatApp::Mini, "resident").await, None);
        for unionid in ["u-c", "u-r"] {
            // The same second, and nobody but the union id tells one from the other.
            tell(&w, ("mini", CANCEL), json!({ "UnionID": unionid })).await;
        }
        assert!(login(&w, WechatApp::Mini, "resident").await.dead_at.is_some());
        assert_eq!(login(&w, WechatApp::Oa, "cadre").await.dead_at, None);
        tell(&w, ("oa", CANCEL), json!({ "UnionID": "u-c" })).await;
        assert!(login(&w, WechatApp::Oa, "cadre").await.dead_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_withdrawal_that_nobody_can_act_upon_is_an_error_of_the_log() {
    let logs = Logs::default();
    let _listening = logs.listen();
    let errors = || {
        let lines = logs.lines().into_iter().filter(|line| line.level == Level::ERROR);
        lines.filter(|line| line.text.contains("an erasure is owed")).count()
    };
    on_each(async |w| {
        let before = errors();
        tell(&w, ("mini", REVOKE), json!({ "RevokeInfo": "8" })).await;
        assert_eq!(errors(), before + 1, "nobody knows whose phone it is");
        tell(&w, ("oa", "TEMPLATESENDJOBFINISH"), json!({ "Status": "success" })).await;
        tell(&w, ("mini", REVOKE), json!({ "OpenID": "resident", "RevokeInfo": "8" })).await;
        assert_eq!(errors(), before + 1);
        w.sql("UPDATE wechat_event SET handled_at = NULL").await;
        w.sql(
            "UPDATE job SET state = 'ready', run_at = 0, finished_at = NULL, payload = '{}'
              WHERE kind = 'wechat_event' AND state = 'done'",
        )
        .await;
        w.run_due().await;
        assert_eq!(errors(), before + 2, "its job ended in another way");
    })
    .await;
}
