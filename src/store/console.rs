//! Console accounts, their failed sign-ins, and one-time codes of every purpose.

use entity::kinds::{StaffId, Timestamp};
use entity::{binding_code, console_account, console_failure};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
};

/// Finds a console account by its name.
pub async fn find(
    conn: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<console_account::Model>, DbErr> {
    console_account::Entity::find().filter(console_account::Column::Name.eq(name)).one(conn).await
}

/// Finds the console account of a member of staff.
pub async fn of_staff(
    conn: &impl ConnectionTrait,
    staff: StaffId,
) -> Result<Option<console_account::Model>, DbErr> {
    console_account::Entity::find()
        .filter(console_account::Column::StaffId.eq(staff))
        .one(conn)
        .await
}

/// Counts console accounts.
pub async fn count(conn: &impl ConnectionTrait) -> Result<u64, DbErr> {
    console_account::Entity::find().count(conn).await
}

/// Inserts a console account; false when the name is taken.
pub async fn insert(
    tx: &impl ConnectionTrait,
    row: console_account::ActiveModel,
) -> Result<bool, DbErr> {
    let once = OnConflict::column(console_account::Column::Name).do_nothing().to_owned();
    let written =
        console_account::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    Ok(written == 1)
}

/// Remembers the accepted time step of the second factor; zero when it, or a later one, was
/// accepted before.
pub async fn take_step(tx: &impl ConnectionTrait, id: i64, step: i64) -> Result<u64, DbErr> {
    let last = console_account::Column::TotpLastStep;
    let changed = console_account::Entity::update_many()
        .col_expr(last, Expr::value(step))
        .filter(console_account::Column::Id.eq(id))
        .filter(Condition::any().add(last.is_null()).add(last.lt(step)))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Counts one try of a subject as failed and returns the row's id.
pub async fn insert_failure(
    tx: &impl ConnectionTrait,
    subject: &str,
    now: Timestamp,
) -> Result<i64, DbErr> {
    let row = console_failure::ActiveModel {
        subject: sea_orm::Set(subject.to_owned()),
        at: sea_orm::Set(now),
        ..Default::default()
    };
    Ok(console_failure::Entity::insert(row).exec(tx).await?.last_insert_id)
}

/// Lists the failures of a subject since an instant, except one row.
pub async fn failures(
    conn: &impl ConnectionTrait,
    subject: &str,
    since: Timestamp,
    except: i64,
) -> Result<Vec<Timestamp>, DbErr> {
    let rows = console_failure::Entity::find()
        .filter(console_failure::Column::Subject.eq(subject))
        .filter(console_failure::Column::At.gte(since))
        .filter(console_failure::Column::Id.ne(except))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.at).collect())
}

/// Takes failures back that turned out to be none.
pub async fn remove_failures(tx: &impl ConnectionTrait, ids: &[i64]) -> Result<(), DbErr> {
    console_failure::Entity::delete_many()
        .filter(console_failure::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Forgets the failures of a subject that has signed in.
pub async fn clear_failures(tx: &impl ConnectionTrait, subject: &str) -> Result<(), DbErr> {
    console_failure::Entity::delete_many()
        .filter(console_failure::Column::Subject.eq(subject))
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes failures that no longer count.
pub async fn forget(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    let gone = console_failure::Entity::delete_many()
        .filter(console_failure::Column::At.lt(before))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

/// Inserts a one-time code.
pub async fn insert_code(
    tx: &impl ConnectionTrait,
    row: binding_code::ActiveModel,
) -> Result<(), DbErr> {
    binding_code::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Finds the row of a code by its fingerprint.
pub async fn find_code(
    conn: &impl ConnectionTrait,
    fingerprint: &str,
) -> Result<Option<binding_code::Model>, DbErr> {
    binding_code::Entity::find()
        .filter(binding_code::Column::CodeHash.eq(fingerprint))
        .one(conn)
        .await
}

/// Marks an unused code used; zero when it was used before.
pub async fn use_code(tx: &impl ConnectionTrait, id: i64, now: Timestamp) -> Result<u64, DbErr> {
    let changed = binding_code::Entity::update_many()
        .col_expr(binding_code::Column::UsedAt, Expr::value(now))
        .filter(binding_code::Column::Id.eq(id))
        .filter(binding_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Marks the open codes of one purpose and person used: a new code replaces them.
pub async fn void_codes(
    tx: &impl ConnectionTrait,
    purpose: &str,
    staff: Option<StaffId>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let whose = match staff {
        Some(id) => binding_code::Column::StaffId.eq(id),
        None => binding_code::Column::StaffId.is_null(),
    };
    binding_code::Entity::update_many()
        .col_expr(binding_code::Column::UsedAt, Expr::value(now))
        .filter(binding_code::Column::Purpose.eq(purpose))
        .filter(whose)
        .filter(binding_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
