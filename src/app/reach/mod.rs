//! Who of those who answer for something can be reached, and who cannot.

pub mod list;

use entity::kinds::StreetRole;

use crate::app::actor::Actor;
use crate::app::staff::view::Names;
use crate::error::{Code, Error, Result};

/// Lets the system administrator and the street's command look; only the former, at the console,
/// sees whole names.
pub(in crate::app) fn reader(actor: &Actor) -> Result<Names> {
    match () {
        () if actor.console && actor.is(StreetRole::SystemAdmin) => Ok(Names::Open),
        () if actor.is(StreetRole::Command) => Ok(Names::Masked),
        () => Err(Error::new(Code::Forbidden, "只有系统管理员和街道指挥中心可以查看触达情况")),
    }
}
