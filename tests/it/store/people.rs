//! Years of duties, leaves, phones and messages to people, and how the questions about them find
//! their rows.

use std::collections::BTreeSet;

use entity::kinds::{AccountId, CaseId, Channel, GridId, NoticeId, StaffId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use zhinan::domain::calendar::Calendar;
use zhinan::store::reach::Carriers;
use zhinan::store::{duty, notice, owed, people, probe, robot, wechat_event, wecom};

use super::crowd::Crowd;
use super::plans::{Planner, check};
use crate::kit::copies::up_to;

const STAFF: i64 = 5_000;
const EACH: i64 = 6;
const LINES: i64 = 20_000;
/// The first of them.
const WHOM: &str = "(SELECT MIN(id) FROM staff WHERE staff_no LIKE 'Z%')";

/// Fills the tables of people; nobody of the past holds any duty now.
pub async fn gather(conn: &DatabaseConnection, crowd: &Crowd) {
    for (count, text) in duties(crowd).into_iter().chain(messages(crowd)) {
        let text = format!("{} {text}", up_to(count));
        let done = conn.execute_unprepared(&text).await;
        assert!(done.is_ok(), "{text}: {:?}", done.err());
    }
}

fn duties(crowd: &Crowd) -> Vec<(i64, String)> {
    let (grid, now, resident) = (crowd.small - 7, crowd.now, crowd.resident - 7);
    let staff = "INSERT INTO staff (staff_no, name_sealed, office_phone, created_at)
        SELECT 'Z' || i, '', '', 1 FROM n";
    let responsibility = format!(
        "INSERT INTO responsibility (grid_id, role, staff_id, shift, valid_from, valid_to)
         SELECT {grid} + i % 40, 'grid_worker_backup', {WHOM} + i % {STAFF}, 'all', i, i + 1 FROM n"
    );
    let leave = format!(
        "INSERT INTO leave (staff_id, from_at, to_at, substitute_id, created_at)
         SELECT {WHOM} + i % {STAFF}, {now} - 2 - i, {now} - 1 - i, {WHOM} + (i + 1) % {STAFF}, 1
         FROM n"
    );
    let identity = format!(
        "INSERT INTO wechat_identity (account_id, app, openid, created_at)
         SELECT {resident} + i % 4000, 'mini', 'z' || i, 1 FROM n"
    );
    vec![
        (STAFF, staff.to_owned()),
        (STAFF * EACH, responsibility),
        (STAFF * EACH, leave),
        (4_000, identity),
    ]
}

fn messages(crowd: &Crowd) -> Vec<(i64, String)> {
    let line = format!(
        "INSERT INTO robot_line (robot, case_id, dedup_key, planned_at, message, taken_at, done_at)
         SELECT 'r' || (i % 9), {}, 'z' || i, i, 1, i, i FROM n",
        crowd.case
    );
    let probe = format!(
        "INSERT INTO probe (kind, staff_id, channel, dedup_key, state, msgid, created_at,
            expires_at, finished_at)
         SELECT 'test', {WHOM} + i % {STAFF}, 'oa_template', 'z' || i, 'accepted', i, 1, 2, i FROM n"
    );
    let push = "INSERT INTO wechat_event (app, body_hash, body_sealed, received_at, handled_at)
        SELECT 'oa', 'z' || i, '', i, i FROM n";
    let card = format!(
        "INSERT INTO wecom_card (notice_id, case_id, userid, response_code, created_at)
         SELECT id, case_id, 'u', 'c', id FROM notice LIMIT {LINES}"
    );
    let failure = "INSERT INTO console_failure (subject, at) SELECT 'name:z' || i, i FROM n";
    vec![
        (9, "INSERT INTO robot (name, turn) SELECT 'r' || (i - 1), 0 FROM n".to_owned()),
        (LINES, line),
        (LINES, probe),
        (LINES, push.to_owned()),
        (LINES, card),
        (LINES, failure.to_owned()),
    ]
}

/// Asks how each question about people finds its rows; returns what is wrong.
pub async fn plans(conn: &Planner<'_>, crowd: &Crowd) -> Vec<String> {
    let mut wrong = Vec::new();
    let (now, calendar) = (Timestamp(crowd.now), Calendar::builtin());
    let grids = BTreeSet::from([GridId(crowd.small), GridId(crowd.large)]);
    let carriers = Carriers {
        sms: true,
        wecom: true,
        oa: true,
        mini: Some("template".to_owned()),
        employee: Some(now),
    };
    duty::at_all(conn, &grids, carriers, (now, &calendar)).await.unwrap();
    let plan = conn.take();
    for index in ["responsibility_grid", "leave_staff", "wechat_identity_account"] {
        check(&mut wrong, "who is on duty", &plan, &[index]);
    }
    let staff = StaffId(STAFF / 2);
    duty::of_staff(conn, staff, now).await.unwrap();
    let plan = conn.take();
    for index in ["responsibility_staff", "leave_substitute"] {
        check(&mut wrong, "the duties of one", &plan, &[index]);
    }
    people::identities(conn, &[AccountId(crowd.resident)]).await.unwrap();
    check(&mut wrong, "somebody's phones", &conn.take(), &["wechat_identity_account"]);
    of_messages(conn, crowd, &mut wrong).await;
    let soon = Timestamp(crowd.now);
    robot::spoken(conn, "r1", soon).await.unwrap();
    check(&mut wrong, "when a robot spoke", &conn.take(), &["robot_line_taken"]);
    probe::find_msgid(conn, (Channel::OaTemplate, 7)).await.unwrap();
    check(&mut wrong, "a test by its number", &conn.take(), &["probe_msgid"]);
    probe::awaits_text_report(conn, soon).await.unwrap();
    check(&mut wrong, "whether a test awaits a report", &conn.take(), &["probe_unreported"]);
    let keys = ["wechat_event_pkey", "INTEGER PRIMARY KEY"];
    wechat_event::find(conn, 7).await.unwrap();
    check(&mut wrong, "one push", &conn.take(), &keys);
    wecom::open_cards(conn, CaseId(crowd.case)).await.unwrap();
    assert!(!conn.take().is_empty(), "few cards are open");
    wrong
}

async fn of_messages(conn: &Planner<'_>, crowd: &Crowd, wrong: &mut Vec<String>) {
    let whom = (Some(StaffId(STAFF / 2)), None);
    let resident = (None, Some(AccountId(crowd.resident)));
    notice::of_account(conn, AccountId(crowd.resident), 21).await.unwrap();
    check(wrong, "an account's notices", &conn.take(), &["notice_account"]);
    notice::sent_since(conn, &[whom], Timestamp(crowd.now)).await.unwrap();
    check(wrong, "what a worker was sent", &conn.take(), &["notice_sent"]);
    notice::sent_since(conn, &[whom, resident], Timestamp(crowd.now)).await.unwrap();
    check(wrong, "what several were sent", &conn.take(), &["notice_sent", "notice_account"]);
    notice::bundled(conn, NoticeId(7)).await.unwrap();
    check(wrong, "what a bundle carries", &conn.take(), &["notice_bundled"]);
    notice::awaits_text_report(conn, Timestamp(crowd.now)).await.unwrap();
    check(wrong, "whether a report is awaited", &conn.take(), &["notice_unreported"]);
    owed::list(conn, entity::kinds::NoticeId(0)).await.unwrap();
    check(wrong, "what is owed", &conn.take(), &["notice_owed"]);
    let mine = notice::of_case(conn.conn, CaseId(crowd.case)).await.unwrap();
    notice::held_beside(conn, mine.first().unwrap()).await.unwrap();
    check(wrong, "what else is held for somebody", &conn.take(), &["notice_held"]);
}
