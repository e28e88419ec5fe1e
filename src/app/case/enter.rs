//! Writes the cases that were reported at the same time: one unit, one statement for each table.
//!
//! What cannot be written with the others is written by itself, so that nobody fails for his
//! neighbour.

use std::sync::Arc;

use entity::cases;
use entity::idempotency;
use entity::kinds::{
    ActorRole, CaseId, CaseState, ContentCheck, EventType, JobKind, NoticeKind, Timestamp,
    TriageReason, Urgency,
};
use futures::future::{BoxFuture, join_all};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Serialize;
use serde_json::json;

use super::change::Change;
use super::reconcile::with_calendar;
use super::report::{Idempotency, Plan};
use super::{attach, blank, place};
use crate::app::actor::Actor;
use crate::app::work::priority;
use crate::domain::calendar;
use crate::domain::case::number::CaseNumber;
use crate::error::{Error, Result};
use crate::gather::Gather;
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// The column context under which the answer to a key is sealed.
pub const REPLY: &str = "idempotency.reply";
/// How many cases share a unit; measured: more brings no throughput.
const MOST: usize = 64;

/// A report about which everything is decided.
#[derive(Debug)]
pub struct Draft {
    actor: Actor,
    pub(super) once: Idempotency,
    pub(super) plan: Plan,
    trace: Option<String>,
}

impl Draft {
    pub(super) fn new(actor: Actor, once: Idempotency, plan: Plan) -> Self {
        Self { actor, once, plan, trace: crate::telemetry::trace_id() }
    }
}

/// What became of a report.
#[derive(Debug)]
pub enum Entered {
    New(Box<cases::Model>),
    /// The key was used before; this is what it was answered.
    Before(idempotency::Model),
}

/// Where reports are handed in.
pub type Entrance = Gather<(Services, Arc<Draft>), Result<Entered>>;

/// Makes the entrance and the task that somebody must drive; it ends when the handle is dropped.
pub fn entrance() -> (Entrance, BoxFuture<'static, ()>) {
    Gather::new(MOST, all)
}

/// Writes a report; returns after the commit.
pub(super) async fn run(s: &Services, draft: &Arc<Draft>) -> Result<Entered> {
    let written = s.entrance.hand_in((s.clone(), Arc::clone(draft))).await;
    match written
        .unwrap_or_else(|| Err(Error::internal("the program stopped before it was written")))
    {
        // Two requests with one key raced: the other one's answer is the answer.
        Err(error) => {
            let (account, key) = (draft.actor.account, &draft.once.key);
            match store::idempotency::find(&s.db.read, account, key).await? {
                Some(before) => Ok(Entered::Before(before)),
                None => Err(error),
            }
        }
        entered => entered,
    }
}

async fn all(waiting: Vec<(Services, Arc<Draft>)>) -> Vec<Result<Entered>> {
    if let [(s, _), _, ..] = waiting.as_slice() {
        let drafts = waiting.iter().map(|(_, draft)| Arc::clone(draft)).collect();
        match unit(s, drafts).await {
            Ok(entered) => return entered.into_iter().map(Ok).collect(),
            Err(error) => {
                tracing::info!(error = %error.chain(), "reports are written one by one");
            }
        }
    }
    join_all(waiting.iter().map(|(s, draft)| alone(s, draft))).await
}

async fn alone(s: &Services, draft: &Arc<Draft>) -> Result<Entered> {
    let entered = unit(s, vec![Arc::clone(draft)]).await?.pop();
    entered.ok_or_else(|| Error::internal("a report was written without an answer"))
}

async fn unit(s: &Services, drafts: Vec<Arc<Draft>>) -> Result<Vec<Entered>> {
    let services = s.clone();
    s.writer.commit(move |tx| Box::pin(async move { write(&services, &drafts, tx).await })).await
}

/// Fails when one of the drafts cannot be written, or when two of them have one key.
async fn write(s: &Services, drafts: &[Arc<Draft>], tx: &Tx) -> Result<Vec<Entered>> {
    let keys = drafts.iter().map(|draft| (draft.actor.account, draft.once.key.as_str()));
    let mut known = store::idempotency::known(tx, keys).await?;
    let mut before = |draft: &Draft| {
        let of = |row: &idempotency::Model| {
            row.account_id == draft.actor.account && row.key == draft.once.key
        };
        known.iter().position(of).map(|at| known.swap_remove(at))
    };
    let before: Vec<_> = drafts.iter().map(|draft| before(draft)).collect();
    let new = drafts.iter().zip(&before).filter(|(_, before)| before.is_none());
    let new: Vec<&Draft> = new.map(|(draft, _)| draft.as_ref()).collect();
    let mut cases = write_new(s, &new, tx).await?.into_iter();
    let entered = before.into_iter().map(|before| match before {
        Some(before) => Some(Entered::Before(before)),
        None => cases.next().map(|case| Entered::New(Box::new(case))),
    });
    let entered: Option<Vec<Entered>> = entered.collect();
    entered.ok_or_else(|| Error::internal("a case is missing after it was written"))
}

async fn write_new(s: &Services, new: &[&Draft], tx: &Tx) -> Result<Vec<cases::Model>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let now = s.clock.now();
    let changes = drafted(s, new, tx, now).await?;
    let cases = Change::store_all_new(changes, tx).await?;
    let mut jobs = Vec::with_capacity(new.len());
    let mut answers = Vec::with_capacity(new.len());
    for (draft, case) in new.iter().zip(&cases) {
        let photos = &draft.plan.report.photos;
        if !photos.is_empty() {
            attach::photos(tx, &draft.actor, photos, case.id).await?;
        }
        jobs.push(content_job(s, draft, case));
        answers.push(answer(s, draft, case.id, now)?);
    }
    store::job::enqueue(tx, jobs, now).await?;
    store::idempotency::insert_all(tx, answers).await?;
    Ok(cases)
}

/// Gives each draft its number and what happened.
async fn drafted(s: &Services, new: &[&Draft], tx: &Tx, now: Timestamp) -> Result<Vec<Change>> {
    let count = i32::try_from(new.len()).map_err(Error::internal)?;
    let last = store::case::take_numbers(tx, &calendar::compact_date(now), count).await?;
    let mut changes = Vec::with_capacity(new.len());
    for (draft, counter) in new.iter().zip(last - count + 1..) {
        let counter = u32::try_from(counter).map_err(Error::internal)?;
        let prefix = &s.settings.number_prefix;
        let number =
            CaseNumber::new(prefix, calendar::local_date(now), counter).map_err(Error::internal)?;
        let case = row(s, &draft.actor, &draft.plan, number.to_string(), now)?;
        let mut change = Change::new(s, case, now).traced(draft.trace.clone());
        record(&mut change, &draft.actor, &draft.plan)?;
        changes.push(change);
    }
    Ok(changes)
}

fn answer(
    s: &Services,
    draft: &Draft,
    case: CaseId,
    now: Timestamp,
) -> Result<idempotency::ActiveModel> {
    Ok(idempotency::ActiveModel {
        id: NotSet,
        account_id: Set(draft.actor.account),
        key: Set(draft.once.key.clone()),
        fingerprint: Set(draft.once.fingerprint.clone()),
        status: Set(201),
        reply_sealed: Set(s.vault.seal(REPLY, &case.to_string()).map_err(Error::internal)?),
        created_at: Set(now),
    })
}

fn content_job(s: &Services, draft: &Draft, case: &cases::Model) -> NewJob {
    NewJob {
        kind: JobKind::ContentCheck,
        dedup_key: case.id.to_string(),
        payload: json!({ "case": case.id }).to_string(),
        priority: priority::CHECK,
        run_at: case.reported_at,
        max_attempt: s.settings.max_attempt,
        trace_id: draft.trace.clone(),
    }
}

/// Writes what happened in this one instant: reported, located, and assigned or sent to triage.
fn record(change: &mut Change, actor: &Actor, plan: &Plan) -> Result<()> {
    let report = &plan.report;
    let role = if actor.staff.is_some() && report.on_behalf.is_some() {
        actor.roles_for(&change.case).first().copied().unwrap_or(ActorRole::Resident)
    } else {
        ActorRole::Resident
    };
    let mut said = json!({
        "text": report.text, "address": report.address, "category": report.category,
        "urgency": plan.urgency, "danger": report.danger, "stuck": report.stuck,
        "on_behalf_of": report.on_behalf.is_some(), "photos": report.photos,
    });
    if let Some(fields) = said.as_object_mut().filter(|_| report.scene.is_some()) {
        // Null: the code he scanned is none of ours.
        fields.insert("building".to_owned(), json!(plan.found.sealed.building));
    }
    change.happened(actor, role, EventType::Reported, said)?;
    if let Some(grid) = plan.found.small {
        let payload = json!({ "grid": grid, "confidence": plan.found.confidence,
            "reason": plan.found.sealed.reason });
        change.observed(EventType::Located, payload)?;
    }
    let people: Vec<_> = plan.on_duty.iter().map(|one| (one.staff_id, &one.role)).collect();
    match plan.found.triage {
        None => {
            let payload = json!({ "people": people, "chain": plan.snapshot.chain.version });
            change.observed(EventType::Assigned, payload)?;
        }
        Some((reason, held_by)) => {
            let chain = plan.snapshot.chain.version;
            let payload = json!({ "reason": reason, "held_by": held_by, "chain": chain });
            change.observed(EventType::SentToTriage, payload)?;
            if reason == TriageReason::Ask {
                change.tell_resident(NoticeKind::Question, "请补充地址");
            }
        }
    }
    Ok(())
}

fn row(
    s: &Services,
    actor: &Actor,
    plan: &Plan,
    number: String,
    now: Timestamp,
) -> Result<cases::Model> {
    let Plan { report, urgency, found, snapshot, .. } = plan;
    let promise =
        with_calendar(&s.calendar, |time| s.settings.targets.promise(*urgency, now, time));
    let seal = |context: &str, text: &str| s.vault.seal(context, text).map_err(Error::internal);
    let assigned = found.triage.is_none();
    Ok(cases::Model {
        id: CaseId(0),
        number,
        state: if assigned { CaseState::Assigned } else { CaseState::Triage },
        version: 1,
        urgency: *urgency,
        category: report.category,
        reporter_id: actor.account,
        on_behalf_sealed: match &report.on_behalf {
            Some(other) => Some(seal("cases.on_behalf", &json(other)?)?),
            None => None,
        },
        reported_by_staff: actor.staff.filter(|_| report.on_behalf.is_some()),
        text_sealed: seal("cases.text", &report.text)?,
        address_sealed: report.address.as_ref().map(|a| seal("cases.address", a)).transpose()?,
        position_sealed: match report.position {
            Some(at) => Some(seal("cases.position", &place::position_json(at))?),
            None => None,
        },
        contact_phone_sealed: match &report.contact_phone {
            Some(phone) => Some(seal("cases.contact_phone", phone.as_str())?),
            None => None,
        },
        contact_phone_index: report
            .contact_phone
            .as_ref()
            .map(|phone| s.vault.blind_index("phone", phone.as_str())),
        large_grid_id: found.large,
        small_grid_id: found.small.filter(|_| assigned),
        place_sealed: seal(place::PLACE, &json(&found.sealed)?)?,
        confidence: found.confidence,
        triage_reason: found.triage.map(|(reason, _)| reason),
        held_by: found.triage.map(|(_, held_by)| held_by),
        snapshot: json(snapshot)?,
        targets: json(&s.settings.targets)?,
        acknowledge_due_at: promise.acknowledge_due_at,
        contact_due_at: promise.contact_due_at,
        resolve_due_at: promise.resolve_due_at,
        reported_at: now,
        located_at: found.small.map(|_| now),
        assigned_at: assigned.then_some(now),
        content_check: ContentCheck::Pending,
        content_until: (*urgency != Urgency::Urgent).then(|| now + s.settings.content_wait),
        escalation_base: now,
        ..blank::case(now)
    })
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
