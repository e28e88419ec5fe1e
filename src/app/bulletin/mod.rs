//! Notices of the street (公告): written by cadres for their community's grids and by the command
//! for all, read by the residents of these grids. What goes to the whole street needs a second
//! person.

pub mod approve;
pub mod list;
pub mod read;
pub mod withdraw;
pub mod write;

use std::collections::{BTreeSet, HashMap};

use entity::bulletin::Model;
use entity::kinds::{
    AccountId, BulletinState, DutyRole, GridId, PhotoId, StaffId, StreetRole, Timestamp,
};

use sea_orm::ConnectionTrait;

use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::app::my_grid;
use crate::app::places::Snapshot;
use crate::app::staff::view::GridView;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::bulletin::{Reach, Reader};
use crate::store::{self};

/// A notice as somebody sees it.
#[derive(Clone, Debug)]
pub struct BulletinView {
    pub row: Model,
    /// Whose notice it is: a community, or the street.
    pub issuer: String,
    /// Empty: the whole street.
    pub grids: Vec<GridView>,
    pub photos: Vec<PhotoId>,
    pub read_at: Option<Timestamp>,
    /// Staff see who wrote and who approved it.
    pub author: Option<String>,
    pub approver: Option<String>,
    /// For those who may withdraw it: how many have read it.
    pub reach: Option<Reach>,
    /// Sub-resources that the speaker may post to now.
    pub allowed: Vec<&'static str>,
}

/// Lists the communities that somebody leads.
fn led(actor: &Actor) -> BTreeSet<GridId> {
    let leads = |role| matches!(role, DutyRole::Cadre | DutyRole::Secretary);
    actor.grids.iter().filter(|(_, role)| leads(*role)).map(|(grid, _)| *grid).collect()
}

/// Returns whose notices somebody is shown: the grids that he lives in, works in or leads, with
/// their communities; the command and the street's desks see everything.
async fn reader(s: &Services, actor: &Actor) -> Result<Reader> {
    let places = s.places.now();
    let mut grids: BTreeSet<GridId> = actor.grids.iter().map(|(grid, _)| *grid).collect();
    let leads = led(actor);
    let below = places.all().filter(|grid| grid.parent.is_some_and(|one| leads.contains(&one)));
    grids.extend(below.map(|grid| grid.id));
    grids.extend(my_grid::small(s, actor).await?);
    let above: Vec<GridId> = grids.iter().filter_map(|id| places.community_of(*id)).collect();
    grids.extend(above);
    let everything = actor.staff.is_some() && !actor.street.is_empty();
    Ok(Reader { grids: grids.into_iter().collect(), everything })
}

/// Tells whether somebody answers for a notice: the command for all, leaders for what goes to
/// nobody but their own community.
fn manages(places: &Snapshot, actor: &Actor, (row, grids): (&Model, &[GridId])) -> bool {
    let leads = led(actor);
    let own = |id: &GridId| places.community_of(*id).is_some_and(|one| leads.contains(&one));
    let theirs = !row.whole_street && !grids.is_empty() && grids.iter().all(own);
    actor.staff.is_some() && (actor.is(StreetRole::Command) || theirs)
}

/// Tells whether somebody may be the second person: of the command or a secretary, not who wrote.
fn seconds(actor: &Actor, row: &Model) -> bool {
    let secretary = actor.grids.iter().any(|(_, role)| *role == DutyRole::Secretary);
    let other = row.created_by != actor.account && Some(row.author_id) != actor.staff;
    other && actor.staff.is_some() && (secretary || actor.is(StreetRole::Command))
}

fn allowed(
    places: &Snapshot,
    actor: &Actor,
    (row, grids): (&Model, &[GridId]),
    now: Timestamp,
) -> Vec<&'static str> {
    let manages = manages(places, actor, (row, grids));
    let own = actor.staff == Some(row.author_id);
    let mut words = Vec::new();
    let draft = row.state == BulletinState::Draft;
    words.extend((draft && row.until_at > now && seconds(actor, row)).then_some("approval"));
    let there = row.state != BulletinState::Withdrawn;
    words.extend((there && (manages || own)).then_some("withdrawal"));
    words
}

/// Finds a notice that somebody may move with this word. Fails with `forbidden` for residents,
/// `not_found` for whom it does not concern, and `move_not_allowed`.
async fn movable(s: &Services, actor: &Actor, id: i64, word: &'static str) -> Result<Model> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以管理公告"));
    }
    let missing = || Error::not_found("这条公告");
    let row = store::bulletin::find(&s.db.read, id).await?.ok_or_else(missing)?;
    let parts = store::bulletin::parts(&s.db.read, &[id]).await?;
    let grids = parts.grids.get(&id).cloned().unwrap_or_default();
    let (places, now) = (s.places.now(), s.clock.now());
    let allowed = allowed(&places, actor, (&row, &grids), now);
    if allowed.contains(&word) {
        return Ok(row);
    }
    let own = actor.staff == Some(row.author_id);
    if !own && !manages(&places, actor, (&row, &grids)) && !seconds(actor, &row) {
        return Err(missing());
    }
    let detail = if own && word == "approval" {
        "面向全街道的公告须由另一人审核，不能自己审核".to_owned()
    } else {
        format!("这条公告{}，不能这样操作", row.state.zh())
    };
    let mut error = Error::new(Code::MoveNotAllowed, detail);
    error.allowed = allowed;
    Err(error)
}

/// Builds what somebody sees of notices, in their order.
async fn views(s: &Services, actor: &Actor, rows: Vec<Model>) -> Result<Vec<BulletinView>> {
    views_in(s, &s.db.read, actor, rows).await
}

/// The same of notices that the running unit wrote.
async fn views_in(
    s: &Services,
    conn: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<Model>,
) -> Result<Vec<BulletinView>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let parts = store::bulletin::parts(conn, &ids).await?;
    let marks = store::bulletin::read_marks(conn, &ids, actor.account).await?;
    let reach = store::bulletin::reach(conn, &ids).await?;
    let (places, now) = (s.places.now(), s.clock.now());
    let people = People::load(s, actor, &rows).await?;
    let of = |row: Model| {
        let grids = parts.grids.get(&row.id).cloned().unwrap_or_default();
        let allowed = allowed(&places, actor, (&row, &grids), now);
        let manages = manages(&places, actor, (&row, &grids));
        BulletinView {
            issuer: issuer(&places, &row, &grids),
            photos: parts.photos.get(&row.id).cloned().unwrap_or_default(),
            read_at: marks.get(&row.id).copied(),
            author: people.staff.get(&row.author_id).cloned(),
            approver: row.approved_by.and_then(|id| people.accounts.get(&id).cloned()),
            reach: manages.then(|| reach.get(&row.id).copied().unwrap_or_default()),
            grids: grids.iter().filter_map(|id| grid(&places, *id)).collect(),
            allowed,
            row,
        }
    };
    Ok(rows.into_iter().map(of).collect())
}

fn grid(places: &Snapshot, id: GridId) -> Option<GridView> {
    let grid = places.name(id)?;
    Some(GridView { id: grid.external_id.clone(), name: grid.name.clone() })
}

fn issuer(places: &Snapshot, row: &Model, grids: &[GridId]) -> String {
    let of: BTreeSet<GridId> = grids.iter().filter_map(|id| places.community_of(*id)).collect();
    let only = of.first().filter(|_| of.len() == 1 && !row.whole_street);
    let name = only.and_then(|id| places.name(*id)).map(|grid| grid.name.clone());
    name.unwrap_or_else(|| "街道".to_owned())
}

/// The names of those who wrote and approved; none for residents.
#[derive(Default)]
struct People {
    staff: HashMap<StaffId, String>,
    accounts: HashMap<AccountId, String>,
}

impl People {
    async fn load(s: &Services, actor: &Actor, rows: &[Model]) -> Result<Self> {
        let mut people = Self::default();
        if actor.staff.is_none() {
            return Ok(people);
        }
        let authors: BTreeSet<StaffId> = rows.iter().map(|row| row.author_id).collect();
        let authors: Vec<StaffId> = authors.into_iter().collect();
        for row in store::people::staff(&s.db.read, &authors).await? {
            people.staff.insert(row.id, open_name(s, &row.name_sealed)?);
        }
        let seconds: BTreeSet<AccountId> = rows.iter().filter_map(|row| row.approved_by).collect();
        for account in seconds {
            let staff = store::people::staff_of_account(&s.db.read, account).await?;
            let ids: Vec<StaffId> = staff.into_iter().collect();
            if let Some(row) = store::people::staff(&s.db.read, &ids).await?.first() {
                people.accounts.insert(account, open_name(s, &row.name_sealed)?);
            }
        }
        Ok(people)
    }
}
