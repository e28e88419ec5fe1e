//! Every change of the schema, in order. A released migration is never edited.

pub use sea_orm_migration::prelude::*;

mod m20261123_000001_create_places;
mod m20261123_000002_create_people;
mod m20261123_000003_create_cases;
mod m20261125_000001_index_what_is_swept;
mod m20261125_000002_allow_wecom_events;
mod m20261126_000001_create_building_codes;
mod m20261126_000002_create_address_aliases;
mod m20261126_000010_create_inbox;
mod m20261126_000011_reach_staff_by_phone;
mod m20261126_000110_reach_staff_by_wecom;
mod m20261126_000111_tell_employees;
mod m20261126_000112_create_robots;
mod m20261126_000120_create_staff_channels;
mod m20261126_000121_create_roster;
mod m20261126_000122_create_drills;
mod m20261126_000130_create_chain_versions;
mod m20261126_000131_create_engine_pulse;
mod m20261126_000132_hold_and_bundle_notices;
mod m20261126_000150_index_due_jobs_by_priority;
mod m20261127_000160_allow_inbox_without_case;
mod m20261127_000161_count_urgent_cards;
mod m20261127_000170_share_notes;
mod m20261127_000171_index_unreported_texts;
mod m20261127_000172_index_owed_notices;
mod m20261127_000180_create_erasures;
mod m20261127_000181_create_agreements;
mod m20261127_000182_create_voices;
mod m20261127_000190_sign_on_and_off;
mod m20261127_000191_create_swaps;
mod m20261127_000192_create_bulletins;
mod m20261128_000101_index_what_is_over;
mod m20261128_000102_index_what_is_listed;
mod m20261128_000120_create_calendar_and_target_versions;
mod m20261128_000121_keep_clocks_of_cases;
mod m20261128_000130_freeze_figures;
mod m20261128_000131_list_hints;
mod m20261128_000140_seal_the_ledger;
mod m20261128_000150_leave_room_beside_cases;
mod m20261128_000151_keep_what_names_nobody;
mod m20261128_000160_roll_up_figures;
mod m20261128_000180_ask_for_pauses;
mod m20261128_000181_agree_to_appointments;
mod m20261128_000190_list_cases_of_cells;
mod m20261128_000200_let_exports_expire;
mod m20261128_000210_check_references_together;
mod m20261128_000220_keep_the_basis_of_printings;
mod m20261128_000230_count_what_is_not_rolled;
mod m20261128_000240_note_that_papers_came;
mod m20261128_000250_leave_cells_as_they_are;
mod m20261128_000251_index_all_that_is_owed;
mod m20261128_000260_follow_by_code;
mod m20261128_000261_check_media;
mod m20261128_000270_note_when_papers_came;
mod m20261128_000280_find_what_was_merged;
mod m20261128_000290_seal_annexes;
mod m20261128_000300_order_changes_of_members;
mod m20261128_000310_note_when_jobs_were_put;
mod m20261129_000320_compare_cells_by_bytes;
mod m20261129_000330_list_what_is_open_by_its_index;
mod m20261129_000340_seal_cases_by_name;
mod m20261129_000350_note_what_is_put_off;
mod m20261129_000351_index_what_is_put_right;
mod m20261129_000360_keep_cases_beside_cells;
mod m20261130_000361_note_when_it_happened;
mod m20261130_000362_index_pressing_looks;
mod m20261130_000370_index_unreported_tests;
mod sql;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = before_figures();
        all.extend(figures_and_after());
        all
    }
}

fn before_figures() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261123_000001_create_places::Migration),
        Box::new(m20261123_000002_create_people::Migration),
        Box::new(m20261123_000003_create_cases::Migration),
        Box::new(m20261125_000001_index_what_is_swept::Migration),
        Box::new(m20261125_000002_allow_wecom_events::Migration),
        Box::new(m20261126_000001_create_building_codes::Migration),
        Box::new(m20261126_000002_create_address_aliases::Migration),
        Box::new(m20261126_000010_create_inbox::Migration),
        Box::new(m20261126_000011_reach_staff_by_phone::Migration),
        Box::new(m20261126_000110_reach_staff_by_wecom::Migration),
        Box::new(m20261126_000111_tell_employees::Migration),
        Box::new(m20261126_000112_create_robots::Migration),
        Box::new(m20261126_000120_create_staff_channels::Migration),
        Box::new(m20261126_000121_create_roster::Migration),
        Box::new(m20261126_000122_create_drills::Migration),
        Box::new(m20261126_000130_create_chain_versions::Migration),
        Box::new(m20261126_000131_create_engine_pulse::Migration),
        Box::new(m20261126_000132_hold_and_bundle_notices::Migration),
        Box::new(m20261126_000150_index_due_jobs_by_priority::Migration),
        Box::new(m20261127_000160_allow_inbox_without_case::Migration),
        Box::new(m20261127_000161_count_urgent_cards::Migration),
        Box::new(m20261127_000170_share_notes::Migration),
        Box::new(m20261127_000171_index_unreported_texts::Migration),
        Box::new(m20261127_000172_index_owed_notices::Migration),
        Box::new(m20261127_000180_create_erasures::Migration),
        Box::new(m20261127_000181_create_agreements::Migration),
        Box::new(m20261127_000182_create_voices::Migration),
        Box::new(m20261127_000190_sign_on_and_off::Migration),
        Box::new(m20261127_000191_create_swaps::Migration),
        Box::new(m20261127_000192_create_bulletins::Migration),
    ]
}

fn figures_and_after() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261128_000101_index_what_is_over::Migration),
        Box::new(m20261128_000102_index_what_is_listed::Migration),
        Box::new(m20261128_000120_create_calendar_and_target_versions::Migration),
        Box::new(m20261128_000121_keep_clocks_of_cases::Migration),
        Box::new(m20261128_000130_freeze_figures::Migration),
        Box::new(m20261128_000131_list_hints::Migration),
        Box::new(m20261128_000140_seal_the_ledger::Migration),
        Box::new(m20261128_000150_leave_room_beside_cases::Migration),
        Box::new(m20261128_000151_keep_what_names_nobody::Migration),
        Box::new(m20261128_000160_roll_up_figures::Migration),
        Box::new(m20261128_000180_ask_for_pauses::Migration),
        Box::new(m20261128_000181_agree_to_appointments::Migration),
        Box::new(m20261128_000190_list_cases_of_cells::Migration),
        Box::new(m20261128_000200_let_exports_expire::Migration),
        Box::new(m20261128_000210_check_references_together::Migration),
        Box::new(m20261128_000220_keep_the_basis_of_printings::Migration),
        Box::new(m20261128_000230_count_what_is_not_rolled::Migration),
        Box::new(m20261128_000240_note_that_papers_came::Migration),
        Box::new(m20261128_000250_leave_cells_as_they_are::Migration),
        Box::new(m20261128_000251_index_all_that_is_owed::Migration),
        Box::new(m20261128_000260_follow_by_code::Migration),
        Box::new(m20261128_000261_check_media::Migration),
        Box::new(m20261128_000270_note_when_papers_came::Migration),
        Box::new(m20261128_000280_find_what_was_merged::Migration),
        Box::new(m20261128_000290_seal_annexes::Migration),
        Box::new(m20261128_000300_order_changes_of_members::Migration),
        Box::new(m20261128_000310_note_when_jobs_were_put::Migration),
        Box::new(m20261129_000320_compare_cells_by_bytes::Migration),
        Box::new(m20261129_000330_list_what_is_open_by_its_index::Migration),
        Box::new(m20261129_000340_seal_cases_by_name::Migration),
        Box::new(m20261129_000350_note_what_is_put_off::Migration),
        Box::new(m20261129_000351_index_what_is_put_right::Migration),
        Box::new(m20261129_000360_keep_cases_beside_cells::Migration),
        Box::new(m20261130_000361_note_when_it_happened::Migration),
        Box::new(m20261130_000362_index_pressing_looks::Migration),
        Box::new(m20261130_000370_index_unreported_tests::Migration),
    ]
}
