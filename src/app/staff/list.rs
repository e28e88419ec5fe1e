//! Lists staff in office. Only staff may look; only the system administrator sees whole names.

use entity::kinds::{StaffId, StreetRole};

use super::view::{self, Names, StaffView};
use crate::app::actor::Actor;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;

/// Which part of the list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Only who is responsible for this grid now.
    pub grid: Option<String>,
    /// After this person; zero begins.
    pub after: i64,
    pub most: u64,
}

/// Lists a page in the order of ids. Fails with `forbidden` for residents and `not_found` for a
/// grid that does not exist.
pub async fn run(s: &Services, actor: &Actor, page: Page) -> Result<Vec<StaffView>> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以查看人员名单"));
    }
    let whole = actor.console && actor.is(StreetRole::SystemAdmin);
    find(s, page, if whole { Names::Open } else { Names::Masked }).await
}

/// Lists a page on behalf of whoever holds the machine.
pub async fn find(s: &Services, page: Page, names: Names) -> Result<Vec<StaffView>> {
    let grids = match &page.grid {
        None => None,
        Some(id) => {
            let places = s.places.now();
            Some(vec![places.find(id).ok_or_else(|| Error::not_found("该网格"))?.id])
        }
    };
    let (after, now) = (StaffId(page.after), s.clock.now());
    let rows = store::staff::list(&s.db.read, grids.as_deref(), now, after, page.most).await?;
    view::of(s, rows, names).await
}
