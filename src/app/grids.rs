//! The small grids of a community, for those who hand cases on.

use entity::kinds::GridId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::case::spot::PositionView;
use crate::app::case::view::GridView;
use crate::app::places::{GridName, Snapshot};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;

/// A small grid.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SmallGridView {
    /// Id in the delivered file, e.g. `G00101`; what `transfer` and `assignment` take.
    pub id: String,
    pub name: String,
    pub community: GridView,
    /// A point inside the grid, for a map.
    pub position: Option<PositionView>,
}

/// Lists the small grids of a community, or else of those in which the speaker serves, or else of
/// the street, in the order of their ids. Fails with `forbidden` for residents and with
/// `/community unknown`.
pub fn run(s: &Services, actor: &Actor, community: Option<&str>) -> Result<Vec<SmallGridView>> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以查看网格名录"));
    }
    let places = s.places.now();
    let wanted = match community {
        Some(id) => vec![known(&places, id)?],
        None => actor.grids.iter().filter_map(|(grid, _)| places.community_of(*grid)).collect(),
    };
    let inside = |grid: &&GridName| {
        grid.parent.is_some_and(|parent| wanted.is_empty() || wanted.contains(&parent))
    };
    let mut grids: Vec<&GridName> = places.all().filter(inside).collect();
    grids.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    Ok(grids.into_iter().filter_map(|grid| view(&places, grid)).collect())
}

fn known(places: &Snapshot, id: &str) -> Result<GridId> {
    let large = places.find(id).filter(|grid| grid.parent.is_none()).map(|grid| grid.id);
    large.ok_or_else(|| {
        let message = format!("没有编号为 {id} 的社区");
        Error::fields(vec![Fault::new("/community", "unknown", message)])
    })
}

fn view(places: &Snapshot, grid: &GridName) -> Option<SmallGridView> {
    let community = places.name(grid.parent?)?;
    let middle = places.reference(grid.id).and_then(|at| places.index.middle_of(at));
    Some(SmallGridView {
        id: grid.external_id.clone(),
        name: grid.name.clone(),
        community: GridView { id: community.external_id.clone(), name: community.name.clone() },
        position: middle.map(PositionView::from),
    })
}
