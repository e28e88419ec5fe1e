//! Acts on a stored push: consents, followers, deliveries, withdrawals. Once, however often it is
//! asked to.

use entity::kinds::{AccountId, Channel, NoticeState, Timestamp, WechatApp};
use entity::wechat_identity;
use sea_orm::ActiveValue::{NotSet, Set};

use super::receive::BODY;
use super::wecom;
use crate::app::case::change::Change;
use crate::app::notice::ending::{self, Failed};
use crate::app::notice::{consent, hold};
use crate::app::probe;
use crate::app::work::{Outcome, Try};
use crate::domain::notice::consent::{self as rules, ConsentKind, Entry};
use crate::error::{Error, Result};
use crate::gateway::wechat::{Choice, Class, Delivery, Event, Follower, Notification, SentReport};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// WeChat's number for a withdrawn phone.
const PHONE: i64 = 8;
/// WeChat's numbers for withdrawn positions: the present one and a chosen one.
const POSITIONS: [i64; 2] = [13, 18];
/// A report may overtake the answer to the send it is about.
const TRIES_FOR_UNKNOWN: u32 = 3;

/// Acts on a stored push. Fails only when the database does.
pub async fn run(s: &Services, id: i64, this: Try) -> Result<Outcome> {
    let Some(row) = store::wechat_event::find(&s.db.read, id).await? else {
        return Ok(Outcome::Dead { why: "there is no such push".to_owned() });
    };
    if row.handled_at.is_some() {
        return Ok(Outcome::Done);
    }
    if row.app == WechatApp::Wecom {
        // On the heap: what a press sets in motion is large.
        return Box::pin(wecom::run(s, &row)).await;
    }
    let text = s.vault.open(BODY, &row.body_sealed).map_err(Error::internal)?;
    let told = match Notification::parse(&text) {
        Ok(told) => told,
        Err(why) => return Ok(Outcome::Dead { why: why.to_string() }),
    };
    let follower = match &told.event {
        Event::Followed { .. } => match s.wechat.follower(&told.from).await {
            Ok(follower) => Some(follower),
            Err(failure) if failure.class == Class::DropRecipient => None,
            Err(failure) => return Ok(Outcome::retry(failure.to_string())),
        },
        _ => None,
    };
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let act = Act { s: &services, tx, now, this };
                let outcome = act.on(&told, follower.as_ref()).await?;
                if outcome == Outcome::Done {
                    store::wechat_event::set_handled(tx, id, now).await?;
                }
                Ok(outcome)
            })
        })
        .await
}

/// One unit in which a push is acted upon.
struct Act<'a> {
    s: &'a Services,
    tx: &'a Tx,
    now: Timestamp,
    this: Try,
}

impl Act<'_> {
    async fn on(&self, told: &Notification, follower: Option<&Follower>) -> Result<Outcome> {
        match &told.event {
            Event::SubscribePopup(choices) => {
                self.choices(&told.from, choices, rules::answered).await?;
            }
            Event::SubscribeChange(choices) => {
                self.choices(&told.from, choices, rules::changed).await?;
            }
            Event::SubscribeSent(reports) => return self.sent(reports).await,
            Event::Followed { .. } => self.followed(&told.from, follower).await?,
            Event::Unfollowed => self.close(WechatApp::Oa, &told.from).await?,
            Event::TemplateFinished { msgid, delivery } => {
                return self.delivered(*msgid, delivery, &told.from).await;
            }
            Event::AuthorizationRevoked { openid, kinds } => {
                if kinds.contains(&PHONE) {
                    self.erase_phone(openid).await?;
                }
                if kinds.iter().any(|kind| POSITIONS.contains(kind)) {
                    self.erase_positions(openid).await?;
                }
            }
            Event::AuthorizationCancelled { openid } => {
                self.erase_phone(openid).await?;
                self.erase_positions(openid).await?;
                self.end_consents(openid).await?;
                self.close(WechatApp::Mini, openid).await?;
            }
            Event::Punished { reason } => {
                self.s.metrics.punishments.inc();
                tracing::error!(
                    reason,
                    "WeChat warns or punishes our mini-program: see its console"
                );
            }
            Event::Other(_) => {}
        }
        Ok(Outcome::Done)
    }

    async fn account(&self, openid: &str) -> Result<Option<AccountId>> {
        let found = store::people::find_openid(self.tx, WechatApp::Mini, openid).await?;
        Ok(found.map(|identity| identity.account_id))
    }

    /// Writes what a person allows or refuses, by the rule of each template's kind.
    async fn choices(
        &self,
        openid: &str,
        choices: &[Choice],
        rule: fn(ConsentKind, bool) -> Entry,
    ) -> Result<()> {
        let Some(account) = self.account(openid).await? else { return Ok(()) };
        for Choice { template_id, accepted } in choices {
            let kind = self.s.settings.templates.consent_kind(template_id);
            let entry = rule(kind, *accepted);
            consent::write(self.tx, (account, template_id), entry, self.now).await?;
        }
        Ok(())
    }

    /// Joins a follower with the login of the same person. Without a unionid nobody can say whose
    /// openid it is; a person without a login gets an account that the login will find.
    async fn followed(&self, openid: &str, follower: Option<&Follower>) -> Result<()> {
        if !follower.is_some_and(|one| one.follows) {
            return self.close(WechatApp::Oa, openid).await;
        }
        if let Some(known) = store::people::find_openid(self.tx, WechatApp::Oa, openid).await? {
            store::people::set_identity_dead(self.tx, WechatApp::Oa, openid, None).await?;
            return self.greet(known.account_id).await;
        }
        let Some(unionid) = follower.and_then(|one| one.unionid.as_deref()) else { return Ok(()) };
        let account = match store::people::find_unionid(self.tx, unionid).await? {
            Some(known) => known.account_id,
            None => store::people::insert_account(self.tx, self.now).await?.id,
        };
        let row = wechat_identity::ActiveModel {
            id: NotSet,
            account_id: Set(account),
            app: Set(WechatApp::Oa),
            openid: Set(openid.to_owned()),
            unionid: Set(Some(unionid.to_owned())),
            dead_at: Set(None),
            created_at: Set(self.now),
        };
        store::people::insert_identity(self.tx, row).await?;
        self.greet(account).await
    }

    /// Proves the new way to a member of staff with a first message.
    async fn greet(&self, account: AccountId) -> Result<()> {
        let way = (account, Channel::OaTemplate);
        probe::greet::account(self.s, self.tx, way, self.now).await
    }

    async fn close(&self, app: WechatApp, openid: &str) -> Result<()> {
        store::people::set_identity_dead(self.tx, app, openid, Some(self.now)).await?;
        Ok(())
    }

    async fn erase_phone(&self, openid: &str) -> Result<()> {
        if let Some(account) = self.account(openid).await? {
            store::people::erase_phone(self.tx, account).await?;
        }
        Ok(())
    }

    async fn erase_positions(&self, openid: &str) -> Result<()> {
        if let Some(account) = self.account(openid).await? {
            store::people::erase_positions(self.tx, account).await?;
        }
        Ok(())
    }

    async fn end_consents(&self, openid: &str) -> Result<()> {
        if let Some(account) = self.account(openid).await? {
            store::consent::clear_all(self.tx, account, self.now).await?;
        }
        Ok(())
    }

    async fn sent(&self, reports: &[SentReport]) -> Result<Outcome> {
        for report in reports {
            let Some(msgid) = report.msgid else { continue };
            let delivery = match report.error_code {
                0 => Delivery::Delivered,
                code => Delivery::OtherFailure(code.to_string()),
            };
            // One report names several messages; those that are known must not wait for the rest.
            self.settle(msgid, &delivery, "").await?;
        }
        Ok(Outcome::Done)
    }

    async fn delivered(&self, msgid: i64, delivery: &Delivery, openid: &str) -> Result<Outcome> {
        let known = self.settle(msgid, delivery, openid).await?;
        if known || self.this.attempt >= TRIES_FOR_UNKNOWN {
            return Ok(Outcome::Done);
        }
        Ok(Outcome::retry("the report is about no message that we know yet"))
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
