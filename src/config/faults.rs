//! What tests break on purpose. Builds without debug assertions do not know this section.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Config, Finding, Profile};

/// Faults of this process; all empty: none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// Where the process ends, see `crash::arm`.
    pub crash_at: String,
    /// File with seconds that are added to the system's clock; may change at any time. With `alone`
    /// behind them only this process's clock is wrong, not that of all machines.
    pub clock: PathBuf,
    /// Most pages of the SQLite file, as if the disk were full then; 0: as many as fit.
    pub sqlite_pages: u32,
}

impl Config {
    pub(super) fn impossible_faults(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        if let Err(part) = crate::crash::check(&self.faults.crash_at) {
            found.push(Finding {
                what: format!("faults.crash_at has {part:?}, which makes no sense"),
                cure: "write place, place:3, place#17 or place~".to_owned(),
            });
        }
        if self.profile == Profile::Production && self.faults != Faults::default() {
            found.push(Finding {
                what: "faults are for tests".to_owned(),
                cure: "remove the section [faults]".to_owned(),
            });
        }
        found
    }
}
