//! Holds ordinary notices back: through quiet hours, and while another one to the same person is
//! about to leave that tells of them as well.
//!
//! A notice that another one tells of stays planned until that one was accepted; when it was not,
//! it goes its own way. So whatever becomes of the other one, nothing is lost with it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use entity::kinds::{
    AccountId, CaseId, Channel, JobKind, NoticeId, NoticeState, StaffId, Timestamp, Urgency,
};
use entity::notice;

use super::letter::Letter;
use super::pace::{self, Room};
use super::send::midnight;
use crate::app::case::change::Change;
use crate::app::case::tell;
use crate::domain::notice::quiet::{self, Held, PATIENCE, Part};
use crate::domain::notice::{set_note, throttle};
use crate::error::Result;
use crate::services::Services;
use crate::store::notice::Stored;
use crate::store::writer::Tx;
use crate::store::{self};

/// Whoever was there so long ago is there.
const MOMENT: Duration = Duration::from_mins(1);
/// How soon a notice asks again what became of the one that tells of it.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// So long after it was free to leave, what waited for somebody who is away goes to whoever is told
/// instead: each message finds him away by itself, and all of them are to leave as one.
const GATHER: Duration = Duration::from_secs(2);

/// A member of staff, or else an account.
type Person = (Option<StaffId>, Option<AccountId>);

/// What is to be done with a planned notice now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Leaves,
    /// Nothing before this instant.
    Waits(Timestamp),
    /// Its channel is full, and another one leads to the same person.
    Elsewhere,
    /// Its reader is away by now; who stands in for him, if somebody does.
    Away(Option<StaffId>),
    /// The notice of this number was accepted and told of it.
    ToldBy(NoticeId),
}

/// Returns until when a new notice about a case is held; `None`: it leaves as soon as it can.
pub fn until(s: &Services, urgency: Urgency, now: Timestamp) -> Option<Timestamp> {
    s.settings.notices.quiet.hold(urgency, now)
}

/// Returns when a new notice about a case leaves: who answers for the case then is told.
pub fn leaves(s: &Services, urgency: Urgency, now: Timestamp) -> Timestamp {
    until(s, urgency, now).unwrap_or(now)
}

/// Returns when an ordinary notice leaves that is told instead of one which waited and whose reader
/// is away; `None`: as soon as it can.
pub fn gathers(urgency: Urgency, waited: &notice::Model, now: Timestamp) -> Option<Timestamp> {
    let since = waited.held_until.filter(|_| quiet::may_wait(urgency))?;
    Some((since + GATHER).max(now))
}

/// Tells whether a notice may leave without asking for its turn.
pub fn is_free(s: &Services, urgency: Urgency, notice: &notice::Model, now: Timestamp) -> bool {
    let held = notice.held_until.is_some() || notice.bundled_into.is_some();
    !held && until(s, urgency, now).is_none()
}

/// Decides whether a planned notice leaves now, and which others it tells of.
pub async fn turn(change: &Change, tx: &Tx, notice: &notice::Model) -> Result<Turn> {
    let now = change.now;
    if let Some(carrier) = notice.bundled_into {
        match store::notice::find_carrier(tx, carrier).await?.map(|one| one.state) {
            Some(NoticeState::Accepted | NoticeState::Delivered) => {
                return Ok(Turn::ToldBy(carrier));
            }
            Some(NoticeState::Planned | NoticeState::Sending) => {
                return Ok(Turn::Waits(now + ASK_AGAIN));
            }
            _ => store::notice::unbundle(tx, notice.id).await?,
        }
    }
    if let Some(until) = until(&change.s, change.case.urgency, now) {
        store::notice::hold(tx, notice.id, until).await?;
        return Ok(Turn::Waits(until));
    }
    match pace::room(change, tx, notice).await? {
        Room::Free => {}
        Room::Elsewhere => return Ok(Turn::Elsewhere),
        Room::Until(until) => {
            // What presses is not bundled while it waits.
            if quiet::may_wait(change.case.urgency) {
                store::notice::hold(tx, notice.id, until).await?;
            }
            return Ok(Turn::Waits(until));
        }
    }
    if let Some(until) = limited(change, tx, notice).await? {
        store::notice::hold(tx, notice.id, until).await?;
        return Ok(Turn::Waits(until));
    }
    let gone = gone(tx, notice, now).await?;
    if let Some(substitute) = gone.filter(|_| asks(notice)) {
        return Ok(Turn::Away(substitute));
    }
    let Some(since) = notice.held_until else { return Ok(Turn::Leaves) };
    beside(change, tx, notice, (since, gone.is_some())).await
}

/// Returns who stands in for the reader of a notice that has waited, where he is away by now.
async fn gone(tx: &Tx, notice: &notice::Model, now: Timestamp) -> Result<Option<Option<StaffId>>> {
    if has_waited(notice, now) { away(tx, notice, now).await } else { Ok(None) }
}

/// Returns who stands in for the reader of a notice of the chain that would leave anew, where he is
/// away when it would.
pub async fn went(
    change: &Change,
    tx: &Tx,
    notice: &notice::Model,
) -> Result<Option<Option<StaffId>>> {
    let at = leaves(&change.s, change.case.urgency, change.now);
    if asks(notice) { away(tx, notice, at).await } else { Ok(None) }
}

async fn away(tx: &Tx, notice: &notice::Model, at: Timestamp) -> Result<Option<Option<StaffId>>> {
    let Some(staff) = notice.staff_id else { return Ok(None) };
    Ok(store::roster::away(tx, &[staff], at).await?.remove(&staff))
}

/// Tells whether somebody may have left since it was decided whom to tell: nobody knows how long ago
/// that was by a clock that was put back.
fn has_waited(notice: &notice::Model, now: Timestamp) -> bool {
    let planned = notice.created_at;
    notice.held_until.is_some() || planned.is_ahead_of(now) || now.since(planned) >= MOMENT
}

/// Only steps of the chain ask for somebody who acts; what else a reader is told waits for him.
const fn asks(notice: &notice::Model) -> bool {
    notice.step != tell::NO_STEP
}

/// Returns when an ordinary notice may leave although its person gets many, or little is left of
/// the day's quota; `None`: now.
async fn limited(change: &Change, tx: &Tx, notice: &notice::Model) -> Result<Option<Timestamp>> {
    let (s, now) = (&change.s, change.now);
    if !quiet::may_wait(change.case.urgency) {
        return Ok(None);
    }
    if is_reserved(s, notice.channel, now) {
        return Ok(Some(midnight(now)));
    }
    let rows = &s.settings.notices.throttles;
    if !rows.iter().any(|row| row.channel == notice.channel) {
        return Ok(None);
    }
    let people = [person(notice)];
    let sent = store::notice::sent_since(tx, &people, now - throttle::reach(rows)).await?;
    let sent: Vec<Timestamp> =
        sent.iter().filter(|one| one.2 == notice.channel).map(|one| one.3).collect();
    Ok(throttle::free_at(rows, notice.channel, &sent, now))
}

fn is_reserved(s: &Services, channel: Channel, now: Timestamp) -> bool {
    s.quotas.is_reserved(channel, s.settings.notices.quota_reserve_percent, now)
}

/// Whom a notice is for: a member of staff, or else an account.
fn person(notice: &notice::Model) -> Person {
    (notice.staff_id, notice.account_id.filter(|_| notice.staff_id.is_none()))
}

/// Lists those of many notices that must ask for their turn because of their person, who may be away,
/// or the quota.
pub async fn crowded(
    s: &Services,
    tx: &Tx,
    notices: &[(&notice::Model, Urgency)],
    now: Timestamp,
) -> Result<HashSet<NoticeId>> {
    let rows = &s.settings.notices.throttles;
    let ordinary = notices.iter().filter(|(_, urgency)| quiet::may_wait(*urgency));
    let ordinary: Vec<&notice::Model> = ordinary.map(|(notice, _)| *notice).collect();
    let people: Vec<Person> = ordinary.iter().map(|one| person(one)).collect();
    let mut sent: HashMap<(Person, Channel), Vec<Timestamp>> = HashMap::new();
    if !rows.is_empty() && !people.is_empty() {
        let since = now - throttle::reach(rows);
        for (staff, account, channel, at) in store::notice::sent_since(tx, &people, since).await? {
            let account = account.filter(|_| staff.is_none());
            sent.entry(((staff, account), channel)).or_default().push(at);
        }
    }
    let waited =
        notices.iter().map(|(one, _)| *one).filter(|one| asks(one) && has_waited(one, now));
    let waited: Vec<_> = waited.filter_map(|one| Some((one.id, one.staff_id?))).collect();
    let readers: Vec<StaffId> = waited.iter().map(|(_, staff)| *staff).collect();
    let away = store::roster::away(tx, &readers, now).await?;
    let away = waited.into_iter().filter(|(_, staff)| away.contains_key(staff));
    let mut crowded: HashSet<NoticeId> = away.map(|(id, _)| id).collect();
    for notice in ordinary {
        let before = sent.entry((person(notice), notice.channel)).or_default();
        let many = throttle::free_at(rows, notice.channel, before, now).is_some();
        if many || is_reserved(s, notice.channel, now) {
            crowded.insert(notice.id);
        } else {
            before.push(now);
        }
    }
    Ok(crowded)
}

/// Gathers what else waits for the same person; what asks him to act goes to somebody else while he
/// is away.
async fn beside(
    change: &Change,
    tx: &Tx,
    notice: &notice::Model,
    (since, away): (Timestamp, bool),
) -> Result<Turn> {
    let template = |one: &notice::Model| tell::template(&change.s, one.kind, one.channel);
    if away {
        for one in store::notice::bundled(tx, notice.id).await?.iter().filter(|one| asks(one)) {
            store::notice::unbundle(tx, one.id).await?;
        }
    }
    let mut others = store::notice::held_beside(tx, notice).await?;
    others.retain(|one| template(one) == template(notice) && !(away && asks(one)));
    let held = |one: &notice::Model| Some(Held { id: one.id, until: one.held_until? });
    let others: Vec<Held> = others.iter().filter_map(held).collect();
    match quiet::bundle(Held { id: notice.id, until: since }, &others, change.now) {
        Part::Rides => Ok(Turn::Waits((since + PATIENCE).min(change.now + ASK_AGAIN))),
        Part::Carries(ids) => {
            store::notice::bundle(tx, notice.id, &ids).await?;
            Ok(Turn::Leaves)
        }
    }
}

/// Makes a letter say for how much it stands, when it tells of others as well.
pub async fn tell_of_others(tx: &Tx, letter: &mut Letter) -> Result<()> {
    if letter.notice.held_until.is_none() {
        return Ok(());
    }
    let others = store::notice::bundled(tx, letter.notice.id).await?;
    let staff = letter.notice.staff_id.is_some();
    let mut cases: BTreeSet<CaseId> = others.iter().map(|one| one.case_id).collect();
    cases.insert(letter.notice.case_id);
    letter.stands_for = if staff { cases.len() } else { others.len() + 1 };
    if letter.stands_for > 1 {
        let note = quiet::note(letter.stands_for, staff);
        set_note(letter.notice.kind, &mut letter.fields, &note);
    }
    Ok(())
}

/// Sends those again by themselves of which a notice told that did not arrive after all.
pub async fn revive(s: &Services, tx: &Tx, carrier: &notice::Model, now: Timestamp) -> Result<()> {
    for one in store::notice::revive_bundled(tx, carrier.id).await? {
        let job = tell::job(s, &Stored::of(&one), now);
        store::job::anew(tx, JobKind::SendNotice, job, now).await?;
    }
    Ok(())
}
