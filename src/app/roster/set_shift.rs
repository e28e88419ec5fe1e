//! Defines a shift, or gives one its next version.

use entity::kinds::{RosterChange, StreetRole};
/// A shift under its name.
pub use entity::shift::Model as NamedShift;

use crate::app::actor::Actor;
use crate::domain::roster::Shift;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::{self};

/// The word that responsibilities without a shift carry.
const ALL: &str = "all";

/// Sets a shift; duties that name it follow at once. Fails with `forbidden` for anybody but the
/// system administrator at the console, and with `invalid_fields` for `all`, which is no shift.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (name, shift): (String, Shift),
) -> Result<NamedShift> {
    if !actor.console || !actor.is(StreetRole::SystemAdmin) {
        return Err(Error::new(Code::Forbidden, "只有系统管理员可以设定班次"));
    }
    if name == ALL {
        let fault = Fault::new("/name", "reserved", "all 表示全天，不能作为班次名称");
        return Err(Error::fields(vec![fault]));
    }
    let (by, now) = (actor.account, s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let stored = store::roster::insert_shift(tx, (&name, shift), now).await?;
            let change = (RosterChange::ShiftSet, stored.id, None);
            store::roster::append(tx, change, by, now).await?;
            Ok::<_, Error>(stored)
        })
    });
    unit.await
}

/// Lists the shifts that count now. Fails with `forbidden` for residents.
pub async fn list(s: &Services, actor: &Actor) -> Result<Vec<NamedShift>> {
    if actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以查看班次"));
    }
    let mut all = store::roster::shifts(&s.db.read).await?;
    all.dedup_by(|later, newest| later.name == newest.name);
    Ok(all)
}
