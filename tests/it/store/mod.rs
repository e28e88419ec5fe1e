//! What only a real database can tell: whether the tables are what the models say, and whether the
//! queries find their rows without reading everything.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod append_only;
mod bulk;
mod claims;
mod crowd;
mod figure_plans;
mod lists;
mod people;
mod plans;
mod references;
mod schema;
mod vanished;
mod writer;
