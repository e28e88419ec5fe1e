//! How much room is left where our files are: SQLite, keys and photos. PostgreSQL's own disk is its
//! operator's.

use std::path::Path;

use crate::services::Services;

pub const MB: u64 = 1024 * 1024;

/// Room on the disk of the data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes that we may still write.
    pub free: u64,
    /// Less than `database.low_space_mb`.
    pub low: bool,
}

/// Returns the bytes that may still be written where this folder is; `None` when nobody can say.
pub fn free(folder: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

/// Looks at the data folder; `None` when nobody can say.
pub fn look(s: &Services) -> Option<Room> {
    let free = free(&s.settings.data_dir)?;
    Some(Room { free, low: free < s.settings.low_space })
}
