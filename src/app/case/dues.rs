//! Lists what falls due soon and what is overdue, for a person, a grid or a community.

use std::time::Duration;

use entity::cases;
use entity::kinds::{StaffId, Timestamp};

use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
pub use crate::store::due::Whose;
use crate::store::due::{self, Place, Within};
use crate::store::{self};

/// Which cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The time for the result is over.
    Overdue,
    /// It is not over and will be within this time.
    Soon(Duration),
}

/// A page, the first due first.
#[derive(Debug)]
pub struct Page {
    pub as_of: Timestamp,
    pub cases: Vec<cases::Model>,
    /// Go on after this place; `None` at the end.
    pub next: Option<Place>,
}

/// Lists a page of at most `limit` cases of the actor's scope. Fails when the database does.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (whose, when): (Whose, When),
    (after, limit): (Option<Place>, usize),
) -> Result<Page> {
    let as_of = s.clock.now();
    let within = match when {
        When::Overdue => Within { from: None, to: as_of },
        When::Soon(span) => Within { from: Some(as_of), to: as_of + span },
    };
    let ask = u64::try_from(limit.saturating_add(1)).unwrap_or(u64::MAX);
    let scope = actor.scope();
    let mut cases = due::list(&s.db.read, &scope, (whose, within), after, ask).await?;
    let more = cases.len() > limit;
    cases.truncate(limit);
    let last = cases.last().map(|case| (case.resolve_due_at, case.id));
    Ok(Page { as_of, cases, next: last.filter(|_| more) })
}

/// Finds the person whose cases are asked for by his staff number, or the asker himself (`me`).
/// Which of that person's cases the asker sees is decided by his scope. Fails with `not_found` when
/// there is nobody of that number, or when the asker is no colleague.
pub async fn person(s: &Services, actor: &Actor, number: &str) -> Result<StaffId> {
    let missing = || Error::not_found("这名工作人员");
    if number == "me" {
        return actor.staff.ok_or_else(missing);
    }
    if actor.staff.is_none() {
        return Err(missing());
    }
    let found = store::staff::find_by_no(&s.db.read, number).await?;
    Ok(found.ok_or_else(missing)?.id)
}
