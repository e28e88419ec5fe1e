//! A resident's words become a case: resolved to a grid, promised a time, told to the people who
//! are responsible, all in one unit.

use std::sync::Arc;

use entity::kinds::{
    ActorRole, CaseId, Category, NoticeKind, PhotoId, TriageReason, Urgency, VoiceId,
};
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
use crate::domain::escalation::{Chains, Snapshot};
use crate::domain::phone::Phone;
use crate::domain::scene::Scene;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::duty::{OnDuty, Roll};
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
    /// Empty when he only speaks.
    pub text: String,
    pub address: Option<String>,
    pub position: Option<Position>,
    pub category: Category,
    pub danger: bool,
    pub stuck: bool,
    pub contact_phone: Option<Phone>,
    pub photos: Vec<PhotoId>,
    pub voices: Vec<VoiceId>,
    pub on_behalf: Option<OnBehalf>,
    /// From the code at a door, when he came through one.
    pub scene: Option<Scene>,
    /// External id of the grid of the answer that he tapped before he sent it.
    pub tapped: Option<String>,
}

/// What is read where somebody only spoke.
const ONLY_VOICE: &str = "（语音诉求，内容见录音）";

impl Report {
    /// Returns the words that others read.
    pub(super) fn words(&self) -> &str {
        if self.text.is_empty() { ONLY_VOICE } else { &self.text }
    }

    /// Tells whether nothing written says where it is.
    fn is_only_spoken(&self) -> bool {
        self.text.is_empty() && self.address.is_none() && self.scene.is_none()
    }

    /// Nobody has heard yet how urgent a spoken request is: it never waits for the morning.
    fn urgency(&self) -> Urgency {
        match targets::urgency(self.danger, self.stuck, &self.text) {
            Urgency::Normal if self.text.is_empty() => Urgency::Fast,
            urgency => urgency,
        }
    }
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

    /// Builds from the key, the method and path of a change, and its body as it was sent.
    pub fn of(key: String, (method, path): (&str, &str), body: &[u8]) -> Self {
        let whole = [method.as_bytes(), path.as_bytes(), body].join(&b'\n');
        Self::new(key, &whole)
    }

    /// Fails with `idempotency_key_reused` when the key was used for something else.
    pub fn check(&self, before: &entity::idempotency::Model) -> Result<()> {
        if before.fingerprint == self.fingerprint {
            return Ok(());
        }
        let detail = "这个 Idempotency-Key 已用于另一份内容，请换一个新的编号";
        Err(Error::new(Code::IdempotencyKeyReused, detail))
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
    let plan = match Plan::make(s, actor, report).await {
        Ok(plan) => plan,
        // What was offered the first time may not be by now: the case exists all the same.
        Err(error) => {
            let before = store::idempotency::find(&s.db.read, actor.account, &once.key).await?;
            return again(s, actor, &before.ok_or(error)?, &once).await;
        }
    };
    let draft = Arc::new(Draft::new(actor.clone(), once, plan));
    match enter::run(s, &draft).await? {
        Entered::New(new) => {
            crash::point("report.committed");
            s.wake.ping().await;
            view::fresh(s, actor, &new.case, &new.on_duty)
        }
        Entered::Before(before) => again(s, actor, &before, &draft.once).await,
    }
}

/// Shows the case of the first time as it stands now.
async fn again(
    s: &Services,
    actor: &Actor,
    before: &entity::idempotency::Model,
    once: &Idempotency,
) -> Result<CaseView> {
    let id = replayed(s, before, once)?;
    view::one(s, actor, &list::reported(s, actor, id).await?).await
}

fn replayed(
    s: &Services,
    before: &entity::idempotency::Model,
    once: &Idempotency,
) -> Result<CaseId> {
    once.check(before)?;
    let reply = s.vault.open(enter::REPLY, &before.reply_sealed).map_err(Error::internal)?;
    reply.parse().map_err(Error::internal)
}

/// What is decided before it is known who is on duty.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) report: Report,
    pub(super) urgency: Urgency,
    pub(super) found: Found,
}

/// Who will be told, at the instant of the report.
#[derive(Debug)]
pub(super) struct Team {
    /// Why it goes to a desk, and to which; `None`: it is assigned.
    pub(super) triage: Option<(TriageReason, ActorRole)>,
    pub(super) snapshot: Snapshot,
    pub(super) on_duty: Vec<OnDuty>,
}

impl Plan {
    async fn make(s: &Services, actor: &Actor, report: Report) -> Result<Self> {
        check_on_behalf(actor, &report)?;
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
        if let Some(grid) = &report.tapped {
            found.tap(&s.places.now(), grid)?;
        }
        // A complaint about staff is never told to the people complained about: the desk reads it.
        if report.category == Category::StaffConduct {
            found.to_desk(TriageReason::ContentReview);
        }
        if let (true, Some((_, held_by))) = (report.is_only_spoken(), found.triage) {
            // Whoever holds it listens; the resident is asked nothing that he may have said.
            found.triage = Some((TriageReason::OnlyVoice, held_by));
        }
        let urgency = report.urgency();
        Ok(Self { report, urgency, found })
    }

    /// Freezes who is responsible.
    pub(super) fn team(&self, chains: &Chains, roll: &Roll) -> Team {
        let on_duty = roll.of(self.found.small, self.found.large);
        let nobody = self.found.triage.is_none() && !freeze::first_reachable(&on_duty);
        let desk = (TriageReason::NobodyReachable, ActorRole::TriageDesk);
        let triage = if nobody { Some(desk) } else { self.found.triage };
        let snapshot = match triage {
            None => freeze::assigned(chains, self.urgency, &on_duty, NoticeKind::NewCase),
            Some((_, held_by)) => freeze::triage(chains, self.urgency, &on_duty, held_by),
        };
        Team { triage, snapshot, on_duty }
    }
}

fn check_on_behalf(actor: &Actor, report: &Report) -> Result<()> {
    let staff_only = actor.console && report.on_behalf.is_none();
    if staff_only {
        let message = "工作人员代为上报时，请填写居民的姓名、电话和关系";
        return Err(Error::fields(vec![Fault::new("/on_behalf_of", "required", message)]));
    }
    Ok(())
}
