//! Who is told when nobody answers.

use std::time::Duration;

use entity::kinds::{EventType, NoticeState, Urgency};
use entity::staff;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use zhinan::app::case::reconcile::{self, snapshot_of};
use zhinan::domain::escalation::Who;
use zhinan::engine::sweep;

use super::kit::on_each;

#[tokio::test]
async fn a_case_nobody_acknowledges_goes_up_the_chain_and_never_falls_silent() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["primary", "cadre"]);
        assert_eq!(w.find(case).await.first_push_at, Some(w.s.clock.now()));
        for (seconds, next) in
            [(5, "backup"), (5, "cadre"), (5, "secretary"), (5, "command"), (600, "command")]
        {
            w.after(seconds - 1).await;
            assert!(w.told().await.is_empty(), "{next} is told too early");
            w.after(1).await;
            assert_eq!(w.told().await, [next]);
        }
        assert_eq!(w.find(case).await.version, 1, "steps and pushes refuse no worker's answer");
        assert!(w.find(case).await.next_check_at > Some(w.s.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn a_step_without_anybody_reachable_is_skipped_at_once_and_recorded() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.run_due().await;
        w.told().await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'backup'").await;
        w.after(5).await;
        assert_eq!(w.told().await, ["cadre"]);
        assert!(w.events(case).await.contains(&EventType::NoOneReachable));
    })
    .await;
}

#[tokio::test]
async fn for_who_is_away_by_now_stands_his_substitute_or_the_next_step_comes_at_once() {
    for (substitute, away, next) in [
        ("desk", "'backup'", "desk"),
        ("desk", "'backup', 'desk'", "cadre"),
        ("nobody", "'backup'", "cadre"),
    ] {
        on_each(async |w| {
            w.case("停水").await;
            w.run_due().await;
            w.told().await;
            w.leave(away, substitute).await;
            w.after(5).await;
            assert_eq!(w.told().await, [next], "{substitute} {away}");
        })
        .await;
    }
}

#[tokio::test]
async fn an_office_is_told_as_long_as_it_is_held_and_its_substitute_only_while_he_stands_in() {
    on_each(async |w| {
        w.leave("'command'", "secretary").await;
        w.sql("UPDATE leave SET to_at = from_at + 15000000").await;
        let case = w.case("停水").await;
        w.run_due().await;
        for _ in 0..3 {
            w.after(5).await;
        }
        assert_eq!(w.told().await, ["primary", "cadre", "backup", "cadre", "secretary"]);
        w.after(5).await;
        assert_eq!(w.told().await, ["command"], "he is back");
        let now = w.s.clock.now().0;
        w.sql(&format!("UPDATE staff_role SET valid_to = {now} WHERE role = 'command'")).await;
        w.after(600).await;
        assert!(w.told().await.is_empty(), "he has another desk, and nobody has his");
        let now = w.s.clock.now().0;
        w.sql(&format!(
            "INSERT INTO staff_role (staff_id, role, valid_from)
             SELECT id, 'command', {now} FROM staff WHERE staff_no = 'desk'"
        ))
        .await;
        w.after(600).await;
        assert_eq!(w.told().await, ["desk"], "the office has somebody again");
        let shown = snapshot_of(&w.find(case).await).unwrap();
        let of = |place: Who| shown.people.get(&place).map(Vec::len);
        assert_eq!((of(Who::Primary), of(Who::Command)), (Some(1), Some(1)));
        let desk = staff::Entity::find().filter(staff::Column::StaffNo.eq("desk"));
        let desk = desk.one(&w.s.db.read).await.unwrap().unwrap().id;
        assert_eq!(shown.office(desk), Some(Who::Command), "whoever looks sees who is told");
    })
    .await;
}

#[tokio::test]
async fn of_two_who_have_an_office_he_who_was_away_is_told_when_he_is_back() {
    on_each(async |w| {
        w.sql(
            "INSERT INTO staff_role (staff_id, role, valid_from)
             SELECT id, 'command', 0 FROM staff WHERE staff_no = 'secretary'",
        )
        .await;
        w.leave("'command'", "desk").await;
        w.sql("UPDATE leave SET to_at = from_at + 15000000").await;
        w.case("停水").await;
        for _ in 0..4 {
            w.run_due().await;
            w.told().await;
            w.stand.advance(5);
        }
        w.run_due().await;
        let mut told = w.told().await;
        told.sort();
        assert_eq!(told, ["command", "secretary"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_told_after_the_clock_was_put_back_belongs_to_the_chain() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.run_due().await;
        w.sql("UPDATE cases SET escalation_base = escalation_base + 3600000000").await;
        w.after(5).await;
        let base = w.find(case).await.escalation_base;
        let told = w.notices(case).await;
        assert!(told.iter().any(|one| one.step == 1 && one.created_at >= base), "{told:?}");
    })
    .await;
}

/// Its looks failed under a clock that ran ahead, and nothing was said of it since.
#[tokio::test]
async fn a_case_that_was_put_off_by_a_clock_that_ran_ahead_is_looked_at_when_that_is_put_back() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.run_due().await;
        w.told().await;
        let snapshot = w.find(case).await.snapshot;
        w.stand.advance(3_600);
        w.sql("UPDATE cases SET snapshot = '?', next_check_at = 1").await;
        w.run_due().await;
        w.sql(&format!("UPDATE cases SET snapshot = '{snapshot}'")).await;
        w.stand.put_back(3_600);
        sweep::bring_back(&w.s).await.unwrap();
        let (found, now) = (w.find(case).await, w.s.clock.now());
        assert_eq!((found.next_check_at, found.put_off_since), (Some(now), Some(now)));
        w.after(5).await;
        assert_eq!(w.told().await, ["backup"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_blocks_us_is_passed_over_in_the_same_second() {
    on_each(async |w| {
        w.stand.faults(json!({ "blocks": ["primary", "cadre"] })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["backup"], "the clock did not move");
        let first: Vec<_> = w.notices(case).await.into_iter().take(2).collect();
        assert!(first.iter().all(|n| n.state == NoticeState::Dead && n.errcode == Some(43004)));
        assert!(w.events(case).await.contains(&EventType::PushFailed));
        let found = w.find(case).await;
        assert_eq!(found.first_push_at, None, "the backup is not the responsible set's first push");
        w.after(5).await;
        assert_eq!(w.told().await, ["secretary"], "the blocked cadre is known to be unreachable");
    })
    .await;
}

#[tokio::test]
async fn a_case_that_cannot_be_reconciled_holds_up_no_other() {
    // Its people cannot be read, and its row: a newer program that was taken back knew the word.
    for spoilt in ["snapshot = '{'", "category = 'from_tomorrow'"] {
        on_each(async |w| {
            let broken = w.case("坏").await;
            w.stand.clock.advance(Duration::from_millis(1));
            let good = w.case("好").await;
            w.run_due().await;
            w.told().await;
            w.sql(&format!("UPDATE cases SET {spoilt} WHERE id = {broken}")).await;
            w.after(6).await;
            assert_eq!(w.told().await, ["backup"], "{spoilt}");
            w.sql(&format!("UPDATE cases SET category = 'other' WHERE id = {broken}")).await;
            let put_off = w.find(broken).await.next_check_at;
            assert_eq!(put_off, Some(w.s.clock.now() + Duration::from_mins(1)), "{spoilt}");
            assert_eq!(w.find(good).await.escalation_step, Some(1), "{spoilt}");
        })
        .await;
    }
}

#[tokio::test]
async fn an_urgent_step_comes_before_all_that_is_due_for_longer_and_only_looked_at() {
    on_each(async |w| {
        for urgency in [Urgency::Normal, Urgency::Urgent] {
            for _ in 0..10 {
                w.report("停水", urgency).await;
            }
        }
        w.sql("UPDATE cases SET state = 'in_progress', next_check_at = 1").await;
        w.report("停电", Urgency::Normal).await;
        w.sql("UPDATE cases SET next_check_at = 2 WHERE state = 'assigned'").await;
        let case = w.case("漏气").await;
        w.stand.advance(5);
        assert!(reconcile::run_one(&w.s, w.s.clock.now()).await.unwrap());
        assert_eq!(w.find(case).await.escalation_step, Some(1));
        let mut looks = 1;
        while reconcile::run_one(&w.s, w.s.clock.now()).await.unwrap() {
            looks += 1;
        }
        assert_eq!(looks, 22, "the others follow");
    })
    .await;
}
