//! Calendars and targets as versions that two people make, and what becomes of promises meanwhile.

use std::time::Duration;

use entity::kinds::{CaseState, ChainSource, Urgency};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zhinan::app::calendar::import;
use zhinan::app::target::add;
use zhinan::domain::calendar::{local_minute, parse_rfc3339};
use zhinan::domain::case::targets::Targets;

use super::cases::effects::{act, entry};
use super::cases::views::report;
use super::clocks::{go_to, resolve_by};
use super::reach::sql;
use crate::kit::App;
use crate::kit::builders::{ADDRESS, case_in, find, notice_of_2026};

const CALENDAR: &str = "/api/v1/calendar";
const TARGETS: &str = "/api/v1/targets";

/// A notice for 2027 as it could be.
fn notice() -> String {
    let days = |month: u8, days: std::ops::RangeInclusive<u8>, word: &'static str| {
        days.map(move |day| format!("2027,2027-{month:02}-{day:02},{word},元旦\n"))
    };
    let heading = ["table,date,day,festival\n".to_owned()];
    let spring = days(1, 1..=3, "rest").chain(days(2, 5..=12, "rest"));
    let spring = spring.chain(days(2, 14..=14, "work")).chain(days(2, 20..=20, "work"));
    let may = days(4, 5..=5, "rest").chain(days(5, 1..=5, "rest")).chain(days(5, 8..=8, "work"));
    let autumn = days(6, 9..=9, "rest").chain(days(9, 15..=15, "rest"));
    let autumn = autumn.chain(days(9, 26..=26, "work")).chain(days(10, 1..=7, "rest"));
    let last = days(10, 9..=9, "work");
    heading.into_iter().chain(spring).chain(may).chain(autumn).chain(last).collect()
}

fn confirmation(of: &str, version: i64) -> String {
    format!("{of}/{version}/confirmation")
}

fn local(value: &Value) -> String {
    local_minute(parse_rfc3339(value.as_str().unwrap()).unwrap())
}

fn case() -> Value {
    json!({ "text": "家里没水了", "address": ADDRESS, "category": "utilities" })
}

#[tokio::test]
async fn a_promise_beyond_the_last_notice_is_provisional_until_two_people_brought_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    go_to(&app, "2026-12-28 10:00");
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    let resident = app.as_person("resident-1").await;
    let made = report(&resident, case()).await;
    assert_eq!(made["promised"]["provisional"], true, "{made}");
    assert_eq!(local(&made["promised"]["resolve_by"]), "2027-01-04 17:30", "by weekdays alone");
    let zh = made["promised"]["resolve_zh"].as_str().unwrap();
    assert!(zh.contains("2027年放假安排尚未公布"), "{zh}");

    let (status, imported) = maker.post(CALENDAR, json!({ "table": notice() })).await;
    assert_eq!((status, &imported["version"]), (201, &json!(1)), "{imported}");
    let counts = (&imported["years"][0]["rests"], &imported["years"][0]["make_up_days"]);
    assert_eq!(counts, (&json!(26), &json!(5)), "for whoever confirms it");
    let (_, shown) = maker.get(CALENDAR).await;
    assert_eq!((&shown["version"], shown["years"].as_array().map(Vec::len)), (&json!(0), Some(4)));
    let yes = confirmation(CALENDAR, 1);
    let (status, refused) = maker.post(&yes, json!({})).await;
    assert_eq!((status, refused["code"].as_str()), (422, Some("rule_refused")), "{refused}");
    let (status, confirmed) = second.post(&yes, json!({})).await;
    assert_eq!((status, &confirmed["confirmed_by"]), (200, &json!("security-admin")));
    assert_eq!(second.post(&yes, json!({})).await.0, 409);
    assert_eq!(second.post(&confirmation(CALENDAR, 7), json!({})).await.0, 404);

    app.run_due().await;
    app.ignore_messages().await;
    let path = format!("/api/v1/cases/{}", made["id"]);
    let (_, after) = resident.get(&path).await;
    assert_eq!(after["promised"]["provisional"], false, "{after}");
    assert_eq!(local(&after["promised"]["resolve_by"]), "2027-01-05 17:30");
    let zh = "2027年1月5日17:30前：1月1日至3日元旦放假，不计";
    assert_eq!(after["promised"]["resolve_zh"], zh);
    let id = entity::kinds::CaseId(made["id"].as_i64().unwrap());
    let event = entry(&app, "resident-1", id, "due_changed").await;
    assert_eq!((&event["role"], &event["detail"]["calendar"]), (&json!("system"), &json!(1)));
    assert_eq!(local(&event["detail"]["before"][2]), "2027-01-04 17:30");
    assert_eq!(local(&event["detail"]["now"][2]), "2027-01-05 17:30");
    let next = report(&resident, case()).await;
    assert_eq!(next["promised"]["resolve_by"], after["promised"]["resolve_by"]);
    assert_eq!(find(&app, id).await.version, 1, "nobody who looks at it is refused for it");
}

#[tokio::test]
async fn a_notice_that_is_not_whole_is_refused_and_only_administrators_bring_one() {
    let app = App::start().await;
    for (name, reads) in
        [("command", 200), ("audit-admin", 200), ("desk-1", 403), ("primary-1", 403)]
    {
        let person = app.as_person(name).await;
        for path in [CALENDAR, TARGETS] {
            assert_eq!(person.get(path).await.0, reads, "{name} {path}");
            assert_eq!(person.post(&confirmation(path, 1), json!({})).await.0, 403, "{name}");
        }
        assert_eq!(person.post(CALENDAR, json!({ "table": notice() })).await.0, 403, "{name}");
        let targets = json!({ "targets": Targets::default() });
        assert_eq!(person.post(TARGETS, targets).await.0, 403, "{name}");
    }
    let admin = app.as_person("system-admin").await;
    let part = |lines| notice().lines().take(lines).collect::<Vec<_>>().join("\n");
    let (cut, doubtful) = (part(8), part(15));
    for (table, says) in [
        (cut.as_str(), "不完整"),
        ("table,date,day", "没有任何日期"),
        ("table,date,day\n2027,tomorrow,rest", "第 2 行"),
        ("table,date,day\n2027,2027-01-04,work", "调休上班日"),
        (&notice().replace("2027-10-07", "2028-10-07"), "不应列出"),
    ] {
        let (status, refused) = admin.post(CALENDAR, json!({ "table": table })).await;
        let message = refused["errors"][0]["message"].as_str().unwrap_or("");
        assert!(status == 422 && message.contains(says), "{says}: {status} {refused}");
    }
    let (_, shown) = admin.get(CALENDAR).await;
    assert_eq!(shown["versions"], json!([]));
    // What may be an exception is for whoever confirms it.
    let (status, made) = admin.post(CALENDAR, json!({ "table": doubtful })).await;
    let says = "2027 年缺少法定假日 2027-05-01，文件可能不完整";
    assert_eq!((status, &made["years"][0]["doubt"]), (201, &json!(says)), "{made}");
    let (_, made) = admin.post(CALENDAR, json!({ "table": notice() })).await;
    assert_eq!(made["years"][0]["doubt"], Value::Null);
}

#[tokio::test]
async fn what_the_command_line_imports_waits_for_somebody_at_the_console() {
    let app = App::start().await;
    let s = app.services();
    let imported = import::unattended(s, &notice()).await.unwrap();
    assert_eq!((imported.source, imported.confirmed_at), (ChainSource::CommandLine, None));
    s.calendar.reload(&s.db).await.unwrap();
    assert!(!s.calendar.now().knows(2027), "the machine alone changes nothing");
    let second =
        import::unattended(s, &notice().replace("2027-01-03", "2027-01-10")).await.unwrap();
    let admin = app.as_person("security-admin").await;
    assert_eq!(admin.post(&confirmation(CALENDAR, second.version), json!({})).await.0, 200);
    assert!(s.calendar.now().knows(2027));
    let (status, refused) = admin.post(&confirmation(CALENDAR, imported.version), json!({})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("conflict")), "none is put in afterwards");
    let targets = add::unattended(s, sooner(), None).await.unwrap();
    assert_eq!((targets.source, targets.confirmed_at), (ChainSource::CommandLine, None));
    s.targets.reload(&s.db, s.clock.now()).await.unwrap();
    assert_eq!(s.targets.now().version, 1, "the machine alone promises nothing");
    assert_eq!(admin.post(&confirmation(TARGETS, targets.version), json!({})).await.0, 200);
    assert_eq!(i64::from(s.targets.now().version), targets.version);
    let other = app.second_process().await;
    assert_eq!(other.calendar.now().version(), 2, "another process counts with it too");
    app.run_due().await;
    other.lifecycle.finish(std::time::Duration::from_secs(5)).await;
}

/// Nobody can take back what is confirmed: two notices that name one day would stay for ever.
#[tokio::test]
async fn of_two_notices_that_do_not_agree_one_is_confirmed_and_figures_go_on() {
    let app = App::start().await;
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    let last = "2027,2026-12-31,rest,元旦\n";
    let corrected = notice_of_2026("2026,2026-12-31,rest,元旦\n");
    for table in [notice() + last, corrected, notice()] {
        let (status, made) = maker.post(CALENDAR, json!({ "table": table })).await;
        assert_eq!(status, 201, "each fits what is confirmed so far: {made}");
    }
    assert_eq!(second.post(&confirmation(CALENDAR, 1), json!({})).await.0, 200);
    let (status, refused) = second.post(&confirmation(CALENDAR, 2), json!({})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("conflict")), "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains("2026-12-31"), "{refused}");
    assert_eq!(second.post(&confirmation(CALENDAR, 3), json!({})).await.0, 200);
    // One that a newer program brought: this one counts without it.
    let s = app.services();
    let brought = s.writer.commit(move |tx| {
        Box::pin(async move {
            let text =
                "INSERT INTO calendar_version (version, source, body, created_by, created_at,
                    confirmed_by, confirmed_at)
                SELECT 4, source, 'what nobody reads yet', created_by, created_at, confirmed_by,
                    confirmed_at FROM calendar_version WHERE version = 3";
            tx.execute_unprepared(text).await?;
            Ok::<_, zhinan::error::Error>(())
        })
    });
    brought.await.unwrap();
    s.calendar.reload(&s.db).await.unwrap();
    assert_eq!((s.calendar.now().version(), s.calendar.now().knows(2027)), (4, true));
    let auditor = app.as_person("auditor").await;
    let path = "/api/v1/audit/figures?ids=R6&from=2026-11-01&to=2026-12-01";
    let (status, figures) = auditor.get(path).await;
    assert_eq!(status, 200, "{figures}");
    app.run_due().await;
}

#[tokio::test]
async fn a_notice_that_gives_more_time_takes_the_red_card_back_until_that_is_over_too() {
    let mut app = App::start().await;
    app.leave_jobs();
    go_to(&app, "2026-12-28 10:00");
    let case = case_in(&app, CaseState::InProgress).await.id;
    let shown = async || find(&app, case).await.card.map(entity::kinds::Card::word);
    go_to(&app, "2027-01-04 17:30");
    app.run_due().await;
    assert_eq!(shown().await, Some("red"));
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    maker.post(CALENDAR, json!({ "table": notice() })).await;
    assert_eq!(second.post(&confirmation(CALENDAR, 1), json!({})).await.0, 200);
    app.run_due().await;
    assert_eq!(shown().await, Some("yellow"), "1 January is a day of rest");
    let until = find(&app, case).await;
    assert_eq!(local_minute(until.resolve_due_at), "2027-01-05 17:30");
    go_to(&app, "2027-01-05 17:30");
    app.run_due().await;
    assert_eq!(shown().await, Some("red"));
    app.ignore_messages().await;
}

/// What was over when the notice came was not computed again with the others.
#[tokio::test]
async fn a_case_that_is_appealed_after_the_notice_came_counts_by_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    go_to(&app, "2026-12-28 10:00");
    let waits = case_in(&app, CaseState::Triage).await;
    let (id, before) = (waits.id, local_minute(waits.resolve_due_at));
    assert!(waits.due_provisional);
    let no = json!({ "code": "outside_duty", "explanation": "请联系供水公司" });
    assert_eq!(act(&app, "desk-1", id, "rejection", no).await.0, 200);
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    maker.post(CALENDAR, json!({ "table": notice() })).await;
    assert_eq!(second.post(&confirmation(CALENDAR, 1), json!({})).await.0, 200);
    app.run_due().await;
    assert!(find(&app, id).await.due_provisional, "it is over");
    go_to(&app, "2026-12-29 10:00");
    let because = json!({ "reason": "是公共管道" });
    let (status, again) = act(&app, "resident-1", id, "appeal", because).await;
    assert_eq!(status, 200, "{again}");
    assert_eq!(again["promised"]["provisional"], false, "{again}");
    let event = entry(&app, "resident-1", id, "due_changed").await;
    assert_eq!(local(&event["detail"]["before"][2]), before);
    assert_eq!(local(&event["detail"]["now"][2]), "2027-01-05 17:30");
    assert_eq!(resolve_by(&app, id).await, "2027-01-06 17:30", "it was over for a workday");
    app.run_due().await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn a_case_that_cannot_be_computed_again_holds_up_no_other_and_is_tried_the_next_day() {
    let mut app = App::start().await;
    app.leave_jobs();
    app.declare_log("its due times stay as they are");
    app.declare_log("sweep: this should be zero");
    go_to(&app, "2026-12-28 10:00");
    let resident = app.as_person("resident-1").await;
    let mut waits = Vec::new();
    for _ in 0..2 {
        let made = report(&resident, case()).await;
        waits.push(entity::kinds::CaseId(made["id"].as_i64().unwrap()));
    }
    let targets = find(&app, waits[0]).await.targets;
    sql(&app, &format!("UPDATE cases SET targets = '?' WHERE id = {}", waits[0])).await;
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    maker.post(CALENDAR, json!({ "table": notice() })).await;
    assert_eq!(second.post(&confirmation(CALENDAR, 1), json!({})).await.0, 200);
    app.run_due().await;
    let provisional = async || {
        [find(&app, waits[0]).await, find(&app, waits[1]).await].map(|one| one.due_provisional)
    };
    assert_eq!(provisional().await, [true, false]);
    sql(&app, &format!("UPDATE cases SET targets = '{targets}' WHERE id = {}", waits[0])).await;
    sql(&app, "UPDATE job SET state = 'dead', finished_at = 1 WHERE kind = 'redate'").await;
    app.advance(Duration::from_hours(24));
    zhinan::engine::sweep::run(app.services()).await.unwrap();
    app.run_due().await;
    assert_eq!(provisional().await, [false, false]);
    app.ignore_messages().await;
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_remove_a_version_of_either() {
    let app = App::start().await;
    let s = app.services();
    import::unattended(s, &notice()).await.unwrap();
    let admin = app.as_person("system-admin").await;
    let (status, _) = admin.post(TARGETS, json!({ "targets": Targets::default() })).await;
    assert_eq!(status, 201);
    for table in ["calendar_version", "target_version"] {
        for change in [
            format!("UPDATE {table} SET body = '{{}}'"),
            format!("UPDATE {table} SET created_at = 0"),
            format!("DELETE FROM {table}"),
        ] {
            let text = change.clone();
            let refused = s.writer.commit(move |tx| {
                Box::pin(async move {
                    tx.execute_unprepared(&text).await?;
                    Ok::<_, zhinan::error::Error>(())
                })
            });
            assert!(refused.await.is_err(), "{change}");
        }
    }
}

/// Utilities that a resident asks for in person are to be done in two workdays, from 8:30 on.
fn sooner() -> Targets {
    let mut targets = serde_json::to_value(Targets::default()).unwrap();
    let mut target = targets["normal"].clone();
    target["resolve"] = json!({ "workdays": 2 });
    target["acknowledge"] = json!({ "work_minutes": 60 });
    targets["rules"] = json!([{ "category": "utilities", "source": "resident", "target": target }]);
    targets["office"]["shifts"] = json!(["08:30-11:30", "13:30-17:00"]);
    Targets::read(&targets.to_string()).unwrap()
}

#[tokio::test]
async fn new_targets_are_for_new_cases_and_a_running_one_keeps_what_it_was_promised() {
    let mut app = App::start().await;
    app.leave_jobs();
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    let resident = app.as_person("resident-1").await;
    let before = report(&resident, case()).await;
    let (status, made) = maker.post(TARGETS, json!({ "targets": sooner() })).await;
    assert_eq!((status, &made["version"], &made["in_force"]), (201, &json!(2), &json!(false)));
    assert_eq!(maker.post(&confirmation(TARGETS, 2), json!({})).await.0, 422);
    let (_, shown) = maker.get(TARGETS).await;
    assert_eq!(shown["in_force"], 1, "one person alone changes nothing: {shown}");
    let (status, confirmed) = second.post(&confirmation(TARGETS, 2), json!({})).await;
    assert_eq!((status, &confirmed["in_force"]), (200, &json!(true)), "{confirmed}");
    let after = report(&resident, case()).await;
    let mut other = case();
    other["category"] = json!("housing");
    let other = report(&resident, other).await;
    for (case, version, acknowledge, resolve) in [
        (&before, 1, "2026-11-24 12:00", "2026-12-01 17:30"),
        (&after, 2, "2026-11-24 11:00", "2026-11-26 17:00"),
        (&other, 2, "2026-11-24 14:00", "2026-12-01 17:00"),
    ] {
        let (_, now) = resident.get(&format!("/api/v1/cases/{}", case["id"])).await;
        let promised = &now["promised"];
        assert_eq!(promised["targets_version"], version, "{promised}");
        assert_eq!(local(&promised["acknowledge_by"]), acknowledge, "{version}");
        assert_eq!(local(&promised["resolve_by"]), resolve, "{version}");
    }
    assert_eq!(before["urgency"], Urgency::Normal.word());
    let (_, shown) = app.as_person("auditor").await.get(TARGETS).await;
    assert_eq!(shown["targets"]["office"]["version"], 2, "the hours bear the number too");
}

#[tokio::test]
async fn unsound_targets_are_refused_with_what_is_wrong() {
    let app = App::start().await;
    let admin = app.as_person("system-admin").await;
    for (pointer, value, says) in [
        ("/urgent/resolve", json!({ "minutes": 0 }), "不能为零"),
        ("/urgent/contact", json!({ "minutes": 121 }), "依次不减"),
        ("/office/shifts", json!(["12:00-09:00"]), "依次排列"),
        ("/office/profile", json!("duty"), "一致"),
    ] {
        let mut targets = serde_json::to_value(Targets::default()).unwrap();
        *targets.pointer_mut(pointer).unwrap() = value;
        let (status, refused) = admin.post(TARGETS, json!({ "targets": targets })).await;
        let message = refused["errors"][0]["message"].as_str().unwrap_or("");
        assert!(status == 422 && message.contains(says), "{pointer}: {refused}");
    }
}
