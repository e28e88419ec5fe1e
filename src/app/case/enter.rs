//! Writes the cases that were reported at the same time: one unit, and one step to the database for all
//! of its rows.
//!
//! What cannot be written with the others is written by itself, so that nobody fails for his
//! neighbour.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use entity::cases;
use entity::idempotency;
use entity::kinds::{
    ActorRole, CaseId, CaseState, ContentCheck, EventType, JobKind, NoticeKind, StaffId, Timestamp,
    TriageReason, Urgency,
};
use futures::future::{BoxFuture, join_all};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Serialize;
use serde_json::json;

use super::change::Change;
use super::numbers::Spare;
use super::report::{Idempotency, Plan, Team};
use super::{attach, blank, chain, clock, facts, place};
use crate::app::actor::Actor;
use crate::app::notice::hold;
use crate::app::notice::ways::Ways;
use crate::app::work::priority;
use crate::domain::case::number::CaseNumber;
use crate::error::{Code, Error, Result, caught};
use crate::gather::{Gather, Size};
use crate::services::Services;
use crate::store::batch::Batch;
use crate::store::duty::OnDuty;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// The column context under which the answer to a key is sealed.
pub const REPLY: &str = "idempotency.reply";
/// The next unit is made ready while the last one is written. Each costs some 2 ms whatever its
/// size, so that a few that wait are better written with the next ones.
const SIZE: Size =
    Size { width: 2, beside: 16, patience: Duration::from_millis(100), ..Size::one_by_one(64) };

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
    New(Box<New>),
    /// The key was used before; this is what it was answered.
    Before(idempotency::Model),
}

/// A case that was written, and who is told of it.
#[derive(Debug)]
pub struct New {
    pub case: cases::Model,
    pub on_duty: Vec<OnDuty>,
}

/// Where reports are handed in.
pub type Entrance = Gather<(Services, Arc<Draft>), Result<Entered>>;

/// Makes the entrance and the task that somebody must drive; it ends when the handle is dropped.
pub fn entrance() -> (Entrance, BoxFuture<'static, ()>) {
    let spare = Arc::new(Spare::default());
    Gather::new(SIZE, move |waiting| all(waiting, Arc::clone(&spare)))
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

async fn all(waiting: Vec<(Services, Arc<Draft>)>, spare: Arc<Spare>) -> Vec<Result<Entered>> {
    if let [(s, _), _, ..] = waiting.as_slice() {
        let drafts: Vec<_> = waiting.iter().map(|(_, draft)| Arc::clone(draft)).collect();
        match together(s, &spare, &drafts).await {
            Ok(entered) => return entered,
            Err(error) => {
                tracing::info!(error = %error.chain(), "reports are written one by one");
            }
        }
    }
    join_all(waiting.iter().map(|(s, draft)| alone(s, &spare, draft))).await
}

/// Writes drafts in one unit; who came with the key of another one of them finds that one's answer.
async fn together(
    s: &Services,
    spare: &Spare,
    drafts: &[Arc<Draft>],
) -> Result<Vec<Result<Entered>>> {
    let mut keys = HashSet::new();
    let is_first: Vec<bool> =
        drafts.iter().map(|draft| keys.insert((draft.actor.account, &draft.once.key))).collect();
    let first = drafts.iter().zip(&is_first).filter(|(_, is_first)| **is_first);
    let first = first.map(|(draft, _)| Arc::clone(draft)).collect();
    let mut written = guarded(s, spare, first).await?.into_iter();
    let mut entered = Vec::with_capacity(drafts.len());
    for (draft, is_first) in drafts.iter().zip(is_first) {
        let one = if is_first { written.next() } else { None };
        entered.push(match one {
            Some(one) => Ok(one),
            None => alone(s, spare, draft).await,
        });
    }
    Ok(entered)
}

async fn alone(s: &Services, spare: &Spare, draft: &Arc<Draft>) -> Result<Entered> {
    let entered = guarded(s, spare, vec![Arc::clone(draft)]).await?.pop();
    entered.ok_or_else(|| Error::internal("a report was written without an answer"))
}

/// A panic over a report is no end of the entrance.
async fn guarded(s: &Services, spare: &Spare, drafts: Vec<Arc<Draft>>) -> Result<Vec<Entered>> {
    let panicked = |said| Error::internal(format!("a report made the program panic: {said}"));
    caught(unit(s, spare, drafts)).await.map_err(panicked)?
}

/// Fails when one of the drafts cannot be written, or when two of them have one key.
async fn unit(s: &Services, spare: &Spare, drafts: Vec<Arc<Draft>>) -> Result<Vec<Entered>> {
    let keys = drafts.iter().map(|draft| (draft.actor.account, draft.once.key.as_str()));
    let known = async { Ok(store::idempotency::known(&s.db.read, keys).await?) };
    let now = s.clock.now();
    // Most keys are new: what the unit needs is asked for at the same time.
    let (known, teams, numbers) =
        futures::join!(known, teams(s, &drafts, now), spare.take(s, now, drafts.len()));
    let mut numbers = numbers?;
    let (mut known, teams) = match (known, teams) {
        (Ok(known), Ok(teams)) => (known, teams),
        (Err(why), _) | (_, Err(why)) => {
            spare.leave(numbers);
            return Err(why);
        }
    };
    let mut before = |draft: &Draft| {
        let of = |row: &idempotency::Model| {
            row.account_id == draft.actor.account && row.key == draft.once.key
        };
        known.iter().position(of).map(|at| known.swap_remove(at))
    };
    let before: Vec<_> = drafts.iter().map(|draft| before(draft)).collect();
    let new = drafts.into_iter().zip(teams).zip(&before);
    let new = new.filter(|(_, before)| before.is_none()).map(|(new, _)| new);
    let (drafts, teams): (Vec<_>, Vec<_>) = new.unzip();
    spare.leave(numbers.split_off(drafts.len().min(numbers.len())));
    let mut written = enter(s, (spare, numbers), (drafts, teams), now).await?.into_iter();
    let entered = before.into_iter().map(|before| match before {
        Some(before) => Some(Entered::Before(before)),
        None => written.next().map(|new| Entered::New(Box::new(new))),
    });
    let entered: Option<Vec<Entered>> = entered.collect();
    entered.ok_or_else(|| Error::internal("a case is missing after it was written"))
}

/// Makes everything ready before the unit begins: it holds a connection, and other units wait.
async fn enter(
    s: &Services,
    (spare, numbers): (&Spare, Vec<CaseNumber>),
    (drafts, teams): (Vec<Arc<Draft>>, Vec<Team>),
    now: Timestamp,
) -> Result<Vec<New>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let people: BTreeSet<StaffId> =
        teams.iter().flat_map(|team| &team.on_duty).map(|one| one.staff_id).collect();
    let ready = async {
        let ways = Ways::load(s, &s.db.read, &Vec::from_iter(people)).await?;
        Ok((ways, drafted(s, (&drafts, &teams), now)?))
    };
    let written = match ready.await {
        Ok((ways, changes)) => {
            let (services, taken) = (s.clone(), numbers.clone());
            let unit = s.writer.commit(move |tx| {
                Box::pin(async move {
                    let when = (now, drafts.len());
                    let numbers = Spare::taken_or_within(taken, &services, tx, when).await?;
                    let numbered = changes.into_iter().zip(numbers);
                    let numbered = numbered.map(|(change, number)| change.numbered(&number));
                    let changes = numbered.collect::<Result<_>>()?;
                    write(&services, (drafts, changes), ways, (tx, now)).await
                })
            });
            unit.await
        }
        Err(unready) => Err(unready),
    };
    match written {
        Ok(cases) => {
            let written = cases.into_iter().zip(teams);
            Ok(written.map(|(case, team)| New { case, on_duty: team.on_duty }).collect())
        }
        Err(undone) => {
            // Cut off in its commit, it may still be written: then its numbers are given up.
            if undone.code != Code::DatabaseDown {
                spare.leave(numbers);
            }
            Err(undone)
        }
    }
}

async fn write(
    s: &Services,
    (drafts, changes): (Vec<Arc<Draft>>, Vec<Change>),
    ways: Ways,
    (tx, now): (&Tx, Timestamp),
) -> Result<Vec<cases::Model>> {
    let mut batch = Batch::of(tx);
    let (changes, mut jobs) = Change::put_all_new(changes, ways, (tx, &mut batch)).await?;
    let mut answers = Vec::with_capacity(changes.len());
    for (draft, change) in drafts.iter().zip(&changes) {
        jobs.push(content_job(s, draft, &change.case));
        answers.push(answer(s, draft, change.case.id, now)?);
    }
    store::job::put_all(&mut batch, jobs, now)?;
    store::idempotency::put_all(&mut batch, answers)?;
    Change::write_all_new(&changes, batch, tx).await?;
    for (draft, change) in drafts.iter().zip(&changes) {
        let photos = &draft.plan.report.photos;
        if !photos.is_empty() {
            attach::photos(tx, &draft.actor, photos, change.case.id).await?;
        }
        attach::voices(tx, &draft.actor, &draft.plan.report.voices, change.case.id).await?;
    }
    Ok(changes.into_iter().map(|change| change.case).collect())
}

/// Calls the roll once for all of them, and by night once more for those that rest until the morning:
/// nobody is chosen who is gone by then, unless nobody else is there.
async fn teams(s: &Services, new: &[Arc<Draft>], now: Timestamp) -> Result<Vec<Team>> {
    let grids = new.iter().flat_map(|draft| [draft.plan.found.small, draft.plan.found.large]);
    let grids = grids.flatten().collect();
    let roll = chain::roll(s, &s.db.read, &grids, now).await?;
    let leaves = |draft: &Draft| hold::leaves(s, draft.plan.urgency, now);
    let morning = match new.iter().map(|draft| leaves(draft)).find(|at| *at != now) {
        Some(at) => Some(chain::roll(s, &s.db.read, &grids, at).await?.or(roll.clone())),
        None => None,
    };
    let chains = s.chains.now();
    let team = |draft: &Arc<Draft>| {
        let later = morning.as_ref().filter(|_| leaves(draft) != now);
        draft.plan.team(&chains, later.unwrap_or(&roll))
    };
    Ok(new.iter().map(team).collect())
}

/// Gives each draft what happened; its number comes last.
fn drafted(
    s: &Services,
    (new, teams): (&[Arc<Draft>], &[Team]),
    now: Timestamp,
) -> Result<Vec<Change>> {
    let mut changes = Vec::with_capacity(new.len());
    for (draft, team) in new.iter().zip(teams) {
        let case = row(s, draft, team, now)?;
        let mut change = Change::new(s, case, now).traced(draft.trace.clone());
        record(&mut change, draft, team)?;
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
fn record(change: &mut Change, draft: &Draft, team: &Team) -> Result<()> {
    let Draft { actor, plan, .. } = draft;
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
    if let Some(fields) = said.as_object_mut().filter(|_| report.tapped.is_some()) {
        fields.insert("tapped".to_owned(), json!(report.tapped));
    }
    if let Some(fields) = said.as_object_mut().filter(|_| !report.voices.is_empty()) {
        fields.insert("voices".to_owned(), json!(report.voices));
    }
    change.happened(actor, role, EventType::Reported, said)?;
    if let Some(grid) = plan.found.small {
        let payload = json!({ "grid": grid, "confidence": plan.found.confidence,
            "reason": plan.found.sealed.reason });
        let payload = facts::with(payload, facts::placed(change));
        change.observed(EventType::Located, payload)?;
    }
    let people: Vec<_> = team.on_duty.iter().map(|one| (one.staff_id, &one.role)).collect();
    let chain = team.snapshot.chain.version;
    match team.triage {
        None => {
            let payload = json!({ "people": people, "chain": chain });
            let payload = facts::with(payload, facts::promised(change)?);
            change.observed(EventType::Assigned, payload)?;
        }
        Some((reason, held_by)) => {
            let payload = json!({ "reason": reason, "held_by": held_by, "chain": chain });
            let payload = facts::with(payload, facts::promised(change)?);
            change.observed(EventType::SentToTriage, payload)?;
            if reason == TriageReason::Ask {
                change.tell_resident(NoticeKind::Question, "请补充地址");
            }
        }
    }
    Ok(())
}

fn row(s: &Services, draft: &Draft, team: &Team, now: Timestamp) -> Result<cases::Model> {
    let Draft { actor, plan: Plan { report, urgency, found }, .. } = draft;
    let seal = |context: &str, text: &str| s.vault.seal(context, text).map_err(Error::internal);
    let assigned = team.triage.is_none();
    let mut case = cases::Model {
        id: CaseId(0),
        number: String::new(),
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
        text_sealed: seal("cases.text", report.words())?,
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
        triage_reason: team.triage.map(|(reason, _)| reason),
        held_by: team.triage.map(|(_, held_by)| held_by),
        snapshot: json(&team.snapshot)?,
        reported_at: now,
        located_at: found.small.map(|_| now),
        assigned_at: assigned.then_some(now),
        content_check: ContentCheck::Pending,
        content_until: (*urgency != Urgency::Urgent).then(|| now + s.settings.content_wait),
        escalation_base: now,
        ..blank::case(now)
    };
    clock::promise(s, &mut case)?;
    Ok(case)
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
