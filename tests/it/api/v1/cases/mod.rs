//! `/api/v1/cases`.

mod edges;
mod guards;
mod views;
