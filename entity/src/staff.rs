//! Staff: a person who can be responsible. The name is sealed; only the office phone is public.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: StaffId,
    /// The delivered file's `staff_id`.
    pub staff_no: String,
    pub name_sealed: String,
    pub office_phone: String,
    /// His mobile, sealed for `staff.phone`; nobody sees it, text messages go there.
    pub phone_sealed: Option<String>,
    /// When the provider said that his mobile reaches nobody.
    pub phone_dead_at: Option<Timestamp>,
    pub account_id: Option<AccountId>,
    /// By which WeCom knows him, in lower case.
    pub wecom_userid: Option<String>,
    /// Why WeCom does not lead to him any more, in a word.
    pub wecom_end: Option<String>,
    /// When the address book last said whether it does, by WeCom's clock.
    pub wecom_told_at: Option<Timestamp>,
    /// In which push; decides between two of the same second.
    pub wecom_told_by: Option<i64>,
    /// When he last left the application's range, by WeCom's clock.
    pub wecom_left_at: Option<Timestamp>,
    /// In which push; decides between two of the same second.
    pub wecom_left_by: Option<i64>,
    /// When WeChat refused an employee message to him.
    pub employee_dead_at: Option<Timestamp>,
    /// In whose name he presses buttons of cards while no other account is his.
    pub wecom_account_id: Option<AccountId>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
