//! Swaps: a worker asks a colleague of his community to take a shift, the colleague agrees, the
//! community's cadre approves or is told, and the roster has one or two substitutions more.

pub mod accept;
pub mod approve;
pub mod ask;
pub mod expire;
pub mod list;
pub mod refuse;
pub mod withdraw;

use std::collections::BTreeSet;

use entity::kinds::{
    AccountId, DutyRole, GridId, LeaveKind, RosterChange, StaffId, SwapState, Timestamp, Urgency,
};
use entity::{leave, swap};
use sea_orm::ActiveValue::{NotSet, Set};

use super::gaps::{NamedGap, Street, named};
use super::tell::{self, Word};
use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::app::notice::hold;
use crate::domain::calendar::local_minute;
use crate::domain::roster::{Leave, Span, left_alone};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// A swap as its people see it.
#[derive(Clone, Debug)]
pub struct SwapView {
    pub swap: swap::Model,
    pub asker: String,
    pub partner: String,
    /// Sub-resources that the speaker may post to now.
    pub allowed: Vec<&'static str>,
    /// What nobody covers because of it.
    pub gaps: Vec<NamedGap>,
}

impl SwapView {
    /// Says who works for whom, and when.
    pub fn sentence(&self) -> String {
        sentence(&self.swap, (&self.asker, &self.partner))
    }
}

fn sentence(swap: &swap::Model, (asker, partner): (&str, &str)) -> String {
    let of = |who: &str, by: &str, span: Span| {
        format!("{who} {} 至 {} 的班由 {by} 顶班", local_minute(span.from), local_minute(span.to))
    };
    let mut said = vec![of(asker, partner, give(swap))];
    said.extend(take(swap).map(|span| of(partner, asker, span)));
    said.join("；")
}

const fn give(swap: &swap::Model) -> Span {
    Span { from: swap.give_from, to: swap.give_to }
}

fn take(swap: &swap::Model) -> Option<Span> {
    Some(Span { from: swap.take_from?, to: swap.take_to? })
}

/// The substitutions that a swap is.
fn leaves(swap: &swap::Model) -> Vec<Leave> {
    let of = |staff, span, by| Leave { staff, span, substitute: Some(by) };
    let mut all = vec![of(swap.asker_id, give(swap), swap.partner_id)];
    all.extend(take(swap).map(|span| of(swap.partner_id, span, swap.asker_id)));
    all
}

/// Returns where it stands: what nobody agreed to in time is over, written or not.
fn state(swap: &swap::Model, now: Timestamp) -> SwapState {
    match swap.state {
        SwapState::Asked | SwapState::Accepted if swap.begins_at <= now => SwapState::Expired,
        state => state,
    }
}

/// Tells whether somebody leads the community and has no part in the swap himself.
fn leads(actor: &Actor, swap: &swap::Model) -> bool {
    let part = [Some(swap.asker_id), Some(swap.partner_id)].contains(&actor.staff);
    !part && led(actor).contains(&swap.community_id)
}

/// Lists the communities that somebody leads.
fn led(actor: &Actor) -> Vec<GridId> {
    let leads = |role| matches!(role, DutyRole::Cadre | DutyRole::Secretary);
    actor.grids.iter().filter(|(_, role)| leads(*role)).map(|(grid, _)| *grid).collect()
}

fn allowed(actor: &Actor, swap: &swap::Model, now: Timestamp) -> Vec<&'static str> {
    let (asker, partner) =
        (actor.staff == Some(swap.asker_id), actor.staff == Some(swap.partner_id));
    match state(swap, now) {
        SwapState::Asked if partner => vec!["acceptance", "refusal"],
        SwapState::Accepted if leads(actor, swap) => vec!["approval", "refusal"],
        SwapState::Asked | SwapState::Accepted if asker => vec!["withdrawal"],
        SwapState::InForce if leads(actor, swap) && swap.begins_at > now => vec!["withdrawal"],
        _ => Vec::new(),
    }
}

/// Finds a swap that somebody may move with this word. Fails with `forbidden` for residents,
/// `not_found` for whom it does not concern, and `move_not_allowed`.
async fn movable(s: &Services, actor: &Actor, id: i64, word: &'static str) -> Result<swap::Model> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以换班"));
    }
    let swap = store::swap::find(&s.db.read, id).await?;
    let part = |swap: &swap::Model| {
        [Some(swap.asker_id), Some(swap.partner_id)].contains(&actor.staff) || leads(actor, swap)
    };
    let swap = swap.filter(part).ok_or_else(|| Error::not_found("这次换班"))?;
    let now = s.clock.now();
    let allowed = allowed(actor, &swap, now);
    if allowed.contains(&word) {
        return Ok(swap);
    }
    let detail = format!("这次换班{}，不能这样操作", state(&swap, now).zh());
    let mut error = Error::new(Code::MoveNotAllowed, detail);
    error.allowed = allowed;
    Err(error)
}

/// Moves a swap on and records who did it; a later mover is refused.
async fn step(
    tx: &Tx,
    (swap, to): (&swap::Model, SwapState),
    (what, by): (RosterChange, AccountId),
    now: Timestamp,
) -> Result<()> {
    if !store::swap::set_state(tx, swap.id, (swap.state, to), now).await? {
        return Err(Error::new(Code::Conflict, "这次换班刚被他人处理，请刷新"));
    }
    let change = (what, swap.id, Some(swap.asker_id));
    Ok(store::roster::append(tx, change, by, now).await?)
}

/// Makes the swap part of the roster, while nobody else may enter a leave of the two. Fails with
/// `conflict` when one of them is away by now.
async fn enforce(tx: &Tx, swap: &swap::Model, now: Timestamp) -> Result<()> {
    store::people::lock_staff(tx, &[swap.asker_id, swap.partner_id], true).await?;
    for one in leaves(swap) {
        if is_away(tx, &[swap.asker_id, swap.partner_id], one.span).await? {
            return Err(Error::new(Code::Conflict, "其中一人这段时间已请假或换班"));
        }
        let row = leave::ActiveModel {
            id: NotSet,
            staff_id: Set(one.staff),
            from_at: Set(one.span.from),
            to_at: Set(one.span.to),
            reason_sealed: Set(None),
            substitute_id: Set(one.substitute),
            created_at: Set(now),
            cancelled_at: Set(None),
            kind: Set(LeaveKind::Swap),
            swap_id: Set(Some(swap.id)),
        };
        store::roster::insert_leave(tx, row).await?;
    }
    Ok(())
}

async fn is_away(
    conn: &impl sea_orm::ConnectionTrait,
    people: &[StaffId],
    span: Span,
) -> Result<bool> {
    let away = store::roster::leaves(conn, span).await?;
    Ok(away.iter().any(|leave| people.contains(&leave.staff_id)))
}

/// Lists what nobody covers because of a swap, whether it is in force or not.
async fn gaps(s: &Services, swap: &swap::Model) -> Result<Vec<NamedGap>> {
    let (mine, give) = (leaves(swap), give(swap));
    let end = take(swap).map_or(give.to, |take| take.to.max(give.to));
    let Some(window) = Span::new(swap.begins_at.max(s.clock.now()), end) else {
        return Ok(Vec::new());
    };
    let street = Street::load(s, window).await?;
    let others = street.leaves.iter().copied().filter(|one| !mine.contains(one));
    let others: Vec<Leave> = others.collect();
    let with = [others.clone(), mine].concat();
    let opened = left_alone(&street.gaps(s, &others), &street.gaps(s, &with));
    Ok(named(&s.places.now(), opened))
}

async fn names(s: &Services, swap: &swap::Model) -> Result<(String, String)> {
    let rows = store::people::staff(&s.db.read, &[swap.asker_id, swap.partner_id]).await?;
    let name = |id: StaffId| {
        let row = rows.iter().find(|row| row.id == id);
        row.map_or_else(|| Ok(String::new()), |row| open_name(s, &row.name_sealed))
    };
    Ok((name(swap.asker_id)?, name(swap.partner_id)?))
}

/// Builds what the mover sees once the swap was moved.
async fn moved(
    s: &Services,
    actor: &Actor,
    (swap, to): (&swap::Model, SwapState),
    now: Timestamp,
) -> Result<SwapView> {
    shown(s, actor, swap::Model { state: to, changed_at: now, ..swap.clone() }).await
}

/// Builds what somebody sees of a swap that is about to be written so, with the gaps as they are now.
async fn shown(s: &Services, actor: &Actor, swap: swap::Model) -> Result<SwapView> {
    let ((asker, partner), gaps) = (names(s, &swap).await?, gaps(s, &swap).await?);
    let now = s.clock.now();
    let allowed = allowed(actor, &swap, now);
    let swap = swap::Model { state: state(&swap, now), ..swap };
    Ok(SwapView { swap, asker, partner, allowed, gaps })
}

/// Lists who decides about a swap: the leaders of its community who are there when the word leaves.
/// Where there are none, second, whoever has the office, who reads of it in his inbox, whatever his
/// shift: nobody else can approve it.
async fn deciders(s: &Services, swap: &swap::Model) -> Result<(Vec<StaffId>, Vec<StaffId>)> {
    let now = s.clock.now();
    let others = |one: &StaffId| *one != swap.asker_id && *one != swap.partner_id;
    let leaves = hold::leaves(s, Urgency::Normal, now);
    let there = tell::leaders_at(s, swap.community_id, leaves).await?;
    let there: Vec<StaffId> = there.into_iter().filter(others).collect();
    if !there.is_empty() {
        return Ok((there, Vec::new()));
    }
    let grids = BTreeSet::from([swap.community_id]);
    let offices = store::duty::offices(&s.db.read, &grids, now).await?;
    let leaders = offices.iter().filter(|one| tell::LEADERS.contains(&one.role.as_str()));
    let readers: BTreeSet<StaffId> = leaders.map(|one| one.staff_id).filter(others).collect();
    Ok((Vec::new(), readers.into_iter().collect()))
}

/// Names one message about a step of a swap.
fn key(swap: i64, to: SwapState, whom: StaffId) -> String {
    format!("swap/{swap}/{}/{whom}", to.word())
}

/// Says to people where a swap stands now.
async fn words(
    s: &Services,
    (swap, to): (&swap::Model, SwapState),
    people: &[StaffId],
    more: &str,
) -> Result<Vec<Word>> {
    let (asker, partner) = names(s, swap).await?;
    let places = s.places.now();
    let place = places.name(swap.community_id).map(|grid| grid.name.clone()).unwrap_or_default();
    let note = sentence(swap, (&asker, &partner));
    let note = if more.is_empty() { note } else { format!("{note}；{more}") };
    let word = |to_whom: &StaffId| Word {
        to: *to_whom,
        key: key(swap.id, to, *to_whom),
        state: to.zh(),
        place: place.clone(),
        note: note.clone(),
        urgent: false,
    };
    Ok(people.iter().map(word).collect())
}

/// Says the gaps in a sentence; empty without any.
fn said(gaps: &[NamedGap]) -> String {
    warning(gaps).unwrap_or_default()
}

/// Says in plain words what a swap would leave open; `None` when nothing.
pub fn warning(gaps: &[NamedGap]) -> Option<String> {
    let said: Vec<String> = gaps.iter().map(NamedGap::plain).collect();
    (!said.is_empty()).then(|| format!("这样换班以后，{}", said.join("；")))
}
