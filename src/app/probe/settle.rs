//! Records what the platform reports later about a test message that it took over.

use entity::kinds::{Channel, NoticeState, ProbeKind, Timestamp};

use crate::app::notice::letter;
use crate::app::roster;
use crate::error::Result;
use crate::gateway::wechat::Delivery;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Records a report; `false` when no test message of the channel has this number. An arrival proves the channel
/// once more, anything else closes it, and a word about the roster goes on through the next.
pub async fn run(
    s: &Services,
    tx: &Tx,
    number: (Channel, i64),
    delivery: &Delivery,
    now: Timestamp,
) -> Result<bool> {
    let Some(probe) = store::probe::find_msgid(tx, number).await? else { return Ok(false) };
    let (arrived, class) = (*delivery == Delivery::Delivered, delivery.word());
    if !store::probe::set_delivered(tx, probe.id, (arrived, class), now).await? {
        return Ok(true);
    }
    let (staff, channel) = (probe.staff_id, probe.channel);
    if arrived {
        store::channel::set_proven(tx, staff, channel, now).await?;
        return Ok(true);
    }
    store::channel::set_failed(tx, staff, channel, class, now).await?;
    let way = letter::app(channel).zip(probe.openid.as_deref());
    if let (Delivery::UserBlocked, Some((app, openid))) = (delivery, way) {
        store::people::set_identity_dead(tx, app, openid, Some(now)).await?;
    }
    // One of which nobody knew whether it had arrived went on then.
    if probe.kind == ProbeKind::Roster && probe.state == NoticeState::Accepted {
        Box::pin(roster::tell::go_on(s, tx, &probe, now)).await?;
    }
    Ok(true)
}
