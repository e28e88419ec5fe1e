//! Use cases, one verb per file: load – decide – write – tell.
//!
//! Never imports actix: whatever drives these, HTTP or the engine or a command line, is a guest.

pub mod actor;
pub mod audit;
pub mod backup;
pub mod batch;
pub mod building_code;
pub mod case;
pub mod coverage;
pub mod doctor;
pub mod import;
pub mod inbox;
pub mod alias;
pub mod limit;
pub mod locate;
pub mod notice;
pub mod photo;
pub mod places;
pub mod wechat_event;
pub mod work;
pub mod readiness;
pub mod session;
pub mod staff;
pub mod templates;
#[cfg(test)]
pub mod testkit;
