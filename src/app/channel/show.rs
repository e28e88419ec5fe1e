//! Shows a person's channels in the order in which they are tried.

use entity::kinds::{Channel, StaffId, StreetRole, Timestamp, WayState};

use super::staff;
use crate::app::actor::Actor;
use crate::app::notice::ways::{self, Person, Ways};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;

/// One channel of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelView {
    pub channel: Channel,
    pub state: WayState,
    /// Where he put it, from 1; `None` when he said nothing.
    pub position: Option<i32>,
    pub proven_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
    /// Word of the reason.
    pub failed_reason: Option<String>,
}

/// Lists the actor's own channels. Fails with `forbidden` for a resident.
pub async fn own(s: &Services, actor: &Actor) -> Result<Vec<ChannelView>> {
    of(s, staff(actor)?).await
}

/// Lists the channels of a person for the system administrator at the console. Fails with
/// `forbidden` and `not_found`.
pub async fn of_staff(s: &Services, actor: &Actor, id: StaffId) -> Result<Vec<ChannelView>> {
    if !actor.console || !actor.is(StreetRole::SystemAdmin) {
        return Err(Error::new(Code::Forbidden, "只有系统管理员可以查看他人的通知渠道"));
    }
    if store::staff::find(&s.db.read, id).await?.is_none() {
        return Err(Error::not_found("该工作人员"));
    }
    of(s, id).await
}

/// Lists the channels of a person: first those that lead to him, best first.
pub(super) async fn of(s: &Services, id: StaffId) -> Result<Vec<ChannelView>> {
    let person = Ways::load(s, &s.db.read, &[id]).await?.of(id);
    let mut order = person.order();
    order.extend(ways::offered(s).filter(|way| !person.living.contains(way)));
    Ok(order.into_iter().map(|way| view(&person, way)).collect())
}

fn view(person: &Person, channel: Channel) -> ChannelView {
    let known = person.known.iter().find(|known| known.channel == Some(channel));
    let (proven_at, failed_at) =
        known.map_or((None, None), |known| (known.proven_at, known.failed_at));
    ChannelView {
        channel,
        state: person.state(channel),
        position: known.and_then(|known| known.position).map(|at| at.saturating_add(1)),
        proven_at,
        failed_at,
        failed_reason: known.and_then(|known| known.failed_reason.clone()),
    }
}
