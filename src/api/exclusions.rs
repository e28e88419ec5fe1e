//! An auditor takes a case out of the figures, or back in.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use entity::kinds::{CaseId, ExclusionGround};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::extract::{OnceKey, Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::audit::exclude;
use crate::services::Services;

type Done = std::result::Result<HttpResponse, Problem>;

/// Why a case is taken out.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ExclusionBody {
    pub ground: ExclusionGround,
    #[validate(length(
        min = 1,
        max = 500,
        code = "length",
        message = "请用 1 至 500 个字说明理由"
    ))]
    pub note: String,
}

/// Why it is taken back in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct InclusionBody {
    #[validate(length(
        min = 1,
        max = 500,
        code = "length",
        message = "请用 1 至 500 个字说明理由"
    ))]
    pub note: String,
}

/// Takes a case out of every figure. Nothing changes for those who work on it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/exclusions", tag = "audit", operation_id = "exclude_case",
    params(("id" = i64, Path), OnceKey), request_body = ExclusionBody, security(("bearer" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn exclude_case(
    Who(who): Who,
    id: Path<CaseId>,
    Valid(body): Valid<ExclusionBody>,
    s: Data<Services>,
) -> Done {
    exclude::exclude(&s, &who, *id, (body.ground, body.note)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes it back in; the record keeps both.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/exclusions", tag = "audit", operation_id = "include_case",
    params(("id" = i64, Path), OnceKey), request_body = InclusionBody, security(("bearer" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn include_case(
    Who(who): Who,
    id: Path<CaseId>,
    Valid(body): Valid<InclusionBody>,
    s: Data<Services>,
) -> Done {
    exclude::withdraw(&s, &who, *id, body.note).await?;
    Ok(HttpResponse::NoContent().finish())
}
