//! What may be posted to a case, and the rules every field obeys.

use entity::kinds::{
    AliasKind, Category, ContactMethod, ContactOutcome, Datum, HoldReason, RejectionCode,
    ResultType,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::domain::address::Position;
use crate::domain::phone::Phone;
use crate::domain::scene::Scene;
use crate::error::Fault;

fn phone(raw: &str) -> Result<(), ValidationError> {
    Phone::parse(raw).map(|_good| ()).map_err(|bad| {
        let mut error = ValidationError::new("phone");
        error.message = Some(bad.zh().into());
        error
    })
}

pub(super) fn not_blank(raw: &str) -> Result<(), ValidationError> {
    if raw.trim().is_empty() {
        let mut error = ValidationError::new("blank");
        error.message = Some("不能为空".into());
        return Err(error);
    }
    Ok(())
}

pub(super) fn scene(raw: &str) -> Result<(), ValidationError> {
    Scene::parse(raw).map(|_good| ()).ok_or_else(|| {
        let mut error = ValidationError::new("scene");
        error.message = Some("楼栋码内容有误，请重新扫码".into());
        error
    })
}

/// A position in one of the datums in use.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    #[validate(range(min = -180.0, max = 180.0, code = "range", message = "经度应在 -180 到 180 之间"))]
    pub lon: f64,
    #[validate(range(min = -90.0, max = 90.0, code = "range", message = "纬度应在 -90 到 90 之间"))]
    pub lat: f64,
    /// Radius in metres.
    #[validate(range(
        min = 0.0,
        max = 100_000.0,
        code = "range",
        message = "精度应在 0 到 100000 米之间"
    ))]
    pub accuracy_m: f64,
    pub datum: Datum,
}

impl From<Location> for Position {
    fn from(at: Location) -> Self {
        Self { lon: at.lon, lat: at.lat, accuracy_m: at.accuracy_m, datum: at.datum }
    }
}

/// The two questions that decide the urgency.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgencyAnswers {
    /// Is anybody's life, health or home in danger right now?
    #[serde(default)]
    pub danger: bool,
    /// Is somebody old, ill, disabled or a child without water, power, heat, food, medicine?
    #[serde(default)]
    pub stuck: bool,
}

/// Whose request this is, when it is not the sender's own.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnBehalfBody {
    #[validate(length(min = 1, max = 40, code = "length", message = "姓名应为 1 至 40 个字"), custom(function = not_blank))]
    pub name: String,
    #[validate(custom(function = phone))]
    pub phone: String,
    #[validate(length(min = 1, max = 40, code = "length", message = "关系应为 1 至 40 个字"))]
    pub relation: String,
}

/// A request for help.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// What is the matter, and where: 1 to 500 characters; may be missing when he speaks (`voices`).
    #[serde(default)]
    #[validate(length(max = 500, code = "length", message = "请用 1 至 500 个字说明情况"))]
    pub text: String,
    #[serde(default)]
    #[validate(length(max = 200, code = "length", message = "地址不能超过 200 个字"))]
    pub address: Option<String>,
    #[serde(default)]
    #[validate(nested)]
    pub location: Option<Location>,
    #[serde(default)]
    pub category: Option<Category>,
    #[serde(default)]
    #[validate(nested)]
    pub urgency: Option<UrgencyAnswers>,
    #[serde(default)]
    #[validate(custom(function = phone))]
    pub contact_phone: Option<String>,
    #[serde(default)]
    #[validate(length(max = 9, code = "length", message = "最多 9 张照片"))]
    pub photos: Vec<i64>,
    /// Recordings that were uploaded before.
    #[serde(default)]
    #[validate(length(max = 5, code = "length", message = "最多 5 段录音"))]
    pub voices: Vec<i64>,
    #[serde(default)]
    #[validate(nested)]
    pub on_behalf_of: Option<OnBehalfBody>,
    /// The scene of the building's code that was scanned, decoded. One that nobody printed is
    /// taken for none.
    #[serde(default)]
    #[validate(custom(function = scene))]
    pub building_code: Option<String>,
    /// The answer that he tapped to the question of `/address/resolve`: the `grid` of one of its
    /// buttons, for the same words, address and position.
    #[serde(default)]
    #[validate(length(min = 1, max = 40, code = "length", message = "请选择一个答案"))]
    pub grid: Option<String>,
}

/// A change that needs nothing but the version seen.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionBody {
    #[validate(range(min = 1, code = "range", message = "请带上看到的版本号"))]
    pub expected_version: i32,
}

/// A try to reach the resident.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    pub expected_version: i32,
    pub method: ContactMethod,
    pub outcome: ContactOutcome,
    #[serde(default)]
    #[validate(length(max = 500, code = "length", message = "备注不能超过 500 个字"))]
    pub note: String,
}

/// Progress, or what the resident adds.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateBody {
    pub expected_version: i32,
    /// 1 to 500 characters; may be missing when he speaks (`voices`).
    #[serde(default)]
    #[validate(length(max = 500, code = "length", message = "请用 1 至 500 个字说明"))]
    pub text: String,
    #[serde(default)]
    #[validate(length(max = 9, code = "length", message = "最多 9 张照片"))]
    pub photos: Vec<i64>,
    /// Recordings that were uploaded before.
    #[serde(default)]
    #[validate(length(max = 5, code = "length", message = "最多 5 段录音"))]
    pub voices: Vec<i64>,
    /// Of a resident who has to be reached and gave none, or another one now.
    #[serde(default)]
    #[validate(custom(function = phone))]
    pub contact_phone: Option<String>,
}

/// Says that nothing was said; `None` when something was written or spoken.
pub fn silent(field: &str, text: &str, voices: &[i64]) -> Option<Fault> {
    let silent = text.trim().is_empty() && voices.is_empty();
    silent.then(|| Fault::new(field, "length", "请用 1 至 500 个字说明情况，或按住录音说出来"))
}

/// The result.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionBody {
    pub expected_version: i32,
    pub result_type: ResultType,
    #[validate(length(min = 1, max = 500, code = "length", message = "请用 1 至 500 个字说明处理结果"), custom(function = not_blank))]
    pub text: String,
    /// How it looked before the work.
    #[serde(default)]
    #[validate(length(max = 9, code = "length", message = "最多 9 张照片"))]
    pub before: Vec<i64>,
    /// How it looks now.
    #[serde(default)]
    #[validate(length(max = 9, code = "length", message = "最多 9 张照片"))]
    pub photos: Vec<i64>,
}

/// It is solved; with or without marks.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationBody {
    pub expected_version: i32,
    #[serde(default)]
    #[validate(range(min = 1, max = 5, code = "range", message = "评分应为 1 至 5"))]
    pub result: Option<i32>,
    #[serde(default)]
    #[validate(range(min = 1, max = 5, code = "range", message = "评分应为 1 至 5"))]
    pub attitude: Option<i32>,
    #[serde(default)]
    #[validate(length(max = 500, code = "length", message = "评价不能超过 500 个字"))]
    pub comment: String,
}

/// Result and attitude, apart.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingBody {
    pub expected_version: i32,
    #[validate(range(min = 1, max = 5, code = "range", message = "评分应为 1 至 5"))]
    pub result: i32,
    #[validate(range(min = 1, max = 5, code = "range", message = "评分应为 1 至 5"))]
    pub attitude: i32,
    #[serde(default)]
    #[validate(length(max = 500, code = "length", message = "评价不能超过 500 个字"))]
    pub comment: String,
}

/// It is not solved, and what is still wrong.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopeningBody {
    pub expected_version: i32,
    /// 1 to 200 characters; may be missing when he speaks (`voices`).
    #[serde(default)]
    #[validate(length(
        max = 200,
        code = "length",
        message = "请用 1 至 200 个字说明哪里还没有解决"
    ))]
    pub reason: String,
    #[serde(default)]
    #[validate(length(max = 9, code = "length", message = "最多 9 张照片"))]
    pub photos: Vec<i64>,
    /// Recordings that were uploaded before.
    #[serde(default)]
    #[validate(length(max = 5, code = "length", message = "最多 5 段录音"))]
    pub voices: Vec<i64>,
}

/// A step that must be explained.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    pub expected_version: i32,
    #[validate(length(min = 1, max = 200, code = "length", message = "请用 1 至 200 个字说明原因"), custom(function = not_blank))]
    pub reason: String,
}

/// A step that may be explained.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    pub expected_version: i32,
    #[serde(default)]
    #[validate(length(max = 200, code = "length", message = "说明不能超过 200 个字"))]
    pub note: String,
}

/// Not for this grid or duty.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnBody {
    pub expected_version: i32,
    #[validate(length(min = 1, max = 200, code = "length", message = "请用 1 至 200 个字说明退单原因"), custom(function = not_blank))]
    pub reason: String,
    /// Who should have it instead.
    #[validate(length(min = 1, max = 100, code = "length", message = "请写明建议承办单位或网格"), custom(function = not_blank))]
    pub proposed_unit: String,
}

/// To another grid.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GridBody {
    pub expected_version: i32,
    /// Id of a small grid, e.g. `G00101`.
    #[validate(length(min = 1, max = 40, code = "length", message = "请选择小网格"))]
    pub grid: String,
    #[validate(length(min = 1, max = 200, code = "length", message = "请用 1 至 200 个字说明原因"), custom(function = not_blank))]
    pub reason: String,
}

/// A confirmed place, from which the names that residents use are learned.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {
    pub kind: AliasKind,
    /// Id in the delivered files; of a village or road the name.
    #[validate(length(min = 1, max = 60, code = "length", message = "请选择地点"))]
    pub id: String,
}

/// To a grid, and if it is known to the place itself.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentBody {
    pub expected_version: i32,
    /// Id of a small grid, e.g. `G00101`.
    #[validate(length(min = 1, max = 40, code = "length", message = "请选择小网格"))]
    pub grid: String,
    #[validate(length(min = 1, max = 200, code = "length", message = "请用 1 至 200 个字说明原因"), custom(function = not_blank))]
    pub reason: String,
    #[validate(nested)]
    pub place: Option<PlaceBody>,
}

/// Says that the resident is not told what to bring; `None` when he is, or need not bring anything.
pub fn unsaid(body: &HoldBody) -> Option<Fault> {
    let unsaid = body.reason == HoldReason::AwaitingMaterial && body.note.trim().is_empty();
    unsaid.then(|| Fault::new("/note", "length", "请写明需要居民补充什么"))
}

/// A pause.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    pub expected_version: i32,
    pub reason: HoldReason,
    /// RFC 3339 instant at which work goes on.
    pub until: String,
    /// What the resident is told; with `awaiting_material` it says which papers are missing.
    #[serde(default)]
    #[validate(length(max = 200, code = "length", message = "说明不能超过 200 个字"))]
    pub note: String,
}

/// A pause is asked for; somebody else approves it.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseBody {
    pub expected_version: i32,
    pub reason: HoldReason,
    /// RFC 3339 instant at which work would go on.
    pub until: String,
    /// What the resident is told: which papers are missing.
    #[validate(length(min = 1, max = 200, code = "length", message = "请用 1 至 200 个字写明需要补充什么"), custom(function = not_blank))]
    pub note: String,
}

/// A pause is approved or refused.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseDecisionBody {
    pub expected_version: i32,
    pub grants: bool,
    #[serde(default)]
    #[validate(length(max = 200, code = "length", message = "说明不能超过 200 个字"))]
    pub note: String,
}

/// More time is asked for.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionBody {
    pub expected_version: i32,
    /// Workdays; days where the case is counted around the clock.
    #[validate(range(min = 1, max = 30, code = "range", message = "延期应为 1 至 30 天"))]
    pub days: u16,
    #[validate(length(min = 1, max = 500, code = "length", message = "请用 1 至 500 个字说明理由"), custom(function = not_blank))]
    pub reason: String,
}

/// More time is granted or refused.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionDecisionBody {
    pub expected_version: i32,
    pub grants: bool,
    #[serde(default)]
    #[validate(length(max = 200, code = "length", message = "说明不能超过 200 个字"))]
    pub note: String,
}

/// Not accepted, by one of the six legal codes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectionBody {
    pub expected_version: i32,
    pub code: RejectionCode,
    /// Tells the resident where to go.
    #[validate(length(min = 1, max = 500, code = "length", message = "请告诉居民应当去哪里办理"), custom(function = not_blank))]
    pub explanation: String,
}

/// The same matter as another case.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    pub expected_version: i32,
    /// Id of the case that stays.
    pub into: i64,
    #[validate(length(min = 1, max = 200, code = "length", message = "请用 1 至 200 个字说明原因"), custom(function = not_blank))]
    pub reason: String,
}

/// The answer to the question that was asked: a tapped grid, or words.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    pub expected_version: i32,
    #[serde(default)]
    #[validate(length(min = 1, max = 40, code = "length", message = "请选择一个答案"))]
    pub grid: Option<String>,
    #[serde(default)]
    #[validate(length(min = 1, max = 200, code = "length", message = "请用 1 至 200 个字回答"))]
    pub text: Option<String>,
}

/// Every body that changes a case names the version it saw.
pub trait Versioned {
    fn expected_version(&self) -> i32;
}

macro_rules! versioned {
    ($($name:ident),+) => {$(
        impl Versioned for $name {
            fn expected_version(&self) -> i32 {
                self.expected_version
            }
        }
    )+};
}

versioned!(
    VersionBody,
    ContactBody,
    UpdateBody,
    ResolutionBody,
    ConfirmationBody,
    RatingBody,
    ReasonBody,
    NoteBody,
    ReopeningBody,
    ReturnBody,
    GridBody,
    AssignmentBody,
    HoldBody,
    ExtensionBody,
    ExtensionDecisionBody,
    PauseBody,
    PauseDecisionBody,
    RejectionBody,
    MergeBody,
    AnswerBody
);
