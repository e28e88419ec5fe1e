//! The chains of escalation as stored data: versions are added and confirmed, and every process
//! starts new cases with the one that is in force. A running case keeps the chain it carries.

pub mod add;
pub mod confirm;
pub mod list;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use entity::chain_version::{Entity, Model};
use entity::kinds::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::domain::escalation::Chains;
use crate::error::Result;
use crate::services::Services;
use crate::store::db::Db;
use crate::store::version;

pub use add::record_configured;

/// How long another process's version may go unseen.
const LOOK: Duration = Duration::from_secs(1);
/// A version that this program cannot read is passed over; so many of them are not all of them.
const CANDIDATES: u64 = 20;

/// The chains that new cases start with; cheap to clone.
#[derive(Clone, Debug)]
pub struct InForce {
    /// What the configuration names; counts while nothing is stored.
    configured: Arc<Chains>,
    present: Arc<ArcSwap<Present>>,
}

#[derive(Debug)]
struct Present {
    /// The number in the database; `None` for the configured ones.
    version: Option<i64>,
    chains: Arc<Chains>,
}

impl InForce {
    /// Loads what is in force, or takes what is configured. Fails when the database does.
    pub async fn load(db: &Db, configured: Chains, now: Timestamp) -> Result<Self> {
        let configured = Arc::new(configured);
        let present = Present { version: None, chains: Arc::clone(&configured) };
        let loaded = Self { configured, present: Arc::new(ArcSwap::from_pointee(present)) };
        loaded.reload(db, now).await?;
        Ok(loaded)
    }

    /// Returns the chains in force.
    pub fn now(&self) -> Arc<Chains> {
        Arc::clone(&self.present.load().chains)
    }

    /// Returns what the configuration names.
    pub fn configured(&self) -> &Chains {
        &self.configured
    }

    /// Returns the number of the version in force; `None` while nothing is stored.
    pub fn version(&self) -> Option<i64> {
        self.present.load().version
    }

    /// Takes over what the database says now.
    pub async fn reload(&self, db: &Db, now: Timestamp) -> Result<()> {
        let rows = version::in_force::<Entity>(&db.read, now, CANDIDATES).await?;
        if rows.first().map(|row| row.version) == self.version() {
            return Ok(());
        }
        let present = rows
            .iter()
            .find_map(readable)
            .unwrap_or_else(|| Present { version: None, chains: Arc::clone(&self.configured) });
        self.present.store(Arc::new(present));
        Ok(())
    }
}

/// Reads a stored version. One that a newer program wrote and this one does not understand must not
/// stop help: the version before it goes on.
fn readable(row: &Model) -> Option<Present> {
    match Chains::read(&row.body) {
        Ok(chains) => Some(Present { version: Some(row.version), chains: Arc::new(chains) }),
        Err(why) => {
            tracing::error!(version = row.version, why, "a version of the chains cannot be read");
            None
        }
    }
}

/// Looks every second whether another version came into force.
pub async fn watch(s: Services, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(why) = s.chains.reload(&s.db, s.clock.now()).await {
            tracing::warn!(%why, "the chains of escalation could not be looked at");
        }
    }
}
