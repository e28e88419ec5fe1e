//! Newtype ids, times and closed word lists shared by the tables and the domain.
//!
//! The only part of this crate that `domain` may import. Everything here is a plain value: no
//! behaviour beyond conversion, so that a word can never mean one thing in SQL and another in Rust.

use std::borrow::Cow;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                raw.parse().map(Self)
            }
        }
    )+};
}

ids!(
    /// A case (工单), the subject of everything.
    CaseId,
    /// One entry of a case's ledger.
    EventId,
    /// A large or small grid, or the street itself.
    GridId,
    /// A person who can be responsible: grid worker, cadre, secretary, desk.
    StaffId,
    /// One login: a resident's WeChat account, or a console account.
    AccountId,
    /// A named person's responsibility for a grid during a time.
    ResponsibilityId,
    /// One intended message to one person through one channel.
    NoticeId,
    /// One entry of somebody's inbox.
    InboxId,
    /// A durable unit of work.
    JobId,
    /// A stored photo.
    PhotoId,
    /// A stored recording.
    VoiceId,
    /// A compound (小区) of the gazetteer.
    CompoundId,
    /// A building (楼栋) of the gazetteer.
    BuildingId,
);

/// An instant in microseconds since 1970-01-01T00:00:00Z. Stored as BIGINT on both databases,
/// written as RFC 3339 UTC with six decimals in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Timestamp(pub i64);

impl std::ops::Sub<std::time::Duration> for Timestamp {
    type Output = Self;

    /// Saturates at the beginning of time instead of wrapping.
    fn sub(self, earlier: std::time::Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(earlier.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl std::ops::Add<std::time::Duration> for Timestamp {
    type Output = Self;

    /// Saturates at the end of time instead of wrapping.
    fn add(self, later: std::time::Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(later.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl Timestamp {
    /// Returns the time passed since `earlier`; zero when `earlier` lies ahead.
    pub fn since(self, earlier: Self) -> std::time::Duration {
        std::time::Duration::from_micros(
            u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0),
        )
    }

    /// Tells whether a clock wrote this that was put back since: another machine's is not so far
    /// ahead.
    pub fn is_ahead_of(self, now: Self) -> bool {
        self > now + SKEW
    }
}

/// How far ahead of us another machine's clock may be.
pub const SKEW: std::time::Duration = std::time::Duration::from_secs(5);

macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $zh:literal;)+ })+) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(
                $(#[$vdoc])*
                #[sea_orm(string_value = $word)]
                #[serde(rename = $word)]
                $variant,
            )+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word used in SQL, JSON and documents.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Returns what a person reads.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// Parses the word; `None` when it is not in the list.
            pub fn from_word(raw: &str) -> Option<Self> {
                match raw { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let meaning = concat!($($doc,)* $(" `", $word, "` ", $zh, ";",)+);
                let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([$($word),+]));
                words.description(Some(meaning.trim().trim_end_matches(';'))).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

mod figures;
mod plain;
mod notices;
mod presence;

pub use figures::{
    Card, ExclusionGround, ExportContent, ExportFormat, ExportState, ExtensionState, HoldReason,
};
pub use notices::{NoticeKind, NoticeState};
pub use plain::Awaited;
pub use presence::{BulletinState, DutyState, LeaveKind, ShiftDays, SwapState};

words! {
    /// The state of a help request (domain §4.1).
    CaseState {
        Submitted = "submitted", "已提交";
        Triage = "triage", "待分拣";
        Assigned = "assigned", "已派单";
        Acknowledged = "acknowledged", "已签收";
        InProgress = "in_progress", "处理中";
        OnHold = "on_hold", "挂起";
        Resolved = "resolved", "已处置待确认";
        Closed = "closed", "已办结";
        Rejected = "rejected", "不予受理";
        Merged = "merged", "已并案";
        Cancelled = "cancelled", "已撤回";
    }

    /// How fast a case must move; derived from two questions, never ticked (domain §8).
    Urgency {
        Urgent = "urgent", "紧急";
        Fast = "fast", "加急";
        Normal = "normal", "普通";
        Complex = "complex", "复杂";
    }

    /// What a case is about; each belongs to one of the ten modules (domain §8).
    Category {
        Utilities = "utilities", "水电气暖";
        Housing = "housing", "房屋维修、电梯、楼道";
        Sanitation = "sanitation", "垃圾、污水、环境卫生";
        RoadFacilities = "road_facilities", "路灯、井盖、道路、占道";
        SafetyHazard = "safety_hazard", "消防、燃气、施工、安全隐患";
        NeighbourDispute = "neighbour_dispute", "邻里纠纷、噪音、宠物";
        PublicOrder = "public_order", "治安、可疑情况";
        ElderlyCare = "elderly_care", "老人、残疾人、困难帮扶";
        Health = "health", "就医、用药、防疫、计生";
        EmploymentBusiness = "employment_business", "用工、经营困难、企业诉求";
        CertificatesPolicy = "certificates_policy", "证明、办事、政策咨询";
        PartyService = "party_service", "党员服务、志愿者";
        StaffConduct = "staff_conduct", "对工作人员的投诉";
        FeesSubsidies = "fees_subsidies", "补贴、收费";
        Other = "other", "其他";
    }

    /// What a grid is.
    GridKind {
        Street = "street", "街道";
        Large = "large", "大网格";
        Small = "small", "小网格";
        Special = "special", "专属网格";
    }

    /// In which capacity a person is responsible for a grid.
    DutyRole {
        Primary = "grid_worker_primary", "网格员";
        Backup = "grid_worker_backup", "替班网格员";
        Cadre = "cadre", "社区干部";
        Secretary = "secretary", "社区书记";
    }

    /// Who made a version of the escalation chains.
    ChainSource {
        Configuration = "configuration", "配置";
        CommandLine = "command_line", "命令行";
        Console = "console", "控制台";
    }

    /// What kind of place a learned name means.
    AliasKind {
        Compound = "compound", "小区";
        Building = "building", "楼栋";
        Poi = "poi", "地点";
        Shop = "shop", "店铺";
        Village = "village", "村";
        Road = "road", "道路";
    }

    /// Where a learned name stands.
    AliasState {
        Proposed = "proposed", "待确认";
        Approved = "approved", "已采用";
        Rejected = "rejected", "不采用";
    }

    /// What a person may do for the whole street.
    StreetRole {
        TriageDesk = "triage_desk", "分拣员";
        Command = "command", "街道指挥中心";
        Auditor = "auditor", "督查审计";
        Verifier = "verifier", "核查员";
        SystemAdmin = "system_admin", "系统管理员";
        SecurityAdmin = "security_admin", "安全管理员";
        AuditAdmin = "audit_admin", "审计管理员";
    }

    /// In which capacity somebody took an edge of the state machine.
    ActorRole {
        Resident = "resident", "居民";
        Primary = "grid_worker_primary", "网格员";
        Backup = "grid_worker_backup", "替班网格员";
        Cadre = "cadre", "社区干部";
        Secretary = "secretary", "社区书记";
        TriageDesk = "triage_desk", "分拣员";
        Command = "command", "街道指挥中心";
        Verifier = "verifier", "核查员";
        Auditor = "auditor", "督查审计";
        Admin = "admin", "管理员";
        System = "system", "系统";
    }

    /// Why a case waits for a person to place it.
    TriageReason {
        Ask = "ask", "等待居民补充地址";
        LargeGridOnly = "large_grid_only", "只确定到社区";
        NoGrid = "no_grid", "未识别到网格";
        OutOfArea = "out_of_area", "不在本街道";
        NobodyReachable = "nobody_reachable", "网格暂无可通知人员";
        Duplicate = "duplicate", "疑似重复";
        ContentReview = "content_review", "内容待人工复核";
        Returned = "returned", "退单";
        Appealed = "appealed", "居民申诉";
        OnlyVoice = "only_voice", "只有语音";
    }

    /// What WeChat's content check said of a case's text.
    ContentCheck {
        Pending = "pending", "检查中";
        Passed = "passed", "通过";
        Review = "review", "建议复核";
        Risky = "risky", "风险";
        Unchecked = "unchecked", "未检查";
    }

    /// Why a case was not accepted (domain §7).
    RejectionCode {
        Emergency = "emergency", "紧急情况请拨打110/119/120/122";
        LegalProcedure = "legal_procedure", "已进入诉讼、仲裁、复议或信访程序";
        Repeated = "repeated", "重复反映且无新事实";
        Secret = "secret", "涉及国家秘密、商业秘密或个人隐私";
        OutsideDuty = "outside_duty", "不属于街道职责，请通过社会或市场渠道解决";
        Unlawful = "unlawful", "违反法律法规或公序良俗";
    }

    /// How a handled case ended (t7).
    ResultType {
        Solved = "solved", "实际解决";
        Explained = "explained", "解释说明";
        Referred = "referred", "转介其他单位";
        NotYetSolvable = "not_yet_solvable", "暂无法解决";
    }

    /// What came of a try to reach the resident.
    ContactOutcome {
        Reached = "reached", "已联系上";
        NoAnswer = "no_answer", "无人接听";
        NobodyHome = "nobody_home", "没人在家";
        WrongNumber = "wrong_number", "号码有误";
        LeftMessage = "left_message", "已留言";
    }

    /// How a resident was contacted.
    ContactMethod {
        Phone = "phone", "电话";
        Visit = "visit", "上门";
        Message = "message", "消息";
    }

    /// How a message leaves the house.
    Channel {
        WecomCard = "wecom_card", "企业微信";
        Employee = "employee", "微信用工消息";
        OaTemplate = "oa_template", "微信服务号";
        MiniSubscribe = "mini_subscribe", "小程序通知";
        Sms = "sms", "短信";
        Inbox = "inbox", "小程序里的消息";
    }

    /// The life of a job (architecture §7).
    JobState {
        Ready = "ready", "待执行";
        Running = "running", "执行中";
        Done = "done", "完成";
        Dead = "dead", "失败";
    }

    /// What a job does; the registry has one handler for each.
    JobKind {
        SendNotice = "send_notice", "发送通知";
        ContentCheck = "content_check", "内容安全检查";
        WechatEvent = "wechat_event", "处理微信事件";
        LearnNames = "learn_names", "学习地名";
        SendProbe = "send_probe", "发送测试消息";
        UpdateCard = "update_card", "更新企业微信卡片";
        RobotLine = "robot_line", "群机器人消息";
        SmsReports = "sms_reports", "查询短信回执";
        Retell = "retell", "恢复后补发通知";
        EraseFiles = "erase_files", "删除文件";
        Redate = "redate", "重新计算暂定时限";
        FreezeFigures = "freeze_figures", "固化月度指标";
        ExportFigures = "export_figures", "导出统计指标";
        ListHints = "list_hints", "列出供核查的线索";
        SealDay = "seal_day", "封存当日账本";
        RollUpFigures = "roll_up_figures", "汇总已办结诉求的指标";
        JoinFollowers = "join_followers", "关联服务号关注者";
        CheckMedia = "check_media", "图片与录音内容安全检查";
    }

    /// What was changed in the roster.
    RosterChange {
        ShiftSet = "shift_set", "设定班次";
        LeaveAdded = "leave_added", "登记请假";
        LeaveCancelled = "leave_cancelled", "取消请假";
        SignedOn = "signed_on", "到岗";
        SignedOff = "signed_off", "离岗";
        SwapAsked = "swap_asked", "申请换班";
        SwapAccepted = "swap_accepted", "同意换班";
        SwapDeclined = "swap_declined", "不同意换班";
        SwapApproved = "swap_approved", "批准换班";
        SwapRefused = "swap_refused", "不批准换班";
        SwapWithdrawn = "swap_withdrawn", "撤回换班";
    }

    /// Why nobody of a grid would be reached.
    GapReason {
        NobodyOnDuty = "nobody_on_duty", "无人值班";
        OnLeave = "on_leave", "请假且无人替班";
        NotReachable = "not_reachable", "值班人没有两个可用的通知渠道";
    }

    /// What is known of a channel to one person.
    WayState {
        Proven = "proven", "已验证";
        Untried = "untried", "未验证";
        Failed = "failed", "发送失败";
        Missing = "missing", "未登记";
    }

    /// Why a message is sent that is about no case.
    ProbeKind {
        Test = "test", "测试";
        Drill = "drill", "演练";
        Renewal = "renewal", "续订";
        Roster = "roster", "值班";
    }

    /// What happened to a case; one word per edge of the state machine, plus what SYS observes.
    EventType {
        Reported = "reported", "提交";
        Located = "located", "定位";
        Assigned = "assigned", "派单";
        SentToTriage = "sent_to_triage", "转分拣";
        Pushed = "pushed", "通知送出";
        PushFailed = "push_failed", "推送失败";
        Opened = "opened", "查看";
        Acknowledged = "acknowledged", "签收";
        Unacknowledged = "unacknowledged", "撤销签收";
        ContactAttempted = "contact_attempted", "联系";
        Contacted = "contacted", "先行联系成功";
        Updated = "updated", "进展";
        Added = "added", "补充";
        Resolved = "resolved", "办结";
        Confirmed = "confirmed", "居民确认";
        Verified = "verified", "核查通过";
        AutoClosed = "auto_closed", "逾期未评价自动办结";
        Rated = "rated", "评价";
        Reopened = "reopened", "重开";
        Returned = "returned", "退单";
        Transferred = "transferred", "转派";
        Reminded = "reminded", "催办";
        Supervised = "supervised", "督办";
        Cancelled = "cancelled", "撤回";
        Held = "held", "挂起";
        Resumed = "resumed", "恢复";
        Rejected = "rejected", "不予受理";
        Appealed = "appealed", "申诉";
        Merged = "merged", "并案";
        Answered = "answered", "补充地址";
        Escalated = "escalated", "升级";
        NoOneReachable = "no_one_reachable", "该级无人可通知";
        ContentChecked = "content_checked", "内容检查";
        Accessed = "accessed", "查看隐私信息";
        Erased = "erased", "删除个人信息";
        YellowCard = "yellow_card", "黄牌：时限过半";
        RedCard = "red_card", "红牌：超过时限";
        DueChanged = "due_changed", "重新计算时限";
        ExtensionAsked = "extension_asked", "申请延期";
        ExtensionGranted = "extension_granted", "同意延期";
        ExtensionRefused = "extension_refused", "不同意延期";
        PauseAsked = "pause_asked", "申请挂起";
        PauseRefused = "pause_refused", "不同意挂起";
        AppointmentAgreed = "appointment_agreed", "确认约定时间";
        Diverted = "diverted", "转法定途径";
        Excluded = "excluded", "统计剔除";
        ExclusionWithdrawn = "exclusion_withdrawn", "撤销统计剔除";
    }

    /// The coordinate system of a position.
    Datum {
        Gcj02 = "gcj02", "国测局坐标";
        Wgs84 = "wgs84", "GPS坐标";
        Bd09 = "bd09", "百度坐标";
    }

    /// Which account at WeChat or WeCom an openid or a push belongs to.
    WechatApp {
        Mini = "mini", "小程序";
        Oa = "oa", "服务号";
        Wecom = "wecom", "企业微信";
    }
}
