//! The night: ordinary messages rest, come together in the morning, and nothing is lost with them.

use std::time::Duration;

use entity::kinds::{CaseId, EventType, NoticeKind, NoticeState, Urgency, WechatApp};
use serde_json::json;
use zhinan::app::actor::Actor;
use zhinan::app::case::acknowledge;
use zhinan::app::case::act::Target;
use zhinan::app::case::change::Change;
use zhinan::app::notice::hold;
use zhinan::engine::sweep;
use zhinan::store;

use super::kit::{TEMPLATE, World, on_each_with};

/// From the clock of the kit (06:13:20 in China) to the morning.
pub const TO_MORNING: u64 = 76 * 60 + 40;
/// So much later those are told who hear of it instead of whoever is away.
const GATHER: u64 = 2;

async fn at_night(test: impl AsyncFn(World)) {
    on_each_with(
        |config| {
            config.notices.quiet_from = "21:30".into();
            config.notices.quiet_to = "07:30".into();
        },
        test,
    )
    .await;
}

/// Reports a case whose words WeChat has looked at.
pub async fn normal(w: &World, text: &str) -> CaseId {
    let case = w.report(text, Urgency::Normal).await;
    w.sql(&format!(
        "UPDATE cases SET content_until = NULL, content_check = 'passed' WHERE id = {case}"
    ))
    .await;
    case
}

/// The note on the cards, by whom they reached.
async fn notes(w: &World) -> Vec<(String, String)> {
    let messages = w.stand.messages().await;
    let text =
        |one: &serde_json::Value, at: &str| one.pointer(at).unwrap().as_str().unwrap().to_owned();
    let mut all: Vec<_> =
        messages.iter().map(|one| (text(one, "/to"), text(one, "/data/thing5"))).collect();
    all.sort_unstable();
    all
}

/// Who was told, in no order: jobs that are due at one instant run in any.
async fn told(w: &World) -> Vec<String> {
    let mut told = w.told().await;
    told.sort_unstable();
    told
}

#[tokio::test]
async fn ordinary_notices_rest_until_the_morning_and_the_chain_rests_with_them() {
    at_night(async |w| {
        let calm = normal(&w, "路灯坏了").await;
        w.run_due().await;
        let planned = w.notices(calm).await;
        assert!(planned.iter().all(|one| one.state == NoticeState::Planned), "{planned:?}");
        assert_eq!(planned[0].held_until, Some(w.s.clock.now() + Duration::from_secs(TO_MORNING)));
        for urgency in [Urgency::Urgent, Urgency::Fast] {
            let case = w.report("老人被困", urgency).await;
            w.sql(&format!("UPDATE cases SET content_until = NULL WHERE id = {case}")).await;
            w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready' AND run_at < 1700000003000000")
                .await;
            w.run_due().await;
            assert_eq!(told(&w).await, ["cadre", "primary"], "{urgency:?} never waits");
            w.sql(&format!(
                "UPDATE cases SET state = 'cancelled', next_check_at = NULL WHERE id = {case}"
            ))
            .await;
        }
        // The demo's chain would tell the backup after five seconds.
        w.after(TO_MORNING - 1).await;
        assert!(w.told().await.is_empty());
        assert_eq!(w.find(calm).await.escalation_step, Some(0), "nobody failed to answer yet");
        assert!(!sweep::run(&w.s).await.unwrap().any(), "held is not forgotten");
        w.after(1).await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
        w.after(4).await;
        assert!(w.told().await.is_empty());
        w.after(1).await;
        assert_eq!(w.told().await, ["backup"], "five seconds after he was told");
    })
    .await;
}

#[tokio::test]
async fn what_waited_for_one_person_comes_as_one_message_that_says_how_many() {
    at_night(async |w| {
        let cases =
            [normal(&w, "路灯坏了").await, normal(&w, "井盖松了").await, normal(&w, "垃圾").await];
        w.run_due().await;
        w.after(TO_MORNING).await;
        let (primary, cadre) = ("primary".to_owned(), "cadre".to_owned());
        let words = "共3件待处理，请进小程序查看".to_owned();
        assert_eq!(notes(&w).await, [(cadre, words.clone()), (primary, words)]);
        w.told().await;
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        w.after(5).await;
        assert!(w.told().await.is_empty());
        let carrier = w.notices(cases[0]).await[0].id;
        for (at, case) in cases.into_iter().enumerate() {
            let first = &w.notices(case).await[0];
            assert_eq!(first.state, NoticeState::Accepted);
            let bundled = (at > 0).then_some(carrier);
            assert_eq!(first.bundled_into, bundled);
            assert_eq!(first.reason.as_deref(), bundled.map(|_| "bundled"));
            assert!(w.find(case).await.first_push_at.is_some(), "he was told of it");
            let pushed = w.events(case).await.into_iter().filter(|one| *one == EventType::Pushed);
            assert_eq!(pushed.count(), 2);
        }
        let open = w.jobs().await.into_iter().filter(|job| job.finished_at.is_none()).count();
        assert_eq!(open, 0);
    })
    .await;
}

#[tokio::test]
async fn a_bundle_that_does_not_arrive_loses_none_of_its_cases() {
    at_night(async |w| {
        let cases = [normal(&w, "路灯坏了").await, normal(&w, "井盖松了").await];
        w.run_due().await;
        w.stand.faults(json!({ "blocks": ["primary", "cadre"] })).await;
        w.after(TO_MORNING).await;
        w.after(5).await;
        w.after(5).await;
        for case in cases {
            let notices = w.notices(case).await;
            let dead = notices.iter().filter(|one| one.state == NoticeState::Dead).count();
            assert_eq!(dead, 2, "{notices:?}");
            assert!(w.find(case).await.escalation_step >= Some(1), "the next person is told");
        }
        assert!(w.told().await.contains(&"backup".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn for_who_is_away_in_the_morning_his_substitute_is_told_of_the_night_or_the_next_person() {
    for (substitute, away, morning) in [
        ("desk", "'primary'", vec!["cadre", "desk"]),
        ("desk", "'primary', 'desk'", vec!["cadre"]),
        ("nobody", "'primary'", vec!["cadre"]),
        ("desk", "'primary', 'cadre'", vec!["desk"]),
        ("nobody", "'primary', 'cadre'", vec!["backup"]),
    ] {
        at_night(async |w| {
            let case = normal(&w, "路灯坏了").await;
            w.run_due().await;
            w.leave(away, substitute).await;
            w.after(TO_MORNING).await;
            let at_once = w.s.clock.now();
            w.after(GATHER).await;
            assert_eq!(told(&w).await, morning, "{substitute} {away}");
            let ends = w.notices(case).await.into_iter().map(|one| (one.state, one.reason));
            let passed = ends.filter(|one| *one == (NoticeState::Dead, Some("away".to_owned())));
            assert_eq!(passed.count(), away.split(", ").filter(|one| *one != "'desk'").count());
            for (event, words) in store::event::list(&w.s.db.read, case).await.unwrap() {
                let Some(words) = words.filter(|_| event.kind == EventType::PushFailed) else {
                    continue;
                };
                let said = w.s.vault.open("case_event_payload.body", &words.body_sealed).unwrap();
                assert!(said.contains(r#""first":false"#), "nobody refused it: {said}");
            }
            let first = w.find(case).await.first_push_at;
            let expected = match morning.first() {
                Some(&"cadre") => Some(at_once),
                Some(&"desk") => Some(w.s.clock.now()),
                _ => None,
            };
            assert_eq!(first, expected, "his substitute is one of those who answer for it");
            assert!(!sweep::run(&w.s).await.unwrap().any());
        })
        .await;
    }
}

#[tokio::test]
async fn what_waited_for_who_is_away_comes_as_one_message_to_whoever_is_told_instead() {
    for (away, substitute, morning) in [
        ("'primary'", "desk", vec!["cadre", "desk"]),
        ("'primary', 'cadre'", "nobody", vec!["backup"]),
    ] {
        at_night(async |w| {
            for text in ["路灯坏了", "井盖松了", "垃圾", "路面坏了", "门禁坏了"] {
                normal(&w, text).await;
            }
            w.run_due().await;
            w.leave(away, substitute).await;
            w.after(TO_MORNING).await;
            w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
            w.after(GATHER).await;
            w.after(5).await;
            let words = "共5件待处理，请进小程序查看".to_owned();
            let all = morning.iter().map(|who| ((*who).to_owned(), words.clone()));
            assert_eq!(notes(&w).await, all.collect::<Vec<_>>(), "{away}");
            let open = w.jobs().await.into_iter().filter(|job| job.finished_at.is_none()).count();
            assert_eq!(open, 0);
            w.told().await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_chain_that_begins_anew_at_night_tells_who_is_back_in_the_morning() {
    at_night(async |w| {
        let id = normal(&w, "路灯坏了").await;
        w.run_due().await;
        w.leave("'primary'", "desk").await;
        let back = w.s.clock.now() + Duration::from_secs(TO_MORNING - 600);
        w.sql(&format!("UPDATE leave SET to_at = {}", back.0)).await;
        begin_anew(&w, id).await;
        w.after(TO_MORNING).await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
    })
    .await;
}

/// Starts a chain with the people of the last one.
async fn begin_anew(w: &World, id: CaseId) {
    let (case, s, now) = (w.find(id).await, w.s.clone(), w.s.clock.now());
    let unit = w.s.writer.commit(move |tx| {
        Box::pin(async move {
            let mut change = Change::new(&s, case, now);
            let snapshot = change.snapshot()?;
            change.start_chain(&snapshot)?;
            change.store(tx).await
        })
    });
    unit.await.unwrap();
}

#[tokio::test]
async fn who_gives_his_office_up_before_the_morning_is_told_only_where_nobody_has_it_then() {
    for (follows, morning) in [(true, ["cadre", "desk"]), (false, ["cadre", "primary"])] {
        at_night(async |w| {
            let id = normal(&w, "路灯坏了").await;
            w.run_due().await;
            let change = (w.s.clock.now() + Duration::from_secs(TO_MORNING - 600)).0;
            w.sql(&format!(
                "UPDATE responsibility SET valid_to = {change} WHERE role = 'grid_worker_primary'"
            ))
            .await;
            if follows {
                w.sql(&format!(
                    "INSERT INTO responsibility (grid_id, role, staff_id, shift, valid_from)
                     SELECT r.grid_id, r.role, s.id, 'all', {change} FROM responsibility r
                       JOIN staff s ON s.staff_no = 'desk' WHERE r.role = 'grid_worker_primary'"
                ))
                .await;
            }
            begin_anew(&w, id).await;
            w.after(TO_MORNING).await;
            assert_eq!(told(&w).await, morning, "{follows}");
        })
        .await;
    }
}

/// What he was told before he went waits for him; what asks him to act does not ride with it.
#[tokio::test]
async fn what_waits_for_who_is_away_takes_no_step_of_a_chain_along() {
    for taken in ["NULL", "(SELECT MIN(id) FROM notice)"] {
        at_night(async |w| {
        let [first, second] = [normal(&w, "路灯坏了").await, normal(&w, "井盖松了").await];
        w.run_due().await;
        w.sql(&format!("UPDATE notice SET step = -1 WHERE case_id = {first}")).await;
        w.sql(&format!(
            "UPDATE cases SET state = 'acknowledged', next_check_at = 9000000000000000 WHERE id = {first}"
        ))
        .await;
        w.sql(&format!("UPDATE notice SET bundled_into = {taken} WHERE id =
            (SELECT MIN(id) FROM notice WHERE case_id = {second})")).await;
        w.leave("'primary'", "desk").await;
        w.after(TO_MORNING).await;
        w.after(5).await;
        w.after(5).await;
        let fates = async |case| {
            let all = w.notices(case).await.into_iter();
            all.map(|one| (one.state, one.reason)).collect::<Vec<_>>()
        };
        assert_eq!(fates(first).await[0].0, NoticeState::Accepted);
        let away = (NoticeState::Dead, Some("away".to_owned()));
        assert_eq!(fates(second).await[0], away, "nobody told him of it");
        assert!(told(&w).await.contains(&"desk".to_owned()));
    })
    .await;
    }
}

/// Two cases of which one message told in the morning, which is over.
async fn bundled(w: &World) -> [CaseId; 2] {
    let cases = [normal(w, "路灯坏了").await, normal(w, "井盖松了").await];
    w.run_due().await;
    w.after(TO_MORNING).await;
    w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
    w.after(5).await;
    w.told().await;
    cases
}

#[tokio::test]
async fn a_bundle_whose_report_says_that_it_did_not_arrive_is_told_again_piece_by_piece() {
    at_night(async |w| {
        let cases = bundled(&w).await;
        let second = w.notices(cases[1]).await[0].clone();
        assert_eq!(second.reason.as_deref(), Some("bundled"));
        let msgid = w.notices(cases[0]).await[0].msgid.unwrap();
        let body = format!(
            "<xml><ToUserName>gh</ToUserName><FromUserName>primary</FromUserName><CreateTime>{}</CreateTime>\
             <MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>{msgid}</MsgID>\
             <Status>failed: system failed</Status></xml>",
            w.s.clock.now().0 / 1_000_000
        );
        let sealed = w.s.vault.seal("wechat_event.body", &body).unwrap();
        w.sql(&format!(
            "INSERT INTO wechat_event (id, app, body_hash, body_sealed, received_at) VALUES (99, 'oa', 'h', '{sealed}', 0)"
        ))
        .await;
        w.sql("INSERT INTO job (kind, dedup_key, payload, priority, state, run_at, max_attempt, created_at)
            VALUES ('wechat_event', '99', '{\"event\": 99}', 60, 'ready', 0, 12, 0)").await;
        w.run_due().await;
        assert!(w.told().await.contains(&"primary".to_owned()), "the second case by itself");
        let again = w.notices(cases[1]).await[0].clone();
        assert_eq!((again.state, again.bundled_into, again.reason), (NoticeState::Accepted, None, None));
    })
    .await;
}

#[tokio::test]
async fn somebody_who_takes_a_case_at_night_is_not_told_of_it_in_the_morning() {
    at_night(async |w| {
        let taken = normal(&w, "路灯坏了").await;
        let waits = normal(&w, "井盖松了").await;
        w.run_due().await;
        w.sql(&format!(
            "UPDATE cases SET state = 'acknowledged', next_check_at = 9000000000000000 WHERE id = {taken}"
        ))
        .await;
        w.after(TO_MORNING).await;
        w.after(5).await;
        assert!(w.notices(taken).await.iter().all(|one| one.state == NoticeState::Cancelled));
        assert_eq!(w.notices(waits).await[0].state, NoticeState::Accepted);
    })
    .await;
}

/// What a case asks of its resident, through which template, and how it waits for his answer.
const ASKS: [(NoticeKind, &str, &str); 3] = [
    (NoticeKind::Resolved, "T-resolved", "state = 'resolved', resolved_at = reported_at"),
    (
        NoticeKind::Question,
        "T-question",
        "state = 'triage', triage_reason = 'ask', held_by = 'triage_desk'",
    ),
    (
        NoticeKind::Rests,
        "T-acknowledged",
        "state = 'on_hold', hold_reason = 'awaiting_appointment', hold_until = 9000000000000000",
    ),
];

/// Reports a case that asks its resident, who allowed three messages of the kind.
async fn asking(w: &World, (kind, template, waits): (NoticeKind, &str, &str)) -> CaseId {
    w.sql(&format!(
        "INSERT INTO consent (account_id, template, credits, updated_at)
         SELECT account_id, '{template}', 3, 0 FROM wechat_identity WHERE openid = 'resident'"
    ))
    .await;
    let grant = json!({ "openid": "resident", "template_id": template, "count": 3 });
    w.stand.post("/_sandbox/credits", grant).await;
    let ask = move |change: &mut Change| change.tell_resident(kind, "请您看一下");
    let case = w.report_with("路灯坏了", Urgency::Normal, ask).await;
    w.sql(&format!(
        "UPDATE cases SET content_until = NULL, content_check = 'passed', {waits},
            next_check_at = 9000000000000000 WHERE id = {case}"
    ))
    .await;
    case
}

#[tokio::test]
async fn what_a_resident_answered_at_night_is_not_asked_of_him_in_the_morning() {
    // In the last row he was not content, and another result was declared.
    for (since, fate, left) in [
        (["version = version"; 3], NoticeState::Accepted, 2),
        (
            ["state = 'closed'", "state = 'assigned'", "appointment_agreed = TRUE"],
            NoticeState::Cancelled,
            3,
        ),
        (
            [
                "resolved_at = resolved_at + 1",
                "triage_reason = 'no_grid'",
                "state = 'in_progress', hold_reason = NULL, hold_until = NULL",
            ],
            NoticeState::Cancelled,
            3,
        ),
    ] {
        at_night(async |w| {
            let mut cases = Vec::new();
            for (ask, then) in ASKS.into_iter().zip(since) {
                let case = asking(&w, ask).await;
                w.run_due().await;
                w.sql(&format!("UPDATE cases SET {then} WHERE id = {case}")).await;
                cases.push(case);
            }
            w.after(TO_MORNING).await;
            w.after(5).await;
            for case in cases {
                let notices = w.notices(case).await;
                let asked = notices.iter().find(|one| one.staff_id.is_none()).unwrap();
                assert_eq!(asked.state, fate, "{since:?} {asked:?}");
            }
            let credits = w.credits().await;
            assert!(credits.iter().all(|(_, credits)| *credits == left), "{since:?} {credits:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_bundle_costs_a_resident_one_consent() {
    at_night(async |w| {
        let cases = [normal(&w, "路灯坏了").await, normal(&w, "井盖松了").await];
        w.run_due().await;
        w.sql("DELETE FROM job").await;
        w.sql(&format!(
            "INSERT INTO consent (account_id, template, credits, updated_at)
             SELECT account_id, '{TEMPLATE}', 3, 0 FROM wechat_identity WHERE openid = 'resident'"
        ))
        .await;
        w.sql(
            "UPDATE notice SET staff_id = NULL, channel = 'mini_subscribe', step = -1, account_id =
             (SELECT account_id FROM wechat_identity WHERE openid = 'resident')",
        )
        .await;
        w.stand.post("/_sandbox/credits", json!({ "openid": "resident", "template_id": TEMPLATE, "count": 9 })).await;
        for case in cases {
            for notice in w.notices(case).await {
                w.sql(&format!(
                    "INSERT INTO job (kind, dedup_key, payload, priority, state, run_at, max_attempt, created_at)
                     VALUES ('send_notice', '{0}', '{{\"notice\": {0}, \"case\": {1}}}', 50, 'ready', 0, 12, 0)",
                    notice.id, case
                ))
                .await;
            }
        }
        w.stand.advance(TO_MORNING);
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        w.run_due().await;
        w.after(5).await;
        assert_eq!(notes(&w).await, [("resident".into(), "共4条新进展，请进小程序查看".into())]);
        assert_eq!(w.credits().await[0].1, 2, "four waited, one was used");
    })
    .await;
}

/// Fails the carrier of a bundle while the job of what it told of has not finished yet.
#[tokio::test]
async fn what_a_bundle_told_of_finds_a_job_although_its_old_one_still_runs() {
    at_night(async |w| {
        let cases = bundled(&w).await;
        let (carrier, rider) =
            (w.notices(cases[0]).await[0].clone(), w.notices(cases[1]).await[0].clone());
        assert_eq!(rider.bundled_into, Some(carrier.id));
        w.sql(&format!(
            "UPDATE job SET state = 'running', lease_owner = 'slow', finished_at = NULL,
                run_at = 9000000000000000 WHERE kind = 'send_notice' AND dedup_key = '{}'",
            rider.id
        ))
        .await;
        let (s, now) = (w.s.clone(), w.s.clock.now());
        let unit = w
            .s
            .writer
            .commit(move |tx| Box::pin(async move { hold::revive(&s, tx, &carrier, now).await }));
        unit.await.unwrap();
        w.sql(&format!(
            "UPDATE job SET state = 'done', lease_owner = NULL, finished_at = 1
             WHERE kind = 'send_notice' AND dedup_key = '{}' AND state = 'running'",
            rider.id
        ))
        .await;
        w.run_due().await;
        let again = w.notices(cases[1]).await[0].clone();
        assert_eq!((again.state, again.bundled_into), (NoticeState::Accepted, None), "{again:?}");
        assert!(w.told().await.contains(&"primary".to_owned()));
        assert!(!sweep::run(&w.s).await.unwrap().any());
    })
    .await;
}

#[tokio::test]
async fn whom_a_bundle_told_hears_that_somebody_else_took_the_case() {
    for noted in [false, true] {
        at_night(async |w| {
            let cases = bundled(&w).await;
            if !noted {
                w.sql(&format!(
                    "UPDATE notice SET state = 'planned', reason = NULL, accepted_at = NULL,
                        finished_at = NULL WHERE case_id = {}",
                    cases[1]
                ))
                .await;
            }
            let rider = w.notices(cases[1]).await[0].clone();
            assert_eq!((rider.sending_at, rider.accepted_at.is_some()), (None, noted), "{rider:?}");
            let read = &w.s.db.read;
            let cadre = store::people::find_openid(read, WechatApp::Oa, "cadre").await.unwrap();
            let (account, now) = (cadre.unwrap().account_id, w.s.clock.now());
            let actor = Actor::load(&w.s.db, account, false, now).await.unwrap();
            let target =
                Target { case: cases[1], expected_version: w.find(cases[1]).await.version };
            acknowledge::run(&w.s, actor, target).await.unwrap();
            w.run_due().await;
            let told = w.notices(cases[1]).await;
            let heard = told.iter().filter(|one| one.kind == NoticeKind::TakenBy);
            let heard: Vec<_> = heard.map(|one| (one.staff_id, one.state)).collect();
            assert_eq!(heard, [(told[0].staff_id, NoticeState::Accepted)], "{told:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_verb_at_night_does_not_end_the_rest_of_a_step() {
    at_night(async |w| {
        let calm = normal(&w, "路灯坏了").await;
        w.run_due().await;
        let morning = w.s.clock.now() + Duration::from_secs(TO_MORNING);
        assert_eq!(w.find(calm).await.stepped_at, Some(morning));
        // As when the resident adds words: the case is stored again.
        w.stand.advance(600);
        w.sql(&format!("UPDATE cases SET next_check_at = 1 WHERE id = {calm}")).await;
        w.run_due().await;
        let case = w.find(calm).await;
        assert_eq!((case.stepped_at, case.escalation_step), (Some(morning), Some(0)));
        w.after(TO_MORNING - 601).await;
        assert_eq!(w.find(calm).await.escalation_step, Some(0), "nobody else is told at night");
        w.after(1).await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
        w.after(4).await;
        assert!(w.told().await.is_empty(), "they have their time");
    })
    .await;
}
