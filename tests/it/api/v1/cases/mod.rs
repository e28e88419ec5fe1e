//! `/api/v1/cases`.

mod answers;
mod crowd;
mod edges;
mod effects;
mod futures;
mod guards;
mod privacy;
mod rules;
pub mod views;
