//! The row of a case before anything is known of it: the one place that names every column.

use entity::cases;
use entity::kinds::{AccountId, CaseId, CaseState, Category, ContentCheck, Timestamp, Urgency};

use crate::domain::case::ledger::GENESIS;

/// Makes a row for a case that nobody is responsible for and nothing has happened to.
#[rustfmt::skip]
pub fn case(now: Timestamp) -> cases::Model {
    cases::Model {
        id: CaseId(0),
        number: String::new(),
        state: CaseState::Submitted,
        version: 1,
        urgency: Urgency::Normal,
        category: Category::Other,
        reporter_id: AccountId(0),
        on_behalf_sealed: None,
        reported_by_staff: None,
        text_sealed: String::new(),
        address_sealed: None,
        position_sealed: None,
        contact_phone_sealed: None,
        contact_phone_index: None,
        large_grid_id: None,
        small_grid_id: None,
        place_sealed: String::new(),
        confidence: 0.0,
        triage_reason: None,
        held_by: None,
        snapshot: String::new(),
        targets: String::new(),
        acknowledge_due_at: now,
        contact_due_at: now,
        resolve_due_at: now,
        reported_at: now,
        located_at: None,
        assigned_at: None,
        first_push_at: None,
        opened_at: None,
        acknowledged_at: None,
        acknowledged_by: None,
        first_contact_at: None,
        contacted_at: None,
        resolved_at: None,
        closed_at: None,
        last_reminded_at: None,
        returns: 0, appeals: 0, reopens: 0,
        rating_result: None, rating_attitude: None,
        hold_reason: None, hold_until: None,
        result_type: None,
        merged_into: None,
        rejection: None,
        escalation_base: now,
        escalation_round: 0,
        escalation_step: None,
        stepped_at: None,
        ack_reminded: false,
        next_check_at: None,
        content_check: ContentCheck::Pending,
        content_until: None,
        due_provisional: false, cycle_at: None, yellow_at: None, card: None,
        extension: None, extension_by: None, extension_role: None, extension_days: None,
        last_seq: 0,
        last_hash: GENESIS.to_owned(),
        last_event_at: Timestamp(0),
    }
}
