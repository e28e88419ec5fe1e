//! Who was told about a case, through which channel, and what became of it.

use entity::kinds::{Channel, NoticeKind, NoticeState, StaffId};
use entity::{cases, notice};
use serde::Serialize;
use utoipa::ToSchema;

use super::reconcile;
use super::sight::Sight;
use super::tell;
use super::view::open_name;
use crate::app::actor::Actor;
use crate::domain::calendar::{local_minute, rfc3339};
use crate::domain::notice::consent::ConsentKind;
use crate::domain::notice::fate;
use crate::error::Result;
use crate::services::Services;
use crate::store;
use crate::vault::mask_name;

/// Who was told, through which channel, with which answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeView {
    pub to: String,
    /// His office, if he stands in the chain of this case.
    pub role_zh: Option<&'static str>,
    pub channel: &'static str,
    pub kind: &'static str,
    pub state: NoticeState,
    pub planned_at: String,
    /// Before this it does not leave: it rests at night, or he had enough for the moment.
    pub held_until: Option<String>,
    pub accepted_at: Option<String>,
    /// Seconds from the report to the platform's acceptance.
    pub seconds: Option<f64>,
    pub delivered_at: Option<String>,
    /// What became of it, in a sentence.
    pub fate: String,
    /// The word of the record; for staff only.
    pub reason: Option<String>,
}

/// Lists the messages about a case; a resident reads no words of the record.
pub(super) async fn list(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
    sight: Sight,
) -> Result<Vec<NoticeView>> {
    let for_staff = actor.handles(case);
    let notices = store::notice::of_case(&s.db.read, case.id).await?;
    let ids: Vec<StaffId> = notices.iter().filter_map(|n| n.staff_id).collect();
    let staff = store::people::staff(&s.db.read, &ids).await?;
    let offices = reconcile::snapshot_of(case)?;
    let mut views = Vec::with_capacity(notices.len());
    for notice in notices {
        let person = staff.iter().find(|person| Some(person.id) == notice.staff_id);
        let to = match person {
            Some(person) => open_name(s, &person.name_sealed)?,
            None => "居民".to_owned(),
        };
        views.push(NoticeView {
            to: if person.is_some() { sight.show(to, mask_name) } else { to },
            role_zh: notice.staff_id.and_then(|staff| offices.office(staff)).map(|who| {
                let role = who.role(case.held_by);
                if for_staff { role.zh() } else { role.plain_zh() }
            }),
            channel: notice.channel.zh(),
            kind: notice.kind.zh(),
            state: notice.state,
            planned_at: rfc3339(notice.created_at),
            held_until: notice.held_until.map(rfc3339),
            accepted_at: notice.accepted_at.map(rfc3339),
            delivered_at: notice.delivered_at.map(rfc3339),
            fate: fate(notice.state, notice.reason.as_deref(), notice.held_until, local_minute),
            seconds: notice.accepted_at.map(|at| at.since(case.reported_at).as_secs_f64()),
            reason: notice.reason.filter(|_| for_staff),
        });
    }
    Ok(views)
}

/// Tells whether a message about his case can still be sent to the resident; whom staff wrote down
/// has no phone here.
pub(super) async fn resident_hears(s: &Services, case: &cases::Model) -> Result<bool> {
    let kind = NoticeKind::Message;
    if case.reported_by_staff.is_some() || !s.gate.is_open(Channel::MiniSubscribe, kind) {
        return Ok(false);
    }
    let template = tell::template(s, kind, Channel::MiniSubscribe);
    let account = store::consent::find(&s.db.read, case.reporter_id, template).await?;
    let allowed = account.map_or(0, |consent| usize::try_from(consent.credits).unwrap_or(0));
    if allowed == 0 || s.settings.templates.consent_kind(template) == ConsentKind::LongTerm {
        return Ok(allowed > 0);
    }
    // What is about to leave takes its consents with it.
    let takes = |one: &&notice::Model| {
        one.staff_id.is_none() && tell::template(s, one.kind, one.channel) == template
    };
    let planned = store::notice::planned(&s.db.read, case.id).await?;
    Ok(allowed > planned.iter().filter(takes).count())
}
