//! Decides whether an actor may take a step on a case now, and where the case goes.
//!
//! The table of steps is [`super::edges`]; here are the guards that need facts of the case or of
//! the request. Scope (own grid, own community) is the caller's: it is part of the query that
//! loads the case. Invariant: `decide` only ever answers with a row of the table.

use std::borrow::Cow;
use std::time::Duration;

use entity::kinds::{
    ActorRole, CaseState, EventType, ExtensionState, HoldReason, Timestamp, TriageReason, Urgency,
};

pub use super::edges::{EDGES, Edge, Verb, is_open};

/// How long a closed case may be reopened by its resident or by whoever calls him back. What an
/// auditor asks street command to reopen may be older.
pub const REOPEN_WITHIN: Duration = Duration::from_hours(30 * 24);
/// How often a resident may remind.
pub const REMIND_EVERY: Duration = Duration::from_hours(24);
/// Returns that go back to the community; the next one goes to street command, which then decides.
pub const FREE_RETURNS: u32 = 2;

/// What the guards need to know of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub state: CaseState,
    pub urgency: Urgency,
    /// How often the case was returned so far.
    pub returns: u32,
    pub appeals: u32,
    pub closed_at: Option<Timestamp>,
    /// When the resident last reminded; reminders by staff do not count.
    pub last_reminded_at: Option<Timestamp>,
    /// The resident was reached at least once (t5).
    pub contacted: bool,
    pub rated: bool,
    pub triage_reason: Option<TriageReason>,
    pub resolve_due_at: Option<Timestamp>,
    /// What became of the one request for more time.
    pub extension: Option<ExtensionState>,
    /// In which capacity it counts as asked for ([`asked_as`]).
    pub extension_role: Option<ActorRole>,
    /// Until when a rest was asked for about which nobody decided.
    pub pause_until: Option<Timestamp>,
    /// It rests until an appointment: whether the resident confirmed its time.
    pub appointment: Option<bool>,
}

/// What the actor asks for beyond the verb.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts of one request that do not exclude each other"
)]
pub struct Ask {
    pub hold_reason: Option<HoldReason>,
    pub resume_at: Option<Timestamp>,
    /// The recorded contact reached the resident.
    pub reached: bool,
    /// The verifier called the resident back and reached him.
    pub called_back: bool,
    /// The grid of a transfer or an assignment lies in another community.
    pub leaves_community: bool,
    /// The actor is measured by this case: responsible for it, or the one who handled it.
    pub assessed: bool,
    /// The actor rejected this case before.
    pub rejected_before: bool,
    /// Other residents' requests were merged into this one.
    pub others_wait: bool,
    /// The resident's answer still names no single grid.
    pub unplaced: bool,
    /// The request for more time, or for a rest, is refused.
    pub refuses: bool,
    /// The actor asked for more time, or for the rest, himself.
    pub asked_himself: bool,
    /// The longest rest for the resident's papers, in days, as the street decided it.
    pub material_days: u16,
    /// The longest rest until an appointment, in days, as the street decided it.
    pub appointment_days: u16,
}

/// A permitted step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub to: CaseState,
    /// In which of his capacities the actor takes it.
    pub role: ActorRole,
    pub event: EventType,
    /// The case is from now on held by street command (third return).
    pub held_by_command: bool,
}

/// Why a step is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{} is not possible in state {}", verb.word(), state.word())]
    NotAllowed { state: CaseState, verb: Verb, allowed: Vec<Verb> },
    #[error("{zh} ({code})")]
    Guard { code: &'static str, zh: Cow<'static, str> },
}

const fn guard<T>(code: &'static str, zh: &'static str) -> Result<T, Refusal> {
    Err(Refusal::Guard { code, zh: Cow::Borrowed(zh) })
}

/// The same with a number in the sentence.
const fn counted_guard(code: &'static str, zh: String) -> Result<(), Refusal> {
    Err(Refusal::Guard { code, zh: Cow::Owned(zh) })
}

/// Decides one step. Fails with [`Refusal::NotAllowed`] when no role of the actor has such an edge
/// from here, and with [`Refusal::Guard`] when the edge exists and its condition does not hold.
pub fn decide(
    facts: &Facts,
    roles: &[ActorRole],
    verb: Verb,
    ask: &Ask,
    now: Timestamp,
) -> Result<Move, Refusal> {
    let mut refusal = None;
    for &role in roles {
        let Some(edge) = find(facts.state, verb, role, ask) else {
            continue;
        };
        let checked = known(facts, role, verb, now).and_then(|()| asked(role, verb, ask, now));
        match checked {
            Ok(()) => return Ok(taken(edge, facts, role, ask)),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    Err(refusal.unwrap_or_else(|| Refusal::NotAllowed {
        state: facts.state,
        verb,
        allowed: allowed(facts, roles, ask.assessed, now),
    }))
}

/// Lists the verbs these roles could take now, as far as the facts of the case alone tell and
/// whether the person is measured by it. Nobody asks for what he may decide himself.
pub fn allowed(facts: &Facts, roles: &[ActorRole], assessed: bool, now: Timestamp) -> Vec<Verb> {
    let may = |verb: Verb| {
        roles.iter().any(|&role| {
            find(facts.state, verb, role, &Ask::default()).is_some()
                && known(facts, role, verb, now).is_ok()
                && !(assessed && approves(role, verb))
        })
    };
    let decides = !assessed && roles.contains(&ActorRole::Cadre);
    let asks = |verb: Verb| decides && verb == Verb::AskPause;
    Verb::ALL.iter().copied().filter(|&verb| may(verb) && !asks(verb)).collect()
}

/// Tells whether this is the approval of what whoever handles the case asks for.
fn approves(role: ActorRole, verb: Verb) -> bool {
    match verb {
        Verb::Hold => role == ActorRole::Cadre,
        Verb::DecidePause | Verb::DecideExtension => true,
        _ => false,
    }
}

fn find(from: CaseState, verb: Verb, role: ActorRole, ask: &Ask) -> Option<&'static Edge> {
    let fits = |edge: &&Edge| match verb {
        Verb::Answer => (edge.to == CaseState::Triage) == ask.unplaced,
        Verb::DecidePause => (edge.to == CaseState::InProgress) == ask.refuses,
        _ => true,
    };
    EDGES
        .iter()
        .filter(|edge| edge.from == from && edge.verb == verb && edge.roles.contains(&role))
        .find(fits)
}

fn taken(edge: &Edge, facts: &Facts, role: ActorRole, ask: &Ask) -> Move {
    let event = match edge.verb {
        Verb::Contact if ask.reached => EventType::Contacted,
        Verb::DecideExtension if ask.refuses => EventType::ExtensionRefused,
        _ => edge.event,
    };
    let held_by_command = edge.verb == Verb::Return && facts.returns >= FREE_RETURNS;
    Move { to: edge.to, role, event, held_by_command }
}

/// Checks what the case itself tells; the same answer for the button and for the click.
fn known(facts: &Facts, role: ActorRole, verb: Verb, now: Timestamp) -> Result<(), Refusal> {
    let resident = role == ActorRole::Resident;
    let past = |at: Option<Timestamp>, span: Duration| at.is_none_or(|at| now >= at + span);
    match verb {
        Verb::Remind if resident && !past(facts.last_reminded_at, REMIND_EVERY) => {
            guard("reminded_recently", "24小时内已催办过，请稍后再试")
        }
        Verb::Cancel if facts.urgency == Urgency::Urgent && !facts.contacted => {
            guard("urgent_needs_contact", "紧急诉求须先与您取得联系，确认安全后才能撤回")
        }
        Verb::Rate if facts.rated => guard("already_rated", "您已评价过"),
        Verb::Reopen if role != ActorRole::Command && reopen_over(facts, now) => {
            guard("reopen_expired", "办结已超过30天，请重新上报")
        }
        Verb::Return if facts.returns > FREE_RETURNS => {
            guard("returns_exhausted", "街道指挥中心已最终指定承办人，不能再退单")
        }
        Verb::Assign | Verb::Reject | Verb::Merge
            if only_command(facts) && role != ActorRole::Command =>
        {
            guard("held_by_command", "该工单已三次退单，由街道指挥中心指定承办人")
        }
        Verb::Appeal if facts.appeals > 0 => guard("already_appealed", "每件诉求只能申诉一次"),
        Verb::Answer if facts.triage_reason != Some(TriageReason::Ask) => {
            guard("nothing_asked", "目前没有需要您补充的问题")
        }
        Verb::Agree if facts.appointment.is_none() => {
            guard("no_appointment", "目前没有需要您确认的约定时间")
        }
        Verb::Agree if facts.appointment == Some(true) => {
            guard("appointment_already_agreed", "您已经确认过约定时间")
        }
        Verb::DecidePause if facts.pause_until.is_none() => {
            guard("no_pause_asked", "没有待审批的挂起申请")
        }
        Verb::Hold | Verb::AskPause | Verb::DecidePause
            if facts.resolve_due_at.is_some_and(|due| now >= due) =>
        {
            guard("hold_after_due", "已超过办结时限，不能再挂起")
        }
        Verb::AskPause if pause_waits(facts.pause_until, now) => {
            guard("pause_already_asked", "已经申请过挂起，正在等社区干部审批")
        }
        Verb::DecidePause if !pause_waits(facts.pause_until, now) => {
            guard("pause_lapsed", "申请的恢复时间已经过了，请网格员重新申请")
        }
        Verb::Extend => extend(facts, now),
        Verb::DecideExtension => decide_extension(facts, role),
        _ => Ok(()),
    }
}

/// Tells whether a rest that was asked for until then can still be granted: what would end before
/// it begins cannot, and may be asked for anew.
pub fn pause_waits(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_some_and(|until| until > now)
}

fn extend(facts: &Facts, now: Timestamp) -> Result<(), Refusal> {
    if facts.extension.is_some() {
        return guard("extension_once", "每件工单只能申请一次延期");
    }
    if facts.resolve_due_at.is_some_and(|due| now >= due) {
        return guard("extension_after_due", "已超过办结时限，不能再申请延期");
    }
    Ok(())
}

/// One level above whoever asked, or further up ([`asked_as`]), and nobody else (domain §4.2). The
/// decision may come after the due time: what counts is that the request came before.
fn decide_extension(facts: &Facts, role: ActorRole) -> Result<(), Refusal> {
    if facts.extension != Some(ExtensionState::Asked) {
        return guard("no_extension_asked", "没有待审批的延期申请");
    }
    if facts.extension_role.and_then(level_above) != Some(role) {
        return guard("extension_wrong_approver", "延期须由申请人的上一级审批");
    }
    Ok(())
}

/// In which capacity a request for more time counts as asked: his own who asks, or a higher one
/// when everybody one level above is measured by the case himself. Street command is the last.
pub fn asked_as(role: ActorRole, all_measured: impl Fn(ActorRole) -> bool) -> ActorRole {
    let mut role = role;
    let passed = |above: &ActorRole| level_above(*above).is_some() && all_measured(*above);
    while let Some(above) = level_above(role).filter(passed) {
        role = above;
    }
    role
}

/// Who decides what somebody in this capacity asks for.
pub const fn level_above(role: ActorRole) -> Option<ActorRole> {
    match role {
        ActorRole::Primary | ActorRole::Backup => Some(ActorRole::Cadre),
        ActorRole::Cadre => Some(ActorRole::Secretary),
        ActorRole::Secretary => Some(ActorRole::Command),
        _ => None,
    }
}

fn reopen_over(facts: &Facts, now: Timestamp) -> bool {
    let over = |closed: Timestamp| now > closed + REOPEN_WITHIN;
    facts.state == CaseState::Closed && facts.closed_at.is_none_or(over)
}

fn only_command(facts: &Facts) -> bool {
    facts.state == CaseState::Triage && facts.returns > FREE_RETURNS
}

/// Checks what the actor asks for.
fn asked(role: ActorRole, verb: Verb, ask: &Ask, now: Timestamp) -> Result<(), Refusal> {
    match verb {
        Verb::Hold => hold(role, ask, now),
        Verb::AskPause => ask_pause(ask, now),
        Verb::DecidePause if ask.asked_himself => {
            guard("pause_own", "不能审批自己的挂起申请，请其他社区干部审批")
        }
        Verb::DecidePause if ask.assessed && !ask.refuses => {
            guard("pause_own_case", "不能同意自己承办的工单挂起，请其他社区干部审批")
        }
        Verb::Transfer if ask.leaves_community && role != ActorRole::Command => guard(
            "transfer_outside_community",
            "只能转派给本社区的网格，跨社区请退单或联系街道指挥中心",
        ),
        Verb::Assign if ask.leaves_community && role == ActorRole::Cadre => guard(
            "assign_outside_community",
            "社区干部只能派给本社区的网格，其他社区请交分拣员或街道指挥中心",
        ),
        Verb::DecideExtension if ask.asked_himself => {
            guard("extension_own", "不能审批自己的延期申请")
        }
        Verb::DecideExtension if ask.assessed && !ask.refuses => {
            guard("extension_own_case", "不能同意自己承办的工单延期，请其他人审批")
        }
        Verb::Cancel if ask.others_wait => {
            guard("others_wait", "别的居民也反映了这件事，已合并在这一件里办理，不能撤回")
        }
        Verb::Merge if ask.assessed => guard("merge_own_case", "承办人不能并掉自己负责的工单"),
        Verb::Reject if ask.rejected_before => {
            guard("same_desk_after_appeal", "居民已申诉，须由另一名分拣员处理")
        }
        Verb::Verify | Verb::Reopen if role == ActorRole::Verifier && ask.assessed => {
            guard("verify_own_case", "不能核查自己承办的工单")
        }
        Verb::Verify if !ask.called_back => {
            guard("callback_needed", "须先回访并联系上居民，才能核查通过")
        }
        _ => Ok(()),
    }
}

fn hold(role: ActorRole, ask: &Ask, now: Timestamp) -> Result<(), Refusal> {
    let reason = stops(ask)?;
    if reason == HoldReason::AwaitingMaterial && ask.assessed {
        return guard(
            "hold_own_case",
            "自己承办的工单等补充材料，不能自己挂起，请其他社区干部批准",
        );
    }
    let approves = match reason {
        HoldReason::AwaitingMaterial => role == ActorRole::Cadre,
        HoldReason::AwaitingAppointment => matches!(role, ActorRole::Primary | ActorRole::Backup),
        _ => role == ActorRole::Command,
    };
    if !approves {
        return guard("hold_wrong_approver", "该挂起原因须由规定的角色批准");
    }
    until(ask, now)
}

/// What a worker asks his cadre for; the other reasons are approved by himself or by the street.
fn ask_pause(ask: &Ask, now: Timestamp) -> Result<(), Refusal> {
    match stops(ask)? {
        HoldReason::AwaitingMaterial => until(ask, now),
        HoldReason::AwaitingAppointment => {
            guard("pause_needs_no_approval", "和居民约了时间的，由网格员直接挂起，不用申请")
        }
        _ => guard("pause_by_command", "天气或不可抗力由街道指挥中心统一挂起，不用申请"),
    }
}

/// Returns the reason when it stops the clock at all.
fn stops(ask: &Ask) -> Result<HoldReason, Refusal> {
    use HoldReason::{AwaitingAppointment, AwaitingDepartment, AwaitingMaterial, AwaitingPurchase};
    match ask.hold_reason {
        Some(reason @ (AwaitingMaterial | AwaitingAppointment | HoldReason::Weather)) => Ok(reason),
        Some(AwaitingDepartment | AwaitingPurchase) => {
            guard("hold_never_stops", "等部门、等采购或施工不停止计时；时间不够请申请延期")
        }
        None => guard("hold_needs_reason", "请选择挂起原因"),
    }
}

/// A rest ends ahead of now, and one for papers or an appointment within the days that the street
/// decided: whoever handles the case says that day himself, and the clock stands still until then.
fn until(ask: &Ask, now: Timestamp) -> Result<(), Refusal> {
    let Some(until) = ask.resume_at.filter(|at| *at > now) else {
        return guard("hold_needs_resume_date", "请填写晚于现在的恢复时间");
    };
    let (days, what) = match ask.hold_reason {
        Some(HoldReason::AwaitingMaterial) => (ask.material_days, "等补充材料"),
        Some(HoldReason::AwaitingAppointment) => (ask.appointment_days, "和居民约了时间的，"),
        _ => return Ok(()),
    };
    if until > now + Duration::from_hours(24 * u64::from(days)) {
        return counted_guard("hold_too_long", format!("{what}最多挂起{days}天"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "state_own_tests.rs"]
mod own_tests;
