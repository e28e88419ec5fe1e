//! Lists notices: what a reader is shown now, or what those who write them answer for.

use entity::kinds::StreetRole;

use super::{BulletinView, led, reader, views};
use crate::app::actor::Actor;
use crate::error::{Code, Error, Result};
use crate::services::Services;
/// A place in the list, newest first.
pub use crate::store::bulletin::Before;
use crate::store::bulletin::Reader;
use crate::store::{self};

/// Of every state at once.
const MOST: i64 = 100;

/// One page.
#[derive(Debug)]
pub struct Page {
    pub bulletins: Vec<BulletinView>,
    pub unread: i64,
    /// Ask for what comes before this to go on; `None` at the end.
    pub next: Option<Before>,
}

/// Lists what the speaker is shown now, newest first; with a grid, also what is for that one.
/// Fails with `not_found` for an unknown grid.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (before, limit): (Option<Before>, i64),
    grid: Option<&str>,
) -> Result<Page> {
    let (reader, now) = (reader_with(s, actor, grid).await?, s.clock.now());
    let read = &s.db.read;
    let mut rows =
        store::bulletin::shown(read, &reader, (before, now), limit.saturating_add(1)).await?;
    let most = usize::try_from(limit).unwrap_or(0);
    let full = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().filter(|_| full);
    let next = last.and_then(|row| Some(Before { at: row.published_at?, id: row.id }));
    let unread = store::bulletin::unread(read, &reader, (actor.account, now)).await?;
    Ok(Page { bulletins: views(s, actor, rows).await?, unread, next })
}

/// Lists the newest hundred of every state that concern the speaker's community, or all for the
/// command. Fails with `forbidden` for everybody else.
pub async fn all(s: &Services, actor: &Actor) -> Result<Page> {
    let command = actor.is(StreetRole::Command);
    if actor.staff.is_none() || (!command && led(actor).is_empty()) {
        return Err(Error::new(Code::Forbidden, "只有发布公告的人员可以查看全部公告"));
    }
    let reader = Reader { everything: command, ..reader(s, actor).await? };
    let rows = store::bulletin::all(&s.db.read, &reader, MOST).await?;
    Ok(Page { bulletins: views(s, actor, rows).await?, unread: 0, next: None })
}

/// Everybody may read what hangs in another grid: it is public.
pub(super) async fn reader_with(s: &Services, actor: &Actor, grid: Option<&str>) -> Result<Reader> {
    let mut reader = reader(s, actor).await?;
    if let Some(id) = grid {
        let places = s.places.now();
        let grid = places.find(id).ok_or_else(|| Error::not_found("该网格"))?;
        reader.grids.push(grid.id);
        reader.grids.extend(grid.parent);
    }
    Ok(reader)
}
