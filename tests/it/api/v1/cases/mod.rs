//! `/api/v1/cases`.

mod edges;
mod effects;
mod guards;
mod rules;
mod views;
