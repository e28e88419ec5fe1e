//! How much room is left where our files are: SQLite, keys and photos. PostgreSQL's own disk is its
//! operator's.

use std::path::{Path, PathBuf};

use super::backup;
use crate::services::Services;

pub const MB: u64 = 1024 * 1024;

/// Room where our files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes that we may still write.
    pub free: u64,
    /// Less than `database.low_space_mb`.
    pub low: bool,
}

/// Returns where our files are: the data folder and that of SQLite, which may be on another disk.
pub fn folders(data: &Path, database_url: &str) -> Vec<PathBuf> {
    std::iter::once(data.to_owned()).chain(backup::sqlite_folder(database_url)).collect()
}

/// Returns the bytes that may still be written to the fullest of these folders' disks; `None` when
/// nobody can say.
pub fn free(folders: &[PathBuf]) -> Option<u64> {
    let told = folders.iter().filter_map(|folder| rustix::fs::statvfs(folder.as_path()).ok());
    told.map(|told| told.f_bavail.saturating_mul(told.f_frsize)).min()
}

/// Looks at our folders; `None` when nobody can say.
pub fn look(s: &Services) -> Option<Room> {
    let free = free(&s.settings.folders)?;
    Some(Room { free, low: free < s.settings.low_space })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_is_looked_at_where_it_is() {
        for (url, others) in [
            ("sqlite:///srv/db/zhinan.db?mode=rwc", vec!["/srv/db"]),
            ("sqlite://zhinan.db", vec!["."]),
            ("postgres://z@h/srv/db", vec![]),
        ] {
            let all: Vec<_> = ["data"].into_iter().chain(others).map(PathBuf::from).collect();
            assert_eq!(folders(Path::new("data"), url), all, "{url}");
        }
    }
}
