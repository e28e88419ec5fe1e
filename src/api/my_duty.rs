//! The speaker's own shift: where he stands, signing on and off.

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Json};
use entity::kinds::DutyState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{OnceKey, Valid, Who};
use super::once::once;
use super::problem::{Problem, ProblemBody};
use super::roster::GapOut;
use super::staff::GridOut;
use crate::app::roster::gaps::NamedGap;
use crate::app::roster::my_duty::{self, MyDuty};
use crate::app::roster::sign::{self, Sign};
use crate::domain::calendar::rfc3339;
use crate::domain::roster::Span;
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let duty = web::resource("/api/v1/my/duty")
        .route(web::get().to(my_duty))
        .route(web::put().to(sign_duty))
        .wrap(from_fn(once));
    cfg.service(duty.default_service(web::to(super::openapi::no_route)));
}

/// On or off.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignDuty {
    on: bool,
    /// Goes although urgent cases of his are open; the community's cadre is told of them.
    #[serde(default)]
    confirm: bool,
}

/// A time, its end not included.
#[derive(Serialize, ToSchema)]
pub struct SpanOut {
    pub from: String,
    pub to: String,
}

impl From<Span> for SpanOut {
    fn from(span: Span) -> Self {
        Self { from: rfc3339(span.from), to: rfc3339(span.to) }
    }
}

/// One thing he answers for.
#[derive(Serialize, ToSchema)]
pub struct ChargeOut {
    grid: GridOut,
    role: &'static str,
    role_zh: &'static str,
}

/// An open urgent case that waits for him.
#[derive(Serialize, ToSchema)]
pub struct UrgentOut {
    id: i64,
    number: String,
}

/// Where the speaker stands.
#[derive(Serialize, ToSchema)]
pub struct MyDutyOut {
    state: DutyState,
    state_zh: &'static str,
    /// The same in a sentence, with what follows from it.
    says: String,
    /// The present shift; whoever is on around the clock has each day as one.
    shift: Option<SpanOut>,
    next: Option<SpanOut>,
    signed_on_at: Option<String>,
    signed_off_at: Option<String>,
    grids: Vec<ChargeOut>,
    open_urgent: Vec<UrgentOut>,
    /// How many notices of the mini-program he still allows: renew them when he signs on.
    credits: i64,
    /// What nobody covers because he signed off just now; his leaders were told.
    gaps: Vec<GapOut>,
    warning: Option<String>,
}

impl From<MyDuty> for MyDutyOut {
    fn from(mine: MyDuty) -> Self {
        let said: Vec<String> = mine.gaps.iter().map(NamedGap::sentence).collect();
        Self {
            state: mine.state,
            state_zh: mine.state.zh(),
            says: mine.sentence(),
            shift: mine.shift.map(SpanOut::from),
            next: mine.next.map(SpanOut::from),
            signed_on_at: mine.signed_on_at.map(rfc3339),
            signed_off_at: mine.signed_off_at.map(rfc3339),
            grids: mine
                .grids
                .into_iter()
                .map(|(grid, role)| ChargeOut {
                    grid: grid.into(),
                    role: role.word(),
                    role_zh: role.zh(),
                })
                .collect(),
            open_urgent: mine
                .open_urgent
                .into_iter()
                .map(|(id, number)| UrgentOut { id, number })
                .collect(),
            credits: mine.credits,
            warning: (!said.is_empty())
                .then(|| format!("已离岗并告知社区，出现值班空档：{}", said.join("；"))),
            gaps: mine.gaps.into_iter().map(GapOut::from).collect(),
        }
    }
}

/// Says whether the speaker has a shift now and signed on for it.
#[utoipa::path(get, path = "/api/v1/my/duty", tag = "roster", security(("bearer" = [])),
    responses((status = 200, body = MyDutyOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn my_duty(Who(who): Who, s: Data<Services>) -> Result<Json<MyDutyOut>, Problem> {
    Ok(Json(my_duty::run(&s, &who).await?.into()))
}

/// Signs the speaker on or off; doing it again changes nothing.
#[utoipa::path(put, path = "/api/v1/my/duty", tag = "roster", request_body = SignDuty, params(OnceKey), security(("bearer" = [])),
    responses((status = 200, body = MyDutyOut), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, description = "rule_refused: no_shift, or open_urgent until it is confirmed", body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn sign_duty(
    Who(who): Who,
    s: Data<Services>,
    body: Valid<SignDuty>,
) -> Result<Json<MyDutyOut>, Problem> {
    let SignDuty { on, confirm } = body.0;
    let sign = if on { Sign::On } else { Sign::Off { confirmed: confirm } };
    Ok(Json(sign::run(&s, &who, sign, MyDutyOut::from).await?))
}
