//! The sub-resources of a case: one posted verb each.

use actix_web::web::{self, Data, Json, Path};
use entity::kinds::{CaseId, GridId, PhotoId, Timestamp};

use super::case_bodies::{
    AnswerBody, ConfirmationBody, ContactBody, GridBody, HoldBody, MergeBody, NoteBody, RatingBody,
    ReasonBody, RejectionBody, ResolutionBody, ReturnBody, UpdateBody, VersionBody, Versioned,
};
use super::extract::{Valid, Who};
use super::problem::{Problem, ProblemBody};
use crate::app::actor::Actor;
use crate::app::case::Case;
use crate::app::case::act::Target;
use crate::app::case::answer::Answer;
use crate::app::case::contact::Contacting;
use crate::app::case::hold::Pause;
use crate::app::case::rate::Rating;
use crate::app::case::resolve::Outcome;
use crate::app::case::view::CaseView;
use crate::app::case::{
    acknowledge, answer, appeal, assign, cancel, confirm, contact, hold, merge, rate, reject,
    remind, reopen, resolve, resume, return_, supervise, transfer, update, view,
};
use crate::domain::calendar::parse_rfc3339;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;

type Answered = std::result::Result<Json<CaseView>, Problem>;

async fn target(s: &Services, actor: &Actor, id: CaseId, body: &impl Versioned) -> Result<Target> {
    let now = s.clock.now();
    let key = actor.account.to_string();
    s.limiter.check(&s.settings.limits.act, &key, now).await.map_err(|wait| {
        Error::new(Code::TooManyRequests, "操作太频繁，请稍后再试").retry_after(wait.0)
    })?;
    Ok(Target { case: id, expected_version: body.expected_version() })
}

/// Shows the case as it is now; somebody whom the change took out of scope sees its last state.
async fn answered(s: &Services, actor: &Actor, case: &Case) -> Answered {
    Ok(Json(view::one(s, actor, case).await?))
}

fn photos(ids: &[i64]) -> Vec<PhotoId> {
    ids.iter().map(|&id| PhotoId(id)).collect()
}

fn grid(s: &Services, id: &str) -> Result<GridId> {
    s.places.now().find(id).map(|name| name.id).ok_or_else(|| {
        Error::fields(vec![Fault::new(
            "/grid",
            "unknown_grid",
            format!("没有编号为 {id} 的小网格"),
        )])
    })
}

fn instant(pointer: &str, raw: &str) -> Result<Timestamp> {
    parse_rfc3339(raw).ok_or_else(|| {
        let message = "请用 2026-11-30T09:00:00+08:00 这样的时间";
        Error::fields(vec![Fault::new(pointer, "instant", message)])
    })
}

fn rating_of(
    result: Option<i32>,
    attitude: Option<i32>,
    comment: String,
) -> Result<Option<Rating>> {
    match (result, attitude) {
        (None, None) => Ok(None),
        (Some(result), Some(attitude)) => Ok(Some(Rating { result, attitude, comment })),
        (result, _) => {
            let pointer = if result.is_none() { "/result" } else { "/attitude" };
            let message = "结果和态度请分别评分";
            Err(Error::fields(vec![Fault::new(pointer, "required", message)]))
        }
    }
}

fn answer_of(s: &Services, body: AnswerBody) -> Result<Answer> {
    match (body.grid, body.text) {
        (Some(id), _) => Ok(Answer::Grid(grid(s, &id)?)),
        (None, Some(words)) => Ok(Answer::Words(words)),
        (None, None) => {
            let message = "请选择一个答案，或用文字回答";
            Err(Error::fields(vec![Fault::new("/grid", "required", message)]))
        }
    }
}

/// Takes the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/acknowledgement", tag = "cases", operation_id = "acknowledge", params(("id" = i64, Path)),
    request_body = VersionBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn acknowledge(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<VersionBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = acknowledge::run(&s, who, target).await?;
    answered(&s, &actor, &case).await
}

/// Records a try to reach the resident.
#[utoipa::path(post, path = "/api/v1/cases/{id}/contacts", tag = "cases", operation_id = "contact", params(("id" = i64, Path)),
    request_body = ContactBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn contact(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<ContactBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = contact::run(
        &s,
        who,
        target,
        Contacting { method: body.method, outcome: body.outcome, note: body.note },
    )
    .await?;
    answered(&s, &actor, &case).await
}

/// Adds progress, or what the resident has to add.
#[utoipa::path(post, path = "/api/v1/cases/{id}/updates", tag = "cases", operation_id = "update", params(("id" = i64, Path)),
    request_body = UpdateBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn update(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<UpdateBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = update::run(&s, who, target, body.text, photos(&body.photos)).await?;
    answered(&s, &actor, &case).await
}

/// Declares the result.
#[utoipa::path(post, path = "/api/v1/cases/{id}/resolution", tag = "cases", operation_id = "resolve", params(("id" = i64, Path)),
    request_body = ResolutionBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn resolve(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<ResolutionBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = resolve::run(
        &s,
        who,
        target,
        Outcome { kind: body.result_type, text: body.text, photos: photos(&body.photos) },
    )
    .await?;
    answered(&s, &actor, &case).await
}

/// Confirms that it is solved.
#[utoipa::path(post, path = "/api/v1/cases/{id}/confirmation", tag = "cases", operation_id = "confirm", params(("id" = i64, Path)),
    request_body = ConfirmationBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn confirm(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<ConfirmationBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = {
        let rating = rating_of(body.result, body.attitude, body.comment)?;
        confirm::run(&s, who, target, rating).await?
    };
    answered(&s, &actor, &case).await
}

/// Rates result and attitude.
#[utoipa::path(post, path = "/api/v1/cases/{id}/rating", tag = "cases", operation_id = "rate", params(("id" = i64, Path)),
    request_body = RatingBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn rate(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<RatingBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = rate::run(
        &s,
        who,
        target,
        Rating { result: body.result, attitude: body.attitude, comment: body.comment },
    )
    .await?;
    answered(&s, &actor, &case).await
}

/// Says that it is not solved.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reopening", tag = "cases", operation_id = "reopen", params(("id" = i64, Path)),
    request_body = ReasonBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn reopen(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<ReasonBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = reopen::run(&s, who, target, body.reason).await?;
    answered(&s, &actor, &case).await
}

/// Gives back what is not for this grid.
#[utoipa::path(post, path = "/api/v1/cases/{id}/return", tag = "cases", operation_id = "return_case", params(("id" = i64, Path)),
    request_body = ReturnBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn return_case(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<ReturnBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = return_::run(&s, who, target, body.reason, body.proposed_unit).await?;
    answered(&s, &actor, &case).await
}

/// Hands over to another grid.
#[utoipa::path(post, path = "/api/v1/cases/{id}/transfer", tag = "cases", operation_id = "transfer", params(("id" = i64, Path)),
    request_body = GridBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn transfer(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<GridBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = transfer::run(&s, who, target, grid(&s, &body.grid)?, body.reason).await?;
    answered(&s, &actor, &case).await
}

/// Urges the responsible people.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reminder", tag = "cases", operation_id = "remind", params(("id" = i64, Path)),
    request_body = NoteBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn remind(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<NoteBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = remind::run(&s, who, target, body.note).await?;
    answered(&s, &actor, &case).await
}

/// Puts the case under the supervision of street command.
#[utoipa::path(post, path = "/api/v1/cases/{id}/supervision", tag = "cases", operation_id = "supervise", params(("id" = i64, Path)),
    request_body = NoteBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn supervise(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<NoteBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = supervise::run(&s, who, target, body.note).await?;
    answered(&s, &actor, &case).await
}

/// Withdraws the request.
#[utoipa::path(post, path = "/api/v1/cases/{id}/cancellation", tag = "cases", operation_id = "cancel", params(("id" = i64, Path)),
    request_body = NoteBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn cancel(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<NoteBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = cancel::run(&s, who, target, body.note).await?;
    answered(&s, &actor, &case).await
}

/// Lets the case rest until a date.
#[utoipa::path(post, path = "/api/v1/cases/{id}/hold", tag = "cases", operation_id = "hold", params(("id" = i64, Path)),
    request_body = HoldBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn hold(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<HoldBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = hold::run(
        &s,
        who,
        target,
        Pause { reason: body.reason, until: instant("/until", &body.until)?, note: body.note },
    )
    .await?;
    answered(&s, &actor, &case).await
}

/// Ends a pause.
#[utoipa::path(post, path = "/api/v1/cases/{id}/resumption", tag = "cases", operation_id = "resume", params(("id" = i64, Path)),
    request_body = VersionBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn resume(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<VersionBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = resume::run(&s, who, target).await?;
    answered(&s, &actor, &case).await
}

/// Places a case from triage.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assignment", tag = "cases", operation_id = "assign", params(("id" = i64, Path)),
    request_body = GridBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn assign(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<GridBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = assign::run(&s, who, target, grid(&s, &body.grid)?, body.reason).await?;
    answered(&s, &actor, &case).await
}

/// Declines with a legal code.
#[utoipa::path(post, path = "/api/v1/cases/{id}/rejection", tag = "cases", operation_id = "reject", params(("id" = i64, Path)),
    request_body = RejectionBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn reject(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<RejectionBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = reject::run(&s, who, target, body.code, body.explanation).await?;
    answered(&s, &actor, &case).await
}

/// Objects to a rejection.
#[utoipa::path(post, path = "/api/v1/cases/{id}/appeal", tag = "cases", operation_id = "appeal", params(("id" = i64, Path)),
    request_body = ReasonBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn appeal(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<ReasonBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = appeal::run(&s, who, target, body.reason).await?;
    answered(&s, &actor, &case).await
}

/// Joins to another case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/merge", tag = "cases", operation_id = "merge", params(("id" = i64, Path)),
    request_body = MergeBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn merge(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<MergeBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = merge::run(&s, who, target, CaseId(body.into), body.reason).await?;
    answered(&s, &actor, &case).await
}

/// Answers the question that was asked.
#[utoipa::path(post, path = "/api/v1/cases/{id}/answer", tag = "cases", operation_id = "answer", params(("id" = i64, Path)),
    request_body = AnswerBody, security(("bearer" = [])), responses((status = 200, body = CaseView),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn answer(
    Who(who): Who,
    id: Path<CaseId>,
    s: Data<Services>,
    Valid(body): Valid<AnswerBody>,
) -> Answered {
    let target = target(&s, &who, *id, &body).await?;
    let actor = who.clone();
    let case = answer::run(&s, who, target, answer_of(&s, body)?).await?;
    answered(&s, &actor, &case).await
}

/// Registers the verbs below `/api/v1/cases`.
pub fn routes(scope: actix_web::Scope) -> actix_web::Scope {
    scope
        .route("/{id}/acknowledgement", web::post().to(acknowledge))
        .route("/{id}/contacts", web::post().to(contact))
        .route("/{id}/updates", web::post().to(update))
        .route("/{id}/resolution", web::post().to(resolve))
        .route("/{id}/confirmation", web::post().to(confirm))
        .route("/{id}/rating", web::post().to(rate))
        .route("/{id}/reopening", web::post().to(reopen))
        .route("/{id}/return", web::post().to(return_case))
        .route("/{id}/transfer", web::post().to(transfer))
        .route("/{id}/reminder", web::post().to(remind))
        .route("/{id}/supervision", web::post().to(supervise))
        .route("/{id}/cancellation", web::post().to(cancel))
        .route("/{id}/hold", web::post().to(hold))
        .route("/{id}/resumption", web::post().to(resume))
        .route("/{id}/assignment", web::post().to(assign))
        .route("/{id}/rejection", web::post().to(reject))
        .route("/{id}/appeal", web::post().to(appeal))
        .route("/{id}/merge", web::post().to(merge))
        .route("/{id}/answer", web::post().to(answer))
}
