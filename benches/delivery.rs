//! How fast a case is written, its people told and thousands of notices sent, beside the floor of
//! the same database: one bare insert of one row with a commit of its own.
//!
//! `make bench-delivery [ARGS="--database URL --json FILE"]`. SQLite always; PostgreSQL as well when
//! an administrator's URL is given (databases are made on that server and dropped). Program,
//! stand-in and clients share this process and its processors. A table goes to standard output,
//! every figure of every round as JSON to the file.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "a harness fails loudly, owns its tasks, and counts far below 2^52"
)]

use std::path::PathBuf;

use clap::Parser;

#[path = "delivery/figures.rs"]
mod figures;
#[path = "delivery/floor.rs"]
mod floor;
#[path = "delivery/kit.rs"]
mod kit;
#[path = "delivery/post.rs"]
mod post;
#[path = "delivery/scene.rs"]
mod scene;
#[path = "delivery/send.rs"]
mod send;

use figures::Report;

/// How much of everything.
#[derive(Clone, Debug, Parser)]
pub struct Args {
    /// A PostgreSQL server on which databases may be made.
    #[arg(long)]
    database: Option<String>,
    /// Callers side by side; half of them at half load.
    #[arg(long, default_value_t = 64)]
    callers: usize,
    /// Rounds of each measure; medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Writes in a round.
    #[arg(long, default_value_t = 4_000)]
    writes: usize,
    /// Pages that are open while cases are posted.
    #[arg(long, default_value_t = 10)]
    pages: usize,
    /// Cases of which each waits for its first notice while nothing else happens.
    #[arg(long, default_value_t = 40)]
    waits: usize,
    /// Notices queued in a round of sending.
    #[arg(long, default_value_t = 10_000)]
    queued: i64,
    /// Ordinary notices that wait when an urgent one comes.
    #[arg(long, default_value_t = 100_000)]
    bulk: i64,
    /// Urgent cases reported into them.
    #[arg(long, default_value_t = 9)]
    urgent: usize,
    /// Milliseconds until the stand-in answers.
    #[arg(long, default_value_t = 50)]
    slow_ms: u64,
    /// Only the measures whose name holds this.
    #[arg(long, default_value = "")]
    only: String,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Given by `cargo bench`; without it everything is tried once, in small.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Args {
    /// Enough to see that each measure still runs, for a test run.
    fn trial(self) -> Self {
        let (callers, rounds, writes, waits) = (4, 1, 40, 2);
        Self { callers, rounds, writes, waits, queued: 60, bulk: 400, urgent: 1, ..self }
    }
}

fn main() {
    let given = Args::parse();
    let args = if given.bench { given } else { given.trial() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut report = Report::new(&args);
    runtime.block_on(async {
        measure(&args, None, &mut report).await;
        if let Some(server) = args.database.clone() {
            measure(&args, Some(server), &mut report).await;
        }
    });
    if let Some(file) = &args.json {
        std::fs::write(file, report.json()).expect("the figures can be written");
    }
}

async fn measure(args: &Args, server: Option<String>, report: &mut Report) {
    report.begin(if server.is_some() { "postgres" } else { "sqlite" });
    let wanted = |name: &str| name.contains(args.only.as_str());
    if wanted("write: floor") {
        floor::measure(args, server.clone(), report).await;
    }
    if wanted("write: POST /cases") {
        post::writes(args, server.clone(), report).await;
    }
    if wanted("tell") {
        post::tells(args, server.clone(), report).await;
    }
    if wanted("send") {
        send::drains(args, server.clone(), report).await;
    }
    if wanted("bulk") {
        send::overtakes(args, server, report).await;
    }
}
