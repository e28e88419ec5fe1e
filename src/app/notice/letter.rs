//! Makes a notice ready to leave: decides under the case's lock whether it still may, and marks it
//! as being sent. Afterwards the letter holds everything the call needs.

use entity::kinds::{
    AccountId, Awaited, CaseState, Channel, ContentCheck, EventType, NoticeId, NoticeKind,
    NoticeState, StaffId, Timestamp, Urgency, WechatApp,
};
use entity::{cases, notice, staff};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::consent;
use super::ending::{self, Failed};
use super::hold::{self, Turn};
use super::ways::Ways;
use crate::app::case::change::Change;
use crate::app::case::tell;
use crate::app::case::view;
use crate::app::insist::insist;
use crate::app::session::phone::PHONE;
use crate::app::staff::MOBILE;
use crate::domain::notice::{Doubt, after_doubt};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::notice::Ending;
use crate::store::writer::Tx;
use crate::store::{self};

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Openid(String),
    /// A sealed number and the context it was sealed for; opened for the call only.
    Mobile(String, &'static str),
    /// The userid at WeCom.
    Member(String),
}

/// One message with its address.
#[derive(Clone, Debug)]
pub struct Letter {
    pub notice: notice::Model,
    pub to: Address,
    pub template: String,
    pub fields: Vec<(String, String)>,
    /// Of its case, where giving up soon wins another way; a resident has none, and nobody behind him.
    pub urgency: Urgency,
    /// Of how many cases it tells.
    pub stands_for: usize,
    /// Whether its reader may take the case with one tap; the same for every try.
    pub takes: bool,
    /// When the first try that may have arrived began.
    pub first_at: Timestamp,
    /// An earlier try may have arrived; however this one ends, nobody may say that nothing did.
    pub doubted: bool,
}

impl Letter {
    /// Returns the consent that it costs.
    pub fn cost(&self, s: &Services) -> Option<consent::Cost> {
        consent::cost(s, self.notice.kind, (self.notice.channel, self.notice.account_id))
    }
}

/// What is to be done with a notice now.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// There is no such notice.
    Missing,
    /// Nothing; it has ended, perhaps just now.
    Over,
    /// Nothing before this instant.
    Wait(Timestamp),
    Send(Box<Letter>),
}

/// Prepares a notice inside a unit. A notice found in `sending` may have been delivered already:
/// it is repeated only where the platform recognises the repeat.
pub async fn prepare(s: &Services, tx: &Tx, id: NoticeId, now: Timestamp) -> Result<Prepared> {
    let Some(case_id) = store::notice::find(tx, id).await?.map(|notice| notice.case_id) else {
        return Ok(Prepared::Missing);
    };
    let case = store::case::find_locked(tx, case_id).await?;
    // Read again under the lock: whoever cancels or ends a notice holds it too.
    let (Some(case), Some(notice)) = (case, store::notice::find(tx, id).await?) else {
        return Ok(Prepared::Missing);
    };
    let change = Change::new(s, case, now);
    match notice.state {
        NoticeState::Planned => first_try(change, tx, notice).await,
        NoticeState::Sending => in_doubt(change, tx, notice).await,
        _ => Ok(Prepared::Over),
    }
}

async fn first_try(mut change: Change, tx: &Tx, notice: notice::Model) -> Result<Prepared> {
    if is_obsolete(tx, &change.case, &notice).await? {
        let ending = Ending {
            state: NoticeState::Cancelled,
            msgid: None,
            errcode: None,
            reason: Some("obsolete".to_owned()),
            at: change.now,
        };
        store::notice::finish(tx, notice.id, &ending).await?;
        return Ok(Prepared::Over);
    }
    if let Some(until) = must_wait(&change.case, change.now) {
        return Ok(Prepared::Wait(until));
    }
    if waited_in_vain(&change.case) {
        change.case.content_check = ContentCheck::Unchecked;
        let payload = json!({ "result": ContentCheck::Unchecked, "why": "no answer in time" });
        change.observed(EventType::ContentChecked, payload)?;
    }
    if !change.s.gate.is_open(notice.channel, notice.kind) {
        ending::failed(&mut change, tx, &notice, &Failed::dead("template_changed")).await?;
        change.store_observed(tx).await?;
        return Ok(Prepared::Over);
    }
    if let Some(stays) = stays(&mut change, tx, &notice).await? {
        change.store_observed(tx).await?;
        return Ok(stays);
    }
    let Some(letter) = address(&change, tx, &notice).await? else {
        ending::failed(&mut change, tx, &notice, &Failed::no_address()).await?;
        change.store_observed(tx).await?;
        return Ok(Prepared::Over);
    };
    if !store::notice::set_sending(tx, notice.id, change.now).await? {
        change.store_observed(tx).await?;
        return Ok(Prepared::Over);
    }
    if !consent::take(&change.s, tx, letter.cost(&change.s).as_ref()).await? {
        // WeChat would refuse it: whoever is next is told without asking.
        ending::failed(&mut change, tx, &notice, &Failed::dead(consent::NONE_LEFT)).await?;
        change.store_observed(tx).await?;
        return Ok(Prepared::Over);
    }
    change.store_observed(tx).await?;
    Ok(Prepared::Send(Box::new(letter)))
}

/// Asks for its turn; says what becomes of it where it does not leave now.
async fn stays(change: &mut Change, tx: &Tx, notice: &notice::Model) -> Result<Option<Prepared>> {
    match hold::turn(change, tx, notice).await? {
        Turn::Leaves => return Ok(None),
        Turn::Waits(until) => return Ok(Some(Prepared::Wait(until))),
        Turn::Elsewhere => {
            ending::failed(change, tx, notice, &Failed::dead("rate_limited")).await?;
        }
        Turn::Away(substitute) => ending::handed_over(change, tx, notice, substitute).await?,
        Turn::ToldBy(carrier) => ending::told_by(change, tx, notice, carrier).await?,
    }
    Ok(Some(Prepared::Over))
}

async fn in_doubt(mut change: Change, tx: &Tx, notice: notice::Model) -> Result<Prepared> {
    let first_at = notice.sending_at.unwrap_or(change.now);
    let doubt = after_doubt(notice.channel, change.case.urgency, change.now.since(first_at));
    let letter = address(&change, tx, &notice).await?;
    let obsolete = is_obsolete(tx, &change.case, &notice).await?;
    match (doubt, letter) {
        (Doubt::RepeatSameKey { .. }, Some(letter)) if !obsolete => {
            let channel = notice.channel.word();
            change.s.metrics.doubtful_sends.with_label_values(&[channel]).inc();
            Ok(Prepared::Send(Box::new(Letter { first_at, doubted: true, ..letter })))
        }
        (doubt, _) => {
            // Where the repeat has no address any more, nothing tells whether the first try arrived.
            let wanted = match doubt {
                Doubt::GiveUpUnknown { next_channel } => next_channel,
                Doubt::RepeatSameKey { .. } => true,
            };
            let failed = Failed::unknown("interrupted", wanted && !obsolete);
            ending::failed(&mut change, tx, &notice, &failed).await?;
            change.store_observed(tx).await?;
            Ok(Prepared::Over)
        }
    }
}

/// Sees that nothing stays marked by a unit that was answered with the absence of the database: it may
/// have been committed all the same, at `at`, and nobody called for what it marked.
pub async fn settled<T>(
    s: &Services,
    marked: Result<T>,
    (ids, at): (&[NoticeId], Timestamp),
) -> Result<T> {
    if marked.as_ref().is_err_and(|error| error.code == Code::DatabaseDown) {
        // Whoever marks has claimed a moment ago.
        let lease_ends = at + s.settings.lease;
        insist(s, lease_ends, || take_back(s, ids.to_vec(), at)).await?;
    }
    marked
}

async fn take_back(s: &Services, ids: Vec<NoticeId>, at: Timestamp) -> Result<()> {
    let services = s.clone();
    let unit =
        s.writer.commit(move |tx| Box::pin(async move { unmark(&services, tx, &ids, at).await }));
    unit.await
}

/// Plans notices again that were marked as being sent at an instant and for which nobody called; what
/// they cost is given back.
pub async fn unmark(s: &Services, tx: &Tx, ids: &[NoticeId], at: Timestamp) -> Result<()> {
    for notice in store::notice::marked(tx, ids, at).await? {
        let cost = consent::cost(s, notice.kind, (notice.channel, notice.account_id));
        if store::notice::set_planned_again(tx, notice.id).await?
            && let Some(cost) = cost
        {
            consent::give_back(s, tx, &cost, at).await?;
        }
    }
    Ok(())
}

/// Tells whether a message of the chain comes too late: somebody took the case, the chain began
/// anew, or a later round told or will tell the same person. A round by itself is no reason: when
/// only the last step repeats, those of the first ones still wait to hear of the case. A message to
/// the resident comes too late once what it asks of him is over.
pub async fn is_obsolete(
    conn: &impl ConnectionTrait,
    case: &cases::Model,
    notice: &notice::Model,
) -> Result<bool> {
    if !may_be_obsolete(case, notice) {
        return Ok(false);
    }
    if is_over(case, notice) || !is_waiting(case) || notice.created_at < case.escalation_base {
        return Ok(true);
    }
    let all = store::notice::of_case(conn, case.id).await?;
    Ok(all.iter().any(|one| one.round > notice.round && tells(one, notice.staff_id)))
}

/// Tells whether a message may be obsolete, without asking for the others of the chain.
fn may_be_obsolete(case: &cases::Model, notice: &notice::Model) -> bool {
    let of_chain = notice.step != tell::NO_STEP;
    let late = !is_waiting(case) || notice.round < case.escalation_round;
    is_over(case, notice) || (of_chain && late)
}

/// Tells whether what a message asks of the resident is over: he may have answered in the app while
/// it waited for the morning, and it would spend his consent on words that are not true any more.
fn is_over(case: &cases::Model, notice: &notice::Model) -> bool {
    if notice.staff_id.is_some() {
        return false;
    }
    match notice.kind {
        NoticeKind::Question => view::awaited(case) != Some(Awaited::Answer),
        // A later result is told by a message of its own.
        NoticeKind::Resolved => {
            let later = case.resolved_at.is_some_and(|at| notice.created_at < at);
            case.state != CaseState::Resolved || later
        }
        // Whoever rests anew has agreed to nothing yet.
        NoticeKind::Rests => case.state != CaseState::OnHold || case.appointment_agreed,
        _ => false,
    }
}

/// Tells whether nobody has taken a case yet.
pub(super) const fn is_waiting(case: &cases::Model) -> bool {
    matches!(case.state, CaseState::Assigned | CaseState::Triage)
}

/// Tells whether a message of the chain told this person, or is about to.
fn tells(notice: &notice::Model, staff: Option<StaffId>) -> bool {
    use NoticeState::{Accepted, Delivered, Planned, Sending};
    let alive = matches!(notice.state, Planned | Sending | Accepted | Delivered);
    alive && notice.step != tell::NO_STEP && notice.staff_id == staff
}

/// Nobody reads a resident's words on our behalf before WeChat looked at them, for a moment.
fn must_wait(case: &cases::Model, now: Timestamp) -> Option<Timestamp> {
    let pending = case.content_check == ContentCheck::Pending;
    case.content_until.filter(|until| pending && *until > now)
}

fn waited_in_vain(case: &cases::Model) -> bool {
    case.content_check == ContentCheck::Pending && case.content_until.is_some()
}

/// Opens the fields and finds the recipient; `None` when the channel does not lead to him.
async fn address(change: &Change, tx: &Tx, notice: &notice::Model) -> Result<Option<Letter>> {
    let whom = (notice.staff_id, notice.account_id);
    let to = address_of(&change.s, tx, notice.channel, whom).await?;
    let Some(to) = to else { return Ok(None) };
    let mut letter = write(&change.s, &change.case, notice.clone(), (to, change.now))?;
    hold::tell_of_others(tx, &mut letter).await?;
    Ok(Some(letter))
}

/// Finds where a channel leads; `None` when it does not lead to this person.
pub async fn address_of(
    s: &Services,
    tx: &Tx,
    channel: Channel,
    (staff, account): (Option<StaffId>, Option<AccountId>),
) -> Result<Option<Address>> {
    match channel {
        Channel::OaTemplate | Channel::MiniSubscribe | Channel::Employee => {
            openid(tx, channel, (staff, account)).await
        }
        Channel::Sms => mobile(s, tx, staff).await,
        Channel::WecomCard => member(s, tx, staff).await,
        Channel::Inbox => Ok(None),
    }
}

/// Returns the app through which a channel leads; `None` when it does not lead through WeChat.
pub const fn app(channel: Channel) -> Option<WechatApp> {
    match channel {
        Channel::OaTemplate => Some(WechatApp::Oa),
        Channel::MiniSubscribe | Channel::Employee => Some(WechatApp::Mini),
        Channel::WecomCard | Channel::Sms | Channel::Inbox => None,
    }
}

/// Opens the fields of a notice to this address.
pub fn write(
    s: &Services,
    case: &cases::Model,
    notice: notice::Model,
    (to, now): (Address, Timestamp),
) -> Result<Letter> {
    let fields = s.vault.open(tell::FIELDS, &notice.fields_sealed).map_err(Error::internal)?;
    Ok(Letter {
        to,
        template: tell::template(s, notice.kind, notice.channel).to_owned(),
        fields: serde_json::from_str(&fields).map_err(Error::internal)?,
        urgency: notice.staff_id.map_or(Urgency::Normal, |_staff| case.urgency),
        stands_for: 1,
        // A message of the chain is obsolete as soon as this changes, and is not repeated then.
        takes: notice.step != tell::NO_STEP && case.state == CaseState::Assigned,
        first_at: now,
        doubted: false,
        // What is decided about its answer is measured from here.
        notice: notice::Model { sending_at: Some(now), ..notice },
    })
}

/// Tells whether a planned notice may leave as it is, without anything to wait for or to record.
pub fn is_plain(s: &Services, case: &cases::Model, notice: &notice::Model) -> bool {
    let open = s.gate.is_open(notice.channel, notice.kind);
    let checked = case.content_check != ContentCheck::Pending || case.content_until.is_none();
    open && checked && !may_be_obsolete(case, notice)
}

/// Finds the openid of whoever the message was written for: an account that was taken from a member
/// of staff since then is not his way any more.
async fn openid(
    tx: &Tx,
    channel: Channel,
    (staff, account): (Option<StaffId>, Option<AccountId>),
) -> Result<Option<Address>> {
    let (Some(app), Some(account)) = (app(channel), account) else { return Ok(None) };
    if let Some(staff) = staff
        && !store::people::bound(tx, &[staff]).await?.contains(&(staff, account))
    {
        return Ok(None);
    }
    let identity = store::people::identity(tx, account, app).await?;
    Ok(identity.map(|identity| Address::Openid(identity.openid)))
}

async fn member(s: &Services, tx: &Tx, staff: Option<StaffId>) -> Result<Option<Address>> {
    let person = reached(s, tx, Channel::WecomCard, staff).await?;
    Ok(person.and_then(|person| person.wecom_userid).map(Address::Member))
}

/// Finds the mobile in the staff list, or else the one that the person proved himself.
async fn mobile(s: &Services, tx: &Tx, staff: Option<StaffId>) -> Result<Option<Address>> {
    let Some(person) = reached(s, tx, Channel::Sms, staff).await? else { return Ok(None) };
    if let Some(sealed) = person.phone_sealed {
        return Ok(Some(Address::Mobile(sealed, MOBILE)));
    }
    let Some(account) = person.account_id else { return Ok(None) };
    let account = store::people::find_account(tx, account).await?;
    let sealed = account.and_then(|account| account.phone_sealed);
    Ok(sealed.map(|sealed| Address::Mobile(sealed, PHONE)))
}

/// Finds the member of staff if the channel leads to him.
async fn reached(
    s: &Services,
    tx: &Tx,
    channel: Channel,
    staff: Option<StaffId>,
) -> Result<Option<staff::Model>> {
    let Some(staff) = staff else { return Ok(None) };
    let ways = Ways::load(s, tx, &[staff]).await?;
    if !ways.of(staff).living.contains(&channel) {
        return Ok(None);
    }
    Ok(store::people::staff(tx, &[staff]).await?.into_iter().next())
}
