//! The street's places in memory: what the resolver needs, and names for the grids' ids.
//!
//! Loaded at start and replaced as a whole; a request keeps the snapshot it began with.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use entity::kinds::{GridId, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::app::alias::target::target;
use crate::domain::address::{Costs, Index};
use crate::domain::gazetteer::{Alias, CommunityRef, Gazetteer, GridRef};
use crate::error::Result;
use crate::services::Services;
use crate::store::{self, db::Db};

/// A grid as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridName {
    pub id: GridId,
    /// What the API shows: the delivered file's id, or the community's code.
    pub external_id: String,
    pub name: String,
    /// The community a small grid belongs to.
    pub parent: Option<GridId>,
}

/// One consistent state of the places.
#[derive(Debug)]
pub struct Snapshot {
    /// The number of the database that this state belongs to.
    version: i64,
    /// When the first of the learned names in it ends.
    until: Option<Timestamp>,
    pub index: Index,
    small: Vec<GridId>,
    large: Vec<GridId>,
    by_id: HashMap<GridId, GridName>,
    by_external: HashMap<String, GridId>,
}

impl Snapshot {
    /// Builds the snapshot of a gazetteer whose grids carry their database ids.
    pub fn new(gazetteer: &Gazetteer, costs: Costs) -> Self {
        let large: Vec<GridId> = gazetteer.communities.iter().map(|c| c.id).collect();
        let small: Vec<GridId> = gazetteer.grids.iter().map(|g| g.id).collect();
        let communities = gazetteer.communities.iter().map(|c| GridName {
            id: c.id,
            external_id: c.code.clone(),
            name: c.name.clone(),
            parent: None,
        });
        let grids = gazetteer.grids.iter().map(|g| GridName {
            id: g.id,
            external_id: g.external_id.clone(),
            name: g.name.clone(),
            parent: large.get(usize::from(g.community.0)).copied(),
        });
        let by_id: HashMap<GridId, GridName> =
            communities.chain(grids).map(|name| (name.id, name)).collect();
        let by_external = by_id.values().map(|name| (name.external_id.clone(), name.id)).collect();
        let index = Index::build(gazetteer).with_costs(costs);
        Self { version: 0, until: None, index, small, large, by_id, by_external }
    }

    /// Returns the database id of a small grid of the index.
    pub fn small(&self, grid: GridRef) -> Option<GridId> {
        self.small.get(usize::from(grid.0)).copied()
    }

    /// Returns a small grid as the index calls it.
    pub fn reference(&self, id: GridId) -> Option<GridRef> {
        let at = self.small.iter().position(|grid| *grid == id)?;
        u16::try_from(at).ok().map(GridRef)
    }

    /// Returns the database id of a community of the index.
    pub fn large(&self, community: CommunityRef) -> Option<GridId> {
        self.large.get(usize::from(community.0)).copied()
    }

    /// Names a grid.
    pub fn name(&self, id: GridId) -> Option<&GridName> {
        self.by_id.get(&id)
    }

    /// Finds a grid by the id that API and files show.
    pub fn find(&self, external_id: &str) -> Option<&GridName> {
        self.by_external.get(external_id).and_then(|id| self.by_id.get(id))
    }

    /// Returns the community of a small grid; a community is its own.
    pub fn community_of(&self, id: GridId) -> Option<GridId> {
        self.by_id.get(&id).map(|name| name.parent.unwrap_or(name.id))
    }

    /// Lists all grids, communities and small grids alike.
    pub fn all(&self) -> impl Iterator<Item = &GridName> {
        self.by_id.values()
    }
}

/// The present snapshot; cheap to clone.
#[derive(Clone, Debug)]
pub struct Places {
    present: Arc<ArcSwap<Snapshot>>,
    /// What errors cost; the same in every snapshot.
    costs: Costs,
}

impl Places {
    /// Loads the places of the database. A street without places is valid: everything goes to the
    /// triage desk.
    pub async fn load(db: &Db, costs: Costs, now: Timestamp) -> Result<Self> {
        let present = ArcSwap::from_pointee(read(db, costs, now).await?);
        Ok(Self { present: Arc::new(present), costs })
    }

    /// Replaces the snapshot by what the database says now.
    pub async fn reload(&self, db: &Db, now: Timestamp) -> Result<()> {
        self.present.store(Arc::new(read(db, self.costs, now).await?));
        Ok(())
    }

    /// Returns the present snapshot.
    pub fn now(&self) -> Arc<Snapshot> {
        self.present.load_full()
    }

    /// Returns what errors cost here, for whoever builds an index of his own.
    pub const fn costs(&self) -> Costs {
        self.costs
    }
}

async fn read(db: &Db, costs: Costs, now: Timestamp) -> Result<Snapshot> {
    // The number first: a change that comes meanwhile is then seen once more, never missed.
    let version = store::alias::places_version(&db.read).await?;
    let mut gazetteer = store::places::load_gazetteer(&db.read).await?;
    let names = store::alias::in_use(&db.read, now).await?;
    let until = names.iter().filter_map(|row| row.valid_until).min();
    gazetteer.aliases = names
        .into_iter()
        .map(|row| Alias { word: row.word, target: target(row.target_kind, row.target) })
        .collect();
    Ok(Snapshot { version, until, ..Snapshot::new(&gazetteer, costs) })
}

/// Looks every second whether another process changed the places or a learned name has ended, and
/// loads them then.
pub async fn watch(s: Services, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(why) = look(&s).await {
            tracing::warn!(%why, "the places could not be looked at");
        }
    }
}

async fn look(s: &Services) -> Result<()> {
    let version = store::alias::places_version(&s.db.read).await?;
    let (places, now) = (s.places.now(), s.clock.now());
    if version != places.version || places.until.is_some_and(|until| until <= now) {
        s.places.reload(&s.db, now).await?;
    }
    Ok(())
}

/// How long another process's change may go unseen.
const LOOK: Duration = Duration::from_secs(1);
