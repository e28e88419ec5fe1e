//! The resolver's speed at the scale of a street and of a city, beside two searches that a town
//! could have had for nothing: BM25 on character bigrams, and PostgreSQL's `pg_trgm`.
//!
//! `make bench-address`. Places and messages are the demo street's and a made-up city's, or those of
//! `ZHINAN_GAZETTEER` (a folder as `zhinan import` takes it) and `ZHINAN_MESSAGES` (questions as
//! `zhinan address resolve` takes them). The latter needs `TEST_DATABASE_URL`. Percentiles and ratios
//! of the same run go to standard output.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a harness fails loudly, and reads its environment"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use zhinan::app::batch::Question;
use zhinan::app::batch::resolve::percentile;
use zhinan::domain::address::Index;
use zhinan::domain::gazetteer::Gazetteer;

#[path = "address/bm25.rs"]
mod bm25;
#[path = "address/town.rs"]
mod town;
#[path = "address/trgm.rs"]
mod trgm;

use bm25::Bm25;
use town::Town;

fn main() {
    let town = Town::load();
    let mut criterion = Criterion::default().configure_from_args();
    for (name, places) in [("street", &town.street), ("city", &town.city)] {
        let index = Index::build(places);
        resolve(&mut criterion, name, &index, &town.messages);
        compare(name, places, &index, &town.messages);
    }
    criterion.final_summary();
}

/// Criterion's own measure: one message after the other.
fn resolve(criterion: &mut Criterion, name: &str, index: &Index, messages: &[Question]) {
    let mut next = messages.iter().cycle();
    criterion.bench_function(&format!("{name}/resolve"), |bencher| {
        bencher.iter(|| next.next().map(|message| index.resolve(black_box(&message.query()))));
    });
}

/// Prints percentiles of the resolver and of its rivals, and how many times longer those took.
fn compare(name: &str, places: &Gazetteer, index: &Index, messages: &[Question]) {
    let ours = times(messages, |message| {
        black_box(index.resolve(&message.query()));
    });
    println!("{name}: {} messages", messages.len());
    line("resolver", &ours, &ours);
    let documents = town::documents(places);
    let bm25 = Bm25::build(documents.iter().map(String::as_str));
    let theirs = times(messages, |message| {
        black_box(bm25.best(&message.text));
    });
    line(&format!("bigram BM25, {} addresses", documents.len()), &theirs, &ours);
    if name == "street" {
        match trgm::times(&documents, messages) {
            Ok(theirs) => line("pg_trgm word_similarity", &theirs, &ours),
            Err(why) => println!("  SKIPPED pg_trgm: {why}"),
        }
    }
}

/// Takes the time of each message; the first round only warms the caches.
fn times(messages: &[Question], mut answer: impl FnMut(&Question)) -> Vec<Duration> {
    messages.iter().take(100).for_each(&mut answer);
    let mut times: Vec<_> = messages
        .iter()
        .map(|message| {
            let began = Instant::now();
            answer(message);
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times
}

fn line(name: &str, theirs: &[Duration], ours: &[Duration]) {
    let micros = |times: &[Duration], percent| percentile(times, percent).as_secs_f64() * 1e6;
    let [p50, p99] = [50, 99].map(|percent| micros(theirs, percent));
    let ratio = |percent| micros(theirs, percent) / micros(ours, percent);
    println!(
        "  {name:<36} p50 {p50:>10.1} µs ({:>8.1}×)   p99 {p99:>10.1} µs ({:>8.1}×)",
        ratio(50),
        ratio(99)
    );
}
