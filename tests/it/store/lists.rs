//! Years of names, chains, console accounts, drills and leaves, and how the questions about them find
//! their rows.

use entity::kinds::{AliasState, GridId, StaffId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use zhinan::domain::roster::Span;
use zhinan::store::roster::LeavesOf;
use zhinan::store::{alias, console, drill, roster, version};

use super::crowd::Crowd;
use super::plans::{Planner, check};
use crate::kit::copies::up_to;

const MANY: i64 = 5_000;
const SOMEBODY: &str = "(SELECT MIN(id) FROM account)";

/// Fills the tables; nothing of it counts now.
pub async fn gather(conn: &DatabaseConnection, crowd: &Crowd) {
    let rows = [
        format!(
            "INSERT INTO address_correction (case_id, resident_id, text_sealed, grid_id, created_by,
                created_at)
             SELECT {}, {SOMEBODY}, '', {}, {SOMEBODY}, i FROM n",
            crowd.case, crowd.small
        ),
        format!(
            "INSERT INTO address_alias (word, target_kind, target, state, confirmations, uses, cases,
                created_at, decided_by, decided_at, valid_until)
             SELECT '词' || i, 'compound', 'C1', CASE i % 50 WHEN 0 THEN 'approved' ELSE 'rejected' END,
                2, 2, '[]', i, {SOMEBODY}, i, i FROM n"
        ),
        "INSERT INTO chain_version (version, source, body, valid_from, created_at, confirmed_at)
         SELECT 100 + i, 'command_line', '{}', i, i, i FROM n"
            .to_owned(),
        "INSERT INTO account (token_version, created_at) SELECT 1, -7 FROM n".to_owned(),
        "INSERT INTO console_account (account_id, staff_id, name, password_hash, created_at)
         SELECT id, NULL, 'z' || id, '', 1 FROM account WHERE created_at = -7"
            .to_owned(),
        "INSERT INTO console_failure (subject, at) SELECT 'name:z' || i, i FROM n".to_owned(),
        "INSERT INTO drill (slot, all_channels, started_at, ends_at) SELECT i, TRUE, i, i FROM n"
            .to_owned(),
    ];
    for text in rows {
        let text = format!("{} {text}", up_to(MANY));
        let done = conn.execute_unprepared(&text).await;
        assert!(done.is_ok(), "{text}: {:?}", done.err());
    }
}

/// Asks how each list finds its rows; returns what is wrong.
pub async fn plans(conn: &Planner<'_>, crowd: &Crowd) -> Vec<String> {
    let mut wrong = Vec::new();
    of_names(conn, &mut wrong).await;
    version::in_force::<entity::chain_version::Entity>(conn, Timestamp(MANY), 20).await.unwrap();
    check(&mut wrong, "chains in force", &conn.take(), &["chain_version_confirmed"]);
    let keys = ["chain_version_pkey", "INTEGER PRIMARY KEY", "sqlite_autoindex_chain_version_1"];
    version::find::<entity::chain_version::Entity>(conn, 107).await.unwrap();
    check(&mut wrong, "one version of the chains", &conn.take(), &keys);
    of_console(conn, &mut wrong).await;
    drill::find(conn, 7).await.unwrap();
    check(&mut wrong, "a drill", &conn.take(), &["drill_pkey", "INTEGER PRIMARY KEY"]);
    drill::probes(conn, 7).await.unwrap();
    check(&mut wrong, "the messages of a drill", &conn.take(), &["probe_drill"]);
    of_leaves(conn, crowd, &mut wrong).await;
    wrong
}

async fn of_names(conn: &Planner<'_>, wrong: &mut Vec<String>) {
    let keys = ["address_alias_pkey", "INTEGER PRIMARY KEY", "address_alias_state"];
    alias::list(conn, None, 4_000, 21).await.unwrap();
    check(wrong, "names, page by page", &conn.take(), &keys);
    alias::list(conn, Some(AliasState::Proposed), 0, 21).await.unwrap();
    check(wrong, "proposed names", &conn.take(), &["address_alias_state"]);
    alias::in_use(conn, Timestamp(1)).await.unwrap();
    check(wrong, "names in use", &conn.take(), &["address_alias_state"]);
    alias::corrections(conn, Timestamp(MANY - 10), 100).await.unwrap();
    let by_time = ["address_correction_by_time", "address_correction_pkey"];
    check(wrong, "the latest corrections", &conn.take(), &by_time);
}

async fn of_console(conn: &Planner<'_>, wrong: &mut Vec<String>) {
    console::find(conn, "z7").await.unwrap();
    let unique = ["console_account_name_key", "sqlite_autoindex_console_account"];
    check(wrong, "a console account by its name", &conn.take(), &unique);
    console::of_staff(conn, StaffId(7)).await.unwrap();
    check(wrong, "the console account of one", &conn.take(), &["console_account_staff"]);
    console::failures(conn, "name:z7", Timestamp(0), 1).await.unwrap();
    check(wrong, "failed sign-ins of one", &conn.take(), &["console_failure_subject"]);
}

async fn of_leaves(conn: &Planner<'_>, crowd: &Crowd, wrong: &mut Vec<String>) {
    let window = Span { from: Timestamp(crowd.now), to: Timestamp(crowd.now + 1_000) };
    roster::leaves(conn, window).await.unwrap();
    check(wrong, "who is away in a window", &conn.take(), &["leave_end"]);
    let (one, led) = (StaffId(crowd.resident), vec![GridId(crowd.large)]);
    let ends: &[&str] = &["leave_end", "leave_staff", "leave_pkey", "INTEGER PRIMARY KEY"];
    for (name, whose) in [
        ("everybody's leaves", LeavesOf::Everybody),
        ("one person's leaves", LeavesOf::Person(one)),
        ("a community's leaves", LeavesOf::Led(one, led)),
    ] {
        for before in [None, Some(20_000)] {
            let page = (21, Timestamp(crowd.now));
            roster::page_of_leaves(conn, (&whose, window), before, page).await.unwrap();
            check(wrong, &format!("{name}, before {before:?}"), &conn.take(), ends);
        }
    }
}
