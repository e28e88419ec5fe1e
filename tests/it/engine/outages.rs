//! While a carrier is away the chain of an urgent case is at its end within seconds; everybody it
//! passed over is told when the carrier is back.

use entity::kinds::{
    ActorRole, CaseId, EventType, JobKind, JobState, NoticeId, NoticeKind, NoticeState, Urgency,
};
use serde_json::json;
use zhinan::app::actor::Actor;
use zhinan::app::case::change::Change;
use zhinan::config::Config;
use zhinan::engine::sweep;
use zhinan::error::Error;
use zhinan::store::{self, owed};

use super::kit::{World, on_each_with};
use super::probes::id_of;

const SEND: &str = "/cgi-bin/message/template/send";
const QUOTA: &str = "/cgi-bin/openapi/quota/get";

/// Ten minutes until the last step repeats.
fn standard(config: &mut Config) {
    config.cases.chain = "standard".into();
}

/// Leaves two to tell: each costs three real seconds of tries.
async fn only_two(w: &World) {
    w.sql(
        "UPDATE wechat_identity SET dead_at = 1
         WHERE openid NOT IN ('primary', 'command', 'resident')",
    )
    .await;
}

/// An urgent case whose chain was used up while WeChat is away.
async fn used_up(w: &World) -> CaseId {
    only_two(w).await;
    w.stand.faults(json!({ "dead": true })).await;
    let case = w.case("停水").await;
    w.run_due().await;
    let notices = w.notices(case).await;
    assert!(notices.len() > 1, "{notices:?}");
    assert!(notices.iter().all(|one| one.state == NoticeState::Dead), "{notices:?}");
    case
}

/// Owes something and tells it; for who looks at the job alone.
pub async fn owe_and_tell(w: &World) {
    used_up(w).await;
    w.stand.faults(json!({ "reset": true })).await;
    w.after(5).await;
}

async fn told(w: &World) -> Vec<String> {
    let mut told = w.told().await;
    told.sort();
    told
}

#[tokio::test]
async fn whom_a_dead_wechat_could_not_tell_is_told_when_it_is_back() {
    on_each_with(standard, async |w| {
        let case = used_up(&w).await;
        let again = w.find(case).await.next_check_at.unwrap();
        assert!(again.since(w.s.clock.now()).as_secs() > 500, "the chain itself rests");
        let (events, sends) = (w.events(case).await, w.stand.calls(SEND).await);
        for _ in 0..20 {
            w.after(5).await;
        }
        assert_eq!(w.events(case).await, events, "an outage does not fill the record");
        assert_eq!(w.stand.calls(SEND).await, sends, "nothing is sent into it");
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
        let notices = w.notices(case).await;
        let fates: Vec<_> = notices.iter().map(|one| (one.step, one.state)).collect();
        let (told_now, spared) = (NoticeState::Accepted, NoticeState::Dead);
        assert_eq!(fates.len(), 3, "the same messages: {notices:?}");
        assert_eq!(fates[..2], [(0, told_now), (1, spared)], "one for each person");
        assert_eq!(fates[2].1, told_now);
        assert!(w.find(case).await.first_push_at.is_some());
        let pushed = w.events(case).await.into_iter().filter(|one| *one == EventType::Pushed);
        assert_eq!(pushed.count(), 2);
        let asked = w.stand.calls(QUOTA).await;
        for _ in 0..5 {
            w.after(5).await;
        }
        assert!(told(&w).await.is_empty(), "once");
        assert_eq!(w.stand.calls(QUOTA).await, asked, "nothing is owed any more");
        let jobs = w.jobs().await;
        let mine: Vec<_> = jobs.iter().filter(|job| job.kind == JobKind::Retell).collect();
        assert!(mine.iter().all(|job| job.state == JobState::Done), "{mine:?}");
    })
    .await;
}

/// A carrier that takes no token takes no message either, though it answers.
#[tokio::test]
async fn who_is_given_no_token_asks_on_and_sends_nothing() {
    on_each_with(standard, async |w| {
        used_up(&w).await;
        let sends = w.stand.calls(SEND).await;
        w.stand.faults(json!({ "reset": true })).await;
        let refused = json!({ "path": QUOTA, "code": 40001, "times": 1_000 });
        w.stand.faults(json!({ "errcode": refused })).await;
        for _ in 0..3 {
            w.after(5).await;
        }
        assert!(told(&w).await.is_empty());
        assert_eq!(w.stand.calls(SEND).await, sends, "nothing is sent into it");
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

/// A proxy that lets messages through and no question of a quota is no reason to keep silent.
#[tokio::test]
async fn who_may_not_ask_for_the_quota_tells_what_is_owed_all_the_same() {
    on_each_with(standard, async |w| {
        used_up(&w).await;
        w.stand.faults(json!({ "dead": false, "in_between": { QUOTA: 404 } })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

/// WeChat refuses in words; a bare status is somebody's in between, and passes.
#[tokio::test]
async fn whom_a_proxy_kept_from_hearing_is_told_when_it_lets_through() {
    on_each_with(standard, async |w| {
        only_two(&w).await;
        w.stand.faults(json!({ "in_between": { SEND: 403, QUOTA: 403 } })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|one| one.state == NoticeState::Dead), "{notices:?}");
        w.stand.faults(json!({ "in_between": {} })).await;
        for _ in 0..5 {
            w.after(5).await;
        }
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_put_off_by_a_clock_that_ran_ahead_waits_for_no_hour_that_never_was() {
    on_each_with(standard, async |w| {
        used_up(&w).await;
        w.after(3_600).await;
        w.stand.put_back(3_600);
        sweep::bring_back(&w.s).await.unwrap();
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

/// What a case itself waits for was made up by that clock as well, and whoever looks at it now puts its
/// message off until then again.
#[tokio::test]
async fn what_was_made_by_a_clock_that_ran_ahead_is_brought_back_as_often_as_it_is_put_off() {
    on_each_with(standard, async |w| {
        w.stand.advance(3_600);
        let case = w.report("路灯坏了", Urgency::Normal).await;
        w.stand.put_back(3_600);
        w.stand.faults(json!({ "dead": true })).await;
        sweep::bring_back(&w.s).await.unwrap();
        w.run_due().await;
        assert!(told(&w).await.is_empty(), "its words wait to be looked at");
        w.stand.faults(json!({ "reset": true })).await;
        w.sql(&format!(
            "UPDATE cases SET content_until = NULL, content_check = 'passed' WHERE id = {case}"
        ))
        .await;
        sweep::bring_back(&w.s).await.unwrap();
        w.run_due().await;
        assert!(!told(&w).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn after_an_outage_of_rounds_those_of_the_first_step_are_told_too() {
    on_each_with(standard, async |w| {
        let case = used_up(&w).await;
        w.after(601).await;
        assert!(w.find(case).await.escalation_round > 0, "the last step repeated");
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

#[tokio::test]
async fn who_is_away_by_the_end_of_an_outage_is_not_told_but_his_substitute() {
    on_each_with(standard, async |w| {
        let case = used_up(&w).await;
        w.sql("UPDATE wechat_identity SET dead_at = NULL WHERE openid = 'desk'").await;
        w.leave("'primary'", "desk").await;
        w.stand.advance(60);
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        w.after(1).await;
        assert_eq!(told(&w).await, ["command", "desk"]);
        let notices = w.notices(case).await;
        let fate = (notices[0].state, notices[0].reason.as_deref());
        assert_eq!(fate, (NoticeState::Dead, Some("away")), "{notices:?}");
        assert_eq!((notices[0].round, notices[0].step), {
            let instead = notices.last().unwrap();
            (instead.round, instead.step)
        });
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_late_of_a_case_that_somebody_took_or_that_he_heard_of() {
    on_each_with(standard, async |w| {
        let case = used_up(&w).await;
        let taken = format!("UPDATE cases SET state = 'acknowledged' WHERE id = {case}");
        w.sql(&taken).await;
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert!(told(&w).await.is_empty());
        // The primary worker allows one through the mini-program, which is not broken.
        w.give_mini("primary", 1).await;
        let busy = json!({ "path": SEND, "code": -1, "times": 1_000 });
        w.stand.faults(json!({ "errcode": busy })).await;
        w.case("停电").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["mini-primary"]);
        w.stand.faults(json!({ "reset": true })).await;
        w.after(30).await;
        assert!(told(&w).await.is_empty(), "he heard of it, and the chain waits for him");
    })
    .await;
}

/// The carrier is asked between the list and the plan; meanwhile the case may go to other people.
#[tokio::test]
async fn what_was_owed_about_a_case_that_went_elsewhere_meanwhile_is_not_planned() {
    for change in [
        "escalation_base = escalation_base + 3600000000",
        "state = 'acknowledged'",
        "version = version",
    ] {
        on_each_with(standard, async |w| {
            let case = used_up(&w).await;
            let owed = owed::list(&w.s.db.read, NoticeId(0)).await.unwrap();
            let ids: Vec<NoticeId> = owed.iter().map(|one| one.id).collect();
            assert!(!ids.is_empty());
            w.sql(&format!("UPDATE cases SET {change} WHERE id = {case}")).await;
            let planned = w.s.writer.commit(move |tx| {
                Box::pin(async move { Ok::<_, Error>(owed::revive(tx, &ids).await?) })
            });
            let planned = planned.await.unwrap();
            let want = if change.starts_with("version") { owed.len() } else { 0 };
            assert_eq!(planned.len(), want, "{change}");
            w.stand.faults(json!({ "reset": true })).await;
        })
        .await;
    }
}

#[tokio::test]
async fn the_sweep_remembers_what_is_owed_when_its_job_was_lost() {
    on_each_with(standard, async |w| {
        used_up(&w).await;
        w.sql("DELETE FROM job WHERE kind = 'retell'").await;
        w.stand.faults(json!({ "reset": true })).await;
        w.after(30).await;
        assert!(told(&w).await.is_empty());
        sweep::run(&w.s).await.unwrap();
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

#[tokio::test]
async fn whom_a_used_up_quota_kept_from_hearing_is_told_when_it_opens() {
    on_each_with(standard, async |w| {
        only_two(&w).await;
        w.stand.faults(json!({ "quota_used": true })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|one| one.reason.as_deref() == Some("rate_limited")));
        let (events, sends) = (w.events(case).await.len(), w.stand.calls(SEND).await);
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        for _ in 0..40 {
            w.after(20 * 60).await;
        }
        assert_eq!(w.events(case).await.len(), events, "it is not tried before");
        assert_eq!(w.stand.calls(SEND).await, sends);
        w.stand.faults(json!({ "reset": true })).await;
        // Midnight in China is 64,000 seconds after the kit's clock.
        for _ in 0..15 {
            w.after(20 * 60).await;
        }
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

#[tokio::test]
async fn a_quota_that_was_used_up_a_day_ahead_of_the_clock_keeps_nobody_waiting() {
    on_each_with(standard, async |w| {
        only_two(&w).await;
        w.stand.advance(24 * 3_600);
        w.stand.faults(json!({ "quota_used": true })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|one| one.reason.as_deref() == Some("rate_limited")));
        w.stand.put_back(24 * 3_600);
        sweep::bring_back(&w.s).await.unwrap();
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_was_to_hear_of_an_ordinary_case_is_told_after_a_long_outage_too() {
    for (urgency, fault) in [
        (Urgency::Fast, json!({ "path": SEND, "code": -1, "times": 100_000 })),
        (Urgency::Normal, json!({ "path": SEND, "code": 42001, "times": 100_000 })),
    ] {
        on_each_with(standard, async |w| {
            only_two(&w).await;
            let case = w.report("停水", urgency).await;
            w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
            w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
            w.sql("UPDATE job SET run_at = 0, attempt = 11 WHERE kind = 'send_notice'").await;
            w.stand.faults(json!({ "errcode": fault })).await;
            w.run_due().await;
            w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
            let first = w.notices(case).await[0].clone();
            assert_eq!(first.state, NoticeState::Dead, "{urgency:?}: {first:?}");
            w.stand.faults(json!({ "reset": true })).await;
            w.after(5).await;
            w.after(5).await;
            assert!(told(&w).await.contains(&"primary".to_owned()), "{urgency:?}");
        })
        .await;
    }
}

/// Nobody tells us that an operator put it right: the message itself asks, ever more rarely.
#[tokio::test]
async fn whom_a_wrong_configuration_kept_from_hearing_is_told_when_it_is_put_right() {
    on_each_with(standard, async |w| {
        only_two(&w).await;
        w.stand
            .faults(json!({ "errcode": { "path": SEND, "code": 40166, "times": 100_000 } }))
            .await;
        let case = w.case("停水").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|one| one.reason.as_deref() == Some("config_error")));
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        let before = w.events(case).await.len();
        for _ in 0..60 {
            w.after(60).await;
        }
        let events = w.events(case).await.split_off(before);
        let tries = events.iter().filter(|one| **one == EventType::PushFailed).count();
        assert!((10..100).contains(&tries), "two people within an hour: {tries}");
        w.stand.faults(json!({ "reset": true })).await;
        w.after(300).await;
        let mut told = told(&w).await;
        told.dedup();
        assert_eq!(told, ["command", "primary"]);
    })
    .await;
}

/// Somebody does something about a case, or the engine does.
async fn change(w: &World, case: CaseId, act: impl FnOnce(&mut Change) + Send + 'static) {
    let (s, now) = (w.s.clone(), w.s.clock.now());
    let unit = w.s.writer.commit(move |tx| {
        Box::pin(async move {
            let case = store::case::find_locked(tx, case).await?.unwrap();
            let mut change = Change::new(&s, case, now);
            act(&mut change);
            change.store(tx).await?;
            Ok::<_, Error>(())
        })
    });
    unit.await.unwrap();
}

/// Nobody knows how long ago a message was planned that was planned later than now.
#[tokio::test]
async fn who_went_away_before_the_clock_was_put_back_is_not_told_but_his_substitute() {
    on_each_with(standard, async |w| {
        w.stand.advance(3_600);
        w.case("停水").await;
        w.stand.put_back(3_600);
        w.leave("'primary'", "desk").await;
        w.sql("UPDATE job SET run_at = 0 WHERE kind = 'send_notice'").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "desk"]);
    })
    .await;
}

/// The old chain told him later than the new one began; whom that one could not tell is owed it.
#[tokio::test]
async fn whoever_a_case_went_away_from_is_not_told_late_though_the_clock_was_put_back_before() {
    on_each_with(standard, async |w| {
        w.stand.advance(3_600);
        let case = used_up(&w).await;
        w.stand.put_back(3_500);
        sweep::bring_back(&w.s).await.unwrap();
        w.sql("UPDATE responsibility SET valid_to = valid_from WHERE role = 'grid_worker_primary'")
            .await;
        change(&w, case, |one| {
            let snapshot = one.snapshot().unwrap();
            one.start_chain(&snapshot).unwrap();
        })
        .await;
        w.run_due().await;
        let last = w.notices(case).await.pop().unwrap();
        assert_eq!((last.round, last.state), (1, NoticeState::Dead), "the command was to be told");
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command"]);
    })
    .await;
}

/// The primary worker works on a case, which the resident reopens while WeChat is away.
async fn reopened(w: &World) -> (CaseId, Actor) {
    only_two(w).await;
    let case = w.case("停水").await;
    w.run_due().await;
    w.told().await;
    let primary = id_of(w, "primary").await;
    w.sql(&format!(
        "UPDATE cases SET state = 'in_progress', acknowledged_at = 1, acknowledged_by = {primary}"
    ))
    .await;
    let accounts = store::people::staff(&w.s.db.read, &[primary]).await.unwrap();
    let account = accounts[0].account_id.unwrap();
    let actor = Actor::load(&w.s.db, account, false, w.s.clock.now()).await.unwrap();
    w.stand.advance(60);
    let busy = json!({ "path": SEND, "code": -1, "times": 99 });
    w.stand.faults(json!({ "errcode": busy })).await;
    change(w, case, move |one| one.tell_staff(&[primary], NoticeKind::Reopened, "未解决")).await;
    // It is tried for minutes, in which a card would come: this was the last try but one.
    w.sql(
        "UPDATE job SET attempt = max_attempt - 1 WHERE kind = 'send_notice' AND state = 'ready'",
    )
    .await;
    w.after(4).await;
    let last = w.notices(case).await.pop().unwrap();
    assert_eq!((last.kind, last.state), (NoticeKind::Reopened, NoticeState::Dead));
    // What happens within a second may be what caused it.
    w.stand.advance(2);
    (case, actor)
}

/// What happens before the carrier is back, and whether he is told all the same.
#[tokio::test]
async fn who_is_asked_to_act_outside_the_chain_is_told_when_the_carrier_is_back() {
    let told_then = |what: EventType, by_himself: bool| match (what, by_himself) {
        (EventType::Held | EventType::Resolved | EventType::Acknowledged, _) | (_, true) => 0,
        (_, false) => 1,
    };
    for (what, by_himself) in [
        (EventType::Added, false),
        (EventType::Updated, true),
        (EventType::Held, false),
        (EventType::Resolved, false),
        (EventType::Acknowledged, false),
    ] {
        on_each_with(standard, async |w| {
            let (case, actor) = reopened(&w).await;
            change(&w, case, move |one| {
                let done = if by_himself {
                    one.happened(&actor, ActorRole::Primary, what, json!({}))
                } else {
                    one.observed(what, json!({}))
                };
                done.unwrap();
            })
            .await;
            w.stand.faults(json!({ "reset": true })).await;
            for _ in 0..5 {
                w.after(5).await;
            }
            let times = told_then(what, by_himself);
            assert_eq!(told(&w).await, vec!["primary"; times], "{what:?} {by_himself}");
        })
        .await;
    }
}

#[tokio::test]
async fn who_was_asked_twice_in_an_outage_is_told_the_last_words_and_who_heard_since_none() {
    for heard in [false, true] {
        on_each_with(standard, async |w| {
            let (case, _actor) = reopened(&w).await;
            let primary = id_of(&w, "primary").await;
            let remind = move |one: &mut Change| {
                one.observed(EventType::YellowCard, json!({})).unwrap();
                one.tell_staff(&[primary], NoticeKind::Reminder, "办结时限已过半");
            };
            if heard {
                w.stand.faults(json!({ "reset": true })).await;
            }
            change(&w, case, remind).await;
            w.run_due().await;
            w.stand.faults(json!({ "reset": true })).await;
            for _ in 0..5 {
                w.after(5).await;
            }
            assert_eq!(told(&w).await, ["primary"], "once");
            let notices = w.notices(case).await;
            let sent: Vec<_> = notices.iter().rev().take(2).map(|one| one.state).collect();
            assert_eq!(sent, [NoticeState::Accepted, NoticeState::Dead], "{notices:?}");
            // Nor of what a new chain makes nobody's.
            change(&w, case, remind).await;
            w.sql("UPDATE notice SET state = 'dead', reason = 'unavailable', finished_at = 1")
                .await;
            assert_eq!(owed::list(&w.s.db.read, NoticeId(0)).await.unwrap().len(), 1);
            w.sql("UPDATE cases SET escalation_base = escalation_base + 3600000000").await;
            assert!(owed::list(&w.s.db.read, NoticeId(0)).await.unwrap().is_empty());
        })
        .await;
    }
}

/// Hundreds that are not to be tried yet stand before those whose carrier answers.
#[tokio::test]
async fn whoever_is_owed_behind_many_that_must_rest_is_told_all_the_same() {
    on_each_with(standard, async |w| {
        let resting = used_up(&w).await;
        let columns = "case_id, kind, round, step, staff_id, account_id, channel, state, urgent,
            first_push, fields_sealed, page, reason, sending_at, finished_at";
        w.sql(&format!("UPDATE cases SET escalation_base = 0 WHERE id = {resting}")).await;
        w.sql(&format!(
            "INSERT INTO notice ({columns}, dedup_key, created_at)
             WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 600)
             SELECT {columns}, dedup_key || '/' || n, 1 FROM notice CROSS JOIN k
              WHERE case_id = {resting} AND step = 0"
        ))
        .await;
        w.sql(&format!("UPDATE notice SET created_at = 1 WHERE case_id = {resting}")).await;
        let waiting = w.case("停电").await;
        w.run_due().await;
        w.stand.faults(json!({ "reset": true })).await;
        w.after(5).await;
        assert_eq!(told(&w).await, ["command", "primary"]);
        let notices = w.notices(waiting).await;
        assert!(notices.iter().any(|one| one.state == NoticeState::Accepted), "{notices:?}");
        let rested = w.notices(resting).await;
        assert!(rested.len() > 600 && rested.iter().all(|one| one.state == NoticeState::Dead));
    })
    .await;
}
