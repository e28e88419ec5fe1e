//! Records what the platform says became of messages that it took over.
//!
//! A report may overtake the record of the send that it is about: an answer takes seconds, and a send
//! whose process died is found a minute later. What is not known yet is asked for again.

use std::time::Duration;

use entity::kinds::{Channel, NoticeState, Timestamp, WechatApp};
use entity::notice;

use crate::app::case::change::Change;
use crate::app::case::tell;
use crate::app::notice::ending::{self, Failed};
use crate::app::probe;
use crate::app::work::Outcome;
use crate::error::Result;
use crate::gateway::wechat::{Delivery, SentReport};
use crate::services::Services;
use crate::store::notice::ONE_OF_SEVERAL;
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

/// Returns the channel whose messages are reported through an app's door: each app numbers its own.
/// Employee-relation messages share the mini-program's and are never reported.
pub(super) const fn channel(door: WechatApp) -> Channel {
    match door {
        WechatApp::Oa => Channel::OaTemplate,
        WechatApp::Mini => Channel::MiniSubscribe,
        WechatApp::Wecom => Channel::WecomCard,
    }
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
    /// About whose messages it is.
    pub channel: Channel,
}

impl Reports<'_> {
    /// Records reports about subscribe messages. Those that are known do not wait for the rest;
    /// those without a number do, for nothing tells one that was recorded from one that was not.
    pub async fn sent(&self, reports: &[SentReport]) -> Result<Outcome> {
        let mut unknown = false;
        let mut numberless = Vec::new();
        for report in reports {
            let Some(delivery) = delivery(report) else { continue };
            let Some(msgid) = report.msgid else {
                unknown |= self.is_out(&report.template_id).await?;
                numberless.push((report.template_id.as_str(), delivery));
                continue;
            };
            if self.settle(msgid, &delivery, "").await? {
                continue;
            }
            unknown |= !self.nameless(Some(msgid), &delivery, &report.template_id).await?;
        }
        let then = if unknown { self.again() } else { Outcome::Done };
        if then != Outcome::Done {
            return Ok(then);
        }
        for (template, delivery) in numberless {
            if !self.nameless(None, &delivery, template).await? {
                tracing::warn!(template, "a report without a number is about no message of ours");
            }
        }
        Ok(Outcome::Done)
    }

    /// Tells whether the answer is out to a message that a report without a number may be about.
    async fn is_out(&self, template: &str) -> Result<bool> {
        let sent = self.possible(None, template).await?;
        Ok(sent.iter().any(|one| one.state == NoticeState::Sending))
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

    /// Records a report whose number no answer had, or that has none: it is about a message to this
    /// person with this template. Where several may be meant, one that arrived is the oldest, and one
    /// that did not may be any of them. `false` when nothing can be said yet.
    async fn nameless(
        &self,
        msgid: Option<i64>,
        delivery: &Delivery,
        template: &str,
    ) -> Result<bool> {
        let sent = self.possible(msgid, template).await?;
        // The answer that is still out may name it.
        if sent.iter().any(|one| one.state == NoticeState::Sending) {
            return Ok(false);
        }
        let arrived = *delivery == Delivery::Delivered;
        if sent.len() > 1 && !arrived {
            for one in &sent {
                self.doubt(one).await?;
            }
            return Ok(true);
        }
        let open = |one: &notice::Model| {
            one.state != NoticeState::Delivered && (msgid.is_none() || one.msgid.is_none())
        };
        let left = |one: &&notice::Model| (one.state == NoticeState::Unknown, one.sending_at);
        let Some(one) = sent.iter().filter(|one| open(one)).min_by_key(left) else {
            return Ok(false);
        };
        if let Some(msgid) = msgid
            && !store::notice::set_msgid(self.tx, one.id, msgid).await?
        {
            return Ok(false);
        }
        let class = if sent.len() > 1 { ONE_OF_SEVERAL } else { delivery.word() };
        self.end(one, msgid.or(one.msgid), (arrived, class), None).await
    }

    /// Lists what a report may be about whose number no answer had, or that has none: then messages
    /// with a number are among it.
    async fn possible(&self, msgid: Option<i64>, template: &str) -> Result<Vec<notice::Model>> {
        if self.channel != Channel::MiniSubscribe {
            return Ok(Vec::new());
        }
        let person = store::people::find_openid(self.tx, WechatApp::Mini, self.openid).await?;
        let Some(account) = person.map(|one| one.account_id) else { return Ok(Vec::new()) };
        // A report comes after its message. That left by our clock, which may be minutes ahead of the
        // platform's, and so did we get the report.
        let window = (self.told - UNNUMBERED, self.told.max(self.received) + SOONEST);
        let mut sent = store::notice::unreported(self.tx, account, window).await?;
        let may = |one: &notice::Model| msgid.is_none() || one.msgid.is_none() || is_one_of(one);
        sent.retain(|one| may(one) && tell::template(self.s, one.kind, one.channel) == template);
        Ok(sent)
    }

    /// Records that a message may be the one that did not arrive, and tells its person again.
    async fn doubt(&self, one: &notice::Model) -> Result<()> {
        let Some(case) = store::case::find_locked(self.tx, one.case_id).await? else {
            return Ok(());
        };
        if !store::notice::set_doubtful(self.tx, one.id).await? || ending::went_on(one) {
            return Ok(());
        }
        let failed = Failed::unknown(ONE_OF_SEVERAL, true);
        self.follow_up(Change::new(self.s, case, self.now), one, &failed).await
    }

    async fn follow_up(
        &self,
        mut change: Change,
        notice: &notice::Model,
        failed: &Failed,
    ) -> Result<()> {
        ending::follow_up(&mut change, self.tx, notice, failed).await?;
        change.store_observed(self.tx).await?;
        Ok(())
    }

    /// Records how a message ended; `false` when we know none of this number.
    async fn settle(&self, msgid: i64, delivery: &Delivery, openid: &str) -> Result<bool> {
        let number = (self.channel, msgid);
        let Some(notice) = store::notice::find_msgid(self.tx, number).await? else {
            return probe::settle::run(self.s, self.tx, number, delivery, self.now).await;
        };
        let arrived = *delivery == Delivery::Delivered;
        let blocked = *delivery == Delivery::UserBlocked && !openid.is_empty();
        let unreachable = blocked.then(|| openid.to_owned());
        self.end(&notice, Some(msgid), (arrived, delivery.word()), unreachable).await
    }

    async fn end(
        &self,
        before: &notice::Model,
        msgid: Option<i64>,
        (arrived, class): (bool, &'static str),
        unreachable: Option<String>,
    ) -> Result<bool> {
        let Some(case) = store::case::find_locked(self.tx, before.case_id).await? else {
            return Ok(false);
        };
        let said = (arrived, class);
        let ended = store::notice::set_delivered(self.tx, before.id, said, self.now).await?;
        let Some(notice) = ended else { return Ok(true) };
        let mut change = Change::new(self.s, case, self.now);
        match (arrived, before.state) {
            // Nobody knew until now that it had left.
            (true, NoticeState::Unknown) => {
                ending::taken_over(&mut change, &notice, msgid)?;
                change.store_observed(self.tx).await?;
            }
            (true, _) => {}
            (false, _) if ending::went_on(before) => {}
            (false, _) => {
                let failed = Failed { unreachable, ..Failed::dead(class) };
                self.follow_up(change, &notice, &failed).await?;
            }
        }
        Ok(true)
    }
}

/// Returns how a subscribe message ended; `None` when its report does not say.
fn delivery(report: &SentReport) -> Option<Delivery> {
    report.error_code.map(|code| match code {
        0 => Delivery::Delivered,
        code => Delivery::OtherFailure(code.to_string()),
    })
}

/// It was given one of several reports.
fn is_one_of(one: &notice::Model) -> bool {
    one.reason.as_deref() == Some(ONE_OF_SEVERAL)
}
