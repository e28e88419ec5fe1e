//! One subscribe message to a person at a time: WeChat refuses a second one that comes while the
//! first is under way (43108), and a refusal costs a try.
//!
//! Other processes are not asked: where two of them meet, WeChat's refusal is tried again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

/// How long a message waits for its turn: then it is not sent, which its job must learn before its
/// own time is over.
const PATIENCE: Duration = Duration::from_secs(2);

type Line = Arc<Mutex<()>>;

/// Who is being sent to; grows with the messages under way and with nothing else.
#[derive(Default)]
pub(super) struct Turns(StdMutex<HashMap<String, Line>>);

/// The right to send to one person; given back when dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    openid: &'a str,
    line: Option<Line>,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits until nobody sends to this person; `None` when that takes too long.
    pub(super) async fn take<'a>(&'a self, openid: &'a str) -> Option<Turn<'a>> {
        let line = Arc::clone(self.all().entry(openid.to_owned()).or_default());
        let mut turn = Turn { turns: self, openid, line: Some(Arc::clone(&line)), held: None };
        turn.held = timeout(PATIENCE, line.lock_owned()).await.ok();
        turn.held.is_some().then_some(turn)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut all = self.turns.all();
        self.held = None;
        self.line = None;
        if all.get(self.openid).is_some_and(|line| Arc::strong_count(line) == 1) {
            all.remove(self.openid);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn one_at_a_time_for_each_person_and_nothing_is_left_behind() {
        let turns = Turns::default();
        let first = turns.take("one").await.unwrap();
        assert!(turns.take("two").await.is_some(), "another person waits for nobody");
        assert!(turns.take("one").await.is_none(), "it waited in vain");
        drop(first);
        assert!(turns.all().is_empty(), "{:?}", turns.all().keys());
        let under_way = StdMutex::new(0);
        let send = async || {
            let turn = turns.take("one").await;
            let before = std::mem::replace(&mut *under_way.lock().unwrap(), 1);
            tokio::task::yield_now().await;
            *under_way.lock().unwrap() = 0;
            drop(turn);
            before
        };
        assert_eq!(join_all((0..10).map(|_| send())).await, [0; 10]);
        assert!(turns.all().is_empty());
    }
}
