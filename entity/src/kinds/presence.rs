//! Words about who is there, who is away, and why; and about notices of the street.

use std::borrow::Cow;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

words! {
    /// Where a notice of the street stands.
    BulletinState {
        Draft = "draft", "待审核";
        Published = "published", "已发布";
        Withdrawn = "withdrawn", "已撤回";
    }

    /// On which days a shift is worked.
    ShiftDays {
        Every = "every", "每天";
        Workday = "workday", "工作日";
        DayOff = "day_off", "休息日";
    }

    /// Why somebody is away.
    LeaveKind {
        Leave = "leave", "请假";
        OffDuty = "off_duty", "离岗";
        Swap = "swap", "换班";
    }

    /// Where a swap of shifts stands.
    SwapState {
        Asked = "asked", "待同事答复";
        Accepted = "accepted", "待社区批准";
        InForce = "in_force", "已生效";
        Declined = "declined", "同事未同意";
        Refused = "refused", "社区未批准";
        Withdrawn = "withdrawn", "已撤回";
        Expired = "expired", "已过期";
    }

    /// Where somebody stands towards his shift.
    DutyState {
        On = "on", "值班中";
        NotSignedOn = "not_signed_on", "在班未到岗";
        Off = "off", "已离岗";
        OnLeave = "on_leave", "请假或换班";
        NoShift = "no_shift", "没有班";
    }
}
