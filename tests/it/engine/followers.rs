//! Followers of the official account: joined by a code, or because they followed before.

use entity::kinds::{AccountId, JobKind, JobState, Timestamp, WechatApp};
use serde_json::{Value, json};
use zhinan::app::actor::Actor;
use zhinan::app::follower::{code, fill};
use zhinan::config::Config;
use zhinan::engine::sweep;
use zhinan::store::{follower, people};

use super::callbacks::{event, push, serve};
use super::kit::{World, on_each, on_each_with};

pub fn on(config: &mut Config) {
    config.wechat.join_followers = true;
}

/// Three followers: one whose login is known, one who is a stranger, one who left.
async fn follow(w: &World) {
    w.sql(
        "INSERT INTO wechat_identity (account_id, app, openid, unionid, created_at)
         SELECT account_id, 'mini', 'mini-backup', 'u-backup', 0 FROM wechat_identity
         WHERE openid = 'backup'",
    )
    .await;
    for (openid, unionid) in [("oa-1", " u-backup "), ("oa-2", "u-stranger"), ("oa-3", "u-gone")] {
        w.stand.post("/_sandbox/people", json!({ "openid": openid, "unionid": unionid })).await;
    }
    w.stand.faults(json!({ "blocks": ["oa-3"] })).await;
    let mut all: Vec<String> = (0..250).map(|n| format!("nobody-{n}")).collect();
    all.extend(["primary", "oa-1", "oa-2", "oa-3"].map(str::to_owned));
    w.stand.post("/_sandbox/followers", json!({ "openids": all })).await;
}

pub async fn ask(w: &World) {
    follow(w).await;
    let (s, now) = (w.s.clone(), w.s.clock.now());
    let writer = s.writer.clone();
    let unit = writer.commit(move |tx| Box::pin(async move { fill::ask(&s, tx, now).await }));
    unit.await.unwrap();
}

async fn owner(w: &World, openid: &str) -> Option<AccountId> {
    let found = people::find_openid(&w.s.db.read, WechatApp::Oa, openid).await.unwrap();
    found.filter(|one| one.dead_at.is_none()).map(|one| one.account_id)
}

async fn account(w: &World, openid: &str) -> AccountId {
    people::find_openid(&w.s.db.read, WechatApp::Oa, openid).await.unwrap().unwrap().account_id
}

#[tokio::test]
async fn whoever_followed_before_is_joined_on_the_day_that_the_program_starts() {
    on_each_with(on, async |w| {
        follow(&w).await;
        sweep::run(&w.s).await.unwrap();
        while w.run_due().await > 0 {}
        assert_eq!(owner(&w, "oa-1").await, Some(account(&w, "backup").await));
        assert_eq!((owner(&w, "oa-2").await, owner(&w, "oa-3").await), (None, None));
        let run = follower::last_run(&w.s.db.read).await.unwrap().unwrap();
        assert!(run.finished_at.is_some());
        assert_eq!((run.looked, run.joined), (254, 1));
        let told = w.told().await;
        assert_eq!(told, ["oa-1"], "the new way is proven by a test message");
        let asked = w.stand.calls("/cgi-bin/user/info/batchget").await;
        assert_eq!(asked, 3, "253 unknown ones, a hundred at a time");

        sweep::run(&w.s).await.unwrap();
        while w.run_due().await > 0 {}
        assert_eq!(w.stand.calls("/cgi-bin/user/info/batchget").await, asked, "once a day");
        w.stand.advance(24 * 60 * 60);
        sweep::run(&w.s).await.unwrap();
        while w.run_due().await > 0 {}
        assert!(w.stand.calls("/cgi-bin/user/info/batchget").await > asked);
    })
    .await;
}

#[tokio::test]
async fn a_run_goes_on_where_wechat_stopped_it() {
    on_each_with(on, async |w| {
        let busy = json!({ "path": "/cgi-bin/user/info/batchget", "code": -1, "times": 2 });
        ask(&w).await;
        w.stand.faults(json!({ "errcode": busy })).await;
        for _try in 0..40 {
            w.after(60).await;
        }
        let run = follower::last_run(&w.s.db.read).await.unwrap().unwrap();
        assert!(run.finished_at.is_some(), "{run:?}");
        assert_eq!((run.looked, run.joined), (254, 1), "nobody twice, nobody left out");
    })
    .await;
}

/// The stand-in writes control characters in names as they are, as WeChat does.
#[tokio::test]
async fn a_name_with_a_control_character_loses_nobody() {
    on_each_with(on, async |w| {
        let base = serve(&w);
        ask(&w).await;
        for (openid, unionid) in [("oa-1", "u-backup"), ("oa-8", "u-8"), ("nobody-3", "u-3")] {
            let person = json!({ "openid": openid, "unionid": unionid, "name": "甲\u{14}\n乙" });
            w.stand.post("/_sandbox/people", person).await;
        }
        push(&w, &base, "oa", &event("subscribe", "oa-8", json!({ "EventKey": "" }))).await;
        while w.run_due().await > 0 {}
        assert!(owner(&w, "oa-8").await.is_some(), "who follows now");
        assert_eq!(owner(&w, "oa-1").await, Some(account(&w, "backup").await), "who followed");
        let run = follower::last_run(&w.s.db.read).await.unwrap().unwrap();
        assert_eq!((run.looked, run.joined), (254, 1));
    })
    .await;
}

#[tokio::test]
async fn of_whom_nothing_can_be_read_is_left_out_and_everybody_else_is_looked_at() {
    on_each_with(on, async |w| {
        ask(&w).await;
        w.stand.faults(json!({ "garbled": ["nobody-7", "nobody-249"] })).await;
        let batches = "/cgi-bin/user/info/batchget";
        while w.run_due().await > 0 {}
        assert_eq!(owner(&w, "oa-1").await, Some(account(&w, "backup").await));
        let run = follower::last_run(&w.s.db.read).await.unwrap().unwrap();
        assert!(run.finished_at.is_some(), "{run:?}");
        assert_eq!((run.looked, run.joined), (254, 1));
        assert!(
            w.stand.calls(batches).await < 35,
            "only those beside the two are asked about anew"
        );
        w.stand.faults(json!({ "in_between": { batches: 404 } })).await;
        w.stand.advance(24 * 60 * 60);
        sweep::run(&w.s).await.unwrap();
        while w.run_due().await > 0 {}
        let run = follower::last_run(&w.s.db.read).await.unwrap().unwrap();
        assert_eq!((run.looked, run.finished_at), (0, None), "silence is nobody's fault");
    })
    .await;
}

/// The push of his return was lost. Who only lets the account say nothing follows all the while.
#[tokio::test]
async fn who_left_and_is_listed_again_is_reached_again_and_who_was_not_reached_stays_unreached() {
    on_each_with(on, async |w| {
        let base = serve(&w);
        push(&w, &base, "oa", &event("unsubscribe", "primary", json!({}))).await;
        while w.run_due().await > 0 {}
        w.sql("UPDATE wechat_identity SET dead_at = 5, told_at = 1 WHERE openid = 'cadre'").await;
        assert_eq!((owner(&w, "primary").await, owner(&w, "cadre").await), (None, None));
        let whose = account(&w, "primary").await;
        w.stand.advance(60);
        ask(&w).await;
        let all = json!({ "openids": ["primary", "cadre"] });
        w.stand.post("/_sandbox/followers", all).await;
        while w.run_due().await > 0 {}
        assert_eq!((owner(&w, "primary").await, owner(&w, "cadre").await), (Some(whose), None));
        assert_eq!(w.told().await, ["primary"], "the way is proven by a test message");
        let run = follower::last_run(&w.s.db.read).await.unwrap().unwrap();
        assert_eq!((run.looked, run.joined), (2, 1));
        w.stand.advance(24 * 60 * 60);
        sweep::run(&w.s).await.unwrap();
        while w.run_due().await > 0 {}
        assert!(w.told().await.is_empty(), "once");
        assert_eq!(owner(&w, "cadre").await, None);
    })
    .await;
}

/// He left while WeChat answered, and the push was faster than our record.
#[tokio::test]
async fn who_leaves_after_he_was_asked_about_stays_away() {
    on_each(async |w| {
        let account = account(&w, "cadre").await;
        for (told_at, joins) in [(10, false), (30, true)] {
            let one = follower::Joined {
                account,
                openid: "cadre".to_owned(),
                unionid: None,
                told_at: Timestamp(told_at),
            };
            let unit = w.s.writer.commit(move |tx| {
                Box::pin(async move {
                    follower::leave(tx, "cadre", Timestamp(20)).await?;
                    follower::join(tx, one, Timestamp(40)).await
                })
            });
            assert_eq!(unit.await.unwrap(), joins, "{told_at}");
            assert_eq!(owner(&w, "cadre").await.is_some(), joins, "{told_at}");
        }
    })
    .await;
}

/// Asks for a code in somebody's name and returns its scene.
async fn scene(w: &World, who: &str) -> String {
    let account = account(w, who).await;
    let actor = Actor::load(&w.s.db, account, false, w.s.clock.now()).await.unwrap();
    code::run(&w.s, &actor).await.unwrap();
    let scenes = w.stand.get("/_sandbox/scenes").await;
    scenes.as_array().unwrap().last().unwrap().as_str().unwrap().to_owned()
}

fn by(scene: &str) -> Value {
    json!({ "EventKey": format!("qrscene_{scene}"), "Ticket": "t" })
}

#[tokio::test]
async fn whoever_scans_his_code_is_joined_without_any_union_id() {
    on_each(async |w| {
        let base = serve(&w);
        let scene = scene(&w, "cadre").await;
        push(&w, &base, "oa", &event("subscribe", "oa-cadre", by(&scene))).await;
        while w.run_due().await > 0 {}
        assert_eq!(owner(&w, "oa-cadre").await, Some(account(&w, "cadre").await));
        assert_eq!(w.told().await, ["oa-cadre"], "tested at once, on the phone that scanned");

        push(&w, &base, "oa", &event("subscribe", "oa-thief", by(&scene))).await;
        while w.run_due().await > 0 {}
        assert_eq!(owner(&w, "oa-thief").await, None, "a code is good for one scan");
    })
    .await;
}

#[tokio::test]
async fn a_follower_scans_a_code_and_a_code_ends_after_ten_minutes() {
    on_each(async |w| {
        let base = serve(&w);
        // He follows already, and got an account that nobody uses.
        w.stand.post("/_sandbox/people", json!({ "openid": "oa-9", "unionid": "u-9" })).await;
        push(&w, &base, "oa", &event("subscribe", "oa-9", json!({}))).await;
        while w.run_due().await > 0 {}
        let before = owner(&w, "oa-9").await.unwrap();
        let scan = |scene: &str| {
            let at = w.s.clock.now().0 / 1_000_000;
            event("SCAN", "oa-9", json!({ "EventKey": scene, "CreateTime": at }))
        };
        let late = scene(&w, "secretary").await;
        w.stand.advance(600);
        push(&w, &base, "oa", &scan(&late)).await;
        while w.run_due().await > 0 {}
        assert_eq!(owner(&w, "oa-9").await, Some(before), "ten minutes are over");
        let good = scene(&w, "secretary").await;
        w.stand.advance(599);
        push(&w, &base, "oa", &scan(&good)).await;
        while w.run_due().await > 0 {}
        assert_eq!(owner(&w, "oa-9").await, Some(account(&w, "secretary").await));
        let lookups = w.stand.calls("/cgi-bin/user/info").await;
        push(&w, &base, "oa", &scan("poster-7")).await;
        while w.run_due().await > 0 {}
        assert_eq!(w.stand.calls("/cgi-bin/user/info").await, lookups, "not our code");
    })
    .await;
}

#[tokio::test]
async fn a_code_that_another_person_scans_joins_nobody() {
    on_each(async |w| {
        let base = serve(&w);
        w.sql(
            "INSERT INTO wechat_identity (account_id, app, openid, unionid, created_at)
             SELECT account_id, 'mini', 'mini-cadre', 'u-cadre', 0 FROM wechat_identity
             WHERE openid = 'cadre'",
        )
        .await;
        w.stand.post("/_sandbox/people", json!({ "openid": "oa-x", "unionid": "u-x" })).await;
        for (who, why) in [("oa-x", "another union id"), ("backup", "somebody's openid")] {
            let scene = scene(&w, "cadre").await;
            push(&w, &base, "oa", &event("subscribe", who, by(&scene))).await;
            while w.run_due().await > 0 {}
            assert_ne!(owner(&w, who).await, Some(account(&w, "cadre").await), "{why}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_follower_is_not_lost_while_wechat_tells_nothing_of_him() {
    on_each(async |w| {
        let base = serve(&w);
        w.stand.post("/_sandbox/people", json!({ "openid": "oa-4", "unionid": "u-4" })).await;
        let used_up = json!({ "path": "/cgi-bin/user/info", "code": 45009, "times": 100_000 });
        w.stand.faults(json!({ "errcode": used_up })).await;
        push(&w, &base, "oa", &event("subscribe", "oa-4", json!({}))).await;
        for _half_hour in 0..20 {
            w.after(30 * 60).await;
        }
        assert_eq!(owner(&w, "oa-4").await, None);
        w.stand.faults(json!({})).await;
        w.after(30 * 60).await;
        assert!(owner(&w, "oa-4").await.is_some(), "ten hours later");
        assert!(w.stand.calls("/cgi-bin/user/info").await < 60, "and it was not pressed");
    })
    .await;
}

#[tokio::test]
async fn what_happened_later_stays_whichever_push_comes_first() {
    on_each(async |w| {
        let base = serve(&w);
        w.stand.post("/_sandbox/people", json!({ "openid": "primary", "unionid": "u-5" })).await;
        let at = |name: &str, seconds: i64| {
            event(name, "primary", json!({ "CreateTime": 1_700_000_000 + seconds }))
        };
        for (name, seconds, follows) in [
            ("subscribe", 20, true),
            ("unsubscribe", 10, true),
            ("unsubscribe", 30, false),
            ("subscribe", 25, false),
            ("subscribe", 40, true),
        ] {
            push(&w, &base, "oa", &at(name, seconds)).await;
            while w.run_due().await > 0 {}
            assert_eq!(owner(&w, "primary").await.is_some(), follows, "{name} {seconds}");
        }
        let answer = |name: &str, status: &str, seconds: i64| {
            let one = json!([{ "TemplateId": "T", "SubscribeStatusString": status }]);
            let more = json!({ "List": one, "CreateTime": 1_700_000_000 + seconds });
            event(name, "resident", more)
        };
        let (popup, change) = ("subscribe_msg_popup_event", "subscribe_msg_change_event");
        for (name, status, seconds, credits) in [
            (change, "reject", 20, 0),
            (popup, "accept", 10, 0),
            (popup, "accept", 40, 1),
            (popup, "accept", 35, 2),
            (change, "reject", 30, 2),
            (change, "reject", 50, 0),
        ] {
            push(&w, &base, "mini", &answer(name, status, seconds)).await;
            while w.run_due().await > 0 {}
            let left = w.credits().await;
            assert_eq!(left, [("T".to_owned(), credits)], "{status} {seconds}");
        }
    })
    .await;
}

/// Milliseconds, and what is no time at all: neither may be the last word for ever.
#[tokio::test]
async fn what_comes_after_a_time_out_of_the_future_counts() {
    for wrong in [1_700_000_000_000, 1_700_000_301, i64::MAX] {
        on_each(async |w| {
            let base = serve(&w);
            w.stand.post("/_sandbox/people", json!({ "openid": "primary" })).await;
            let choose = |status: &str, at: i64| {
                let one = json!([{ "TemplateId": "T", "SubscribeStatusString": status }]);
                let name = "subscribe_msg_popup_event";
                event(name, "resident", json!({ "List": one, "CreateTime": at }))
            };
            push(&w, &base, "mini", &choose("accept", 1_699_999_999)).await;
            w.run_due().await;
            let change = json!([{ "TemplateId": "T", "SubscribeStatusString": "reject" }]);
            let change = json!({ "List": change, "CreateTime": wrong });
            let change = event("subscribe_msg_change_event", "resident", change);
            push(&w, &base, "mini", &change).await;
            let left = event("unsubscribe", "primary", json!({ "CreateTime": wrong }));
            push(&w, &base, "oa", &left).await;
            while w.run_due().await > 0 {}
            assert_eq!(owner(&w, "primary").await, None, "{wrong}");
            assert_eq!(w.credits().await, [("T".to_owned(), 0)], "{wrong}");
            w.stand.advance(10);
            push(&w, &base, "mini", &choose("accept", 1_700_000_010)).await;
            let back = event("subscribe", "primary", json!({ "CreateTime": 1_700_000_010 }));
            push(&w, &base, "oa", &back).await;
            while w.run_due().await > 0 {}
            assert!(owner(&w, "primary").await.is_some(), "{wrong}");
            assert_eq!(w.credits().await, [("T".to_owned(), 1)], "{wrong}");
        })
        .await;
    }
}

/// The stand-in goes on behind the first of a name, so the last page comes again and again.
#[tokio::test]
async fn a_run_whose_place_does_not_move_ends() {
    on_each_with(on, async |w| {
        ask(&w).await;
        let all = ["oa-2", "oa-1", "oa-3", "oa-2"];
        w.stand.post("/_sandbox/followers", json!({ "openids": all })).await;
        let run = async || follower::last_run(&w.s.db.read).await.unwrap().unwrap();
        let name = run().await.run;
        for _go in 0..3 {
            fill::run(&w.s, &name).await.unwrap();
        }
        let run = run().await;
        assert!(run.finished_at.is_some(), "{run:?}");
        assert_eq!((run.looked, run.joined), (4, 1), "nobody twice");
    })
    .await;
}

#[tokio::test]
async fn what_presses_goes_before_drills_and_what_asks_wechat_beside_ordinary_messages() {
    on_each(async |w| {
        let base = serve(&w);
        let report = json!({ "MsgID": 7, "Status": "success" });
        push(&w, &base, "oa", &event("TEMPLATESENDJOBFINISH", "primary", report)).await;
        push(&w, &base, "oa", &event("unsubscribe", "backup", json!({}))).await;
        push(&w, &base, "oa", &event("subscribe", "oa-7", json!({}))).await;
        let jobs = w.jobs().await;
        let of_kind = jobs.iter().filter(|job| job.kind == JobKind::WechatEvent);
        let priorities: Vec<i32> = of_kind.map(|job| job.priority).collect();
        assert_eq!(priorities, [10, 10, 50]);
    })
    .await;
}

#[tokio::test]
async fn a_report_waits_for_the_record_that_it_overtook_and_is_given_up_after_ten_minutes() {
    on_each(async |w| {
        let base = serve(&w);
        let case = w.case("停水").await;
        w.run_due().await;
        let first = w.notices(case).await[0].clone();
        let msgid = first.msgid.unwrap();
        w.sql(&format!("UPDATE notice SET msgid = NULL WHERE id = {}", first.id)).await;
        let late = json!({ "MsgID": msgid.to_string(), "Status": "success" });
        push(&w, &base, "oa", &event("TEMPLATESENDJOBFINISH", "primary", late)).await;
        let strange = json!({ "MsgID": "12345", "Status": "success" });
        push(&w, &base, "oa", &event("TEMPLATESENDJOBFINISH", "primary", strange)).await;
        for _ten_seconds in 0..7 {
            w.after(10).await;
        }
        assert!(w.notices(case).await[0].delivered_at.is_none());
        w.sql(&format!("UPDATE notice SET msgid = {msgid} WHERE id = {}", first.id)).await;
        for _ten_seconds in 0..3 {
            w.after(10).await;
        }
        assert!(w.notices(case).await[0].delivered_at.is_some(), "seventy seconds later");
        for _minute in 0..11 {
            w.after(60).await;
        }
        let waits = |job: &entity::job::Model| {
            job.kind == JobKind::WechatEvent && job.state == JobState::Ready
        };
        assert!(!w.jobs().await.iter().any(waits), "what is not ours is let go");
    })
    .await;
}

/// Signs in as WeChat says who it is; returns the account.
async fn sign_in(w: &World, who: Value) -> AccountId {
    let made = w.stand.post("/_sandbox/login", who.clone()).await;
    zhinan::app::session::wechat::run(&w.s, made["code"].as_str().unwrap()).await.unwrap();
    let openid = who["openid"].as_str().unwrap();
    let mine = people::find_openid(&w.s.db.read, WechatApp::Mini, openid).await.unwrap();
    mine.unwrap().account_id
}

#[tokio::test]
async fn whoever_followed_before_his_login_knew_his_union_id_is_one_person_after_the_next() {
    on_each(async |w| {
        let base = serve(&w);
        let before = sign_in(&w, json!({ "openid": "mini-7" })).await;
        w.stand.post("/_sandbox/people", json!({ "openid": "oa-7", "unionid": "u-7" })).await;
        push(&w, &base, "oa", &event("subscribe", "oa-7", json!({}))).await;
        while w.run_due().await > 0 {}
        assert_ne!(owner(&w, "oa-7").await, Some(before), "nobody knows yet whose he is");
        let known = json!({ "openid": "mini-7", "unionid": "u-7" });
        assert_eq!(sign_in(&w, known.clone()).await, before);
        assert_eq!(owner(&w, "oa-7").await, Some(before));
        // Whoever is somebody already stays who he is.
        let staff = account(&w, "cadre").await;
        w.sql("UPDATE wechat_identity SET unionid = 'u-7' WHERE openid = 'cadre'").await;
        sign_in(&w, known).await;
        assert_eq!(owner(&w, "cadre").await, Some(staff));
    })
    .await;
}

#[tokio::test]
async fn what_the_platform_said_later_of_a_follower_is_not_undone() {
    on_each(async |w| {
        let account = account(&w, "cadre").await;
        for (told_at, joins) in [(20, true), (10, false), (20, true), (30, true)] {
            let one = follower::Joined {
                account,
                openid: "oa-late".to_owned(),
                unionid: None,
                told_at: Timestamp(told_at),
            };
            let unit = w.s.writer.commit(move |tx| {
                Box::pin(async move { follower::join(tx, one, Timestamp(told_at)).await })
            });
            assert_eq!(unit.await.unwrap(), joins, "{told_at}");
        }
    })
    .await;
}
