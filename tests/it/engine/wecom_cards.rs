//! Cards of WeCom: the first way to whom WeCom knows, and what a press of their button does.

use entity::kinds::{
    CaseId, CaseState, Channel, EventType, JobKind, NoticeState, StaffId, Urgency,
};
use entity::{cases, staff};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use zhinan::app::actor::Actor;
use zhinan::app::case::{place, view};
use zhinan::config::Config;
use zhinan::store;

use super::callbacks::serve;
use super::kit::{World, on_each_with};
use super::probes;
use crate::gateway::kit::{AES_KEY, TOKEN};
use crate::kit::wechat::agent;

/// Configures the application that the stand-in knows, and the callback it knocks at.
pub fn on(config: &mut Config) {
    let agent = agent();
    config.wecom.base_url.clone_from(&config.wechat.base_url);
    config.wecom.corpid = agent.corpid;
    config.wecom.agentid = agent.agentid;
    config.wecom.secret = agent.secret.as_str().into();
    config.wecom.token = TOKEN.into();
    config.wecom.aes_key = AES_KEY.into();
}

/// Makes somebody a member of WeCom under his name in the kit.
pub async fn join(w: &World, who: &str) {
    let userid = format!("wc-{who}");
    w.sql(&format!("UPDATE staff SET wecom_userid = '{userid}' WHERE staff_no = '{who}'")).await;
}

/// Whom the stand-in delivered to since the last call, in the order of their names.
pub async fn told(w: &World) -> Vec<String> {
    let mut told = w.told().await;
    told.sort();
    told
}

/// Tells the stand-in where presses go.
pub async fn listen(w: &World) {
    let url = format!("{}/wecom", serve(w));
    let ear = json!({ "url": url, "token": TOKEN, "aes_key": AES_KEY });
    w.stand.post("/_sandbox/wecom/ear", ear).await;
}

async fn cards(w: &World) -> Vec<Value> {
    w.stand.get("/_sandbox/wecom/cards").await.as_array().unwrap().clone()
}

/// Presses the button of somebody's newest card and lets the program act.
pub async fn press(w: &World, owner: &str, more: Value) {
    let all = cards(w).await;
    let card = all.iter().rev().find(|card| card["to"] == format!("wc-{owner}")).unwrap();
    let mut order = json!({ "seq": card["seq"] });
    for (key, value) in more.as_object().unwrap() {
        order[key] = value.clone();
    }
    let answer = w.stand.post("/_sandbox/wecom/press", order).await;
    assert_eq!(answer, json!({ "status": 200, "body": "success" }));
    w.run_due().await;
}

async fn closed(w: &World, owner: &str) -> Value {
    let all = cards(w).await;
    all.iter().rev().find(|card| card["to"] == format!("wc-{owner}")).unwrap()["closed"].clone()
}

pub async fn person(w: &World, who: &str) -> staff::Model {
    let found = staff::Entity::find().filter(staff::Column::StaffNo.eq(who));
    found.one(&w.s.db.read).await.unwrap().unwrap()
}

async fn takers(w: &World, case: CaseId) -> (CaseState, Option<StaffId>, usize) {
    let row: cases::Model = w.find(case).await;
    let taken = w.events(case).await.into_iter().filter(|one| *one == EventType::Acknowledged);
    (row.state, row.acknowledged_by, taken.count())
}

#[tokio::test]
async fn whom_wecom_knows_gets_a_card_first_and_it_says_nothing_of_the_resident() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        let case = w.case("停水，我是王五").await;
        w.run_due().await;
        let messages = w.stand.messages().await;
        let mine: Vec<_> = messages.iter().filter(|m| m["to"] == "wc-primary").collect();
        assert_eq!(mine.len(), 1, "{messages:?}");
        assert_eq!(
            (&mine[0]["channel"], &mine[0]["template"]),
            (&json!("wecom"), &json!("新工单"))
        );
        assert_eq!(mine[0]["data"]["事项2"], "水电气暖");
        assert_eq!(mine[0]["data"].as_object().unwrap().len(), 5, "{mine:?}");
        assert!(mine[0]["page"].as_str().unwrap().starts_with("worker/case/index?id="));
        assert!(!mine[0].to_string().contains("王五"), "a resident's words left: {mine:?}");
        assert!(!messages.iter().any(|m| m["to"] == "primary"), "one channel at a time");
        let notices = w.notices(case).await;
        assert_eq!(
            (notices[0].channel, notices[0].state),
            (Channel::WecomCard, NoticeState::Accepted)
        );
        assert!(w.find(case).await.first_push_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_press_takes_the_case_in_his_name_and_everybodys_buttons_end() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        join(&w, "cadre").await;
        listen(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        press(&w, "primary", json!({})).await;
        let primary = person(&w, "primary").await;
        assert_eq!(takers(&w, case).await, (CaseState::Acknowledged, Some(primary.id), 1));
        assert_eq!(closed(&w, "primary").await, "已签收");
        assert_eq!(closed(&w, "cadre").await, "已由同事签收");
        let events = store::event::list(&w.s.db.read, case).await.unwrap();
        let taken = events.iter().find(|(e, _)| e.kind == EventType::Acknowledged).unwrap();
        assert_eq!(taken.0.actor_id, primary.account_id);
        // What told the cadre of it has no button.
        let told = w.stand.messages().await;
        assert!(told.iter().any(|m| m["to"] == "wc-cadre" && m["template"] == "已被签收"));
        assert_eq!(cards(&w).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_second_press_and_another_members_press_are_answered_and_change_nothing() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        join(&w, "cadre").await;
        listen(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        press(&w, "cadre", json!({})).await;
        let cadre = person(&w, "cadre").await.id;
        for owner in ["cadre", "primary"] {
            press(&w, owner, json!({ "late": true })).await;
            assert_eq!(takers(&w, case).await, (CaseState::Acknowledged, Some(cadre), 1));
        }
        assert_eq!(closed(&w, "cadre").await, "已签收");
        assert_eq!(closed(&w, "primary").await, "已由同事签收");
        assert!(w.jobs().await.iter().all(|job| job.state == entity::kinds::JobState::Done));
    })
    .await;
}

#[tokio::test]
async fn who_is_not_responsible_any_more_is_refused_and_told_so() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        listen(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        w.sql("UPDATE responsibility SET valid_to = valid_from WHERE role = 'grid_worker_primary'")
            .await;
        press(&w, "primary", json!({})).await;
        assert_eq!(takers(&w, case).await, (CaseState::Assigned, None, 0));
        assert_eq!(closed(&w, "primary").await, "您已不能签收");
        // A stranger's press is nobody's.
        press(&w, "primary", json!({ "late": true, "by": "stranger" })).await;
        assert_eq!(takers(&w, case).await, (CaseState::Assigned, None, 0));
    })
    .await;
}

/// When only the last step repeats, the case still waits for those of the first ones.
#[tokio::test]
async fn a_button_outlives_the_rounds_of_its_chain_and_not_the_chain() {
    for (then, words) in [
        ("escalation_round = escalation_round + 1", "您已不能签收"),
        ("escalation_base = escalation_base + 1", "已转派"),
    ] {
        on_each_with(on, async |w| {
            join(&w, "primary").await;
            listen(&w).await;
            w.case("停水").await;
            w.sql("UPDATE cases SET next_check_at = 9000000000000000, escalation_round = 1").await;
            w.run_due().await;
            assert_eq!(closed(&w, "primary").await, Value::Null, "it arrived after the repeat");
            w.sql(&format!("UPDATE cases SET {then}")).await;
            w.sql("UPDATE responsibility SET valid_to = valid_from").await;
            press(&w, "primary", json!({})).await;
            assert_eq!(closed(&w, "primary").await, words, "{then}");
        })
        .await;
    }
}

#[tokio::test]
async fn who_has_only_wecom_is_reached_and_named_by_the_ledger() {
    on_each_with(on, async |w| {
        let name = w.s.vault.seal("staff.name", "李四").unwrap();
        join(&w, "primary").await;
        w.sql(&format!("UPDATE staff SET name_sealed = '{name}'")).await;
        w.sql("UPDATE account SET phone_sealed = NULL").await;
        w.sql("UPDATE staff SET account_id = NULL WHERE staff_no = 'primary'").await;
        listen(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        press(&w, "primary", json!({})).await;
        let primary = person(&w, "primary").await;
        assert_eq!(takers(&w, case).await, (CaseState::Acknowledged, Some(primary.id), 1));
        assert_eq!(primary.account_id, None, "his WeChat can still be bound");
        let account = primary.wecom_account_id.unwrap();
        let place = place::close(&w.s, &place::Sealed::default()).unwrap();
        w.sql(&format!("UPDATE cases SET place_sealed = '{place}'")).await;
        let actor = Actor::load(&w.s.db, account, false, w.s.clock.now()).await.unwrap();
        let detail = view::detail(&w.s, &actor, &w.find(case).await, &[]).await.unwrap();
        let taken = detail.timeline.iter().find(|e| e.kind == EventType::Acknowledged).unwrap();
        assert_eq!(taken.name.as_deref(), Some("李四"));
    })
    .await;
}

#[tokio::test]
async fn a_member_whom_wecom_does_not_reach_gets_the_next_channel_at_once() {
    on_each_with(on, async |w| {
        for who in ["primary", "cadre"] {
            join(&w, who).await;
        }
        // One is refused by a number, the other named in a yes.
        w.stand.faults(json!({ "unknown": ["wc-primary"], "blocks": ["wc-cadre"] })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
        for who in ["primary", "cadre"] {
            let person = person(&w, who).await;
            assert_eq!(person.wecom_end.as_deref(), Some("unreachable"));
            let notices = w.notices(case).await;
            let fates = notices.iter().filter(|n| n.staff_id == Some(person.id));
            let fates: Vec<_> = fates.map(|n| (n.channel, n.state, n.errcode)).collect();
            let dead = (Channel::WecomCard, NoticeState::Dead, Some(81_013));
            assert_eq!(fates, [dead, (Channel::OaTemplate, NoticeState::Accepted, None)]);
        }
        let again = w.case("停电").await;
        w.run_due().await;
        assert!(w.notices(again).await.iter().all(|n| n.channel == Channel::OaTemplate));
    })
    .await;
}

#[tokio::test]
async fn a_doubtful_card_is_repeated_as_it_was_and_seen_once() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        w.case("热身").await;
        w.run_due().await;
        w.told().await;
        w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
        let case = w.report("停水", Urgency::Fast).await;
        w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
        w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        w.run_due().await;
        w.after(2).await;
        let messages = w.stand.messages().await;
        let mine: Vec<_> = messages.iter().filter(|m| m["to"] == "wc-primary").collect();
        assert_eq!((mine.len(), &mine[0]["repeats"]), (1, &json!(1)), "{messages:?}");
        assert_eq!(w.notices(case).await[0].state, NoticeState::Accepted);
    })
    .await;
}

/// The card may have arrived each time; whoever is in danger does not wait until its key is over.
#[tokio::test]
async fn an_urgent_card_that_nobody_answers_takes_another_way_within_a_minute_and_only_once() {
    use NoticeState::{Accepted, Sending, Unknown};
    let standard = |config: &mut Config| {
        on(config);
        config.cases.chain = "standard".into();
    };
    let card = Channel::WecomCard;
    for (urgency, follows, fates) in [
        (Urgency::Urgent, true, vec![(card, Unknown), (Channel::OaTemplate, Accepted)]),
        (Urgency::Urgent, false, vec![(card, Sending)]),
        (Urgency::Fast, true, vec![(card, Sending)]),
    ] {
        on_each_with(standard, async |w| {
            join(&w, "primary").await;
            let id = person(&w, "primary").await.id;
            if !follows {
                w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'primary'").await;
            }
            w.stand.faults(json!({ "in_between": { "/cgi-bin/message/send": 504 } })).await;
            let case = w.report("停水", urgency).await;
            w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
            w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
            w.run_due().await;
            for _ in 0..12 {
                w.after(10).await;
            }
            let notices = w.notices(case).await;
            let his = notices.iter().filter(|one| one.staff_id == Some(id));
            let found: Vec<_> = his.map(|one| (one.channel, one.state)).collect();
            assert_eq!(found, fates, "{urgency:?} {notices:?}");
            let told = told(&w).await.into_iter().filter(|one| one == "primary");
            assert_eq!(told.count(), fates.len() - 1, "{urgency:?}");
            let events = w.events(case).await;
            let failed = events.iter().filter(|one| **one == EventType::PushFailed).count();
            assert_eq!(failed, fates.len() - 1, "{urgency:?} {events:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_doubtful_test_by_card_is_repeated_word_for_word_and_seen_once() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        join(&w, "backup").await;
        probes::plan(&w, "backup", Channel::WecomCard).await;
        w.run_due().await;
        w.told().await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        probes::plan(&w, "primary", Channel::WecomCard).await;
        w.run_due().await;
        w.after(61).await;
        let messages = w.stand.messages().await;
        let seen: Vec<_> = messages.iter().map(|one| (&one["to"], &one["repeats"])).collect();
        assert_eq!(seen, [(&json!("wc-primary"), &json!(1))], "{messages:?}");
    })
    .await;
}

#[tokio::test]
async fn the_button_ends_when_the_case_goes_elsewhere_and_an_outage_only_delays_that() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        listen(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let path = "/cgi-bin/message/update_template_card";
        w.stand.faults(json!({ "errcode": { "path": path, "code": -1 } })).await;
        press(&w, "primary", json!({})).await;
        assert_eq!(takers(&w, case).await.0, CaseState::Acknowledged, "taken all the same");
        assert_eq!(closed(&w, "primary").await, Value::Null);
        w.after(5).await;
        assert_eq!(closed(&w, "primary").await, "已签收");
        assert_eq!(w.stand.calls(path).await, 2);
        let jobs = w.jobs().await;
        assert_eq!(jobs.iter().filter(|job| job.kind == JobKind::UpdateCard).count(), 1);
    })
    .await;
}

/// Tells of a change of the address book, as WeCom does, and lets the program act.
async fn changed(w: &World, who: &str, kind: &str, more: Value) {
    change(w, who, kind, more).await;
    w.after(1).await;
}

/// Tells of a change of the address book.
pub async fn change(w: &World, who: &str, kind: &str, more: Value) {
    let mut event = json!({ "ToUserName": agent().corpid, "FromUserName": "sys",
        "CreateTime": w.s.clock.now().0 / 1_000_000, "MsgType": "event", "Event": "change_contact",
        "ChangeType": kind, "UserID": format!("WC-{who}") });
    for (key, value) in more.as_object().unwrap() {
        event[key] = value.clone();
    }
    let order = json!({ "url": format!("{}/wecom", serve(w)), "app": "wecom", "token": TOKEN,
        "aes_key": AES_KEY, "appid": agent().corpid, "format": "xml", "event": event });
    let answer = w.stand.post("/_sandbox/callbacks", order).await;
    assert_eq!(answer["status"], 200, "{answer}");
}

#[tokio::test]
async fn who_left_the_address_book_is_signed_out_and_whoever_manages_the_roster_is_told() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        join(&w, "backup").await;
        let before = w.case("停水").await;
        w.run_due().await;
        w.told().await;
        let (events, was) = (w.events(before).await, person(&w, "primary").await);
        let account = was.account_id.unwrap();
        w.sql(&format!(
            "INSERT INTO refresh_token (family, account_id, kind, token_hash, issued_at, expires_at,
                family_ends_at) VALUES ('f', {account}, 'wechat', 'h', 0, 1, 1)"
        ))
        .await;
        let version = async |w: &World| {
            let found = store::people::find_account(&w.s.db.read, account).await.unwrap();
            found.unwrap().token_version
        };
        let signed_in = version(&w).await;
        changed(&w, "primary", "delete_user", json!({})).await;
        let left = person(&w, "primary").await;
        assert_eq!(left.wecom_end.as_deref(), Some("deleted"));
        assert_eq!((left.account_id, left.ended_at), (None, None), "only people end an office");
        assert!(version(&w).await > signed_in, "what he holds is worth nothing");
        let token = store::session::find_token(&w.s.db.read, "h").await.unwrap().unwrap();
        assert!(token.revoked_at.is_some());
        assert_eq!(w.events(before).await, events, "his cases are as they were");
        assert!(told(&w).await.contains(&"command".to_owned()), "told at once");
        let entries = entity::inbox::Entity::find().all(&w.s.db.read).await.unwrap();
        let about = entries.iter().filter(|one| one.dedup_key.starts_with("left/")).count();
        assert_eq!(about, 1, "the command, for no place knows the kit's grids");
        assert!(entries.iter().any(|one| one.dedup_key.starts_with("left/") && one.urgent));

        w.case("停电").await;
        w.run_due().await;
        let told = told(&w).await;
        assert!(!told.iter().any(|who| who.contains("primary")), "{told:?}");
        assert!(told.contains(&"cadre".to_owned()), "{told:?}");
        let found = zhinan::app::doctor::run(&w.s, true).await;
        let line = found.iter().find(|check| check.name == "企业微信").unwrap();
        assert!(line.found.contains("primary") && !line.cure.is_empty(), "{line:?}");
        let reached = store::reach::reachable(&w.s.db.read, &[left.id], w.s.carriers()).await;
        assert!(reached.unwrap().is_empty(), "a gap, until somebody else has his grids");
    })
    .await;
}

/// What was written for him before, to the WeChat that was his, goes to whoever is next.
#[tokio::test]
async fn a_message_on_its_way_to_who_left_the_address_book_goes_to_the_next_person() {
    for urgency in [Urgency::Urgent, Urgency::Normal] {
        on_each_with(on, async |w| {
            let case = w.report("停水", urgency).await;
            w.sql("UPDATE job SET run_at = run_at + 60000000").await;
            w.sql("UPDATE staff SET wecom_userid = 'wc-primary' WHERE staff_no = 'primary'").await;
            changed(&w, "primary", "delete_user", json!({})).await;
            w.told().await;
            for _ in 0..2 {
                w.after(60).await;
            }
            let told = told(&w).await;
            assert!(told.contains(&"backup".to_owned()), "{urgency:?}: {told:?}");
            assert!(!told.contains(&"primary".to_owned()), "{urgency:?}: {told:?}");
            let first = &w.notices(case).await[0];
            assert_eq!(first.state, NoticeState::Dead, "{first:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn nothing_goes_to_the_mobile_of_who_left_the_address_book() {
    let with_sms = |config: &mut Config| {
        on(config);
        super::text_messages::on(config);
    };
    on_each_with(with_sms, async |w| {
        join(&w, "primary").await;
        let id = person(&w, "primary").await.id;
        w.sql("UPDATE staff SET phone_sealed = 'x' WHERE staff_no = 'primary'").await;
        let read = &w.s.db.read;
        assert!(w.known(id).await.has_mobile);
        changed(&w, "primary", "delete_user", json!({})).await;
        assert!(!w.known(id).await.has_mobile);
        let carriers = w.s.carriers();
        assert!(store::reach::reachable(read, &[id], carriers).await.unwrap().is_empty());
        changed(&w, "primary", "create_user", json!({ "Status": 1 })).await;
        let carriers = w.s.carriers();
        assert_eq!(store::reach::reachable(read, &[id], carriers).await.unwrap(), [id]);
    })
    .await;
}

#[tokio::test]
async fn a_member_who_is_switched_off_comes_back_and_a_renamed_one_is_followed() {
    on_each_with(on, async |w| {
        join(&w, "primary").await;
        for (status, end) in [(2, Some("disabled")), (1, None), (5, Some("disabled")), (1, None)] {
            changed(&w, "primary", "update_user", json!({ "Status": status })).await;
            assert_eq!(person(&w, "primary").await.wecom_end.as_deref(), end, "{status}");
        }
        changed(&w, "primary", "update_user", json!({ "Name": "x" })).await;
        assert_eq!(person(&w, "primary").await.wecom_end, None, "another change says nothing");
        join(&w, "cadre").await;
        let taken = json!({ "NewUserID": "wc-cadre" });
        changed(&w, "primary", "update_user", taken).await;
        assert_eq!(person(&w, "primary").await.wecom_userid.as_deref(), Some("wc-primary"));
        changed(&w, "primary", "update_user", json!({ "NewUserID": "WC-New" })).await;
        assert_eq!(person(&w, "primary").await.wecom_userid.as_deref(), Some("wc-new"));
        w.case("停水").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["wc-cadre", "wc-new"]);
    })
    .await;
}

#[tokio::test]
async fn where_no_application_is_configured_a_userid_is_no_way() {
    on_each_with(
        |_| {},
        async |w| {
            join(&w, "primary").await;
            w.sql("UPDATE staff SET account_id = NULL WHERE staff_no = 'primary'").await;
            w.case("停水").await;
            w.run_due().await;
            assert_eq!(w.told().await, ["cadre"]);
        },
    )
    .await;
}
