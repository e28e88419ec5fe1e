//! Many report at the same time: their cases are written together, and nobody pays for another.

use std::collections::BTreeSet;
use std::time::Duration;

use entity::kinds::{CaseId, Category, PhotoId};
use entity::{cases, inbox};
use futures::future::join_all;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use zhinan::app::case::report::{self, Idempotency, Report};
use zhinan::app::case::view::CaseView;
use zhinan::app::proof::verify;
use zhinan::error::{Code, Result};
use zhinan::services::Services;

use crate::kit::App;
use crate::kit::builders::{ADDRESS, actor, find};

const CROWD: usize = 40;

fn said(text: &str) -> Report {
    Report {
        text: text.to_owned(),
        address: Some(ADDRESS.to_owned()),
        position: None,
        category: Category::Utilities,
        danger: false,
        stuck: false,
        contact_phone: None,
        photos: Vec::new(),
        voices: Vec::new(),
        on_behalf: None,
        scene: None,
        tapped: None,
    }
}

/// Reports all of these at once; each is a key and what is said under it.
async fn together(app: &App, reports: Vec<(String, Report)>) -> Vec<Result<CaseView>> {
    through(app.services(), app, reports).await
}

async fn through(s: &Services, app: &App, reports: Vec<(String, Report)>) -> Vec<Result<CaseView>> {
    let resident = actor(app, "resident-1").await;
    let all = reports.into_iter().map(|(key, said)| {
        let once = Idempotency::new(key, said.text.as_bytes());
        report::run(s, &resident, once, said)
    });
    join_all(all).await
}

fn crowd() -> Vec<(String, Report)> {
    (0..CROWD).map(|i| (format!("crowd-key-{i:04}"), said(&format!("家里没水了{i}")))).collect()
}

#[tokio::test]
async fn a_crowd_gets_numbers_without_a_gap_and_each_his_own_case() {
    let app = App::start().await;
    let views: Vec<CaseView> =
        together(&app, crowd()).await.into_iter().map(Result::unwrap).collect();
    for (i, view) in views.iter().enumerate() {
        assert_eq!(view.text, format!("家里没水了{i}"));
        let stored = find(&app, CaseId(view.id)).await;
        assert_eq!((&stored.number, stored.last_seq), (&view.number, 3));
        assert_eq!(view.responsible.len(), 3, "{view:?}");
    }
    let numbers: BTreeSet<&str> = views.iter().map(|view| view.number.as_str()).collect();
    let counted = (1..=CROWD).map(|i| format!("NC-20261124-{i:05}"));
    assert_eq!(numbers.into_iter().collect::<Vec<_>>(), counted.collect::<Vec<_>>());
    let chains = verify::newest(app.services(), u64::MAX >> 1).await.unwrap();
    assert_eq!((usize::try_from(chains.cases).unwrap(), chains.findings), (CROWD, vec![]));
    app.run_due().await;
    assert_eq!(app.messages().await.len(), 2 * CROWD, "worker and cadre of each");
    app.ignore_messages().await;
}

#[tokio::test]
async fn a_crowd_from_everywhere_is_told_to_the_people_of_each_grid() {
    let mut app = App::start().await;
    app.leave_jobs();
    let places = [ADDRESS, "阳光花园3号楼2单元101", "牡丹小区1号楼", "曹州路9号"];
    let from = |at: usize, key: &str| {
        let said = Report { address: Some(places[at % 4].to_owned()), ..said("家里没水了") };
        (format!("{key}-place-{at:04}"), said)
    };
    let told = |view: CaseView| view.responsible.iter().map(|one| one.name.clone()).collect();
    let mut alone: Vec<Vec<String>> = Vec::new();
    for at in 0..4 {
        let one = together(&app, vec![from(at, "alone")]).await;
        alone.extend(one.into_iter().map(Result::unwrap).map(told));
    }
    assert_eq!(alone.iter().collect::<BTreeSet<_>>().len(), 4, "each grid has its own: {alone:?}");
    let crowd = together(&app, (0..CROWD).map(|at| from(at, "crowd")).collect()).await;
    for (at, view) in crowd.into_iter().map(Result::unwrap).enumerate() {
        assert_eq!(told(view), alone[at % 4], "{at}");
    }
}

/// What is ordinary rests until the morning, and whoever is there then is told of it.
#[tokio::test]
async fn at_night_each_is_told_to_whoever_is_there_when_his_message_leaves() {
    let app = at_dusk().await;
    app.advance(Duration::from_hours(12));
    let worker = app.as_person("primary-1").await;
    let leave = json!({ "from": "2026-11-24T22:00:00+08:00", "to": "2026-11-25T06:00:00+08:00",
        "substitute": app.person("primary-2").staff });
    assert_eq!(worker.post("/api/v1/leaves", leave).await.0, 201);
    let urgent = |said: Report| Report { danger: true, ..said };
    let reports = crowd().into_iter().enumerate();
    let reports =
        reports.map(|(i, (key, said))| (key, if i % 2 == 0 { said } else { urgent(said) }));
    for (i, view) in together(&app, reports.collect()).await.into_iter().enumerate() {
        let view = view.unwrap();
        let there = if i % 2 == 0 { "primary-1" } else { "primary-2" };
        let primary = view.responsible.iter().find(|one| one.role == "grid_worker_primary");
        assert_eq!(primary.map(|one| one.name.as_str()), Some(there), "{i}: {view:?}");
    }
}

async fn at_dusk() -> App {
    let mut app = App::start_with(|config| {
        config.notices.quiet_from = "21:30".into();
        config.notices.quiet_to = "07:30".into();
    })
    .await;
    app.leave_jobs();
    app
}

async fn execute(app: &App, text: &str) {
    app.connect().await.execute_unprepared(text).await.unwrap();
}

/// A shift of the day begins when messages have rested for half an hour too few.
#[tokio::test]
async fn whoever_is_there_in_the_evening_is_told_where_nobody_is_when_messages_leave() {
    let app = at_dusk().await;
    execute(
        &app,
        "INSERT INTO shift (name, version, weekdays, days, from_minute, to_minute, created_at)
         SELECT 'late', 1, 127, 'every', 480, 1320, 0",
    )
    .await;
    execute(&app, "UPDATE responsibility SET shift = 'late'").await;
    app.advance(Duration::from_mins(11 * 60 + 40));
    for view in together(&app, crowd()).await {
        let view = view.unwrap();
        assert_eq!(view.responsible.len(), 3, "{view:?}");
    }
}

/// Who was told by day hears by night what the resident adds, and so does who will be there.
#[tokio::test]
async fn what_is_added_at_night_is_heard_by_who_was_told_and_by_who_will_be_there() {
    let app = at_dusk().await;
    let view = together(&app, crowd().into_iter().take(1).collect()).await.remove(0).unwrap();
    let worker = app.as_person("primary-1").await;
    let leave = json!({ "from": "2026-11-25T00:00:00+08:00", "to": "2026-11-26T00:00:00+08:00",
        "substitute": app.person("primary-2").staff });
    assert_eq!(worker.post("/api/v1/leaves", leave).await.0, 201);
    app.advance(Duration::from_mins(11 * 60 + 45));
    let said = json!({ "text": "现在更厉害了", "expected_version": view.version });
    let heard = async |who: &str| {
        let owner = format!("s{}", app.person(who).staff.unwrap());
        let mine = inbox::Entity::find().filter(inbox::Column::Recipient.eq(owner));
        mine.count(&app.services().db.read).await.unwrap()
    };
    assert_eq!((heard("primary-1").await, heard("primary-2").await), (1, 0));
    let path = format!("/api/v1/cases/{}/updates", view.id);
    let (status, answer) = app.as_person("resident-1").await.post(&path, said).await;
    assert!(status < 300, "{status} {answer}");
    assert_eq!((heard("primary-1").await, heard("primary-2").await), (2, 1));
}

/// The next ones use up what failed units left over: then the numbers of the day have no gap.
async fn assert_no_gap(app: &App, written: usize) {
    for (key, said) in crowd().into_iter().take(10) {
        together(app, vec![(format!("later-{key}"), said)]).await.pop().unwrap().unwrap();
    }
    let counted: Vec<_> = (1..=written + 10).map(|i| format!("NC-20261124-{i:05}")).collect();
    let read = &app.services().db.read;
    let given = cases::Entity::find().select_only().column(cases::Column::Number);
    let given: Vec<String> =
        given.order_by_asc(cases::Column::Number).into_tuple().all(read).await.unwrap();
    assert_eq!(given, counted);
}

#[tokio::test]
async fn a_bad_report_a_repeated_one_and_a_double_tap_cost_no_neighbour_anything() {
    let app = App::start().await;
    let first = together(&app, vec![("used-before".to_owned(), said("早先的"))]).await;
    let first = first.into_iter().next().unwrap().unwrap();
    let mut reports = crowd();
    let stolen = Report { photos: vec![PhotoId(999)], ..said("别人的照片") };
    reports.insert(7, ("bad-photo-key".to_owned(), stolen));
    reports.insert(11, ("used-before".to_owned(), said("早先的")));
    reports.insert(13, ("used-before".to_owned(), said("换了内容")));
    reports.insert(17, ("double-tap".to_owned(), said("点了两下")));
    reports.insert(18, ("double-tap".to_owned(), said("点了两下")));
    let mut answers = together(&app, reports).await;
    let twice = [answers.remove(18), answers.remove(17)].map(|one| one.unwrap().id);
    assert_eq!(twice[0], twice[1]);
    assert_eq!(answers.remove(13).unwrap_err().code, Code::IdempotencyKeyReused);
    assert_eq!(answers.remove(11).unwrap().id, first.id);
    assert_eq!(answers.remove(7).unwrap_err().code, Code::InvalidFields);
    let ids: BTreeSet<i64> = answers.into_iter().map(|one| one.unwrap().id).collect();
    assert_eq!(ids.len(), CROWD);
    assert_no_gap(&app, CROWD + 2).await;
    let chains = verify::newest(app.services(), u64::MAX >> 1).await.unwrap();
    assert_eq!((usize::try_from(chains.cases).unwrap(), chains.findings), (CROWD + 12, vec![]));
    app.run_due().await;
    app.ignore_messages().await;
}

/// Who comes while another one is written waits with all others: both taps are in one unit then.
#[tokio::test]
async fn a_double_tap_is_written_with_all_others() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mut ids = BTreeSet::new();
    for of_four in crowd()[..12].chunks(3) {
        let [first, twice, last] = of_four else { panic!("{of_four:?}") };
        let reports = [first, twice, twice, last].map(Clone::clone).to_vec();
        ids.extend(together(&app, reports).await.into_iter().map(|one| one.unwrap().id));
    }
    assert_eq!(ids.len(), 12);
    let lines = app.logs.lines().into_iter();
    let parted: Vec<_> = lines.filter(|line| line.text.contains("one by one")).collect();
    // On a busy machine the taps may come apart, and the later one meets the earlier in the database;
    // not each time.
    assert!(parted.len() < 4, "{parted:?}");
    assert_no_gap(&app, 12).await;
}

#[tokio::test]
async fn whichever_process_writes_the_numbers_of_a_day_go_on() {
    let mut app = App::start().await;
    app.leave_jobs();
    let other = app.second_process().await;
    let services = app.services().clone();
    let mut given = Vec::new();
    for (round, s) in [&services, &other, &services, &other].into_iter().enumerate() {
        for (key, said) in crowd().into_iter().take(2) {
            let one = through(s, &app, vec![(format!("{round}-{key}"), said)]).await;
            given.push(one.into_iter().next().unwrap().unwrap().number);
        }
    }
    let counted: Vec<_> = (1..=8).map(|i| format!("NC-20261124-{i:05}")).collect();
    assert_eq!(given, counted);
    assert!(other.lifecycle.finish(Duration::from_secs(5)).await);
}
