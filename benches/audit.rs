//! What a figure costs: a database of invented cases over three years, then the same questions from
//! cells, from the ledger alone, and by plain SQL over the events.
//!
//! `make bench-audit [ARGS="--cases 100000 --database URL"]`. SQLite unless a PostgreSQL server is
//! named (a database is made on it and dropped). Prints a table in Markdown.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "a harness fails loudly, owns its tasks, and counts far below 2^52"
)]

use clap::{Parser, ValueEnum};
use entity::kinds::Timestamp;
use zhinan::domain::calendar::parse_instant;

#[path = "audit/kit.rs"]
mod kit;
#[path = "audit/measure.rs"]
mod measure;
#[path = "audit/tale.rs"]
mod tale;
#[path = "audit/town.rs"]
mod town;

/// How much of everything.
#[derive(Clone, Debug, Parser)]
pub struct Args {
    /// A PostgreSQL server on which a database may be made; SQLite without it.
    #[arg(long)]
    database: Option<String>,
    /// Cases over three years; several sizes, one database after the other.
    #[arg(long, value_delimiter = ',', default_value = "100000")]
    cases: Vec<usize>,
    /// Cases of the day that is rolled up by itself.
    #[arg(long, default_value_t = 50_000)]
    day: usize,
    /// How often each question is asked.
    #[arg(long, default_value_t = 100)]
    rounds: usize,
    /// How often the slow ones are.
    #[arg(long, default_value_t = 3)]
    exact_rounds: usize,
    /// Parts that are left out, where they would take too long or too much room.
    #[arg(long, value_delimiter = ',')]
    without: Vec<Part>,
    /// The cases are counted in the cells of their months and not written, but for those that are
    /// not settled: what figures cost after more cases than there is room for. Cells of days are
    /// not made; periods of whole months read none.
    #[arg(long)]
    counted_only: bool,
    #[arg(long, default_value_t = 371_702_003)]
    seed: u64,
    /// The day on which the three years end.
    #[arg(long, default_value = "2026-11-24")]
    today: String,
    /// Given by `cargo bench`; without it everything is tried once, in small.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The ledger alone, and plain SQL.
    Exact,
    Page,
    Seal,
    /// Needs what was sealed, and 7 KB of disk for each case.
    Export,
    /// Needs the export.
    Verify,
    Night,
}

impl Args {
    fn asks(&self, part: Part) -> bool {
        !self.counted_only && !self.without.contains(&part)
    }

    /// Enough to see that each measure still runs, for a test run.
    fn trial(self) -> Self {
        Self { cases: vec![300], day: 40, rounds: 2, exact_rounds: 1, ..self }
    }

    fn now(&self) -> Timestamp {
        parse_instant(&self.today).expect("a day")
    }
}

fn main() {
    let given = Args::parse();
    let args = if given.bench { given } else { given.trial() };
    if cfg!(debug_assertions) {
        println!("NOT OPTIMISED: these figures compare with each other and with nothing else");
    }
    println!("| database | cases | what | measured |\n|---|---|---|---|");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for cases in &args.cases {
        runtime.block_on(measure::all(&args, args.database.clone(), *cases));
    }
    if !args.bench {
        let args = Args { counted_only: true, ..args };
        runtime.block_on(measure::all(&args, None, args.cases[0]));
    }
}
