//! A creating request and its answer, written in the same unit as what it created.

use entity::idempotency::{ActiveModel, Column, Entity, Model};
use entity::kinds::{AccountId, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter,
};

use super::batch::Batch;
use super::{list, sql};

/// Finds the answer given to this key before.
pub async fn find(
    conn: &impl ConnectionTrait,
    account: AccountId,
    key: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::AccountId.eq(account)).filter(Column::Key.eq(key)).one(conn).await
}

/// Lists the answers given to any of these keys before.
pub async fn known(
    conn: &impl ConnectionTrait,
    keys: impl IntoIterator<Item = (AccountId, &str)>,
) -> Result<Vec<Model>, DbErr> {
    // One text for any number of keys: it is prepared once.
    let text = match conn.get_database_backend() {
        DatabaseBackend::Postgres => {
            // The limit makes it look each key up in the index, whatever it believes of their number.
            "SELECT i.* FROM json_array_elements($1::json) AS k CROSS JOIN LATERAL (
                 SELECT * FROM idempotency WHERE account_id = (k.value->>0)::bigint
                    AND key = k.value->>1 LIMIT 1) i"
        }
        _ => {
            "SELECT i.* FROM json_each($1) AS k JOIN idempotency i
                 ON i.account_id = k.value->>0 AND i.key = k.value->>1"
        }
    };
    let keys: Vec<(AccountId, &str)> = keys.into_iter().collect();
    Model::find_by_statement(sql(conn, text, [list(keys)?])).all(conn).await
}

/// Adds answers. Two requests with one key that race meet the UNIQUE constraint here: the second
/// fails, is undone, and finds the first one's answer when it looks again.
pub fn put_all(batch: &mut Batch, rows: Vec<ActiveModel>) -> Result<(), DbErr> {
    batch.insert(rows, &[])
}

/// Stores one answer; `false`: the key has one.
pub async fn insert_new(tx: &impl ConnectionTrait, row: ActiveModel) -> Result<bool, DbErr> {
    let once = OnConflict::columns([Column::AccountId, Column::Key]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(once).exec_without_returning(tx).await? == 1)
}

/// Removes answers older than `before`; returns how many.
pub async fn forget(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(tx).await?.rows_affected)
}
