//! Takes a result back: the matter is not solved. A colleague of the handler looks again, and the
//! cadre of the community reads of it.

use entity::cases;
use entity::kinds::{ActorRole, NoticeKind, StaffId};
use serde_json::json;

use super::act::{self, Act, Target};
use super::attach::{self, Said};
use super::change::Change;
use super::{chain, clock, facts};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;
use crate::store::duty::OnDuty;

/// Somebody else than the handler: the secretary, or street command when he handled it himself or no
/// channel leads to him.
fn reviewer(change: &Change, on_duty: &[OnDuty]) -> Option<StaffId> {
    let handler = change.case.acknowledged_by;
    let first = |fits: fn(&OnDuty) -> bool| {
        ["secretary", "command"]
            .iter()
            .filter_map(|role| on_duty.iter().find(|one| one.role == *role && fits(one)))
            .map(|one| one.staff_id)
            .find(|staff| Some(*staff) != handler)
    };
    first(OnDuty::reachable).or_else(|| first(|_unreachable| true))
}

/// Takes a result back: the matter is not solved. A colleague of the handler looks again. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target, said: Said) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Reopen, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let case = &mut change.case;
            case.reopens += 1;
            case.closed_at = None;
            case.resolved_at = None;
            case.result_type = None;
            // Marks speak of a result; the next result may be rated anew, the record keeps these.
            case.rating_result = None;
            case.rating_attitude = None;
            let on_duty = chain::on_duty(change, tx, change.case.small_grid_id).await?;
            let reviewer = reviewer(change, &on_duty);
            // The clocks start again for the cycle; the first times stay in the record.
            clock::restart(change)?;
            let files = attach::files(tx, &act.actor, &said, change.case.id).await?;
            let payload =
                json!({ "reason": said.words, "round": change.case.reopens, "reviewer": reviewer });
            let payload = facts::with(facts::with(payload, files), facts::dues(&change.case));
            change.happened(&act.actor, step.role, step.event, payload)?;
            let mut people = chain::responsible(change, tx).await?;
            let cadres = on_duty.iter().filter(|one| one.role == ActorRole::Cadre.word());
            for staff in reviewer.into_iter().chain(cadres.map(|one| one.staff_id)) {
                if !people.contains(&staff) {
                    people.push(staff);
                }
            }
            change.tell_staff(&people, NoticeKind::Reopened, "居民反映未解决");
            Ok(())
        })
    })
    .await
}
