//! `/api/v1/cases`.

mod answers;
mod edges;
mod effects;
mod guards;
mod privacy;
mod rules;
pub mod views;
