//! What a live connection may see, asked anew before every event: who holds the token now, what
//! came after the last event he got, and which cases changed since his last look.

use entity::kinds::{AccountId, CaseId, InboxId, Timestamp};

use super::hub::Seat;
use super::{Entry, owners};
use crate::app::actor::{self, Actor};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::inbox::Mark;

/// Events read at a time.
const BATCH: i64 = 100;

/// What somebody finds who looks.
#[derive(Debug)]
pub struct Found {
    /// At most a hundred entries of his inbox, in order.
    pub entries: Vec<Entry>,
    /// Cases that he may see and that changed; no more of them is said than their ids.
    pub changed: Vec<CaseId>,
}

/// An admitted listener and how far he has come.
#[derive(Debug)]
pub struct Listener {
    token: String,
    pub account: AccountId,
    owners: Vec<String>,
    mark: Mark,
    /// When his token ends.
    pub until: Timestamp,
    /// Whether he goes on where he stopped, and so misses nothing.
    pub resumed: bool,
    pub seat: Seat,
}

/// Admits whoever holds the token, to go on after an event he names or, without one, from now on.
/// Fails with `unauthenticated` or `token_expired`, also once the session of the token has ended.
pub async fn open(s: &Services, token: String, after: Option<InboxId>) -> Result<Listener> {
    let (actor, until) = admit(s, &token).await?;
    let owners = owners(&actor);
    let account = actor.account;
    let seat = s.hub.join(actor).await;
    let known = match after {
        Some(id) => store::inbox::find(&s.db.read, &owners, id).await?,
        None => None,
    };
    let resumed = known.is_some();
    // The list also shows what a slower unit may still come before: the line begins below that, and
    // at worst says an entry twice.
    let head = store::inbox::head(&s.db.read).await?;
    let mark = known.as_ref().map_or(head, |row| Mark::of(row).min(head));
    Ok(Listener { token, account, owners, mark, until, resumed, seat })
}

async fn admit(s: &Services, token: &str) -> Result<(Actor, Timestamp)> {
    let actor = actor::authenticate(s, token).await?;
    let ended = || Error::new(Code::Unauthenticated, "登录已失效，请重新登录");
    let claims = s.tokens.verify(token, s.clock.now()).map_err(|why| ended().caused_by(why))?;
    if let Some(session) = claims.session
        && !store::session::is_living(&s.db.read, session).await?
    {
        return Err(ended());
    }
    Ok((actor, claims.exp))
}

impl Listener {
    /// Reads what comes next; empty when there is nothing new.
    /// Fails like [`open`] once the token or its session has ended, and with `conflict` when the
    /// person came into another office: he then reads other inboxes and has to connect anew.
    pub async fn next(&mut self, s: &Services) -> Result<Found> {
        let (actor, _) = admit(s, &self.token).await?;
        if owners(&actor) != self.owners {
            return Err(Error::new(Code::Conflict, "身份已变更，请重新连接"));
        }
        let rows = store::inbox::after(&s.db.read, &self.owners, self.mark, BATCH).await?;
        if let Some(last) = rows.last() {
            self.mark = Mark::of(last);
        }
        let entries = rows.iter().map(|row| Entry::open(s, row)).collect::<Result<_>>()?;
        Ok(Found { entries, changed: self.seat.line.changed(actor) })
    }

    /// Goes on under a fresh token of the same account. Fails like [`open`].
    pub async fn renew(&mut self, s: &Services, token: String) -> Result<()> {
        let (actor, until) = admit(s, &token).await?;
        if actor.account != self.account {
            return Err(Error::new(Code::Unauthenticated, "令牌属于另一个账号"));
        }
        (self.token, self.until) = (token, until);
        Ok(())
    }

    /// Counts what he has not read.
    pub async fn unread(&self, s: &Services) -> Result<i64> {
        Ok(store::inbox::unread(&s.db.read, &self.owners).await?)
    }
}
