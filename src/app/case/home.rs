//! Where a resident lives, as far as grid workers confirmed it: a bare "3号楼2单元501" then needs no
//! question.
//!
//! Nothing is stored for it. A home is read from his own requests about a building that a worker
//! acknowledged; a hand-over takes the acknowledgement back, so a wrong grid never counts.

use std::time::Duration;

use entity::kinds::GridId;

use super::place;
use crate::app::actor::Actor;
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// A confirmation counts for a year: people move.
pub(in crate::app) const COUNTS: Duration = Duration::from_hours(365 * 24);
/// Confirmed requests that are looked at, newest first.
const READ: u64 = 10;
/// How many of them, about a building, must agree.
const AGREE: usize = 3;

/// Returns the small grid of the resident's confirmed home. `None` for staff, who ask for others,
/// and when his last requests disagree.
pub async fn find(s: &Services, actor: &Actor) -> Result<Option<GridId>> {
    if actor.console || actor.staff.is_some() {
        return Ok(None);
    }
    let since = s.clock.now() - COUNTS;
    let cases = store::case::confirmed(&s.db.read, actor.account, since, READ).await?;
    let mut grids = Vec::new();
    for case in &cases {
        if place::open(s, case)?.building_named {
            grids.extend(case.small_grid_id);
        }
    }
    Ok(agreed(&grids))
}

/// Returns the grid that the newest confirmed requests have in common, newest first.
fn agreed(grids: &[GridId]) -> Option<GridId> {
    let mut newest = grids.iter().take(AGREE);
    let first = newest.next()?;
    newest.all(|grid| grid == first).then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_where_the_newest_requests_agree() {
        let home = |grids: &[i64]| {
            agreed(&grids.iter().map(|id| GridId(*id)).collect::<Vec<_>>()).map(|grid| grid.0)
        };
        assert_eq!(home(&[]), None);
        assert_eq!(home(&[1]), Some(1));
        assert_eq!(home(&[1, 2]), None, "who reported from two grids is asked");
        assert_eq!(home(&[2, 2, 2, 1]), Some(2), "who moved lives where he lives now");
        assert_eq!(home(&[2, 2, 1]), None);
    }
}
