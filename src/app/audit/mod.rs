//! Figures for auditors and street command, computed from the ledger when they are asked for.

pub mod candidates;
pub mod exclude;
pub mod export;
pub mod figures;
pub mod freeze;
pub mod hints;
pub mod ledger;
pub mod names;
pub mod opened;
pub mod report;
pub mod response_times;
pub mod roll_up;
pub mod rolled;
pub mod spreadsheet;
