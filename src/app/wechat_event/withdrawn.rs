//! Erases what a person took back at the platform: what he had given by then, and nothing that he gave
//! since, however late the push comes or is acted upon.
//!
//! What he gives us is dated by our clock, what he takes back by the platform's. Where their clocks leave
//! it open which came first, it is erased: he can give it again.

use entity::kinds::{AccountId, Timestamp};
use entity::wechat_identity::Model as Identity;

use crate::error::Result;
use crate::store::writer::Tx;
use crate::store::{self};

/// WeChat's number for a withdrawn phone.
pub(super) const PHONE: i64 = 8;
/// WeChat's numbers for withdrawn positions: the present one and a chosen one.
pub(super) const POSITIONS: [i64; 2] = [13, 18];

/// When a person took something back.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    /// By the platform's clock.
    pub at: Timestamp,
    /// By our own, at the latest: what he gave us after that, he gave knowing better.
    pub given_until: Timestamp,
    pub now: Timestamp,
}

/// Erases the kinds of data that a person took back.
pub(super) async fn revoked(tx: &Tx, account: AccountId, kinds: &[i64], when: When) -> Result<()> {
    if kinds.contains(&PHONE) {
        store::people::erase_phone(tx, account, Some(when.given_until)).await?;
    }
    if kinds.iter().any(|kind| POSITIONS.contains(kind)) {
        store::people::erase_positions(tx, account, Some(when.given_until)).await?;
    }
    Ok(())
}

/// Ends the login of a person who closed his account at the platform, unless he signed in again since.
/// What WeChat gave us or he left with his cases goes, and whoever is signed in is signed out.
pub(super) async fn cancelled(tx: &Tx, known: &Identity, when: When) -> Result<()> {
    let account = known.account_id;
    // Cases before the identity, as whoever records a refusal takes them: or each waits for the other.
    erase(tx, account, when).await?;
    let found = store::people::find_openid_locked(tx, known.app, &known.openid).await?;
    let Some(identity) = found else { return Ok(()) };
    let now = when.now;
    let is_back = store::session::end_of(tx, account, (when.given_until, now)).await?;
    store::people::close_identity(tx, &identity, when.at, (is_back, now)).await?;
    Ok(())
}

async fn erase(tx: &Tx, account: AccountId, When { at, given_until, now }: When) -> Result<()> {
    store::people::erase_phone(tx, account, Some(given_until)).await?;
    store::people::erase_positions(tx, account, Some(given_until)).await?;
    store::case::forget_phones_of(tx, account, given_until).await?;
    store::consent::clear_until(tx, account, (at, now)).await?;
    Ok(())
}
