//! Dwellings as addresses, read in pages: never all of them at once, never with a person.

use entity::kinds::GridId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::sql;

/// A valid dwelling.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Home {
    pub id: i64,
    pub address: String,
    pub grid_id: GridId,
}

/// Lists valid dwellings in the order of their ids, after one of them; zero begins.
pub async fn page(conn: &impl ConnectionTrait, after: i64, most: i64) -> Result<Vec<Home>, DbErr> {
    let text = "SELECT id, address, grid_id FROM household
        WHERE valid_to IS NULL AND id > $1 ORDER BY id LIMIT $2";
    Home::find_by_statement(sql(conn, text, [after.into(), most.into()])).all(conn).await
}

/// An address that occurs in several grids, with one of them.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Shared {
    pub address: String,
    pub grid_id: GridId,
}

/// Lists every address that valid dwellings of several grids have, once with each of the grids.
pub async fn shared(conn: &impl ConnectionTrait) -> Result<Vec<Shared>, DbErr> {
    let text = "SELECT DISTINCT h.address, h.grid_id FROM household h
        JOIN (SELECT address FROM household WHERE valid_to IS NULL
              GROUP BY address HAVING COUNT(DISTINCT grid_id) > 1) twice
          ON twice.address = h.address
        WHERE h.valid_to IS NULL ORDER BY h.address, h.grid_id";
    Shared::find_by_statement(sql(conn, text, [])).all(conn).await
}
