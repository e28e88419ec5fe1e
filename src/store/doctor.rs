//! What the doctor asks the database: facts about it, never about a person.

use entity::kinds::{GridId, Timestamp};
use entity::{cases, staff};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::reach::{Carriers, leads};
use super::sql;

/// What a PostgreSQL server says of itself.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Server {
    /// Microseconds since the epoch by the server's clock.
    pub now: i64,
    pub ctype: String,
    /// Whether the server knows that a Chinese character is a letter.
    pub knows_chinese: bool,
}

/// Asks a PostgreSQL server; `None` on SQLite.
pub async fn server(conn: &impl ConnectionTrait) -> Result<Option<Server>, DbErr> {
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(None);
    }
    let text = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint AS now,
            datctype::text AS ctype, '水' ~ '^[[:alpha:]]$' AS knows_chinese
       FROM pg_database WHERE datname = current_database()";
    Server::find_by_statement(sql(conn, text, [])).one(conn).await
}

/// Asks a PostgreSQL server for the time of day; `None` on SQLite.
pub async fn server_now(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    Ok(server(conn).await?.map(|server| Timestamp(server.now)))
}

/// Returns one sealed name, to try the keys on.
pub async fn a_sealed_name(conn: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    Ok(staff::Entity::find().limit(1).one(conn).await?.map(|row| row.name_sealed))
}

/// Returns the sealed words of the newest case, to try the keys on.
pub async fn a_sealed_text(conn: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let newest = cases::Entity::find().order_by_desc(cases::Column::Id).limit(1).one(conn).await?;
    Ok(newest.map(|row| row.text_sealed))
}

/// A grid that nobody can be told about.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Silent {
    pub id: GridId,
    pub external_id: String,
    pub name: String,
}

/// Lists the valid grids below the street without any responsible person whom a message reaches.
pub async fn silent_grids(
    conn: &impl ConnectionTrait,
    carriers: Carriers,
    now: Timestamp,
) -> Result<Vec<Silent>, DbErr> {
    let text = format!(
        "SELECT g.id, g.external_id, g.name FROM grid g
          WHERE g.valid_to IS NULL AND g.kind <> 'street' AND NOT EXISTS (
            SELECT 1 FROM responsibility r
              JOIN staff s ON s.id = r.staff_id
             WHERE r.grid_id = g.id AND r.valid_from <= $1
               AND (r.valid_to IS NULL OR r.valid_to > $1)
               AND (s.ended_at IS NULL OR s.ended_at > $1)
               AND {})
          ORDER BY g.external_id",
        leads(2)
    );
    let [sms, wecom, oa, mini, employee] = carriers.values();
    let values = [now.into(), sms, wecom, oa, mini, employee];
    Silent::find_by_statement(sql(conn, &text, values)).all(conn).await
}

/// Lists the numbers of those in office whose account at WeCom ended.
pub async fn ended_members(
    conn: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Vec<String>, DbErr> {
    let in_office =
        Condition::any().add(staff::Column::EndedAt.is_null()).add(staff::Column::EndedAt.gt(now));
    staff::Entity::find()
        .select_only()
        .column(staff::Column::StaffNo)
        .filter(staff::Column::WecomEnd.is_not_null())
        .filter(in_office)
        .order_by_asc(staff::Column::StaffNo)
        .into_tuple()
        .all(conn)
        .await
}

/// Counts the people who are responsible for something now and have no mobile that text messages
/// can go to.
pub async fn without_mobile(conn: &impl ConnectionTrait, now: Timestamp) -> Result<i64, DbErr> {
    let text = "SELECT COUNT(*) FROM staff s
          WHERE (s.ended_at IS NULL OR s.ended_at > $1) AND (s.phone_dead_at IS NOT NULL
              OR (s.phone_sealed IS NULL AND NOT EXISTS (SELECT 1 FROM account a
                  WHERE a.id = s.account_id AND a.phone_sealed IS NOT NULL)))
            AND EXISTS (SELECT 1 FROM responsibility r WHERE r.staff_id = s.id
                AND r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1))";
    let row = conn.query_one_raw(sql(conn, text, [now.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}
