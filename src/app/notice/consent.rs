//! The account of consents for subscribe messages, kept by ourselves: WeChat cannot be asked.
//!
//! A consent is taken in the unit that marks the message as being sent, so a process that ends in
//! between spends it at worst for nothing and never twice. It is given back only when WeChat
//! certainly did not use it: the call was refused, or never left.

use std::collections::{BTreeMap, HashSet};

use entity::kinds::{AccountId, Channel, NoticeKind, Timestamp, WechatApp};
use sea_orm::ConnectionTrait;

use super::send::NO_CONSENT;
use crate::app::case::tell;
use crate::domain::notice::consent::{ConsentKind, Entry};
use crate::error::Result;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// The word for a message that nobody was called for, because its reader allows none.
pub const NONE_LEFT: &str = "no_consent";

/// A consent that a message costs: whose, and for which template.
pub type Cost = (AccountId, String);

/// Returns what a message through a channel costs; `None` when it costs no consent.
pub fn cost(
    s: &Services,
    kind: NoticeKind,
    (channel, account): (Channel, Option<AccountId>),
) -> Option<Cost> {
    let account = account.filter(|_| channel == Channel::MiniSubscribe)?;
    Some((account, tell::template(s, kind, channel).to_owned()))
}

/// Lists which of these people allow a message of this kind through the mini-program now.
pub async fn allowing(
    s: &Services,
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
    kind: NoticeKind,
) -> Result<HashSet<AccountId>> {
    if accounts.is_empty() {
        return Ok(HashSet::new());
    }
    let template = tell::template(s, kind, Channel::MiniSubscribe);
    Ok(store::consent::allowing(conn, accounts, template).await?)
}

/// Takes what a message costs; `false` when its reader allows none.
pub async fn take(s: &Services, tx: &Tx, cost: Option<&Cost>) -> Result<bool> {
    let Some(cost) = cost else { return Ok(true) };
    Ok(take_all(s, tx, vec![cost.clone()]).await?.contains(cost))
}

/// Takes consents for several messages, one of each person and template; returns those that were
/// there. A standing one is only looked at.
pub async fn take_all(s: &Services, tx: &Tx, costs: Vec<Cost>) -> Result<HashSet<Cost>> {
    // In the order of the templates, as the rows are locked in.
    let mut wanted: BTreeMap<String, Vec<AccountId>> = BTreeMap::new();
    for (account, template) in costs {
        wanted.entry(template).or_default().push(account);
    }
    let mut taken = HashSet::new();
    for (template, accounts) in wanted {
        let found = match s.settings.templates.consent_kind(&template) {
            ConsentKind::OneTime => store::consent::take(tx, &accounts, &template).await?,
            ConsentKind::LongTerm => store::consent::allowing(tx, &accounts, &template).await?,
        };
        taken.extend(found.into_iter().map(|account| (account, template.clone())));
    }
    Ok(taken)
}

/// Gives back what a message took at `taken_at` and certainly did not use.
pub async fn give_back(s: &Services, tx: &Tx, cost: &Cost, taken_at: Timestamp) -> Result<()> {
    let (account, template) = cost;
    if s.settings.templates.consent_kind(template) == ConsentKind::OneTime {
        store::consent::give_back(tx, *account, template, taken_at).await?;
    }
    Ok(())
}

/// Tells whether a refusal leaves the consent untouched: any but the one that says there is none.
pub fn is_unspent(errcode: Option<i64>) -> bool {
    errcode != Some(NO_CONSENT)
}

/// Writes what a person's answer means. Who allows a message is in the mini-program, whatever
/// WeChat said of him before.
pub async fn write(
    tx: &Tx,
    (account, template): (AccountId, &str),
    entry: Entry,
    now: Timestamp,
) -> Result<()> {
    match entry {
        Entry::Add => store::consent::add(tx, account, template, now).await?,
        Entry::Stand => store::consent::stand(tx, account, template, now).await?,
        Entry::Withdraw => store::consent::clear(tx, account, template, now).await?,
        Entry::Nothing => {}
    }
    if matches!(entry, Entry::Add | Entry::Stand) {
        store::people::revive_identity(tx, account, WechatApp::Mini).await?;
    }
    Ok(())
}
