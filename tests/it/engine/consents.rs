//! The account of consents: one-time and long-term, spent once, given back only when it certainly
//! was not spent.

use entity::kinds::{
    AccountId, CaseId, Channel, EventType, NoticeKind, NoticeState, Timestamp, Urgency, WechatApp,
};
use serde_json::{Value, json};
use zhinan::app::case::change::Change;
use zhinan::app::doctor::{self, Grade};
use zhinan::app::templates;
use zhinan::config::Config;
use zhinan::error::Error;
use zhinan::store;

use super::callbacks::{event, push, serve};
use super::kit::{TEMPLATE, World, on_each, on_each_with};
use crate::kit::clock::until;

const SUBSCRIBE: &str = "/cgi-bin/message/subscribe/send";
const TOLD: &str = "T-acknowledged";

fn long_term(config: &mut Config) {
    config.wechat.templates.long_term = vec![TEMPLATE.into(), TOLD.into()];
}

/// Makes the stand-in keep a template as long-term.
async fn stands(w: &World, template: &str, keys: &[&str]) {
    let labels: serde_json::Map<String, Value> =
        keys.iter().map(|key| ((*key).to_owned(), json!("字段"))).collect();
    let row = json!({ "template_id": template, "title": "", "labels": labels, "long_term": true });
    w.stand.post("/_sandbox/templates", row).await;
}

const STAFF_KEYS: [&str; 5] = ["character_string1", "thing2", "thing3", "time4", "thing5"];

async fn left(w: &World, template: &str) -> i32 {
    w.credits().await.into_iter().find(|(of, _)| of == template).map_or(0, |(_, left)| left)
}

async fn resident(w: &World) -> AccountId {
    let found = store::people::find_openid(&w.s.db.read, WechatApp::Mini, "resident").await;
    found.unwrap().unwrap().account_id
}

async fn only_mini(w: &World, who: &str, count: u64) {
    w.give_mini(who, count).await;
    w.sql(&format!("UPDATE wechat_identity SET dead_at = 1 WHERE openid = '{who}'")).await;
}

/// Tells the resident of the case something, as a verb does.
async fn tell_resident(w: &World, case: CaseId, kind: NoticeKind) {
    let (s, now) = (w.s.clone(), w.s.clock.now());
    w.s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let case = store::case::find_locked(tx, case).await?.unwrap();
                let mut change = Change::new(&s, case, now);
                change.tell_resident(kind, "");
                change.store(tx).await?;
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
}

fn choice(name: &str, template: &str, status: &str) -> Value {
    let list = json!({ "List": [{ "TemplateId": template, "SubscribeStatusString": status }] });
    event(name, "resident", list)
}

/// Lets the platform tell a person's answer and returns what the account says then.
async fn says(w: &World, base: &str, (name, template, status): (&str, &str, &str)) -> i32 {
    w.stand.advance(1);
    let mut told = choice(name, template, status);
    told["CreateTime"] = json!(w.s.clock.now().0 / 1_000_000);
    push(w, base, "mini", &told).await;
    w.run_due().await;
    left(w, template).await
}

#[tokio::test]
async fn one_time_consents_add_up_and_a_long_term_one_stands_until_it_is_refused() {
    on_each_with(long_term, async |w| {
        let base = serve(&w);
        let (popup, change) = ("subscribe_msg_popup_event", "subscribe_msg_change_event");
        for (name, template, status, left) in [
            (popup, "T-resolved", "accept", 1),
            (popup, "T-resolved", "acceptWithAudio", 2),
            (popup, "T-resolved", "reject", 2),
            (popup, TOLD, "accept", 1),
            (popup, TOLD, "accept", 1),
            (popup, TOLD, "filter", 1),
            (change, TOLD, "ban", 1),
            (change, "T-resolved", "", 2),
            (popup, TOLD, "Reject", 0),
            (popup, TOLD, "accept", 1),
            (change, TOLD, "reject", 0),
            (change, TOLD, "accept", 1),
            (change, "T-resolved", "reject", 0),
            (change, "T-resolved", "accept", 0),
        ] {
            assert_eq!(says(&w, &base, (name, template, status)).await, left, "{name} {status}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_term_consent_carries_any_number_of_messages_until_the_platform_says_no() {
    on_each_with(long_term, async |w| {
        stands(&w, TEMPLATE, &STAFF_KEYS).await;
        only_mini(&w, "primary", 1).await;
        for text in ["停水", "停电", "漏气"] {
            w.case(text).await;
        }
        w.run_due().await;
        let told = w.told().await;
        assert_eq!(told.iter().filter(|to| *to == "mini-primary").count(), 3, "{told:?}");
        assert_eq!(left(&w, TEMPLATE).await, 1, "it stands");
        // He withdrew it, and we were not told: the first refusal says so.
        w.stand.faults(json!({ "blocks": ["mini-primary"] })).await;
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        w.case("停水").await;
        w.run_due().await;
        assert_eq!(left(&w, TEMPLATE).await, 0);
        let calls = w.stand.calls(SUBSCRIBE).await;
        w.case("停电").await;
        w.run_due().await;
        assert_eq!(w.stand.calls(SUBSCRIBE).await, calls, "nobody asks again");
    })
    .await;
}

#[tokio::test]
async fn a_consent_is_kept_while_the_message_waits_and_spent_when_it_leaves() {
    on_each(async |w| {
        only_mini(&w, "primary", 2).await;
        let case = w.case("停水").await;
        assert_eq!(left(&w, TEMPLATE).await, 2, "planned");
        w.run_due().await;
        assert_eq!(left(&w, TEMPLATE).await, 1, "sent");
        // Somebody takes the next one before it leaves.
        let case = (case, w.case("停电").await);
        w.sql(&format!(
            "UPDATE cases SET state = 'acknowledged', acknowledged_at = 1700000000000000 WHERE id = {}",
            case.1
        ))
        .await;
        w.run_due().await;
        assert_eq!(w.notices(case.1).await[0].state, NoticeState::Cancelled);
        assert_eq!(left(&w, TEMPLATE).await, 1, "a cancelled message costs nothing");
    })
    .await;
}

#[tokio::test]
async fn a_consent_comes_back_exactly_when_it_was_certainly_not_spent() {
    on_each(async |w| {
        only_mini(&w, "primary", 3).await;
        let code =
            |code: i64| json!({ "errcode": { "path": SUBSCRIBE, "code": code, "times": 9 } });
        for (fault, after) in [
            (code(40_037), 3),                 // the template is wrong
            (code(45_168), 3),                 // a sensitive word
            (code(45_009), 3),                 // the quota is used up
            (code(-1), 2),                     // busy, and delivered or not
            (json!({ "lose_answers": 1 }), 1), // nobody knows
            (code(43_101), 0),                 // none is left
        ] {
            w.stand.faults(fault.clone()).await;
            let case = w.case("停水").await;
            for _ in 0..3 {
                w.run_due().await;
                w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
            }
            let mini =
                w.notices(case).await.into_iter().find(|n| n.channel == Channel::MiniSubscribe);
            let mini = mini.unwrap();
            assert!(matches!(mini.state, NoticeState::Dead | NoticeState::Unknown), "{mini:?}");
            assert_eq!(left(&w, TEMPLATE).await, after, "{fault} {mini:?}");
            w.stand.faults(json!({ "reset": true })).await;
            w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_withdrawn_while_the_message_was_on_its_way_does_not_come_back() {
    on_each(async |w| {
        let (s, account) = (w.s.clone(), account_of(&w, "primary").await);
        let (before, later) =
            (w.s.clock.now(), w.s.clock.now() + std::time::Duration::from_secs(5));
        let back = w.s.writer.commit(move |tx| {
            Box::pin(async move {
                let _s = &s;
                store::consent::add(tx, account, "T", before).await?;
                assert!(store::consent::take(tx, &[account], "T").await?.contains(&account));
                assert!(store::consent::take(tx, &[account], "T").await?.is_empty());
                store::consent::clear(tx, account, "T", later).await?;
                let withdrawn = store::consent::give_back(tx, account, "T", before).await?;
                let kept = store::consent::give_back(tx, account, "T", later).await?;
                Ok::<_, Error>((withdrawn, kept))
            })
        });
        assert_eq!(back.await.unwrap(), (false, true));
    })
    .await;
}

pub async fn account_of(w: &World, openid: &str) -> AccountId {
    let row = store::people::find_openid(&w.s.db.read, WechatApp::Oa, openid).await.unwrap();
    row.unwrap().account_id
}

#[tokio::test]
async fn whose_only_way_is_the_mini_program_is_passed_over_at_once_when_he_allows_nothing() {
    on_each(async |w| {
        only_mini(&w, "primary", 0).await;
        only_mini(&w, "cadre", 0).await;
        let case = w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["backup"], "without waiting for the step's time");
        assert!(w.events(case).await.contains(&EventType::NoOneReachable));
        assert_eq!(w.notices(case).await.len(), 1, "nothing is planned for who cannot hear");
        assert_eq!(w.stand.calls(SUBSCRIBE).await, 0, "no call is wasted");
    })
    .await;
}

#[tokio::test]
async fn the_last_consent_serves_one_of_two_cases_and_the_other_goes_to_the_next_at_once() {
    on_each(async |w| {
        only_mini(&w, "primary", 1).await;
        only_mini(&w, "cadre", 0).await;
        let cases = [w.case("停水").await, w.case("停电").await];
        w.run_due().await;
        let mut told = w.told().await;
        told.sort_unstable();
        assert_eq!(told, ["backup", "mini-primary"]);
        assert_eq!(w.stand.calls(SUBSCRIBE).await, 1, "no call is wasted");
        let reasons = async |case| w.notices(case).await[0].reason.clone();
        let reasons = [reasons(cases[0]).await, reasons(cases[1]).await];
        assert!(reasons.contains(&Some("no_consent".to_owned())), "{reasons:?}");
    })
    .await;
}

#[tokio::test]
async fn who_prefers_the_mini_program_spends_there_and_then_is_told_where_else_he_can_be() {
    on_each(async |w| {
        w.give_mini("primary", 1).await;
        w.sql(
            "INSERT INTO staff_channel (staff_id, channel, position, updated_at)
             SELECT id, 'mini_subscribe', 0, 0 FROM staff WHERE staff_no = 'primary'",
        )
        .await;
        for to in ["mini-primary", "primary"] {
            let case = w.case("停水").await;
            w.run_due().await;
            let mut told = w.told().await;
            told.sort_unstable();
            assert_eq!(told, ["cadre", to]);
            assert_eq!(w.notices(case).await.len(), 2, "chosen at once");
        }
        assert_eq!(w.stand.calls(SUBSCRIBE).await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_consent_of_a_resident_is_one_message_however_many_are_planned() {
    on_each(async |w| {
        let base = serve(&w);
        says(&w, &base, ("subscribe_msg_popup_event", TOLD, "accept")).await;
        let grant = json!({ "openid": "resident", "template_id": TOLD, "count": 1 });
        w.stand.post("/_sandbox/credits", grant).await;
        let case = w.report("停水", Urgency::Urgent).await;
        tell_resident(&w, case, NoticeKind::Acknowledged).await;
        w.stand.advance(1);
        tell_resident(&w, case, NoticeKind::Acknowledged).await;
        w.run_due().await;
        let told = w.told().await;
        assert_eq!(told.iter().filter(|to| *to == "resident").count(), 1, "{told:?}");
        assert_eq!(left(&w, TOLD).await, 0);
        assert_eq!(w.stand.calls(SUBSCRIBE).await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_doctor_says_which_template_is_counted_otherwise_than_the_platform_does() {
    on_each_with(long_term, async |w| {
        let told = ["character_string1", "thing2", "phrase3", "time4", "thing5"];
        stands(&w, TEMPLATE, &STAFF_KEYS).await;
        for (id, keys) in [
            (TOLD, &told[..]),
            ("T-resolved", &told),
            ("T-question", &["character_string1", "thing2", "time3"]),
        ] {
            let labels: serde_json::Map<String, Value> =
                keys.iter().map(|key| ((*key).to_owned(), json!("字段"))).collect();
            let row = json!({ "template_id": id, "title": "", "labels": labels });
            w.stand.post("/_sandbox/templates", row).await;
        }
        templates::check(&w.s).await;
        assert!(w.s.gate.is_open(Channel::MiniSubscribe, NoticeKind::Acknowledged), "still used");
        let checks = doctor::run(&w.s, false).await;
        let line = checks.iter().find(|check| check.name == "小程序模板比对").unwrap();
        assert_eq!(line.grade, Grade::Warning, "{line:?}");
        assert!(line.found.contains(TOLD) && !line.found.contains(TEMPLATE), "{line:?}");
    })
    .await;
}

#[tokio::test]
async fn a_resident_is_told_when_the_limit_has_passed_however_urgent_his_case_is() {
    on_each(async |w| {
        let base = serve(&w);
        assert_eq!(says(&w, &base, ("subscribe_msg_popup_event", TOLD, "accept")).await, 1);
        let grant = json!({ "openid": "resident", "template_id": TOLD, "count": 1 });
        w.stand.post("/_sandbox/credits", grant).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let often = json!({ "path": SUBSCRIBE, "code": 45011, "times": 1 });
        w.stand.faults(json!({ "errcode": often })).await;
        tell_resident(&w, case, NoticeKind::Acknowledged).await;
        w.run_due().await;
        let notices = w.notices(case).await;
        let waits = notices.iter().find(|one| one.staff_id.is_none()).unwrap();
        assert_eq!(waits.state, NoticeState::Planned, "{waits:?}");
        let mut told = w.told().await;
        for _minute in 0..10 {
            w.after(60).await;
            told.extend(w.told().await);
        }
        assert_eq!(told.iter().filter(|who| *who == "resident").count(), 1, "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn whoever_allows_more_while_a_message_is_refused_keeps_it() {
    for leases in [0, 1] {
        on_each(async |w| {
            only_mini(&w, "primary", 1).await;
            w.case("停水").await;
            w.sql(&format!("UPDATE job SET lost = {leases} WHERE kind = 'send_notice'")).await;
            let blocks = json!({ "blocks": ["mini-primary"], "slow_ms": 1_000 });
            w.stand.faults(blocks).await;
            let calls = w.stand.calls(SUBSCRIBE).await;
            let meanwhile = async {
                let called = async || (w.stand.calls(SUBSCRIBE).await > calls).then_some(());
                until("the call", called).await;
                w.stand.advance(1);
                let (account, now) = (account_of(&w, "primary").await, w.s.clock.now());
                let unit = w.s.writer.commit(move |tx| {
                    Box::pin(async move { store::consent::add(tx, account, TEMPLATE, now).await })
                });
                unit.await.unwrap();
            };
            tokio::join!(w.run_due(), meanwhile);
            assert_eq!(left(&w, TEMPLATE).await, 1, "{leases}");
            w.stand.faults(json!({ "reset": true })).await;
            w.told().await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_refusal_takes_no_consent_that_was_given_after_the_message_left() {
    on_each(async |w| {
        let base = serve(&w);
        assert_eq!(says(&w, &base, ("subscribe_msg_popup_event", TOLD, "accept")).await, 1);
        let given = w.s.clock.now();
        let (s, account) = (w.s.clone(), resident(&w).await);
        for (asked_at, left_then) in [(Timestamp(given.0 - 1), 1), (given, 0)] {
            let unit = s.writer.commit(move |tx| {
                Box::pin(async move {
                    let when = (asked_at, given);
                    store::consent::clear_refused(tx, account, TOLD, when).await
                })
            });
            unit.await.unwrap();
            assert_eq!(left(&w, TOLD).await, left_then);
        }
    })
    .await;
}
