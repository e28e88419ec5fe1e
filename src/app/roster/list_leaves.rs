//! Lists leaves for those who may enter them.

use std::collections::HashMap;

use entity::kinds::{StaffId, StreetRole, Timestamp};
use entity::leave;

use super::{REASON, colleagues, led, may_change};
use crate::app::actor::Actor;
use crate::app::staff::NAME;
use crate::domain::roster::Span;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::roster::LeavesOf;
use crate::store::{self};
use crate::vault::mask_name;

/// Which leaves.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// `None`: of everybody whose leaves the speaker may enter.
    pub staff: Option<StaffId>,
    /// `None`: from now on.
    pub from: Option<Timestamp>,
    /// `None`: however far ahead.
    pub to: Option<Timestamp>,
    /// The last of the page before.
    pub before: Option<i64>,
    pub limit: usize,
}

/// One leave with the names that its reader may see.
#[derive(Clone, Debug)]
pub struct LeaveView {
    pub leave: leave::Model,
    /// Masked unless the reader administers the system or is meant himself.
    pub name: String,
    pub substitute_name: Option<String>,
    /// For the person himself only.
    pub reason: Option<String>,
}

/// One page, the newest first.
#[derive(Clone, Debug)]
pub struct Page {
    pub leaves: Vec<LeaveView>,
    /// Ask for leaves before this one to go on.
    pub next: Option<i64>,
}

/// Lists a page. Fails with `forbidden` for a resident and for somebody whose leaves the speaker may
/// not enter, with `not_found`, and with `invalid_fields` when the time ends before it begins.
pub async fn run(s: &Services, actor: &Actor, wanted: Wanted) -> Result<Page> {
    let whose = whose(s, actor, wanted.staff).await?;
    let now = s.clock.now();
    let (from, to) = (wanted.from.unwrap_or(now), wanted.to.unwrap_or(Timestamp(i64::MAX)));
    let window = Span::new(from, to).ok_or_else(|| {
        Error::fields(vec![Fault::new("/to", "order", "结束时间必须晚于开始时间")])
    })?;
    let more = u64::try_from(wanted.limit.saturating_add(1)).unwrap_or(100);
    let found = (&whose, window);
    let mut rows =
        store::roster::page_of_leaves(&s.db.read, found, wanted.before, (more, now)).await?;
    let full = rows.len() > wanted.limit;
    rows.truncate(wanted.limit);
    let next = rows.last().map(|row| row.id).filter(|_| full);
    let names = names(s, actor, &rows).await?;
    let views = rows.into_iter().map(|row| view(s, actor, row, &names));
    Ok(Page { leaves: views.collect::<Result<_>>()?, next })
}

async fn whose(s: &Services, actor: &Actor, staff: Option<StaffId>) -> Result<LeavesOf> {
    let Some(own) = actor.staff else {
        return Err(Error::new(Code::Forbidden, "只有工作人员可以查看请假"));
    };
    if let Some(staff) = staff {
        may_change(s, actor, staff).await?;
        return Ok(LeavesOf::Person(staff));
    }
    if actor.console && actor.is(StreetRole::SystemAdmin) {
        return Ok(LeavesOf::Everybody);
    }
    Ok(LeavesOf::Led(own, led(actor)))
}

async fn names(
    s: &Services,
    actor: &Actor,
    rows: &[leave::Model],
) -> Result<HashMap<StaffId, String>> {
    let mut ids: Vec<StaffId> =
        rows.iter().flat_map(|row| [Some(row.staff_id), row.substitute_id]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let whole = actor.console && actor.is(StreetRole::SystemAdmin);
    let near = colleagues(s, actor, &ids).await?;
    let people = store::people::staff(&s.db.read, &ids).await?.into_iter();
    people
        .map(|row| {
            let name = s.vault.open(NAME, &row.name_sealed).map_err(Error::internal)?;
            let whole = whole || actor.staff == Some(row.id) || near.contains(&row.id);
            Ok((row.id, if whole { name } else { mask_name(&name) }))
        })
        .collect()
}

fn view(
    s: &Services,
    actor: &Actor,
    leave: leave::Model,
    names: &HashMap<StaffId, String>,
) -> Result<LeaveView> {
    let name = |id: StaffId| names.get(&id).cloned().unwrap_or_default();
    let own = actor.staff == Some(leave.staff_id);
    let sealed = leave.reason_sealed.as_deref().filter(|_| own);
    let reason = sealed.map(|sealed| s.vault.open(REASON, sealed)).transpose();
    Ok(LeaveView {
        name: name(leave.staff_id),
        substitute_name: leave.substitute_id.map(name),
        reason: reason.map_err(Error::internal)?,
        leave,
    })
}
