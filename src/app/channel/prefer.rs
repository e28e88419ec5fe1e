//! Sets the order in which a person wants to be told.

use entity::kinds::Channel;

use super::show::{self, ChannelView};
use super::staff;
use crate::app::actor::Actor;
use crate::app::limit;
use crate::domain::notice::DEFAULT_ORDER;
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store;

/// Replaces the actor's order; what he does not name comes after it in the order of the program.
/// Fails with `forbidden` for a resident, and with every word that is repeated or no way.
pub async fn run(s: &Services, actor: &Actor, order: Vec<Channel>) -> Result<Vec<ChannelView>> {
    let id = staff(actor)?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    check(&order)?;
    let now = s.clock.now();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                Ok::<_, Error>(store::channel::set_order(tx, id, &order, now).await?)
            })
        })
        .await?;
    show::of(s, id).await
}

fn check(order: &[Channel]) -> Result<()> {
    let mut faults = Vec::new();
    for (at, way) in order.iter().enumerate() {
        let fault = |code, message: &str| Fault::new(&format!("/order/{at}"), code, message);
        if !DEFAULT_ORDER.contains(way) {
            faults.push(fault("no_way", "小程序里的消息总会有，不必排序"));
        } else if order.iter().take(at).any(|before| before == way) {
            faults.push(fault("repeated", "同一渠道只填一次"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
}
