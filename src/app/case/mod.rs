//! Use cases of a help request, one verb per file.
//!
//! Every change of a case goes through [`change::Change`]: it holds the case inside the unit of
//! writes, collects the ledger events and notices, and stores all of them at once.

pub mod acknowledge;
pub mod act;
pub mod agree;
pub mod answer;
pub mod appeal;
pub mod ask_pause;
pub mod assign;
pub mod attach;
mod behind;
pub mod blank;
pub mod cancel;
pub mod chain;
pub mod change;
pub mod clock;
pub mod confirm;
pub mod contact;
pub mod decide_extension;
pub mod decide_pause;
mod deciders;
pub mod divert;
pub mod dues;
pub mod enter;
pub mod extend;
pub mod facts;
pub mod forget_phone;
pub mod freeze;
pub mod hold;
pub mod hold_all;
pub mod home;
pub mod ledger;
pub mod list;
pub mod merge;
mod numbers;
pub mod pauses;
pub mod place;
pub mod promise;
pub mod rate;
pub mod reconcile;
pub mod reject;
pub mod remind;
pub mod reopen;
pub mod report;
pub mod resolve;
pub mod resume;
pub mod return_;
mod said;
pub mod show;
mod sight;
pub mod spot;
pub mod supervise;
pub mod tell;
mod told;
pub mod transfer;
pub mod update;
pub mod verify;
pub mod view;

pub use entity::cases::Model as Case;
