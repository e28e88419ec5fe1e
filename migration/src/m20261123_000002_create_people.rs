//! Accounts, sign-in, codes and consents.

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
    "CREATE TABLE account (
        id {pk}, token_version INTEGER NOT NULL DEFAULT 0, phone_sealed TEXT, phone_index TEXT,
        created_at BIGINT NOT NULL, blocked_at BIGINT)",
    "CREATE INDEX account_phone ON account (phone_index) WHERE phone_index IS NOT NULL",
    "CREATE TABLE wechat_identity (
        id {pk}, account_id BIGINT NOT NULL REFERENCES account (id),
        app TEXT NOT NULL CHECK (app IN ('mini', 'oa')), openid TEXT NOT NULL, unionid TEXT,
        dead_at BIGINT, created_at BIGINT NOT NULL, UNIQUE (app, openid))",
    "CREATE INDEX wechat_identity_account ON wechat_identity (account_id, app)",
    "CREATE INDEX wechat_identity_unionid ON wechat_identity (unionid) WHERE unionid IS NOT NULL",
    "CREATE TABLE staff_role (
        id {pk}, staff_id BIGINT NOT NULL REFERENCES staff (id), role TEXT NOT NULL,
        valid_from BIGINT NOT NULL, valid_to BIGINT)",
    "CREATE INDEX staff_role_staff ON staff_role (staff_id)",
    "CREATE INDEX staff_role_role ON staff_role (role)",
    "CREATE TABLE binding_code (
        id {pk}, purpose TEXT NOT NULL CHECK (purpose IN ('staff', 'first_admin', 'console')),
        code_hash TEXT NOT NULL UNIQUE, staff_id BIGINT REFERENCES staff (id),
        expires_at BIGINT NOT NULL, used_at BIGINT, created_at BIGINT NOT NULL)",
    "CREATE TABLE console_account (
        id {pk}, account_id BIGINT NOT NULL UNIQUE REFERENCES account (id),
        staff_id BIGINT REFERENCES staff (id), name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,
        totp_sealed TEXT, totp_last_step BIGINT, created_at BIGINT NOT NULL)",
    "CREATE TABLE console_failure (id {pk}, subject TEXT NOT NULL, at BIGINT NOT NULL)",
    "CREATE INDEX console_failure_subject ON console_failure (subject, at)",
    "CREATE TABLE refresh_token (
        id {pk}, family TEXT NOT NULL, account_id BIGINT NOT NULL REFERENCES account (id),
        kind TEXT NOT NULL CHECK (kind IN ('wechat', 'console')), token_hash TEXT NOT NULL UNIQUE,
        issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, family_ends_at BIGINT NOT NULL,
        used_at BIGINT, revoked_at BIGINT)",
    "CREATE INDEX refresh_token_family ON refresh_token (family)",
    "CREATE TABLE seen_code (code_hash TEXT PRIMARY KEY, seen_at BIGINT NOT NULL)",
    "CREATE INDEX seen_code_at ON seen_code (seen_at)",
    "CREATE TABLE consent (
        id {pk}, account_id BIGINT NOT NULL REFERENCES account (id), template TEXT NOT NULL,
        credits INTEGER NOT NULL CHECK (credits >= 0), updated_at BIGINT NOT NULL,
        UNIQUE (account_id, template))",
    "CREATE TABLE wechat_event (
        id {pk}, app TEXT NOT NULL CHECK (app IN ('mini', 'oa')), body_hash TEXT NOT NULL UNIQUE,
        body_sealed TEXT NOT NULL, received_at BIGINT NOT NULL, handled_at BIGINT)",
];
