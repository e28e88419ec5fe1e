//! The community's cadre approves: the roster has the substitutions.

use entity::kinds::{RosterChange, SwapState};

use super::super::tell;
use super::{SwapView, enforce, gaps, movable, moved, said, step, words};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::error::{Error, Result};
use crate::services::Services;

/// Approves. Fails like every move, and with `conflict` when one of the two is away by now.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    id: i64,
    answer: fn(SwapView) -> A,
) -> Result<A> {
    let swap = movable(s, actor, id, "approval").await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let (people, to) = ([swap.asker_id, swap.partner_id], SwapState::InForce);
    let said = said(&gaps(s, &swap).await?);
    let words = words(s, (&swap, to), &people, &said).await?;
    let (services, by, now) = (s.clone(), actor.account, s.clock.now());
    let (seen, actor) = (answer(moved(s, actor, (&swap, to), now).await?), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            step(tx, (&swap, to), (RosterChange::SwapApproved, by), now).await?;
            enforce(tx, &swap, now).await?;
            tell::tell(&services, tx, &words, now).await?;
            once::keep(&services, tx, &actor, (200, &seen)).await?;
            Ok::<_, Error>(seen)
        })
    });
    let seen = unit.await?;
    s.wake.ping().await;
    Ok(seen)
}
