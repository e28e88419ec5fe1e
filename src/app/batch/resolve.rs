//! Resolves many texts and takes the time of each.

use std::time::{Duration, Instant};

use super::Question;
use crate::domain::address::{Index, Resolution};

/// One answer and how long the resolver alone took.
#[derive(Debug)]
pub struct Timed {
    pub said: Resolution,
    pub took: Duration,
}

/// Answers every question in its order, on `threads` threads that share the index.
pub fn run(index: &Index, questions: &[Question], threads: usize) -> Vec<Timed> {
    let share = questions.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> = questions
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(|q| one(index, q)).collect::<Vec<_>>()))
            .collect();
        let finished = running.into_iter().map(std::thread::ScopedJoinHandle::join);
        finished
            .flat_map(|part| part.unwrap_or_else(|why| std::panic::resume_unwind(why)))
            .collect()
    })
}

fn one(index: &Index, question: &Question) -> Timed {
    let query = question.query();
    let began = Instant::now();
    let said = index.resolve(&query);
    Timed { said, took: began.elapsed() }
}

/// Returns the nearest-rank percentile of sorted lengths; zero of none.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::batch::read_questions;
    use crate::demo::{SEED, street};

    #[test]
    fn answers_keep_the_order_of_the_questions_however_many_threads_answer() {
        let street = street::generate(SEED);
        let index = Index::build(&street.gazetteer);
        let lines: Vec<_> = street
            .households
            .iter()
            .step_by(6_400)
            .map(|home| {
                serde_json::json!({"id": home.external_id, "text": home.address}).to_string()
            })
            .collect();
        let questions = read_questions(&lines.join("\n")).expect("questions");
        let grids = |threads| -> Vec<_> {
            run(&index, &questions, threads).iter().map(|one| one.said.grid).collect()
        };
        let alone = grids(1);
        assert_eq!(alone.len(), questions.len());
        assert_eq!(alone, grids(3));
        assert_eq!(alone, grids(1_000));
        assert!(run(&index, &[], 4).is_empty());
    }

    #[test]
    fn a_percentile_is_a_length_that_was_measured() {
        let lengths: Vec<_> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(percentile(&lengths, 50), Duration::from_micros(100));
        assert_eq!(percentile(&lengths, 99), Duration::from_micros(198));
        assert_eq!(percentile(&lengths[..1], 99), Duration::from_micros(1));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }
}
