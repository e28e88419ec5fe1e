//! Sends one test message: prepare and commit, call the platform, record what came of it.

use entity::kinds::{Channel, NoticeKind, NoticeState, ProbeKind, Timestamp, Urgency, WechatApp};
use entity::probe;

use super::post;
use crate::app::case::tell;
use crate::app::notice::consent::{self, Cost};
use crate::app::notice::letter::{self, Address};
use crate::app::notice::send;
use crate::app::roster;
use crate::app::work::{Outcome, Try};
use crate::domain::notice::{self as table, Class, Doubt, Trial, after_doubt};
use crate::error::{Error, Result};
use crate::gateway::sms::Failure;
use crate::gateway::wechat::Sent;
use crate::services::Services;
use crate::store::notice::Ending;
use crate::store::writer::Tx;
use crate::store::{self};

/// A test message with its address, committed as being sent.
#[derive(Clone, Debug)]
struct Ready {
    probe: probe::Model,
    to: Address,
    first_at: Timestamp,
    /// The consent that was taken for it.
    cost: Option<Cost>,
    /// An earlier try may have arrived.
    doubted: bool,
}

/// Sends a test message unless it has ended or its time is over. Fails only when the database
/// does.
pub async fn run(s: &Services, id: i64, this: Try) -> Result<Outcome> {
    let (services, now) = (s.clone(), s.clock.now());
    let prepared = s
        .writer
        .commit(move |tx| Box::pin(async move { prepare(&services, tx, id, now).await }))
        .await?;
    let Some(ready) = prepared else { return Ok(Outcome::Done) };
    s.quotas.spend(s, ready.probe.channel);
    // The same words with every try: a platform knows a repeat by them.
    let answer = post::run(s, (&ready.probe, &ready.to), ready.first_at).await;
    let (services, now) = (s.clone(), s.clock.now());
    if let Err(failure) = &answer {
        s.gate.refused((ready.probe.channel, failure.errcode), now);
    }
    let verdict = judge(&ready, answer, this, now);
    s.writer
        .commit(move |tx| {
            Box::pin(async move { record(&services, tx, (&ready, verdict), now).await })
        })
        .await
}

/// Ends a test message whose job will not run again.
pub async fn give_up(s: &Services, id: i64) -> Result<()> {
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let Some(probe) = store::probe::find(tx, id).await? else { return Ok(()) };
                let state = match probe.state {
                    NoticeState::Sending => NoticeState::Unknown,
                    _ => NoticeState::Dead,
                };
                over(&services, tx, &probe, &ending(state, "gave_up", None, now)).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

fn ending(state: NoticeState, reason: &str, errcode: Option<i64>, at: Timestamp) -> Ending {
    Ending { state, msgid: None, errcode, reason: Some(reason.to_owned()), at }
}

/// Ends a message that did not arrive, or perhaps not; a word about the roster goes on through the next
/// channel. Tells whether it had not ended before.
async fn over(s: &Services, tx: &Tx, probe: &probe::Model, ending: &Ending) -> Result<bool> {
    let ended = store::probe::finish(tx, probe.id, ending).await?;
    if ended && probe.kind == ProbeKind::Roster {
        Box::pin(roster::tell::go_on(s, tx, probe, ending.at)).await?;
    }
    Ok(ended)
}

async fn prepare(s: &Services, tx: &Tx, id: i64, now: Timestamp) -> Result<Option<Ready>> {
    let Some(probe) = store::probe::find(tx, id).await? else { return Ok(None) };
    match probe.state {
        NoticeState::Planned if now >= probe.expires_at => {
            let late = ending(NoticeState::Cancelled, "expired", None, now);
            store::probe::finish(tx, id, &late).await?;
            Ok(None)
        }
        NoticeState::Planned => first_try(s, tx, probe, now).await,
        NoticeState::Sending => in_doubt(s, tx, probe, now).await,
        _ => Ok(None),
    }
}

async fn first_try(
    s: &Services,
    tx: &Tx,
    probe: probe::Model,
    now: Timestamp,
) -> Result<Option<Ready>> {
    let staff = store::people::staff(tx, &[probe.staff_id]).await?.into_iter().next();
    let account = staff.and_then(|staff| staff.account_id);
    let whom = (Some(probe.staff_id), account);
    let Some(to) = letter::address_of(s, tx, probe.channel, whom).await? else {
        over(s, tx, &probe, &ending(NoticeState::Dead, "no_address", None, now)).await?;
        let (staff, channel) = (probe.staff_id, probe.channel);
        store::channel::set_failed(tx, staff, channel, "no_address", now).await?;
        return Ok(None);
    };
    let openid = match &to {
        Address::Openid(id) | Address::Member(id) => Some(id.as_str()),
        Address::Mobile(..) => None,
    };
    if !store::probe::set_sending(tx, probe.id, openid, now).await? {
        return Ok(None);
    }
    let cost = consent::cost(s, NoticeKind::NewCase, (probe.channel, account));
    if !consent::take(s, tx, cost.as_ref()).await? {
        // He used up the last one since; that says nothing about the channel.
        let none = ending(NoticeState::Dead, consent::NONE_LEFT, None, now);
        over(s, tx, &probe, &none).await?;
        return Ok(None);
    }
    let probe = probe::Model { sending_at: Some(now), ..probe };
    Ok(Some(Ready { probe, to, first_at: now, cost, doubted: false }))
}

/// Somebody died between the call and its record. The same key goes out again where the platform
/// drops the second; otherwise nobody is told twice.
async fn in_doubt(
    s: &Services,
    tx: &Tx,
    probe: probe::Model,
    now: Timestamp,
) -> Result<Option<Ready>> {
    let first_at = probe.sending_at.unwrap_or(now);
    let doubt = after_doubt(probe.channel, Urgency::Normal, now.since(first_at));
    if let (Doubt::RepeatSameKey { .. }, Some(openid)) = (doubt, probe.openid.clone()) {
        let to = match probe.channel {
            Channel::WecomCard => Address::Member(openid),
            _ => Address::Openid(openid),
        };
        return Ok(Some(Ready { probe, to, first_at, cost: None, doubted: true }));
    }
    let lost = ending(NoticeState::Unknown, "interrupted", None, now);
    over(s, tx, &probe, &lost).await?;
    Ok(None)
}

/// What is to be recorded about a try.
enum Verdict {
    Accepted(Option<i64>),
    /// `unless_led`: how it ends where another channel leads to its reader.
    Again {
        at: Option<Timestamp>,
        counted: bool,
        doubtful: bool,
        unless_led: Option<Failed>,
        why: String,
    },
    Failed(Failed),
}

/// How a message ends that did not arrive, or perhaps not.
#[derive(Clone, Copy)]
struct Failed {
    state: NoticeState,
    class: Class,
    errcode: Option<i64>,
}

fn judge(
    ready: &Ready,
    answer: std::result::Result<Sent, Failure>,
    this: Try,
    now: Timestamp,
) -> Verdict {
    let failure = match answer {
        Ok(sent) => return Verdict::Accepted(sent.msgid),
        Err(failure) => failure,
    };
    let (class, errcode) = (send::class(&failure), failure.errcode);
    tracing::warn!(probe = ready.probe.id, errcode, rid = failure.rid, detail = failure.detail,
        class = ?failure.class, doubtful = failure.doubtful, "a test message was not accepted");
    let trial = Trial {
        channel: ready.probe.channel,
        urgency: Urgency::Normal,
        attempt: this.attempt,
        max_attempt: this.max_attempt,
        since_first: now.since(ready.first_at),
    };
    let state = if ready.doubted { NoticeState::Unknown } else { NoticeState::Dead };
    match table::outcome(class, &trial) {
        table::Outcome::Done => Verdict::Accepted(None),
        table::Outcome::Retry { counted } => {
            let at = send::wait(ready.probe.channel, &failure, (this.attempt, now));
            let doubtful = failure.doubtful || ready.doubted;
            // A quota may outlast a word about the roster.
            let goes_on = ready.probe.kind == ProbeKind::Roster && class == Class::RateLimited;
            let unless_led = goes_on.then_some(Failed { state, class, errcode });
            Verdict::Again { at, counted, doubtful, unless_led, why: failure.detail }
        }
        table::Outcome::NextChannel | table::Outcome::Dead => {
            Verdict::Failed(Failed { state, class, errcode })
        }
        // Not for what is never urgent.
        table::Outcome::Unknown { .. } | table::Outcome::OtherWay => {
            Verdict::Failed(Failed { state: NoticeState::Unknown, class, errcode })
        }
    }
}

async fn record(
    s: &Services,
    tx: &Tx,
    (ready, verdict): (&Ready, Verdict),
    at: Timestamp,
) -> Result<Outcome> {
    let probe = &ready.probe;
    let is_led = matches!(verdict, Verdict::Again { unless_led: Some(_), .. })
        && Box::pin(roster::tell::is_led(s, tx, probe)).await?;
    match verdict {
        Verdict::Again { unless_led: Some(failed), .. } if is_led => {
            fail(s, tx, (ready, failed), at).await
        }
        Verdict::Again { at, counted, doubtful, why, .. } => {
            if !doubtful && store::probe::set_planned_again(tx, probe.id).await? {
                give_back(s, tx, ready).await?;
            }
            Ok(Outcome::Retry { at, counted, why })
        }
        Verdict::Accepted(msgid) => {
            let taken =
                Ending { state: NoticeState::Accepted, msgid, errcode: None, reason: None, at };
            if store::probe::finish(tx, probe.id, &taken).await? {
                store::channel::set_proven(tx, probe.staff_id, probe.channel, at).await?;
            }
            Ok(Outcome::Done)
        }
        Verdict::Failed(failed) => fail(s, tx, (ready, failed), at).await,
    }
}

/// Ends a message that was refused, and gives back what it did not use.
async fn fail(
    s: &Services,
    tx: &Tx,
    (ready, failed): (&Ready, Failed),
    at: Timestamp,
) -> Result<Outcome> {
    let (probe, Failed { state, class, errcode }) = (&ready.probe, failed);
    if state == NoticeState::Dead && consent::is_unspent(errcode) {
        give_back(s, tx, ready).await?;
    }
    let ended = ending(state, send::word(class), errcode, at);
    // Only what concerns the person closes his channel; a provider in trouble does not.
    let closed = class == Class::DropRecipient;
    if over(s, tx, probe, &ended).await? && closed {
        let reason = send::word(class);
        store::channel::set_failed(tx, probe.staff_id, probe.channel, reason, at).await?;
        close(s, tx, (ready, errcode), at).await?;
    }
    Ok(Outcome::Done)
}

async fn give_back(s: &Services, tx: &Tx, ready: &Ready) -> Result<()> {
    match &ready.cost {
        Some(cost) => consent::give_back(s, tx, cost, ready.first_at).await,
        None => Ok(()),
    }
}

/// Remembers what a notice would remember: the person, his number or his consent is gone.
async fn close(
    s: &Services,
    tx: &Tx,
    (ready, errcode): (&Ready, Option<i64>),
    now: Timestamp,
) -> Result<()> {
    let probe = &ready.probe;
    let app = match (&ready.to, letter::app(probe.channel)) {
        // He works on with the mini-program; only this kind of message is refused to him.
        _ if probe.channel == Channel::Employee => {
            store::people::set_employee_dead(tx, probe.staff_id, now).await?;
            return Ok(());
        }
        (Address::Member(userid), _) => {
            store::wecom::set_unreachable(tx, userid).await?;
            return Ok(());
        }
        (Address::Openid(openid), Some(app)) => (app, openid),
        _ if probe.channel == Channel::Sms => {
            store::people::set_mobile_dead(tx, probe.staff_id, now).await?;
            return Ok(());
        }
        _ => return Ok(()),
    };
    if app.0 == WechatApp::Mini && errcode == Some(send::NO_CONSENT) {
        let identity = store::people::find_openid(tx, app.0, app.1).await?;
        let template = tell::template(s, NoticeKind::NewCase, probe.channel);
        if let Some(identity) = identity {
            let when = (probe.sending_at.unwrap_or(now), now);
            store::consent::clear_refused(tx, identity.account_id, template, when).await?;
        }
        return Ok(());
    }
    store::people::set_identity_dead(tx, app.0, app.1, Some(now)).await?;
    Ok(())
}
