//! Tells members of staff what changed in the roster: an entry in the inbox and a push that says
//! that there is one.
//!
//! Both are rows of the unit that changes the roster. The push carries no names and follows the
//! protocol of messages about no case; the entry is what was said.

use std::time::Duration;

use entity::kinds::{GridId, NoticeKind, ProbeKind, StaffId, Timestamp, Urgency};
use entity::{inbox, probe};
use sea_orm::ActiveValue::{NotSet, Set};

use crate::app::inbox::words_of_roster;
use crate::app::notice::hold;
use crate::app::notice::ways::Ways;
use crate::app::probe::{greet, plan};
use crate::domain::notice::Recipient;
use crate::error::Result;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// How long a push is worth sending after it may leave.
const LIFE: Duration = Duration::from_hours(12);

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
    let entries = words.iter().map(|word| entry(s, word, now)).collect::<Result<Vec<_>>>()?;
    store::inbox::insert_new(tx, entries).await?;
    let people: Vec<StaffId> = words.iter().map(|word| word.to).collect();
    let ways = Ways::load(s, tx, &people).await?;
    for word in words {
        let person = ways.of(word.to);
        for way in person.order() {
            if !greet::allowed(&person, way) {
                continue;
            }
            let key = format!("{}/{}", word.key, way.word());
            let urgency = if word.urgent { Urgency::Urgent } else { Urgency::Normal };
            let leaves = hold::leaves(s, urgency, now);
            let row = plan::row((ProbeKind::Roster, key), (word.to, way), now, LIFE);
            let row = probe::ActiveModel { expires_at: Set(leaves + LIFE), ..row };
            let stored = store::probe::insert_new(tx, vec![row]).await?;
            let jobs = stored.iter().map(|one| plan::job(one, leaves)).collect();
            store::job::enqueue(tx, jobs, now).await?;
            break;
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
/// the one who causes them; the street's command where there is nobody else.
pub async fn leaders(
    s: &Services,
    communities: &[GridId],
    but: StaffId,
) -> Result<Vec<(GridId, StaffId)>> {
    let calendar = s.calendar.now();
    let when = (s.clock.now(), &*calendar);
    let grids = communities.iter().copied().collect();
    let roll = store::duty::at_all(&s.db.read, &grids, s.carriers(), when).await?;
    let mut told = Vec::new();
    for community in grids {
        let there = roll.of(None, Some(community));
        let of = |roles: &[&str]| -> Vec<(GridId, StaffId)> {
            let held = there.iter().filter(|one| roles.contains(&one.role.as_str()));
            let others = held.filter(|one| one.staff_id != but);
            others.map(|one| (community, one.staff_id)).collect()
        };
        let mut found = of(&["cadre", "secretary"]);
        if found.is_empty() {
            found = of(&["command"]);
        }
        found.sort_unstable();
        found.dedup();
        told.append(&mut found);
    }
    Ok(told)
}
