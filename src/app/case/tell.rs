//! Plans notices: who is told what through which channel, as rows of the same unit.

use std::collections::HashMap;
use std::time::Duration;

use entity::kinds::{
    AccountId, Channel, JobKind, NoticeKind, NoticeState, StaffId, Timestamp, Urgency, WechatApp,
};
use entity::{cases, notice, staff};
use sea_orm::ActiveValue::{NotSet, Set};

use crate::app::inbox;
use crate::domain::notice::{self as words, NoticeView, Part, Recipient};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// The column context under which template fields are sealed.
pub const FIELDS: &str = "notice.fields";

/// Jobs of urgent notices run first, then everybody's first notices, then the rest.
const URGENT: i32 = 10;
const ORDINARY: i32 = 50;

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
}

impl Planned {
    /// The same for somebody whom no channel reaches.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }
}

/// Stores the planned notices with their jobs, and puts all of them into inboxes. People without
/// any living channel get no notice; the escalation sees that nothing was planned for the step and
/// goes on.
pub async fn store(
    s: &Services,
    tx: &Tx,
    case: &cases::Model,
    planned: &[Planned],
    now: Timestamp,
) -> Result<()> {
    let ways = Ways::load(s, tx, planned, now).await?;
    let mut rows = Vec::new();
    for one in planned.iter().filter(|one| !one.quiet) {
        if let Some(row) = row(s, tx, (case, now), one, &ways).await? {
            rows.push(row);
        }
    }
    let stored = store::notice::insert_new(tx, rows).await?;
    inbox::plan::store(s, tx, case, planned, now).await?;
    let wait_until = case.content_until.filter(|until| *until > now);
    let jobs = stored.iter().map(|notice| job(s, notice, wait_until.unwrap_or(now)));
    store::job::enqueue(tx, jobs.collect(), now).await?;
    Ok(())
}

/// Makes the job that sends a stored notice.
pub fn job(s: &Services, notice: &notice::Model, run_at: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::SendNotice,
        dedup_key: notice.id.to_string(),
        payload: serde_json::json!({ "notice": notice.id, "case": notice.case_id }).to_string(),
        priority: if notice.urgent { URGENT } else { ORDINARY },
        run_at,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}

/// Where the staff among the recipients can be reached.
#[derive(Default)]
struct Ways {
    account: HashMap<StaffId, AccountId>,
    apps: HashMap<AccountId, Vec<WechatApp>>,
    mobile: Vec<StaffId>,
    wecom: Vec<StaffId>,
    employed: Vec<StaffId>,
}

impl Ways {
    async fn load(s: &Services, tx: &Tx, planned: &[Planned], now: Timestamp) -> Result<Self> {
        let staff: Vec<StaffId> = planned
            .iter()
            .filter_map(|one| match one.to {
                To::Staff(id) => Some(id),
                To::Resident => None,
            })
            .collect();
        if staff.is_empty() {
            return Ok(Self::default());
        }
        let rows = store::people::staff(tx, &staff).await?;
        let employed = rows.iter().filter(|row| may_be_employee(s, row, now)).map(|row| row.id);
        let employed = employed.collect();
        let account: HashMap<_, _> =
            rows.into_iter().filter_map(|row| Some((row.id, row.account_id?))).collect();
        let accounts: Vec<AccountId> = account.values().copied().collect();
        let mut apps: HashMap<AccountId, Vec<WechatApp>> = HashMap::new();
        for identity in store::people::identities(tx, &accounts).await? {
            apps.entry(identity.account_id).or_default().push(identity.app);
        }
        let mobile = mobiles(s, tx, &staff).await?;
        let wecom = wecom_members(s, tx, &staff).await?;
        Ok(Self { account, apps, mobile, wecom, employed })
    }

    /// Lists the channels that lead to him, the best first: a card of WeCom reaches people at work
    /// and is answered with one tap; an employee message needs no consent for each; the service
    /// account's message is free and unlimited; a subscribe message costs a consent. A text message
    /// costs money and is for those whom nothing else reaches.
    fn candidates(&self, staff: StaffId) -> Vec<Channel> {
        let apps = self.account.get(&staff).and_then(|account| self.apps.get(account));
        let has = |app| apps.is_some_and(|apps| apps.contains(&app));
        let all = [
            (Channel::WecomCard, self.wecom.contains(&staff)),
            (Channel::Employee, has(WechatApp::Mini) && self.employed.contains(&staff)),
            (Channel::OaTemplate, has(WechatApp::Oa)),
            (Channel::MiniSubscribe, has(WechatApp::Mini)),
            (Channel::Sms, self.mobile.contains(&staff)),
        ];
        all.into_iter().filter(|(_, leads)| *leads).map(|(channel, _)| channel).collect()
    }

    /// Chooses the first of them that is open for this kind of notice.
    fn channel(&self, s: &Services, staff: StaffId, kind: NoticeKind) -> Option<Channel> {
        self.candidates(staff).into_iter().find(|channel| s.gate.is_open(*channel, kind))
    }
}

/// How long somebody is not tried as an employee after WeChat said that he is none.
const NOT_EMPLOYED: Duration = Duration::from_hours(24);

/// Tells whether employee messages are sent at all and WeChat did not just refuse one to him.
pub fn may_be_employee(s: &Services, person: &staff::Model, now: Timestamp) -> bool {
    let refused = person.employee_dead_at.is_some_and(|at| now.since(at) < NOT_EMPLOYED);
    !s.settings.templates.staff_employee.is_empty() && !refused
}

/// Lists those of the staff to whom text messages may be sent.
pub async fn mobiles(s: &Services, tx: &Tx, staff: &[StaffId]) -> Result<Vec<StaffId>> {
    if !s.sms.is_on() {
        return Ok(Vec::new());
    }
    Ok(store::people::with_mobile(tx, staff).await?)
}

/// Lists those of the staff to whom cards of WeCom may be sent.
pub async fn wecom_members(s: &Services, tx: &Tx, staff: &[StaffId]) -> Result<Vec<StaffId>> {
    if !s.wecom.sends() {
        return Ok(Vec::new());
    }
    Ok(store::wecom::members(tx, staff).await?)
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
            let Some(channel) = ways.channel(s, staff, one.kind) else { return Ok(None) };
            (Recipient::Staff(staff), ways.account.get(&staff).copied(), channel)
        }
        To::Resident => {
            if !s.gate.is_open(Channel::MiniSubscribe, one.kind) {
                return Ok(None);
            }
            let template = template(s, one.kind, Channel::MiniSubscribe);
            // The consent is used up when the message is planned: it can never be spent twice.
            if !store::consent::take(tx, case.reporter_id, template).await? {
                return Ok(None);
            }
            let to = Recipient::Resident(case.reporter_id);
            (to, Some(case.reporter_id), Channel::MiniSubscribe)
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
        page: Set(words::page(one.kind, case.id)),
        msgid: Set(None),
        errcode: Set(None),
        reason: Set(None),
        created_at: Set(now),
        sending_at: Set(None),
        accepted_at: Set(None),
        delivered_at: Set(None),
        finished_at: Set(None),
    })
}

/// Notices outside the chain have no step.
pub const NO_STEP: i32 = -1;

fn step_of(part: Part) -> i32 {
    match part {
        Part::Step(step) => i32::try_from(step).unwrap_or(i32::MAX),
        Part::Once(_) | Part::Event(..) => NO_STEP,
    }
}

/// Says what a case is, for those who are no recipients.
pub fn facts(s: &Services, case: &cases::Model, at: Timestamp) -> NoticeView {
    let one = Planned {
        to: To::Resident,
        kind: NoticeKind::Escalated,
        round: 0,
        part: Part::Step(0),
        first_push: false,
        note: String::new(),
        quiet: true,
    };
    view(s, case, &one, at)
}

/// Says what a message about a case tells.
pub fn view(s: &Services, case: &cases::Model, one: &Planned, now: Timestamp) -> NoticeView {
    let places = s.places.now();
    let grid = case.small_grid_id.or(case.large_grid_id).and_then(|id| places.name(id));
    NoticeView {
        number: case.number.clone(),
        category_zh: case.category.zh().to_owned(),
        place: grid.map_or_else(|| "待定位".to_owned(), |grid| grid.name.clone()),
        state: case.state,
        time: now,
        due: Some(case.acknowledge_due_at),
        note: one.note.clone(),
    }
}

/// Returns the template id a message of this kind uses; empty when none is configured.
pub fn template(s: &Services, kind: NoticeKind, channel: Channel) -> &str {
    let ids = &s.settings.templates;
    match (channel, kind) {
        (Channel::MiniSubscribe, NoticeKind::Acknowledged) => &ids.resident_acknowledged,
        (Channel::MiniSubscribe, NoticeKind::Resolved | NoticeKind::Rejected) => {
            &ids.resident_resolved
        }
        (Channel::MiniSubscribe, NoticeKind::Question) => &ids.resident_question,
        (Channel::MiniSubscribe, _) => &ids.staff_case_mini,
        (Channel::Employee, _) => &ids.staff_employee,
        _ => &ids.staff_case,
    }
}
