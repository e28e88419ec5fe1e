//! Who asked whom to take his shift, and what became of it. In force it is one or two leaves.

use sea_orm_migration::prelude::*;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }
}

const UP: &[&str] = &[
    "CREATE TABLE swap (
        id {pk}, asker_id BIGINT NOT NULL REFERENCES staff (id),
        partner_id BIGINT NOT NULL REFERENCES staff (id),
        community_id BIGINT NOT NULL REFERENCES grid (id),
        give_from BIGINT NOT NULL, give_to BIGINT NOT NULL, take_from BIGINT, take_to BIGINT,
        begins_at BIGINT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('asked', 'accepted', 'in_force', 'declined', 'refused',
            'withdrawn', 'expired')),
        asked_at BIGINT NOT NULL, changed_at BIGINT NOT NULL,
        CHECK (asker_id <> partner_id), CHECK (give_to > give_from),
        CHECK ((take_from IS NULL) = (take_to IS NULL)), CHECK (take_from IS NULL OR take_to > take_from))",
    "CREATE INDEX swap_asker ON swap (asker_id, id)",
    "CREATE INDEX swap_partner ON swap (partner_id, id)",
    "CREATE INDEX swap_community ON swap (community_id, id)",
    "CREATE INDEX swap_open ON swap (begins_at) WHERE state IN ('asked', 'accepted')",
    "ALTER TABLE leave ADD COLUMN swap_id BIGINT REFERENCES swap (id)",
];
