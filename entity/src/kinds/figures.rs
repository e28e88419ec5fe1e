//! Words about how late a case is, and about figures.

use std::borrow::Cow;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

words! {
    /// How late a case is (domain §4.1): half of its time is used, or all of it.
    Card {
        Yellow = "yellow", "黄牌";
        Red = "red", "红牌";
    }

    /// Why a case may rest (domain §5.4), or why it is said that it should: the last two stop nothing.
    HoldReason {
        AwaitingMaterial = "awaiting_material", "等居民补充材料";
        AwaitingAppointment = "awaiting_appointment", "和居民约了时间";
        Weather = "weather", "天气或不可抗力";
        AwaitingDepartment = "awaiting_department", "等部门处理";
        AwaitingPurchase = "awaiting_purchase", "等采购或施工";
    }

    /// What became of the one request for more time.
    ExtensionState {
        Asked = "asked", "待审批";
        Granted = "granted", "已同意";
        Refused = "refused", "未同意";
    }

    /// What an auditor exports.
    ExportContent {
        Figures = "figures", "指标";
        Cases = "cases", "指标明细";
    }

    /// As what it opens.
    ExportFormat {
        Csv = "csv", "CSV";
        Xlsx = "xlsx", "Excel";
    }

    /// The life of an export.
    ExportState {
        Waiting = "waiting", "排队";
        Running = "running", "生成中";
        Done = "done", "完成";
        Failed = "failed", "失败";
        Expired = "expired", "已过期";
    }

    /// Why an auditor takes a case out of the figures; never anybody else.
    ExclusionGround {
        TestCase = "test_case", "测试数据";
        EnteredTwice = "entered_twice", "重复录入";
        SystemFailure = "system_failure", "系统故障";
        ForceMajeure = "force_majeure", "不可抗力";
        OutsideDuty = "outside_duty", "不属于本街道职责";
        Other = "other", "其他";
    }
}
