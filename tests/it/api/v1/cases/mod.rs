//! `/api/v1/cases`.

mod edges;
