//! One intended message to one person through one channel.

use sea_orm::entity::prelude::*;

use crate::kinds::{
    AccountId, CaseId, Channel, NoticeId, NoticeKind, NoticeState, StaffId, Timestamp,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: NoticeId,
    pub case_id: CaseId,
    pub kind: NoticeKind,
    pub round: i32,
    pub step: i32,
    pub staff_id: Option<StaffId>,
    /// The recipient's account; empty for staff that never bound one.
    pub account_id: Option<AccountId>,
    pub channel: Channel,
    pub dedup_key: String,
    pub state: NoticeState,
    pub urgent: bool,
    /// Part of the first push to the responsible set.
    pub first_push: bool,
    /// Template fields in order, sealed JSON.
    pub fields_sealed: String,
    pub page: String,
    pub msgid: Option<i64>,
    pub errcode: Option<i64>,
    /// Why it ended as it did, in a word.
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub sending_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// It was held back (quiet hours) and is free from then on.
    pub held_until: Option<Timestamp>,
    /// Which notice tells, or told, of it as well.
    pub bundled_into: Option<NoticeId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
