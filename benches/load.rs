//! The whole program under load: posts labelled messages of a gazetteer as many residents, kills
//! or stops the server on request, and says what became of every single one.
//!
//! `make bench-load ARGS="--gazetteer DIR --messages FILE [--database URL] [--kill N [--gently]]"`. Figures go
//! to standard output; the exit code is 1 when anything that was answered is lost.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a harness fails loudly, and owns its process"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use serde::Deserialize;

#[path = "../tests/it/kit/load/mod.rs"]
mod load;
#[path = "../tests/it/kit/port.rs"]
mod port;

use load::account;
use load::post::{self, Crowd, Message, Posted};
use load::processes::Processes;

const LOOK: Duration = Duration::from_millis(5);

#[derive(Parser)]
struct Args {
    /// Folder that `zhinan import` reads.
    #[arg(long)]
    gazetteer: Option<PathBuf>,
    /// Labelled messages, one JSON object per line: `text`, `gps`, `label.expected`, `label.grid`.
    #[arg(long)]
    messages: Option<PathBuf>,
    /// An empty PostgreSQL database; without it SQLite serves.
    #[arg(long, default_value = "")]
    database: String,
    #[arg(long, default_value_t = 500)]
    residents: usize,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How often the server is killed, spread over the run.
    #[arg(long, default_value_t = 0)]
    kill: usize,
    /// Interruptions ask the server to stop instead of killing it.
    #[arg(long)]
    gently: bool,
    /// The program to drive; without it the one that was built together with this.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_zhinan"))]
    binary: PathBuf,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    gps: Option<Gps>,
    label: Label,
}

#[derive(Deserialize)]
struct Gps {
    lon: f64,
    lat: f64,
    acc: f64,
}

#[derive(Deserialize)]
struct Label {
    expected: String,
    grid: Option<String>,
    #[serde(default)]
    soft: Vec<String>,
}

fn main() {
    let args = Args::parse();
    let (Some(gazetteer), Some(messages)) = (&args.gazetteer, &args.messages) else {
        println!("load: nothing to do without --gazetteer and --messages");
        return;
    };
    let lines: Vec<Line> = std::fs::read_to_string(messages)
        .expect("the messages can be read")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a labelled message"))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let lost = runtime.block_on(run(&args, gazetteer, &lines));
    std::process::exit(i32::from(lost));
}

async fn run(args: &Args, gazetteer: &Path, lines: &[Line]) -> bool {
    let began = Instant::now();
    let mut processes = Processes::start(&args.binary, gazetteer, &args.database).await;
    println!("prepared in {:.1} s", began.elapsed().as_secs_f64());
    println!("{}", processes.summary());
    let crowd = Arc::new(Crowd::sign_in(&processes, args.residents).await);
    let messages = lines.iter().map(|line| Message {
        text: line.text.clone(),
        gps: line.gps.as_ref().map(|gps| (gps.lon, gps.lat, gps.acc)),
    });
    let messages = Arc::new(messages.collect::<Vec<_>>());
    let answered = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let posting = {
        let (crowd, messages, answered) =
            (Arc::clone(&crowd), Arc::clone(&messages), Arc::clone(&answered));
        let connections = args.connections;
        tokio::spawn(async move { crowd.post_all(&messages, connections, &answered).await })
    };
    for n in 1..=args.kill {
        while answered.load(Ordering::SeqCst) < n * lines.len() / (args.kill + 1) {
            tokio::time::sleep(LOOK).await;
        }
        if args.gently {
            let seconds = processes.stop_server();
            let leased = account::leased(&processes).await;
            println!("stopped within {seconds:.1} s; still leased: {leased:?}");
        } else {
            processes.kill_server();
        }
        processes.start_server().await;
    }
    let posted = posting.await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    println!("{}", post::summary(&posted, seconds));
    report_routes(&posted, lines);
    let account = account::settle(&processes, &posted, Duration::from_mins(10)).await;
    println!("{account}");
    println!("{}", processes.summary());
    for loss in account.losses.iter().take(20) {
        println!("LOST {loss}");
    }
    println!("{} losses", account.losses.len());
    !account.losses.is_empty()
}

fn report_routes(posted: &[Posted], lines: &[Line]) {
    let (mut right, mut lucky, mut wrong, mut asked, mut other) = (0, 0, 0, 0, 0);
    for (one, line) in posted.iter().zip(lines) {
        let routed = one.view["state"] != "triage";
        let grid = one.view["grid"]["small"]["id"].as_str();
        let fits = grid.is_some()
            && (grid == line.label.grid.as_deref()
                || line.label.soft.iter().any(|soft| Some(soft.as_str()) == grid));
        let place = matches!(line.label.expected.as_str(), "resolve" | "resolve_gps" | "learned");
        let reason = one.view["triage"]["reason"].as_str();
        match (routed, fits, place, reason) {
            (true, true, true, _) => right += 1,
            (true, true, false, _) => lucky += 1,
            (true, false, ..) => wrong += 1,
            (false, _, _, Some("ask" | "large_grid_only")) => asked += 1,
            _ => other += 1,
        }
    }
    println!(
        "routed right {right}, by luck {lucky}, wrong {wrong}; asked or to the large grid {asked}; to the desk {other}"
    );
}
