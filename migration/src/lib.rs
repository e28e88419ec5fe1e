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
mod sql;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
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
        ]
    }
}
