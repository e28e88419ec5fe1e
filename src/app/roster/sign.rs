//! Signs a member of staff on or off, and says at once what nobody covers because he goes.

use std::collections::BTreeSet;

use entity::kinds::{GridId, LeaveKind, RosterChange, StaffId, Timestamp};
use entity::{cases, leave};
use sea_orm::ActiveValue::NotSet;

use super::gaps::{NamedGap, Street, named};
use super::my_duty::{self, EARLY, Facts, MyDuty};
use super::tell::{self, Word};
use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::app::places::Snapshot;
use crate::domain::calendar::local_minute;
use crate::domain::roster::{Gap, Leave, Span, left_alone};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::{self};

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    On,
    /// `confirmed`: although urgent cases of his are open.
    Off {
        confirmed: bool,
    },
}

/// Signs on or off; doing it again changes nothing. Fails with `forbidden` for residents and with
/// `rule_refused` without a shift (`no_shift`), or when he goes while urgent cases of his are open
/// and did not confirm it (`open_urgent`).
///
/// `answer` says what is answered, and kept for a repeat.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    sign: Sign,
    answer: fn(MyDuty) -> A,
) -> Result<A> {
    let facts = Facts::load(s, actor).await?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let seen = match sign {
        Sign::On => on(s, (actor, answer), facts).await?,
        Sign::Off { confirmed } => off(s, (actor, answer), facts, confirmed).await?,
    };
    s.wake.ping().await;
    Ok(seen)
}

fn no_shift() -> Error {
    refused("/on", "no_shift", "您现在没有班，不需要到岗或离岗")
}

fn refused(pointer: &str, code: &'static str, message: &str) -> Error {
    let mut error = Error::new(Code::RuleRefused, message);
    error.faults.push(Fault::new(pointer, code, message));
    error
}

async fn on<A: Answer>(
    s: &Services,
    (actor, answer): (&Actor, fn(MyDuty) -> A),
    facts: Facts,
) -> Result<A> {
    let soon = facts.next.is_some_and(|span| span.from <= facts.now + EARLY);
    if facts.shift.is_none() && !soon {
        return Err(no_shift());
    }
    let (staff, now) = (facts.staff, facts.now);
    let since = if facts.shift.is_some() { facts.since() } else { now - EARLY };
    let signed = store::roster::marks(&s.db.read, staff, since).await?.on_at;
    let signed = match signed.filter(|_| facts.off.is_none()) {
        None => Some(now),
        Some(_) => store::roster::marks(&s.db.read, staff, facts.since()).await?.on_at,
    };
    let seen = my_duty::show(s, actor, &Facts { off: None, ..facts }, signed).await?;
    let (services, actor) = (s.clone(), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            store::people::lock_staff(tx, &[staff], true).await?;
            let marks = store::roster::marks(tx, staff, since).await?;
            let ended = store::roster::end_off_duty(tx, staff, now).await?;
            if marks.on_at.is_none() || ended.is_some() {
                let change = (RosterChange::SignedOn, ended.unwrap_or(0), Some(staff));
                store::roster::append(tx, change, actor.account, now).await?;
            }
            let seen = answer(seen);
            once::keep(&services, tx, &actor, (200, &seen)).await?;
            Ok::<_, Error>(seen)
        })
    });
    unit.await
}

async fn off<A: Answer>(
    s: &Services,
    (actor, answer): (&Actor, fn(MyDuty) -> A),
    facts: Facts,
    confirmed: bool,
) -> Result<A> {
    let shift = facts.shift.ok_or_else(no_shift)?;
    if facts.off.is_some() {
        return Ok(answer(my_duty::show(s, actor, &facts, None).await?));
    }
    let urgent = my_duty::urgent(s, actor, facts.staff).await?;
    if !urgent.is_empty() && !confirmed {
        let numbers: Vec<&str> = urgent.iter().map(|case| case.number.as_str()).collect();
        let message = format!(
            "您名下有 {} 件紧急工单未办结（{}），请先办理或转交；确需离岗请确认，将同时告知社区干部",
            urgent.len(),
            numbers.join("、")
        );
        return Err(refused("/confirm", "open_urgent", &message));
    }
    let span = Span::new(facts.now, shift.to).ok_or_else(no_shift)?;
    let gaps = opened_by(s, (facts.staff, span)).await?;
    let places = s.places.now();
    let words = words(s, (facts.staff, span), (&gaps, &urgent)).await?;
    let gone = Facts { off: Some(gone(facts.staff, span)), ..facts };
    let seen = my_duty::show(s, actor, &gone, None).await?;
    let seen = answer(MyDuty { gaps: named(&places, gaps), ..seen });
    write(s, actor, (gone.staff, span), (words, seen)).await
}

/// Lists what somebody's going leaves without anybody, or without anybody who is reached for
/// certain.
async fn opened_by(s: &Services, (staff, span): (StaffId, Span)) -> Result<Vec<Gap>> {
    let street = Street::load(s, span).await?;
    let mut leaves = street.leaves.clone();
    leaves.push(Leave { staff, span, substitute: None });
    Ok(left_alone(&street.gaps(s, &street.leaves), &street.gaps(s, &leaves)))
}

/// Says to each community's leaders what is left alone in it.
async fn words(
    s: &Services,
    (staff, span): (StaffId, Span),
    (gaps, urgent): (&[Gap], &[cases::Model]),
) -> Result<Vec<Word>> {
    let places = s.places.now();
    let of_gaps = gaps.iter().filter_map(|gap| community_of(&places, gap));
    let concerned: BTreeSet<GridId> =
        of_gaps.chain(urgent.iter().filter_map(|case| case.large_grid_id)).collect();
    if concerned.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store::people::staff(&s.db.read, &[staff]).await?;
    let name = rows.first().map(|row| open_name(s, &row.name_sealed)).transpose()?;
    let who = format!("{} 离岗至 {}", name.unwrap_or_default(), local_minute(span.to));
    let concerned: Vec<GridId> = concerned.into_iter().collect();
    let told = tell::leaders(s, &concerned, staff).await?;
    let word = |(community, to): (GridId, StaffId)| Word {
        to,
        key: format!("off/{staff}/{}/{community}/{to}", span.from.0),
        state: "值班空档",
        place: places.name(community).map(|grid| grid.name.clone()).unwrap_or_default(),
        note: note(&places, (&who, community), (gaps, urgent)),
        urgent: true,
    };
    Ok(told.into_iter().map(word).collect())
}

/// A desk is of no community.
fn community_of(places: &Snapshot, gap: &Gap) -> Option<GridId> {
    places.community_of(gap.post.grid()?)
}

fn note(
    places: &Snapshot,
    (who, community): (&str, GridId),
    (gaps, urgent): (&[Gap], &[cases::Model]),
) -> String {
    let mine = gaps.iter().filter(|gap| community_of(places, gap) == Some(community));
    let mine = named(places, mine.copied().collect());
    let mut said = vec![who.to_owned()];
    said.extend(mine.iter().map(NamedGap::sentence));
    let open = urgent.iter().filter(|case| case.large_grid_id == Some(community));
    let open: Vec<&str> = open.map(|case| case.number.as_str()).collect();
    if !open.is_empty() {
        said.push(format!("仍有紧急工单未办结：{}", open.join("、")));
    }
    said.join("；")
}

async fn write<A: Answer>(
    s: &Services,
    actor: &Actor,
    (staff, span): (StaffId, Span),
    (words, seen): (Vec<Word>, A),
) -> Result<A> {
    let (services, actor, now): (_, _, Timestamp) = (s.clone(), actor.clone(), span.from);
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            store::people::lock_staff(tx, &[staff], true).await?;
            if store::roster::off_duty(tx, staff, now).await?.is_none() {
                let row = leave::ActiveModel { id: NotSet, ..gone(staff, span).into() };
                let stored = store::roster::insert_leave(tx, row).await?;
                let change = (RosterChange::SignedOff, stored.id, Some(staff));
                store::roster::append(tx, change, actor.account, now).await?;
                tell::tell(&services, tx, &words, now).await?;
            }
            once::keep(&services, tx, &actor, (200, &seen)).await?;
            Ok::<_, Error>(seen)
        })
    });
    unit.await
}

/// What makes somebody away who signs off; not stored yet.
const fn gone(staff: StaffId, span: Span) -> leave::Model {
    leave::Model {
        id: 0,
        staff_id: staff,
        from_at: span.from,
        to_at: span.to,
        reason_sealed: None,
        substitute_id: None,
        created_at: span.from,
        cancelled_at: None,
        kind: LeaveKind::OffDuty,
        swap_id: None,
    }
}
