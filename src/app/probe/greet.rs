//! Sends a first message through channels that have just come to lead to a person.

use entity::kinds::{AccountId, Channel, StaffId, Timestamp};

use super::plan;
use crate::app::notice::ways::{Person, Ways};
use crate::domain::notice::DEFAULT_ORDER;
use crate::error::Result;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Forgets what was known of these channels and plans a test of those that lead to the person. A
/// subscribe message is only sent where he allowed one: without it nothing is known.
pub async fn run(
    s: &Services,
    tx: &Tx,
    (staff, channels): (StaffId, &[Channel]),
    now: Timestamp,
) -> Result<()> {
    store::channel::forget_proofs(tx, staff, channels, now).await?;
    let person = Ways::load(s, tx, &[staff]).await?.of(staff);
    for channel in person.living.iter().filter(|way| channels.contains(way)) {
        if allowed(&person, *channel) {
            plan::test(tx, staff, *channel, now).await?;
        }
    }
    Ok(())
}

/// The same for every channel of a person who has just been bound to an account.
pub async fn bound(s: &Services, tx: &Tx, staff: StaffId, now: Timestamp) -> Result<()> {
    run(s, tx, (staff, DEFAULT_ORDER), now).await
}

/// The same for one channel of whoever is behind an account; nothing for a resident.
pub async fn account(
    s: &Services,
    tx: &Tx,
    (account, channel): (AccountId, Channel),
    now: Timestamp,
) -> Result<()> {
    match store::people::staff_of_account(tx, account).await? {
        Some(staff) => run(s, tx, (staff, &[channel]), now).await,
        None => Ok(()),
    }
}

/// Tells whether a channel may be used: `false` when it costs a consent and the person has none.
/// The consent itself is taken when the message leaves.
pub fn allowed(person: &Person, channel: Channel) -> bool {
    channel != Channel::MiniSubscribe || person.allows
}
