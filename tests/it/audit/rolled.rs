//! Figures from cells are those of the ledger, whatever is asked and whatever is said late.

use std::collections::BTreeMap;

use entity::cases;
use entity::figure_rolled::Model;
use entity::kinds::{CaseId, CaseState, Category, EventType};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};
use serde_json::json;
use zhinan::app::audit::candidates::Candidates;
use zhinan::app::audit::figures::{self, Question};
use zhinan::app::audit::ledger::Window;
use zhinan::app::audit::{roll_up, rolled};
use zhinan::app::work::Outcome;
use zhinan::domain::audit::bins::ERROR;
use zhinan::domain::audit::frame::{Dimension, Filter};
use zhinan::domain::audit::survey::{Figure, Group};
use zhinan::domain::audit::tally::{Point, Spread};
use zhinan::domain::calendar::{day_of, first_of_month, midnight_of};
use zhinan::error::Error;
use zhinan::store::{beside, rolled as stored};

use super::ADDRESSES;
use super::figures::{adds_up, any_filter, observe, street};
use crate::kit::App;
use crate::kit::builders::{case_in, find, report_as, step};
use crate::kit::clock::{START, hours, minutes};

/// Goes to the next day and lets the night's job run.
async fn night(app: &App) {
    let tomorrow = midnight_of(day_of(app.clock.now()) + 1) + minutes(30);
    app.advance(tomorrow.since(app.clock.now()));
    assert_eq!(roll_up::run(app.services()).await.unwrap(), Outcome::Done);
}

async fn cells(app: &App) -> BTreeMap<String, String> {
    let all = entity::figure_cell::Entity::find().all(&app.services().db.read).await.unwrap();
    all.into_iter().map(|cell| (cell.key, cell.body + " " + &cell.listed)).collect()
}

/// Which cases are counted in cells, up to which event.
async fn counted(app: &App) -> Vec<(CaseId, i32)> {
    let read = &app.services().db.read;
    let all = cases::Entity::find().all(read).await.unwrap();
    let all: Vec<CaseId> = all.into_iter().map(|case| case.id).collect();
    let standing = beside::standing(read, &all).await.unwrap();
    let counted = standing.into_iter().filter(|case| case.counted > 0);
    let mut counted: Vec<_> = counted.map(|case| (case.id, case.counted)).collect();
    counted.sort_unstable();
    counted
}

fn near(got: Option<u64>, want: Option<u64>) -> bool {
    let float = |n: u64| std::time::Duration::from_micros(n).as_secs_f64();
    match (got, want) {
        (Some(got), Some(want)) => (float(got) - float(want)).abs() <= float(want) * ERROR,
        (got, want) => got == want,
    }
}

fn alike(got: Option<&Spread>, want: Option<&Spread>) -> bool {
    let (Some(got), Some(want)) = (got, want) else { return got == want };
    let point = |got: Point, want: Point| match (got, want) {
        (Point::At(got), Point::At(want)) => near(Some(got), Some(want)),
        (got, want) => got == want,
    };
    // What waits in the bin of what happened may stand on its other side: `bins` has that law.
    let points = want.waiting > 0
        || (point(got.p50, want.p50) && point(got.p90, want.p90) && point(got.p95, want.p95));
    (got.n, got.waiting, got.sum) == (want.n, want.waiting, want.sum)
        && near(got.max, want.max)
        && near(got.longest_waiting, want.longest_waiting)
        && points
}

fn groups(figure: &Figure) -> Vec<&Group> {
    std::iter::once(&figure.total).chain(&figure.groups).chain(&figure.small).collect()
}

fn agree(got: &[Figure], want: &[Figure], ask: &Question) {
    assert_eq!(got.len(), want.len(), "{ask:?}");
    for (got, want) in got.iter().zip(want) {
        assert_eq!((&got.id, &got.small_keys), (&want.id, &want.small_keys), "{ask:?}");
        assert_eq!(groups(got).len(), groups(want).len(), "{} {ask:?}", want.id);
        for (mine, exact) in groups(got).into_iter().zip(groups(want)) {
            let counts = |one: &Group| [one.n, one.hit, one.failed, one.open, one.undone];
            assert_eq!(
                (counts(mine), &mine.key, &mine.excluded, mine.share, mine.people),
                (counts(exact), &exact.key, &exact.excluded, exact.share, exact.people),
                "{} {ask:?}",
                want.id
            );
            let both = alike(mine.wall.as_ref(), exact.wall.as_ref())
                && alike(mine.work.as_ref(), exact.work.as_ref());
            assert!(both, "{} {ask:?}\n{mine:?}\n{exact:?}", want.id);
        }
    }
}

fn any_question() -> impl Strategy<Value = (i64, i64, Dimension, Filter)> {
    let days = prop_oneof![(0_i64..12, 1_i64..20), Just((-23, 30)), Just((-40, 60))];
    (days, prop::sample::select(Dimension::ALL), any_filter())
        .prop_map(|((from, days), by, filter)| (from, days, by, filter))
}

/// The month that runs, until now: its end is no midnight.
async fn compare_now(app: &App) {
    let (s, now) = (app.services(), app.clock.now());
    let month = midnight_of(first_of_month(day_of(now)));
    for from in [month, month - hours(24 * 9), midnight_of(first_of_month(day_of(month) - 1))] {
        for by in [Dimension::None, Dimension::Grid, Dimension::Category] {
            let window = Window { from, to: now, as_of: now };
            let ask = Question { ids: Vec::new(), window, by, filter: Filter::default() };
            let want = figures::compute(s, &ask).await.unwrap();
            let got = rolled::compute(s, &ask, false).await.unwrap();
            agree(&got.figures, &want, &ask);
            assert!(got.source.is_some(), "{ask:?}");
        }
    }
}

/// Asks many things; returns how few cases were read beside the cells at least.
async fn compare(app: &App, runner: &mut TestRunner) -> usize {
    let (s, now) = (app.services(), app.clock.now());
    let mut least = usize::MAX;
    for time in 0..16 {
        let (from, days, by, filter) = any_question().new_tree(runner).unwrap().current();
        let first = day_of(START) + from;
        let (from, to) = (midnight_of(first), midnight_of(first + days));
        let window = Window { from, to, as_of: now };
        let ids: &[&str] = [&[][..], &["R8"], &[], &["R19", "M7"]][time % 4];
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        let ask = Question { ids, window, by, filter };
        let want = figures::compute(s, &ask).await.unwrap();
        let got = rolled::compute(s, &ask, false).await.unwrap();
        agree(&got.figures, &want, &ask);
        assert_eq!(got.source.is_some(), by != Dimension::Person, "{ask:?}");
        if let Some(source) = got.source {
            least = least.min(source.read);
        }
    }
    least
}

/// The cases behind figures are found by the cells, and are those of the ledger whenever it is
/// looked at: now, after what was said late, and as it was before the last night.
async fn found_by_cells(app: &App, runner: &mut TestRunner) {
    let (s, now) = (app.services(), app.clock.now());
    let all = cases::Entity::find().count(&s.db.read).await.unwrap();
    let (mut few, mut counted) = (0, 0);
    for time in 0..8 {
        let (from, days, by, filter) = any_question().new_tree(runner).unwrap().current();
        let from = midnight_of(day_of(START) + from) + hours(if time % 3 == 0 { 13 } else { 0 });
        let to = from + hours(24 * u64::try_from(days).unwrap());
        let as_of = if time % 4 == 3 { now - hours(6 * 24) } else { now };
        let whole = Question { ids: Vec::new(), window: Window { from, to, as_of }, by, filter };
        for figure in figures::compute(s, &whole).await.unwrap() {
            let ask = Question { ids: vec![figure.id.clone()], ..whole.clone() };
            let candidates = Candidates::of(s, &ask, CaseId(0)).await.unwrap().known();
            assert!(candidates.is_some(), "{ask:?}");
            few += u64::from(candidates.is_some_and(|found| found < all));
            counted += adds_up(s, &whole, &figure).await.values().sum::<u64>();
        }
    }
    assert!(few > 100 && counted > 500, "{few} {counted}");
}

/// Says something of cases that are counted: one is reopened, one rated, one taken out.
async fn speak_late(app: &App, late: &[(CaseId, i32)]) {
    let [reopened, rated, out, ..] = late else { panic!("too few are counted: {late:?}") };
    let now = app.clock.now();
    let due = now + hours(48);
    step(app, reopened.0, "resident-1", EventType::Reopened, move |case| {
        case.state = CaseState::InProgress;
        (case.reopens, case.resolve_due_at) = (1, due);
        case.next_check_at = Some(due);
    })
    .await;
    observe(app, rated.0, EventType::Rated, json!({ "result": 2, "attitude": 5 })).await;
    let auditor = app.as_person("auditor").await;
    let path = format!("/api/v1/cases/{}/exclusions", out.0);
    let body = json!({ "ground": "test_case", "note": "培训时录入" });
    assert_eq!(auditor.post(&path, body).await.0, 204);
    app.advance(minutes(1));
}

#[tokio::test]
async fn cells_and_the_few_other_cases_say_what_the_ledger_says_before_and_after_late_events() {
    let mut app = App::start().await;
    street(&mut app).await;
    for state in [CaseState::Cancelled, CaseState::Merged, CaseState::Closed, CaseState::Closed] {
        case_in(&app, state).await;
    }
    let mut runner = TestRunner::deterministic();
    night(&app).await;
    let early = counted(&app).await.len();
    app.advance(hours(12 * 24));
    night(&app).await;
    let late = counted(&app).await;
    assert!(early < late.len() && late.len() > 6, "{early} {late:?}");
    let few = compare(&app, &mut runner).await;
    compare_now(&app).await;
    found_by_cells(&app, &mut runner).await;
    speak_late(&app, &late).await;
    assert!(compare(&app, &mut runner).await > few, "they are read beside the cells");
    compare_now(&app).await;
    found_by_cells(&app, &mut runner).await;
    night(&app).await;
    found_by_cells(&app, &mut runner).await;
    let (again, cells_of_now) = (counted(&app).await, cells(&app).await);
    assert!(!again.contains(&late[0]) && again.len() == late.len() - 1, "open again: {again:?}");
    assert!(again[0].1 > late[1].1 && again[1].1 > late[2].1, "{again:?}");
    assert!(compare(&app, &mut runner).await <= few + 1, "one more is open");
    assert_eq!(roll_up::run(app.services()).await.unwrap(), Outcome::Done);
    assert_eq!((counted(&app).await, cells(&app).await), (again.clone(), cells_of_now.clone()));
    rebuild(&app, (again, cells_of_now)).await;
}

/// Without its cells the program makes the same again.
async fn rebuild(app: &App, (again, before): (Vec<(CaseId, i32)>, BTreeMap<String, String>)) {
    let writer = app.connect().await;
    for text in ["DELETE FROM figure_cell", "UPDATE figure_rolled SET edition = 0"] {
        writer.execute_unprepared(text).await.unwrap();
    }
    let from = midnight_of(day_of(START));
    let window = Window { from, to: from + hours(240), as_of: app.clock.now() };
    let (by, filter) = (Dimension::Grid, Filter::default());
    let ask = Question { ids: vec!["M7".to_owned()], window, by, filter };
    let s = app.services();
    assert_eq!(rolled::compute(s, &ask, false).await.unwrap().source, None, "no cells, no answer");
    assert_eq!(roll_up::run(s).await.unwrap(), Outcome::Done);
    assert_eq!((counted(app).await, cells(app).await), (again, before));
    assert!(rolled::compute(s, &ask, false).await.unwrap().source.is_some());
    assert_eq!(rolled::compute(s, &ask, true).await.unwrap().source, None);
    for (window, what) in [
        (Window { from: from + minutes(1), ..window }, "from a minute past midnight"),
        (Window { to: window.to - minutes(1), ..window }, "to a minute before midnight"),
        (Window { as_of: window.as_of - hours(24), ..window }, "as it was before the night"),
    ] {
        let ask = Question { window, ..ask.clone() };
        assert_eq!(rolled::compute(s, &ask, false).await.unwrap().source, None, "{what}");
    }
}

#[tokio::test]
async fn the_database_counts_anew_what_it_plans_by_once_there_are_cells() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(hours(12 * 24));
    night(&app).await;
    if app.services().db.is_sqlite() {
        // It plans without.
        return;
    }
    let text = "SELECT CAST(reltuples AS BIGINT) AS n FROM pg_class WHERE relname = 'figure_cell'";
    let conn = &app.services().db.read;
    let query = Statement::from_string(conn.get_database_backend(), text);
    let row = conn.query_one_raw(query).await.unwrap().unwrap();
    let cells = i64::try_from(cells(&app).await.len()).unwrap();
    assert_eq!(row.try_get::<i64>("", "n").unwrap(), cells);
}

/// Reports a case every third day and closes it at once, three, six or nine days later.
async fn long_ones(app: &App) {
    let mut open = Vec::new();
    for round in 0..11 {
        if round < 8 {
            let category = [Category::Housing, Category::Utilities][round % 2];
            let case = report_as(app, "resident-1", ADDRESSES[(round + 1) % 3], category).await;
            open.push((round + round % 4, case.id));
        }
        for (_, case) in open.extract_if(.., |(until, _)| *until == round) {
            step(app, case, "resident-1", EventType::Confirmed, |case| {
                (case.state, case.next_check_at) = (CaseState::Closed, None);
            })
            .await;
        }
        app.advance(hours(3 * 24 + 1));
    }
}

#[tokio::test]
async fn what_is_carried_over_an_edge_counts_for_its_part_in_each_period() {
    let mut app = App::start().await;
    app.leave_jobs();
    long_ones(&app).await;
    app.advance(hours(90 * 24));
    night(&app).await;
    assert_eq!(counted(&app).await.len(), 8);
    let (s, now) = (app.services(), app.clock.now());
    let (grid, housing) = ((Dimension::Grid, "G00101"), (Dimension::Category, "housing"));
    let filters = [vec![], vec![grid], vec![housing], vec![grid, housing]];
    let (mut within, mut over) = (0, 0);
    // From the first of November on too: a whole month and the days behind it.
    let firsts = (-2..36).chain([-23; 4]).enumerate();
    for (nth, (first, days)) in
        firsts.flat_map(|(nth, first)| [1, 4, 9, 33 + nth % 6].map(|days| (nth, (first, days))))
    {
        let from = day_of(START) + first;
        let to = from + i64::try_from(days).unwrap();
        let window = Window { from: midnight_of(from), to: midnight_of(to), as_of: now };
        let filter = &filters[nth % filters.len()];
        let filter = Filter(filter.iter().map(|(by, of)| (*by, (*of).to_owned())).collect());
        let by = if days == 4 { Dimension::Category } else { Dimension::Grid };
        let ask = Question { ids: vec!["R19".to_owned()], window, by, filter };
        let want = figures::compute(s, &ask).await.unwrap();
        let got = rolled::compute(s, &ask, false).await.unwrap();
        agree(&got.figures, &want, &ask);
        let read = got.source.unwrap().read;
        over += read;
        within += usize::try_from(want[0].total.n).unwrap().saturating_sub(read);
        adds_up(s, &ask, &want[0]).await;
    }
    assert!(within > 20 && over > 100, "{within} {over}");
}

#[tokio::test]
async fn whoever_looks_back_finds_a_case_where_it_was_due_before_that_was_moved() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(hours(12 * 24));
    night(&app).await;
    let before = app.clock.now();
    app.advance(minutes(1));
    for (case, _) in counted(&app).await {
        let due = find(&app, case).await.resolve_due_at + hours(60 * 24);
        observe(&app, case, EventType::DueChanged, json!({ "resolve_due": due.0 })).await;
    }
    app.advance(hours(80 * 24));
    night(&app).await;
    let from = midnight_of(day_of(START));
    let window = Window { from, to: from + hours(20 * 24), as_of: before };
    let (s, filter) = (app.services(), Filter::default());
    let whole = Question { ids: Vec::new(), window, by: Dimension::Grid, filter };
    for figure in figures::compute(s, &whole).await.unwrap() {
        let found = adds_up(s, &whole, &figure).await.values().sum::<u64>();
        assert!(figure.id != "R6" || found > 3, "{found}");
    }
    let ask = Question { ids: vec!["R6".to_owned()], ..whole };
    assert!(Candidates::of(s, &ask, CaseId(0)).await.unwrap().known().is_some(), "by its cells");
}

#[tokio::test]
async fn every_night_asks_once_and_the_answer_says_where_it_comes_from() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Closed).await;
    app.run_due().await;
    app.ignore_messages().await;
    app.advance(hours(12 * 24));
    let path = "/api/v1/audit/figures?ids=M8,R19&from=2026-11-01&to=2026-12-01";
    let auditor = app.as_person("auditor").await;
    let (_, before) = auditor.get(path).await;
    assert_eq!(before["rolled"], json!(null));
    app.declare_log("sweep: this should be zero");
    zhinan::engine::sweep::run(app.services()).await.unwrap();
    app.run_due().await;
    app.ignore_messages().await;
    assert_eq!(counted(&app).await, [(case.id, find(&app, case.id).await.last_seq)]);
    let auditor = app.as_person("auditor").await;
    let (status, after) = auditor.get(path).await;
    assert_eq!(status, 200, "{after}");
    let want = json!({ "error": ERROR, "until": "2026-12-05T16:00:00.000000Z", "read": 0 });
    assert_eq!(after["rolled"], want);
    let counts = |of: &serde_json::Value| {
        of["figures"].as_array().unwrap().iter().map(|one| one["total"]["n"].clone()).collect()
    };
    let (got, want): (Vec<_>, Vec<_>) = (counts(&after), counts(&before));
    assert_eq!(got, want);
    let (_, exact) = auditor.get(&format!("{path}&exact=true")).await;
    assert_eq!((&exact["rolled"], &exact["figures"]), (&json!(null), &before["figures"]));
}

/// Of two that change the cells for the same state only one does, whoever it is; the other finds that
/// out before it writes anything.
#[tokio::test]
async fn two_nights_at_once_count_no_case_twice() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(hours(12 * 24));
    let s = app.services();
    let seen = stored::state(&s.db.read).await.unwrap();
    let raise = async |to: Model| {
        let generation = seen.generation;
        let unit = s.writer.commit(move |tx| {
            Box::pin(async move { Ok::<_, Error>(stored::raise(tx, generation, &to).await?) })
        });
        unit.await.unwrap()
    };
    let next = Model { generation: seen.generation + 1, ..seen.clone() };
    assert!(raise(next.clone()).await);
    let stale = Model { day: i64::MAX, ..next.clone() };
    assert!(!raise(stale).await, "somebody was there before");
    assert_eq!(stored::state(&s.db.read).await.unwrap(), next, "and nothing of it was written");

    let both = tokio::join!(roll_up::run(s), roll_up::run(s));
    assert!(both.0.is_ok() || both.1.is_ok(), "{both:?}");
    let (counted, cells) = (counted(&app).await, cells(&app).await);
    assert!(counted.len() > 6, "{counted:?}");
    rebuild(&app, (counted, cells)).await;
}

/// Whoever says something of a case in the moment in which a night counts it is heard by the next one.
#[tokio::test]
async fn what_is_said_while_a_night_counts_a_case_leaves_it_beside_the_cells() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(hours(12 * 24));
    let s = app.services();
    let until = midnight_of(day_of(app.clock.now()));
    let read = beside::candidates(&s.db.read, CaseId(0), until, 100).await.unwrap();
    assert!(read.len() > 6 && read.iter().all(|case| case.counted == 0), "{read:?}");
    let (said, silent) = (read[0].clone(), read[1].clone());
    observe(&app, said.id, EventType::Rated, json!({ "result": 2, "attitude": 5 })).await;
    let seqs = [&said, &silent].map(|case| beside::Counted { id: case.id, seq: case.last_seq });
    let unit = s
        .writer
        .commit(move |tx| Box::pin(async move { Ok::<_, Error>(beside::note(tx, &seqs).await?) }));
    unit.await.unwrap();
    let standing = beside::standing(&s.db.read, &[said.id, silent.id]).await.unwrap();
    for case in standing {
        let last = if case.id == said.id { said.last_seq + 1 } else { silent.last_seq };
        assert_eq!((case.last_seq, case.counted), (last, last - i32::from(case.id == said.id)));
    }
    let left = beside::candidates(&s.db.read, CaseId(0), app.clock.now() + minutes(1), 100).await;
    let left: Vec<CaseId> = left.unwrap().iter().map(|case| case.id).collect();
    assert!(left.contains(&said.id) && !left.contains(&silent.id), "{left:?}");
}
