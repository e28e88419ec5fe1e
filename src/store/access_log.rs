//! Who looked at whose personal data; rows are only ever added.

use entity::access_log::{ActiveModel, Column, Entity};
use entity::kinds::{AccountId, ActorRole, CaseId, Timestamp};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Somebody sees a case in clear.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub account: AccountId,
    pub role: ActorRole,
    pub case: CaseId,
    /// What of it he sees.
    pub field: &'static str,
    pub purpose: &'static str,
}

/// Inserts one look.
pub async fn insert(tx: &impl ConnectionTrait, look: Look, now: Timestamp) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: NotSet,
        account_id: Set(look.account),
        role: Set(look.role),
        case_id: Set(Some(look.case)),
        field: Set(look.field.to_owned()),
        purpose: Set(look.purpose.to_owned()),
        at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Inserts that somebody took an export of figures, with what it was made for.
pub async fn insert_export(
    tx: &impl ConnectionTrait,
    (account, role): (AccountId, ActorRole),
    purpose: String,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: NotSet,
        account_id: Set(account),
        role: Set(role),
        case_id: Set(None),
        field: Set("figure_export".to_owned()),
        purpose: Set(purpose),
        at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Inserts a look unless the same one was noted since an instant.
pub async fn insert_unless(
    tx: &impl ConnectionTrait,
    look: Look,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), DbErr> {
    let noted = Entity::find()
        .filter(Column::CaseId.eq(look.case))
        .filter(Column::AccountId.eq(look.account))
        .filter(Column::Role.eq(look.role))
        .filter(Column::Field.eq(look.field))
        .filter(Column::At.gt(since))
        .one(tx)
        .await?;
    if noted.is_some() { Ok(()) } else { insert(tx, look, now).await }
}
