//! The colleague agrees; where nobody has to approve, the swap is in force at once.

use entity::kinds::{RosterChange, StaffId, SwapState};
use entity::swap;

use super::super::tell;
use super::{SwapView, deciders, enforce, gaps, movable, moved, said, step, words};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::error::{Error, Result};
use crate::services::Services;

/// Accepts. Fails like every move, and with `conflict` when one of the two is away by now.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    id: i64,
    answer: fn(SwapView) -> A,
) -> Result<A> {
    let swap = movable(s, actor, id, "acceptance").await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let approved = !s.settings.swap_approval;
    let to = if approved { SwapState::InForce } else { SwapState::Accepted };
    let (leaders, readers) =
        if approved { (informed(s, &swap).await?, Vec::new()) } else { deciders(s, &swap).await? };
    let people: Vec<_> = std::iter::once(swap.asker_id).chain(leaders).collect();
    let said = said(&gaps(s, &swap).await?);
    let notes = words(s, (&swap, to), &readers, &said).await?;
    let words = words(s, (&swap, to), &people, &said).await?;
    let (services, by, now) = (s.clone(), actor.account, s.clock.now());
    let (seen, actor) = (answer(moved(s, actor, (&swap, to), now).await?), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            step(tx, (&swap, to), (RosterChange::SwapAccepted, by), now).await?;
            if approved {
                enforce(tx, &swap, now).await?;
            }
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

/// Lists whom a swap is told that nobody has to approve: the leaders, or else the street's command.
async fn informed(s: &Services, swap: &swap::Model) -> Result<Vec<StaffId>> {
    let leaders = tell::leaders(s, &[swap.community_id], swap.partner_id).await?;
    let leaders = leaders.into_iter().map(|(_, staff)| staff);
    Ok(leaders.filter(|one| *one != swap.asker_id).collect())
}
