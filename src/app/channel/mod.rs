//! A person's own channels: which lead to him, in which order, and whether they are proven.

pub mod consents;
pub mod prefer;
pub mod show;
pub mod test;

use std::time::Duration;

use entity::kinds::StaffId;

use crate::app::actor::Actor;
use crate::auth::limits::Rule;
use crate::error::{Code, Error, Result};

/// A test rings somewhere; nobody needs more to know whether it does.
const TESTS: Rule = Rule { name: "channel_test", burst: 3, per: Duration::from_mins(10) };

/// Returns the person behind an actor. Fails with `forbidden` for a resident.
fn staff(actor: &Actor) -> Result<StaffId> {
    actor.staff.ok_or_else(|| Error::new(Code::Forbidden, "只有工作人员可以管理通知渠道"))
}
