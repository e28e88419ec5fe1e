//! Codes at the doors of buildings: whoever scans one need not say where he is.
//!
//! A code is made once and never changed, because it hangs on paper. The row with its scene is
//! written before WeChat is asked, so that a crash, a refusal or a second click in between leads
//! to the same scene again.

mod draw;
mod image;
mod paper;
mod sheet;

use entity::kinds::StreetRole;
use entity::{building, compound};

pub use draw::{Code, run as draw};
pub use image::{Image, run as image};
pub use sheet::run as sheet;

use crate::app::actor::Actor;
use crate::error::{self, Error, Result};

/// Refuses everybody but a system administrator who came through the console's two factors.
fn require_admin(actor: &Actor) -> Result<()> {
    if actor.console && actor.is(StreetRole::SystemAdmin) {
        return Ok(());
    }
    Err(Error::new(error::Code::Forbidden, "只有系统管理员可以制作楼栋码"))
}

/// Writes a building as people call it, without its compound.
fn label(building: &building::Model) -> String {
    let no = &building.no;
    let label =
        if building.label.is_empty() { format!("{no}号楼") } else { building.label.clone() };
    format!("{}{label}", building.section)
}

/// Writes a building as people call it.
pub(super) fn name(compound: &compound::Model, building: &building::Model) -> String {
    format!("{}{}", compound.name, label(building))
}
