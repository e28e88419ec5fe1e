//! Lists the people who answer for something and are not reached by two working channels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::kinds::{Channel, DutyRole, GridId, NoticeKind, StaffId, StreetRole, WayState};

use super::reader;
use crate::app::actor::Actor;
use crate::app::case::tell;
use crate::app::notice::ways::{self, Ways};
use crate::app::places::Snapshot;
use crate::app::staff::NAME;
use crate::app::staff::view::{GridView, Names, RoleView};
use crate::domain::readiness::{ENOUGH, TEMPLATE_CHANGED, todo, works};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::readiness::Charge;
use crate::store::{self};
use crate::vault::mask_name;

/// The state of the street.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// People who answer for something now.
    pub people: usize,
    /// Those with two working channels.
    pub ready: usize,
    /// The others, by staff number.
    pub missing: Vec<Unready>,
    /// Every grid below the street.
    pub grids: Vec<GridCount>,
}

/// Somebody who is not reached by two working channels.
#[derive(Clone, Debug)]
pub struct Unready {
    pub staff: StaffId,
    pub staff_no: String,
    pub name: String,
    pub roles: Vec<RoleView>,
    pub channels: Vec<(Channel, WayState)>,
    pub working: usize,
    /// Chinese sentences.
    pub todo: Vec<&'static str>,
}

/// How many people of a grid can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridCount {
    pub grid: GridView,
    pub people: usize,
    pub ready: usize,
    /// With one working channel.
    pub one: usize,
    /// With none.
    pub none: usize,
}

/// Lists on behalf of a person. Fails with `forbidden` for anybody but the system administrator
/// and the command.
pub async fn show(s: &Services, actor: &Actor) -> Result<Report> {
    run(s, reader(actor)?).await
}

/// Lists on behalf of whoever holds the machine.
pub async fn run(s: &Services, names: Names) -> Result<Report> {
    let reached = Reached::load(s).await?;
    let places = s.places.now();
    let mut report = Report { people: reached.people.len(), ..Report::default() };
    for charges in reached.people.values() {
        let Some(first) = charges.first() else { continue };
        if reached.working(first) >= ENOUGH {
            report.ready += 1;
            continue;
        }
        let name = s.vault.open(NAME, &first.name_sealed).map_err(Error::internal)?;
        let channels = reached.channels(first);
        report.missing.push(Unready {
            staff: first.staff_id,
            staff_no: first.staff_no.clone(),
            name: if names == Names::Open { name } else { mask_name(&name) },
            roles: charges.iter().filter_map(|one| role(&places, one)).collect(),
            working: reached.working(first),
            todo: reached.todo(first),
            channels,
        });
    }
    report.grids = grids(&places, &reached);
    Ok(report)
}

/// Everybody who answers for something, and what leads to him.
pub(in crate::app) struct Reached {
    /// By staff number, so that lists have an order that people know.
    people: BTreeMap<String, Vec<Charge>>,
    ways: Ways,
    offered: Vec<Channel>,
    /// Channels whose template the platform changed: they carry nothing to anybody.
    closed: Vec<Channel>,
}

impl Reached {
    /// Tells which of these people are reached by two working channels.
    pub(in crate::app) async fn of(
        s: &Services,
        mut staff: Vec<StaffId>,
    ) -> Result<BTreeSet<StaffId>> {
        staff.sort_unstable();
        staff.dedup();
        let template = tell::template(s, NoticeKind::NewCase, Channel::MiniSubscribe);
        let ways = Ways::load(s, &s.db.read, &staff).await?;
        let consents = store::readiness::credits(&s.db.read, &staff, template).await?;
        let reached = staff.into_iter().filter(|id| {
            let (person, left) = (ways.of(*id), consents.get(id).copied().unwrap_or(0));
            let works = |way: &Channel| works(*way, person.state(*way), left);
            person.open(s, NoticeKind::NewCase).filter(works).count() >= ENOUGH
        });
        Ok(reached.collect())
    }

    pub(super) async fn load(s: &Services) -> Result<Self> {
        let template = tell::template(s, NoticeKind::NewCase, Channel::MiniSubscribe);
        let charges = store::readiness::charges(&s.db.read, template, s.clock.now()).await?;
        let mut staff: Vec<StaffId> = charges.iter().map(|one| one.staff_id).collect();
        staff.sort_unstable();
        staff.dedup();
        let ways = Ways::load(s, &s.db.read, &staff).await?;
        let mut people: BTreeMap<String, Vec<Charge>> = BTreeMap::new();
        for charge in charges {
            people.entry(charge.staff_no.clone()).or_default().push(charge);
        }
        let offered: Vec<Channel> = ways::offered(s).collect();
        let closed = |way: &Channel| !s.gate.is_open(*way, NoticeKind::NewCase);
        let closed = offered.iter().copied().filter(closed).collect();
        Ok(Self { people, ways, offered, closed })
    }

    /// Every channel that the street offers, in the person's order, with what is known of it.
    fn channels(&self, one: &Charge) -> Vec<(Channel, WayState)> {
        let person = self.ways.of(one.staff_id);
        let mut order = person.order();
        order.extend(self.offered.iter().filter(|way| !person.living.contains(way)));
        order.into_iter().map(|way| (way, person.state(way))).collect()
    }

    pub(super) fn working(&self, one: &Charge) -> usize {
        let channels = self.open(one);
        channels.iter().filter(|(way, state)| works(*way, *state, one.credits)).count()
    }

    fn open(&self, one: &Charge) -> Vec<(Channel, WayState)> {
        let mut channels = self.channels(one);
        channels.retain(|(way, _)| !self.closed.contains(way));
        channels
    }

    /// What the person should do, and what only an administrator can.
    fn todo(&self, one: &Charge) -> Vec<&'static str> {
        let person = self.ways.of(one.staff_id);
        let mut said = todo(&self.open(one), one.credits);
        if self.closed.iter().any(|way| person.living.contains(way)) {
            said.push(TEMPLATE_CHANGED);
        }
        said
    }
}

fn role(places: &Snapshot, one: &Charge) -> Option<RoleView> {
    let duty = DutyRole::from_word(&one.role).map(|role| (role.word(), role.zh()));
    let street = || StreetRole::from_word(&one.role).map(|role| (role.word(), role.zh()));
    let (role, title) = duty.or_else(street)?;
    Some(RoleView { role, title, grid: one.grid_id.and_then(|id| grid(places, id)) })
}

fn grid(places: &Snapshot, id: GridId) -> Option<GridView> {
    places.name(id).map(|grid| GridView { id: grid.external_id.clone(), name: grid.name.clone() })
}

fn grids(places: &Snapshot, reached: &Reached) -> Vec<GridCount> {
    let mut counts: HashMap<GridId, GridCount> = places
        .all()
        .map(|grid| {
            let view = GridView { id: grid.external_id.clone(), name: grid.name.clone() };
            (grid.id, GridCount { grid: view, people: 0, ready: 0, one: 0, none: 0 })
        })
        .collect();
    for charges in reached.people.values() {
        let mut mine: Vec<GridId> = charges.iter().filter_map(|one| one.grid_id).collect();
        mine.sort_unstable();
        mine.dedup();
        let working = charges.first().map_or(0, |one| reached.working(one));
        for id in mine {
            let Some(count) = counts.get_mut(&id) else { continue };
            count.people += 1;
            match working {
                0 => count.none += 1,
                1 => count.one += 1,
                _ => count.ready += 1,
            }
        }
    }
    let mut all: Vec<GridCount> = counts.into_values().collect();
    all.sort_by(|a, b| a.grid.id.cmp(&b.grid.id));
    all
}
