//! The colleague declines, or the community's cadre refuses.

use entity::kinds::{RosterChange, SwapState};

use super::super::tell;
use super::{SwapView, movable, moved, step, words};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::error::{Error, Result};
use crate::services::Services;

/// Refuses. Fails like every move.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    id: i64,
    answer: fn(SwapView) -> A,
) -> Result<A> {
    let swap = movable(s, actor, id, "refusal").await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let (to, what) = match swap.state {
        SwapState::Asked => (SwapState::Declined, RosterChange::SwapDeclined),
        _ => (SwapState::Refused, RosterChange::SwapRefused),
    };
    let mut people = vec![swap.asker_id];
    people.extend((to == SwapState::Refused).then_some(swap.partner_id));
    let words = words(s, (&swap, to), &people, "").await?;
    let (services, by, now) = (s.clone(), actor.account, s.clock.now());
    let (seen, actor) = (answer(moved(s, actor, (&swap, to), now).await?), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            step(tx, (&swap, to), (what, by), now).await?;
            tell::tell(&services, tx, &words, now).await?;
            once::keep(&services, tx, &actor, (200, &seen)).await?;
            Ok::<_, Error>(seen)
        })
    });
    let seen = unit.await?;
    s.wake.ping().await;
    Ok(seen)
}
