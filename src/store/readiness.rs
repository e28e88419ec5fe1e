//! Who answers for something now: facts about people and their ways, for those who run the street.

use std::collections::HashMap;

use entity::kinds::{AccountId, GridId, StaffId, Timestamp};
use entity::{consent, staff};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use super::sql;

/// One capacity of one person; several rows for whoever has several.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Charge {
    pub staff_id: StaffId,
    pub staff_no: String,
    pub name_sealed: String,
    pub account_id: Option<AccountId>,
    /// Word of a duty role or a street role, or `substitute`.
    pub role: String,
    /// `None` for the whole street.
    pub grid_id: Option<GridId>,
    /// How many subscribe messages he still allows.
    pub credits: i64,
}

/// Lists who is responsible for a grid, holds a role that is told of cases, or stands in for
/// somebody now or later.
pub async fn charges(
    conn: &impl ConnectionTrait,
    template: &str,
    now: Timestamp,
) -> Result<Vec<Charge>, DbErr> {
    let person = "s.id AS staff_id, s.staff_no, s.name_sealed, s.account_id";
    let credits = "CAST(COALESCE((SELECT MAX(n.credits) FROM consent n
        WHERE n.account_id = s.account_id AND n.template = $2), 0) AS BIGINT) AS credits";
    let text = format!(
        "SELECT {person}, r.role AS role, r.grid_id AS grid_id, {credits}
           FROM responsibility r JOIN staff s ON s.id = r.staff_id JOIN grid g ON g.id = r.grid_id
          WHERE r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1)
            AND (s.ended_at IS NULL OR s.ended_at > $1) AND g.valid_to IS NULL
         UNION ALL
         SELECT {person}, t.role AS role, NULL AS grid_id, {credits}
           FROM staff_role t JOIN staff s ON s.id = t.staff_id
          WHERE t.role IN ('command', 'triage_desk', 'verifier') AND t.valid_from <= $1
            AND (t.valid_to IS NULL OR t.valid_to > $1) AND (s.ended_at IS NULL OR s.ended_at > $1)
         UNION ALL
         SELECT {person}, 'substitute' AS role, NULL AS grid_id, {credits}
           FROM leave l JOIN staff s ON s.id = l.substitute_id
          WHERE l.cancelled_at IS NULL AND l.to_at > $1
            AND (s.ended_at IS NULL OR s.ended_at > $1)
          ORDER BY staff_no, role"
    );
    Charge::find_by_statement(sql(conn, &text, [now.into(), template.into()])).all(conn).await
}

/// Counts the subscribe messages that people still allow.
pub async fn credits(
    conn: &impl ConnectionTrait,
    people: &[StaffId],
    template: &str,
) -> Result<HashMap<StaffId, i64>, DbErr> {
    let accounts: Vec<(StaffId, Option<AccountId>)> = staff::Entity::find()
        .select_only()
        .columns([staff::Column::Id, staff::Column::AccountId])
        .filter(staff::Column::Id.is_in(people.iter().copied()))
        .into_tuple()
        .all(conn)
        .await?;
    let bound = accounts.iter().filter_map(|(_, account)| *account);
    let left = consent::Entity::find()
        .filter(consent::Column::Template.eq(template))
        .filter(consent::Column::AccountId.is_in(bound))
        .all(conn)
        .await?;
    let of = |account| left.iter().find(|one| Some(one.account_id) == account);
    let count = |(id, account)| Some((id, i64::from(of(account)?.credits)));
    Ok(accounts.into_iter().filter_map(count).collect())
}
