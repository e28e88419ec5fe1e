//! How long rows are kept that nobody needs any more: to the hour, and no shorter.

use std::time::Duration;

use entity::{idempotency, inbox, job, probe, robot_line, seen_code, wechat_event, wecom_card};
use sea_orm::{EntityTrait, PaginatorTrait};
use zhinan::engine::sweep;

use super::kit::{World, on_each};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

async fn kept(w: &World) -> [u64; 4] {
    let read = &w.s.db.read;
    [
        job::Entity::find().count(read).await.unwrap(),
        seen_code::Entity::find().count(read).await.unwrap(),
        idempotency::Entity::find().count(read).await.unwrap(),
        inbox::Entity::find().count(read).await.unwrap(),
    ]
}

#[tokio::test]
async fn what_is_over_is_kept_as_long_as_it_may_be_asked_for_and_then_removed() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.run_due().await;
        w.told().await;
        w.sql("DELETE FROM job").await;
        w.sql("DELETE FROM inbox").await;
        let now = w.s.clock.now().0;
        for (n, side) in [(1, -1), (2, 1)] {
            let at = |kept: i64| now - kept + side * MINUTE;
            for state in ["done", "dead"] {
                w.sql(&format!(
                    "INSERT INTO job (kind, dedup_key, payload, state, priority, run_at, attempt,
                        max_attempt, lost, fence, created_at, finished_at)
                     VALUES ('send_notice', '{state}-{n}', '{{}}', '{state}', 1, 0, 1, 1, 0, 0, 0, {})",
                    at(7 * DAY)
                ))
                .await;
            }
            w.sql(&format!("INSERT INTO seen_code VALUES ('code-{n}', {})", at(10 * MINUTE))).await;
            w.sql(&format!(
                "INSERT INTO idempotency (account_id, \"key\", fingerprint, status, reply_sealed,
                    created_at) SELECT MIN(id), 'key-{n}', '', 201, '', {} FROM account",
                at(DAY)
            ))
            .await;
            w.sql(&format!(
                "INSERT INTO inbox (recipient, dedup_key, case_id, kind, urgent, words_sealed,
                    created_at) VALUES ('s1', 'in-{n}', {case}, 'new_case', TRUE, '', {})",
                at(180 * DAY)
            ))
            .await;
        }
        assert_eq!(kept(&w).await, [4, 2, 2, 2]);
        sweep::run(&w.s).await.unwrap();
        assert_eq!(kept(&w).await, [2, 1, 1, 1], "one of each is over");
        w.s.clock.advance(Duration::from_mins(2));
        sweep::run(&w.s).await.unwrap();
        assert_eq!(kept(&w).await, [0; 4]);
    })
    .await;
}

/// Rows that are over, as SQL of an id and an instant; `case` and `staff` are somebody's.
fn rows(case: impl std::fmt::Display, n: i64, at: [i64; 4]) -> Vec<String> {
    let staff = "(SELECT MIN(id) FROM staff)";
    let [probe, line, push, card] = at;
    let test = |key: &str, drill: &str| {
        format!(
            "INSERT INTO probe (kind, staff_id, channel, dedup_key, state, created_at, expires_at,
                finished_at, drill_id)
             VALUES ('test', {staff}, 'sms', '{key}-{n}', 'accepted', 1, 2, {probe}, {drill})"
        )
    };
    vec![
        test("probe", "NULL"),
        test("drill", "(SELECT MAX(id) FROM drill)"),
        format!(
            "INSERT INTO robot_line (robot, case_id, dedup_key, planned_at, done_at)
             VALUES ('parrot', {case}, 'line-{n}', 1, {line})"
        ),
        format!(
            "INSERT INTO wechat_event (app, body_hash, body_sealed, received_at, handled_at)
             VALUES ('oa', 'push-{n}', '', 1, {push})"
        ),
        format!(
            "INSERT INTO wecom_card (notice_id, case_id, userid, response_code, created_at)
             SELECT MIN(id) + {n}, {case}, 'u', 'c', {card} FROM notice"
        ),
    ]
}

async fn over(w: &World) -> [u64; 4] {
    let read = &w.s.db.read;
    [
        probe::Entity::find().count(read).await.unwrap(),
        robot_line::Entity::find().count(read).await.unwrap(),
        wechat_event::Entity::find().count(read).await.unwrap(),
        wecom_card::Entity::find().count(read).await.unwrap(),
    ]
}

#[tokio::test]
async fn what_is_no_record_is_kept_for_the_configured_days_and_what_is_not_over_stays() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.run_due().await;
        w.told().await;
        for table in ["job", "wecom_card", "probe", "robot_line", "wechat_event"] {
            w.sql(&format!("DELETE FROM {table}")).await;
        }
        w.sql("INSERT INTO robot (name, turn) VALUES ('parrot', 0)").await;
        w.sql("INSERT INTO drill (slot, all_channels, started_at, ends_at) VALUES (1, TRUE, 1, 2)")
            .await;
        let kept = w.s.settings.retention;
        let now = w.s.clock.now();
        let days = [kept.probes, kept.lines, kept.pushes, kept.cards];
        for (n, side) in [(0, -1), (1, 1)] {
            let at = days.map(|kept| (now - kept).0 + side * MINUTE);
            for row in rows(case, n, at) {
                w.sql(&row).await;
            }
        }
        // Neither sent nor said nor handled: it waits, however old it is.
        for waits in [
            "INSERT INTO probe (kind, staff_id, channel, dedup_key, state, created_at, expires_at)
             SELECT 'test', MIN(id), 'sms', 'waits', 'planned', 1, 2 FROM staff"
                .to_owned(),
            format!(
                "INSERT INTO robot_line (robot, case_id, dedup_key, planned_at)
                 VALUES ('parrot', {case}, 'waits', 1)"
            ),
            "INSERT INTO wechat_event (app, body_hash, body_sealed, received_at)
             VALUES ('oa', 'waits', '', 1)"
                .to_owned(),
        ] {
            w.sql(&waits).await;
        }
        assert_eq!(over(&w).await, [5, 3, 3, 2]);
        sweep::run(&w.s).await.unwrap();
        assert_eq!(over(&w).await, [4, 2, 2, 1], "one of each is over; a drill is a record");
        w.s.clock.advance(Duration::from_mins(2));
        sweep::run(&w.s).await.unwrap();
        assert_eq!(over(&w).await, [3, 1, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn more_than_a_batch_goes_in_one_sweep() {
    on_each(async |w| {
        let text = crate::kit::copies::up_to(2_500);
        w.sql(&format!(
            "{text} INSERT INTO wechat_event (app, body_hash, body_sealed, received_at, handled_at)
             SELECT 'oa', 'z' || i, '', 1, 1 FROM n"
        ))
        .await;
        sweep::run(&w.s).await.unwrap();
        assert_eq!(over(&w).await[2], 0);
    })
    .await;
}
