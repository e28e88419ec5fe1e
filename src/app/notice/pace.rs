//! What a platform drops without a word when one person gets too much of it at once.
//!
//! The street's own rows (`hold`) spare a person; these lose messages, so urgent ones keep to them
//! too: they go another way, or wait for their turn when there is none. Ordinary ones leave room for
//! every urgent one that is planned.

use std::time::Duration;

use entity::kinds::Timestamp;
use entity::notice;

use super::ending;
use crate::app::case::change::Change;
use crate::domain::notice::{quiet, throttle};
use crate::error::Result;
use crate::store::writer::Tx;
use crate::store::{self};

/// How soon somebody asks again while another process decides about the same person.
const SOON: Duration = Duration::from_millis(200);

/// What a channel has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Free,
    Until(Timestamp),
    /// Not here; another channel leads to the same person now.
    Elsewhere,
}

/// Decides whether a planned notice may leave through its channel, as far as the platform is
/// concerned. Holds on to the person until the unit ends: two notices that look at the same moment
/// must not both find the last place.
pub async fn room(change: &Change, tx: &Tx, notice: &notice::Model) -> Result<Room> {
    let rows = throttle::of_platform(notice.channel);
    let (Some(staff), false) = (notice.staff_id, rows.is_empty()) else { return Ok(Room::Free) };
    let now = change.now;
    if store::people::lock_staff(tx, &[staff], false).await?.is_empty() {
        return Ok(Room::Until(now + SOON));
    }
    let since = now - throttle::reach(&rows);
    let sent = store::notice::sent_since(tx, &[(Some(staff), None)], since).await?;
    let mut sent: Vec<Timestamp> =
        sent.iter().filter(|one| one.2 == notice.channel).map(|one| one.3).collect();
    let ordinary = quiet::may_wait(change.case.urgency);
    if ordinary {
        let urgent = store::notice::urgent_planned(tx, staff, notice.channel).await?;
        sent.extend(std::iter::repeat_n(now, urgent));
    }
    let Some(free) = throttle::free_at(&rows, notice.channel, &sent, now) else {
        return Ok(Room::Free);
    };
    if !ordinary && ending::next_channel(&change.s, tx, notice).await?.is_some() {
        return Ok(Room::Elsewhere);
    }
    Ok(Room::Until(free))
}
