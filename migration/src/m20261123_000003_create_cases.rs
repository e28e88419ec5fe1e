//! Cases, their ledger, notices and jobs. The rules that must hold whatever the program does
//! stand here as CHECKs and triggers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, GUARD_POSTGRES).await,
            _ => run(manager, GUARD_SQLITE).await,
        }
    }
}

const UP: &[&str] = &[
    "CREATE TABLE case_counter (day TEXT PRIMARY KEY, last INTEGER NOT NULL)",
    "CREATE TABLE cases (
        id {pk}, number TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL CHECK (state IN ('submitted', 'triage', 'assigned', 'acknowledged',
            'in_progress', 'on_hold', 'resolved', 'closed', 'rejected', 'merged', 'cancelled')),
        version INTEGER NOT NULL,
        urgency TEXT NOT NULL CHECK (urgency IN ('urgent', 'fast', 'normal', 'complex')),
        category TEXT NOT NULL,
        reporter_id BIGINT NOT NULL REFERENCES account (id), on_behalf_sealed TEXT,
        reported_by_staff BIGINT REFERENCES staff (id),
        text_sealed TEXT NOT NULL, address_sealed TEXT, position_sealed TEXT,
        contact_phone_sealed TEXT, contact_phone_index TEXT,
        large_grid_id BIGINT REFERENCES grid (id), small_grid_id BIGINT REFERENCES grid (id),
        place_sealed TEXT NOT NULL, confidence DOUBLE PRECISION NOT NULL,
        triage_reason TEXT, held_by TEXT,
        snapshot TEXT NOT NULL, targets TEXT NOT NULL,
        acknowledge_due_at BIGINT NOT NULL, contact_due_at BIGINT NOT NULL, resolve_due_at BIGINT NOT NULL,
        reported_at BIGINT NOT NULL, located_at BIGINT, assigned_at BIGINT, first_push_at BIGINT,
        opened_at BIGINT, acknowledged_at BIGINT, acknowledged_by BIGINT REFERENCES staff (id),
        first_contact_at BIGINT, contacted_at BIGINT, resolved_at BIGINT, closed_at BIGINT,
        last_reminded_at BIGINT,
        returns INTEGER NOT NULL DEFAULT 0, appeals INTEGER NOT NULL DEFAULT 0, reopens INTEGER NOT NULL DEFAULT 0,
        rating_result INTEGER CHECK (rating_result BETWEEN 1 AND 5),
        rating_attitude INTEGER CHECK (rating_attitude BETWEEN 1 AND 5),
        hold_reason TEXT, hold_until BIGINT,
        result_type TEXT, merged_into BIGINT REFERENCES cases (id), rejection TEXT,
        escalation_base BIGINT NOT NULL, escalation_round INTEGER NOT NULL DEFAULT 0,
        escalation_step INTEGER, stepped_at BIGINT, ack_reminded BOOLEAN NOT NULL DEFAULT FALSE,
        next_check_at BIGINT,
        content_check TEXT NOT NULL, content_until BIGINT,
        last_seq INTEGER NOT NULL, last_hash TEXT NOT NULL, last_event_at BIGINT NOT NULL,
        CONSTRAINT open_case_has_a_future CHECK (
            state IN ('closed', 'rejected', 'merged', 'cancelled') OR next_check_at IS NOT NULL),
        CONSTRAINT assigned_case_has_a_grid CHECK (
            state NOT IN ('assigned', 'acknowledged', 'in_progress', 'on_hold', 'resolved')
            OR small_grid_id IS NOT NULL),
        CONSTRAINT triage_has_a_reason CHECK ((state = 'triage') <= (triage_reason IS NOT NULL AND held_by IS NOT NULL)),
        CONSTRAINT hold_has_an_end CHECK ((state = 'on_hold') <= (hold_until IS NOT NULL)))",
    "CREATE INDEX cases_next_check ON cases (next_check_at) WHERE next_check_at IS NOT NULL",
    "CREATE INDEX cases_reporter ON cases (reporter_id, id)",
    "CREATE INDEX cases_small_grid ON cases (small_grid_id, id)",
    "CREATE INDEX cases_large_grid ON cases (large_grid_id, id)",
    "CREATE INDEX cases_state ON cases (state, id)",
    "CREATE INDEX cases_reported ON cases (reported_at)",
    "CREATE TABLE case_event (
        id {pk}, case_id BIGINT NOT NULL REFERENCES cases (id), seq INTEGER NOT NULL, kind TEXT NOT NULL,
        actor_id BIGINT REFERENCES account (id), actor_role TEXT NOT NULL,
        server_time BIGINT NOT NULL, client_time BIGINT,
        payload_commitment TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
        UNIQUE (case_id, seq))",
    "CREATE TABLE case_event_payload (
        event_id BIGINT PRIMARY KEY REFERENCES case_event (id), salt TEXT NOT NULL, body_sealed TEXT NOT NULL)",
    "CREATE TABLE notice (
        id {pk}, case_id BIGINT NOT NULL REFERENCES cases (id), kind TEXT NOT NULL,
        round INTEGER NOT NULL, step INTEGER NOT NULL,
        staff_id BIGINT REFERENCES staff (id), account_id BIGINT REFERENCES account (id),
        channel TEXT NOT NULL, dedup_key TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'accepted', 'delivered', 'unknown', 'dead', 'cancelled')),
        urgent BOOLEAN NOT NULL, first_push BOOLEAN NOT NULL, fields_sealed TEXT NOT NULL, page TEXT NOT NULL,
        msgid BIGINT, errcode BIGINT, reason TEXT,
        created_at BIGINT NOT NULL, sending_at BIGINT, accepted_at BIGINT, delivered_at BIGINT, finished_at BIGINT,
        CONSTRAINT finished_notice_has_its_time CHECK (
            (state IN ('planned', 'sending')) = (finished_at IS NULL)))",
    "CREATE INDEX notice_case ON notice (case_id)",
    "CREATE INDEX notice_account ON notice (account_id, id)",
    "CREATE INDEX notice_msgid ON notice (msgid) WHERE msgid IS NOT NULL",
    "CREATE TABLE job (
        id {pk}, kind TEXT NOT NULL, dedup_key TEXT NOT NULL, generation INTEGER NOT NULL DEFAULT 0,
        payload TEXT NOT NULL, priority INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
        run_at BIGINT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0,
        max_attempt INTEGER NOT NULL, fence BIGINT NOT NULL DEFAULT 0, lease_owner TEXT, last_error TEXT,
        trace_id TEXT, created_at BIGINT NOT NULL, finished_at BIGINT,
        UNIQUE (kind, dedup_key, generation),
        CONSTRAINT finished_job_has_its_time CHECK ((state IN ('done', 'dead')) = (finished_at IS NOT NULL)),
        CONSTRAINT running_job_has_an_owner CHECK ((state = 'running') = (lease_owner IS NOT NULL)))",
    "CREATE INDEX job_due ON job (run_at) WHERE state IN ('ready', 'running')",
    "CREATE TABLE idempotency (
        id {pk}, account_id BIGINT NOT NULL REFERENCES account (id), key TEXT NOT NULL, fingerprint TEXT NOT NULL,
        status INTEGER NOT NULL, reply_sealed TEXT NOT NULL, created_at BIGINT NOT NULL, UNIQUE (account_id, key))",
    "CREATE INDEX idempotency_created ON idempotency (created_at)",
    "CREATE TABLE photo (
        id {pk}, owner_id BIGINT NOT NULL REFERENCES account (id), case_id BIGINT REFERENCES cases (id),
        event_id BIGINT REFERENCES case_event (id), object TEXT NOT NULL UNIQUE, media_type TEXT NOT NULL,
        bytes BIGINT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, sha256 TEXT NOT NULL,
        created_at BIGINT NOT NULL)",
    "CREATE INDEX photo_case ON photo (case_id)",
    "CREATE TABLE access_log (
        id {pk}, account_id BIGINT NOT NULL REFERENCES account (id), role TEXT NOT NULL,
        case_id BIGINT REFERENCES cases (id), field TEXT NOT NULL, purpose TEXT NOT NULL, at BIGINT NOT NULL)",
    "CREATE INDEX access_log_case ON access_log (case_id)",
];

/// The ledger only grows: the database itself refuses to change or remove an event.
const GUARD_SQLITE: &[&str] = &[
    "CREATE TRIGGER case_event_is_never_updated BEFORE UPDATE ON case_event
        BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END",
    "CREATE TRIGGER case_event_is_never_deleted BEFORE DELETE ON case_event
        BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END",
];

const GUARD_POSTGRES: &[&str] = &[
    "CREATE FUNCTION case_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'case_event is append-only'; END $$",
    "CREATE TRIGGER case_event_is_never_changed BEFORE UPDATE OR DELETE ON case_event
        FOR EACH ROW EXECUTE FUNCTION case_event_is_append_only()",
    "CREATE TRIGGER case_event_is_never_truncated BEFORE TRUNCATE ON case_event
        FOR EACH STATEMENT EXECUTE FUNCTION case_event_is_append_only()",
];
