//! Who looked at whose personal data; rows are only ever added.

use entity::access_log::{ActiveModel, Entity};
use entity::kinds::{AccountId, ActorRole, CaseId, Timestamp};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

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
