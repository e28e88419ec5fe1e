//! Proof that every address of the street leads to its own grid, on what the database holds now.
//!
//! The resolver works on a thread of its own and takes the dwellings in pages, so that neither the
//! requests nor the memory feel it. One proof at a time; whoever comes meanwhile waits in line.

use std::collections::HashMap;

use entity::kinds::{GridId, StreetRole};
use serde::Serialize;
use tokio::sync::{Semaphore, mpsc};

use crate::app::actor::Actor;
use crate::domain::address::coverage::{Coverage, PlaceKind, Proof};
use crate::domain::address::{Action, Index};
use crate::domain::gazetteer::{Gazetteer, GridRef};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::homes::Home;
use crate::store::{self, db::Db};

static AT_ONCE: Semaphore = Semaphore::const_new(1);

/// Dwellings read at once.
const PAGE: i64 = 5_000;

/// The proof with the names that files and API use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Places checked, by kind; every kind is there.
    pub checked: Vec<(PlaceKind, usize)>,
    pub shared: Vec<Shared>,
    pub strays: Vec<Stray>,
}

/// An address that places of several grids share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shared {
    pub address: String,
    pub grids: Vec<String>,
}

/// An address that does not lead where it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stray {
    pub kind: PlaceKind,
    pub address: String,
    pub expected: Vec<String>,
    /// `route`, `route_large`, `ask` or `reject`.
    pub action: &'static str,
    pub got: Vec<String>,
}

impl Report {
    /// Names the grids of a finished proof.
    pub fn new(places: &Gazetteer, coverage: Coverage) -> Self {
        let names = |grids: &[GridRef]| {
            let grids = grids.iter().filter_map(|grid| places.grids.get(usize::from(grid.0)));
            grids.map(|grid| grid.external_id.clone()).collect()
        };
        let count = |kind| coverage.checked.get(&kind).copied().unwrap_or(0);
        Self {
            checked: PlaceKind::ALL.map(|kind| (kind, count(kind))).to_vec(),
            shared: coverage
                .shared
                .into_iter()
                .map(|one| Shared { grids: names(&one.grids), address: one.address })
                .collect(),
            strays: coverage
                .strays
                .into_iter()
                .map(|stray| Stray {
                    kind: stray.kind,
                    expected: names(&stray.expected),
                    action: word(stray.action),
                    got: names(&stray.got),
                    address: stray.address,
                })
                .collect(),
        }
    }
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Route => "route",
        Action::RouteLarge => "route_large",
        Action::Ask => "ask",
        Action::Reject(_) => "reject",
    }
}

/// Proves on behalf of a person. Fails with `forbidden` for anybody but auditors and system
/// administrators.
pub async fn show(s: &Services, actor: &Actor) -> Result<Report> {
    if !actor.is(StreetRole::Auditor) && !actor.is(StreetRole::SystemAdmin) {
        return Err(Error::new(Code::Forbidden, "只有督查审计和系统管理员可以查看地址覆盖情况"));
    }
    run(s).await
}

/// Proves on behalf of whoever holds the machine. Fails when the database does.
pub async fn run(s: &Services) -> Result<Report> {
    let permit = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let places = store::places::load_gazetteer(&s.db.read).await?;
    let grids: HashMap<GridId, GridRef> =
        (0u16..).zip(&places.grids).map(|(at, grid)| (grid.id, GridRef(at))).collect();
    let shared = store::homes::shared(&s.db.read).await?;
    let shared: Vec<(String, GridRef)> =
        shared.into_iter().filter_map(|h| Some((h.address, *grids.get(&h.grid_id)?))).collect();
    let (pages, read) = mpsc::channel(2);
    let costs = s.places.costs();
    let proof = tokio::task::spawn_blocking(move || {
        let index = Index::build(&places).with_costs(costs);
        let report = prove(&index, &places, &grids, shared, read);
        drop(permit);
        report
    });
    let fed = feed(&s.db, pages).await;
    let report = proof.await.map_err(Error::internal)?;
    fed.map(|()| report)
}

async fn feed(db: &Db, pages: mpsc::Sender<Vec<Home>>) -> Result<()> {
    let mut after = 0;
    loop {
        let page = store::homes::page(&db.read, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        if pages.send(page).await.is_err() {
            return Ok(());
        }
    }
}

fn prove(
    index: &Index,
    places: &Gazetteer,
    grids: &HashMap<GridId, GridRef>,
    shared: Vec<(String, GridRef)>,
    mut read: mpsc::Receiver<Vec<Home>>,
) -> Report {
    let mut proof = Proof::of_places(index, places, shared);
    let mut rows = 0..;
    while let Some(page) = read.blocking_recv() {
        for (home, row) in page.iter().zip(rows.by_ref()) {
            if let Some(grid) = grids.get(&home.grid_id) {
                proof.household(row, &home.address, *grid);
            }
        }
    }
    Report::new(places, proof.finish())
}
