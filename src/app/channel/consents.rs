//! Shows a person what he still allows: the mini-program asks for what runs short.

use crate::app::actor::Actor;
use crate::domain::notice::consent::{ConsentKind, is_low};
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// What a person allows of one template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct ConsentView {
    /// The id that `wx.requestSubscribeMessage` is told.
    pub template: String,
    pub purpose_zh: &'static str,
    /// It tells him of his work, not of his own requests.
    pub staff: bool,
    pub long_term: bool,
    /// Messages that he still allows; of a long-term template 1 for yes and 0 for no.
    pub credits: i32,
    /// He allowed some before: when there are none, they were used up or taken back.
    pub before: bool,
    /// He should be asked with his next tap.
    pub renew: bool,
}

/// Lists the templates that concern the actor: those of staff for staff, those of residents for
/// everybody, since staff report too.
pub async fn own(s: &Services, actor: &Actor) -> Result<Vec<ConsentView>> {
    let ids = &s.settings.templates;
    let mut concern: Vec<(&str, &'static str, u32)> = Vec::new();
    if actor.staff.is_some() {
        concern.push((&ids.staff_case_mini, "工单通知", s.settings.notices.renew_below));
    }
    concern.extend([
        (ids.resident_acknowledged.as_str(), "受理进度", 1),
        (ids.resident_resolved.as_str(), "办理结果", 1),
        (ids.resident_question.as_str(), "补充地址", 1),
    ]);
    let left = store::consent::of(&s.db.read, actor.account).await?;
    let credits =
        |id: &str| left.iter().find(|row| row.template == id).map_or(0, |row| row.credits);
    let mut views: Vec<ConsentView> = Vec::new();
    for (id, purpose_zh, enough) in concern {
        if id.is_empty() || views.iter().any(|one| one.template == id) {
            continue;
        }
        let before = left.iter().any(|row| row.template == id);
        let (kind, credits) = (ids.consent_kind(id), credits(id));
        views.push(ConsentView {
            template: id.to_owned(),
            purpose_zh,
            staff: actor.staff.is_some() && id == ids.staff_case_mini,
            long_term: kind == ConsentKind::LongTerm,
            credits,
            before,
            renew: is_low(kind, i64::from(credits), enough),
        });
    }
    Ok(views)
}
