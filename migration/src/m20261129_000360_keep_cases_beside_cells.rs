//! What the cells of figures do not have as it stands is kept beside them, in rows of five numbers:
//! a night that counts a case removes such a row, and does not write the long one of the case and
//! its indexes anew.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::{run, run_on_postgres};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run_on_postgres(manager, &["DROP STATISTICS cases_not_rolled_count"]).await?;
        // SQLite finds rows by a key of this type alone without a second tree.
        let (id, triggers) = match manager.get_database_backend() {
            DatabaseBackend::Postgres => ("BIGINT", ON_POSTGRES),
            _ => ("INTEGER", ON_SQLITE),
        };
        run(manager, &[&TABLE.replace("{id}", id)]).await?;
        run(manager, UP).await?;
        run(manager, triggers).await
    }
}

/// Whatever is open is found by its index, and not in the cells unless a row here says so. What is
/// over is in the cells as it stands, unless a row here says up to which event it is: `0`, none.
///
/// Only the triggers below add rows, and no case is ever removed: it needs no reference.
const TABLE: &str = "CREATE TABLE case_beside (
    case_id {id} NOT NULL PRIMARY KEY, counted INTEGER NOT NULL, last_seq INTEGER NOT NULL,
    reported_at BIGINT NOT NULL, over_at BIGINT NOT NULL)";

const UP: &[&str] = &[
    "INSERT INTO case_beside (case_id, counted, last_seq, reported_at, over_at)
     SELECT id, rolled_seq, last_seq, reported_at,
        CASE WHEN reopens > 0 THEN 9223372036854775807
             WHEN resolve_due_at >= contact_due_at AND resolve_due_at >= acknowledge_due_at
                  AND resolve_due_at >= last_event_at THEN resolve_due_at
             WHEN contact_due_at >= acknowledge_due_at AND contact_due_at >= last_event_at
                  THEN contact_due_at
             WHEN acknowledge_due_at >= last_event_at THEN acknowledge_due_at
             ELSE last_event_at END
       FROM cases
      WHERE (next_check_at IS NULL AND rolled_seq <> last_seq)
         OR (next_check_at IS NOT NULL AND rolled_seq > 0)",
    "DROP INDEX cases_not_rolled",
    "DROP INDEX cases_rolled",
    "ALTER TABLE cases DROP COLUMN rolled_seq",
    // With the column of its condition, without which SQLite would look into each row for it.
    "CREATE INDEX cases_open ON cases (reported_at, id, last_seq, next_check_at)
        WHERE next_check_at IS NOT NULL",
    "CREATE INDEX cases_over ON cases (last_event_at, reported_at) WHERE next_check_at IS NULL",
];

/// Whoever ends a case, or says something of one that is over.
const ON_POSTGRES: &[&str] = &[
    "CREATE FUNCTION cases_stand_beside() RETURNS trigger LANGUAGE plpgsql AS $$
     DECLARE before INTEGER := 0;
     BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.next_check_at IS NULL THEN before := OLD.last_seq; END IF;
        END IF;
        INSERT INTO case_beside (case_id, counted, last_seq, reported_at, over_at)
        VALUES (NEW.id, before, NEW.last_seq, NEW.reported_at,
            CASE WHEN NEW.reopens > 0 THEN 9223372036854775807
                 ELSE GREATEST(NEW.resolve_due_at, NEW.contact_due_at, NEW.acknowledge_due_at,
                    NEW.last_event_at) END)
        ON CONFLICT (case_id) DO UPDATE
           SET last_seq = excluded.last_seq, over_at = excluded.over_at;
        RETURN NULL;
     END $$",
    "CREATE TRIGGER cases_stand_beside AFTER UPDATE OF last_seq, next_check_at ON cases
        FOR EACH ROW WHEN ((OLD.next_check_at IS NULL OR NEW.next_check_at IS NULL)
            AND (OLD.last_seq <> NEW.last_seq
                 OR (OLD.next_check_at IS NULL) <> (NEW.next_check_at IS NULL)))
        EXECUTE FUNCTION cases_stand_beside()",
    "CREATE TRIGGER cases_begin_beside AFTER INSERT ON cases
        FOR EACH ROW WHEN (NEW.next_check_at IS NULL) EXECUTE FUNCTION cases_stand_beside()",
];

const ON_SQLITE: &[&str] = &[
    "CREATE TRIGGER cases_stand_beside AFTER UPDATE OF last_seq, next_check_at ON cases
        FOR EACH ROW WHEN (OLD.next_check_at IS NULL OR NEW.next_check_at IS NULL)
            AND (OLD.last_seq <> NEW.last_seq
                 OR (OLD.next_check_at IS NULL) <> (NEW.next_check_at IS NULL))
     BEGIN
        INSERT INTO case_beside (case_id, counted, last_seq, reported_at, over_at)
        VALUES (NEW.id, CASE WHEN OLD.next_check_at IS NULL THEN OLD.last_seq ELSE 0 END,
            NEW.last_seq, NEW.reported_at,
            CASE WHEN NEW.reopens > 0 THEN 9223372036854775807
                 ELSE MAX(NEW.resolve_due_at, NEW.contact_due_at, NEW.acknowledge_due_at,
                    NEW.last_event_at) END)
        ON CONFLICT (case_id) DO UPDATE
           SET last_seq = excluded.last_seq, over_at = excluded.over_at;
     END",
    "CREATE TRIGGER cases_begin_beside AFTER INSERT ON cases
        FOR EACH ROW WHEN NEW.next_check_at IS NULL
     BEGIN
        INSERT INTO case_beside (case_id, counted, last_seq, reported_at, over_at)
        VALUES (NEW.id, 0, NEW.last_seq, NEW.reported_at,
            CASE WHEN NEW.reopens > 0 THEN 9223372036854775807
                 ELSE MAX(NEW.resolve_due_at, NEW.contact_due_at, NEW.acknowledge_due_at,
                    NEW.last_event_at) END);
     END",
];
