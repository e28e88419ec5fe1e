//! Writes a checked folder: every table in the order of its references.
//!
//! The caller opens the transaction; a crash between two tables therefore leaves nothing behind.

use std::collections::BTreeMap;

use entity::kinds::{GridKind, Timestamp};
use entity::{
    building, compound, compound_gate, grid, household, neighbour, poi, road, road_exception,
};
use entity::{road_range, shop, village_group, village_lane};
use sea_orm::{ConnectionTrait, DbErr};

use super::read::Files;
use super::write_people;
use super::write_rows::{self as rows, Writing};
use crate::store::places::{self, Ids};
use crate::store::places_sync::{Change, replace, valid};

/// Rows touched, per table.
pub type Counts = BTreeMap<&'static str, Change>;

/// Writes a folder that passed the check. `seal` encrypts a person's name.
///
/// Rows are updated by key; rows the folder no longer has end at `now`. Fails when the database
/// does; the caller then rolls back.
pub async fn write(
    tx: &impl ConnectionTrait,
    files: &Files,
    seal: &(dyn Fn(&str) -> String + Sync),
    now: Timestamp,
) -> Result<Counts, DbErr> {
    let people = write_people::sealed(files, seal);
    let mut counts = Counts::new();
    grids(tx, files, now, &mut counts).await?;
    counts.insert(
        "road",
        replace::<road::Entity>(tx, valid::<road::Entity>(tx).await?, rows::roads(files, now), now)
            .await?,
    );
    let compounds = rows::compounds(files, now);
    counts.insert(
        "compound",
        replace::<compound::Entity>(tx, valid::<compound::Entity>(tx).await?, compounds, now)
            .await?,
    );
    let ids = places::ids(tx).await?;
    let buildings = rows::buildings(&Writing { files, ids: &ids, now })?;
    counts.insert(
        "building",
        replace::<building::Entity>(tx, valid::<building::Entity>(tx).await?, buildings, now)
            .await?,
    );
    let ids = places::ids(tx).await?;
    small_tables(tx, &Writing { files, ids: &ids, now }, &mut counts).await?;
    let homes = rows::households(&Writing { files, ids: &ids, now })?;
    counts.insert(
        "household",
        replace::<household::Entity>(tx, valid::<household::Entity>(tx).await?, homes, now).await?,
    );
    write_people::write(tx, files, people, now, &mut counts).await?;
    Ok(counts)
}

/// Street, communities, small grids: each level needs the ids of the one above.
async fn grids(
    tx: &impl ConnectionTrait,
    files: &Files,
    now: Timestamp,
    counts: &mut Counts,
) -> Result<(), DbErr> {
    let mut total = Change::default();
    for kinds in
        [&[GridKind::Street][..], &[GridKind::Large], &[GridKind::Small, GridKind::Special]]
    {
        let Ids { grids: known, .. } = places::ids(tx).await?;
        let fresh = rows::grids(files, kinds, &known, now)?;
        let mut old = valid::<grid::Entity>(tx).await?;
        old.retain(|row| kinds.contains(&row.kind));
        let change = replace::<grid::Entity>(tx, old, fresh, now).await?;
        total.inserted += change.inserted;
        total.updated += change.updated;
        total.ended += change.ended;
        total.unchanged += change.unchanged;
    }
    counts.insert("grid", total);
    Ok(())
}

async fn small_tables(
    tx: &impl ConnectionTrait,
    w: &Writing<'_>,
    counts: &mut Counts,
) -> Result<(), DbErr> {
    macro_rules! tables {
        ($($table:ident = $rows:expr;)+) => {$(
            let old = valid::<$table::Entity>(tx).await?;
            counts.insert(stringify!($table), replace::<$table::Entity>(tx, old, $rows, w.now).await?);
        )+};
    }
    tables! {
        road_range = rows::ranges(w)?;
        road_exception = rows::exceptions(w)?;
        compound_gate = rows::gates(w)?;
        village_group = rows::village_groups(w)?;
        village_lane = rows::village_lanes(w)?;
        poi = rows::pois(w)?;
        shop = rows::shops(w)?;
        neighbour = rows::neighbours(w);
    }
    Ok(())
}
