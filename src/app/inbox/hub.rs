//! Tells open connections that their person may have got something, or that a case that he may see
//! has changed; they read it themselves.
//!
//! One task looks for new entries and events, once for all connections of the process: after a
//! commit of this process at once, after one of another when its wake is heard, and in any case at
//! every poll. A nudge carries nothing but the ids of cases, so that nothing can be lost: whoever
//! was nudged too often only reads once more. Every event counts, whatever was done: a new verb
//! needs nothing here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use entity::kinds::{AccountId, CaseId, EventId};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::follow::Follow;
use super::owners;
use crate::app::actor::Actor;
use crate::error::Result;
use crate::services::Services;
use crate::store;
use crate::store::event::Happened;
use crate::store::inbox::Mark;
use crate::store::scope::Belongs;

/// Open connections of one person in one process; one more closes the oldest.
pub const MOST_LINES: usize = 8;
/// Between two looks, so that many commits cost fifty looks a second.
const REST: Duration = Duration::from_millis(20);
/// The same in a storm: every page looks each time it is nudged, and nobody reads that fast.
const LONG_REST: Duration = Duration::from_millis(250);
/// So many events in one look are a storm.
const STORM: usize = 50;
/// Entries and events one look takes.
const LOOK: i64 = 1_000;
/// So many of the newest events are looked at when somebody begins to follow.
const NEWEST: u64 = 50;
/// Of so many cases it is remembered whom they belonged to.
const REMEMBERED: u64 = 20_000;

/// Whoever comes waits no longer than this for the first look; a database that is away tells him
/// later.
const PATIENCE: Duration = Duration::from_secs(1);

/// The open connections of this process; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Hub(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    lines: Mutex<Lines>,
    /// Somebody came.
    arrival: Notify,
    /// Changes are followed: it is known whom cases belonged to before.
    follows: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Lines {
    last: u64,
    open: BTreeMap<u64, Arc<Line>>,
}

/// One open connection.
#[derive(Debug)]
pub struct Line {
    account: AccountId,
    owners: Vec<String>,
    watch: Mutex<Watch>,
    nudge: Notify,
    crowded_out: CancellationToken,
}

/// What somebody may see, as of his last look, and which cases of it changed since.
#[derive(Debug)]
struct Watch {
    actor: Actor,
    changed: BTreeSet<CaseId>,
}

impl Line {
    /// Takes which cases changed since the last look, and remembers what he may see now.
    pub fn changed(&self, actor: Actor) -> Vec<CaseId> {
        let mut watch = self.watch();
        watch.actor = actor;
        std::mem::take(&mut watch.changed).into_iter().collect()
    }

    /// Notes those of the cases that he may see; tells whether there was one.
    fn note(&self, happened: &[Happened]) -> bool {
        let mut watch = self.watch();
        let mine = |one: &&Happened| watch.actor.sees_one_of(&one.to);
        let mine: Vec<CaseId> = happened.iter().filter(mine).map(|one| one.case).collect();
        watch.changed.extend(&mine);
        !mine.is_empty()
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there may be something new; a nudge that came before the wait counts.
    pub async fn nudged(&self) {
        self.nudge.notified().await;
    }

    /// Waits until newer connections of the same person take its place.
    pub async fn crowded_out(&self) {
        self.crowded_out.cancelled().await;
    }
}

/// Keeps a connection among the open ones for as long as it is held.
#[derive(Debug)]
pub struct Seat {
    hub: Hub,
    number: u64,
    pub line: Arc<Line>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.lines().open.remove(&self.number);
    }
}

impl Hub {
    /// Opens a line for a person, his inboxes and what he may see; his oldest one ends if he has
    /// too many. Returns once every change from now on is noticed: whoever looks after that misses
    /// none, not even that which takes a case away from him.
    pub async fn join(&self, actor: Actor) -> Seat {
        let seat = self.sit(actor);
        let mut follows = self.0.follows.subscribe();
        let _late = timeout(PATIENCE, follows.wait_for(|follows| *follows)).await;
        seat
    }

    fn sit(&self, actor: Actor) -> Seat {
        let account = actor.account;
        let line = Arc::new(Line {
            account,
            owners: owners(&actor),
            watch: Mutex::new(Watch { actor, changed: BTreeSet::new() }),
            nudge: Notify::new(),
            crowded_out: CancellationToken::new(),
        });
        let mut lines = self.lines();
        let mut mine = lines.open.values().filter(|one| one.account == account);
        if let Some(oldest) = mine.next().cloned()
            && mine.filter(|one| !one.crowded_out.is_cancelled()).count() + 1 >= MOST_LINES
        {
            oldest.crowded_out.cancel();
        }
        lines.last += 1;
        let number = lines.last;
        lines.open.insert(number, Arc::clone(&line));
        self.0.arrival.notify_one();
        Seat { hub: self.clone(), number, line }
    }

    /// Has the lines of an account look at once, because its session may have ended.
    pub fn check(&self, account: AccountId) {
        let lines = self.lines();
        lines.open.values().filter(|one| one.account == account).for_each(|one| {
            one.nudge.notify_one();
        });
    }

    fn nudge(&self, owners: Option<&BTreeSet<String>>) {
        let concerns =
            |line: &Line| owners.is_none_or(|some| line.owners.iter().any(|o| some.contains(o)));
        let lines = self.lines();
        lines.open.values().filter(|line| concerns(line)).for_each(|line| line.nudge.notify_one());
    }

    fn tell(&self, happened: &[Happened]) {
        let lines = self.lines();
        lines.open.values().filter(|line| line.note(happened)).for_each(|l| l.nudge.notify_one());
    }

    /// Tells whether nobody is there, so that changes are followed no longer.
    fn rests(&self) -> bool {
        let lines = self.lines();
        let empty = lines.open.is_empty();
        if empty {
            self.0.follows.send_replace(false);
        }
        empty
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far the looks have come.
#[derive(Debug)]
struct Place {
    entries: Mark,
    events: Follow,
    whose: Whose,
}

/// Whom the open cases belong to, and those that changed lately: whoever loses one has it on his
/// screen. The newest are remembered.
#[derive(Debug, Default)]
struct Whose(BTreeMap<CaseId, Belongs>);

impl Whose {
    /// Adds those to whom a case belonged before, and remembers to whom it belongs now.
    fn with_former(&mut self, mut happened: Vec<Happened>) -> Vec<Happened> {
        let most = usize::try_from(REMEMBERED).unwrap_or(usize::MAX);
        while self.0.len() > most {
            self.0.pop_first();
        }
        let mut former = Vec::new();
        for &one in &happened {
            let before = self.0.insert(one.case, one.to).filter(|before| *before != one.to);
            former.extend(before.map(|to| Happened { to, ..one }));
        }
        happened.extend(former);
        happened
    }
}

/// Looks for new entries and events until `stop`.
pub async fn watch(s: Services, stop: CancellationToken) {
    tokio::select! {
        () = watching(&s) => {}
        () = stop.cancelled() => {}
    }
}

async fn watching(s: &Services) {
    let mut bell = s.wake.bell();
    let (mut place, mut down) = (None, false);
    loop {
        tokio::select! {
            _rung = bell.changed() => {}
            () = s.hub.0.arrival.notified() => {}
            () = sleep(s.settings.poll) => {}
        }
        let seen = match look(s, &mut place).await {
            Ok(seen) => {
                down = false;
                seen
            }
            Err(error) => {
                if !std::mem::replace(&mut down, true) {
                    tracing::warn!(error = %error.chain(), "live connections wait for the database");
                }
                0
            }
        };
        sleep(if seen < STORM { REST } else { LONG_REST }).await;
    }
}

/// Looks once, and nudges whom it concerns; returns how many events it saw.
async fn look(s: &Services, place: &mut Option<Place>) -> Result<usize> {
    if s.hub.rests() {
        *place = None;
        return Ok(0);
    }
    let Some(from) = place else {
        let newest = store::event::newest(&s.db.read, NEWEST).await?;
        let entries = store::inbox::head(&s.db.read).await?;
        let first = EventId(newest.first().map_or(0, |first| first - 1));
        let happened = store::event::passed(&s.db.read, (first, &[]), NEWEST).await?;
        let open = store::case::open_belongs(&s.db.read, REMEMBERED).await?;
        let mut whose = Whose(open.into_iter().collect());
        let happened = whose.with_former(happened);
        *place = Some(Place { entries, events: Follow::behind(&newest, Instant::now()), whose });
        // Whatever came before the place just taken, they find when they look; which cases changed
        // between their first word and now, nobody knows, so the newest are named.
        s.hub.tell(&happened);
        s.hub.nudge(None);
        s.hub.0.follows.send_replace(true);
        return Ok(0);
    };
    let missing = from.events.missing();
    let after = (EventId(from.events.reached()), missing.as_slice());
    let happened = store::event::passed(&s.db.read, after, LOOK.unsigned_abs()).await?;
    let seen = happened.len();
    if !happened.is_empty() || !missing.is_empty() {
        from.events.note(&happened.iter().map(|one| one.id.0).collect(), Instant::now());
        s.hub.tell(&from.whose.with_former(happened));
    }
    // Whoever is nudged for a change finds his entries too.
    let (owners, reached) = store::inbox::passed(&s.db.read, from.entries, LOOK).await?;
    from.entries = reached;
    if !owners.is_empty() {
        s.hub.nudge(Some(&owners));
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use entity::kinds::{DutyRole, GridId};
    use futures::FutureExt as _;

    use super::*;

    fn person(account: i64) -> Actor {
        let account = AccountId(account);
        Actor { account, staff: None, grids: vec![], street: vec![], console: false, once: None }
    }

    fn sit(hub: &Hub, account: i64) -> Seat {
        hub.sit(person(account))
    }

    fn of(id: i64, case: i64, grid: Option<i64>) -> Happened {
        Happened {
            id: EventId(id),
            case: CaseId(case),
            to: Belongs {
                reporter_id: AccountId(1),
                reported_by_staff: None,
                small_grid_id: grid.map(GridId),
                large_grid_id: None,
            },
        }
    }

    fn is_nudged(seat: &Seat) -> bool {
        seat.line.nudged().now_or_never().is_some()
    }

    fn is_out(seat: &Seat) -> bool {
        seat.line.crowded_out().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_line_of_a_person_makes_room_and_nobody_elses() {
        let hub = Hub::default();
        let other = sit(&hub, 2);
        let mut seats: Vec<Seat> = (0..MOST_LINES).map(|_| sit(&hub, 1)).collect();
        assert!(!seats.iter().any(is_out));
        seats.push(sit(&hub, 1));
        assert!(is_out(&seats[0]) && !seats[1..].iter().any(is_out) && !is_out(&other));
        drop(seats.remove(0));
        seats.push(sit(&hub, 1));
        assert!(is_out(&seats[0]) && !seats[1..].iter().any(is_out));
    }

    #[tokio::test]
    async fn whoever_comes_to_an_empty_hub_waits_until_changes_are_followed() {
        let hub = Hub::default();
        assert!(hub.rests());
        let mut coming = Box::pin(hub.join(person(1)));
        assert!(futures::poll!(&mut coming).is_pending(), "nobody has looked yet");
        assert!(!hub.rests(), "it is looked for whoever waits");
        hub.0.follows.send_replace(true);
        let seats = [coming.now_or_never(), hub.join(person(2)).now_or_never()];
        assert!(seats.iter().all(Option::is_some));
        drop(seats);
        assert!(hub.rests());
        assert!(hub.join(person(1)).now_or_never().is_none(), "followed no longer");
    }

    #[test]
    fn only_those_are_nudged_whom_it_concerns() {
        let hub = Hub::default();
        let (one, two) = (sit(&hub, 1), sit(&hub, 2));
        hub.nudge(Some(&BTreeSet::from(["r2".to_owned()])));
        assert!(!is_nudged(&one) && is_nudged(&two) && !is_nudged(&two));
        hub.check(AccountId(1));
        assert!(is_nudged(&one) && !is_nudged(&two));
        hub.nudge(None);
        assert!(is_nudged(&one) && is_nudged(&two));
        drop((one, two));
        assert!(hub.rests());
    }

    #[test]
    fn a_change_is_told_to_those_who_may_see_the_case_once_for_all_its_events() {
        let hub = Hub::default();
        let (mine, other) = (sit(&hub, 1), sit(&hub, 2));
        let worker = Actor { grids: vec![(GridId(7), DutyRole::Backup)], ..person(3) };
        let worker = hub.sit(worker);
        hub.tell(&[of(1, 50, Some(7)), of(2, 50, Some(7)), of(3, 51, Some(8))]);
        assert!(is_nudged(&mine) && is_nudged(&worker) && !is_nudged(&other));
        assert_eq!(mine.line.changed(person(1)), [CaseId(50), CaseId(51)]);
        assert_eq!(mine.line.changed(person(1)), []);
        assert_eq!(worker.line.changed(person(3)), [CaseId(50)]);
        // His office ended with that look.
        hub.tell(&[of(4, 50, Some(7))]);
        assert!(!is_nudged(&worker));
    }

    #[test]
    fn whoever_loses_a_case_is_told_of_the_change_that_took_it() {
        let mut whose = Whose::default();
        let (mine, theirs) = (of(1, 50, Some(7)), of(2, 50, Some(8)));
        assert_eq!(whose.with_former(vec![mine]), [mine]);
        let former = Happened { to: mine.to, ..theirs };
        assert_eq!(whose.with_former(vec![theirs]), [theirs, former]);
        assert_eq!(whose.with_former(vec![theirs]), [theirs]);
    }
}
