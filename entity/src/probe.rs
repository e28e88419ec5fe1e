//! One test message to one member of staff through one channel; about no case.

use sea_orm::entity::prelude::*;

use crate::kinds::{Channel, NoticeState, ProbeKind, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "probe")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: ProbeKind,
    pub staff_id: StaffId,
    pub channel: Channel,
    pub dedup_key: String,
    pub state: NoticeState,
    /// Where it went in WeChat; empty before, and for a text message.
    pub openid: Option<String>,
    pub msgid: Option<i64>,
    pub errcode: Option<i64>,
    /// Why it ended as it did, in a word.
    pub reason: Option<String>,
    pub created_at: Timestamp,
    /// Later nobody sends it any more: a test that comes out of the blue only confuses.
    pub expires_at: Timestamp,
    pub sending_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// The drill it belongs to, if any.
    pub drill_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
