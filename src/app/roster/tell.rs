//! Tells members of staff what changed in the roster: an entry in the inbox and a push that says
//! that there is one.
//!
//! Both are rows of the unit that changes the roster. The push carries no names and follows the
//! protocol of messages about no case; the entry is what was said.

use std::collections::BTreeSet;
use std::time::Duration;

use entity::kinds::{Channel, GridId, NoticeKind, ProbeKind, StaffId, Timestamp, Urgency};
use entity::{inbox, probe};
use sea_orm::ActiveValue::{NotSet, Set};

use crate::app::case::chain;
use crate::app::inbox::words_of_roster;
use crate::app::notice::hold;
use crate::app::notice::ways::{Person, Ways};
use crate::app::probe::plan;
use crate::domain::notice::Recipient;
use crate::error::Result;
use crate::services::Services;
use crate::store::duty::OnDuty;
use crate::store::writer::Tx;
use crate::store::{self};

/// How long a push is worth sending after it may leave.
const LIFE: Duration = Duration::from_hours(12);
/// The capacities of those who lead a community.
pub const LEADERS: &[&str] = &["cadre", "secretary"];

/// One thing that one person is told.
#[derive(Clone, Debug)]
pub struct Word {
    pub to: StaffId,
    /// What it is about, unique: the same is never told twice.
    pub key: String,
    /// What it is, in a word or two.
    pub state: &'static str,
    pub place: String,
    pub note: String,
    /// Grids may be without anybody: it does not rest at night.
    pub urgent: bool,
}

/// Writes entries and pushes. Whom no channel reaches has the entry alone.
pub async fn tell(s: &Services, tx: &Tx, words: &[Word], now: Timestamp) -> Result<()> {
    note(s, tx, words, now).await?;
    let people: Vec<StaffId> = words.iter().map(|word| word.to).collect();
    let ways = Ways::load(s, tx, &people).await?;
    for word in words {
        let urgency = if word.urgent { Urgency::Urgent } else { Urgency::Normal };
        let leaves = hold::leaves(s, urgency, now);
        let push = (word.key.as_str(), &ways.of(word.to), word.to);
        plan_push(s, tx, push, (now, leaves, leaves + LIFE)).await?;
    }
    Ok(())
}

/// Writes entries alone, for whoever is not there.
pub async fn note(s: &Services, tx: &Tx, words: &[Word], now: Timestamp) -> Result<()> {
    let entries = words.iter().map(|word| entry(s, word, now)).collect::<Result<Vec<_>>>()?;
    store::inbox::insert_new(tx, entries).await?;
    Ok(())
}

/// Plans the push of a word that did not arrive through another channel, if one is left.
pub async fn go_on(s: &Services, tx: &Tx, failed: &probe::Model, now: Timestamp) -> Result<()> {
    let (key, person) = (key_of(failed), reader(s, tx, failed).await?);
    plan_push(s, tx, (key, &person, failed.staff_id), (now, now, failed.expires_at)).await
}

/// Tells whether a channel is left through which the word of a push could go on.
pub async fn is_led(s: &Services, tx: &Tx, push: &probe::Model) -> Result<bool> {
    let pushes = pushes(s, key_of(push), &reader(s, tx, push).await?);
    let keys: Vec<&str> = pushes.iter().map(|(_, key)| key.as_str()).collect();
    Ok(store::probe::count_keys(tx, &keys).await? < keys.len())
}

async fn reader(s: &Services, tx: &Tx, push: &probe::Model) -> Result<Person> {
    Ok(Ways::load(s, tx, &[push.staff_id]).await?.of(push.staff_id))
}

/// Returns the key of the word that a push is about.
fn key_of(push: &probe::Model) -> &str {
    push.dedup_key.rsplit_once('/').map_or(push.dedup_key.as_str(), |(key, _)| key)
}

/// Lists the channels that lead to a reader, best first, and the key of a push through each.
fn pushes(s: &Services, key: &str, person: &Person) -> Vec<(Channel, String)> {
    let ways = person.usable(s, NoticeKind::NewCase);
    ways.map(|way| (way, format!("{key}/{}", way.word()))).collect()
}

/// Plans a push through the first channel that leads to its reader and was not tried yet.
async fn plan_push(
    s: &Services,
    tx: &Tx,
    (key, person, to): (&str, &Person, StaffId),
    (now, leaves, until): (Timestamp, Timestamp, Timestamp),
) -> Result<()> {
    for (way, key) in pushes(s, key, person) {
        let row = plan::row((ProbeKind::Roster, key), (to, way), now, LIFE);
        let row = probe::ActiveModel { expires_at: Set(until), ..row };
        let stored = store::probe::insert_new(tx, vec![row]).await?;
        if !stored.is_empty() {
            let jobs = stored.iter().map(|one| plan::job(one, leaves)).collect();
            return Ok(store::job::enqueue(tx, jobs, now).await?);
        }
    }
    Ok(())
}

fn entry(s: &Services, word: &Word, now: Timestamp) -> Result<inbox::ActiveModel> {
    Ok(inbox::ActiveModel {
        id: NotSet,
        recipient: Set(crate::app::inbox::owner(Recipient::Staff(word.to))),
        dedup_key: Set(word.key.clone()),
        case_id: Set(None),
        kind: Set(NoticeKind::Roster),
        urgent: Set(word.urgent),
        words_sealed: Set(words_of_roster(s, (&word.place, word.state, &word.note))?),
        position: NotSet,
        created_at: Set(now),
        read_at: Set(None),
    })
}

/// Lists whom a community's gaps are told now: its cadres and secretaries who are there, without
/// the one who causes them and whom nothing reaches; the street's command where there is nobody
/// else.
pub async fn leaders(
    s: &Services,
    communities: &[GridId],
    but: StaffId,
) -> Result<Vec<(GridId, StaffId)>> {
    let grids: BTreeSet<GridId> = communities.iter().copied().collect();
    let roll = chain::roll(s, &s.db.read, &grids, s.clock.now()).await?;
    let mut told = Vec::new();
    for community in grids {
        let there = roll.of(None, Some(community));
        let of = |roles: &[&str]| -> Vec<(GridId, StaffId)> {
            let others = reached(&there, roles).into_iter().filter(|staff| *staff != but);
            others.map(|staff| (community, staff)).collect()
        };
        let mut found = of(LEADERS);
        if found.is_empty() {
            found = of(&["command"]);
        }
        told.append(&mut found);
    }
    Ok(told)
}

/// Lists a community's cadres and secretaries who are there at an instant and whom something reaches.
pub async fn leaders_at(
    s: &Services,
    community: GridId,
    at: Timestamp,
) -> Result<BTreeSet<StaffId>> {
    let roll = chain::roll(s, &s.db.read, &BTreeSet::from([community]), at).await?;
    Ok(reached(&roll.of(None, Some(community)), LEADERS))
}

fn reached(there: &[OnDuty], roles: &[&str]) -> BTreeSet<StaffId> {
    let held = there.iter().filter(|one| one.reachable() && roles.contains(&one.role.as_str()));
    held.map(|one| one.staff_id).collect()
}
