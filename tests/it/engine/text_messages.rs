//! Text messages: the way to whom WeChat does not lead, and what follows when they do not arrive.

use entity::kinds::{Channel, EventType, NoticeState, Urgency};
use serde_json::json;
use zhinan::app::notice::ways::Ways;
use zhinan::config::Config;
use zhinan::store::{self, reach};

use super::consents::account_of;
use super::kit::{World, on_each_with};
use super::probes::id_of;
use super::wecom_cards::{self, join};
use crate::kit::wechat::text_account;

pub const NUMBER: &str = "13800001111";

/// Configures the account that the stand-in knows.
pub fn on(config: &mut Config) {
    let account = text_account();
    config.sms.base_url.clone_from(&config.wechat.base_url);
    config.sms.secret_id = account.secret_id;
    config.sms.secret_key = account.secret_key.as_str().into();
    config.sms.app_id = account.app_id;
    config.sms.sign = "南城街道".into();
    config.sms.template_staff = "2000001".into();
}

/// Gives somebody a mobile; his name in the kit is his number in the staff list.
pub async fn give_mobile(w: &World, who: &str, number: &str) {
    let sealed = w.s.vault.seal("staff.phone", number).unwrap();
    w.sql(&format!("UPDATE staff SET phone_sealed = '{sealed}' WHERE staff_no = '{who}'")).await;
}

/// Takes somebody's WeChat away.
pub async fn without_wechat(w: &World, who: &str) {
    w.sql(&format!(
        "UPDATE wechat_identity SET dead_at = 1 WHERE account_id =
            (SELECT account_id FROM staff WHERE staff_no = '{who}')"
    ))
    .await;
}

#[tokio::test]
async fn who_has_no_wechat_gets_a_text_message_at_once() {
    on_each_with(on, async |w| {
        without_wechat(&w, "primary").await;
        give_mobile(&w, "primary", NUMBER).await;
        w.sql("UPDATE staff SET account_id = NULL WHERE staff_no = 'primary'").await;
        let case = w.case("停水").await;
        w.run_due().await;
        let messages = w.stand.messages().await;
        let text = messages.iter().find(|one| one["channel"] == "sms").unwrap();
        assert_eq!(text["to"], format!("+86{NUMBER}"));
        assert_eq!(text["template"], "2000001");
        assert_eq!(text["data"]["1"], "新工单");
        assert!(text["data"]["2"].as_str().unwrap().starts_with("NC-"), "{text}");
        assert_eq!(text["data"].as_object().unwrap().len(), 5, "{text}");
        assert!(!text.to_string().contains("停水"), "a resident's words left: {text}");
        let notices = w.notices(case).await;
        let sent = notices.iter().find(|one| one.channel == Channel::Sms).unwrap();
        assert_eq!((sent.state, sent.account_id), (NoticeState::Accepted, None));
        assert!(w.find(case).await.first_push_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn when_every_other_channel_is_dead_the_text_message_comes_next() {
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        w.give_mini("primary", 1).await;
        w.stand.faults(json!({ "blocks": ["primary", "mini-primary"] })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        let mine = notices.iter().filter(|one| one.staff_id == notices[0].staff_id);
        let fates: Vec<_> = mine.map(|one| (one.channel, one.state)).collect();
        assert_eq!(
            fates,
            [
                (Channel::OaTemplate, NoticeState::Dead),
                (Channel::MiniSubscribe, NoticeState::Dead),
                (Channel::Sms, NoticeState::Accepted)
            ]
        );
        assert_eq!(w.told().await, ["cadre", &format!("+86{NUMBER}")]);
    })
    .await;
}

/// The chain of a case that runs is as old as the case; the staff list may be younger.
#[tokio::test]
async fn who_left_the_staff_list_is_told_of_no_case_that_runs() {
    let with_both = |config: &mut Config| {
        on(config);
        wecom_cards::on(config);
    };
    on_each_with(with_both, async |w| {
        give_mobile(&w, "backup", NUMBER).await;
        join(&w, "backup").await;
        w.case("停水").await;
        w.run_due().await;
        w.told().await;
        let (read, id) = (&w.s.db.read, id_of(&w, "backup").await);
        let ways = async || {
            let known = w.known(id).await;
            let reached = reach::reachable(read, &[id], w.s.carriers()).await.unwrap();
            [known.has_mobile, known.in_wecom, !reached.is_empty()]
        };
        assert_eq!(ways().await, [true; 3]);
        w.sql("UPDATE staff SET ended_at = created_at WHERE staff_no = 'backup'").await;
        assert_eq!(ways().await, [false; 3]);
        w.after(5).await;
        assert_eq!(w.told().await, ["cadre"], "the next of the chain at once");
    })
    .await;
}

#[tokio::test]
async fn where_nothing_is_configured_no_number_counts_as_a_way() {
    on_each_with(
        |_| {},
        async |w| {
            give_mobile(&w, "primary", NUMBER).await;
            w.stand.faults(json!({ "blocks": ["primary"] })).await;
            w.case("停水").await;
            w.run_due().await;
            // The next person instead.
            w.after(1).await;
            assert_eq!(w.told().await, ["cadre"]);
        },
    )
    .await;
}

#[tokio::test]
async fn a_number_that_wants_nothing_is_dead_and_the_next_person_is_told() {
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        without_wechat(&w, "primary").await;
        without_wechat(&w, "cadre").await;
        w.stand.faults(json!({ "sms_blocks": [format!("+86{NUMBER}")] })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["backup"], "not at the end of the step");
        let dead = &w.notices(case).await[0];
        assert_eq!((dead.state, dead.errcode), (NoticeState::Dead, Some(1015)));
        let again = w.case("停电").await;
        w.run_due().await;
        assert!(w.notices(again).await.iter().all(|one| one.channel != Channel::Sms));
        assert!(w.events(case).await.contains(&EventType::PushFailed));
        w.stand.faults(json!({ "reset": true })).await;
    })
    .await;
}

/// The staff list's is taken first; nobody could ever change a wrong one there.
#[tokio::test]
async fn the_number_that_somebody_proves_himself_takes_the_place_of_a_dead_one_of_the_staff_list() {
    for (dead, number) in [(true, "13800002222"), (false, NUMBER)] {
        on_each_with(on, async |w| {
            give_mobile(&w, "primary", NUMBER).await;
            let own = w.s.vault.seal("account.phone", "13800002222").unwrap();
            let account = account_of(&w, "primary").await;
            w.sql(&format!("UPDATE account SET phone_sealed = '{own}' WHERE id = {account}")).await;
            without_wechat(&w, "primary").await;
            if dead {
                w.sql("UPDATE staff SET phone_dead_at = 1 WHERE staff_no = 'primary'").await;
            }
            let unit = w.s.writer.commit(move |tx| {
                Box::pin(async move { store::people::revive_mobile(tx, account).await })
            });
            unit.await.unwrap();
            w.case("停水").await;
            w.run_due().await;
            let told = w.told().await;
            assert!(told.iter().any(|to| to.ends_with(number)), "{dead}: {told:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_message_that_may_have_left_is_never_repeated() {
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        without_wechat(&w, "primary").await;
        without_wechat(&w, "cadre").await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        w.after(1).await;
        w.after(120).await;
        let told = w.told().await;
        let mine = told.iter().filter(|to| to.ends_with(NUMBER)).count();
        let notices = w.notices(case).await;
        assert_eq!(notices[0].state, NoticeState::Unknown);
        let of_step = notices.iter().filter(|n| n.staff_id == notices[0].staff_id && n.step == 0);
        assert_eq!((mine, of_step.count()), (1, 1), "{told:?}");
        assert!(told.contains(&"backup".to_owned()), "the next person hears of it: {told:?}");
    })
    .await;
}

#[tokio::test]
async fn each_refusal_waits_or_ends_as_the_provider_means_it() {
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        without_wechat(&w, "primary").await;
        without_wechat(&w, "cadre").await;
        for (code, state, errcode) in [
            ("LimitExceeded.PhoneNumberOneHourLimit", NoticeState::Planned, None),
            ("LimitExceeded.PhoneNumberDailyLimit", NoticeState::Planned, None),
            ("AuthFailure.SignatureFailure", NoticeState::Dead, None),
            ("FailedOperation.TemplateIncorrectOrUnapproved", NoticeState::Dead, Some(1014)),
            ("FailedOperation.ContainSensitiveWord", NoticeState::Dead, Some(1002)),
        ] {
            w.stand.faults(json!({ "sms_code": { "code": code } })).await;
            let case = w.report("停水", Urgency::Normal).await;
            w.run_due().await;
            w.after(2).await;
            let notice = w.notices(case).await[0].clone();
            assert_eq!((notice.state, notice.errcode), (state, errcode), "{code}");
            let job = w.jobs().await.into_iter().find(|j| j.dedup_key == notice.id.to_string());
            let wait = job.unwrap().run_at.since(notice.created_at).as_secs();
            match code {
                "LimitExceeded.PhoneNumberOneHourLimit" => assert!((3_590..3_610).contains(&wait)),
                "LimitExceeded.PhoneNumberDailyLimit" => assert!(wait > 3_700, "{wait}"),
                _ => {}
            }
        }
        // Nothing of this made the number dead: passing trouble is repeated.
        w.stand.faults(json!({ "sms_code": { "code": "InternalError.OtherError" } })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let notice = w.notices(case).await[0].clone();
        assert_eq!((notice.channel, notice.state), (Channel::Sms, NoticeState::Accepted));
    })
    .await;
}

#[tokio::test]
async fn neither_log_nor_record_ever_shows_the_number() {
    let logs = crate::kit::logs::Logs::default();
    let _listening = logs.listen();
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        without_wechat(&w, "primary").await;
        w.stand.faults(json!({ "dead": true })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        w.stand.faults(json!({ "reset": true })).await;
        w.after(60).await;
        for notice in w.notices(case).await {
            assert!(!format!("{notice:?}").contains(NUMBER));
        }
        for job in w.jobs().await {
            assert!(!format!("{job:?}").contains(NUMBER));
        }
    })
    .await;
    let lines = logs.lines();
    assert!(!lines.is_empty() && lines.iter().all(|line| !line.text.contains(NUMBER)), "{lines:?}");
}

#[tokio::test]
async fn a_channel_leads_to_whoever_is_in_office_and_has_a_living_address_for_it() {
    use Channel::{OaTemplate, Sms, WecomCard};
    let both = |config: &mut Config| {
        on(config);
        wecom_cards::on(config);
    };
    on_each_with(both, async |w| {
        let primary = id_of(&w, "primary").await;
        let living = async || {
            let ways = Ways::load(&w.s, &w.s.db.read, &[primary]).await.unwrap();
            ways.of(primary).living
        };
        join(&w, "primary").await;
        give_mobile(&w, "primary", NUMBER).await;
        for (column, value, left) in [
            ("phone_dead_at", "NULL", [WecomCard, OaTemplate, Sms].as_slice()),
            ("phone_dead_at", "1", &[WecomCard, OaTemplate]),
            ("wecom_end", "'disabled'", &[OaTemplate, Sms]),
            ("wecom_end", "'deleted'", &[OaTemplate]),
            ("ended_at", "created_at", &[]),
        ] {
            let set = async |value: &str| {
                w.sql(&format!("UPDATE staff SET {column} = {value} WHERE staff_no = 'primary'"))
                    .await;
            };
            set(value).await;
            assert_eq!(living().await, left, "{column} {value}");
            set("NULL").await;
        }
    })
    .await;
}
