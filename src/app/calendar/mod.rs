//! The working-time calendar as stored data: yearly notices are imported, confirmed by a second
//! person, and from then on every process counts with them.
//!
//! What is delivered with the program is version 0; version n is that with every confirmed import
//! up to number n, a later one replacing the table of the same year. Versions are confirmed in
//! their order only, so that a version always names the same days.

pub mod confirm;
pub mod import;
pub mod list;
pub mod redate;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use entity::calendar_version::{Entity, Model};
use tokio_util::sync::CancellationToken;

use crate::domain::calendar::Calendar;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::db::Db;
use crate::store::version as stored;

/// How long another process's confirmation may go unseen.
const LOOK: Duration = Duration::from_secs(1);

/// The calendar that everybody counts with, and those before it; cheap to clone.
#[derive(Clone, Debug)]
pub struct InForce {
    versions: Arc<ArcSwap<Versions>>,
}

#[derive(Debug)]
struct Versions {
    newest: Arc<Calendar>,
    /// By their numbers, without the newest.
    before: BTreeMap<u32, Arc<Calendar>>,
}

impl InForce {
    /// Loads what is confirmed. Fails when the database does.
    pub async fn load(db: &Db) -> Result<Self> {
        let delivered = Versions { newest: Arc::new(Calendar::builtin()), before: BTreeMap::new() };
        let loaded = Self { versions: Arc::new(ArcSwap::from_pointee(delivered)) };
        loaded.reload(db).await?;
        Ok(loaded)
    }

    /// Returns the calendar in force.
    pub fn now(&self) -> Arc<Calendar> {
        Arc::clone(&self.versions.load().newest)
    }

    /// Returns the calendar of a version, or the newest when that is not known, and all later ones in
    /// their order.
    pub fn since(&self, version: u32) -> (Arc<Calendar>, Vec<Arc<Calendar>>) {
        let all = self.versions.load();
        let mut since = all.before.range(version..).map(|(_, one)| Arc::clone(one));
        let Some(first) = since.next() else { return (Arc::clone(&all.newest), Vec::new()) };
        (first, since.chain([Arc::clone(&all.newest)]).collect())
    }

    /// Takes over what the database says now.
    pub async fn reload(&self, db: &Db) -> Result<()> {
        let last = stored::last_confirmed::<Entity>(&db.read).await?;
        if i64::from(self.now().version()) == last {
            return Ok(());
        }
        let mut all = through(&stored::confirmed::<Entity>(&db.read).await?)?;
        let newest = Arc::new(all.pop().unwrap_or_else(Calendar::builtin));
        let before = all.into_iter().map(|one| (one.version(), Arc::new(one))).collect();
        self.versions.store(Arc::new(Versions { newest, before }));
        Ok(())
    }
}

/// Puts versions behind the delivered calendar, in their order; returns each as everybody counts with
/// it. One that a newer program wrote must not stop help: what follows goes on without it.
fn through(rows: &[Model]) -> Result<Vec<Calendar>> {
    let mut all = vec![Calendar::builtin()];
    for row in rows {
        let version = u32::try_from(row.version).map_err(Error::internal)?;
        let next = all.last().map(|last| last.followed_by(version, &row.body));
        if let Some(why) = next.as_ref().and_then(|(_, odd)| odd.as_ref()) {
            tracing::error!(version, %why, "a version of the calendar cannot be read");
        }
        all.extend(next.map(|(next, _)| next));
    }
    Ok(all)
}

/// Looks every second whether another calendar or other targets came into force.
pub async fn watch(s: Services, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(why) = s.calendar.reload(&s.db).await {
            tracing::warn!(%why, "the calendar could not be looked at");
        }
        if let Err(why) = s.targets.reload(&s.db, s.clock.now()).await {
            tracing::warn!(%why, "the targets could not be looked at");
        }
    }
}
