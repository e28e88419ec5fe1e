//! Records what the platform says became of messages that it took over.
//!
//! A report may overtake the record of the send that it is about: an answer takes seconds, and a send
//! whose process died is found a minute later. What is not known yet is asked for again.

use std::time::Duration;

use entity::kinds::{AccountId, NoticeState, Timestamp, WechatApp};
use entity::notice;

use crate::app::case::change::Change;
use crate::app::notice::ending::{self, Failed};
use crate::app::notice::hold;
use crate::app::probe;
use crate::app::work::Outcome;
use crate::error::Result;
use crate::gateway::wechat::{Delivery, SentReport};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Whatever is unknown after that is not ours.
const OVERTAKES_BY: Duration = Duration::from_mins(10);
/// How long before its report a message may have left that has no number.
const UNNUMBERED: Duration = Duration::from_mins(10);
const SOONEST: Duration = Duration::from_secs(5);
const LATEST: Duration = Duration::from_mins(1);

/// Says when to ask again for what came at `since`; `None` when that is in vain. Never counted.
pub(super) fn again(why: &str, since: Timestamp, now: Timestamp) -> Option<Outcome> {
    let age = now.since(since);
    let at = now + (age / 4).clamp(SOONEST, LATEST);
    let wait = Outcome::Retry { at: Some(at), counted: false, why: why.to_owned() };
    (age < OVERTAKES_BY).then_some(wait)
}

/// A push of reports.
pub(super) struct Reports<'a> {
    pub s: &'a Services,
    pub tx: &'a Tx,
    pub now: Timestamp,
    /// When we got it, and when it happened.
    pub received: Timestamp,
    pub told: Timestamp,
    /// Whom it is about.
    pub openid: &'a str,
}

impl Reports<'_> {
    /// Records reports about subscribe messages. Those that are known do not wait for the rest.
    pub async fn sent(&self, reports: &[SentReport]) -> Result<Outcome> {
        let mut unknown = false;
        for report in reports {
            let (Some(msgid), Some(code)) = (report.msgid, report.error_code) else { continue };
            let delivery = match code {
                0 => Delivery::Delivered,
                code => Delivery::OtherFailure(code.to_string()),
            };
            if self.settle(msgid, &delivery, "").await? {
                continue;
            }
            unknown |= !self.numbered(report).await? || !self.settle(msgid, &delivery, "").await?;
        }
        Ok(if unknown { self.again() } else { Outcome::Done })
    }

    /// Records the report about a template message.
    pub async fn delivered(&self, msgid: i64, delivery: &Delivery) -> Result<Outcome> {
        let known = self.settle(msgid, delivery, self.openid).await?;
        Ok(if known { Outcome::Done } else { self.again() })
    }

    fn again(&self) -> Outcome {
        let why = "the report is about no message that we know yet";
        again(why, self.received, self.now).unwrap_or(Outcome::Done)
    }

    /// Gives its number to the message that a report is about, when the answer to its send had none:
    /// the oldest to this person with this template. `false` when there is none such.
    async fn numbered(&self, report: &SentReport) -> Result<bool> {
        let Some(msgid) = report.msgid else { return Ok(false) };
        let person = store::people::find_openid(self.tx, WechatApp::Mini, self.openid).await?;
        let Some(account) = person.map(|one| one.account_id) else { return Ok(false) };
        let Some(notice) = self.unnumbered(account, &report.template_id).await? else {
            return Ok(false);
        };
        Ok(store::notice::set_msgid(self.tx, notice.id, msgid).await?)
    }

    async fn unnumbered(
        &self,
        account: AccountId,
        template: &str,
    ) -> Result<Option<notice::Model>> {
        // A report comes after its message; the clocks of the two sides differ a little.
        let until = self.told + SOONEST;
        let sent = store::notice::unnumbered(self.tx, account, (self.told - UNNUMBERED, until));
        let fits = |one: &notice::Model| {
            crate::app::case::tell::template(self.s, one.kind, one.channel) == template
        };
        Ok(sent.await?.into_iter().find(fits))
    }

    /// Records how a message ended; `false` when we know none of this number.
    async fn settle(&self, msgid: i64, delivery: &Delivery, openid: &str) -> Result<bool> {
        let Some(notice) = store::notice::find_msgid(self.tx, msgid).await? else {
            return probe::settle::run(self.tx, msgid, delivery, self.now).await;
        };
        let Some(case) = store::case::find_locked(self.tx, notice.case_id).await? else {
            return Ok(false);
        };
        let (arrived, class) = match delivery {
            Delivery::Delivered => (true, "delivered"),
            Delivery::UserBlocked => (false, "unreachable"),
            Delivery::SystemFailed => (false, "unavailable"),
            Delivery::OtherFailure(_) => (false, "not_delivered"),
        };
        let ended = store::notice::set_delivered(self.tx, msgid, arrived, class, self.now).await?;
        let (Some(notice), false) = (ended, arrived) else { return Ok(true) };
        let blocked = *delivery == Delivery::UserBlocked && !openid.is_empty();
        let unreachable = blocked.then(|| openid.to_owned());
        let failed = Failed { state: NoticeState::Dead, unreachable, ..Failed::dead(class) };
        hold::revive(self.s, self.tx, &notice, self.now).await?;
        let mut change = Change::new(self.s, case, self.now);
        ending::follow_up(&mut change, self.tx, &notice, &failed).await?;
        change.store_observed(self.tx).await?;
        Ok(true)
    }
}
