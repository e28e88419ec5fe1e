//! Ends what nobody agreed to before the first of the shifts began, and says so.

use entity::kinds::SwapState;

use super::super::tell;
use super::words;
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// So many in one look; the next one takes the rest.
const MOST: u64 = 100;

/// Ends them; a second run finds nothing.
pub async fn run(s: &Services) -> Result<()> {
    let now = s.clock.now();
    for swap in store::swap::overdue(&s.db.read, now, MOST).await? {
        let people = [swap.asker_id, swap.partner_id];
        let words = words(s, (&swap, SwapState::Expired), &people, "").await?;
        let services = s.clone();
        let unit = s.writer.commit(move |tx| {
            Box::pin(async move {
                let step = (swap.state, SwapState::Expired);
                if store::swap::set_state(tx, swap.id, step, now).await? {
                    tell::tell(&services, tx, &words, now).await?;
                }
                Ok::<_, crate::error::Error>(())
            })
        });
        unit.await?;
    }
    Ok(())
}
