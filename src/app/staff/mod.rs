//! Staff: who works for the street, in which roles, and by which WeChat account he is reached.
//!
//! Only a system administrator at the console changes staff. Rights follow these rows at every
//! request, so a change holds at once, whatever tokens are out.

pub mod add;
pub mod bind;
pub mod code;
pub mod console_link;
pub mod demo;
pub mod list;
#[cfg(test)]
mod tests;
pub mod unbind;
pub mod view;

use entity::kinds::StreetRole;

use crate::app::actor::Actor;
use crate::error::{Code, Error, Result};

/// The column context under which names of staff are sealed.
pub const NAME: &str = "staff.name";
/// The column context under which their mobiles are sealed.
pub const MOBILE: &str = "staff.phone";

/// Refuses everybody but a system administrator who came through the console's two factors.
fn require_admin(actor: &Actor) -> Result<()> {
    if actor.console && actor.is(StreetRole::SystemAdmin) {
        Ok(())
    } else {
        Err(Error::new(Code::Forbidden, "只有系统管理员可以管理人员"))
    }
}

/// Refuses two of the three administrators in one person (domain §2).
fn check_roles(roles: &[StreetRole]) -> Result<()> {
    let held = crate::app::session::console::ADMINS.iter().filter(|role| roles.contains(role));
    if held.count() < 2 {
        return Ok(());
    }
    let detail = "系统、安全、审计三类管理员必须由不同的人担任，一人不能兼任两项";
    Err(Error::new(Code::RuleRefused, detail))
}
