//! Shows everybody what the street is working on, where its configuration allows it.

use std::sync::Arc;

use entity::kinds::{Category, Timestamp};

use crate::app::places::Snapshot;
use crate::domain::open311::{Asked, MOST, Question, Status, address, expected};
use crate::error::{Code, Error, Result};
use crate::services::{Public, Services};
use crate::store::open311::{self, Row};

/// A case as everybody may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub number: String,
    pub status: Status,
    /// The state in Chinese.
    pub state: &'static str,
    pub category: Category,
    /// The community that answers for it, or the street; never a person.
    pub unit: String,
    /// Street, community and grid.
    pub address: String,
    pub reported: Timestamp,
    pub updated: Timestamp,
    /// When the result is promised.
    pub expected: Option<Timestamp>,
}

/// What is shown to everybody. Fails with `route_not_found` while nothing is.
pub fn admit(s: &Services) -> Result<&Public> {
    let closed = || Error::new(Code::RouteNotFound, "没有这个地址，请检查路径");
    s.settings.public.as_ref().ok_or_else(closed)
}

/// Lists cases, the latest first. Fails with `malformed_query`, whose sentence is in English as the
/// specification's clients read it, and `route_not_found`.
pub async fn list(s: &Services, asked: &Asked<'_>) -> Result<Vec<Shown>> {
    let public = admit(s)?;
    let wrong = |why| Error::new(Code::MalformedQuery, why);
    let ask = asked.read(&public.categories, s.clock.now()).map_err(wrong)?;
    find(s, &ask).await
}

/// Finds one case by its number. Fails with `not_found`, also where its category is not shown, and
/// `route_not_found`.
pub async fn show(s: &Services, number: &str) -> Result<Shown> {
    let asked = Asked { ids: Some(number), ..Asked::default() };
    let found = list(s, &asked).await?.into_iter().find(|one| one.number == number);
    found.ok_or_else(|| Error::not_found("这件诉求"))
}

async fn find(s: &Services, ask: &Question) -> Result<Vec<Shown>> {
    let limit = u64::try_from(MOST).unwrap_or(u64::MAX);
    let rows = open311::list(&s.db.read, ask, limit).await?;
    let places = s.places.now();
    Ok(rows.into_iter().map(|row| shown(s, &places, row)).collect())
}

fn shown(s: &Services, places: &Arc<Snapshot>, row: Row) -> Shown {
    let street = &s.settings.street.name;
    let name = |id| places.name(id).map(|place| place.name.clone());
    let community = row.large_grid_id.and_then(name);
    let grid = row.small_grid_id.and_then(name);
    Shown {
        status: Status::of(row.state),
        state: row.state.zh(),
        category: row.category,
        address: address(street, community.as_deref(), grid.as_deref()),
        unit: community.unwrap_or_else(|| street.clone()),
        reported: row.reported_at,
        updated: row.last_event_at,
        expected: expected(row.state, row.resolve_due_at, row.due_provisional),
        number: row.number,
    }
}
