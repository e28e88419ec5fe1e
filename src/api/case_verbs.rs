//! The sub-resources of a case: one posted verb each.

use actix_web::web::{self, Json};
use entity::kinds::{CaseId, GridId, PhotoId, VoiceId};
use utoipa::IntoResponses;

use super::case_bodies::{
    AnswerBody, AssignmentBody, ConfirmationBody, ContactBody, ExtensionBody,
    ExtensionDecisionBody, GridBody, HoldBody, MergeBody, NoteBody, PauseBody, PauseDecisionBody,
    RatingBody, ReasonBody, RejectionBody, ReopeningBody, ResolutionBody, ReturnBody, UpdateBody,
    VersionBody, silent, unsaid,
};
use super::exclusions;
use super::extract::{OnceKey, Posted, instant};
use super::problem::{Problem, ProblemBody};
use crate::app::actor::Actor;
use crate::app::alias;
use crate::app::case::Case;
use crate::app::case::answer::Answer;
use crate::app::case::attach::Said;
use crate::app::case::contact::Contacting;
use crate::app::case::extend::More;
use crate::app::case::hold::Pause;
use crate::app::case::rate::Rating;
use crate::app::case::resolve::Outcome;
use crate::app::case::update::Added;
use crate::app::case::view::CaseView;
use crate::app::case::{
    acknowledge, agree, answer, appeal, ask_pause, assign, cancel, confirm, contact,
    decide_extension, decide_pause, divert, extend, hold, merge, rate, reject, remind, reopen,
    resolve, resume, return_, supervise, transfer, update, verify, view,
};
use crate::domain::phone::Phone;
use crate::error::{Error, Fault, Result};
use crate::services::Services;

type Answered = std::result::Result<Json<CaseView>, Problem>;

/// What every verb answers.
#[expect(clippy::large_enum_variant, reason = "describes answers and is never made")]
#[derive(IntoResponses)]
pub enum Acted {
    /// The case as it is now.
    #[response(status = 200)]
    Done(CaseView),
    /// `unauthenticated`, `token_expired`
    #[response(status = 401)]
    Unauthenticated(ProblemBody),
    /// `not_found`: not there, or not yours.
    #[response(status = 404)]
    Unknown(ProblemBody),
    /// `move_not_allowed`, `version_conflict`
    #[response(status = 409)]
    Refused(ProblemBody),
    /// `invalid_fields`, `rule_refused`
    #[response(status = 422)]
    Wrong(ProblemBody),
    /// `too_many_requests`
    #[response(status = 429)]
    TooMany(ProblemBody),
}

/// Shows the case as it is now; somebody whom the change took out of scope sees its last state.
async fn answered(s: &Services, who: &Actor, case: Case) -> Answered {
    Ok(Json(view::one(s, who, &case).await?))
}

fn contacting(body: ContactBody) -> Contacting {
    Contacting { method: body.method, outcome: body.outcome, note: body.note }
}

fn photos(ids: &[i64]) -> Vec<PhotoId> {
    ids.iter().map(|&id| PhotoId(id)).collect()
}

/// Takes what was written, shown or spoken; fails with `field` when nothing was written or spoken.
fn said(field: &str, words: String, (shown, spoken): (&[i64], &[i64])) -> Result<Said> {
    if let Some(silent) = silent(field, &words, spoken) {
        return Err(Error::fields(vec![silent]));
    }
    let voices = spoken.iter().map(|&id| VoiceId(id)).collect();
    Ok(Said { words, photos: photos(shown), voices })
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
#[utoipa::path(post, path = "/api/v1/cases/{id}/acknowledgement", tag = "cases", operation_id = "acknowledge",
    params(("id" = i64, Path), OnceKey), request_body = VersionBody, security(("bearer" = [])), responses(Acted))]
async fn acknowledge(post: Posted<VersionBody>) -> Answered {
    let Posted { s, who, target, .. } = post;
    answered(&s, &who, acknowledge::run(&s, who.clone(), target).await?).await
}

/// Records a try to reach the resident.
#[utoipa::path(post, path = "/api/v1/cases/{id}/contacts", tag = "cases", operation_id = "contact",
    params(("id" = i64, Path), OnceKey), request_body = ContactBody, security(("bearer" = [])), responses(Acted))]
async fn contact(post: Posted<ContactBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let contact = contacting(body);
    answered(&s, &who, contact::run(&s, who.clone(), target, contact).await?).await
}

/// Adds progress, or what the resident has to add.
#[utoipa::path(post, path = "/api/v1/cases/{id}/updates", tag = "cases", operation_id = "update",
    params(("id" = i64, Path), OnceKey), request_body = UpdateBody, security(("bearer" = [])), responses(Acted))]
async fn update(post: Posted<UpdateBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let said = said("/text", body.text, (&body.photos, &body.voices))?;
    let contact_phone = body.contact_phone.as_deref().map(Phone::parse).transpose();
    let added = Added {
        said,
        contact_phone: contact_phone
            .map_err(|bad| Error::fields(vec![Fault::new("/contact_phone", "phone", bad.zh())]))?,
    };
    answered(&s, &who, update::run(&s, who.clone(), target, added).await?).await
}

/// Declares the result.
#[utoipa::path(post, path = "/api/v1/cases/{id}/resolution", tag = "cases", operation_id = "resolve",
    params(("id" = i64, Path), OnceKey), request_body = ResolutionBody, security(("bearer" = [])), responses(Acted))]
async fn resolve(post: Posted<ResolutionBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let (before, photos) = (photos(&body.before), photos(&body.photos));
    let outcome = Outcome { kind: body.result_type, text: body.text, before, photos };
    answered(&s, &who, resolve::run(&s, who.clone(), target, outcome).await?).await
}

/// Confirms that it is solved.
#[utoipa::path(post, path = "/api/v1/cases/{id}/confirmation", tag = "cases", operation_id = "confirm",
    params(("id" = i64, Path), OnceKey), request_body = ConfirmationBody, security(("bearer" = [])), responses(Acted))]
async fn confirm(post: Posted<ConfirmationBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let rating = rating_of(body.result, body.attitude, body.comment)?;
    answered(&s, &who, confirm::run(&s, who.clone(), target, rating).await?).await
}

/// Accepts the result after a callback; the verifier says whom he reached and how.
#[utoipa::path(post, path = "/api/v1/cases/{id}/verification", tag = "cases", operation_id = "verify",
    params(("id" = i64, Path), OnceKey), request_body = ContactBody, security(("bearer" = [])), responses(Acted))]
async fn verify(post: Posted<ContactBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let callback = contacting(body);
    answered(&s, &who, verify::run(&s, who.clone(), target, callback).await?).await
}

/// Rates result and attitude.
#[utoipa::path(post, path = "/api/v1/cases/{id}/rating", tag = "cases", operation_id = "rate",
    params(("id" = i64, Path), OnceKey), request_body = RatingBody, security(("bearer" = [])), responses(Acted))]
async fn rate(post: Posted<RatingBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let rating = Rating { result: body.result, attitude: body.attitude, comment: body.comment };
    answered(&s, &who, rate::run(&s, who.clone(), target, rating).await?).await
}

/// Says that it is not solved.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reopening", tag = "cases", operation_id = "reopen",
    params(("id" = i64, Path), OnceKey), request_body = ReopeningBody, security(("bearer" = [])), responses(Acted))]
async fn reopen(post: Posted<ReopeningBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let said = said("/reason", body.reason, (&body.photos, &body.voices))?;
    answered(&s, &who, reopen::run(&s, who.clone(), target, said).await?).await
}

/// Gives back what is not for this grid.
#[utoipa::path(post, path = "/api/v1/cases/{id}/return", tag = "cases", operation_id = "return_case",
    params(("id" = i64, Path), OnceKey), request_body = ReturnBody, security(("bearer" = [])), responses(Acted))]
async fn return_case(post: Posted<ReturnBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(
        &s,
        &who,
        return_::run(&s, who.clone(), target, body.reason, body.proposed_unit).await?,
    )
    .await
}

/// Hands over to another grid.
#[utoipa::path(post, path = "/api/v1/cases/{id}/transfer", tag = "cases", operation_id = "transfer",
    params(("id" = i64, Path), OnceKey), request_body = GridBody, security(("bearer" = [])), responses(Acted))]
async fn transfer(post: Posted<GridBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let grid = grid(&s, &body.grid)?;
    answered(&s, &who, transfer::run(&s, who.clone(), target, grid, body.reason).await?).await
}

/// Urges the responsible people.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reminder", tag = "cases", operation_id = "remind",
    params(("id" = i64, Path), OnceKey), request_body = NoteBody, security(("bearer" = [])), responses(Acted))]
async fn remind(post: Posted<NoteBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(&s, &who, remind::run(&s, who.clone(), target, body.note).await?).await
}

/// Puts the case under the supervision of street command.
#[utoipa::path(post, path = "/api/v1/cases/{id}/supervision", tag = "cases", operation_id = "supervise",
    params(("id" = i64, Path), OnceKey), request_body = NoteBody, security(("bearer" = [])), responses(Acted))]
async fn supervise(post: Posted<NoteBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(&s, &who, supervise::run(&s, who.clone(), target, body.note).await?).await
}

/// Withdraws the request.
#[utoipa::path(post, path = "/api/v1/cases/{id}/cancellation", tag = "cases", operation_id = "cancel",
    params(("id" = i64, Path), OnceKey), request_body = NoteBody, security(("bearer" = [])), responses(Acted))]
async fn cancel(post: Posted<NoteBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(&s, &who, cancel::run(&s, who.clone(), target, body.note).await?).await
}

/// Lets the case rest until a date.
#[utoipa::path(post, path = "/api/v1/cases/{id}/hold", tag = "cases", operation_id = "hold",
    params(("id" = i64, Path), OnceKey), request_body = HoldBody, security(("bearer" = [])), responses(Acted))]
async fn hold(post: Posted<HoldBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    if let Some(fault) = unsaid(&body) {
        return Err(Error::fields(vec![fault]).into());
    }
    let until = instant("/until", &body.until)?;
    let pause = Pause { reason: body.reason, until, note: body.note };
    answered(&s, &who, hold::run(&s, who.clone(), target, pause).await?).await
}

/// Ends a pause.
#[utoipa::path(post, path = "/api/v1/cases/{id}/resumption", tag = "cases", operation_id = "resume",
    params(("id" = i64, Path), OnceKey), request_body = VersionBody, security(("bearer" = [])), responses(Acted))]
async fn resume(post: Posted<VersionBody>) -> Answered {
    let Posted { s, who, target, .. } = post;
    answered(&s, &who, resume::run(&s, who.clone(), target).await?).await
}

/// Confirms the time of the appointment until which the case rests.
#[utoipa::path(post, path = "/api/v1/cases/{id}/agreement", tag = "cases", operation_id = "agree",
    params(("id" = i64, Path), OnceKey), request_body = VersionBody, security(("bearer" = [])), responses(Acted))]
async fn agree(post: Posted<VersionBody>) -> Answered {
    let Posted { s, who, target, .. } = post;
    answered(&s, &who, agree::run(&s, who.clone(), target).await?).await
}

/// Ends a case that is before a court, an arbitration, a review or the petition office; `reason` tells
/// the resident where it is decided.
#[utoipa::path(post, path = "/api/v1/cases/{id}/diversion", tag = "cases", operation_id = "divert",
    params(("id" = i64, Path), OnceKey), request_body = ReasonBody, security(("bearer" = [])), responses(Acted))]
async fn divert(post: Posted<ReasonBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(&s, &who, divert::run(&s, who.clone(), target, body.reason).await?).await
}

/// Asks for a pause that the cadre approves; until then the clock runs.
#[utoipa::path(post, path = "/api/v1/cases/{id}/pause", tag = "cases", operation_id = "ask_pause",
    params(("id" = i64, Path), OnceKey), request_body = PauseBody, security(("bearer" = [])), responses(Acted))]
async fn ask_pause(post: Posted<PauseBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let until = instant("/until", &body.until)?;
    let pause = Pause { reason: body.reason, until, note: body.note };
    answered(&s, &who, ask_pause::run(&s, who.clone(), target, pause).await?).await
}

/// Approves or refuses the pause that was asked for; the clock stops with the approval.
#[utoipa::path(post, path = "/api/v1/cases/{id}/pause_decision", tag = "cases", operation_id = "decide_pause",
    params(("id" = i64, Path), OnceKey), request_body = PauseDecisionBody, security(("bearer" = [])), responses(Acted))]
async fn decide_pause(post: Posted<PauseDecisionBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let decision = (body.grants, body.note);
    answered(&s, &who, decide_pause::run(&s, who.clone(), target, decision).await?).await
}

/// Asks for more time, once and before the time is over.
#[utoipa::path(post, path = "/api/v1/cases/{id}/extension", tag = "cases", operation_id = "extend",
    params(("id" = i64, Path)), request_body = ExtensionBody, security(("bearer" = [])), responses(Acted))]
async fn extend(post: Posted<ExtensionBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let more = More { days: body.days, reason: body.reason };
    answered(&s, &who, extend::run(&s, who.clone(), target, more).await?).await
}

/// Grants or refuses more time, one level above whoever asked.
#[utoipa::path(post, path = "/api/v1/cases/{id}/extension_decision", tag = "cases", operation_id = "decide_extension",
    params(("id" = i64, Path)), request_body = ExtensionDecisionBody, security(("bearer" = [])), responses(Acted))]
async fn decide_extension(post: Posted<ExtensionDecisionBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let decision = (body.grants, body.note);
    answered(&s, &who, decide_extension::run(&s, who.clone(), target, decision).await?).await
}

/// Places a case from triage.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assignment", tag = "cases", operation_id = "assign",
    params(("id" = i64, Path), OnceKey), request_body = AssignmentBody, security(("bearer" = [])), responses(Acted))]
async fn assign(post: Posted<AssignmentBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let grid = grid(&s, &body.grid)?;
    let place = body.place.map(|place| alias::target::target(place.kind, place.id));
    answered(&s, &who, assign::run(&s, who.clone(), target, (grid, place), body.reason).await?)
        .await
}

/// Declines with a legal code.
#[utoipa::path(post, path = "/api/v1/cases/{id}/rejection", tag = "cases", operation_id = "reject",
    params(("id" = i64, Path), OnceKey), request_body = RejectionBody, security(("bearer" = [])), responses(Acted))]
async fn reject(post: Posted<RejectionBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(&s, &who, reject::run(&s, who.clone(), target, body.code, body.explanation).await?)
        .await
}

/// Objects to a rejection.
#[utoipa::path(post, path = "/api/v1/cases/{id}/appeal", tag = "cases", operation_id = "appeal",
    params(("id" = i64, Path), OnceKey), request_body = ReasonBody, security(("bearer" = [])), responses(Acted))]
async fn appeal(post: Posted<ReasonBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(&s, &who, appeal::run(&s, who.clone(), target, body.reason).await?).await
}

/// Joins to another case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/merge", tag = "cases", operation_id = "merge",
    params(("id" = i64, Path), OnceKey), request_body = MergeBody, security(("bearer" = [])), responses(Acted))]
async fn merge(post: Posted<MergeBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    answered(&s, &who, merge::run(&s, who.clone(), target, CaseId(body.into), body.reason).await?)
        .await
}

/// Answers the question that was asked.
#[utoipa::path(post, path = "/api/v1/cases/{id}/answer", tag = "cases", operation_id = "answer",
    params(("id" = i64, Path), OnceKey), request_body = AnswerBody, security(("bearer" = [])), responses(Acted))]
async fn answer(post: Posted<AnswerBody>) -> Answered {
    let Posted { s, who, target, body } = post;
    let answer = answer_of(&s, body)?;
    answered(&s, &who, answer::run(&s, who.clone(), target, answer).await?).await
}

/// Registers the verbs below `/api/v1/cases`.
pub fn routes(scope: actix_web::Scope) -> actix_web::Scope {
    scope
        .route("/{id}/acknowledgement", web::post().to(acknowledge))
        .route("/{id}/contacts", web::post().to(contact))
        .route("/{id}/updates", web::post().to(update))
        .route("/{id}/resolution", web::post().to(resolve))
        .route("/{id}/confirmation", web::post().to(confirm))
        .route("/{id}/verification", web::post().to(verify))
        .route("/{id}/rating", web::post().to(rate))
        .route("/{id}/reopening", web::post().to(reopen))
        .route("/{id}/return", web::post().to(return_case))
        .route("/{id}/transfer", web::post().to(transfer))
        .route("/{id}/reminder", web::post().to(remind))
        .route("/{id}/supervision", web::post().to(supervise))
        .route("/{id}/cancellation", web::post().to(cancel))
        .route("/{id}/hold", web::post().to(hold))
        .route("/{id}/resumption", web::post().to(resume))
        .route("/{id}/agreement", web::post().to(agree))
        .route("/{id}/diversion", web::post().to(divert))
        .route("/{id}/pause", web::post().to(ask_pause))
        .route("/{id}/pause_decision", web::post().to(decide_pause))
        .route("/{id}/extension", web::post().to(extend))
        .route("/{id}/extension_decision", web::post().to(decide_extension))
        .route("/{id}/assignment", web::post().to(assign))
        .route("/{id}/rejection", web::post().to(reject))
        .route("/{id}/appeal", web::post().to(appeal))
        .route("/{id}/merge", web::post().to(merge))
        .route("/{id}/answer", web::post().to(answer))
        .route("/{id}/exclusions", web::post().to(exclusions::exclude_case))
        .route("/{id}/exclusions", web::delete().to(exclusions::include_case))
}
