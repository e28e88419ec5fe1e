//! Each figure of the table: how long, how often, beside plain SQL in the same run.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::time::{Duration, Instant};

use entity::kinds::{CaseId, Timestamp};
use sea_orm::{ConnectionTrait, Statement};
use zhinan::app::audit::figures::{self, Question};
use zhinan::app::audit::ledger::Window;
use zhinan::app::audit::{roll_up, rolled};
use zhinan::app::proof::{export, seal, verify};
use zhinan::domain::audit::definition::CARDS;
use zhinan::domain::audit::frame::{Dimension, Filter};
use zhinan::domain::calendar::{day_of, first_of_month, midnight_of};

use super::tale::code;
use super::town::Town;
use super::{Args, Part};

const DAY: Duration = Duration::from_hours(24);

/// Rows of the printed table.
pub struct Table {
    database: &'static str,
    cases: usize,
}

fn ms(length: Duration) -> f64 {
    length.as_secs_f64() * 1e3
}

fn at(sorted: &[Duration], percent: usize) -> f64 {
    ms(sorted[(percent * sorted.len()).div_ceil(100).max(1) - 1])
}

/// How long something took, and how much of the processors it used: other work on the machine
/// lengthens the first and hardly the second. On PostgreSQL the server's part is not in it.
#[derive(Clone, Copy, Debug)]
struct Took {
    wall: Duration,
    busy: Duration,
}

/// Processor time of the program so far, as Linux counts it, in hundredths of a second.
fn busy() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in brackets, may hold spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default().split(' ');
    let ticks = fields.skip(12).take(2).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

async fn timed<T>(run: impl Future<Output = T>) -> (T, Took) {
    let (began, busied) = (Instant::now(), busy());
    let done = run.await;
    (done, Took { wall: began.elapsed(), busy: busy().saturating_sub(busied) })
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} s (processor {:.1} s)", self.wall.as_secs_f64(), self.busy.as_secs_f64())
    }
}

impl Table {
    pub fn begin(database: &'static str, cases: usize) -> Self {
        Self { database, cases }
    }

    fn line(&self, what: &str, value: &str) {
        println!("| {} | {} | {what} | {value} |", self.database, self.cases);
    }

    fn times(&self, what: &str, (mut all, busy): (Vec<Duration>, Duration), note: &str) {
        all.sort_unstable();
        let (p50, p99) = (at(&all, 50), at(&all, 99));
        let each = ms(busy) / all.len() as f64;
        self.line(
            what,
            &format!("p50 {p50:.1} ms, p99 {p99:.1} ms, processor {each:.1} ms each{note}"),
        );
    }
}

/// Every figure, in the order of documents, but the one for which what is carried over the edges of
/// the period is read.
fn held() -> Vec<String> {
    CARDS.iter().map(|card| card.id.to_owned()).filter(|id| id != CARRIED).collect()
}

const CARRIED: &str = "R19";

fn ask(ids: &[String], (from, to): (i64, i64), by: Dimension, now: Timestamp) -> Question {
    let window = Window { from: midnight_of(from), to: midnight_of(to), as_of: now };
    Question { ids: ids.to_vec(), window, by, filter: Filter::default() }
}

async fn again(rounds: usize, mut run: impl AsyncFnMut()) -> (Vec<Duration>, Duration) {
    // Warm: what is read once is in the caches of database and system.
    run().await;
    let (mut all, busied) = (Vec::new(), busy());
    for _ in 0..rounds {
        let began = Instant::now();
        run().await;
        all.push(began.elapsed());
    }
    (all, busy().saturating_sub(busied))
}

pub async fn all(args: &Args, server: Option<String>, cases: usize) {
    let database = if server.is_some() { "PostgreSQL" } else { "SQLite" };
    let table = Table::begin(database, cases);
    // Half an hour past a midnight, so that the night's job has a whole day before it.
    let now = midnight_of(day_of(args.now())) + Duration::from_mins(30);
    let today = day_of(now);
    let mut town = Town::open(server, now).await;
    let period = (midnight_of(today - 1_096), midnight_of(today));
    let took = town.fill(args, cases, period).await;
    // PostgreSQL gathers statistics by itself; SQLite has none in use, because nothing asks it to.
    if database == "PostgreSQL" {
        town.run("VACUUM ANALYZE").await;
    }
    let events = town.number("SELECT COUNT(*) AS n FROM case_event").await;
    let disk = town.megabytes().await;
    table.line("written", &format!("{events} events in {:.0} s, {disk} MB", took.as_secs_f64()));
    let (done, took) = timed(roll_up::run(&town.s)).await;
    done.unwrap();
    let cells = town.number("SELECT COUNT(*) AS n FROM figure_cell").await;
    let bytes = town
        .number("SELECT SUM(LENGTH(body) + LENGTH(listed)) / 1048576 AS n FROM figure_cell")
        .await;
    let open = "SELECT (SELECT COUNT(*) FROM cases WHERE next_check_at IS NOT NULL) + COUNT(*) AS n
        FROM case_beside b JOIN cases c ON c.id = b.case_id AND c.next_check_at IS NULL";
    let open = town.number(open).await;
    table.line(
        "rolled up from nothing",
        &format!("{took}, {cells} cells, bodies {bytes} MB; {open} cases not settled"),
    );
    if database == "PostgreSQL" {
        town.run("VACUUM ANALYZE").await;
    }
    // The last month that is over and settled but for a few.
    let last = first_of_month(first_of_month(today - 40));
    let month = (last, first_of_month(last + 31));
    let years = (first_of_month(today - 1_096 + 31), first_of_month(today));
    let running = (first_of_month(today - 1), today);
    for (name, days, by) in [
        ("a month by 40 grids", month, Dimension::Grid),
        ("three years by month", years, Dimension::Month),
        ("the month that runs, by 40 grids", running, Dimension::Grid),
    ] {
        figures_of(args, &table, &town, (name, days, by)).await;
    }
    others(args, &table, &mut town, month).await;
    table.line("disk at the end", &format!("{} MB", town.megabytes().await));
}

/// Everything but figures, as far as it is asked for.
async fn others(args: &Args, table: &Table, town: &mut Town, month: (i64, i64)) {
    if args.asks(Part::Page) {
        page(args, table, town, month).await;
    }
    if args.asks(Part::Seal) {
        seal_all(table, town).await;
    }
    if args.asks(Part::Export) {
        proof(args, table, town).await;
    }
    if args.asks(Part::Night) {
        night(args, table, town).await;
    }
}

async fn figures_of(
    args: &Args,
    table: &Table,
    town: &Town,
    (name, days, by): (&str, (i64, i64), Dimension),
) {
    let (s, now) = (&town.s, town.s.clock.now());
    let one = |id: &str| (id.to_owned(), vec![id.to_owned()]);
    let sets = [("42 figures".to_owned(), held()), one("R6"), one("M7"), one(CARRIED)];
    for (what, ids) in sets {
        let question = ask(&ids, days, by, now);
        let mut beside = 0;
        let all = again(args.rounds, async || {
            let answer = rolled::compute(s, &question, false).await.unwrap();
            beside = answer.source.expect("cells answer").read;
        })
        .await;
        table.times(&format!("{name}, {what}"), all, &format!("; {beside} cases read beside"));
    }
    if !args.asks(Part::Exact) {
        return;
    }
    let question = ask(&held(), days, by, now);
    let exact = again(args.exact_rounds, async || {
        figures::compute(s, &question).await.unwrap();
    })
    .await;
    table.times(&format!("{name}, 42 figures, exact"), exact, "");
    let text = plain(s.db.is_sqlite(), days, by);
    let sql = again(args.exact_rounds, async || {
        let query = Statement::from_string(s.db.read.get_database_backend(), text.as_str());
        s.db.read.query_all_raw(query).await.unwrap();
    })
    .await;
    table.times(&format!("{name}, five lengths by plain SQL over the events"), sql, "");
}

/// M2, M4, M5, M7 and M8 on the wall clock as far as SQL has them: counts and, on PostgreSQL, the
/// percentiles; no hours, rests, promises, exclusions, or what still waits. The database cannot open
/// payloads, so nothing of R1 to R17 can be said at all.
fn plain(sqlite: bool, (from, to): (i64, i64), by: Dimension) -> String {
    let group = match (by, sqlite) {
        (Dimension::Grid, _) => "c.small_grid_id".to_owned(),
        (_, true) => "strftime('%Y-%m', c.reported_at / 1000000 + 28800, 'unixepoch')".to_owned(),
        (_, false) => {
            "to_char(to_timestamp(c.reported_at / 1000000 + 28800), 'YYYY-MM')".to_owned()
        }
    };
    let kinds = ["pushed", "acknowledged", "contacted", "resolved", "confirmed"];
    let marks: Vec<String> = kinds
        .iter()
        .map(|kind| {
            let function = if *kind == "resolved" { "MAX" } else { "MIN" };
            format!("{function}(CASE WHEN e.kind = '{kind}' THEN e.server_time END) AS {kind}")
        })
        .collect();
    let said: Vec<String> = kinds
        .iter()
        .map(|kind| {
            let length = format!("(m.{kind} - m.reported_at)");
            if sqlite {
                return format!("COUNT({length}), AVG({length}), MAX({length})");
            }
            let points = [0.5, 0.9, 0.95]
                .map(|point| format!("percentile_disc({point}) WITHIN GROUP (ORDER BY {length})"));
            format!("COUNT({length}), MAX({length}), {}", points.join(", "))
        })
        .collect();
    let (from, to) = (midnight_of(from).0, midnight_of(to).0);
    format!(
        "SELECT m.part, COUNT(*), {} FROM (
            SELECT {group} AS part, c.id, c.reported_at, {}
              FROM cases c JOIN case_event e ON e.case_id = c.id
             WHERE c.reported_at >= {from} AND c.reported_at < {to}
             GROUP BY 1, c.id, c.reported_at) m
         GROUP BY m.part",
        said.join(", "),
        marks.join(", ")
    )
}

async fn page(args: &Args, table: &Table, town: &Town, days: (i64, i64)) {
    let mut question = ask(&["R6".to_owned()], days, Dimension::Grid, town.s.clock.now());
    let first = again(args.rounds, async || {
        figures::list(&town.s, &question, (CaseId(0), 100)).await.unwrap();
    })
    .await;
    table.times("a page of 100 cases behind R6 of the month", first, "");
    question.filter = Filter(vec![(Dimension::Grid, code(3))]);
    let first = again(args.rounds, async || {
        figures::list(&town.s, &question, (CaseId(0), 100)).await.unwrap();
    })
    .await;
    table.times("the same of one grid", first, "");
    question.filter = Filter::default();
    question.window.as_of = midnight_of(days.1) + DAY * 3;
    let first = again(args.rounds, async || {
        figures::list(&town.s, &question, (CaseId(0), 100)).await.unwrap();
    })
    .await;
    table.times("the same as it was three days after the month", first, "");
}

async fn seal_all(table: &Table, town: &Town) {
    let (done, took) = timed(seal::run(&town.s)).await;
    done.unwrap();
    let days = town.number("SELECT COUNT(*) AS n FROM ledger_checkpoint").await;
    table.line("sealed", &format!("{days} days in {took}"));
}

/// Everything is exported to a file, and the file is verified on one processor.
async fn proof(args: &Args, table: &Table, town: &Town) {
    let dir = tempfile::tempdir().unwrap();
    let (lines, mut sealed) = (dir.path().join("events.jsonl"), Vec::new());
    let mut events = BufWriter::new(File::create(&lines).unwrap());
    let run = export::run(&town.s, (None, None), &mut events, &mut sealed);
    let (held, took) = timed(run).await;
    let held = held.unwrap();
    events.into_inner().unwrap();
    let megabytes = (lines.metadata().unwrap().len() >> 20) + (sealed.len() as u64 >> 20);
    table.line("exported", &format!("{megabytes} MB, {}", rates("events", held.entries, took)));
    if !args.asks(Part::Verify) {
        return;
    }
    let key = town.s.signer.verifier().unwrap();
    let (report, took) = timed(async {
        let sealed = verify::checkpoints(sealed.as_slice()).unwrap().0;
        verify::files(
            BufReader::new(File::open(&lines).unwrap()),
            (sealed, &key),
            verify::Expected::default(),
        )
        .unwrap()
    })
    .await;
    assert!(report.is_whole());
    table.line("verified on one processor", &rates("events", held.entries, took));
}

/// So many cases become settled in one day, and the night counts them.
async fn night(args: &Args, table: &Table, town: &mut Town) {
    let now = town.s.clock.now();
    let today = midnight_of(day_of(now));
    let period = (today - DAY * 24, today - DAY * 14);
    town.write(args.seed + 1, args.day, period).await;
    town.s.clock.advance(DAY);
    let (done, took) = timed(roll_up::run(&town.s)).await;
    done.unwrap();
    table.line(
        &format!("the night after a day of {} cases", args.day),
        &format!("{took}, {}", rates("cases", args.day, took)),
    );
}

fn rates(of: &str, count: usize, took: Took) -> String {
    let (wall, busy) = (per_s(count, took.wall), per_s(count, took.busy));
    format!("{wall:.0} {of}/s, {busy:.0} for a second of processor")
}

fn per_s(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}
