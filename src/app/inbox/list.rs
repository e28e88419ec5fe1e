//! Lists a person's inbox, newest first.

use entity::kinds::InboxId;

use super::{Entry, owners};
use crate::app::actor::Actor;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::inbox::Mark;

/// One page.
#[derive(Debug)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// How many of the newest thousand nobody has read.
    pub unread: i64,
    /// Ask for entries before this one to go on; `None` at the end.
    pub next: Option<InboxId>,
}

/// Lists at most `limit` entries before `before`. Fails with `malformed_query` when that is not an
/// entry of this person.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (before, limit): (Option<InboxId>, usize),
) -> Result<Page> {
    let owners = owners(actor);
    let before = match before {
        None => None,
        Some(id) => {
            let row = store::inbox::find(&s.db.read, &owners, id).await?;
            let gone = || Error::new(Code::MalformedQuery, "cursor 无效，请从第一页重新开始");
            Some(Mark::of(&row.ok_or_else(gone)?))
        }
    };
    let more = i64::try_from(limit).unwrap_or(100).saturating_add(1);
    let mut rows = store::inbox::page(&s.db.read, &owners, before, more).await?;
    let full = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().map(|row| row.id).filter(|_| full);
    let entries = rows.iter().map(|row| Entry::open(s, row)).collect::<Result<_>>()?;
    Ok(Page { entries, unread: store::inbox::unread(&s.db.read, &owners).await?, next })
}
