//! Group robots: what they say, how fast, and what follows when one is gone.

use entity::kinds::{CaseId, EventType, JobKind};
use entity::robot_line;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use zhinan::app::notice::robot;
use zhinan::config::Config;

use super::kit::{World, on_each_with};
use crate::kit::logs::Logs;

pub fn on(config: &mut Config) {
    config.wecom.base_url.clone_from(&config.wechat.base_url);
    config.wecom.robot.street = vec!["street-key".into()];
    config.wecom.robot.grids = [("c1".to_owned(), vec!["grid-key".into()])].into();
}

fn street_only(config: &mut Config) {
    on(config);
    config.wecom.robot.grids.clear();
}

/// What a robot said since the start.
async fn said(w: &World, key: &str) -> Vec<String> {
    let all = w.stand.messages().await;
    let mine = all.iter().filter(|m| m["to"] == format!("robot:{key}"));
    mine.map(|m| m["data"]["1"].as_str().unwrap().to_owned()).collect()
}

/// The kit's grids come after the program.
async fn know_places(w: &World) {
    w.s.places.reload(&w.s.db, w.s.clock.now()).await.unwrap();
}

/// Lets nobody but the command be left to tell, so that its step comes at once.
async fn only_command(w: &World) {
    w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid NOT IN ('command', 'resident')")
        .await;
}

async fn up_to_command(w: &World) -> CaseId {
    let case = w.case("停水，我是王五").await;
    w.run_due().await;
    for _ in 0..8 {
        w.after(60).await;
        if w.stand.messages().await.iter().any(|message| message["to"] == "command") {
            return case;
        }
    }
    panic!("the command was never told");
}

#[tokio::test]
async fn the_step_that_tells_the_command_is_heard_in_the_groups_and_names_no_resident() {
    on_each_with(on, async |w| {
        know_places(&w).await;
        let case = up_to_command(&w).await;
        let number = w.find(case).await.number;
        for key in ["street-key", "grid-key"] {
            let said = said(&w, key).await;
            assert!(!said.is_empty(), "{key}");
            assert!(said[0].contains(&number) && said[0].contains("水电气暖"), "{said:?}");
            assert!(!said[0].contains("王五") && !said[0].contains("停水"), "{said:?}");
        }
        let messages = w.stand.messages().await;
        let to_groups = messages.iter().filter(|m| m["channel"] == "robot");
        for message in to_groups {
            assert_eq!(message["data"].as_object().unwrap().len(), 1, "it rings: {message}");
        }
        let jobs = w.jobs().await;
        let keys = jobs.iter().filter(|job| job.kind == JobKind::RobotLine);
        assert!(keys.clone().count() >= 2);
        assert!(keys.into_iter().all(|job| !format!("{job:?}").contains("-key")));
    })
    .await;
}

#[tokio::test]
async fn a_group_is_nobody_so_the_chain_goes_on_as_without_it() {
    on_each_with(street_only, async |w| {
        only_command(&w).await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'command'").await;
        w.sql("UPDATE account SET phone_sealed = NULL").await;
        let case = w.case("停水").await;
        w.run_due().await;
        assert!(!said(&w, "street-key").await.is_empty(), "also when no person is left to tell");
        assert!(w.find(case).await.first_push_at.is_none());
        assert!(w.events(case).await.contains(&EventType::NoOneReachable));
        assert!(w.notices(case).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn twenty_messages_a_minute_and_the_twentieth_tells_of_all_that_wait() {
    on_each_with(street_only, async |w| {
        only_command(&w).await;
        for _ in 0..30 {
            w.case("停水").await;
        }
        w.run_due().await;
        let first = said(&w, "street-key").await;
        assert_eq!(first.len(), 20, "{first:?}");
        let lines: usize = first.iter().map(|text| text.matches("NC-").count()).sum();
        assert_eq!(lines, 30, "nothing is left out: {first:?}");
        assert_eq!(first[19].matches("NC-").count(), 11);
        assert_eq!(w.stand.calls("/cgi-bin/webhook/send").await, 20, "none was refused");
        w.case("停电").await;
        w.run_due().await;
        assert_eq!(said(&w, "street-key").await.len(), 20, "silent for the rest of the minute");
        w.stand.advance(61);
        w.run_due().await;
        assert!(said(&w, "street-key").await.len() > 20);
    })
    .await;
}

/// WeCom refuses whatever follows for as long as its window is, and each call may lengthen it.
#[tokio::test]
async fn a_robot_that_spoke_too_often_rests_a_minute_and_then_says_all_that_waited() {
    on_each_with(street_only, async |w| {
        const PATH: &str = "/cgi-bin/webhook/send";
        only_command(&w).await;
        w.stand.faults(json!({ "errcode": { "path": PATH, "code": 45_009 } })).await;
        for text in ["停水", "停电"] {
            w.case(text).await;
            w.run_due().await;
            w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
            w.after(20).await;
        }
        assert_eq!(w.stand.calls(PATH).await, 1, "nobody else asks meanwhile");
        assert_eq!(said(&w, "street-key").await, Vec::<String>::new());
        w.after(21).await;
        assert_eq!(said(&w, "street-key").await.len(), 2);
        let jobs = w.jobs().await;
        let mut lines = jobs.iter().filter(|job| job.kind == JobKind::RobotLine);
        assert!(lines.all(|job| job.attempt == 1), "waiting uses up no try");
    })
    .await;
}

/// Meanwhile somebody took the first of them, and the second was given to others.
#[tokio::test]
async fn what_nobody_waits_for_any_more_when_a_robot_has_rested_is_not_said() {
    on_each_with(street_only, async |w| {
        const PATH: &str = "/cgi-bin/webhook/send";
        only_command(&w).await;
        w.stand.faults(json!({ "errcode": { "path": PATH, "code": 45_009 } })).await;
        let mut cases = Vec::new();
        for text in ["停水", "停电", "停气"] {
            cases.push(w.case(text).await);
            w.run_due().await;
            w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        }
        w.sql(&format!(
            "UPDATE cases SET state = 'acknowledged', acknowledged_at = reported_at WHERE id = {}",
            cases[0]
        ))
        .await;
        w.sql(&format!(
            "UPDATE cases SET escalation_base = (SELECT MAX(planned_at) + 1 FROM robot_line)
              WHERE id = {}",
            cases[1]
        ))
        .await;
        w.after(61).await;
        let said = said(&w, "street-key").await;
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(&w.find(cases[2]).await.number), "{said:?}");
        assert_eq!(w.stand.calls(PATH).await, 2, "and nothing else is asked");
        let lines = robot_line::Entity::find().all(&w.s.db.read).await.unwrap();
        assert!(lines.len() >= 3 && lines.iter().all(|line| line.done_at.is_some()), "{lines:?}");
        let spoken = lines.iter().filter(|line| line.taken_at.is_some());
        assert_eq!(spoken.count(), 1, "silence uses up nothing of the minute");
    })
    .await;
}

/// The twentieth of a minute carries what waits, without what waits no more.
#[tokio::test]
async fn a_message_that_tells_of_many_leaves_out_what_somebody_took() {
    on_each_with(street_only, async |w| {
        only_command(&w).await;
        for _ in 0..19 {
            w.case("停水").await;
        }
        w.run_due().await;
        let (last, taken) = (w.case("停电").await, w.case("停气").await);
        w.sql(&format!(
            "UPDATE cases SET state = 'acknowledged', acknowledged_at = reported_at,
                next_check_at = 9000000000000000 WHERE id = {taken}"
        ))
        .await;
        w.run_due().await;
        let said = said(&w, "street-key").await;
        assert_eq!(said.len(), 20, "{said:?}");
        let numbers = [w.find(last).await.number, w.find(taken).await.number];
        assert_eq!(numbers.map(|one| said[19].contains(&one)), [true, false], "{said:?}");
    })
    .await;
}

/// Its line lies before the chain by the clock, and belongs to it.
#[tokio::test]
async fn a_chain_that_began_under_a_clock_that_was_put_back_is_heard() {
    on_each_with(street_only, async |w| {
        only_command(&w).await;
        let case = w.case("停水").await;
        w.run_due().await;
        assert_eq!(said(&w, "street-key").await.len(), 1);
        w.sql(
            "UPDATE cases SET escalation_base = escalation_base + 3600000000,
                next_check_at = 9000000000000000",
        )
        .await;
        let (s, case, now) = (w.s.clone(), w.find(case).await, w.s.clock.now());
        let unit = w.s.writer.commit(move |tx| {
            Box::pin(async move { robot::plan(&s, tx, &case, (1, 9), now).await })
        });
        unit.await.unwrap();
        w.run_due().await;
        assert_eq!(said(&w, "street-key").await.len(), 2);
    })
    .await;
}

/// What is wrong with one line, or with somebody on the way, says nothing about the group.
#[tokio::test]
async fn a_line_that_is_refused_leaves_the_robot_to_speak_on() {
    for code in [45_002, 85_002, 40_058] {
        on_each_with(on, async |w| {
            know_places(&w).await;
            only_command(&w).await;
            let refused = json!({ "path": "/cgi-bin/webhook/send", "code": code, "times": 2 });
            w.stand.faults(json!({ "errcode": refused })).await;
            w.case("停水").await;
            w.run_due().await;
            assert_eq!(said(&w, "street-key").await, Vec::<String>::new(), "{code}");
            w.case("停电").await;
            w.run_due().await;
            assert_eq!(said(&w, "street-key").await.len(), 1, "{code}");
        })
        .await;
    }
}

fn errors(logs: &Logs) -> usize {
    logs.lines().iter().filter(|line| line.text.contains("a group robot is refused")).count()
}

#[tokio::test]
async fn a_robot_that_is_gone_is_left_alone_for_a_day_and_an_operator_reads_it() {
    let logs = Logs::default();
    let _listening = logs.listen();
    on_each_with(on, async |w| {
        know_places(&w).await;
        only_command(&w).await;
        let before = errors(&logs);
        w.stand.faults(json!({ "unknown": ["robot:street-key"] })).await;
        w.case("停水").await;
        w.run_due().await;
        w.case("停电").await;
        w.run_due().await;
        assert_eq!(errors(&logs), before + 1, "once, not for every message");
        assert_eq!(said(&w, "street-key").await, Vec::<String>::new());
        assert_eq!(said(&w, "grid-key").await.len(), 2, "the other robot speaks on");
        let checks = zhinan::app::doctor::run(&w.s, true).await;
        let line = checks.iter().find(|check| check.name == "群机器人").unwrap();
        assert!(line.found.contains("93000"), "{line:?}");
        w.stand.faults(json!({ "reset": true })).await;
        w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
        w.stand.advance(24 * 3_600);
        w.case("停气").await;
        w.run_due().await;
        assert_eq!(said(&w, "street-key").await.len(), 1);
    })
    .await;
    assert!(logs.lines().iter().all(|line| !line.text.contains("street-key")), "a key in the log");
}

/// Nobody has said what could not be read.
#[tokio::test]
async fn a_line_whose_case_cannot_be_read_is_said_as_soon_as_it_can() {
    on_each_with(street_only, async |w| {
        only_command(&w).await;
        w.case("停水").await;
        let line = robot_line::Entity::find().one(&w.s.db.read).await.unwrap().unwrap();
        w.sql("UPDATE cases SET category = '?'").await;
        robot::run(&w.s, line.id).await.unwrap_err();
        w.sql("UPDATE cases SET category = 'utilities'").await;
        w.run_due().await;
        assert_eq!(said(&w, "street-key").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_busy_moment_repeats_and_a_lost_answer_does_not() {
    on_each_with(street_only, async |w| {
        only_command(&w).await;
        let busy = json!({ "path": "/cgi-bin/webhook/send", "code": -1 });
        w.stand.faults(json!({ "errcode": busy })).await;
        w.case("停水").await;
        w.run_due().await;
        w.stand.advance(3);
        w.run_due().await;
        assert_eq!(said(&w, "street-key").await.len(), 1);
        w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
        w.sql("UPDATE wechat_identity SET dead_at = 1").await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        w.case("停电").await;
        w.run_due().await;
        w.stand.advance(5);
        w.run_due().await;
        let second: Vec<Value> = w.stand.messages().await;
        let mine = second.iter().filter(|m| m["to"] == "robot:street-key").count();
        assert_eq!(mine, 2, "{second:?}");
    })
    .await;
}
