//! Shares the access token and the right to renew it between the processes of an installation.
//!
//! Redis, or the database where none is configured or while it is away, is a convenience: whenever both
//! err or are slow, each process fetches for itself, which WeChat's normal mode allows (all get the
//! same token). No call here waits longer than `PATIENCE` for one command of each, nor longer than
//! `FOLLOW` for another process's renewal. Processes that disagree about Redis fetch once each.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection as Connection;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};

use crate::gateway::redis::Redis;

const PATIENCE: Duration = Duration::from_millis(250);
const FOLLOW: Duration = Duration::from_secs(2);
const STEP: Duration = Duration::from_millis(50);
/// Longer than the longest renewal; a lock whose owner died frees itself after this.
const LOCK_LIFE: Duration = Duration::from_secs(10);
/// WeChat allows 20 forced renewals a day, 30 s apart.
pub(super) const FORCE_EVERY: Duration = Duration::from_secs(30);
/// So many of a day may follow each other as fast as that.
pub(super) const QUICK_FORCES: usize = 4;
/// The rest between all further ones.
pub(super) const FORCE_RARELY: Duration = Duration::from_hours(2);
pub(super) const DAY: Duration = Duration::from_hours(24);

/// A place where processes leave each other notes that end by themselves. Nothing here fails:
/// `None` says that there is nobody to ask.
pub trait Board: Send + Sync {
    /// Reads a note; the inner `None`: there is none.
    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Option<Option<String>>>;
    /// Leaves a note unless there is one; tells whether it did.
    fn put_if_absent<'a>(
        &'a self,
        name: &'a str,
        text: &'a str,
        life: Duration,
    ) -> BoxFuture<'a, Option<bool>>;
    /// Leaves a note in place of any other and removes another one, together, soon: whoever holds a
    /// fresh token does not wait until others can read it.
    fn settle(&self, put: Option<Note>, remove: Option<String>);
}

/// A note that is to be left for a time.
#[derive(Debug)]
pub struct Note {
    pub name: String,
    pub text: String,
    pub life: Duration,
}

/// Where the token lives besides this process.
#[derive(Clone)]
pub enum TokenShare {
    /// Nowhere: this is the only process, or each fetches for itself.
    Local,
    /// In Redis, under keys of this installation; on the board while Redis is away.
    Redis(Redis, Arc<dyn Board>),
    /// Where the program says, which is its database.
    Board(Arc<dyn Board>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct SharedToken {
    pub(super) token: String,
    /// Microseconds since the epoch.
    pub(super) valid_until: i64,
    /// The same; it serves until then where no new one is to be had.
    #[serde(default)]
    pub(super) ends_at: i64,
    /// Counts the tokens of the account: what is published late or not at all must not bring a
    /// process back to one that came before its own.
    #[serde(default)]
    pub(super) serial: u64,
}

/// The right to renew and where it is noted, or the permission to go on without it because nobody
/// answers.
pub(super) struct Lock(Option<(Instant, Place)>);

/// Where a note lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Redis,
    Board,
}

impl TokenShare {
    /// Returns a token another process published, or the right to fetch one. Waits while another
    /// process holds the right, but no longer than `FOLLOW`.
    pub(super) async fn claim(
        &self,
        appid: &str,
        good: impl Fn(&SharedToken) -> bool,
    ) -> Result<SharedToken, Lock> {
        let begun = Instant::now();
        while begun.elapsed() < FOLLOW {
            match self.published(appid).await {
                None => return Err(Lock(None)),
                Some(Some(shared)) if good(&shared) => return Ok(shared),
                Some(_) => {}
            }
            match self.set_if_absent(appid, "lock", LOCK_LIFE).await {
                None => return Err(Lock(None)),
                Some((true, place)) => {
                    let lock = Lock(Some((Instant::now(), place)));
                    // Between the look and the lock its owner may have published and gone.
                    let Some(Some(shared)) = self.published(appid).await else { return Err(lock) };
                    if !good(&shared) {
                        return Err(lock);
                    }
                    self.settle(appid, lock, None).await;
                    return Ok(shared);
                }
                Some((false, _)) => tokio::time::sleep(STEP).await,
            }
        }
        Err(Lock(None))
    }

    /// Publishes what the renewal brought, then gives the right back: a follower that found the
    /// lock gone before the token was there would fetch once more. An owner that was slower than
    /// the lock's life has lost it, and must not remove the lock of its successor.
    pub(super) async fn settle(
        &self,
        appid: &str,
        lock: Lock,
        fresh: Option<(SharedToken, Duration)>,
    ) {
        let Some((since, place)) = lock.0 else { return };
        let mine = since.elapsed() < LOCK_LIFE;
        let note = fresh.and_then(|(shared, life)| {
            let text = serde_json::to_string(&shared).ok()?;
            Some(Note { name: name(appid, "value"), text, life })
        });
        let lock = mine.then(|| name(appid, "lock"));
        match (self, place) {
            (Self::Board(board) | Self::Redis(_, board), Place::Board) => board.settle(note, lock),
            (Self::Local, _) | (Self::Board(_), Place::Redis) => {}
            (Self::Redis(redis, board), Place::Redis) => {
                // Redis went since the lock was taken: who comes next looks at the board.
                if let Some(note) = leave(redis, note).await {
                    board.settle(Some(note), None);
                }
                if let Some(name) = lock {
                    let key = redis.key(&name);
                    let free = |mut to: Connection| async move { to.del(key).await };
                    let _runs_out = redis.ask::<(), _>(PATIENCE, free).await;
                }
            }
        }
    }

    /// Takes one of the forced renewals that the whole installation has in a day; true as well where
    /// there is nobody to ask.
    pub(super) async fn may_force(&self, appid: &str) -> bool {
        if !self.is_first(appid, "forced", FORCE_EVERY).await {
            return false;
        }
        for nth in 0..QUICK_FORCES {
            if self.is_first(appid, &format!("forced:{nth}"), DAY).await {
                return true;
            }
        }
        self.is_first(appid, "forced:rarely", FORCE_RARELY).await
    }

    async fn is_first(&self, appid: &str, part: &str, life: Duration) -> bool {
        self.set_if_absent(appid, part, life).await.is_none_or(|(first, _)| first)
    }

    /// The outer `None` means that there is nobody to ask.
    async fn published(&self, appid: &str) -> Option<Option<SharedToken>> {
        let name = name(appid, "value");
        let text: Option<String> = match self {
            Self::Local => return None,
            Self::Redis(redis, board) => {
                let key = redis.key(&name);
                let get = |mut from: Connection| async move { from.get(key).await };
                match redis.ask(PATIENCE, get).await {
                    Some(text) => text,
                    None => posted(board.as_ref(), &name).await?,
                }
            }
            Self::Board(board) => posted(board.as_ref(), &name).await?,
        };
        Some(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn set_if_absent(
        &self,
        appid: &str,
        part: &str,
        life: Duration,
    ) -> Option<(bool, Place)> {
        let name = name(appid, part);
        let board = match self {
            Self::Local => return None,
            Self::Board(board) => board,
            Self::Redis(redis, board) => {
                let mut set = redis::cmd("SET");
                set.arg(redis.key(&name)).arg("1").arg("NX").arg("PX").arg(millis(life));
                let set = |mut to: Connection| async move { set.query_async(&mut to).await };
                if let Some(done) = redis.ask::<Option<String>, _>(PATIENCE, set).await {
                    return Some((done.is_some(), Place::Redis));
                }
                board
            }
        };
        let put = timeout(PATIENCE, board.put_if_absent(&name, "1", life)).await.ok()??;
        Some((put, Place::Board))
    }
}

/// Leaves a note in Redis; gives back what could not be left.
async fn leave(redis: &Redis, note: Option<Note>) -> Option<Note> {
    let note = note?;
    let (key, text, life) = (redis.key(&note.name), note.text.clone(), millis(note.life).max(1));
    let publish = |mut to: Connection| async move { to.pset_ex(key, text, life).await };
    match redis.ask::<(), _>(PATIENCE, publish).await {
        Some(()) => None,
        None => Some(note),
    }
}

/// Reads a note on the board; the outer `None`: the board is silent.
async fn posted(board: &dyn Board, name: &str) -> Option<Option<String>> {
    timeout(PATIENCE, board.read(name)).await.ok()?
}

fn name(appid: &str, part: &str) -> String {
    format!("wechat:token:{appid}:{part}")
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::FutureExt;

    use super::*;

    /// Shows the token from the second look on, as if its owner published between look and lock.
    #[derive(Default)]
    struct Late {
        looks: AtomicU32,
        removed: Mutex<Vec<String>>,
    }

    impl Board for Late {
        fn read<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Option<Option<String>>> {
            let first = self.looks.fetch_add(1, Ordering::SeqCst) == 0;
            let text = r#"{"token":"T","valid_until":9,"serial":1}"#;
            async move { Some((!first).then(|| text.to_owned())) }.boxed()
        }

        fn put_if_absent<'a>(
            &'a self,
            _name: &'a str,
            _text: &'a str,
            _life: Duration,
        ) -> BoxFuture<'a, Option<bool>> {
            async { Some(true) }.boxed()
        }

        fn settle(&self, put: Option<Note>, remove: Option<String>) {
            assert!(put.is_none(), "{put:?}");
            self.removed.lock().unwrap().extend(remove);
        }
    }

    #[tokio::test]
    async fn whoever_gets_the_lock_after_its_owner_published_adopts_and_gives_it_back() {
        let board = Arc::new(Late::default());
        let same: Arc<dyn Board> = Arc::<Late>::clone(&board);
        let share = TokenShare::Board(same);
        let adopted = share.claim("wx1", |shared| shared.serial == 1).await;
        assert_eq!(adopted.ok().map(|shared| shared.token).as_deref(), Some("T"));
        assert_eq!(*board.removed.lock().unwrap(), ["wechat:token:wx1:lock"]);
        let refused = share.claim("wx1", |shared| shared.serial == 2).await;
        assert!(refused.is_err_and(|lock| lock.0.is_some()), "it has the lock and fetches");
    }
}
