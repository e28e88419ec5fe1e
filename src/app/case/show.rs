//! Shows one case whole. A member of staff who sees it in clear leaves a row in the access log;
//! what a person was told about it counts as read.

use std::iter;

use entity::cases;
use entity::kinds::{ActorRole, CaseId};

use super::behind;
use super::list;
use super::view::{self, CaseDetail};
use crate::app::actor::Actor;
use crate::app::inbox::read;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::access_log::{self, Look};

/// Shows a case of the person's scope, or says that it does not exist.
pub async fn run(s: &Services, actor: &Actor, id: CaseId) -> Result<CaseDetail> {
    let case = list::open(s, actor, id).await?;
    let behind = behind::load(s, actor, &case).await?;
    let look = log(s, actor, &case, &behind);
    // Side by side, so that the rows cost the reader no time; without them there is no answer.
    let (detail, ()) = futures::try_join!(view::detail(s, actor, &case, &behind), look)?;
    read::of_case(s, actor, id).await?;
    Ok(detail)
}

/// Whose own case it is, and whoever sees it masked, leaves no row; those behind it are others' cases.
async fn log(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
    behind: &[cases::Model],
) -> Result<()> {
    let roles = actor.roles_for(case);
    let office = roles.into_iter().find(|role| *role != ActorRole::Resident);
    let Some(role) = office.filter(|_| actor.staff.is_some() && !actor.sees_masked(case)) else {
        return Ok(());
    };
    let own = |one: &&cases::Model| actor.roles_for(one).contains(&ActorRole::Resident);
    let all = iter::once(case).chain(behind);
    let seen: Vec<CaseId> = all.filter(|one| !own(one)).map(|one| one.id).collect();
    if seen.is_empty() {
        return Ok(());
    }
    let (account, now) = (actor.account, s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            for case in seen {
                let look = Look { account, role, case, field: "detail", purpose: "duty" };
                access_log::insert(tx, look, now).await?;
            }
            Ok::<_, Error>(())
        })
    });
    unit.await
}
