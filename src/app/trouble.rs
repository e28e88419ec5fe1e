//! Says once that requests and jobs are refused for a reason that lasts, counts them, and says once
//! that it is over: a line for each of them would hide the one that counts.
//!
//! It is over with the first write that succeeds a while after the last refusal: a small write may
//! find room where a large one did not.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use entity::kinds::Timestamp;

use crate::error::{Code, Error, Level};
use crate::services::Services;

/// So long nothing must have been refused before a write that succeeds ends the trouble.
const QUIET: Duration = Duration::from_secs(10);
/// What lasts: the next request will meet it too.
const LASTING: [Code; 2] = [Code::StorageFull, Code::DatabaseDown];

/// What this process is met with at present. All of it is in memory: whoever starts meets it anew.
#[derive(Debug, Default)]
pub struct Troubles(Mutex<[Option<Trouble>; LASTING.len()]>);

#[derive(Clone, Copy, Debug)]
struct Trouble {
    last: Timestamp,
    count: u64,
}

impl Troubles {
    /// Counts a refusal; `None` for a reason that does not last, else whether it is the first.
    fn met(&self, code: Code, now: Timestamp) -> Option<bool> {
        let at = LASTING.iter().position(|one| *one == code)?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let trouble = all.get_mut(at)?;
        let count = trouble.map_or(0, |known| known.count);
        *trouble = Some(Trouble { last: now, count: count.saturating_add(1) });
        Some(count == 0)
    }

    /// Takes out what a write that succeeded now shows to be over, with how many were refused.
    fn over(&self, now: Timestamp) -> Vec<(Code, u64)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet = |one: &mut Trouble| now.since(one.last) >= QUIET;
        let ended = all.iter_mut().map(|one| one.take_if(quiet).map(|trouble| trouble.count));
        LASTING.into_iter().zip(ended).filter_map(|(code, count)| Some((code, count?))).collect()
    }
}

/// Tells whether a refusal of this code is told by [`met`] and by nobody else.
pub fn lasts(code: Code) -> bool {
    LASTING.contains(&code)
}

/// Counts a refusal and says so if it is the first; `false`: it is of another kind, and the caller
/// says it himself.
pub fn met(s: &Services, error: &Error) -> bool {
    let Some(first) = s.troubles.met(error.code, s.clock.now()) else { return false };
    let code = error.code.word();
    s.metrics.troubles.with_label_values(&[code]).inc();
    match (first, error.code.level()) {
        (false, _) => tracing::debug!(code, cause = error.chain(), "one more"),
        (true, Level::Error) => {
            tracing::error!(code, cause = error.chain(), "request failed; others are counted");
        }
        (true, _) => {
            tracing::warn!(code, cause = error.chain(), "request refused; others are counted");
        }
    }
    true
}

/// Says what is over, after a write that succeeded.
pub fn written(s: &Services) {
    for (code, count) in s.troubles.over(s.clock.now()) {
        let code = code.word();
        tracing::info!(code, count, "writes succeed again; so many requests and jobs were refused");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp(second * 1_000_000)
    }

    #[test]
    fn a_trouble_is_told_when_it_begins_and_with_its_count_when_it_is_over() {
        let all = Troubles::default();
        assert_eq!(all.met(Code::Conflict, at(0)), None);
        assert_eq!(all.met(Code::StorageFull, at(0)), Some(true));
        assert_eq!(all.met(Code::StorageFull, at(5)), Some(false));
        assert_eq!(all.met(Code::DatabaseDown, at(9)), Some(true), "each has its own");
        assert_eq!(all.over(at(14)), [], "a small write went through");
        assert_eq!(all.over(at(15)), [(Code::StorageFull, 2)]);
        assert_eq!(all.over(at(16)), []);
        assert_eq!(all.over(at(19)), [(Code::DatabaseDown, 1)]);
        assert_eq!(all.met(Code::StorageFull, at(20)), Some(true), "it begins anew");
    }
}
