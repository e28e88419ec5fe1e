//! Every edge of the help request's state machine (domain §4.1), as a table.
//!
//! A row says who may do what from where, and which event the ledger receives. What is not in the
//! table cannot happen: deleting, resolving what nobody acknowledged, closing by the owner, and any
//! edge by an administrator are absent on purpose. Guards that need facts live in [`super::state`].

use entity::kinds::{ActorRole, CaseState, EventType};
use serde::{Deserialize, Serialize};

/// Something a person or the system does to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Acknowledge,
    Contact,
    Update,
    Resolve,
    Confirm,
    Verify,
    Rate,
    Reopen,
    Return,
    Transfer,
    Remind,
    Supervise,
    Cancel,
    Hold,
    Resume,
    Assign,
    Reject,
    Appeal,
    Merge,
    Answer,
    Extend,
    DecideExtension,
    AskPause,
    DecidePause,
    Divert,
    Agree,
    Place,
    SendToTriage,
    Escalate,
    Unacknowledge,
    AutoClose,
    AutoResume,
}

impl Verb {
    /// Every verb, in the order of declaration; the last six belong to the system.
    pub const ALL: &'static [Self] = &[
        Self::Acknowledge,
        Self::Contact,
        Self::Update,
        Self::Resolve,
        Self::Confirm,
        Self::Verify,
        Self::Rate,
        Self::Reopen,
        Self::Return,
        Self::Transfer,
        Self::Remind,
        Self::Supervise,
        Self::Cancel,
        Self::Hold,
        Self::Resume,
        Self::Assign,
        Self::Reject,
        Self::Appeal,
        Self::Merge,
        Self::Answer,
        Self::Extend,
        Self::DecideExtension,
        Self::AskPause,
        Self::DecidePause,
        Self::Divert,
        Self::Agree,
        Self::Place,
        Self::SendToTriage,
        Self::Escalate,
        Self::Unacknowledge,
        Self::AutoClose,
        Self::AutoResume,
    ];

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Acknowledge => ("acknowledgement", "签收"),
            Self::Contact => ("contacts", "联系"),
            Self::Update => ("updates", "补充进展"),
            Self::Resolve => ("resolution", "办结"),
            Self::Confirm => ("confirmation", "确认"),
            Self::Verify => ("verification", "核查"),
            Self::Rate => ("rating", "评价"),
            Self::Reopen => ("reopening", "重开"),
            Self::Return => ("return", "退单"),
            Self::Transfer => ("transfer", "转派"),
            Self::Remind => ("reminder", "催办"),
            Self::Supervise => ("supervision", "督办"),
            Self::Cancel => ("cancellation", "撤回"),
            Self::Hold => ("hold", "挂起"),
            Self::Resume => ("resumption", "恢复"),
            Self::Assign => ("assignment", "派单"),
            Self::Reject => ("rejection", "不予受理"),
            Self::Appeal => ("appeal", "申诉"),
            Self::Merge => ("merge", "并案"),
            Self::Answer => ("answer", "补充地址"),
            Self::Extend => ("extension", "申请延期"),
            Self::DecideExtension => ("extension_decision", "审批延期"),
            Self::AskPause => ("pause", "申请挂起"),
            Self::DecidePause => ("pause_decision", "审批挂起"),
            Self::Divert => ("diversion", "转法定途径"),
            Self::Agree => ("agreement", "确认约定时间"),
            Self::Place => ("placement", "定位派单"),
            Self::SendToTriage => ("triage", "转分拣"),
            Self::Escalate => ("escalation", "升级"),
            Self::Unacknowledge => ("unacknowledgement", "撤销签收"),
            Self::AutoClose => ("auto_closing", "自动办结"),
            Self::AutoResume => ("auto_resumption", "自动恢复"),
        }
    }

    /// Names the sub-resource of a case that stands for the verb.
    pub const fn word(self) -> &'static str {
        self.names().0
    }

    /// Names the verb as a person reads it.
    pub const fn zh(self) -> &'static str {
        self.names().1
    }
}

/// One permitted step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub from: CaseState,
    pub verb: Verb,
    pub to: CaseState,
    pub roles: &'static [ActorRole],
    pub event: EventType,
}

use ActorRole as A;
use CaseState as S;
use EventType as E;
use Verb as V;

const RESIDENT: &[A] = &[A::Resident];
const SYSTEM: &[A] = &[A::System];
const VERIFIER: &[A] = &[A::Verifier];
const COMMAND: &[A] = &[A::Command];
const DESK: &[A] = &[A::TriageDesk];
const PLACERS: &[A] = &[A::Cadre, A::TriageDesk, A::Command];
const HANDLERS: &[A] = &[A::Primary, A::Backup, A::Cadre, A::Secretary];
const RETURNERS: &[A] = &[A::Primary, A::Backup, A::Cadre];
const CHAIN: &[A] = &[A::Primary, A::Backup, A::Cadre, A::Secretary, A::Command];
const REMINDERS: &[A] = &[A::Resident, A::Secretary, A::Command];
const HOLDERS: &[A] = &[A::Primary, A::Backup, A::Cadre, A::Command];
const EXTENDERS: &[A] = &[A::Primary, A::Backup, A::Cadre, A::Secretary];
const DECIDERS: &[A] = &[A::Cadre, A::Secretary, A::Command];
const WORKERS: &[A] = &[A::Primary, A::Backup];
const CADRE: &[A] = &[A::Cadre];
const RESUMERS: &[A] = &[A::Primary, A::Backup, A::Cadre, A::Secretary, A::Command, A::Resident];

const fn edge(from: S, verb: V, to: S, roles: &'static [A], event: E) -> Edge {
    Edge { from, verb, to, roles, event }
}

/// The whole machine. `(from, verb)` is unique for a role except for [`Verb::Answer`], whose second
/// row is the answer that still names no single grid, and for [`Verb::DecidePause`], whose second
/// row is the refusal. What a resident posts to `updates` is an
/// addition, in any open state; what a handler posts is progress.
#[rustfmt::skip]
pub const EDGES: &[Edge] = &[
    edge(S::Submitted, V::Place, S::Assigned, SYSTEM, E::Assigned),
    edge(S::Submitted, V::SendToTriage, S::Triage, SYSTEM, E::SentToTriage),
    edge(S::Triage, V::Assign, S::Assigned, PLACERS, E::Assigned),
    edge(S::Triage, V::Answer, S::Assigned, RESIDENT, E::Answered),
    edge(S::Triage, V::Answer, S::Triage, RESIDENT, E::Answered),
    edge(S::Triage, V::Reject, S::Rejected, DESK, E::Rejected),
    edge(S::Triage, V::Merge, S::Merged, PLACERS, E::Merged),
    edge(S::Triage, V::Escalate, S::Triage, SYSTEM, E::Escalated),
    edge(S::Triage, V::Update, S::Triage, RESIDENT, E::Added),
    edge(S::Triage, V::Remind, S::Triage, REMINDERS, E::Reminded),
    edge(S::Triage, V::Supervise, S::Triage, COMMAND, E::Supervised),
    edge(S::Triage, V::Cancel, S::Cancelled, RESIDENT, E::Cancelled),
    edge(S::Assigned, V::Acknowledge, S::Acknowledged, CHAIN, E::Acknowledged),
    edge(S::Assigned, V::Escalate, S::Assigned, SYSTEM, E::Escalated),
    edge(S::Assigned, V::SendToTriage, S::Triage, SYSTEM, E::SentToTriage),
    edge(S::Assigned, V::Return, S::Triage, RETURNERS, E::Returned),
    edge(S::Assigned, V::Transfer, S::Assigned, CHAIN, E::Transferred),
    edge(S::Assigned, V::Merge, S::Merged, PLACERS, E::Merged),
    edge(S::Assigned, V::Update, S::Assigned, RESIDENT, E::Added),
    edge(S::Assigned, V::Remind, S::Assigned, REMINDERS, E::Reminded),
    edge(S::Assigned, V::Supervise, S::Assigned, COMMAND, E::Supervised),
    edge(S::Assigned, V::Cancel, S::Cancelled, RESIDENT, E::Cancelled),
    edge(S::Acknowledged, V::Contact, S::InProgress, HANDLERS, E::ContactAttempted),
    edge(S::Acknowledged, V::Unacknowledge, S::Assigned, SYSTEM, E::Unacknowledged),
    edge(S::Acknowledged, V::Return, S::Triage, RETURNERS, E::Returned),
    edge(S::Acknowledged, V::Transfer, S::Assigned, CHAIN, E::Transferred),
    edge(S::Acknowledged, V::Merge, S::Merged, PLACERS, E::Merged),
    edge(S::Acknowledged, V::Update, S::Acknowledged, RESIDENT, E::Added),
    edge(S::Acknowledged, V::Remind, S::Acknowledged, REMINDERS, E::Reminded),
    edge(S::Acknowledged, V::Supervise, S::Acknowledged, COMMAND, E::Supervised),
    edge(S::Acknowledged, V::Cancel, S::Cancelled, RESIDENT, E::Cancelled),
    edge(S::InProgress, V::Contact, S::InProgress, HANDLERS, E::ContactAttempted),
    edge(S::InProgress, V::Update, S::InProgress, HANDLERS, E::Updated),
    edge(S::InProgress, V::Resolve, S::Resolved, HANDLERS, E::Resolved),
    edge(S::InProgress, V::Hold, S::OnHold, HOLDERS, E::Held),
    edge(S::InProgress, V::Extend, S::InProgress, EXTENDERS, E::ExtensionAsked),
    edge(S::InProgress, V::DecideExtension, S::InProgress, DECIDERS, E::ExtensionGranted),
    edge(S::InProgress, V::AskPause, S::InProgress, WORKERS, E::PauseAsked),
    edge(S::InProgress, V::DecidePause, S::OnHold, CADRE, E::Held),
    edge(S::InProgress, V::DecidePause, S::InProgress, CADRE, E::PauseRefused),
    edge(S::InProgress, V::Divert, S::Rejected, COMMAND, E::Diverted),
    edge(S::InProgress, V::Transfer, S::Assigned, CHAIN, E::Transferred),
    edge(S::InProgress, V::Update, S::InProgress, RESIDENT, E::Added),
    edge(S::InProgress, V::Remind, S::InProgress, REMINDERS, E::Reminded),
    edge(S::InProgress, V::Supervise, S::InProgress, COMMAND, E::Supervised),
    edge(S::InProgress, V::Cancel, S::Cancelled, RESIDENT, E::Cancelled),
    edge(S::OnHold, V::Resume, S::InProgress, RESUMERS, E::Resumed),
    edge(S::OnHold, V::AutoResume, S::InProgress, SYSTEM, E::Resumed),
    edge(S::OnHold, V::Agree, S::OnHold, RESIDENT, E::AppointmentAgreed),
    edge(S::OnHold, V::Divert, S::Rejected, COMMAND, E::Diverted),
    edge(S::OnHold, V::Update, S::OnHold, RESIDENT, E::Added),
    edge(S::OnHold, V::Remind, S::OnHold, REMINDERS, E::Reminded),
    edge(S::OnHold, V::Supervise, S::OnHold, COMMAND, E::Supervised),
    edge(S::Resolved, V::Confirm, S::Closed, RESIDENT, E::Confirmed),
    edge(S::Resolved, V::Verify, S::Closed, VERIFIER, E::Verified),
    edge(S::Resolved, V::AutoClose, S::Closed, SYSTEM, E::AutoClosed),
    edge(S::Resolved, V::Reopen, S::InProgress, &[A::Resident, A::Verifier], E::Reopened),
    edge(S::Resolved, V::Update, S::Resolved, RESIDENT, E::Added),
    edge(S::Resolved, V::Remind, S::Resolved, REMINDERS, E::Reminded),
    edge(S::Resolved, V::Supervise, S::Resolved, COMMAND, E::Supervised),
    edge(S::Closed, V::Rate, S::Closed, RESIDENT, E::Rated),
    edge(S::Closed, V::Reopen, S::InProgress, &[A::Resident, A::Verifier, A::Command], E::Reopened),
    edge(S::Rejected, V::Appeal, S::Triage, RESIDENT, E::Appealed),
];

/// Returns how a case ended by what happened to it, in order; `None` while it is open.
pub fn ended(happened: impl Iterator<Item = EventType>) -> Option<CaseState> {
    let turn = |event: EventType| {
        let turns = |edge: &&Edge| edge.event == event && is_open(edge.from) != is_open(edge.to);
        EDGES.iter().find(turns)
    };
    let turns = happened.filter_map(turn);
    turns.last().map(|edge| edge.to).filter(|state| !is_open(*state))
}

/// Tells whether the case still waits for somebody.
pub const fn is_open(state: CaseState) -> bool {
    !matches!(state, S::Closed | S::Rejected | S::Merged | S::Cancelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_case_ended_follows_from_what_happened_to_it() {
        let begun =
            [E::Reported, E::Located, E::Assigned, E::Acknowledged, E::Contacted, E::Resolved];
        let after = |more: &[E]| ended(begun.iter().chain(more).copied());
        assert_eq!(after(&[]), None);
        assert_eq!(after(&[E::Confirmed]), Some(S::Closed));
        assert_eq!(after(&[E::AutoClosed, E::Rated]), Some(S::Closed));
        assert_eq!(after(&[E::Confirmed, E::Reopened, E::Resolved]), None);
        assert_eq!(
            ended([E::Reported, E::SentToTriage, E::Rejected].into_iter()),
            Some(S::Rejected)
        );
        let appealed = [E::Reported, E::SentToTriage, E::Rejected, E::Appealed];
        assert_eq!(ended(appealed.into_iter()), None);
        assert_eq!(ended([E::Reported, E::Assigned, E::Cancelled].into_iter()), Some(S::Cancelled));
        // No event ends a case in one place and opens it in another.
        for edge in EDGES.iter().filter(|edge| is_open(edge.from) != is_open(edge.to)) {
            assert_eq!(ended([edge.event].into_iter()), Some(edge.to).filter(|to| !is_open(*to)));
        }
    }
}
