//! Says to a resident who his grid worker is, and whether that one is there now or when next.
//!
//! Nothing is stored for it: the grid follows from his requests, or from an address that he names.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use entity::kinds::{ActorRole, DutyRole, GridId, StaffId, Timestamp};
use entity::staff;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::case::home;
use crate::app::case::place::{Asked, asked};
use crate::app::case::view::{GridView, GridsView, open_name};
use crate::app::places::Snapshot;
use crate::app::roster::leave_of;
use crate::domain::address::{Action, Query, Rejection, Resolution};
use crate::domain::calendar::{local_minute, rfc3339};
use crate::domain::roster::{self, Presence, Span};
use crate::error::Result;
use crate::services::Services;
use crate::store::{self};

/// Whoever is not there within these days is not named.
const AHEAD: Duration = Duration::from_hours(14 * 24);
const HOW: &str = "请填写住址（小区名和楼号，或道路和门牌号），或扫描楼门口的小程序码";

/// A grid and its people.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct MyGridView {
    /// How the grid is known: `address`, `home`, `last_case` or `unknown`.
    pub basis: &'static str,
    /// The same in a sentence.
    pub why: String,
    pub grid: GridsView,
    /// Grid worker, backup and cadre: who is there now before who comes later.
    pub people: Vec<PersonView>,
    pub community: Option<CommunityView>,
    /// The one question that an address leaves open.
    pub question: Option<Asked>,
    /// What to do while the grid is not known.
    pub how_to_find: Option<&'static str>,
}

/// Somebody who answers for the grid; the office phone is public.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonView {
    pub role: &'static str,
    pub role_zh: &'static str,
    pub name: String,
    pub office_phone: String,
    pub on_duty: bool,
    /// When his present or next time begins.
    pub from: String,
    /// When it ends; `null`: not within two weeks.
    pub until: Option<String>,
    /// For whom he stands in.
    pub instead_of: Option<String>,
    /// The same in a sentence.
    pub says: String,
}

/// The community and where it is called.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommunityView {
    pub id: String,
    pub name: String,
    /// Of its secretary, or else of its cadre.
    pub office_phone: Option<String>,
}

/// Names an office as a resident does.
const fn plain(role: DutyRole) -> &'static str {
    match role {
        DutyRole::Primary => ActorRole::Primary.plain_zh(),
        DutyRole::Backup => ActorRole::Backup.plain_zh(),
        DutyRole::Cadre => ActorRole::Cadre.plain_zh(),
        DutyRole::Secretary => ActorRole::Secretary.plain_zh(),
    }
}

/// What is known of the grid.
#[derive(Default)]
struct Known {
    basis: &'static str,
    why: String,
    small: Option<GridId>,
    large: Option<GridId>,
    question: Option<Asked>,
}

/// Finds the grid of an address, or else of the speaker's confirmed home, or else of his last
/// placed request.
pub async fn run(s: &Services, actor: &Actor, address: Option<&str>) -> Result<MyGridView> {
    let known = match address {
        Some(address) => of_address(&s.places.now(), address),
        None => of_requests(s, actor).await?,
    };
    let places = s.places.now();
    let large = known.large.or_else(|| known.small.and_then(|id| places.community_of(id)));
    let grids: BTreeSet<GridId> = known.small.into_iter().chain(large).collect();
    let found = People::load(s, &grids).await?;
    let how_to_find = grids.is_empty().then_some(HOW);
    Ok(MyGridView {
        basis: if grids.is_empty() { "unknown" } else { known.basis },
        why: known.why,
        grid: GridsView {
            small: known.small.and_then(|id| view(&places, id)),
            large: large.and_then(|id| view(&places, id)),
        },
        people: found.views(s)?,
        community: large.and_then(|id| view(&places, id)).map(|grid| CommunityView {
            id: grid.id,
            name: grid.name,
            office_phone: found.community_phone(),
        }),
        question: known.question,
        how_to_find,
    })
}

fn view(places: &Snapshot, id: GridId) -> Option<GridView> {
    let name = places.name(id)?;
    Some(GridView { id: name.external_id.clone(), name: name.name.clone() })
}

/// Returns the small grid that a resident's requests speak for.
pub(in crate::app) async fn small(s: &Services, actor: &Actor) -> Result<Option<GridId>> {
    Ok(of_requests(s, actor).await?.small)
}

async fn of_requests(s: &Services, actor: &Actor) -> Result<Known> {
    let known = |basis, why: String, small| Known { basis, why, small, ..Known::default() };
    if let Some(home) = home::find(s, actor).await? {
        let why = "您写了楼号的求助，都是这个网格的网格员接的".to_owned();
        return Ok(known("home", why, Some(home)));
    }
    let since = s.clock.now() - home::COUNTS;
    // Staff ask for others: where they report from says nothing of where they live.
    let last = match actor.staff {
        None => store::case::last_placed(&s.db.read, actor.account, since).await?,
        Some(_) => None,
    };
    Ok(match last {
        Some(case) => {
            let why = format!("您最近一次求助（{}）派到了这个网格", case.number);
            known("last_case", why, case.small_grid_id)
        }
        None => known("unknown", "还没有您的求助记录，无法判断您在哪个网格".to_owned(), None),
    })
}

fn of_address(places: &Snapshot, address: &str) -> Known {
    let found: Resolution = places.index.resolve(&Query { text: address, ..Query::default() });
    let certain = matches!(found.action, Action::Route | Action::RouteLarge);
    let small = found.grid.and_then(|grid| places.small(grid));
    let large = found.community.and_then(|community| places.large(community));
    let why = match found.action {
        Action::Reject(Rejection::OutOfArea) => "这个地址不在本街道".to_owned(),
        Action::Reject(Rejection::NoAddress) => "没有认出这个地址".to_owned(),
        Action::Route | Action::RouteLarge | Action::Ask => found.reason.clone(),
    };
    Known {
        basis: "address",
        why,
        small: small.filter(|_| found.action == Action::Route),
        large: large.filter(|_| certain),
        question: asked(places, found.question.as_ref()),
    }
}

/// Who answers for some grids within two weeks.
struct People {
    there: Vec<Presence>,
    rows: HashMap<StaffId, staff::Model>,
    window: Option<Span>,
}

impl People {
    async fn load(s: &Services, grids: &BTreeSet<GridId>) -> Result<Self> {
        let now = s.clock.now();
        let window = Span::new(now, now + AHEAD).filter(|_| !grids.is_empty());
        let Some(window) = window else {
            return Ok(Self { there: Vec::new(), rows: HashMap::new(), window: None });
        };
        let mut duties = store::roster::duties(&s.db.read, window).await?;
        duties.retain(|duty| grids.contains(&duty.grid));
        let leaves = store::roster::leaves(&s.db.read, window).await?;
        let leaves: Vec<_> = leaves.iter().filter_map(leave_of).collect();
        let plan = roster::plan(&duties, &leaves, window, &s.calendar.now());
        let there = roster::presences(&plan, now);
        let named = there.iter().flat_map(|one| [Some(one.staff), one.instead_of]).flatten();
        let ids: BTreeSet<StaffId> = named.collect();
        let ids: Vec<StaffId> = ids.into_iter().collect();
        let rows = store::people::staff(&s.db.read, &ids).await?;
        // A substitute may have left since the leave was entered.
        let rows = rows.into_iter().filter(|row| row.ended_at.is_none_or(|at| at > now));
        let rows = rows.map(|row| (row.id, row)).collect();
        Ok(Self { there, rows, window: Some(window) })
    }

    fn views(&self, s: &Services) -> Result<Vec<PersonView>> {
        let mut views = Vec::new();
        for role in [DutyRole::Primary, DutyRole::Backup, DutyRole::Cadre] {
            for one in self.there.iter().filter(|one| one.role == role) {
                views.extend(self.view(s, one)?);
            }
        }
        Ok(views)
    }

    fn view(&self, s: &Services, one: &Presence) -> Result<Option<PersonView>> {
        let Some((row, window)) = self.rows.get(&one.staff).zip(self.window) else {
            return Ok(None);
        };
        let away = one.instead_of.and_then(|id| self.rows.get(&id));
        let instead_of = away.map(|row| open_name(s, &row.name_sealed)).transpose()?;
        let on_duty = one.span.holds(window.from);
        let until = Some(one.span.to).filter(|to| *to < window.to);
        Ok(Some(PersonView {
            role: one.role.word(),
            role_zh: plain(one.role),
            name: open_name(s, &row.name_sealed)?,
            office_phone: row.office_phone.clone(),
            on_duty,
            from: rfc3339(one.span.from),
            until: until.map(rfc3339),
            says: says(one.span.from, until, on_duty, instead_of.as_deref()),
            instead_of,
        }))
    }

    fn community_phone(&self) -> Option<String> {
        let of = |role| {
            let mut there = self.there.iter().filter(move |one| one.role == role);
            there.find_map(|one| self.rows.get(&one.staff))
        };
        let row = of(DutyRole::Secretary).or_else(|| of(DutyRole::Cadre));
        row.map(|row| row.office_phone.clone())
    }
}

fn says(
    from: Timestamp,
    until: Option<Timestamp>,
    on_duty: bool,
    instead_of: Option<&str>,
) -> String {
    let when = match (on_duty, until) {
        (true, None) => "现在当班".to_owned(),
        (true, Some(until)) => format!("现在当班，至 {}", local_minute(until)),
        (false, _) => format!("现在不当班，{} 起当班", local_minute(from)),
    };
    match instead_of {
        Some(name) => format!("{when}（替{name}）"),
        None => when,
    }
}
