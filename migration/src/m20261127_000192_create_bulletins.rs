//! Notices of the street to residents, and who has read them.

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

/// What everybody may read is not sealed.
const UP: &[&str] = &[
    "CREATE TABLE bulletin (
        id {pk}, title TEXT NOT NULL, text TEXT NOT NULL, urgent BOOLEAN NOT NULL,
        whole_street BOOLEAN NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
        from_at BIGINT NOT NULL, until_at BIGINT NOT NULL,
        author_id BIGINT NOT NULL REFERENCES staff (id),
        created_by BIGINT NOT NULL REFERENCES account (id), created_at BIGINT NOT NULL,
        approved_by BIGINT REFERENCES account (id), published_at BIGINT,
        withdrawn_by BIGINT REFERENCES account (id), withdrawn_at BIGINT,
        CHECK (until_at > from_at), CHECK (approved_by IS NULL OR approved_by <> created_by),
        CHECK (state <> 'published' OR published_at IS NOT NULL),
        CHECK (NOT whole_street OR published_at IS NULL OR approved_by IS NOT NULL))",
    "CREATE INDEX bulletin_published ON bulletin (published_at, id) WHERE state = 'published'",
    "CREATE TABLE bulletin_grid (
        bulletin_id BIGINT NOT NULL REFERENCES bulletin (id),
        grid_id BIGINT NOT NULL REFERENCES grid (id), PRIMARY KEY (bulletin_id, grid_id))",
    "CREATE TABLE bulletin_photo (
        bulletin_id BIGINT NOT NULL REFERENCES bulletin (id),
        photo_id BIGINT NOT NULL REFERENCES photo (id), position INTEGER NOT NULL,
        PRIMARY KEY (bulletin_id, photo_id))",
    "CREATE INDEX bulletin_photo_photo ON bulletin_photo (photo_id)",
    "CREATE TABLE bulletin_read (
        bulletin_id BIGINT NOT NULL REFERENCES bulletin (id),
        account_id BIGINT NOT NULL REFERENCES account (id),
        by_staff BOOLEAN NOT NULL, read_at BIGINT NOT NULL,
        PRIMARY KEY (bulletin_id, account_id))",
];
