//! Shows one case whole. A member of staff who sees it in clear leaves a row in the access log;
//! what a person was told about it counts as read.

use entity::cases;
use entity::kinds::ActorRole;

use super::list;
use super::view::{self, CaseDetail};
use crate::app::actor::Actor;
use crate::app::inbox::read;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::access_log::{self, Look};
use entity::kinds::CaseId;

/// Shows a case of the person's scope, or says that it does not exist.
pub async fn run(s: &Services, actor: &Actor, id: CaseId) -> Result<CaseDetail> {
    let case = list::open(s, actor, id).await?;
    // Side by side, so that the row costs the reader no time; without the row there is no answer.
    let (detail, ()) = futures::try_join!(view::detail(s, actor, &case), log(s, actor, &case))?;
    read::of_case(s, actor, id).await?;
    Ok(detail)
}

/// Whose own case it is, and whoever sees it masked, leaves no row.
async fn log(s: &Services, actor: &Actor, case: &cases::Model) -> Result<()> {
    let roles = actor.roles_for(case);
    let clear = !actor.sees_masked(case) && !roles.contains(&ActorRole::Resident);
    let Some(&role) = roles.first().filter(|_| clear && actor.staff.is_some()) else {
        return Ok(());
    };
    let look =
        Look { account: actor.account, role, case: case.id, field: "detail", purpose: "duty" };
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(access_log::insert(tx, look, now).await?) })
    });
    unit.await
}
