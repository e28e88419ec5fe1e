//! Acts on a stored push: consents, followers, deliveries, withdrawals. Once, however often it is
//! asked to.

use std::time::Duration;

use entity::kinds::{Timestamp, WechatApp};
use entity::wechat_event;

use super::authorization;
use super::follow::{self, Told};
use super::happened::{happened, over_by};
use super::receive::BODY;
use super::reports::{self, Reports};
use super::wecom;
use super::withdrawn::When;
use crate::app::media_check;
use crate::app::notice::consent;
use crate::app::work::Outcome;
use crate::domain::notice::consent::{self as rules, ConsentKind, Entry};
use crate::error::{Error, Result};
use crate::gateway::wechat::{Choice, Class, Event, Failure, Follower, Notification};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Whom WeChat does not tell us of by then, the daily run through all followers finds.
const LOOKED_UP_WITHIN: Duration = Duration::from_hours(3 * 24);
const SOONEST: Duration = Duration::from_secs(5);
const LATEST: Duration = Duration::from_mins(30);

/// Acts on a stored push. Fails only when the database does.
pub async fn run(s: &Services, id: i64) -> Result<Outcome> {
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
    let follower = match look_up(s, &told).await {
        Ok(follower) => follower,
        Err(failure) => return Ok(wait(&row, &failure, s.clock.now())),
    };
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let received = row.received_at;
                let act = Act { s: &services, tx, now, received, app: row.app };
                let outcome = act.on(&told, follower.as_ref()).await?;
                if outcome == Outcome::Done {
                    store::wechat_event::set_handled(tx, id, now).await?;
                }
                Ok(outcome)
            })
        })
        .await
}

/// Asks WeChat about whoever follows or scanned a code of ours.
async fn look_up(
    s: &Services,
    told: &Notification,
) -> std::result::Result<Option<Follower>, Failure> {
    let ours = match &told.event {
        Event::Followed { .. } => true,
        Event::Scanned { scene } => scene.starts_with(follow::SCENE),
        _ => false,
    };
    if !ours {
        return Ok(None);
    }
    match s.wechat.follower(&told.from).await {
        Ok(follower) => Ok(Some(follower)),
        Err(failure) if failure.class == Class::DropRecipient => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Waits for WeChat without giving up: a used up quota comes back at midnight, a refused address
/// when an operator has entered it.
fn wait(row: &wechat_event::Model, failure: &Failure, now: Timestamp) -> Outcome {
    let (age, why) = (now.since(row.received_at), failure.to_string());
    if age > LOOKED_UP_WITHIN {
        return Outcome::Dead { why };
    }
    let at = now + (age / 4).clamp(SOONEST, LATEST);
    Outcome::Retry { at: Some(at), counted: false, why }
}

/// One unit in which a push is acted upon.
struct Act<'a> {
    s: &'a Services,
    tx: &'a Tx,
    now: Timestamp,
    received: Timestamp,
    /// Through whose door it came.
    app: WechatApp,
}

impl Act<'_> {
    async fn on(&self, told: &Notification, follower: Option<&Follower>) -> Result<Outcome> {
        match &told.event {
            Event::SubscribePopup(choices) => self.choices(told, choices, rules::answered).await?,
            Event::SubscribeChange(choices) => self.choices(told, choices, rules::changed).await?,
            Event::SubscribeSent(reports) => return self.reports(told).sent(reports).await,
            Event::Followed { scene } => {
                let told = self.told(told, scene.as_deref());
                follow::followed(self.s, self.tx, (told, follower), self.now).await?;
            }
            Event::Scanned { scene } => {
                let told = self.told(told, Some(scene));
                follow::scanned(self.s, self.tx, (told, follower), self.now).await?;
            }
            Event::Unfollowed => {
                follow::left(self.tx, self.told(told, None)).await?;
            }
            Event::TemplateFinished { msgid, delivery } => {
                return self.reports(told).delivered(*msgid, delivery).await;
            }
            Event::AuthorizationRevoked { .. } | Event::AuthorizationCancelled { .. } => {
                let door = (self.app, self.when(told));
                authorization::taken_back(self.s, self.tx, told, door).await?;
            }
            Event::MediaChecked { trace_id, verdict } => {
                let said = (trace_id.as_str(), verdict);
                let known = media_check::tell::heard(self.s, self.tx, said, self.now).await?;
                // It may be faster than the record of the question.
                let again = reports::again("no question has this name", self.received, self.now);
                return Ok(again.filter(|_| !known).unwrap_or(Outcome::Done));
            }
            Event::Punished { reason, .. } => {
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

    /// Returns when a push happened: by the platform's clock, where it says so.
    fn happened(&self, told: &Notification) -> Timestamp {
        happened(told.created_at, self.received)
    }

    fn when(&self, told: &Notification) -> When {
        let at = self.happened(told);
        When { at, given_until: over_by(at, self.received), now: self.now }
    }

    fn told<'b>(&self, told: &'b Notification, scene: Option<&'b str>) -> Told<'b> {
        Told { openid: &told.from, at: self.happened(told), scene }
    }

    fn reports<'b>(&'b self, told: &'b Notification) -> Reports<'b> {
        let (now, received) = (self.now, self.received);
        let (told, openid) = (self.happened(told), told.from.as_str());
        let channel = reports::channel(self.app);
        Reports { s: self.s, tx: self.tx, now, received, told, openid, channel }
    }

    /// Writes what a person allows or refuses, by the rule of each template's kind, unless he said
    /// the opposite later, or closed his account.
    async fn choices(
        &self,
        told: &Notification,
        choices: &[Choice],
        rule: fn(ConsentKind, bool) -> Entry,
    ) -> Result<()> {
        // Two answers of one person may be handled at once.
        let locked = store::people::find_openid_locked(self.tx, WechatApp::Mini, &told.from);
        let at = self.happened(told);
        let mine = locked.await?.filter(|mine| mine.told_at.is_none_or(|closed| closed < at));
        let Some(account) = mine.map(|mine| mine.account_id) else { return Ok(()) };
        for Choice { template_id, accepted } in choices {
            let Some(accepted) = *accepted else { continue };
            let kind = self.s.settings.templates.consent_kind(template_id);
            let entry = rule(kind, accepted);
            let known = store::consent::find(self.tx, account, template_id).await?;
            let times = known.map_or((None, None), |one| (one.accepted_at, one.refused_at));
            if entry == Entry::Nothing || rules::is_overtaken(entry, at, times) {
                continue;
            }
            let mine = (account, template_id.as_str());
            consent::write(self.tx, mine, entry, self.now).await?;
            let accepts = entry != Entry::Withdraw;
            let before = if accepts { times.0 } else { times.1 };
            let latest = before.map_or(at, |before| before.max(at));
            store::consent::note(self.tx, mine, accepts, latest).await?;
        }
        Ok(())
    }
}
