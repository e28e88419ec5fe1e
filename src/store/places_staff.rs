//! Writes the people and responsibilities of a delivered folder.
//!
//! Staff are kept for ever (cases name them); a person who left has `ended_at`. Reading duties is
//! elsewhere.

use std::collections::HashMap;

use entity::kinds::{ResponsibilityId, StaffId, Timestamp};
use entity::{grid, responsibility, staff};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ActiveModelTrait, Set};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::places_sync::Change;

/// A person of the file, name already sealed.
#[derive(Clone, Debug)]
pub struct SealedStaff {
    pub staff_no: String,
    pub name_sealed: String,
    pub office_phone: String,
    /// `None` leaves what is there.
    pub wecom_userid: Option<String>,
}

/// Makes `fresh` the staff in office: inserts, updates by number, ends who is missing. A person
/// who returns is in office again.
pub async fn replace_staff(
    tx: &impl ConnectionTrait,
    fresh: Vec<SealedStaff>,
    now: Timestamp,
) -> Result<Change, DbErr> {
    let old = staff::Entity::find().all(tx).await?;
    let mut before: HashMap<String, staff::Model> =
        old.into_iter().map(|s| (s.staff_no.clone(), s)).collect();
    super::wecom::give_up_names(tx, &names(&fresh)).await?;
    let mut change = Change::default();
    let mut new = Vec::new();
    for person in fresh {
        let Some(known) = before.remove(&person.staff_no) else {
            new.push(row(person, now));
            continue;
        };
        let moved = person.wecom_userid.is_some() && person.wecom_userid != known.wecom_userid;
        let mut known = known.into_active_model();
        if moved {
            known.wecom_userid = Set(person.wecom_userid);
            known.wecom_end = Set(None);
            known.wecom_told_at = Set(None);
            known.wecom_told_by = Set(None);
            known.wecom_left_at = Set(None);
            known.wecom_left_by = Set(None);
        }
        known.name_sealed = Set(person.name_sealed);
        known.office_phone = Set(person.office_phone);
        known.ended_at = Set(None);
        staff::Entity::update(known).exec(tx).await?;
        change.updated += 1;
    }
    change.inserted = new.len();
    if !new.is_empty() {
        staff::Entity::insert_many(new).exec_without_returning(tx).await?;
    }
    let gone: Vec<StaffId> =
        before.values().filter(|s| s.ended_at.is_none()).map(|s| s.id).collect();
    change.ended = gone.len();
    staff::Entity::update_many()
        .col_expr(staff::Column::EndedAt, Expr::value(now))
        .filter(staff::Column::Id.is_in(gone))
        .exec(tx)
        .await?;
    Ok(change)
}

/// Lists which name at WeCom belongs to whom by the file.
fn names(fresh: &[SealedStaff]) -> Vec<(&str, &str)> {
    fresh
        .iter()
        .filter_map(|one| Some((one.wecom_userid.as_deref()?, one.staff_no.as_str())))
        .collect()
}

fn row(person: SealedStaff, now: Timestamp) -> staff::ActiveModel {
    staff::ActiveModel {
        staff_no: Set(person.staff_no),
        name_sealed: Set(person.name_sealed),
        office_phone: Set(person.office_phone),
        phone_sealed: Set(None),
        phone_dead_at: Set(None),
        wecom_userid: Set(person.wecom_userid),
        wecom_end: Set(None),
        wecom_told_at: Set(None),
        wecom_told_by: Set(None),
        wecom_left_at: Set(None),
        wecom_left_by: Set(None),
        employee_dead_at: Set(None),
        wecom_account_id: Set(None),
        account_id: Set(None),
        created_at: Set(now),
        ended_at: Set(None),
        ..Default::default()
    }
}

/// Reads the ids of the staff in office by number.
pub async fn staff_ids(tx: &impl ConnectionTrait) -> Result<HashMap<String, StaffId>, DbErr> {
    let rows = staff::Entity::find().filter(staff::Column::EndedAt.is_null()).all(tx).await?;
    Ok(rows.into_iter().map(|s| (s.staff_no, s.id)).collect())
}

/// Reads the responsibilities that are in force or to come.
pub async fn living_responsibilities(
    tx: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Vec<responsibility::Model>, DbErr> {
    responsibility::Entity::find().filter(living(now)).all(tx).await
}

fn living(now: Timestamp) -> Condition {
    let to = responsibility::Column::ValidTo;
    Condition::any().add(to.is_null()).add(to.gt(now))
}

/// Inserts responsibilities; the database gives the ids.
pub async fn insert_responsibilities(
    tx: &impl ConnectionTrait,
    rows: Vec<responsibility::Model>,
) -> Result<(), DbErr> {
    for chunk in rows.chunks(1_000) {
        let chunk = chunk.iter().cloned().map(|row| {
            let mut row = row.into_active_model().reset_all();
            row.not_set(responsibility::Column::Id);
            row
        });
        responsibility::Entity::insert_many(chunk).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Sets the end of a responsibility.
pub async fn set_end(
    tx: &impl ConnectionTrait,
    id: ResponsibilityId,
    to: Option<Timestamp>,
) -> Result<(), DbErr> {
    responsibility::Entity::update_many()
        .col_expr(responsibility::Column::ValidTo, Expr::value(to))
        .filter(responsibility::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends what a person who left, or a grid that ended, still has. A responsibility that has not
/// begun ends at its own beginning. Returns how many.
pub async fn end_orphans(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    use responsibility::Column::{GridId, StaffId, ValidFrom, ValidTo};
    let left = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(staff::Column::EndedAt.is_not_null());
    let closed = grid::Entity::find()
        .select_only()
        .column(grid::Column::Id)
        .filter(grid::Column::ValidTo.is_not_null());
    let orphan = Condition::any()
        .add(StaffId.in_subquery(sea_orm::QueryTrait::into_query(left)))
        .add(GridId.in_subquery(sea_orm::QueryTrait::into_query(closed)));
    let end = Expr::case(ValidFrom.gt(now), Expr::col(ValidFrom)).finally(Expr::value(now));
    let done = responsibility::Entity::update_many()
        .col_expr(ValidTo, end.into())
        .filter(living(now))
        .filter(orphan)
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
