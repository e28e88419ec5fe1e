//! Says whom a drill reached, grid by grid.

use std::collections::{BTreeMap, HashMap};

use entity::drill::Model;
use entity::kinds::{Channel, GridId, NoticeKind, NoticeState, StaffId, Timestamp};
use entity::probe;

use crate::app::actor::Actor;
use crate::app::case::tell;
use crate::app::reach::reader;
use crate::app::staff::NAME;
use crate::app::staff::view::{GridView, Names};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::{self};
use crate::vault::mask_name;

/// What is known of a drill now.
#[derive(Clone, Debug)]
pub struct Report {
    pub drill: Model,
    pub people: usize,
    pub reached: usize,
    /// Messages that have no end yet.
    pub waiting: usize,
    /// Grids in the order of their ids; who answers for the whole street stands without one, last.
    pub grids: Vec<GridReport>,
}

/// The people of one grid.
#[derive(Clone, Debug)]
pub struct GridReport {
    pub grid: Option<GridView>,
    pub reached: usize,
    pub people: Vec<PersonReport>,
}

/// One person.
#[derive(Clone, Debug)]
pub struct PersonReport {
    pub staff: StaffId,
    pub staff_no: String,
    pub name: String,
    pub reached: bool,
    /// Until the first message was accepted.
    pub seconds: Option<f64>,
    pub messages: Vec<MessageReport>,
}

/// One message.
#[derive(Clone, Debug)]
pub struct MessageReport {
    pub channel: Channel,
    pub state: NoticeState,
    /// Word of the reason when it did not arrive.
    pub reason: Option<String>,
}

/// Reports on behalf of a person. Fails with `forbidden` for anybody but the system administrator
/// and the command, and with `not_found`.
pub async fn show(s: &Services, actor: &Actor, id: i64) -> Result<Report> {
    run(s, reader(actor)?, id).await
}

/// Reports on behalf of whoever holds the machine. Fails with `not_found`.
pub async fn run(s: &Services, names: Names, id: i64) -> Result<Report> {
    let drill = store::drill::find(&s.db.read, id).await?;
    let drill = drill.ok_or_else(|| Error::not_found("这次演练"))?;
    let probes = store::drill::probes(&s.db.read, id).await?;
    let open =
        |probe: &&probe::Model| matches!(probe.state, NoticeState::Planned | NoticeState::Sending);
    let waiting = probes.iter().filter(open).count();
    let people = people(s, names, probes).await?;
    let reached = people.values().filter(|one| one.reached).count();
    let (count, grids) = (people.len(), grids(s, &people, drill.started_at).await?);
    Ok(Report { drill, people: count, reached, waiting, grids })
}

async fn people(
    s: &Services,
    names: Names,
    probes: Vec<probe::Model>,
) -> Result<HashMap<StaffId, PersonReport>> {
    let ids: Vec<StaffId> = probes.iter().map(|probe| probe.staff_id).collect();
    let mut people = HashMap::new();
    for row in store::people::staff(&s.db.read, &ids).await? {
        let name = s.vault.open(NAME, &row.name_sealed).map_err(Error::internal)?;
        let name = if names == Names::Open { name } else { mask_name(&name) };
        let person = PersonReport {
            staff: row.id,
            staff_no: row.staff_no,
            name,
            reached: false,
            seconds: None,
            messages: Vec::new(),
        };
        people.insert(row.id, person);
    }
    for probe in probes {
        let Some(person) = people.get_mut(&probe.staff_id) else { continue };
        if matches!(probe.state, NoticeState::Accepted | NoticeState::Delivered) {
            person.reached = true;
            let took = probe.accepted_at.map(|at| at.since(probe.created_at).as_secs_f64());
            person.seconds = person.seconds.into_iter().chain(took).reduce(f64::min);
        }
        let (channel, state, reason) = (probe.channel, probe.state, probe.reason);
        person.messages.push(MessageReport { channel, state, reason });
    }
    Ok(people)
}

async fn grids(
    s: &Services,
    people: &HashMap<StaffId, PersonReport>,
    at: Timestamp,
) -> Result<Vec<GridReport>> {
    let places = s.places.now();
    let template = tell::template(s, NoticeKind::NewCase, Channel::MiniSubscribe);
    let mut of_grid: BTreeMap<Option<String>, (Option<GridView>, Vec<StaffId>)> = BTreeMap::new();
    let name = |id: GridId| {
        let grid = places.name(id)?;
        Some(GridView { id: grid.external_id.clone(), name: grid.name.clone() })
    };
    // As they answered when it began; who left since stands in his row all the same.
    for charge in store::readiness::charges(&s.db.read, template, at).await? {
        let grid = charge.grid_id.and_then(name);
        let key = grid.as_ref().map(|grid| grid.id.clone());
        let (_, staff) = of_grid.entry(key).or_insert((grid, Vec::new()));
        if !staff.contains(&charge.staff_id) {
            staff.push(charge.staff_id);
        }
    }
    let mut all: Vec<GridReport> = of_grid
        .into_values()
        .map(|(grid, staff)| {
            let people: Vec<_> = staff.iter().filter_map(|id| people.get(id)).cloned().collect();
            let reached = people.iter().filter(|one| one.reached).count();
            GridReport { grid, reached, people }
        })
        .collect();
    // The street as a whole has no id and would come first.
    all.sort_by_key(|report| report.grid.is_none());
    Ok(all)
}
