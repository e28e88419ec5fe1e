//! Templates that were deleted or changed at the platform: their channel is closed for what they
//! carry, loudly, and opened again.

use std::time::Duration;

use entity::kinds::{Channel, NoticeKind, NoticeState};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use zhinan::app::doctor::{self, Grade};
use zhinan::app::{drill, templates};
use zhinan::cli::drill::follow;

use super::kit::{World, on_each};
use super::wecom_cards::told;
use crate::kit::clock::until;
use crate::kit::logs::Logs;

fn labels(keys: &[&str]) -> Value {
    keys.iter()
        .map(|key| ((*key).to_owned(), json!("字段")))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

const STAFF: [&str; 5] = ["character_string1", "thing2", "thing3", "time4", "thing5"];

/// Leaves the template of staff in the list of this account alone.
async fn keep_at(w: &World, account: &str) {
    let template = json!({ "template_id": "T-staff", "title": "", "account": account,
        "labels": labels(&STAFF) });
    w.stand.post("/_sandbox/templates", template).await;
}

/// Introduces every template of the kit to the stand-in, as they should be.
async fn introduce(w: &World) {
    let told = ["character_string1", "thing2", "phrase3", "time4", "thing5"];
    let question = ["character_string1", "thing2", "time3"];
    for (id, keys) in [
        ("T-staff", &STAFF[..]),
        ("T-acknowledged", &told),
        ("T-resolved", &told),
        ("T-question", &question),
    ] {
        let template = json!({ "template_id": id, "title": id, "labels": labels(keys) });
        w.stand.post("/_sandbox/templates", template).await;
    }
}

fn open(w: &World, channel: Channel, kind: NoticeKind) -> bool {
    w.s.gate.is_open(channel, kind)
}

fn closed_kinds(w: &World, channel: &str) -> i64 {
    w.s.metrics.closed_kinds.with_label_values(&[channel]).get()
}

#[tokio::test]
async fn a_deleted_template_closes_its_channel_and_the_next_one_carries_the_notice() {
    let logs = Logs::default();
    let _listening = logs.listen();
    on_each(async |w| {
        introduce(&w).await;
        w.give_mini("primary", 1).await;
        templates::check(&w.s).await;
        assert!(open(&w, Channel::OaTemplate, NoticeKind::NewCase));
        let before = logs.lines().iter().filter(|line| line.text.contains("T-staff")).count();
        // Planned while all was well, sent when it is not.
        let planned = w.case("停水").await;
        w.stand.faults(json!({ "templates_gone": ["T-staff"] })).await;
        templates::check(&w.s).await;
        assert!(!open(&w, Channel::OaTemplate, NoticeKind::NewCase));
        assert!(!open(&w, Channel::MiniSubscribe, NoticeKind::NewCase));
        assert!(open(&w, Channel::MiniSubscribe, NoticeKind::Resolved), "residents are told");
        assert!(closed_kinds(&w, "oa_template") > 0);
        let said = logs.lines().iter().filter(|line| line.text.contains("T-staff")).count();
        assert!(said > before, "an operator must read it");
        w.run_due().await;
        assert!(w.told().await.is_empty());
        let notices = w.notices(planned).await;
        assert!(notices.iter().all(|n| n.state == NoticeState::Dead), "{notices:?}");
        assert_eq!(notices[0].reason.as_deref(), Some("template_changed"));
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        for _ in 0..3 {
            w.after(60).await;
        }
        assert!(w.told().await.is_empty(), "nothing is tried while it is closed");
        assert!(w.notices(planned).await.iter().all(|n| n.state == NoticeState::Dead));
        // Right again: open again, and whoever was passed over is told.
        w.stand.faults(json!({ "reset": true })).await;
        templates::check(&w.s).await;
        assert_eq!(closed_kinds(&w, "oa_template"), 0);
        w.after(15).await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
        w.case("停电").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_template_of_one_account_leaves_the_other_to_carry_the_notice() {
    on_each(async |w| {
        introduce(&w).await;
        keep_at(&w, "mini").await;
        w.give_mini("primary", 1).await;
        templates::check(&w.s).await;
        assert!(!open(&w, Channel::OaTemplate, NoticeKind::NewCase), "the list of the OA lacks it");
        assert!(open(&w, Channel::MiniSubscribe, NoticeKind::NewCase));
        let case = w.case("停水").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert_eq!(
            (notices[0].channel, notices[0].state),
            (Channel::MiniSubscribe, NoticeState::Accepted)
        );
        let cadre = notices.iter().find(|n| n.staff_id != notices[0].staff_id);
        assert!(cadre.is_none(), "who has the official account only has no way now");
    })
    .await;
}

#[tokio::test]
async fn a_drill_goes_the_ways_that_notices_go() {
    on_each(async |w| {
        introduce(&w).await;
        keep_at(&w, "mini").await;
        w.give_mini("primary", 1).await;
        templates::check(&w.s).await;
        assert!(!open(&w, Channel::OaTemplate, NoticeKind::NewCase));
        drill::start::begin(&w.s, None, false).await.unwrap();
        w.after(60).await;
        assert_eq!(
            w.told().await,
            ["mini-primary"],
            "nothing is sent with a template that is gone"
        );
        let probes = entity::probe::Entity::find().all(&w.s.db.read).await.unwrap();
        let reached = probes.iter().filter(|one| one.state == NoticeState::Accepted).count();
        let without = probes.iter().filter(|one| one.reason.as_deref() == Some("no_channel"));
        assert_eq!((reached, without.count()), (1, 5), "{probes:?}");
    })
    .await;
}

/// Commands are processes of their own, in which nobody keeps watch.
#[tokio::test]
async fn a_command_looks_at_the_templates_before_it_counts_on_a_channel() {
    on_each(async |w| {
        introduce(&w).await;
        keep_at(&w, "mini").await;
        w.give_mini("primary", 1).await;
        let name = w.s.vault.seal("staff.name", "甲").unwrap();
        w.sql(&format!("UPDATE staff SET name_sealed = '{name}'")).await;
        let (report, _) = follow(&w.another().await, false, Duration::ZERO).await.unwrap();
        assert_eq!((report.people, report.waiting), (6, 1), "who follows the OA alone has no way");
        w.after(60).await;
        assert_eq!(w.told().await, ["mini-primary"]);
        // He was the last of his grid who could be told, and allowed one message.
        let checks = doctor::run(&w.another().await, false).await;
        let people = checks.iter().find(|check| check.name == "责任人").unwrap();
        assert_eq!(people.grade, Grade::Bad, "{people:?}");
    })
    .await;
}

#[tokio::test]
async fn staff_without_a_template_of_the_mini_program_get_none_there_and_nobody_is_alarmed() {
    let logs = Logs::default();
    let _listening = logs.listen();
    let alarms = || {
        let closed = "the channel is closed for its notices";
        logs.lines().iter().filter(|line| line.text.contains(closed)).count()
    };
    on_each(async |w| {
        introduce(&w).await;
        keep_at(&w, "oa").await;
        let before = alarms();
        let looks = templates::check(&w.s).await;
        assert!(open(&w, Channel::OaTemplate, NoticeKind::NewCase));
        assert!(!open(&w, Channel::MiniSubscribe, NoticeKind::NewCase));
        assert!(open(&w, Channel::MiniSubscribe, NoticeKind::Resolved), "residents are told");
        assert_eq!((closed_kinds(&w, "mini_subscribe"), alarms()), (0, before));
        assert!(looks.iter().all(|one| one.is_well(&w.s)), "a look a day is enough: {looks:?}");
        let checks = doctor::run(&w.s, false).await;
        let line = checks.iter().find(|check| check.name == "小程序模板比对").unwrap();
        assert_eq!(line.grade, Grade::Warning, "{line:?}");
        w.stand.faults(json!({ "templates_gone": ["T-resolved"] })).await;
        templates::check(&w.s).await;
        assert!(closed_kinds(&w, "mini_subscribe") > 0 && alarms() > before, "a real one is");
    })
    .await;
}

#[tokio::test]
async fn changed_fields_close_the_kinds_that_fill_them_and_the_doctor_names_them() {
    on_each(async |w| {
        introduce(&w).await;
        w.stand.faults(json!({ "templates_changed": ["T-question"] })).await;
        templates::check(&w.s).await;
        assert!(!open(&w, Channel::MiniSubscribe, NoticeKind::Question));
        assert!(open(&w, Channel::MiniSubscribe, NoticeKind::Acknowledged));
        let checks = doctor::run(&w.s, false).await;
        let line = |name: &str| checks.iter().find(|check| check.name == name).unwrap();
        assert_eq!(line("服务号模板比对").grade, Grade::Good);
        let bad = line("小程序模板比对");
        assert_eq!(bad.grade, Grade::Bad, "{bad:?}");
        assert!(bad.found.contains("T-question") && bad.found.contains("thing99"), "{bad:?}");
    })
    .await;
}

#[tokio::test]
async fn until_a_list_could_be_read_every_channel_is_used() {
    on_each(async |w| {
        introduce(&w).await;
        w.stand.faults(json!({ "dead": true })).await;
        templates::check(&w.s).await;
        assert!(open(&w, Channel::OaTemplate, NoticeKind::NewCase));
        w.stand.faults(json!({ "reset": true, "templates_gone": ["T-staff"] })).await;
        templates::check(&w.s).await;
        assert!(!open(&w, Channel::OaTemplate, NoticeKind::NewCase));
        // An outage opens nothing that was found closed.
        w.stand.faults(json!({ "dead": true })).await;
        templates::check(&w.s).await;
        assert!(!open(&w, Channel::OaTemplate, NoticeKind::NewCase));
    })
    .await;
}

#[tokio::test]
async fn the_watch_looks_at_its_start_and_ends_when_it_is_asked() {
    on_each(async |w| {
        introduce(&w).await;
        w.stand.faults(json!({ "templates_gone": ["T-staff"] })).await;
        let stop = CancellationToken::new();
        let watching = templates::watch(w.s.clone(), stop.clone());
        let looking = async {
            let closed =
                async || (!open(&w, Channel::OaTemplate, NoticeKind::Triage)).then_some(());
            until("the channel is closed", closed).await;
            stop.cancel();
        };
        tokio::join!(watching, looking);
    })
    .await;
}

/// The first refusals are enough: nobody else has to be refused before his next channel is tried.
#[tokio::test]
async fn a_refusal_that_speaks_of_its_template_brings_a_look_at_once_and_the_next_channel() {
    const SEND: &str = "/cgi-bin/message/template/send";
    on_each(async |w| {
        introduce(&w).await;
        w.give_mini("primary", 9).await;
        // Closed by the first look, which tells that it is over.
        w.stand.faults(json!({ "templates_changed": ["T-question"] })).await;
        let stop = CancellationToken::new();
        let watching = templates::watch(w.s.clone(), stop.clone());
        let sending = async {
            let closed =
                async || (!open(&w, Channel::MiniSubscribe, NoticeKind::Question)).then_some(());
            until("the first look", closed).await;
            assert!(open(&w, Channel::OaTemplate, NoticeKind::NewCase));
            // The official account loses the template of staff between two looks.
            keep_at(&w, "mini").await;
            let gone = json!({ "path": SEND, "code": 40_037, "times": 1_000 });
            w.stand.faults(json!({ "errcode": gone })).await;
            w.case("停水").await;
            w.run_due().await;
            let closed =
                async || (!open(&w, Channel::OaTemplate, NoticeKind::NewCase)).then_some(());
            until("the look that a refusal asked for", closed).await;
            stop.cancel();
            let refused = w.stand.calls(SEND).await;
            assert!(refused > 0);
            w.told().await;
            w.case("停电").await;
            w.after(5).await;
            assert_eq!(w.stand.calls(SEND).await, refused, "nobody else is refused first");
            let told = w.told().await;
            assert!(told.contains(&"mini-primary".to_owned()), "{told:?}");
        };
        tokio::join!(watching, sending);
    })
    .await;
}
