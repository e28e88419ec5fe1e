//! Whoever asked takes it back before it is in force; afterwards the community's cadre can, until
//! the first of the shifts begins.

use entity::kinds::{RosterChange, StaffId, SwapState};

use super::super::tell;
use super::{SwapView, deciders, movable, moved, step, words};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Withdraws; the substitutions are taken back. Fails like every move.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    id: i64,
    answer: fn(SwapView) -> A,
) -> Result<A> {
    let swap = movable(s, actor, id, "withdrawal").await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let (leaders, readers) = match swap.state {
        SwapState::Accepted => deciders(s, &swap).await?,
        _ => (Vec::new(), Vec::new()),
    };
    let people = [swap.asker_id, swap.partner_id].into_iter().chain(leaders);
    let people: Vec<StaffId> = people.filter(|one| Some(*one) != actor.staff).collect();
    let notes = words(s, (&swap, SwapState::Withdrawn), &readers, "").await?;
    let words = words(s, (&swap, SwapState::Withdrawn), &people, "").await?;
    let (services, by, now) = (s.clone(), actor.account, s.clock.now());
    let (seen, actor) =
        (answer(moved(s, actor, (&swap, SwapState::Withdrawn), now).await?), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let what = (RosterChange::SwapWithdrawn, by);
            step(tx, (&swap, SwapState::Withdrawn), what, now).await?;
            store::swap::cancel_leaves(tx, swap.id, now).await?;
            tell::tell(&services, tx, &words, now).await?;
            tell::note(&services, tx, &notes, now).await?;
            once::keep(&services, tx, &actor, (200, &seen)).await?;
            Ok::<_, Error>(seen)
        })
    });
    let seen = unit.await?;
    s.wake.ping().await;
    Ok(seen)
}
