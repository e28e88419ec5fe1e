//! Plans notices: who is told what through which channel, as rows of the same unit.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::kinds::{
    AccountId, CaseState, Channel, JobKind, NoticeId, NoticeKind, NoticeState, RejectionCode,
    StaffId, Timestamp, Urgency,
};
use entity::{cases, notice};
use sea_orm::ActiveValue::{NotSet, Set};

use super::view;
use crate::app::inbox;
use crate::app::notice::ways::{Person, Ways};
use crate::app::notice::{consent, hold};
use crate::app::work::priority;
use crate::domain::notice::{self as words, NoticeView, Part, Recipient};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::batch::Batch;
use crate::store::job::NewJob;
use crate::store::notice::Stored;
use crate::store::writer::Tx;
use crate::store::{self};

/// The column context under which template fields are sealed.
pub const FIELDS: &str = "notice.fields";

/// Somebody to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    Staff(StaffId),
    /// The resident who reported.
    Resident,
}

/// One message before it is a row.
#[derive(Clone, Debug)]
pub struct Planned {
    pub to: To,
    pub kind: NoticeKind,
    pub round: u32,
    /// Which step of the chain it belongs to, or which event caused it.
    pub part: Part,
    /// Part of the first push to the responsible set.
    pub first_push: bool,
    /// A short sentence for the note field, e.g. who took it.
    pub note: String,
    /// No channel leads to the person: it only waits in his inbox.
    pub quiet: bool,
    /// When it leaves, with others, that is told instead of what waited for somebody who is away.
    pub gather: Option<Timestamp>,
    /// Where the case stands that it tells of, when that is the one which its own was merged into.
    pub stands: Option<Stands>,
}

/// Where another case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands {
    pub state: CaseState,
    pub rejection: Option<RejectionCode>,
    pub again: bool,
}

impl Stands {
    /// Reads where a case stands.
    pub const fn of(case: &cases::Model) -> Self {
        Self { state: case.state, rejection: case.rejection, again: case.reopens > 0 }
    }
}

impl Planned {
    /// A message in a round, for a step of the chain or for an event.
    pub const fn new(to: To, kind: NoticeKind, (round, part): (u32, Part), note: String) -> Self {
        let (first_push, quiet, gather, stands) = (false, false, None, None);
        Self { to, kind, round, part, first_push, note, quiet, gather, stands }
    }

    /// The same for somebody whom no channel reaches.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }
}

/// What is to be told about one case.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    pub case: &'a cases::Model,
    pub planned: &'a [Planned],
    /// Of the request that asked for it.
    pub trace: Option<&'a str>,
}

/// Stores the planned notices and puts all of them into inboxes. Returns the jobs that send them,
/// which the caller enqueues in the same unit. People without any living channel get no notice; the
/// escalation sees that nothing was planned for the step and goes on.
pub async fn store_all(
    s: &Services,
    tx: &Tx,
    news: &[News<'_>],
    now: Timestamp,
) -> Result<Vec<NewJob>> {
    let rows = rows(s, tx, (news, Ways::default()), now).await?;
    let stored = store::notice::insert_new(tx, rows).await?;
    store::inbox::insert_new(tx, inbox::plan::rows(s, news, now)?).await?;
    Ok(jobs(s, news, &stored, now))
}

/// The same for cases that are being written: what is told of them goes into their batch, the notices
/// under ids that were taken for them; `ways` are those that the caller has read already.
pub async fn put_all_new(
    s: &Services,
    (tx, batch): (&Tx, &mut Batch),
    (news, ways, ids): (&[News<'_>], Ways, Vec<i64>),
    now: Timestamp,
) -> Result<Vec<NewJob>> {
    let mut notices = rows(s, tx, (news, ways), now).await?;
    let mut keys = HashSet::new();
    notices.retain(|row| keys.insert(row.dedup_key.clone().take()));
    for (row, id) in notices.iter_mut().zip(ids) {
        row.id = Set(NoticeId(id));
    }
    let stored: Vec<Stored> = notices.iter().filter_map(Stored::to_be).collect();
    store::notice::put_all(batch, notices)?;
    store::inbox::put_all(batch, inbox::plan::rows(s, news, now)?)?;
    Ok(jobs(s, news, &stored, now))
}

async fn rows(
    s: &Services,
    tx: &Tx,
    (news, ways): (&[News<'_>], Ways),
    now: Timestamp,
) -> Result<Vec<notice::ActiveModel>> {
    let ways = complete(s, tx, ways, news).await?;
    let mut rows = Vec::new();
    for News { case, planned, .. } in news {
        for one in planned.iter().filter(|one| !one.quiet) {
            rows.extend(row(s, tx, (case, now), one, &ways).await?);
        }
    }
    Ok(rows)
}

/// Makes the jobs that send notices, none before it is known what the case says.
fn jobs(s: &Services, news: &[News<'_>], stored: &[Stored], now: Timestamp) -> Vec<NewJob> {
    let of_case: HashMap<_, _> = news.iter().map(|one| (one.case.id, one)).collect();
    let jobs = stored.iter().filter_map(|notice| {
        let News { case, trace, .. } = of_case.get(&notice.case_id)?;
        let wait_until = case.content_until.filter(|until| *until > now);
        let run_at = wait_until.max(notice.held_until).unwrap_or(now);
        Some(NewJob { trace_id: trace.map(str::to_owned), ..job(s, notice, run_at) })
    });
    jobs.collect()
}

/// Makes the job that sends a stored notice.
pub fn job(s: &Services, notice: &Stored, run_at: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::SendNotice,
        dedup_key: notice.id.to_string(),
        payload: serde_json::json!({ "notice": notice.id, "case": notice.case_id }).to_string(),
        priority: if notice.urgent { priority::URGENT } else { priority::ORDINARY },
        run_at,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}

async fn complete(s: &Services, tx: &Tx, ways: Ways, news: &[News<'_>]) -> Result<Ways> {
    let staff = |one: &Planned| match one.to {
        To::Staff(id) => Some(id),
        To::Resident => None,
    };
    let planned = news.iter().flat_map(|one| one.planned);
    let staff: BTreeSet<StaffId> = planned.filter_map(staff).collect();
    ways.complete(s, tx, staff).await
}

/// Chooses the first channel to a person that can be used now and carries this kind of notice. When
/// only a consent is missing the message is planned all the same, and ends before it leaves: so the
/// next person is told at once, also when the last consent went to another case a moment ago.
fn channel(s: &Services, kind: NoticeKind, to: &Person) -> Option<Channel> {
    to.usable(s, kind).chain(to.open(s, kind)).next()
}

async fn row(
    s: &Services,
    tx: &Tx,
    (case, now): (&cases::Model, Timestamp),
    one: &Planned,
    ways: &Ways,
) -> Result<Option<notice::ActiveModel>> {
    let (to, account, channel) = match one.to {
        To::Staff(staff) => {
            let person = ways.of(staff);
            let Some(channel) = channel(s, one.kind, &person) else { return Ok(None) };
            (Recipient::Staff(staff), person.account, channel)
        }
        To::Resident => {
            if !s.gate.is_open(Channel::MiniSubscribe, one.kind) {
                return Ok(None);
            }
            let reporter = case.reporter_id;
            // It is taken when the message leaves; one that came too late ends there.
            if !consent::allowing(s, tx, &[reporter], one.kind).await?.contains(&reporter) {
                return Ok(None);
            }
            (Recipient::Resident(reporter), Some(reporter), Channel::MiniSubscribe)
        }
    };
    build(s, case, one, (to, account, channel), now).map(Some)
}

fn build(
    s: &Services,
    case: &cases::Model,
    one: &Planned,
    (to, account, channel): (Recipient, Option<AccountId>, Channel),
    now: Timestamp,
) -> Result<notice::ActiveModel> {
    let fields = words::fields(one.kind, &view(s, case, one, now));
    let fields = serde_json::to_string(&fields).map_err(Error::internal)?;
    Ok(notice::ActiveModel {
        id: NotSet,
        case_id: Set(case.id),
        kind: Set(one.kind),
        round: Set(i32::try_from(one.round).unwrap_or(i32::MAX)),
        step: Set(step_of(one.part)),
        staff_id: Set(match to {
            Recipient::Staff(staff) => Some(staff),
            Recipient::Resident(_) => None,
        }),
        account_id: Set(account),
        channel: Set(channel),
        dedup_key: Set(words::dedup_key(case.id, one.round, one.part, to, channel)),
        state: Set(NoticeState::Planned),
        urgent: Set(case.urgency == Urgency::Urgent),
        first_push: Set(one.first_push),
        fields_sealed: Set(s.vault.seal(FIELDS, &fields).map_err(Error::internal)?),
        page: Set(words::page(one.kind, case.id, to)),
        msgid: Set(None),
        errcode: Set(None),
        reason: Set(None),
        created_at: Set(planned_at(case, now)),
        sending_at: Set(None),
        accepted_at: Set(None),
        delivered_at: Set(None),
        finished_at: Set(None),
        held_until: Set(hold::until(s, case.urgency, now).or(one.gather)),
        bundled_into: Set(None),
    })
}

/// Returns when a message about a case counts as planned. Its chain may have begun under a clock that
/// was put back, or is a little ahead of ours: what is told of it from there on belongs to it.
pub fn planned_at(case: &cases::Model, now: Timestamp) -> Timestamp {
    now.max(case.escalation_base)
}

/// Notices outside the chain have no step.
pub const NO_STEP: i32 = -1;

fn step_of(part: Part) -> i32 {
    match part {
        Part::Step(step) => i32::try_from(step).unwrap_or(i32::MAX),
        Part::Once(_) | Part::Event(..) | Part::Beside(..) => NO_STEP,
    }
}

/// Says what a case is, for those who are no recipients.
pub fn facts(s: &Services, case: &cases::Model, at: Timestamp) -> NoticeView {
    let part = (0, Part::Step(0));
    view(s, case, &Planned::new(To::Resident, NoticeKind::Escalated, part, String::new()), at)
}

/// Says what a message about a case tells.
pub fn view(s: &Services, case: &cases::Model, one: &Planned, now: Timestamp) -> NoticeView {
    let places = s.places.now();
    let grid = case.small_grid_id.or(case.large_grid_id).and_then(|id| places.name(id));
    let stands = one.stands.unwrap_or_else(|| Stands::of(case));
    // Only staff still have to find the place; whose request it is knows where he means.
    let nowhere = if one.to == To::Resident { "您反映的地点" } else { "待定位" };
    NoticeView {
        number: case.number.clone(),
        category_zh: case.category.zh().to_owned(),
        place: grid.map_or_else(|| nowhere.to_owned(), |grid| grid.name.clone()),
        state: stands.state,
        rejection: stands.rejection,
        // Nobody waits for a word of whose case goes on as another one.
        awaited: view::awaited(case).filter(|_| one.stands.is_none()),
        again: stands.again,
        time: now,
        due: Some(case.acknowledge_due_at),
        note: one.note.clone(),
    }
}

/// Returns the template id a message of this kind uses; empty when none is configured.
pub fn template(s: &Services, kind: NoticeKind, channel: Channel) -> &str {
    let ids = &s.settings.templates;
    match (channel, kind) {
        (
            Channel::MiniSubscribe,
            NoticeKind::Acknowledged | NoticeKind::Rests | NoticeKind::Message | NoticeKind::Merged,
        ) => &ids.resident_acknowledged,
        (
            Channel::MiniSubscribe,
            NoticeKind::Resolved
            | NoticeKind::Rejected
            | NoticeKind::Diverted
            | NoticeKind::Outcome,
        ) => &ids.resident_resolved,
        (Channel::MiniSubscribe, NoticeKind::Question) => &ids.resident_question,
        (Channel::MiniSubscribe, _) => &ids.staff_case_mini,
        (Channel::Employee, _) => &ids.staff_employee,
        _ => &ids.staff_case,
    }
}
