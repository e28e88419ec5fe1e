//! Notes that somebody has read a notice.

use entity::bulletin_read;

use super::{BulletinView, list, views};
use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::{self};

/// Marks a notice as read and returns it; the first reading counts. Fails with `not_found` for one
/// that he is not shown.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (id, grid): (i64, Option<&str>),
) -> Result<BulletinView> {
    let (reader, now) = (list::reader_with(s, actor, grid).await?, s.clock.now());
    if !store::bulletin::is_shown(&s.db.read, &reader, (id, now)).await? {
        return Err(Error::not_found("这条公告"));
    }
    let mark = bulletin_read::Model {
        bulletin_id: id,
        account_id: actor.account,
        by_staff: actor.staff.is_some(),
        read_at: now,
    };
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            store::bulletin::set_read(tx, mark).await?;
            store::bulletin::find(tx, id).await?.ok_or_else(|| Error::not_found("这条公告"))
        })
    });
    let seen = views(s, actor, vec![unit.await?]).await?;
    seen.into_iter().next().ok_or_else(|| Error::not_found("这条公告"))
}
