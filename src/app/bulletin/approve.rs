//! A second person approves what goes to the whole street; it is published then.

use super::{BulletinView, movable, views};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;

/// Approves. Fails like every move.
pub async fn run(s: &Services, actor: &Actor, id: i64) -> Result<BulletinView> {
    movable(s, actor, id, "approval").await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let who = (actor.account, s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            if !store::bulletin::approve(tx, id, who).await? {
                return Err(Error::new(Code::Conflict, "这条公告刚被他人处理，请刷新"));
            }
            store::bulletin::find(tx, id).await?.ok_or_else(|| Error::not_found("这条公告"))
        })
    });
    let seen = views(s, actor, vec![unit.await?]).await?;
    seen.into_iter().next().ok_or_else(|| Error::not_found("这条公告"))
}
