//! `/api/v1/cases`.

mod answers;
mod crowd;
mod edges;
pub mod effects;
mod futures;
mod guards;
mod lists;
mod merged;
mod positions;
mod privacy;
mod rules;
pub mod views;
