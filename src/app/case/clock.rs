//! Keeps the due times of a case: promised when it is reported, moved by what the ledger says.
//!
//! Whoever moves them calls [`again`] and then appends his event, which carries them, in the same
//! unit: so the row never says anything else than a later computation from the ledger would.

use std::sync::Arc;

use entity::cases;
use entity::kinds::{
    ActorRole, Card, CaseState, EventType, ExtensionState, NoticeKind, StaffId, Timestamp,
};
use serde_json::{Value, json};

use super::chain;
use super::change::Change;
use super::facts;
use super::ledger::{self, next_at};
use crate::domain::calendar::{Calendar, Due, rfc3339};
use crate::domain::case::card::Late;
use crate::domain::case::clock::{Course, Frozen, Reading};
use crate::domain::case::ledger::remains::Remains;
use crate::domain::case::targets::{Source, Span};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Freezes what is promised to a new case, and computes its due times.
pub fn promise(s: &Services, case: &mut cases::Model) -> Result<()> {
    let (calendar, targets) = (s.calendar.now(), s.targets.now());
    let source = source(case);
    let frozen = Frozen::of(&targets, (case.category, case.urgency, source), &calendar);
    let course = Course::of(case.reported_at, [], None);
    let now = case.reported_at;
    let reading = frozen.due(&calendar, now, &course, 0);
    case.targets = serde_json::to_string(&frozen).map_err(Error::internal)?;
    case.acknowledge_due_at = reading.acknowledge.at;
    write(case, &reading, now);
    Ok(())
}

/// Says through whom a case came.
pub const fn source(case: &cases::Model) -> Source {
    if case.reported_by_staff.is_some() { Source::Staff } else { Source::Resident }
}

/// Reads what was promised to a case.
pub fn frozen(case: &cases::Model) -> Result<Frozen> {
    Frozen::read(&case.targets, case.urgency).map_err(Error::internal)
}

/// Begins another cycle: contact and result are counted anew, and no card is shown. The event of
/// the reopening must be the next one of the case.
pub fn restart(change: &mut Change) -> Result<()> {
    let now = change.now;
    let case = &mut change.case;
    let at = next_at(case, now);
    case.cycle_at = Some(at);
    case.card = None;
    case.extension_days = None;
    // Nobody decided in time: the request lapses and may be made again.
    case.extension = case.extension.filter(|state| *state != ExtensionState::Asked);
    let course = Course::of(at, [], None);
    let calendar = change.s.calendar.now();
    let frozen = Frozen { calendar: calendar.version(), ..frozen(case)? };
    let reading = frozen.due(&calendar, case.reported_at, &course, 0);
    case.targets = serde_json::to_string(&frozen).map_err(Error::internal)?;
    write(case, &reading, now);
    Ok(())
}

/// Computes the due times again for an event of this unit, which must be the next one of the case.
/// Fails when the database does.
pub async fn again(change: &mut Change, tx: &Tx, event: EventType) -> Result<()> {
    let just = Some((event, next_at(&change.case, change.now)));
    let reading = read(change, tx, just).await?;
    write(&mut change.case, &reading, change.now);
    Ok(())
}

/// Computes the due times again for an appeal, which must be the next event of the case: what lay
/// between the end and the appeal is taken off the clocks that still ran. Fails when the database does.
pub async fn come_back(change: &mut Change, tx: &Tx) -> Result<()> {
    let just = (EventType::Appealed, next_at(&change.case, change.now));
    let reading = read(change, tx, Some(just)).await?;
    let case = &mut change.case;
    // Of a later cycle it was over long before.
    if case.cycle_at.is_none() {
        case.acknowledge_due_at = reading.acknowledge.at;
    }
    write(case, &reading, change.now);
    Ok(())
}

/// Computes the due times again because another calendar came, and records it; tells whether
/// anything is different now.
pub async fn redate(change: &mut Change, tx: &Tx) -> Result<bool> {
    let reading = read(change, tx, None).await?;
    let case = &mut change.case;
    let before = [case.acknowledge_due_at, case.contact_due_at, case.resolve_due_at];
    let now = [reading.acknowledge.at, reading.contact.at, reading.resolve.at];
    if before == now && reading.is_provisional() {
        return Ok(false);
    }
    // It was promised with the report, by what was known in its first cycle.
    if case.cycle_at.is_none() {
        case.acknowledge_due_at = reading.acknowledge.at;
    }
    write(case, &reading, change.now);
    let calendar = change.s.calendar.now().version();
    let payload = json!({ "calendar": calendar, "before": before.map(rfc3339),
        "now": now.map(rfc3339), "provisional": reading.is_provisional() });
    let payload = facts::with(payload, facts::dues(case));
    change.observed(EventType::DueChanged, payload)?;
    Ok(true)
}

async fn read(change: &Change, tx: &Tx, just: Option<(EventType, Timestamp)>) -> Result<Reading> {
    let case = &change.case;
    let mut events = store::event::times(tx, case.id).await?;
    if case.appeals > 0 && !gave_back(change, tx).await? {
        events.retain(|(kind, _)| *kind != EventType::Appealed);
    }
    let course = Course::of(case.reported_at, events.into_iter().chain(just), case.hold_until);
    let more = case.extension_days.and_then(|days| u16::try_from(days).ok()).unwrap_or(0);
    let frozen = frozen(case)?;
    let calendars = change.s.calendar.since(frozen.calendar);
    Ok(frozen.due_since(&calendars, case.reported_at, &course, more))
}

/// Tells whether the appeal that is on record gave time back: its entry then has the due times. Those
/// of before have none, and what was promised after them went on by the clock that never stopped.
async fn gave_back(change: &Change, tx: &Tx) -> Result<bool> {
    let case = change.case.id;
    let last = store::event::last(tx, case, EventType::Appealed).await?;
    let Some((event, words)) = last else { return Ok(true) };
    let payload = if let Some(one) = words {
        Some(ledger::open(&change.s, &one.salt, &one.body_sealed)?.1)
    } else {
        let left = store::event::remains(tx, case).await?.remove(&event.id);
        let left = left.map(|text| serde_json::from_str::<Remains>(&text)).transpose();
        left.map_err(Error::internal)?.map(|left| left.payload())
    };
    Ok(payload.is_some_and(|payload| payload.get("resolve_due").is_some_and(Value::is_i64)))
}

/// Acknowledgement is promised once, from the report; the rest follows the cycle. A card that the
/// new times do not give is taken back: else nobody would hear when they are over too.
fn write(case: &mut cases::Model, reading: &Reading, now: Timestamp) {
    case.contact_due_at = reading.contact.at;
    case.resolve_due_at = reading.resolve.at;
    case.yellow_at = Some(reading.yellow_at);
    case.due_provisional = reading.is_provisional();
    case.card = late(case).kept(now);
}

/// Shows the card that is due and says when to look for the next one.
pub async fn cards(change: &mut Change, tx: &Tx) -> Result<()> {
    if let Some(card) = late(&change.case).card(change.now) {
        change.case.card = Some(card);
        let kind = match card {
            Card::Yellow => EventType::YellowCard,
            Card::Red => EventType::RedCard,
        };
        let due = rfc3339(change.case.resolve_due_at);
        change.observed(kind, json!({ "resolve_by": due }))?;
        Box::pin(tell(change, tx, card)).await?;
    }
    look(&mut change.case, change.now);
    Ok(())
}

const fn late(case: &cases::Model) -> Late {
    Late {
        state: case.state,
        shown: case.card,
        yellow_at: case.yellow_at,
        red_at: case.resolve_due_at,
    }
}

/// A step whose messages are held back is not looked at before they leave.
fn look(case: &mut cases::Model, now: Timestamp) {
    let held = case.stepped_at.filter(|at| *at > now);
    let card = late(case).look_at().map(|at| held.map_or(at, |held| at.max(held)));
    let sooner = |next: Timestamp| card.map_or(next, |card| next.min(card));
    case.next_check_at = case.next_check_at.map(sooner);
}

/// Whoever answers for a case that was taken hears of a card, of a red one his community's secretary
/// too. While nobody took it the chain tells more people, and sooner.
async fn tell(change: &mut Change, tx: &Tx, card: Card) -> Result<()> {
    let taken = matches!(change.case.state, CaseState::Acknowledged | CaseState::InProgress);
    if !taken || change.case.acknowledged_by.is_none() {
        return Ok(());
    }
    let mut people = chain::responsible(change, tx).await?;
    let note = match card {
        Card::Yellow => "办结时限已过半",
        Card::Red => "已超过办结时限",
    };
    if card == Card::Red {
        people.extend(on_duty(change, tx, ActorRole::Secretary).await?);
    }
    people.sort_unstable();
    people.dedup();
    change.tell_staff(&people, NoticeKind::Reminder, note);
    Ok(())
}

/// Lists who is on duty for the case in a role.
pub async fn on_duty(change: &Change, tx: &Tx, role: ActorRole) -> Result<Vec<StaffId>> {
    let on_duty = chain::on_duty(change, tx, change.case.small_grid_id).await?;
    let of_role = on_duty.iter().filter(|one| one.role == role.word());
    Ok(of_role.map(|one| one.staff_id).collect())
}

/// Explains the three due times of a case in Chinese: acknowledgement, contact, result.
pub fn explain(s: &Services, case: &cases::Model) -> Result<[String; 3]> {
    let frozen = frozen(case)?;
    let calendars = s.calendar.since(frozen.calendar);
    let from = case.cycle_at.unwrap_or(case.reported_at);
    let say = |span: Span, from, at| {
        // Every sentence speaks of the calendar that its time was computed with.
        let (first, later) = &calendars;
        let unsure = |one: &&Arc<Calendar>| span.after(from, &frozen.hours, one).provisional;
        let sure = [first].into_iter().chain(later).find(|one| !unsure(one));
        let calendar = sure.unwrap_or_else(|| later.last().unwrap_or(first));
        let provisional = case.due_provisional && sure.is_none();
        calendar.explain(span.hours(&frozen.hours), from, Due { at, provisional })
    };
    let target = &frozen.target;
    let resolve = say(target.resolve, from, case.resolve_due_at);
    let granted = case.extension == Some(ExtensionState::Granted);
    let days = case.extension_days.filter(|_| granted).and_then(|days| u16::try_from(days).ok());
    let unit = frozen.hours.days_zh();
    let more = days.map_or_else(String::new, |days| format!("；已同意延期{days}{unit}"));
    let unrested = Course { extended: granted, ..Course::of(from, [], None) };
    let plain = frozen.due_since(&calendars, case.reported_at, &unrested, days.unwrap_or(0));
    let rested = plain.resolve.at < case.resolve_due_at;
    let rested = match (rested, case.appeals > 0) {
        (false, _) => "",
        (true, false) => "；挂起的时间已顺延",
        (true, true) => "；停办的时间已顺延",
    };
    Ok([
        say(target.acknowledge, case.reported_at, case.acknowledge_due_at),
        say(target.contact, from, case.contact_due_at),
        format!("{resolve}{more}{rested}"),
    ])
}
