//! How long each step took, per grid, community, person or category: what the cases say that the
//! figures M2, M4, M4p, M5, M7 and R8 are made of, grouped by who has them now.

use std::collections::{BTreeMap, HashMap};

use entity::kinds::{CaseId, GridId, StaffId, StreetRole, Timestamp};

use super::ledger::Batch;
use crate::app::actor::Actor;
use crate::app::places::Snapshot as Places;
use crate::domain::audit::story::Story;
use crate::domain::audit::{self, Figures, Subject};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::audit::Row;
use crate::store::scope::Scope;
use crate::store::{self};

/// Cases whose events are in memory at once.
const AT_ONCE: usize = 500;

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
    let stories = stories(s, &rows, as_of).await?;
    let mut all = Vec::with_capacity(rows.len());
    let mut groups: BTreeMap<Key, Vec<Subject>> = BTreeMap::new();
    for row in &rows {
        let Some(story) = stories.get(&row.id) else { continue };
        let subject = Subject::of(story);
        all.push(subject);
        groups.entry(key((row, story), ask.group_by)).or_default().push(subject);
    }
    let names = Names::load(s, groups.keys()).await?;
    let groups = groups.into_iter().map(|(key, cases)| {
        let (key, name) = names.of(key);
        Group { key, name, figures: audit::figures(&cases, as_of) }
    });
    Ok(ResponseTimes { as_of, total: audit::figures(&all, as_of), groups: groups.collect() })
}

/// Tells these cases, but for those that the auditor took out.
async fn stories(s: &Services, rows: &[Row], as_of: Timestamp) -> Result<HashMap<CaseId, Story>> {
    let ids: Vec<CaseId> = rows.iter().map(|row| row.id).collect();
    let mut stories = HashMap::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let cases = store::figures::numbered(&s.db.read, some).await?;
        let (batch, s) = (Batch::of(s, cases, as_of).await?, s.clone());
        let told = tokio::task::spawn_blocking(move || batch.tell(&s.vault));
        let told = told.await.map_err(Error::internal)??;
        let counted = told.into_iter().filter(|told| told.story.excluded.is_none());
        stories.extend(counted.map(|told| (told.id, told.story)));
    }
    Ok(stories)
}

/// A group before it has a name; sorts the way the answer is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Grid(GridId),
    Person(StaffId),
    Category(entity::kinds::Category),
    None,
}

/// Whoever answers for the case is who took it last, else the primary responsible person, so that a
/// case nobody took does not disappear from everybody's figures.
fn key((row, story): (&Row, &Story), by: GroupBy) -> Key {
    match by {
        GroupBy::Grid => row.small_grid_id.map_or(Key::None, Key::Grid),
        GroupBy::LargeGrid => row.large_grid_id.map_or(Key::None, Key::Grid),
        GroupBy::Category => Key::Category(row.category),
        GroupBy::Person => {
            story.held_by.person.map_or(Key::None, |staff| Key::Person(StaffId(staff)))
        }
    }
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
