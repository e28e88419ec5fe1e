//! Where figures come from, as the API says it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::audit::rolled::Source;
use crate::domain::audit::bins::ERROR;
use crate::domain::calendar::rfc3339;

/// Where the numbers come from that were not read from the ledger alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolledView {
    /// The largest share by which a printed length may differ from the exact one; counts, rates and
    /// sums are exact.
    pub error: f64,
    /// Cases that were over then were counted before.
    pub until: String,
    /// Cases that were read from the ledger beside them.
    pub read: usize,
}

impl RolledView {
    /// Shows the source of an answer.
    pub fn of(source: Source) -> Self {
        let until = rfc3339(source.until);
        Self { error: ERROR, until, read: source.read }
    }
}
