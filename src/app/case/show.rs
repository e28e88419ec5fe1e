//! Shows one case whole. A member of staff who sees it in clear leaves a row in the access log;
//! what a person was told about it counts as read.

use std::iter;

use entity::cases;
use entity::kinds::{ActorRole, CaseId};

use super::list;
use super::view::{self, CaseDetail};
use crate::app::actor::Actor;
use crate::app::inbox::read;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::access_log::{self, Look};

/// Shows a case of the person's scope, or says that it does not exist.
pub async fn run(s: &Services, actor: &Actor, id: CaseId) -> Result<CaseDetail> {
    let case = list::open(s, actor, id).await?;
    // Side by side, so that the row costs the reader no time; without the row there is no answer.
    let behind = store::case::merged_into(&s.db.read, id).await?;
    let seen: Vec<CaseId> = iter::once(id).chain(behind.iter().map(|one| one.id)).collect();
    let (detail, ()) =
        futures::try_join!(view::detail(s, actor, &case), log(s, actor, &case, seen))?;
    read::of_case(s, actor, id).await?;
    Ok(detail)
}

/// Whose own case it is, and whoever sees it masked, leaves no row.
async fn log(s: &Services, actor: &Actor, case: &cases::Model, seen: Vec<CaseId>) -> Result<()> {
    let roles = actor.roles_for(case);
    let clear = !actor.sees_masked(case) && !roles.contains(&ActorRole::Resident);
    let Some(&role) = roles.first().filter(|_| clear && actor.staff.is_some()) else {
        return Ok(());
    };
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
