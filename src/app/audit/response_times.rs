//! How long each step took, per grid, community, person or category.

use std::collections::{BTreeMap, HashMap};

use entity::kinds::{CaseId, GridId, StaffId, StreetRole, Timestamp};

use crate::app::actor::Actor;
use crate::app::places::Snapshot as Places;
use crate::domain::audit::{self, Figures, Marks, Subject};
use crate::domain::case::edges::is_open;
use crate::domain::escalation::{Snapshot, Who};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::audit::Row;
use crate::store::scope::Scope;
use crate::store::{self};

/// What makes a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    Grid,
    LargeGrid,
    Person,
    Category,
}

impl GroupBy {
    /// Parses the word of the API; `None` when there is no such grouping.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "grid" => Self::Grid,
            "large_grid" => Self::LargeGrid,
            "person" => Self::Person,
            "category" => Self::Category,
            _ => return None,
        })
    }
}

/// A period and how to divide it.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
    pub group_by: GroupBy,
}

/// One line of the answer.
#[derive(Clone, Debug)]
pub struct Group {
    /// What the API calls it: grid id, community code, staff number, category word; empty when the
    /// case has none.
    pub key: String,
    pub name: String,
    pub figures: Figures,
}

/// The answer, computed at `as_of`.
#[derive(Clone, Debug)]
pub struct ResponseTimes {
    pub as_of: Timestamp,
    pub total: Figures,
    pub groups: Vec<Group>,
}

/// Computes the table. Fails with `forbidden` for anybody but auditors and street command.
pub async fn run(s: &Services, actor: &Actor, ask: Question) -> Result<ResponseTimes> {
    if !actor.is(StreetRole::Auditor) && !actor.is(StreetRole::Command) {
        return Err(Error::new(Code::Forbidden, "只有督查审计和街道指挥中心可以查看时长统计"));
    }
    let as_of = s.clock.now();
    let scope: Scope = actor.scope();
    let rows = store::audit::cases(&s.db.read, &scope, ask.from, ask.to).await?;
    let mut marks = marks(s, &ask).await?;
    let mut all = Vec::with_capacity(rows.len());
    let mut groups: BTreeMap<Key, Vec<Subject>> = BTreeMap::new();
    for row in &rows {
        let subject = subject(row, marks.remove(&row.id).unwrap_or_default());
        all.push(subject);
        groups.entry(key(row, ask.group_by)?).or_default().push(subject);
    }
    let names = Names::load(s, groups.keys()).await?;
    let groups = groups.into_iter().map(|(key, cases)| {
        let (key, name) = names.of(key);
        Group { key, name, figures: audit::figures(&cases, as_of) }
    });
    Ok(ResponseTimes { as_of, total: audit::figures(&all, as_of), groups: groups.collect() })
}

async fn marks(s: &Services, ask: &Question) -> Result<HashMap<CaseId, Marks>> {
    let events = store::audit::marks(&s.db.read, audit::MARKING, ask.from, ask.to).await?;
    let mut marks: HashMap<CaseId, Marks> = HashMap::new();
    for event in events {
        marks.entry(event.case_id).or_default().note(event.kind, event.server_time);
    }
    Ok(marks)
}

fn subject(row: &Row, marks: Marks) -> Subject {
    Subject {
        reported_at: row.reported_at,
        resolve_due_at: row.resolve_due_at,
        ended_at: (!is_open(row.state)).then_some(row.last_event_at),
        marks,
    }
}

/// A group before it has a name; sorts the way the answer is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Grid(GridId),
    Person(StaffId),
    Category(entity::kinds::Category),
    None,
}

fn key(row: &Row, by: GroupBy) -> Result<Key> {
    Ok(match by {
        GroupBy::Grid => row.small_grid_id.map_or(Key::None, Key::Grid),
        GroupBy::LargeGrid => row.large_grid_id.map_or(Key::None, Key::Grid),
        GroupBy::Category => Key::Category(row.category),
        GroupBy::Person => person(row)?.map_or(Key::None, Key::Person),
    })
}

/// Who answers for the case: whoever acknowledged it, else the primary responsible person, so that
/// a case nobody took does not disappear from everybody's figures.
fn person(row: &Row) -> Result<Option<StaffId>> {
    if row.acknowledged_by.is_some() {
        return Ok(row.acknowledged_by);
    }
    let frozen: Snapshot = serde_json::from_str(&row.snapshot).map_err(Error::internal)?;
    let primary = frozen.people.get(&Who::Primary).and_then(|people| people.first());
    Ok(primary.map(|person| person.staff))
}

/// What groups are called.
struct Names {
    places: std::sync::Arc<Places>,
    staff: HashMap<StaffId, (String, String)>,
}

impl Names {
    async fn load(s: &Services, keys: impl Iterator<Item = &Key>) -> Result<Self> {
        let ids: Vec<StaffId> = keys
            .filter_map(|key| match key {
                Key::Person(id) => Some(*id),
                _ => None,
            })
            .collect();
        let mut staff = HashMap::new();
        for row in store::people::staff(&s.db.read, &ids).await? {
            let name = s.vault.open("staff.name", &row.name_sealed).map_err(Error::internal)?;
            staff.insert(row.id, (row.staff_no, name));
        }
        Ok(Self { places: s.places.now(), staff })
    }

    fn of(&self, key: Key) -> (String, String) {
        let known = match key {
            Key::Grid(id) => {
                self.places.name(id).map(|grid| (grid.external_id.clone(), grid.name.clone()))
            }
            Key::Person(id) => self.staff.get(&id).cloned(),
            Key::Category(one) => Some((one.word().to_owned(), one.zh().to_owned())),
            Key::None => Some((String::new(), "（未确定）".to_owned())),
        };
        // A grid that ended is no longer among the places; its figures stay.
        known.unwrap_or_else(|| (String::new(), "（已停用）".to_owned()))
    }
}
