//! Rounds, their medians, and the two ways to show them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Args;

/// One round of something done many times.
#[derive(Clone, Debug)]
pub struct Round {
    pub per_s: f64,
    pub ms: Vec<f64>,
    /// Processor of this process for each thing: program, callers and stand-in, not the database.
    pub own_us: f64,
}

/// Everything measured so far.
pub struct Report {
    database: String,
    all: Vec<Value>,
    floor: Option<(f64, f64)>,
    args: String,
}

impl Report {
    pub fn new(args: &Args) -> Self {
        if cfg!(debug_assertions) {
            println!("NOT OPTIMISED: these figures compare with each other and with nothing else");
        }
        let args =
            Args { database: args.database.as_ref().map(|_| "given".to_owned()), ..args.clone() };
        Self { database: String::new(), all: Vec::new(), floor: None, args: format!("{args:?}") }
    }

    pub fn begin(&mut self, database: &str) {
        database.clone_into(&mut self.database);
        self.floor = None;
        println!("\n{database}");
        println!(
            "{:<44}{:>10}{:>10}{:>10}{:>10}  of the floor",
            "", "1/s", "p50 ms", "p99 ms", "own us"
        );
    }

    /// Shows the medians of the rounds; the first of a database is its floor.
    pub fn rounds(&mut self, name: &str, rounds: &[Round]) {
        let per_s = median(rounds.iter().map(|one| one.per_s));
        let p50 = median(rounds.iter().map(|one| at(&one.ms, 50)));
        let p99 = median(rounds.iter().map(|one| at(&one.ms, 99)));
        let own_us = median(rounds.iter().map(|one| one.own_us));
        let (floor_per_s, floor_p99) = *self.floor.get_or_insert((per_s, p99));
        let (speed, tail) = (per_s / floor_per_s, p99 / floor_p99);
        println!(
            "{name:<44}{per_s:>10.0}{p50:>10.2}{p99:>10.2}{own_us:>10.0}  {speed:.2} x speed, {tail:.1} x p99"
        );
        let each: Vec<Value> = rounds
            .iter()
            .map(|one| json!({ "per_s": one.per_s, "p50_ms": at(&one.ms, 50), "p99_ms": at(&one.ms, 99) }))
            .collect();
        self.all.push(json!({ "database": self.database, "name": name, "per_s": per_s,
            "p50_ms": p50, "p99_ms": p99, "own_us": own_us, "of_floor": speed, "p99_of_floor": tail, "rounds": each }));
    }

    /// Shows single waits in milliseconds.
    pub fn waits(&mut self, name: &str, ms: &[f64]) {
        let (p50, p99, most) = (at(ms, 50), at(ms, 99), at(ms, 100));
        println!("{name:<44}{:>10}{p50:>10.1}{p99:>10.1}  at most {most:.1}", "");
        self.all.push(json!({ "database": self.database, "name": name, "p50_ms": p50,
            "p99_ms": p99, "max_ms": most, "count": ms.len() }));
    }

    /// Shows rates of whole rounds.
    pub fn rates(&mut self, name: &str, per_s: &[f64]) {
        let middle = median(per_s.iter().copied());
        println!("{name:<44}{middle:>10.0}");
        self.all.push(
            json!({ "database": self.database, "name": name, "per_s": middle, "rounds": per_s }),
        );
    }

    pub fn json(&self) -> String {
        let whole = json!({ "optimised": !cfg!(debug_assertions), "args": self.args,
            "processors": std::thread::available_parallelism().map_or(0, usize::from), "figures": self.all });
        serde_json::to_string_pretty(&whole).unwrap()
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    at(&values.collect::<Vec<_>>(), 50)
}

fn at(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    *sorted.get(place).expect("something was measured")
}

/// Lets `callers` do `count` things side by side, each the next when its last is answered.
pub async fn side_by_side<F>(
    callers: usize,
    count: usize,
    act: impl Fn(usize) -> F + Send + Sync + 'static,
) -> Round
where
    F: Future<Output = ()> + Send,
{
    let (next, act) = (Arc::new(AtomicUsize::new(0)), Arc::new(act));
    let (began, used) = (Instant::now(), processor());
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (next, act) = (Arc::clone(&next), Arc::clone(&act));
            tokio::spawn(async move {
                let mut ms = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    if n >= count {
                        return ms;
                    }
                    let asked = Instant::now();
                    act(n).await;
                    ms.push(millis(asked.elapsed()));
                }
            })
        })
        .collect();
    let mut ms = Vec::with_capacity(count);
    for task in tasks {
        ms.extend(task.await.unwrap());
    }
    let own_us = processor().saturating_sub(used).as_secs_f64() * 1e6 / count as f64;
    Round { per_s: count as f64 / began.elapsed().as_secs_f64(), ms, own_us }
}

/// Does `count` things at `per_s`, each begun at its time whether or not the ones before it are
/// answered, as people do: what waits behind a slow one is not left out.
pub async fn paced<F>(per_s: f64, count: usize, act: impl Fn(usize) -> F) -> Round
where
    F: Future<Output = ()> + Send + 'static,
{
    let (began, used) = (tokio::time::Instant::now(), processor());
    let mut tasks = Vec::with_capacity(count);
    for n in 0..count {
        // A timer is true to a millisecond; what is due by then begins together.
        let due = began + Duration::from_secs_f64(n as f64 / per_s);
        if due > tokio::time::Instant::now() {
            tokio::time::sleep_until(due).await;
        }
        let (asked, acting) = (Instant::now(), act(n));
        tasks.push(tokio::spawn(async move {
            acting.await;
            millis(asked.elapsed())
        }));
    }
    let mut ms = Vec::with_capacity(count);
    for task in tasks {
        ms.push(task.await.unwrap());
    }
    let own_us = processor().saturating_sub(used).as_secs_f64() * 1e6 / count as f64;
    Round { per_s: count as f64 / began.elapsed().as_secs_f64(), ms, own_us }
}

/// Processor time of this process so far, in steps of 10 ms; zero where the system does not tell.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th after it.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|one| one.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
