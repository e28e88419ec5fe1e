//! Asks WeChat's opinion on the words of a new case, while its notices wait for a moment.
//!
//! One immediate try: a help request is never lost or held up because WeChat does not answer. It
//! then goes its way as `unchecked`.

use entity::cases;
use entity::kinds::{
    ActorRole, CaseId, CaseState, ContentCheck, EventType, JobKind, Timestamp, TriageReason,
    WechatApp,
};
use serde_json::json;

use crate::app::case::act;
use crate::app::case::chain;
use crate::app::case::change::Change;
use crate::app::case::freeze;
use crate::app::work::Outcome;
use crate::domain::case::state::{self, Ask, Verb};
use crate::error::{Error, Result};
use crate::gateway::wechat::Verdict;
use crate::services::Services;
use crate::store::scope::Scope;
use crate::store::writer::Tx;
use crate::store::{self};

/// The column context under which a case's words are sealed.
pub const TEXT: &str = "cases.text";

/// Checks a case's words and acts on the verdict. Fails only when the database does.
pub async fn run(s: &Services, id: CaseId) -> Result<Outcome> {
    let Some(case) = store::case::find(&s.db.read, &Scope::Street, id).await? else {
        return Ok(Outcome::Dead { why: "there is no such case".to_owned() });
    };
    if case.content_check != ContentCheck::Pending {
        return Ok(Outcome::Done);
    }
    let (checked, why) = ask(s, &case).await?;
    let (services, now) = (s.clone(), s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move { record(&services, tx, (id, checked, why), now).await })
        })
        .await?;
    Ok(Outcome::Done)
}

/// Lets a case go on whose check will not run again: its notices leave, and people read the words
/// themselves. The record says that nobody checked them.
pub async fn give_up(s: &Services, id: CaseId) -> Result<()> {
    let (services, now) = (s.clone(), s.clock.now());
    let unchecked = (id, ContentCheck::Unchecked, Some("gave up"));
    s.writer
        .commit(move |tx| Box::pin(async move { record(&services, tx, unchecked, now).await }))
        .await
}

async fn ask(s: &Services, case: &cases::Model) -> Result<(ContentCheck, Option<&'static str>)> {
    let unchecked = |why| Ok((ContentCheck::Unchecked, Some(why)));
    let identity = store::people::identity(&s.db.read, case.reporter_id, WechatApp::Mini).await?;
    let Some(identity) = identity else { return unchecked("no openid") };
    let text = s.vault.open(TEXT, &case.text_sealed).map_err(Error::internal)?;
    match s.wechat.check_text(&identity.openid, &text).await {
        Ok(Verdict::Pass) => Ok((ContentCheck::Passed, None)),
        Ok(Verdict::Review) => Ok((ContentCheck::Review, None)),
        Ok(Verdict::Risky) => Ok((ContentCheck::Risky, None)),
        Err(failure) => {
            tracing::warn!(
                case = case.id.0,
                errcode = failure.errcode,
                detail = failure.detail,
                "the content check gave no verdict"
            );
            unchecked("no verdict")
        }
    }
}

async fn record(
    s: &Services,
    tx: &Tx,
    (id, checked, why): (CaseId, ContentCheck, Option<&'static str>),
    now: Timestamp,
) -> Result<()> {
    let Some(case) = store::case::find_locked(tx, id).await? else { return Ok(()) };
    // A verdict that comes after the wait is over changes nothing: the worker has been told, and
    // taking the case from him would help nobody.
    if case.content_check != ContentCheck::Pending {
        return Ok(());
    }
    let until = case.content_until;
    let mut change = Change::new(s, case, now);
    change.case.content_check = checked;
    change.case.content_until = None;
    let payload = json!({ "result": checked, "why": why });
    change.observed(EventType::ContentChecked, payload)?;
    if checked == ContentCheck::Risky && hold(&mut change, tx).await? {
        change.store(tx).await?;
        return Ok(());
    }
    change.store_observed(tx).await?;
    if let Some(until) = until {
        let planned = store::notice::planned(tx, id).await?;
        let keys = planned.iter().map(|notice| notice.id.to_string()).collect();
        store::job::release(tx, JobKind::SendNotice, keys, (now, until)).await?;
    }
    Ok(())
}

/// Hands a case that nobody has taken to the triage desk, and to nobody else; `false` when somebody
/// works on it already.
pub(in crate::app) async fn hold(change: &mut Change, tx: &Tx) -> Result<bool> {
    let facts = act::facts(&change.case);
    if change.case.state != CaseState::Triage {
        let roles = [ActorRole::System];
        let step = state::decide(&facts, &roles, Verb::SendToTriage, &Ask::default(), change.now);
        let Ok(step) = step else { return Ok(false) };
        change.case.state = step.to;
        let payload = json!({ "reason": TriageReason::ContentReview });
        change.observed(step.event, payload)?;
    }
    change.case.triage_reason = Some(TriageReason::ContentReview);
    change.case.held_by = Some(ActorRole::TriageDesk);
    let on_duty = chain::on_duty(change, tx, change.case.small_grid_id).await?;
    let chains = change.s.chains.now();
    let snapshot = freeze::triage(&chains, change.case.urgency, &on_duty, ActorRole::TriageDesk);
    change.start_chain(&snapshot)?;
    Ok(true)
}
