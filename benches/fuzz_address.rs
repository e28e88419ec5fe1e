//! Feeds the resolver and the number cutter broken texts for some minutes: `make fuzz-address
//! MINUTES=10`.
//!
//! A text begins as an address of the demo street or as noise, and is cut, spliced, repeated and
//! littered with bytes; what is not UTF-8 becomes what a server would have read. The first text
//! whose answer panics or is unsound is printed and ends the run with exit code 1. `SEED` repeats a
//! run.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a harness fails loudly, and reads its environment"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use zhinan::demo::{SEED, street};
use zhinan::domain::address::coverage::addresses;
use zhinan::domain::address::{Action, Index, Query, cut};

const PIECES: &[&str] = &[
    "号楼",
    "单元",
    "①",
    "二十一",
    "-",
    "、",
    "和",
    "不是",
    "对面",
    "往东50米路北",
    "附",
    "组",
    "🙏",
    "\u{200b}",
    "\u{202e}",
    "１",
    "＃",
    "幺",
    "第",
    "负",
    "B1",
    "999999999999999999999",
    "：",
    "【",
    "]",
    "\n",
    "\0",
    "é",
];

fn main() {
    let number = |name| std::env::var(name).ok().and_then(|raw| raw.parse::<u64>().ok());
    // Without MINUTES, as when all benches are run, a moment shows that it works.
    let length = number("MINUTES").map_or(Duration::from_secs(1), |n| Duration::from_secs(60 * n));
    let seed = number("SEED").unwrap_or(1);
    let places = street::generate(SEED).gazetteer;
    let index = Index::build(&places);
    let corpus: Vec<String> = addresses(&places).map(|(address, _)| address).collect();
    let mut rng = StdRng::seed_from_u64(seed);
    let (began, mut texts) = (Instant::now(), 0_u64);
    while began.elapsed() < length {
        for _ in 0..1_000 {
            let text = broken(&corpus, &mut rng);
            let held = catch_unwind(AssertUnwindSafe(|| check(&index, &text)));
            let why = held.unwrap_or(Some("it panicked"));
            if let Some(why) = why {
                eprintln!("SEED={seed}, text {texts}: {why}: {text:?}");
                std::process::exit(1);
            }
            texts += 1;
        }
    }
    println!("fuzz-address: {texts} texts in {:?}, SEED={seed}: all sound", began.elapsed());
}

fn broken(corpus: &[String], rng: &mut StdRng) -> String {
    let mut bytes: Vec<u8> = Vec::new();
    for _ in 0..rng.random_range(0..4_usize) {
        bytes.extend(corpus.choose(rng).expect("the street has addresses").as_bytes());
    }
    for _ in 0..rng.random_range(0..8_usize) {
        let at = rng.random_range(0..=bytes.len());
        match rng.random_range(0..5_u8) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, rng.random()),
            2 => bytes.extend_from_within(at..),
            3 => {
                bytes.drain(at..bytes.len().min(at + 3));
            }
            _ => {
                let piece = PIECES.choose(rng).copied().unwrap_or_default();
                bytes.splice(at..at, piece.bytes());
            }
        }
        bytes.truncate(4_000);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns what is wrong with the answers to a text.
fn check(index: &Index, text: &str) -> Option<&'static str> {
    let length = text.chars().count();
    let mut free = 0;
    for span in cut(text) {
        if span.start < free || span.start >= span.end || span.end > length {
            return Some("a number lies outside or overlaps");
        }
        free = span.end;
    }
    let said = index.resolve(&Query { text, ..Query::default() });
    let inside = said.spans.iter().all(|span| span.start < span.end && span.end <= length);
    let chances = said.candidates.iter().map(|c| c.p).chain([said.confidence]);
    if !inside {
        Some("a span lies outside")
    } else if !chances.into_iter().all(|p| (0.0..=1.0).contains(&p)) {
        Some("a probability is none")
    } else if said.action == Action::Route && said.grid.is_none() {
        Some("a route leads nowhere")
    } else {
        None
    }
}
