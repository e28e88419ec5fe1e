//! A help request and where it stands. The table is called `cases` because `case` is an SQL keyword.

use sea_orm::entity::prelude::*;

use crate::kinds::{
    AccountId, ActorRole, Card, CaseId, CaseState, Category, ContentCheck, ExtensionState, GridId,
    HoldReason, RejectionCode, ResultType, StaffId, Timestamp, TriageReason, Urgency,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cases")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: CaseId,
    pub number: String,
    pub state: CaseState,
    /// Raised by every change; a command names the version it saw.
    pub version: i32,
    pub urgency: Urgency,
    pub category: Category,
    pub reporter_id: AccountId,
    /// Name, phone and relation of the person it is for, sealed JSON.
    pub on_behalf_sealed: Option<String>,
    pub reported_by_staff: Option<StaffId>,
    pub text_sealed: String,
    pub address_sealed: Option<String>,
    pub position_sealed: Option<String>,
    pub contact_phone_sealed: Option<String>,
    pub contact_phone_index: Option<String>,
    pub large_grid_id: Option<GridId>,
    pub small_grid_id: Option<GridId>,
    /// What the resolver found, sealed JSON.
    pub place_sealed: String,
    pub confidence: f64,
    pub triage_reason: Option<TriageReason>,
    pub held_by: Option<ActorRole>,
    /// Escalation chain and the people in it, frozen as JSON.
    pub snapshot: String,
    /// Targets and calendar version, frozen as JSON.
    pub targets: String,
    pub acknowledge_due_at: Timestamp,
    pub contact_due_at: Timestamp,
    pub resolve_due_at: Timestamp,
    pub reported_at: Timestamp,
    pub located_at: Option<Timestamp>,
    pub assigned_at: Option<Timestamp>,
    pub first_push_at: Option<Timestamp>,
    pub opened_at: Option<Timestamp>,
    pub acknowledged_at: Option<Timestamp>,
    pub acknowledged_by: Option<StaffId>,
    pub first_contact_at: Option<Timestamp>,
    pub contacted_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub last_reminded_at: Option<Timestamp>,
    pub returns: i32,
    pub appeals: i32,
    pub reopens: i32,
    pub rating_result: Option<i32>,
    pub rating_attitude: Option<i32>,
    pub hold_reason: Option<HoldReason>,
    pub hold_until: Option<Timestamp>,
    pub result_type: Option<ResultType>,
    pub merged_into: Option<CaseId>,
    pub rejection: Option<RejectionCode>,
    /// When the present round of the chain began.
    pub escalation_base: Timestamp,
    pub escalation_round: i32,
    /// The last step of the round that was taken.
    pub escalation_step: Option<i32>,
    pub stepped_at: Option<Timestamp>,
    pub ack_reminded: bool,
    /// When the engine looks again; an open case always has one (CHECK).
    pub next_check_at: Option<Timestamp>,
    /// Since when each of its looks has failed and it was put off.
    pub put_off_since: Option<Timestamp>,
    pub content_check: ContentCheck,
    /// Notices wait for the content check until then.
    pub content_until: Option<Timestamp>,
    /// A notice that is still to come may move one of the due times.
    pub due_provisional: bool,
    /// When it was last reopened: since then contact and result are counted.
    pub cycle_at: Option<Timestamp>,
    /// When half of the time for the result is used; unknown for cases from before.
    pub yellow_at: Option<Timestamp>,
    pub card: Option<Card>,
    pub extension: Option<ExtensionState>,
    pub extension_by: Option<AccountId>,
    /// One level above it is decided: of whoever asked, or higher if everybody there is measured.
    pub extension_role: Option<ActorRole>,
    /// Asked for or granted; nothing once another cycle began.
    pub extension_days: Option<i32>,
    /// Somebody asked for a rest and nobody decided: why, until when, and who asked.
    pub pause_reason: Option<HoldReason>,
    pub pause_until: Option<Timestamp>,
    pub pause_by: Option<StaffId>,
    /// The resident said that the time of the appointment is right.
    pub appointment_agreed: bool,
    /// When the resident last added something since it rests for his papers.
    pub papers_added_at: Option<Timestamp>,
    pub last_seq: i32,
    pub last_hash: String,
    pub last_event_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
