//! The cases behind a case: those that were merged into it, because they are about the same matter.
//!
//! Nobody works on them as such any more. Whoever handles the leading case reads them with it, and
//! their residents hear what becomes of it, as its own resident does.

use entity::cases;
use entity::kinds::{CaseState, NoticeKind, RejectionCode, ResultType, StaffId};
use futures::future::try_join_all;
use serde::Serialize;
use utoipa::ToSchema;

use super::chain;
use super::change::Change;
use super::promise::{self, PromisedView};
use super::report::OnBehalf;
use super::said;
use super::sight::Sight;
use super::tell::{Planned, Stands, To};
use super::view::{self, ResponsibleView};
use crate::app::actor::Actor;
use crate::domain::calendar::rfc3339;
use crate::domain::notice::Part;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::scope::Scope;
use crate::store::writer::Tx;
use crate::vault::{mask_address, mask_phone};

/// The case that this one was merged into: its people work on both, and its result counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadView {
    /// For whoever may open it.
    pub id: Option<i64>,
    pub number: String,
    pub state: CaseState,
    pub state_zh: &'static str,
    pub responsible: Vec<ResponsibleView>,
    /// When its result is promised; what was promised for this one stands in this one.
    pub promised: PromisedView,
    pub resolved_at: Option<String>,
    pub result_type: Option<ResultType>,
    pub rejection: Option<RejectionCode>,
}

/// A case that was merged into this one, as whoever handles this one reads it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BehindView {
    pub id: i64,
    pub number: String,
    pub reported_at: String,
    pub text: String,
    pub address: Option<String>,
    /// Whom to call about it.
    pub contact_phone: Option<String>,
    /// Whose request it is, when somebody else brought it.
    pub on_behalf_of: Option<OnBehalf>,
}

/// Puts the case behind another one, with all that stand behind itself. Its resident and whoever
/// worked on it are told, and so are the people of the other one: one more resident waits for them.
pub(super) async fn put(change: &mut Change, tx: &Tx, lead: cases::Model) -> Result<()> {
    let before: Vec<StaffId> = chain::responsible(change, tx).await?;
    store::case::move_merged(tx, change.case.id, lead.id).await?;
    change.case.merged_into = Some(lead.id);
    change.cancel_planned();
    change.tell_resident(NoticeKind::Merged, "同一件事，合在一起办理");
    change.note_staff(&before, NoticeKind::Merged, &format!("已并入 {}", lead.number));
    let part = Part::Beside(NoticeKind::Added, change.case.id, i64::from(change.case.last_seq));
    let people = chain::responsible_for(change, tx, &lead).await?;
    let round = round(&lead);
    let told = people.into_iter().map(|staff| {
        let (to, caused) = (To::Staff(staff), (round, part));
        Planned::new(to, NoticeKind::Added, caused, "又有居民反映这件事".to_owned()).quiet()
    });
    let told = told.collect();
    change.tell_beside(lead, told);
    Ok(())
}

/// Says to the residents behind the case what its own resident is told of it. What is meant for him
/// alone (a question, a word left for him, an appointment) is not for them.
pub(super) async fn tell(change: &mut Change, tx: &Tx) -> Result<()> {
    let Some((kind, note)) = change.planned().iter().find_map(passed_on) else { return Ok(()) };
    let part = Part::Beside(kind, change.case.id, i64::from(change.case.last_seq));
    let stands = Some(Stands::of(&change.case));
    for case in store::case::merged_into(tx, change.case.id).await? {
        let one = Planned::new(To::Resident, kind, (round(&case), part), note.clone());
        change.tell_beside(case, vec![Planned { stands, ..one }]);
    }
    Ok(())
}

fn round(case: &cases::Model) -> u32 {
    u32::try_from(case.escalation_round).unwrap_or(0)
}

fn passed_on(planned: &Planned) -> Option<(NoticeKind, String)> {
    use NoticeKind::{Acknowledged, Diverted, Merged, Outcome, Rejected, Reopened, Resolved};
    match planned.kind {
        Acknowledged => Some((Merged, planned.note.clone())),
        Reopened => Some((Merged, "有居民反映没有解决，重新处理".to_owned())),
        Resolved => Some((Outcome, "合并办理的那件有了处理结果".to_owned())),
        Rejected | Diverted => Some((Outcome, planned.note.clone())),
        _ => None,
    }
}

/// Builds the view of the case that this one was merged into.
pub(super) async fn lead(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
) -> Result<Option<LeadView>> {
    let Some(lead) = case.merged_into else { return Ok(None) };
    let lead = store::case::find(&s.db.read, &Scope::Street, lead).await?;
    let lead = lead.ok_or_else(|| Error::internal("a case was merged into one that is gone"))?;
    let plain = !actor.handles(case);
    // What its own resident is asked is not asked here.
    let plain_zh = lead.state.plain_zh(lead.rejection, None, lead.reopens > 0);
    Ok(Some(LeadView {
        id: actor.sees(&lead).then_some(lead.id.0),
        number: lead.number.clone(),
        state: lead.state,
        state_zh: if plain { plain_zh } else { lead.state.zh() },
        responsible: view::responsible_people(s, &lead, Sight::of(actor, case), plain).await?,
        promised: promise::of(s, &lead)?,
        resolved_at: lead.resolved_at.map(rfc3339),
        result_type: lead.result_type,
        rejection: lead.rejection,
    }))
}

/// Loads the cases that were merged into this one, for whoever handles it.
pub(super) async fn load(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
) -> Result<Vec<cases::Model>> {
    if !actor.handles(case) {
        return Ok(Vec::new());
    }
    Ok(store::case::merged_into(&s.db.read, case.id).await?)
}

/// Builds their views, as much as is shown of the leading one.
pub(super) async fn views(
    s: &Services,
    behind: &[cases::Model],
    sight: Sight,
) -> Result<Vec<BehindView>> {
    try_join_all(behind.iter().map(|one| shown(s, one, sight))).await
}

async fn shown(s: &Services, case: &cases::Model, sight: Sight) -> Result<BehindView> {
    let words = said::words(s, case)?;
    let phone = match words.phone {
        Some(phone) => Some(phone),
        None => said::verified(s, case).await?,
    };
    Ok(BehindView {
        id: case.id.0,
        number: case.number.clone(),
        reported_at: rfc3339(case.reported_at),
        text: sight.text(words.text),
        address: words.address.map(|address| sight.show(address, mask_address)),
        contact_phone: phone.map(|phone| sight.show(phone, mask_phone)),
        on_behalf_of: said::on_behalf(s, case, sight)?,
    })
}
