//! Asks a colleague to take over a shift, for one of his or for nothing.

use std::collections::BTreeSet;

use entity::kinds::{DutyRole, GridId, RosterChange, StaffId, SwapState, Timestamp};
use entity::swap;
use sea_orm::ActiveValue::NotSet;

use super::super::DAY;
use super::super::tell::{self, Word};
use super::{SwapView, is_away, key, said, shown, words};
use crate::app::actor::Actor;
use crate::app::limit;
use crate::app::once::{self, Answer};
use crate::domain::roster::{Duty, Span, shift_on};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::{self};

/// What is asked: days as their midnights.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub partner: StaffId,
    pub mine: Timestamp,
    /// `None`: for nothing.
    pub theirs: Option<Timestamp>,
}

/// Asks. Fails with `forbidden` for whoever is no grid worker, with `invalid_fields` (`unknown`,
/// `same`, `other_community`, `no_shift`, `begun`, `overlap`, `away`), and with `conflict` when he
/// asked for this shift already.
pub async fn run<A: Answer>(
    s: &Services,
    actor: &Actor,
    wish: Wish,
    answer: fn(SwapView) -> A,
) -> Result<A> {
    let asker = actor.staff.filter(|_| actor.grids.iter().any(|(_, role)| is_worker(*role)));
    let asker = asker.ok_or_else(|| Error::new(Code::Forbidden, "只有网格员可以申请换班"))?;
    limit::admit(s, &s.settings.limits.act, &actor.account.to_string()).await?;
    let now = s.clock.now();
    let community = common(s, (asker, wish.partner), now).await?;
    let (give, take) = spans(s, (asker, &wish), now).await?;
    for (pointer, span) in [("/mine", Some(give)), ("/theirs", take)] {
        let Some(span) = span else { continue };
        if is_away(&s.db.read, &[asker, wish.partner], span).await? {
            return fault(pointer, "away", "你们之中有人这段时间已请假或换班");
        }
    }
    let swap = swap::Model {
        id: 0,
        asker_id: asker,
        partner_id: wish.partner,
        community_id: community,
        give_from: give.from,
        give_to: give.to,
        take_from: take.map(|span| span.from),
        take_to: take.map(|span| span.to),
        begins_at: take.map_or(give.from, |span| span.from.min(give.from)),
        state: SwapState::Asked,
        asked_at: now,
        changed_at: now,
    };
    let seen = write(s, actor, (shown(s, actor, swap).await?, answer), now).await?;
    s.wake.ping().await;
    Ok(seen)
}

/// Stores the swap and tells the colleague, with what nobody would cover.
async fn write<A: Answer>(
    s: &Services,
    actor: &Actor,
    (seen, answer): (SwapView, fn(SwapView) -> A),
    now: Timestamp,
) -> Result<A> {
    let (whom, gaps) = ([seen.swap.partner_id], said(&seen.gaps));
    let told = words(s, (&seen.swap, SwapState::Asked), &whom, &gaps).await?;
    let (services, actor) = (s.clone(), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let (asker, give_from) = (seen.swap.asker_id, seen.swap.give_from);
            store::people::lock_staff(tx, &[asker], true).await?;
            if store::swap::is_open(tx, asker, give_from).await? {
                return Err(Error::new(Code::Conflict, "这个班已申请换班，请先撤回原来的"));
            }
            let row = swap::ActiveModel { id: NotSet, ..seen.swap.clone().into() };
            let stored = store::swap::insert(tx, row).await?;
            let change = (RosterChange::SwapAsked, stored.id, Some(asker));
            store::roster::append(tx, change, actor.account, now).await?;
            let named = |word: Word| Word { key: key(stored.id, stored.state, word.to), ..word };
            let told: Vec<Word> = told.into_iter().map(named).collect();
            tell::tell(&services, tx, &told, now).await?;
            let seen = answer(SwapView { swap: stored, ..seen });
            once::keep(&services, tx, &actor, (201, &seen)).await?;
            Ok(seen)
        })
    });
    unit.await
}

const fn is_worker(role: DutyRole) -> bool {
    matches!(role, DutyRole::Primary | DutyRole::Backup)
}

fn fault<T>(pointer: &str, code: &'static str, message: &str) -> Result<T> {
    Err(Error::fields(vec![Fault::new(pointer, code, message)]))
}

/// Finds the community in which both are grid workers.
async fn common(
    s: &Services,
    (asker, partner): (StaffId, StaffId),
    now: Timestamp,
) -> Result<GridId> {
    if asker == partner {
        return fault("/colleague", "same", "不能和自己换班");
    }
    if store::staff::find(&s.db.read, partner).await?.is_none() {
        return fault("/colleague", "unknown", "没有这位在职的工作人员");
    }
    let places = s.places.now();
    let duties = store::staff::duties(&s.db.read, &[asker, partner], now).await?;
    let of = |who: StaffId| -> BTreeSet<GridId> {
        let mine = duties.iter().filter(|duty| duty.staff_id == who && is_worker(duty.role));
        mine.filter_map(|duty| places.community_of(duty.grid_id)).collect()
    };
    match of(asker).intersection(&of(partner)).next() {
        Some(community) => Ok(*community),
        None => fault("/colleague", "other_community", "只能和本社区的网格员换班"),
    }
}

/// Reads which hours the days mean.
async fn spans(
    s: &Services,
    (asker, wish): (StaffId, &Wish),
    now: Timestamp,
) -> Result<(Span, Option<Span>)> {
    let give = of_day(s, "/mine", (asker, wish.mine), now).await?;
    let Some(theirs) = wish.theirs else { return Ok((give, None)) };
    let take = of_day(s, "/theirs", (wish.partner, theirs), now).await?;
    if give.meet(take).is_some() {
        return fault("/theirs", "overlap", "两个班的时间重叠，无法互换");
    }
    Ok((give, Some(take)))
}

async fn of_day(
    s: &Services,
    pointer: &str,
    (staff, midnight): (StaffId, Timestamp),
    now: Timestamp,
) -> Result<Span> {
    let day = Span { from: midnight, to: midnight + DAY };
    let around = Span { from: day.from - DAY, to: day.to + DAY };
    let duties: Vec<Duty> = store::roster::duties(&s.db.read, around).await?;
    match shift_on(&duties, staff, day, &s.calendar.now()) {
        None => fault(pointer, "no_shift", "这一天没有班"),
        Some(span) if span.from <= now => fault(pointer, "begun", "这一天的班已经开始"),
        Some(span) => Ok(span),
    }
}
