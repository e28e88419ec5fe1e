//! Words about notices: what they say and what became of them.

use std::borrow::Cow;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

words! {
    /// The life of a notice.
    NoticeState {
        Planned = "planned", "待发送";
        Sending = "sending", "发送中";
        Accepted = "accepted", "平台已受理";
        Delivered = "delivered", "已送达";
        Unknown = "unknown", "结果不明";
        Dead = "dead", "发送失败";
        Cancelled = "cancelled", "已取消";
    }

    /// What a notice is about; decides its template and its words.
    NoticeKind {
        NewCase = "new_case", "新工单";
        Escalated = "escalated", "升级提醒";
        Reminder = "reminder", "催办";
        Transferred = "transferred", "转派";
        TakenBy = "taken_by", "已被签收";
        Reopened = "reopened", "重开";
        Triage = "triage", "待分拣";
        Cancelled = "case_cancelled", "已撤回";
        Question = "question", "请补充地址";
        Acknowledged = "acknowledged", "已有人接到";
        Resolved = "resolved", "等您确认";
        Rejected = "rejected", "未受理";
        Diverted = "diverted", "已转法定途径";
        Rests = "rests", "暂停办理";
        Message = "message", "给您留言";
        /// About the case that his own one was merged into: it is worked on.
        Merged = "merged", "合并办理";
        /// About the same: it has a result, or is no matter of the street.
        Outcome = "outcome", "已有结果";
        /// Only in the inbox: whoever works on the case has it open or looks soon.
        Added = "added", "居民补充";
        Renewal = "renewal", "续订提醒";
        /// About no case.
        Roster = "roster", "值班与换班";
    }
}
