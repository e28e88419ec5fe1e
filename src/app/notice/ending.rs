//! What follows when a notice ends: the record, the next channel, or the next person now.
//!
//! Everything here happens inside the unit that ends the notice, under the case's lock. A notice
//! ends once: whoever comes second changes nothing.

use entity::kinds::{
    Channel, EventType, NoticeId, NoticeKind, NoticeState, StaffId, Timestamp, WechatApp,
};
use entity::notice;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::hold;
use super::letter::is_obsolete;
use super::owed;
use super::ways::Ways;
use crate::app::case::chain;
use crate::app::case::change::Change;
use crate::app::case::facts;
use crate::app::case::tell::{self, News, Planned, To};
use crate::domain::notice::Part;
use crate::error::Result;
use crate::services::Services;
use crate::store::notice::Ending;
use crate::store::writer::Tx;
use crate::store::{self};

/// Why a notice ends without having arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// `Dead`, or `Unknown` when it may have arrived.
    pub state: NoticeState,
    /// A word for the record.
    pub class: &'static str,
    pub errcode: Option<i64>,
    /// Whether another channel, or else the next person, is tried at once.
    pub next_channel: bool,
    /// The person at this openid cannot be reached through this channel any more; empty for a
    /// text message, where the person is known and his number is not for anybody.
    pub unreachable: Option<String>,
}

impl Failed {
    /// Says that the channel does not lead to the recipient.
    pub const fn no_address() -> Self {
        Self::dead("no_address")
    }

    /// Says that it certainly did not arrive and that somebody else must be told.
    pub const fn dead(class: &'static str) -> Self {
        Self {
            state: NoticeState::Dead,
            class,
            errcode: None,
            next_channel: true,
            unreachable: None,
        }
    }

    /// Says that nobody knows whether it arrived.
    pub fn unknown(class: &'static str, next_channel: bool) -> Self {
        Self { state: NoticeState::Unknown, next_channel, ..Self::dead(class) }
    }
}

/// Ends a notice that the platform took over. The first one that reaches the responsible set stops
/// the clock of the first push.
pub async fn accepted(
    change: &mut Change,
    tx: &Tx,
    notice: &notice::Model,
    msgid: Option<i64>,
) -> Result<()> {
    let ending =
        Ending { state: NoticeState::Accepted, msgid, errcode: None, reason: None, at: change.now };
    if store::notice::finish(tx, notice.id, &ending).await? {
        taken_over(change, notice, msgid)?;
    }
    Ok(())
}

/// Records that the platform took a notice over; the notice has ended already.
pub fn taken_over(change: &mut Change, notice: &notice::Model, msgid: Option<i64>) -> Result<()> {
    let payload = json!({
        "notice": notice.id, "staff": notice.staff_id, "channel": notice.channel,
        // WeChat's numbers are above 2^53, which a JSON number does not carry exactly.
        "msgid": msgid.map(|id| id.to_string()),
    });
    arrived(change, notice, payload)
}

/// The word for a notice of which another one told.
pub const BUNDLED: &str = "bundled";

/// Ends a notice of which another one told that the platform took over: the person knows.
pub async fn told_by(
    change: &mut Change,
    tx: &Tx,
    notice: &notice::Model,
    carrier: NoticeId,
) -> Result<()> {
    let ending = Ending {
        state: NoticeState::Accepted,
        msgid: None,
        errcode: None,
        reason: Some(BUNDLED.to_owned()),
        at: change.now,
    };
    let payload = json!({
        "notice": notice.id, "staff": notice.staff_id, "channel": notice.channel,
        "bundled_into": carrier,
    });
    if store::notice::finish(tx, notice.id, &ending).await? {
        arrived(change, notice, payload)?;
    }
    Ok(())
}

fn arrived(change: &mut Change, notice: &notice::Model, payload: Value) -> Result<()> {
    count(change, notice, NoticeState::Accepted);
    let first = to_responsible(notice) && change.case.first_push_at.is_none();
    let payload = facts::with(payload, told(notice, first));
    change.observed(EventType::Pushed, payload)?;
    if first {
        change.case.first_push_at = Some(change.now);
    }
    Ok(())
}

/// Ends a notice that did not arrive, or perhaps not. Tells whether it had not ended before.
pub async fn failed(
    change: &mut Change,
    tx: &Tx,
    notice: &notice::Model,
    failed: &Failed,
) -> Result<bool> {
    let ending = Ending {
        state: failed.state,
        msgid: None,
        errcode: failed.errcode,
        reason: Some(failed.class.to_owned()),
        at: change.now,
    };
    if !store::notice::finish(tx, notice.id, &ending).await? {
        return Ok(false);
    }
    if failed.state == NoticeState::Unknown {
        let channel = notice.channel.word();
        change.s.metrics.doubtful_sends.with_label_values(&[channel]).inc();
    }
    follow_up(change, tx, notice, failed).await?;
    Ok(true)
}

/// The word for a message whose reader was away before it left.
pub(in crate::app) const AWAY: &str = "away";

/// Ends a message of the chain whose reader is away by the time it may leave, and tells whoever
/// stands in for him instead; where nothing reaches one, the next person is looked for now.
pub async fn handed_over(
    change: &mut Change,
    tx: &Tx,
    notice: &notice::Model,
    substitute: Option<StaffId>,
) -> Result<()> {
    failed(change, tx, notice, &Failed { next_channel: false, ..Failed::dead(AWAY) }).await?;
    tell_substitute(change, tx, notice, substitute).await
}

/// Tells whoever stands in for the reader of a message of the chain that ended; where nothing reaches
/// one, the next person is looked for now.
async fn tell_substitute(
    change: &mut Change,
    tx: &Tx,
    notice: &notice::Model,
    substitute: Option<StaffId>,
) -> Result<()> {
    // Who stands in for a substitute has nothing to do with the case.
    let at = hold::leaves(&change.s, change.case.urgency, change.now);
    let substitute = match substitute {
        Some(one) if chain::may_act(tx, &change.case, one, at).await? => Some(one),
        _ => None,
    };
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    let place = (number(notice.round), Part::Step(number(notice.step)));
    let instead = |staff| Planned {
        first_push: notice.first_push,
        gather: hold::gathers(change.case.urgency, notice, change.now),
        ..Planned::new(To::Staff(staff), notice.kind, place, String::new())
    };
    let planned: Vec<Planned> = substitute.map(instead).into_iter().collect();
    let news = News { case: &change.case, planned: &planned, trace: None };
    let jobs = tell::store_all(&change.s, tx, &[news], change.now).await?;
    if jobs.is_empty() {
        change.look_now();
    }
    store::job::enqueue(tx, jobs, change.now).await?;
    Ok(())
}

/// Records a failure and sees that somebody is told all the same; the notice has ended already. What
/// it told of beside its own case, as was thought until now, is told again by itself.
pub async fn follow_up(
    change: &mut Change,
    tx: &Tx,
    notice: &notice::Model,
    failed: &Failed,
) -> Result<()> {
    hold::revive(&change.s, tx, notice, change.now).await?;
    count(change, notice, failed.state);
    let payload = json!({
        "notice": notice.id, "staff": notice.staff_id, "channel": notice.channel,
        "state": failed.state, "class": failed.class, "errcode": failed.errcode,
    });
    // Nobody refused what was never handed to a carrier.
    let asked = failed.class != AWAY;
    let first = asked && to_responsible(notice) && change.case.first_push_at.is_none();
    let payload = facts::with(payload, told(notice, first));
    change.observed(EventType::PushFailed, payload)?;
    if let Some(openid) = &failed.unreachable {
        forget_way(change, tx, notice, (openid, failed.errcode)).await?;
    }
    if !failed.next_channel || notice.staff_id.is_none() {
        return Ok(());
    }
    if is_obsolete(tx, &change.case, notice).await? {
        return Ok(());
    }
    // No other channel rings for somebody who is not there.
    if let Some(substitute) = hold::went(change, tx, notice).await? {
        return Box::pin(tell_substitute(change, tx, notice, substitute)).await;
    }
    if !plan_next_channel(change, tx, notice).await? {
        owed::remember(change, tx, notice, failed.class).await?;
        change.look_now();
    }
    Ok(())
}

/// Tells whether the next channel or person was told when a message came into doubt: an urgent one
/// waits for no report.
pub fn went_on(notice: &notice::Model) -> bool {
    notice.state == NoticeState::Unknown && notice.urgent
}

/// The desk that finds the grid is not yet the responsible set.
fn to_responsible(notice: &notice::Model) -> bool {
    notice.first_push && notice.kind != NoticeKind::Triage
}

/// Says which message it was: of the first step to the responsible set, before any arrived (t3a),
/// or a later one.
fn told(notice: &notice::Model, first: bool) -> Value {
    json!({ "first": first, "about": notice.kind, "round": notice.round, "step": notice.step })
}

fn count(change: &Change, notice: &notice::Model, state: NoticeState) {
    let labels = [notice.channel.word(), state.word()];
    change.s.metrics.notices.with_label_values(&labels).inc();
}

/// Remembers that a channel is closed: the person himself, or his consent to this template.
async fn forget_way(
    change: &Change,
    tx: &Tx,
    notice: &notice::Model,
    (openid, errcode): (&str, Option<i64>),
) -> Result<()> {
    let app = match (notice.channel, notice.account_id) {
        (Channel::MiniSubscribe, Some(account)) if errcode == Some(43101) => {
            let template = tell::template(&change.s, notice.kind, notice.channel);
            let when = (notice.sending_at.unwrap_or(change.now), change.now);
            store::consent::clear_refused(tx, account, template, when).await?;
            return Ok(());
        }
        (Channel::MiniSubscribe, _) => WechatApp::Mini,
        (Channel::OaTemplate, _) => WechatApp::Oa,
        (Channel::Sms, _) => {
            if let Some(staff) = notice.staff_id {
                store::people::set_mobile_dead(tx, staff, change.now).await?;
            }
            return Ok(());
        }
        (Channel::WecomCard, _) => {
            store::wecom::set_unreachable(tx, openid).await?;
            return Ok(());
        }
        // He works on with the mini-program; only this kind of message is refused to him.
        (Channel::Employee, _) => {
            if let Some(staff) = notice.staff_id {
                store::people::set_employee_dead(tx, staff, change.now).await?;
            }
            return Ok(());
        }
        (Channel::Inbox, _) => return Ok(()),
    };
    store::people::set_identity_dead(tx, app, openid, Some(change.now)).await?;
    Ok(())
}

/// Finds the next way to the same person in his order that this message did not try yet and that
/// can be used now.
pub(super) async fn next_channel(
    s: &Services,
    tx: &Tx,
    notice: &notice::Model,
) -> Result<Option<Channel>> {
    let Some(staff) = notice.staff_id else { return Ok(None) };
    let person = Ways::load(s, tx, &[staff]).await?.of(staff);
    let tried = tried(tx, notice).await?;
    Ok(person.usable(s, notice.kind).find(|way| !tried.contains(way)))
}

/// Lists the channels through which these words went to this person already.
async fn tried(tx: &Tx, notice: &notice::Model) -> Result<Vec<Channel>> {
    let all = store::notice::of_case(tx, notice.case_id).await?;
    let same = all.iter().filter(|one| base(one) == base(notice));
    Ok(same.map(|one| one.channel).collect())
}

/// The key without its channel: one intention, whatever carries it.
fn base(notice: &notice::Model) -> &str {
    notice.dedup_key.rsplit_once('/').map_or(notice.dedup_key.as_str(), |(base, _)| base)
}

/// Plans the same words through the next channel, if there is one.
async fn plan_next_channel(change: &Change, tx: &Tx, notice: &notice::Model) -> Result<bool> {
    let Some(channel) = next_channel(&change.s, tx, notice).await? else { return Ok(false) };
    let held = hold::until(&change.s, change.case.urgency, change.now);
    let row = through(notice, channel, (tell::planned_at(&change.case, change.now), held));
    let stored = store::notice::insert_new(tx, vec![row]).await?;
    let run_at = held.unwrap_or(change.now);
    let jobs = stored.iter().map(|notice| tell::job(&change.s, notice, run_at)).collect();
    store::job::enqueue(tx, jobs, change.now).await?;
    Ok(!stored.is_empty())
}

fn through(
    notice: &notice::Model,
    channel: Channel,
    (created_at, held_until): (Timestamp, Option<Timestamp>),
) -> notice::ActiveModel {
    let dedup_key = format!("{}/{}", base(notice), channel.word());
    let planned = notice::Model {
        channel,
        dedup_key,
        state: NoticeState::Planned,
        msgid: None,
        errcode: None,
        reason: None,
        created_at,
        sending_at: None,
        accepted_at: None,
        delivered_at: None,
        finished_at: None,
        held_until,
        bundled_into: None,
        ..notice.clone()
    };
    notice::ActiveModel {
        id: NotSet,
        case_id: Set(notice.case_id),
        ..planned.into_active_model().reset_all()
    }
}
