//! Reports about text messages: what was accepted arrives, or did not and somebody else is told.

use entity::kinds::{CaseId, Channel, EventType, NoticeState, Urgency};
use entity::notice;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use zhinan::config::Config;
use zhinan::engine;

use super::kit::{World, on_each_with};
use super::probes::{known, plan, probes};
use super::quiet::{TO_MORNING, normal};
use super::text_messages::{give_mobile, on as texts, without_wechat};

const NUMBER: &str = "13800001111";
const OTHER: &str = "13800002222";

fn on(config: &mut Config) {
    texts(config);
    config.sms.pull_reports = true;
}

/// Only the worker and the cadre are left without WeChat; the worker has a mobile.
async fn texted(w: &World, urgency: Urgency) -> entity::kinds::CaseId {
    give_mobile(w, "primary", NUMBER).await;
    for who in ["primary", "cadre"] {
        without_wechat(w, who).await;
    }
    let case = w.report("停水", urgency).await;
    w.run_due().await;
    w.after(3).await;
    case
}

/// Lets a minute's sweep ask, and the answer be recorded.
async fn minute(w: &World) {
    engine::sweep::run(&w.s).await.unwrap();
    w.run_due().await;
}

#[tokio::test]
async fn an_accepted_text_message_becomes_delivered_and_nobody_else_is_told() {
    on_each_with(on, async |w| {
        let case = texted(&w, Urgency::Urgent).await;
        assert_eq!(w.notices(case).await[0].state, NoticeState::Accepted);
        w.told().await;
        let events = w.events(case).await;
        minute(&w).await;
        let notice = &w.notices(case).await[0];
        assert_eq!((notice.channel, notice.state), (Channel::Sms, NoticeState::Delivered));
        assert!(notice.delivered_at.is_some());
        assert_eq!(w.events(case).await, events);
        assert!(w.told().await.is_empty());
        // Nothing waits any more, so nothing is asked.
        let asked = w.stand.calls("/").await;
        w.stand.advance(60);
        engine::sweep::run(&w.s).await.unwrap();
        assert_eq!(w.stand.calls("/").await, asked);
    })
    .await;
}

#[tokio::test]
async fn one_that_did_not_arrive_is_followed_by_the_next_person_at_once() {
    for urgency in [Urgency::Urgent, Urgency::Fast, Urgency::Normal] {
        on_each_with(on, async |w| {
            w.stand.faults(json!({ "sms_undelivered": [format!("+86{NUMBER}")] })).await;
            let case = texted(&w, urgency).await;
            w.told().await;
            minute(&w).await;
            let notice = &w.notices(case).await[0];
            assert_eq!((notice.channel, notice.state), (Channel::Sms, NoticeState::Dead));
            assert!(w.events(case).await.contains(&EventType::PushFailed));
            assert_eq!(w.told().await, ["backup"], "not at the end of the step");
            // Nothing is left behind that would keep the heartbeat from being sent.
            w.stand.advance(120);
            assert_eq!(engine::sweep::run(&w.s).await.unwrap().stuck_cases, 0);
        })
        .await;
    }
}

/// A case of which somebody was told first by a text message, which did not arrive; no report says so
/// yet.
async fn texted_in_vain(w: &World, who: &str) -> CaseId {
    give_mobile(w, who, NUMBER).await;
    w.sql(&format!(
        "INSERT INTO staff_channel (staff_id, channel, position, updated_at)
         SELECT id, 'sms', 0, 0 FROM staff WHERE staff_no = '{who}'"
    ))
    .await;
    w.stand.faults(json!({ "sms_undelivered": [format!("+86{NUMBER}")] })).await;
    let case = w.case("停水").await;
    w.run_due().await;
    w.after(3).await;
    assert_eq!(w.notices(case).await[0].channel, Channel::Sms);
    w.told().await;
    case
}

/// He went between the message and its report: no other channel of his rings, and nobody waits.
#[tokio::test]
async fn for_who_went_before_the_report_his_substitute_is_told_or_the_next_person() {
    for (substitute, next) in [("desk", "desk"), ("nobody", "backup")] {
        on_each_with(on, async |w| {
            without_wechat(&w, "cadre").await;
            let case = texted_in_vain(&w, "primary").await;
            w.leave("'primary'", substitute).await;
            minute(&w).await;
            assert_eq!(w.notices(case).await[0].state, NoticeState::Dead);
            assert_eq!(w.told().await, [next]);
        })
        .await;
    }
}

/// Who stands in for a substitute has nothing to do with the case.
#[tokio::test]
async fn a_substitutes_substitute_is_not_told_of_what_he_may_not_open() {
    on_each_with(on, async |w| {
        // Neither of the two has an office of his own here.
        let gone = "UPDATE responsibility SET valid_to = valid_from";
        w.sql(&format!("{gone} WHERE role IN ('secretary', 'cadre')")).await;
        w.leave("'primary'", "secretary").await;
        texted_in_vain(&w, "secretary").await;
        w.leave("'secretary'", "cadre").await;
        minute(&w).await;
        assert_eq!(w.told().await, ["backup"]);
    })
    .await;
}

/// The provider hands a report out once, also while nobody has written down yet that it took over.
#[tokio::test]
async fn a_report_about_a_message_whose_sender_died_before_its_record_is_not_lost() {
    for arrives in [true, false] {
        on_each_with(on, async |w| {
            let numbers: Vec<String> =
                (!arrives).then(|| format!("+86{NUMBER}")).into_iter().collect();
            w.stand.faults(json!({ "sms_undelivered": numbers })).await;
            let case = texted(&w, Urgency::Urgent).await;
            w.case("停电").await;
            w.run_due().await;
            w.told().await;
            w.sql(&format!(
                "UPDATE notice SET state = 'sending', accepted_at = NULL, finished_at = NULL
                  WHERE case_id = {case} AND channel = 'sms'"
            ))
            .await;
            w.sql(&format!("UPDATE cases SET first_push_at = NULL WHERE id = {case}")).await;
            minute(&w).await;
            let (notice, found) = (w.notices(case).await[0].clone(), w.find(case).await);
            let state = if arrives { NoticeState::Delivered } else { NoticeState::Dead };
            assert_eq!((notice.state, notice.accepted_at.is_some()), (state, true), "{notice:?}");
            assert!(found.first_push_at.is_some(), "the provider took it over");
            assert_eq!(w.told().await.is_empty(), arrives, "or the next person is told");
        })
        .await;
    }
}

/// The next person was told of an urgent one when it came into doubt.
#[tokio::test]
async fn what_nobody_answered_is_proven_or_denied_by_its_report() {
    for (urgency, arrives) in
        [(Urgency::Normal, true), (Urgency::Normal, false), (Urgency::Urgent, false)]
    {
        on_each_with(on, async |w| {
            let numbers: Vec<String> =
                (!arrives).then(|| format!("+86{NUMBER}")).into_iter().collect();
            w.stand.faults(json!({ "sms_undelivered": numbers })).await;
            let case = texted(&w, urgency).await;
            w.told().await;
            w.sql(&format!(
                "UPDATE notice SET state = 'unknown', reason = 'no_answer'
                  WHERE case_id = {case} AND channel = 'sms'"
            ))
            .await;
            let before = w.events(case).await.len();
            minute(&w).await;
            let state = if arrives { NoticeState::Delivered } else { NoticeState::Dead };
            assert_eq!(w.notices(case).await[0].state, state, "{urgency:?}");
            let since = w.events(case).await.split_off(before);
            let (told, said) = match (urgency, arrives) {
                (Urgency::Urgent, _) => (vec![], None),
                (_, true) => (vec![], Some(&EventType::Pushed)),
                (_, false) => (vec!["backup"], Some(&EventType::PushFailed)),
            };
            assert_eq!(since.first(), said, "{urgency:?} {since:?}");
            assert_eq!(w.told().await, told, "{urgency:?}");
        })
        .await;
    }
}

/// The answer may not have been written down, as with any other message.
#[tokio::test]
async fn a_test_by_text_message_is_proven_or_denied_by_its_report() {
    for (arrives, is_written) in [(true, true), (true, false), (false, true), (false, false)] {
        on_each_with(on, async |w| {
            let numbers: Vec<String> =
                (!arrives).then(|| format!("+86{NUMBER}")).into_iter().collect();
            w.stand.faults(json!({ "sms_undelivered": numbers })).await;
            for (who, number) in [("cadre", NUMBER), ("primary", OTHER)] {
                give_mobile(&w, who, number).await;
                plan(&w, who, Channel::Sms).await;
            }
            w.run_due().await;
            assert_eq!(w.told().await.len(), 2);
            let sent = probes(&w).await;
            assert!(sent.iter().all(|one| one.state == NoticeState::Accepted), "{sent:?}");
            if !is_written {
                w.sql(&format!(
                    "UPDATE probe SET state = 'sending', accepted_at = NULL, finished_at = NULL
                      WHERE id = {}",
                    sent[0].id
                ))
                .await;
            }
            w.sql("DELETE FROM staff_channel").await;
            minute(&w).await;
            let ended = probes(&w).await;
            let (state, reason) = if arrives {
                (NoticeState::Delivered, "delivered")
            } else {
                (NoticeState::Dead, "not_delivered")
            };
            assert_eq!((ended[0].state, ended[0].reason.as_deref()), (state, Some(reason)));
            assert!(ended[0].accepted_at.is_some(), "the provider took it over: {ended:?}");
            assert_eq!(ended[1].state, NoticeState::Delivered);
            let way = known(&w, "cadre").await.remove(0);
            assert_eq!((way.channel, way.proven_at.is_some()), (Channel::Sms, arrives));
            assert_eq!(way.failed_reason.as_deref(), (!arrives).then_some("not_delivered"));
        })
        .await;
    }
}

/// After a restore its number may be that of another one, through whatever channel.
#[tokio::test]
async fn a_report_moves_no_message_but_the_one_it_is_about() {
    for other in ["created_at = created_at + 1", "channel = 'oa_template'"] {
        on_each_with(on, async |w| {
            let case = texted(&w, Urgency::Urgent).await;
            give_mobile(&w, "cadre", OTHER).await;
            // What stood there before was no number.
            w.sql("UPDATE staff SET phone_dead_at = NULL").await;
            plan(&w, "cadre", Channel::Sms).await;
            w.run_due().await;
            for table in ["notice", "probe"] {
                w.sql(&format!("UPDATE {table} SET {other}")).await;
            }
            w.sql("DELETE FROM staff_channel").await;
            let control = w.case("停电").await;
            w.run_due().await;
            w.told().await;
            minute(&w).await;
            assert_eq!(w.notices(control).await[0].state, NoticeState::Delivered, "{other}");
            assert_eq!(w.notices(case).await[0].state, NoticeState::Accepted, "{other}");
            assert_eq!(
                probes(&w).await[0].state,
                NoticeState::Accepted,
                "{other} {:?}",
                probes(&w).await
            );
            assert!(known(&w, "cadre").await.is_empty(), "{other}");
        })
        .await;
    }
}

#[tokio::test]
async fn after_somebody_took_the_case_a_lost_message_troubles_nobody() {
    on_each_with(on, async |w| {
        w.stand.faults(json!({ "sms_undelivered": [format!("+86{NUMBER}")] })).await;
        let case = texted(&w, Urgency::Urgent).await;
        w.told().await;
        w.sql("UPDATE cases SET state = 'acknowledged', acknowledged_at = reported_at").await;
        minute(&w).await;
        assert_eq!(w.notices(case).await[0].state, NoticeState::Dead);
        assert!(w.told().await.is_empty());
    })
    .await;
}

/// What a message told of beside its own case did not arrive with it.
#[tokio::test]
async fn a_bundle_that_did_not_arrive_is_told_again_piece_by_piece() {
    let quiet = |config: &mut Config| {
        on(config);
        config.notices.quiet_from = "21:30".into();
        config.notices.quiet_to = "07:30".into();
    };
    on_each_with(quiet, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        without_wechat(&w, "primary").await;
        let cases = [normal(&w, "路灯坏了").await, normal(&w, "井盖松了").await];
        w.run_due().await;
        w.stand.faults(json!({ "sms_undelivered": [format!("+86{NUMBER}")] })).await;
        w.after(TO_MORNING).await;
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        w.after(5).await;
        let of = async |case| {
            let all = w.notices(case).await;
            all.into_iter().find(|one| one.channel == Channel::Sms).unwrap()
        };
        let (carrier, told) = (of(cases[0]).await, of(cases[1]).await);
        assert_eq!(told.bundled_into, Some(carrier.id), "{told:?}");
        minute(&w).await;
        assert_eq!(of(cases[0]).await.state, NoticeState::Dead);
        let again = of(cases[1]).await;
        assert_eq!((again.bundled_into, again.reason), (None, None), "sent by itself");
        w.told().await;
    })
    .await;
}

async fn of_state(w: &World, state: NoticeState) -> u64 {
    let texts = notice::Entity::find()
        .filter(notice::Column::Channel.eq(Channel::Sms))
        .filter(notice::Column::State.eq(state));
    texts.count(&w.s.db.read).await.unwrap()
}

#[tokio::test]
async fn reports_are_pulled_page_by_page_and_only_where_that_is_switched_on() {
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        without_wechat(&w, "primary").await;
        for _ in 0..105 {
            w.case("停水").await;
        }
        w.run_due().await;
        minute(&w).await;
        let delivered = of_state(&w, NoticeState::Delivered).await;
        assert_eq!((delivered, of_state(&w, NoticeState::Accepted).await), (105, 0));
        w.told().await;
    })
    .await;
    on_each_with(texts, async |w| {
        let case = texted(&w, Urgency::Urgent).await;
        let asked = w.stand.calls("/").await;
        minute(&w).await;
        assert_eq!(w.stand.calls("/").await, asked);
        assert_eq!(w.notices(case).await[0].state, NoticeState::Accepted);
    })
    .await;
}
