//! Recordings: who owns them and which case they belong to. The bytes are in the object store.

use entity::kinds::{AccountId, CaseId, VoiceId};
use entity::voice::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};

/// Inserts a recording that belongs to no case yet.
pub async fn insert(tx: &impl ConnectionTrait, voice: ActiveModel) -> Result<Model, DbErr> {
    voice.insert(tx).await
}

/// Gives a person's unattached recordings to a case; returns how many it found.
pub async fn attach(
    tx: &impl ConnectionTrait,
    owner: AccountId,
    voices: &[VoiceId],
    case: CaseId,
) -> Result<u64, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::CaseId, Expr::value(case))
        .filter(Column::Id.is_in(voices.iter().copied()))
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::CaseId.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Lists a case's recordings, oldest first.
pub async fn of_case(conn: &impl ConnectionTrait, case: CaseId) -> Result<Vec<Model>, DbErr> {
    let all = Entity::find().filter(Column::CaseId.eq(case)).order_by_asc(Column::Id);
    all.all(conn).await
}

/// Lists the recordings that a person uploaded, oldest first.
pub async fn of_owner(conn: &impl ConnectionTrait, owner: AccountId) -> Result<Vec<Model>, DbErr> {
    let all = Entity::find().filter(Column::OwnerId.eq(owner)).order_by_asc(Column::Id);
    all.all(conn).await
}

/// Finds one recording.
pub async fn find(conn: &impl ConnectionTrait, id: VoiceId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}
