//! Says once that requests, jobs and the platforms' own pushes are refused for a reason that lasts, counts
//! them, and says once that it is over: a line for each of them would hide the one that counts.
//!
//! It is over with the first write that succeeds a while after the last refusal: a small write may
//! find room where a large one did not.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use entity::kinds::{Timestamp, WechatApp};

use crate::error::{Code, Error, Level};
use crate::gateway::wechat::CallbackError;
use crate::services::Services;

/// So long nothing must have been refused before a write that succeeds ends the trouble.
const QUIET: Duration = Duration::from_secs(10);
/// The same of a push that is taken: others through that door may still be refused.
const DOOR_QUIET: Duration = Duration::from_mins(10);
/// What lasts: the next request will meet it too.
const LASTING: [Code; 2] = [Code::StorageFull, Code::DatabaseDown];

/// What this process is met with at present. All of it is in memory: whoever starts meets it anew.
#[derive(Debug, Default)]
pub struct Troubles {
    refused: Spells<Code>,
    /// Pushes that are the platforms' own and are lost.
    deaf: Spells<(WechatApp, CallbackError)>,
}

/// What lasts, each with how often it was met.
#[derive(Debug)]
struct Spells<K>(Mutex<Vec<(K, Trouble)>>);

#[derive(Clone, Copy, Debug)]
struct Trouble {
    last: Timestamp,
    count: u64,
}

impl<K> Default for Spells<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Copy + PartialEq> Spells<K> {
    /// Counts one more; tells whether it is the first.
    fn met(&self, what: K, now: Timestamp) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter_mut().find(|(one, _)| *one == what);
        if let Some((_, known)) = known {
            *known = Trouble { last: now, count: known.count.saturating_add(1) };
            return false;
        }
        all.push((what, Trouble { last: now, count: 1 }));
        true
    }

    /// Takes out what ended, each with how often it was met: `ends` hears what it is, and when it was
    /// met for the last time.
    fn over(&self, ends: impl Fn(K, Timestamp) -> bool) -> Vec<(K, u64)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = all.iter().filter(|(one, known)| ends(*one, known.last));
        let ended = ended.map(|(one, known)| (*one, known.count)).collect();
        all.retain(|(one, known)| !ends(*one, known.last));
        ended
    }
}

impl Troubles {
    /// Counts a refusal; `None` for a reason that does not last, else whether it is the first.
    fn met(&self, code: Code, now: Timestamp) -> Option<bool> {
        lasts(code).then(|| self.refused.met(code, now))
    }

    /// Takes out what a write that succeeded now shows to be over, with how many were refused.
    fn over(&self, now: Timestamp) -> Vec<(Code, u64)> {
        self.refused.over(|_code, last| last.is_ahead_of(now) || now.since(last) >= QUIET)
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

/// Counts a push that is certainly the platform's and is refused, and says so, with its `cure`, if it is
/// the first.
pub fn deaf(s: &Services, (app, why): (WechatApp, CallbackError), cure: &str) {
    if s.troubles.deaf.met((app, why), s.clock.now()) {
        tracing::error!(app = app.word(), cure, "{why}: it is lost; others are counted");
    }
}

/// Says what is over at a door, after a push that was taken there.
pub fn heard(s: &Services, app: WechatApp) {
    let now = s.clock.now();
    let ends = |(at, _why): (WechatApp, CallbackError), last: Timestamp| {
        at == app && (last.is_ahead_of(now) || now.since(last) >= DOOR_QUIET)
    };
    for ((_, why), count) in s.troubles.deaf.over(ends) {
        tracing::info!(
            app = app.word(),
            count,
            "pushes are taken again; so often it was said: {why}"
        );
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
        assert_eq!(all.over(at(15)), []);
        assert_eq!(all.over(at(14)), [(Code::StorageFull, 1)], "the clock was put back");
    }
}
