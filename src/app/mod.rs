//! Use cases, one verb per file: load – decide – write – tell.
//!
//! Never imports actix: whatever drives these, HTTP or the engine or a command line, is a guest.

pub mod actor;
pub mod backup;
pub mod case;
pub mod doctor;
pub mod import;
pub mod places;
pub mod readiness;
pub mod staff;
