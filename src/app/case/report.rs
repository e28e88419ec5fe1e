//! A resident's words become a case: resolved to a grid, promised a time, told to the people who
//! are responsible, all in one unit.

use entity::cases;
use entity::kinds::{
    ActorRole, CaseId, CaseState, Category, ContentCheck, EventType, JobKind, NoticeKind, PhotoId,
    TriageReason, Urgency,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::change::Change;
use super::place::{self, Found};
use super::reconcile::with_calendar;
use super::{attach, blank, freeze, home};
use crate::app::actor::Actor;
use crate::domain::address::{Position, Query};
use crate::domain::calendar;
use crate::domain::case::number::CaseNumber;
use crate::domain::case::targets;
use crate::domain::escalation::Snapshot;
use crate::domain::phone::Phone;
use crate::domain::scene::Scene;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::duty::OnDuty;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// Somebody else's request, brought by a neighbour or by staff on the telephone.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OnBehalf {
    pub name: String,
    pub phone: String,
    pub relation: String,
}

/// A checked request.
#[derive(Clone, Debug)]
pub struct Report {
    pub text: String,
    pub address: Option<String>,
    pub position: Option<Position>,
    pub category: Category,
    pub danger: bool,
    pub stuck: bool,
    pub contact_phone: Option<Phone>,
    pub photos: Vec<PhotoId>,
    pub on_behalf: Option<OnBehalf>,
    /// From the code at a door, when he came through one.
    pub scene: Option<Scene>,
}

/// A key and what it was used for.
#[derive(Clone, Debug)]
pub struct Idempotency {
    pub key: String,
    /// Digest of the request body.
    pub fingerprint: String,
}

impl Idempotency {
    /// Builds from the key and the body as it was sent.
    pub fn new(key: String, body: &[u8]) -> Self {
        Self { key, fingerprint: hex::encode(Sha256::digest(body)) }
    }
}

/// Reports a case and returns its id. The same key with the same body returns the first answer;
/// with another body it is refused.
pub async fn run(s: &Services, actor: &Actor, once: Idempotency, report: Report) -> Result<CaseId> {
    if let Some(before) = store::idempotency::find(&s.db.read, actor.account, &once.key).await? {
        return replay(s, &before, &once);
    }
    let plan = Plan::make(s, actor, report).await?;
    let (services, who, key) = (s.clone(), actor.clone(), once.clone());
    let written: Result<CaseId> =
        s.writer.commit(move |tx| Box::pin(write(services, who, key, plan, tx))).await;
    let id = match written {
        Ok(id) => id,
        // Two requests with one key raced: the other one's answer is the answer.
        Err(error) => match store::idempotency::find(&s.db.read, actor.account, &once.key).await? {
            Some(before) => return replay(s, &before, &once),
            None => return Err(error),
        },
    };
    s.wake.ping().await;
    Ok(id)
}

const REPLY: &str = "idempotency.reply";

fn replay(s: &Services, before: &entity::idempotency::Model, once: &Idempotency) -> Result<CaseId> {
    if before.fingerprint != once.fingerprint {
        let detail = "这个 Idempotency-Key 已用于另一份内容，请换一个新的编号";
        return Err(Error::new(Code::IdempotencyKeyReused, detail));
    }
    let reply = s.vault.open(REPLY, &before.reply_sealed).map_err(Error::internal)?;
    reply.parse().map_err(Error::internal)
}

/// Everything decided before the unit of writes begins.
struct Plan {
    report: Report,
    urgency: Urgency,
    found: Found,
    snapshot: Snapshot,
    on_duty: Vec<OnDuty>,
}

impl Plan {
    async fn make(s: &Services, actor: &Actor, report: Report) -> Result<Self> {
        let now = s.clock.now();
        let building = match &report.scene {
            Some(scene) => store::building_code::building_of(&s.db.read, scene.as_str()).await?,
            None => None,
        };
        let (address, building) = (report.address.as_deref(), building.as_deref());
        let home = match report.on_behalf {
            None => home::find(s, actor).await?,
            Some(_) => None,
        };
        let (text, position) = (report.text.as_str(), report.position);
        let query = Query { text, address, position, building, ..Query::default() };
        let mut found = place::find(s, query, home);
        let on_duty =
            store::duty::at(&s.db.read, found.small, found.large, s.carriers(), now).await?;
        // A complaint about staff is never told to the people complained about: the desk reads it.
        if report.category == Category::StaffConduct {
            found.to_desk(TriageReason::ContentReview);
        } else if found.triage.is_none() && !freeze::first_reachable(&on_duty) {
            found.to_desk(TriageReason::NobodyReachable);
        }
        let urgency = targets::urgency(report.danger, report.stuck, &report.text);
        let chains = &s.settings.chains;
        let snapshot = match found.triage {
            None => freeze::assigned(chains, urgency, &on_duty, NoticeKind::NewCase),
            Some((_, held_by)) => freeze::triage(chains, urgency, &on_duty, held_by),
        };
        check_on_behalf(actor, &report)?;
        Ok(Self { report, urgency, found, snapshot, on_duty })
    }
}

fn check_on_behalf(actor: &Actor, report: &Report) -> Result<()> {
    let staff_only = actor.console && report.on_behalf.is_none();
    if staff_only {
        let message = "工作人员代为上报时，请填写诉求人的姓名、电话和关系";
        return Err(Error::fields(vec![Fault::new("/on_behalf_of", "required", message)]));
    }
    Ok(())
}

async fn write(
    s: Services,
    actor: Actor,
    once: Idempotency,
    plan: Plan,
    tx: &Tx,
) -> Result<CaseId> {
    let now = s.clock.now();
    let day = calendar::compact_date(now);
    let counter = store::case::next_number(tx, &day).await?;
    let counter = u32::try_from(counter).map_err(Error::internal)?;
    let number = CaseNumber::new(&s.settings.number_prefix, calendar::local_date(now), counter)
        .map_err(Error::internal)?;
    let case = row(&s, &actor, &plan, number.to_string(), now)?;
    let photos = plan.report.photos.clone();
    let mut change = Change::new(&s, case, now);
    record(&mut change, &actor, &plan)?;
    let case = change.store_new(tx).await?;
    attach::photos(tx, &actor, &photos, case.id).await?;
    store::job::enqueue(tx, vec![content_job(&s, &case)], now).await?;
    let reply = s.vault.seal(REPLY, &case.id.to_string()).map_err(Error::internal)?;
    let answered = entity::idempotency::ActiveModel {
        id: sea_orm::ActiveValue::NotSet,
        account_id: sea_orm::ActiveValue::Set(actor.account),
        key: sea_orm::ActiveValue::Set(once.key),
        fingerprint: sea_orm::ActiveValue::Set(once.fingerprint),
        status: sea_orm::ActiveValue::Set(201),
        reply_sealed: sea_orm::ActiveValue::Set(reply),
        created_at: sea_orm::ActiveValue::Set(now),
    };
    store::idempotency::insert(tx, answered).await?;
    Ok(case.id)
}

fn content_job(s: &Services, case: &cases::Model) -> NewJob {
    NewJob {
        kind: JobKind::ContentCheck,
        dedup_key: case.id.to_string(),
        payload: json!({ "case": case.id }).to_string(),
        priority: 5,
        run_at: case.reported_at,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
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
        None => change.observed(EventType::Assigned, json!({ "people": people }))?,
        Some((reason, held_by)) => {
            let payload = json!({ "reason": reason, "held_by": held_by });
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
    now: entity::kinds::Timestamp,
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
