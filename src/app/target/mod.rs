//! What is promised to cases, as stored data: versions are added and confirmed, and every process
//! promises by the one that is in force. A running case keeps what was promised to it.

pub mod add;
pub mod confirm;
pub mod list;

use std::sync::Arc;

use arc_swap::ArcSwap;
use entity::kinds::Timestamp;
use entity::target_version::{Entity, Model};

use crate::domain::case::targets::Targets;
use crate::error::Result;
use crate::store::db::Db;
use crate::store::version;

/// A version that this program cannot read is passed over; so many of them are not all of them.
const CANDIDATES: u64 = 20;

/// The targets that new cases are promised by; cheap to clone.
#[derive(Clone, Debug)]
pub struct InForce {
    present: Arc<ArcSwap<Targets>>,
}

impl InForce {
    /// Loads what is in force, or takes the starting values (version 1). Fails when the database
    /// does.
    pub async fn load(db: &Db, now: Timestamp) -> Result<Self> {
        let loaded = Self { present: Arc::new(ArcSwap::from_pointee(Targets::default())) };
        loaded.reload(db, now).await?;
        Ok(loaded)
    }

    /// Returns the targets in force.
    pub fn now(&self) -> Arc<Targets> {
        self.present.load_full()
    }

    /// Takes over what the database says now.
    pub async fn reload(&self, db: &Db, now: Timestamp) -> Result<()> {
        let rows = version::in_force::<Entity>(&db.read, now, CANDIDATES).await?;
        let first = rows.first().map_or(1, |row| row.version);
        if first == i64::from(self.now().version) {
            return Ok(());
        }
        self.present.store(Arc::new(rows.iter().find_map(readable).unwrap_or_default()));
        Ok(())
    }
}

/// Reads a stored version. One that a newer program wrote and this one does not understand must not
/// stop help: the version before it goes on.
fn readable(row: &Model) -> Option<Targets> {
    match Targets::read(&row.body) {
        Ok(targets) => Some(targets),
        Err(why) => {
            tracing::error!(version = row.version, why, "a version of the targets cannot be read");
            None
        }
    }
}
