//! Records what the platform reports later about a test message that it took over.

use entity::kinds::{Channel, NoticeState, ProbeKind, Timestamp};
use entity::probe;

use crate::app::notice::letter;
use crate::app::notice::stamp::Stamp;
use crate::app::roster;
use crate::error::Result;
use crate::gateway::sms::Report;
use crate::gateway::wechat::Delivery;
use crate::services::Services;
use crate::store::notice::Ending;
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
    end(s, tx, probe, delivery, now).await?;
    Ok(true)
}

/// Records a report about a text message, which knows it by our own number; nothing happens when that is
/// no text message, or not the one that carried this.
pub async fn text(
    s: &Services,
    tx: &Tx,
    (id, stamp): (i64, Stamp),
    report: &Report,
    now: Timestamp,
) -> Result<()> {
    let is_meant =
        |probe: &probe::Model| probe.channel == Channel::Sms && stamp.is_from(probe.created_at);
    let found = store::probe::find_locked(tx, id).await?.filter(is_meant);
    let Some(mut probe) = found else { return Ok(()) };
    // Whoever sent it has not written down, or never will, that the provider took it over.
    if probe.state == NoticeState::Sending {
        let state = NoticeState::Accepted;
        let taken = Ending { state, msgid: None, errcode: None, reason: None, at: now };
        store::probe::finish(tx, id, &taken).await?;
        probe.state = state;
    }
    let delivery = if report.delivered {
        Delivery::Delivered
    } else {
        let why = report.description.as_str();
        tracing::warn!(probe = id, why, "a test by text message did not arrive");
        Delivery::OtherFailure(why.to_owned())
    };
    end(s, tx, probe, &delivery, now).await
}

/// Moves a message on, what is known of its channel, and a word about the roster to the next.
async fn end(
    s: &Services,
    tx: &Tx,
    probe: probe::Model,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<()> {
    let (arrived, class) = (*delivery == Delivery::Delivered, delivery.word());
    if !store::probe::set_delivered(tx, probe.id, (arrived, class), now).await? {
        return Ok(());
    }
    let (staff, channel) = (probe.staff_id, probe.channel);
    if arrived {
        store::channel::set_proven(tx, staff, channel, now).await?;
        return Ok(());
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
    Ok(())
}
