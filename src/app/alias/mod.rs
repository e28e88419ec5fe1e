//! Names that residents use: learned by a job from corrections, decided by the office, in use at
//! once.

pub mod add;
pub mod decide;
pub mod learn;
pub mod list;
pub mod target;
pub mod view;

use entity::kinds::StreetRole;

use crate::app::actor::Actor;
use crate::error::{Code, Error, Result};

/// Lets the triage desk and system administrators through. Fails with `forbidden`.
fn admit(actor: &Actor) -> Result<()> {
    if actor.is(StreetRole::TriageDesk) || actor.is(StreetRole::SystemAdmin) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "只有分拣台和系统管理员可以管理地址别名"))
}
