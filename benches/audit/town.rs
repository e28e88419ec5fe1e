//! Fills a database with invented cases: chained and sealed as the program does it, written through
//! its own statements, many cases in a unit.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::cases;
use entity::figure_rolled::Model as State;
use entity::kinds::{AccountId, CaseId, ContentCheck, GridId, Timestamp};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use zhinan::app::audit::roll_up;
use zhinan::app::case::blank;
use zhinan::app::case::ledger::{self, Happened};
use zhinan::clock::Clock;
use zhinan::domain::audit::calendars::Calendars;
use zhinan::domain::audit::facts::{Fact, Facts};
use zhinan::domain::audit::rollup::cell::{Key, Slice};
use zhinan::domain::audit::rollup::{Change, Content, EDITION, is_settled};
use zhinan::domain::audit::story::Story;
use zhinan::domain::calendar::{Calendar, compact_date, day_of, midnight_of};
use zhinan::domain::case::targets::Targets;
use zhinan::error::Error;
use zhinan::services::Services;
use zhinan::store;
use zhinan::store::batch::{Batch, take_ids};
use zhinan::store::event::NewEvent;
use zhinan::store::rolled;

use super::Args;
use super::kit::db::{TestDb, fill, vault_file};
use super::kit::parts;
use super::kit::street::Roster;
use super::tale::{Step, Tale, invent};

/// Cases written in one unit.
const UNIT: usize = 250;
/// Cases that are counted together, and ids kept for half of them.
const COUNTED: usize = 100_000;
const COUNTED_IDS: u64 = 50_000;
/// Ids that no written case has.
const BEYOND: u64 = 1 << 32;
const DAY: Duration = Duration::from_hours(24);

/// A program on a database with a small street.
pub struct Town {
    pub s: Services,
    roster: Roster,
    grids: Vec<GridId>,
    numbers: u64,
    /// Waits as long as it takes: the program gives up on a statement after a quarter of a minute.
    patient: DatabaseConnection,
    _db: TestDb,
    _dir: tempfile::TempDir,
}

impl Town {
    pub async fn open(server: Option<String>, now: Timestamp) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = server.map_or_else(|| TestDb::empty_file(dir.path()), TestDb::empty_on);
        std::fs::create_dir_all(dir.path().join("keys")).unwrap();
        fill(&db.url, &vault_file(dir.path())).await;
        let nobody = "127.0.0.1:9".parse().unwrap();
        let mut config = parts::config(&db.url, dir.path(), nobody);
        config.redis = zhinan::config::Redis::default();
        let s = zhinan::boot::services(&config, Clock::manual(now)).await.unwrap();
        let roster = Roster::load(&s.db).await;
        let query = "SELECT id AS n FROM grid WHERE kind = 'small' ORDER BY id";
        let query = Statement::from_string(s.db.read.get_database_backend(), query);
        let rows = s.db.read.query_all_raw(query).await.unwrap();
        let grids = rows.iter().map(|row| GridId(row.try_get("", "n").unwrap())).collect();
        let patient = Database::connect(&db.url).await.unwrap();
        Self { s, roster, grids, numbers: 0, patient, _db: db, _dir: dir }
    }

    pub async fn number(&self, text: &str) -> i64 {
        let query = Statement::from_string(self.patient.get_database_backend(), text);
        let row = self.patient.query_one_raw(query).await.unwrap().unwrap();
        row.try_get("", "n").unwrap()
    }

    /// Megabytes of the whole database.
    pub async fn megabytes(&self) -> i64 {
        let text = if self.s.db.is_sqlite() {
            "SELECT page_count * page_size / 1048576 AS n FROM pragma_page_count, pragma_page_size"
        } else {
            "SELECT pg_database_size(current_database()) / 1048576 AS n"
        };
        self.number(text).await
    }

    pub async fn run(&self, text: &str) {
        self.patient.execute_unprepared(text).await.unwrap();
    }

    /// Writes or only counts `count` cases, as it is asked for; returns how long it took.
    pub async fn fill(
        &mut self,
        args: &Args,
        count: usize,
        period: (Timestamp, Timestamp),
    ) -> Duration {
        if args.counted_only {
            return self.count(args.seed, count, period).await;
        }
        self.write(args.seed, count, period).await
    }

    /// Writes `count` cases reported evenly in `[from, to)`; returns how long it took.
    pub async fn write(
        &mut self,
        seed: u64,
        count: usize,
        period: (Timestamp, Timestamp),
    ) -> Duration {
        let began = Instant::now();
        let mut rng = StdRng::seed_from_u64(seed);
        let (targets, calendar) = (Targets::default(), Calendar::builtin());
        let mut left = count;
        let mut times: Vec<Timestamp> = (0..count).map(|_| moment(&mut rng, period)).collect();
        times.sort_unstable();
        let mut times = times.into_iter();
        while left > 0 {
            let some: Vec<Tale> = times
                .by_ref()
                .take(UNIT)
                .map(|at| invent(&mut rng, &targets, &calendar, at))
                .collect();
            left -= some.len();
            self.store(&some).await;
        }
        began.elapsed()
    }

    /// Counts `count` cases reported evenly in `[from, to)` in the cells of their months, as nights
    /// do, and writes those alone that are not settled; returns how long it took.
    async fn count(&mut self, seed: u64, count: usize, period: (Timestamp, Timestamp)) -> Duration {
        let (began, at) = (Instant::now(), midnight_of(day_of(self.s.clock.now())));
        let mut rng = StdRng::seed_from_u64(seed);
        let targets = Targets::default();
        let calendars = Arc::new(Calendars::new(Calendar::builtin(), Vec::new()));
        let mut times: Vec<Timestamp> = (0..count).map(|_| moment(&mut rng, period)).collect();
        times.sort_unstable();
        let mut state = rolled::state(&self.s.db.read).await.unwrap();
        state = State { edition: *EDITION, until_at: at, day: day_of(at), ..state };
        for (nth, some) in (0..).zip(times.chunks(COUNTED)) {
            let halves = some.chunks(COUNTED / 2).zip(0..).map(|(half, of)| {
                let (half, targets, calendars) =
                    (half.to_vec(), targets.clone(), calendars.clone());
                let (seed, first) = (seed + nth * 2 + of, (nth * 2 + of) * COUNTED_IDS);
                tokio::task::spawn_blocking(move || {
                    counted(&half, &targets, (&calendars, at), (seed, first))
                })
            });
            let (mut cells, mut open) = (Vec::new(), Vec::new());
            for half in join_all(halves).await {
                let (more, left) = half.unwrap();
                cells.push(more);
                open.extend(left);
            }
            // Both halves have cells of the same months.
            for more in cells {
                state = roll_up::put(&self.s, more, Vec::new(), state).await.unwrap();
            }
            for unit in open.chunks(UNIT) {
                self.store(unit).await;
            }
        }
        began.elapsed()
    }

    async fn store(&mut self, tales: &[Tale]) {
        let (s, now) = (self.s.clone(), self.s.clock.now());
        let reporter = self.roster.people.get("resident-1").unwrap().account;
        let first = self.numbers;
        self.numbers += u64::try_from(tales.len()).unwrap();
        let made: Vec<(cases::Model, Vec<NewEvent>)> = tales
            .iter()
            .zip(first..)
            .map(|(tale, nth)| row(&s, tale, (nth, reporter, &self.grids), now))
            .collect();
        let unit = s.writer.commit(move |tx| {
            Box::pin(async move {
                let (mut rows, events): (Vec<cases::Model>, Vec<Vec<NewEvent>>) =
                    made.into_iter().unzip();
                let said = events.iter().map(Vec::len).sum();
                let wanted = [("cases", rows.len()), ("case_event", said)];
                let [cases, said] = take_ids(tx, wanted).await?;
                for (row, id) in rows.iter_mut().zip(cases) {
                    row.id = CaseId(id);
                }
                let mut batch = Batch::of(tx);
                store::case::put_all(&mut batch, &rows)?;
                let events = rows.iter().map(|row| row.id).zip(events);
                store::event::put_all(&mut batch, events, said)?;
                batch.execute(tx).await?;
                Ok::<_, Error>(())
            })
        });
        unit.await.unwrap();
    }
}

/// What settled cases add to the cells of their months, and the tales of the others.
fn counted(
    times: &[Timestamp],
    targets: &Targets,
    (calendars, at): (&Calendars, Timestamp),
    (seed, first): (u64, u64),
) -> (Vec<(Key, Content)>, Vec<Tale>) {
    let (mut rng, calendar) = (StdRng::seed_from_u64(seed), Calendar::builtin());
    let (mut change, mut open) = (Change::default(), Vec::new());
    for (t0, id) in times.iter().zip(BEYOND + first..) {
        let tale = invent(&mut rng, targets, &calendar, *t0);
        let facts: Vec<Fact> = tale.steps.iter().filter(|step| step.at < at).map(fact).collect();
        match Story::of(&facts) {
            Some(story) if is_settled(&story, calendars, at) => {
                change.count((id.cast_signed(), &story), calendars, 1);
            }
            _ => open.push(tale),
        }
    }
    let mut cells = change.cells();
    cells.retain(|(key, _)| key.slice != Slice::Days);
    (cells, open)
}

fn fact(step: &Step) -> Fact {
    let facts = Facts::read(step.kind, &step.payload.to_string()).unwrap();
    Fact { kind: step.kind, at: step.at, actor: None, role: step.role, facts }
}

/// An instant between seven and ten in the evening of some day of the period.
fn moment(rng: &mut StdRng, (from, to): (Timestamp, Timestamp)) -> Timestamp {
    let days = to.since(from).as_secs() / DAY.as_secs();
    let day = u32::try_from(rng.random_range(0..days.max(1))).unwrap();
    from + DAY * day + Duration::from_secs(rng.random_range(7 * 3_600..22 * 3_600))
}

type Whose<'a> = (u64, AccountId, &'a [GridId]);

/// The row and the ledger of a case as far as it has come.
fn row(
    s: &Services,
    tale: &Tale,
    (nth, reporter, grids): Whose<'_>,
    now: Timestamp,
) -> (cases::Model, Vec<NewEvent>) {
    let steps: Vec<_> = tale.steps.iter().filter(|step| step.at < now).collect();
    let (t0, state) = (tale.steps[0].at, tale.state(steps.len()));
    let over = matches!(state.word(), "closed" | "cancelled" | "rejected");
    let grid = grids[usize::try_from(tale.grid).unwrap() % grids.len()];
    let mut case = cases::Model {
        number: format!("{}{nth:09}", compact_date(t0)),
        state,
        urgency: tale.urgency,
        category: tale.category,
        reporter_id: reporter,
        small_grid_id: Some(grid),
        snapshot: "{}".to_owned(),
        targets: serde_json::to_string(&tale.frozen).unwrap(),
        acknowledge_due_at: tale.dues[0],
        contact_due_at: tale.dues[1],
        resolve_due_at: tale.dues[2],
        next_check_at: (!over).then(|| now + DAY),
        content_check: ContentCheck::Passed,
        reopens: tale.reopens,
        ..blank::case(t0)
    };
    let events = steps.into_iter().map(|step| {
        let happened = Happened {
            kind: step.kind,
            actor: None,
            role: step.role,
            payload: step.payload.clone(),
        };
        ledger::append(s, &mut case, happened, step.at).unwrap()
    });
    let events: Vec<NewEvent> = events.collect();
    (case, events)
}
