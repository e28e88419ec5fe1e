//! Codes at doors, and the valid buildings and compounds they are made for.

use entity::building_code::{ActiveModel, Column, Entity, Model};
use entity::{building, compound};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// Finds the code of a building.
pub async fn find(conn: &impl ConnectionTrait, building: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Building.eq(building)).one(conn).await
}

/// Finds the external id of the building that a scene was printed for.
pub async fn building_of(
    conn: &impl ConnectionTrait,
    scene: &str,
) -> Result<Option<String>, DbErr> {
    let code = Entity::find().filter(Column::Scene.eq(scene)).one(conn).await?;
    Ok(code.map(|code| code.building))
}

/// Keeps a new code unless the building has one; returns how many rows came to be.
pub async fn insert(tx: &impl ConnectionTrait, row: ActiveModel) -> Result<u64, DbErr> {
    let once = OnConflict::column(Column::Building).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(tx).await
}

/// Notes where the image lies.
pub async fn set_drawn(
    tx: &impl ConnectionTrait,
    id: i64,
    object: &str,
    media_type: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Object, Expr::value(object))
        .col_expr(Column::MediaType, Expr::value(media_type))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Finds a valid building with its compound.
pub async fn building(
    conn: &impl ConnectionTrait,
    external_id: &str,
) -> Result<Option<(building::Model, compound::Model)>, DbErr> {
    let valid = building::Column::ValidTo.is_null();
    let named = building::Column::ExternalId.eq(external_id);
    let Some(found) = building::Entity::find().filter(named).filter(valid).one(conn).await? else {
        return Ok(None);
    };
    let compound = compound::Entity::find_by_id(found.compound_id).one(conn).await?;
    Ok(compound.map(|compound| (found, compound)))
}

/// Finds a valid compound.
pub async fn compound(
    conn: &impl ConnectionTrait,
    external_id: &str,
) -> Result<Option<compound::Model>, DbErr> {
    let valid = compound::Column::ValidTo.is_null();
    let named = compound::Column::ExternalId.eq(external_id);
    compound::Entity::find().filter(named).filter(valid).one(conn).await
}

/// Lists the valid buildings of a compound as they were delivered.
pub async fn buildings(
    conn: &impl ConnectionTrait,
    of: &compound::Model,
) -> Result<Vec<building::Model>, DbErr> {
    let valid = building::Column::ValidTo.is_null();
    let inside = building::Column::CompoundId.eq(of.id);
    let rows = building::Entity::find().filter(inside).filter(valid);
    rows.order_by_asc(building::Column::Id).all(conn).await
}
