//! Versions of what the street decides by (chains, targets, calendar): added, confirmed once, never
//! changed. Each kind has a table of its own and the same columns.

use entity::kinds::{AccountId, ChainSource, Timestamp};
use entity::{calendar_version, chain_version, target_version};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// What every version says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    pub version: i64,
    pub source: ChainSource,
    /// Nobody, when it comes from the configuration or the command line.
    pub created_by: Option<AccountId>,
    pub created_at: Timestamp,
    pub confirmed_by: Option<AccountId>,
    /// `None` while it waits for a second person.
    pub confirmed_at: Option<Timestamp>,
}

/// A table of versions.
pub trait Versioned: EntityTrait {
    const VERSION: Self::Column;
    const CONFIRMED_BY: Self::Column;
    const CONFIRMED_AT: Self::Column;

    /// Reads what the row says of itself.
    fn head(row: &Self::Model) -> Head;
}

/// A table whose versions count from an instant on.
pub trait Dated: Versioned {
    const VALID_FROM: Self::Column;

    /// Reads from when a row counts, and what it says.
    fn content(row: &Self::Model) -> (Timestamp, &str);
}

macro_rules! versioned {
    ($($table:ident),+) => {$(
        impl Versioned for $table::Entity {
            const VERSION: Self::Column = $table::Column::Version;
            const CONFIRMED_BY: Self::Column = $table::Column::ConfirmedBy;
            const CONFIRMED_AT: Self::Column = $table::Column::ConfirmedAt;

            fn head(row: &Self::Model) -> Head {
                Head {
                    version: row.version,
                    source: row.source,
                    created_by: row.created_by,
                    created_at: row.created_at,
                    confirmed_by: row.confirmed_by,
                    confirmed_at: row.confirmed_at,
                }
            }
        }
    )+};
}

versioned!(chain_version, target_version, calendar_version);

impl Dated for chain_version::Entity {
    const VALID_FROM: Self::Column = chain_version::Column::ValidFrom;

    fn content(row: &Self::Model) -> (Timestamp, &str) {
        (row.valid_from, &row.body)
    }
}

impl Dated for target_version::Entity {
    const VALID_FROM: Self::Column = target_version::Column::ValidFrom;

    fn content(row: &Self::Model) -> (Timestamp, &str) {
        (row.valid_from, &row.body)
    }
}

/// Lists the versions that may count at an instant, the one that does first: confirmed, valid from
/// the latest time, and of equal times the highest number.
pub async fn in_force<E: Dated>(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<E::Model>, DbErr> {
    E::find()
        .filter(E::CONFIRMED_AT.is_not_null())
        .filter(E::VALID_FROM.lte(now))
        .order_by_desc(E::VALID_FROM)
        .order_by_desc(E::VERSION)
        .limit(limit)
        .all(conn)
        .await
}

/// Lists the confirmed versions, the oldest first.
pub async fn confirmed<E: Versioned>(conn: &impl ConnectionTrait) -> Result<Vec<E::Model>, DbErr> {
    let confirmed = E::find().filter(E::CONFIRMED_AT.is_not_null());
    confirmed.order_by_asc(E::VERSION).all(conn).await
}

/// Returns the number of the last confirmed version, 0 when there is none.
pub async fn last_confirmed<E: Versioned>(conn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let last = E::find()
        .select_only()
        .column(E::VERSION)
        .filter(E::CONFIRMED_AT.is_not_null())
        .order_by_desc(E::VERSION)
        .limit(1);
    Ok(last.into_tuple::<i64>().one(conn).await?.unwrap_or(0))
}

/// Lists every version, the newest first.
pub async fn list<E: Versioned>(
    conn: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<E::Model>, DbErr> {
    E::find().order_by_desc(E::VERSION).limit(limit).all(conn).await
}

/// Finds one version.
pub async fn find<E: Versioned>(
    conn: &impl ConnectionTrait,
    version: i64,
) -> Result<Option<E::Model>, DbErr> {
    E::find().filter(E::VERSION.eq(version)).one(conn).await
}

/// Adds a version; `false` when somebody else has just taken its number.
pub async fn insert<A>(tx: &impl ConnectionTrait, row: A) -> Result<bool, DbErr>
where
    A: ActiveModelTrait,
    A::Entity: Versioned,
{
    let number = OnConflict::column(A::Entity::VERSION).do_nothing().to_owned();
    let added = A::Entity::insert(row).on_conflict(number).exec_without_returning(tx).await?;
    Ok(added == 1)
}

/// Confirms a version that somebody else made; `false` when it is confirmed already.
pub async fn confirm<E: Versioned>(
    tx: &impl ConnectionTrait,
    version: i64,
    (by, now): (AccountId, Timestamp),
) -> Result<bool, DbErr> {
    let changed = E::update_many()
        .col_expr(E::CONFIRMED_BY, Expr::value(by))
        .col_expr(E::CONFIRMED_AT, Expr::value(now))
        .filter(E::VERSION.eq(version))
        .filter(E::CONFIRMED_AT.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}
