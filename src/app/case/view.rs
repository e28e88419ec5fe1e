//! What a person sees of a case, by his capacity: whole, or masked.

use entity::cases;
use entity::kinds::{
    AccountId, ActorRole, Awaited, Card, CaseState, Category, EventType, HoldReason, RejectionCode,
    ResultType, StaffId, Timestamp, TriageReason, Urgency,
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::act;
use super::behind::{self, BehindView, LeadView};
use super::ledger::BODY;
use super::place::{self, Asked};
use super::promise::{self, ExtensionView, PauseView, PromisedView, RestView};
use super::reconcile::{self, snapshot_of};
use super::report::OnBehalf;
use super::said::{self, Words};
use super::sight::{Look, Sight};
use super::spot::{self, PositionView};
use super::told;
pub use super::told::NoticeView;
use crate::app::actor::Actor;
use crate::app::locate::CandidateView;
use crate::app::voice::VoiceView;
use crate::domain::calendar::rfc3339;
use crate::domain::case::emergency::{self, Hotline};
use crate::domain::case::state::Verb;
use crate::domain::case::waits;
use crate::domain::escalation::{self, Who};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::duty::OnDuty;
use crate::store::{self};
use crate::vault::{mask_address, mask_name, mask_numbers, mask_phone};

/// A grid as the API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GridView {
    /// The delivered file's id, or the community's code.
    pub id: String,
    pub name: String,
}

/// Both grids of a case.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct GridsView {
    pub small: Option<GridView>,
    pub large: Option<GridView>,
}

/// A responsible person; the office phone is public.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResponsibleView {
    pub role: String,
    pub role_zh: String,
    pub name: String,
    pub office_phone: String,
    /// He took the case; nobody else did.
    pub taken: bool,
}

/// Why a case waits for a person to place it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TriageView {
    pub reason: TriageReason,
    pub reason_zh: &'static str,
    pub held_by: Option<ActorRole>,
    pub question: Option<Asked>,
}

/// A number to call before anything else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HotlineView {
    pub number: &'static str,
    pub text: &'static str,
}

/// A case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseView {
    pub id: i64,
    /// `NC-20261123-00042`
    pub number: String,
    pub state: CaseState,
    /// In the words of whoever reads it: plain ones for the resident.
    pub state_zh: &'static str,
    /// Name it as `expected_version` with every change.
    pub version: i32,
    pub urgency: Urgency,
    pub category: Category,
    pub category_zh: &'static str,
    pub text: String,
    pub address: Option<String>,
    /// Why this grid.
    pub place_reason: String,
    pub contact_phone: Option<String>,
    pub grid: GridsView,
    pub responsible: Vec<ResponsibleView>,
    pub promised: PromisedView,
    pub reported_at: String,
    pub assigned_at: Option<String>,
    pub first_push_at: Option<String>,
    pub acknowledged_at: Option<String>,
    pub contacted_at: Option<String>,
    pub resolved_at: Option<String>,
    pub closed_at: Option<String>,
    /// While it rests: when work goes on.
    pub held_until: Option<String>,
    pub result_type: Option<ResultType>,
    /// How often it came back because it was not solved.
    pub reopens: i32,
    /// When it came back last.
    pub reopened_at: Option<String>,
    /// While it rests for papers: when the resident last added something.
    pub papers_added_at: Option<String>,
    /// Why it is not, or not any longer, a matter of the street.
    pub rejection: Option<RejectionCode>,
    pub overdue: bool,
    /// Half of the time for the result is used, or all of it.
    pub card: Option<Card>,
    pub card_zh: Option<&'static str>,
    pub extension: Option<ExtensionView>,
    /// Asked for by a grid worker; the cadre has not decided.
    pub pause: Option<PauseView>,
    pub triage: Option<TriageView>,
    /// When it closes as unrated if nobody confirms the result or asks for more; only while it waits
    /// for that.
    pub closes_at: Option<String>,
    /// The speaker reported it, for himself or for somebody else.
    pub reported_by_you: bool,
    /// The speaker reported it, and it waits for his answer.
    pub awaits_you: bool,
    /// Call these first.
    pub emergency: Vec<HotlineView>,
    /// Sub-resources that this person may post to now.
    pub allowed: Vec<&'static str>,
}

/// One entry of the timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventView {
    pub seq: i32,
    pub kind: EventType,
    pub kind_zh: &'static str,
    pub at: String,
    pub role: ActorRole,
    pub role_zh: &'static str,
    /// Name of the member of staff, if one acted.
    pub name: Option<String>,
    pub detail: Value,
    pub hash: String,
}

/// A case with its timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseDetail {
    #[serde(flatten)]
    pub case: CaseView,
    pub timeline: Vec<EventView>,
    /// Why it rests now; `null` while it does not.
    pub rest: Option<RestView>,
    pub notices: Vec<NoticeView>,
    /// The phone of whoever reported it rings when he is written to: he agreed to one more message.
    pub resident_hears: bool,
    pub photos: Vec<i64>,
    pub voices: Vec<VoiceView>,
    /// Version of the escalation chains that the case was started with and keeps.
    pub chain_version: u32,
    /// Where to go, for those who handle the case; `null` for everybody else.
    pub position: Option<PositionView>,
    /// The case that it was merged into.
    pub lead: Option<LeadView>,
    /// Those that were merged into it, in full, for whoever handles it; empty for everybody else.
    pub behind: Vec<BehindView>,
    /// Grids that may be meant, best first, for those who place it; empty outside triage.
    pub candidates: Vec<CandidateView>,
    /// Whose request it is, when somebody else brought it.
    pub on_behalf_of: Option<OnBehalf>,
    /// `contact_phone` was left with this request and can be taken away here; otherwise it is the
    /// verified one of the account.
    pub phone_kept_here: bool,
}

/// A member of staff as he is stored.
struct Known {
    id: StaffId,
    name_sealed: String,
    office_phone: String,
}

/// Builds the view of one case.
pub async fn one(s: &Services, actor: &Actor, case: &cases::Model) -> Result<CaseView> {
    one_in(s, &s.db.read, actor, case).await
}

/// Builds the view of a case that the running unit wrote.
pub async fn one_in(
    s: &Services,
    conn: &impl ConnectionTrait,
    actor: &Actor,
    case: &cases::Model,
) -> Result<CaseView> {
    build(s, actor, case, (Look::of(actor, case), people(conn, case).await?))
}

/// Builds the view of a case that was just written, with the people it was written for.
pub fn fresh(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
    on_duty: &[OnDuty],
) -> Result<CaseView> {
    let known = on_duty.iter().map(|one| Known {
        id: one.staff_id,
        name_sealed: one.name_sealed.clone(),
        office_phone: one.office_phone.clone(),
    });
    build(s, actor, case, (Look::of(actor, case), known.collect()))
}

/// Builds a row of a list: phones, names and addresses are masked, but for whose words they are and
/// for colleagues.
pub async fn listed(s: &Services, actor: &Actor, case: &cases::Model) -> Result<CaseView> {
    build(s, actor, case, (Look::in_list(s, actor, case), people(&s.db.read, case).await?))
}

fn build(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
    (Look { words: sight, names }, people): (Look, Vec<Known>),
) -> Result<CaseView> {
    let now = s.clock.now();
    let plain = reads_plain(actor, case);
    let Words { text, address, phone } = said::words(s, case)?;
    let place = place::open(s, case)?;
    let emergency = if actor.account == case.reporter_id { hotlines(&text) } else { Vec::new() };
    Ok(CaseView {
        id: case.id.0,
        number: case.number.clone(),
        state: case.state,
        state_zh: state_zh(case, plain),
        version: case.version,
        urgency: case.urgency,
        category: case.category,
        category_zh: case.category.zh(),
        address: address.map(|address| sight.show(address, mask_address)),
        place_reason: sight.show(place.reason.clone(), mask_numbers),
        contact_phone: phone.map(|phone| sight.show(phone, mask_phone)),
        text: sight.text(text),
        grid: grids(s, case),
        responsible: responsible(s, case, (names, plain), &people)?,
        promised: promise::of(s, case)?,
        reported_at: rfc3339(case.reported_at),
        assigned_at: case.assigned_at.map(rfc3339),
        first_push_at: case.first_push_at.map(rfc3339),
        acknowledged_at: case.acknowledged_at.map(rfc3339),
        contacted_at: case.contacted_at.map(rfc3339),
        resolved_at: case.resolved_at.map(rfc3339),
        closed_at: case.closed_at.map(rfc3339),
        held_until: case.hold_until.filter(|_| case.state == CaseState::OnHold).map(rfc3339),
        result_type: case.result_type,
        reopens: case.reopens,
        reopened_at: case.cycle_at.map(rfc3339),
        papers_added_at: papers_added_at(case).map(rfc3339),
        rejection: case.rejection,
        overdue: is_overdue(case, now),
        card: case.card,
        card_zh: case.card.map(Card::zh),
        extension: case.extension.map(|state| ExtensionView {
            state,
            state_zh: state.zh(),
            days: case.extension_days,
        }),
        pause: promise::pause(case, now),
        triage: triage(case, place.question),
        closes_at: closes_at(s, case).map(rfc3339),
        reported_by_you: case.reporter_id == actor.account,
        awaits_you: awaits(case, actor),
        emergency,
        allowed: act::allowed(case, actor, now).into_iter().map(Verb::word).collect(),
    })
}

fn is_overdue(case: &cases::Model, now: Timestamp) -> bool {
    case.next_check_at.is_some() && case.state != CaseState::Resolved && now > case.resolve_due_at
}

fn awaits(case: &cases::Model, actor: &Actor) -> bool {
    let own = actor.roles_for(case).contains(&ActorRole::Resident);
    own && awaited(case).is_some()
}

/// Says what a case waits for from whoever reported it.
pub fn awaited(case: &cases::Model) -> Option<Awaited> {
    waits::awaited(waits::Facts {
        state: case.state,
        triage: case.triage_reason,
        hold: case.hold_reason,
        agreed: case.appointment_agreed,
        added: case.papers_added_at.is_some(),
    })
}

fn papers_added_at(case: &cases::Model) -> Option<Timestamp> {
    let rests = case.state == CaseState::OnHold;
    case.papers_added_at.filter(|_| rests && case.hold_reason == Some(HoldReason::AwaitingMaterial))
}

fn state_zh(case: &cases::Model, plain: bool) -> &'static str {
    if !plain {
        return case.state.zh();
    }
    case.state.plain_zh(case.rejection, awaited(case), case.reopens > 0)
}

/// When a result that nobody answers closes the case.
fn closes_at(s: &Services, case: &cases::Model) -> Option<Timestamp> {
    let resolved = case.resolved_at.filter(|_| case.state == CaseState::Resolved)?;
    Some(reconcile::in_time(s, case, |time| escalation::closes_at(resolved, time)))
}

fn triage(case: &cases::Model, question: Option<Asked>) -> Option<TriageView> {
    let reason = case.triage_reason.filter(|_| case.state == CaseState::Triage)?;
    let question = question.filter(|_| reason == TriageReason::Ask);
    Some(TriageView { reason, reason_zh: reason.zh(), held_by: case.held_by, question })
}

fn hotlines(text: &str) -> Vec<HotlineView> {
    emergency::hotlines(text)
        .into_iter()
        .map(|Hotline { number, zh }| HotlineView { number, text: zh })
        .collect()
}

/// Names both grids of a case.
pub fn grids(s: &Services, case: &cases::Model) -> GridsView {
    let places = s.places.now();
    let view = |id| {
        let name = places.name(id)?;
        Some(GridView { id: name.external_id.clone(), name: name.name.clone() })
    };
    GridsView { small: case.small_grid_id.and_then(view), large: case.large_grid_id.and_then(view) }
}

/// Who is told first, each in his capacity.
const FIRST: [Who; 3] = [Who::Primary, Who::Backup, Who::Cadre];

/// Tells who reads plain words: whoever asked, or wrote it down for another, without an office in it.
fn reads_plain(actor: &Actor, case: &cases::Model) -> bool {
    !actor.handles(case)
}

/// Names an office for whoever reads it.
const fn office(role: ActorRole, plain: bool) -> &'static str {
    if plain { role.plain_zh() } else { role.zh() }
}

/// Lists the people frozen into the case who are told first, each in his capacity; whoever took it
/// stands before them.
fn first(case: &cases::Model) -> Result<Vec<(StaffId, ActorRole)>> {
    let snapshot = snapshot_of(case)?;
    let taken = case.acknowledged_by.and_then(|staff| Some((staff, snapshot.office(staff)?)));
    let frozen = FIRST.into_iter().flat_map(|who| {
        snapshot.people.get(&who).into_iter().flatten().map(move |person| (person.staff, who))
    });
    let others = frozen.filter(|(staff, _)| Some(*staff) != taken.map(|(staff, _)| staff));
    let wanted = taken.into_iter().chain(others);
    Ok(wanted.map(|(staff, who)| (staff, who.role(case.held_by))).collect())
}

async fn people(conn: &impl ConnectionTrait, case: &cases::Model) -> Result<Vec<Known>> {
    let ids: Vec<StaffId> = first(case)?.iter().map(|(id, _)| *id).collect();
    let staff = store::people::staff(conn, &ids).await?;
    let known = staff.into_iter().map(|one| Known {
        id: one.id,
        name_sealed: one.name_sealed,
        office_phone: one.office_phone,
    });
    Ok(known.collect())
}

/// Names the people frozen into a case for somebody who reads another one.
pub(super) async fn responsible_people(
    s: &Services,
    case: &cases::Model,
    sight: Sight,
    plain: bool,
) -> Result<Vec<ResponsibleView>> {
    responsible(s, case, (sight, plain), &people(&s.db.read, case).await?)
}

/// Names the people frozen into the case who are told first.
fn responsible(
    s: &Services,
    case: &cases::Model,
    (sight, plain): (Sight, bool),
    people: &[Known],
) -> Result<Vec<ResponsibleView>> {
    let mut views = Vec::new();
    for (id, role) in first(case)? {
        let Some(person) = people.iter().find(|person| person.id == id) else { continue };
        let name = open_name(s, &person.name_sealed)?;
        views.push(ResponsibleView {
            role: role.word().to_owned(),
            role_zh: office(role, plain).to_owned(),
            name: sight.show(name, mask_name),
            office_phone: person.office_phone.clone(),
            taken: case.acknowledged_by == Some(id),
        });
    }
    Ok(views)
}

/// Opens the sealed name of a member of staff.
pub fn open_name(s: &Services, sealed: &str) -> Result<String> {
    s.vault.open("staff.name", sealed).map_err(Error::internal)
}

/// Builds a case with its timeline, notices and photos, and with those behind it that its reader sees.
pub async fn detail(
    s: &Services,
    actor: &Actor,
    case: &cases::Model,
    behind: &[cases::Model],
) -> Result<CaseDetail> {
    let sight = Sight::of(actor, case);
    let plain = reads_plain(actor, case);
    let events = store::event::list(&s.db.read, case.id).await?;
    let accounts: Vec<AccountId> = events.iter().filter_map(|(e, _)| e.actor_id).collect();
    let staff = store::people::staff_of_accounts(&s.db.read, &accounts).await?;
    let mut timeline = Vec::with_capacity(events.len());
    for (event, words) in events {
        let acted = |p: &&entity::staff::Model| {
            event.actor_id.is_some() && [p.account_id, p.wecom_account_id].contains(&event.actor_id)
        };
        let person = staff.iter().find(acted);
        let by_staff = event.actor_role != ActorRole::Resident;
        let name = match person.filter(|_| by_staff) {
            Some(person) => Some(open_name(s, &person.name_sealed)?),
            None => None,
        };
        let detail = match words {
            Some(words) if sight == Sight::Clear => {
                let body = s.vault.open(BODY, &words.body_sealed).map_err(Error::internal)?;
                serde_json::from_str(&body).map_err(Error::internal)?
            }
            _ => Value::Null,
        };
        timeline.push(EventView {
            seq: event.seq,
            kind: event.kind,
            kind_zh: event.kind.zh(),
            at: rfc3339(event.server_time),
            role: event.actor_role,
            role_zh: office(event.actor_role, plain),
            name: name.map(|name| sight.show(name, mask_name)),
            detail,
            hash: event.hash,
        });
    }
    let voices = store::voice::of_case(&s.db.read, case.id).await?;
    let mut shown = one(s, actor, case).await?;
    if let Some(phone) = said::verified(s, case).await? {
        shown.contact_phone = Some(sight.show(phone, mask_phone));
    }
    let (position, candidates) = spot::of_case(s, actor, case)?;
    Ok(CaseDetail {
        position,
        candidates,
        lead: behind::lead(s, actor, case).await?,
        behind: behind::views(s, behind, sight).await?,
        on_behalf_of: said::on_behalf(s, case, sight)?,
        phone_kept_here: case.contact_phone_sealed.is_some(),
        case: shown,
        rest: promise::rest(case, &timeline),
        timeline,
        notices: told::list(s, actor, case, sight).await?,
        resident_hears: told::resident_hears(s, case).await?,
        chain_version: snapshot_of(case)?.chain.version,
        voices: voices.into_iter().map(VoiceView::from).collect(),
        photos: store::photo::of_case(&s.db.read, case.id).await?.iter().map(|p| p.id.0).collect(),
    })
}
