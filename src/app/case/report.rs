//! A resident's words become a case: resolved to a grid, promised a time, told to the people who
//! are responsible, all in one unit.

use std::sync::Arc;

use entity::kinds::{CaseId, Category, NoticeKind, PhotoId, TriageReason, Urgency};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::enter::{self, Draft, Entered};
use super::place::{self, Found};
use super::view::{self, CaseView};
use super::{freeze, home, list};
use crate::app::actor::Actor;
use crate::crash;
use crate::domain::address::{Position, Query};
use crate::domain::case::targets;
use crate::domain::escalation::Snapshot;
use crate::domain::phone::Phone;
use crate::domain::scene::Scene;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::duty::OnDuty;
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

/// Reports a case and shows it. The same key with the same body shows the case of the first time;
/// with another body it is refused.
pub async fn run(
    s: &Services,
    actor: &Actor,
    once: Idempotency,
    report: Report,
) -> Result<CaseView> {
    let plan = Plan::make(s, actor, report).await?;
    let draft = Arc::new(Draft::new(actor.clone(), once, plan));
    match enter::run(s, &draft).await? {
        Entered::New(case) => {
            crash::point("report.committed");
            s.wake.ping().await;
            view::fresh(s, actor, &case, &draft.plan.on_duty)
        }
        Entered::Before(before) => {
            let id = replayed(s, &before, &draft.once)?;
            view::one(s, actor, &list::reported(s, actor, id).await?).await
        }
    }
}

fn replayed(
    s: &Services,
    before: &entity::idempotency::Model,
    once: &Idempotency,
) -> Result<CaseId> {
    if before.fingerprint != once.fingerprint {
        let detail = "这个 Idempotency-Key 已用于另一份内容，请换一个新的编号";
        return Err(Error::new(Code::IdempotencyKeyReused, detail));
    }
    let reply = s.vault.open(enter::REPLY, &before.reply_sealed).map_err(Error::internal)?;
    reply.parse().map_err(Error::internal)
}

/// Everything decided before the unit of writes begins.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) report: Report,
    pub(super) urgency: Urgency,
    pub(super) found: Found,
    pub(super) snapshot: Snapshot,
    pub(super) on_duty: Vec<OnDuty>,
}

impl Plan {
    async fn make(s: &Services, actor: &Actor, report: Report) -> Result<Self> {
        let now = s.clock.now();
        let building = match &report.scene {
            Some(scene) => store::building_code::building_of(&s.db.read, scene.as_str()).await?,
            None => None,
        };
        let (address, building) = (report.address.as_deref(), building.as_deref());
        let (text, position) = (report.text.as_str(), report.position);
        let query = Query { text, address, position, building, ..Query::default() };
        let mut found = place::find(s, query, None);
        // His home decides nothing where the words alone do.
        let asks = report.on_behalf.is_none() && (found.triage.is_some() || position.is_some());
        if asks && let home @ Some(_) = home::find(s, actor).await? {
            found = place::find(s, query, home);
        }
        let (when, carriers) = ((now, &s.calendar), s.carriers());
        let on_duty = store::duty::at(&s.db.read, found.small, found.large, carriers, when).await?;
        // A complaint about staff is never told to the people complained about: the desk reads it.
        if report.category == Category::StaffConduct {
            found.to_desk(TriageReason::ContentReview);
        } else if found.triage.is_none() && !freeze::first_reachable(&on_duty) {
            found.to_desk(TriageReason::NobodyReachable);
        }
        let urgency = targets::urgency(report.danger, report.stuck, &report.text);
        let chains = &s.chains.now();
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
