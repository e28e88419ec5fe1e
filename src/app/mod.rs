//! Use cases, one verb per file: load – decide – write – tell.
//!
//! Never imports actix: whatever drives these, HTTP or the engine or a command line, is a guest.

pub mod actor;
pub mod audit;
pub mod backup;
pub mod batch;
pub mod board;
pub mod building_code;
pub mod bulletin;
pub mod calendar;
pub mod case;
pub mod chain;
pub mod channel;
pub mod coverage;
pub mod doctor;
pub mod drill;
pub mod follower;
pub mod grids;
pub mod import;
pub mod inbox;
pub mod insist;
pub mod alias;
pub mod limit;
pub mod locate;
pub mod media_check;
pub mod my;
pub mod my_grid;
pub mod notice;
pub mod once;
pub mod open311;
pub mod outage;
pub mod photo;
pub mod places;
pub mod print;
pub mod probe;
pub mod trouble;
pub mod version;
pub mod voice;
pub mod wechat_event;
pub mod work;
pub mod proof;
pub mod reach;
pub mod readiness;
pub mod renewal;
pub mod roster;
pub mod session;
pub mod space;
pub mod staff;
pub mod target;
pub mod templates;
#[cfg(test)]
pub mod testkit;
