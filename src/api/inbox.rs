//! The inbox: what this person was told, and what he has read of it.

use actix_web::web::{self, Data, Json, Path, Query};
use entity::kinds::{CaseId, InboxId, NoticeKind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cursor;
use super::extract::Who;
use super::problem::{Problem, ProblemBody};
use crate::app::inbox::{Entry, list, read};
use crate::app::limit;
use crate::domain::calendar::rfc3339;
use crate::services::Services;

/// Registers the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let no_method = || web::to(super::openapi::no_route);
    cfg.service(
        web::resource("/api/v1/inbox")
            .route(web::get().to(list_inbox))
            .default_service(no_method()),
    );
    cfg.service(
        web::resource("/api/v1/inbox/{id}/reading")
            .route(web::post().to(read_entry))
            .default_service(no_method()),
    );
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 20 when absent.
    limit: Option<usize>,
}

/// One thing this person was told; the live connection sends the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxEntry {
    /// The event id: name the last one you got as `after` to go on from there.
    pub id: InboxId,
    pub kind: NoticeKind,
    pub kind_zh: &'static str,
    pub urgent: bool,
    /// `null`: it is about no case, and `number`, `place` and `state_zh` are empty.
    pub case_id: Option<CaseId>,
    /// Told to the speaker as whoever asked for help, and not by his office.
    pub as_resident: bool,
    /// `NC-20261123-00042`
    pub number: String,
    pub category_zh: String,
    /// Grid or community, never a household.
    pub place: String,
    /// Name of the state in which the case was then.
    pub state_zh: String,
    /// By when somebody should act.
    pub due: Option<String>,
    /// A short sentence, perhaps empty.
    pub note: String,
    pub at: String,
    pub read_at: Option<String>,
}

impl From<Entry> for InboxEntry {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind,
            kind_zh: entry.kind.zh(),
            urgent: entry.urgent,
            case_id: entry.case,
            as_resident: entry.as_resident,
            number: entry.words.number,
            category_zh: entry.words.category,
            place: entry.words.place,
            state_zh: entry.words.state,
            due: entry.words.due.map(|at| rfc3339(Timestamp(at))),
            note: entry.words.note,
            at: rfc3339(entry.at),
            read_at: entry.read_at.map(rfc3339),
        }
    }
}

/// A page, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxPage {
    pub entries: Vec<InboxEntry>,
    /// Unread among the newest thousand.
    pub unread: i64,
    /// Pass as `cursor` to go on; missing at the end.
    pub next: Option<String>,
}

/// Lists what this person was told, newest first.
#[utoipa::path(get, path = "/api/v1/inbox", tag = "inbox", operation_id = "list_inbox", params(InboxQuery), security(("bearer" = [])),
    responses((status = 200, body = InboxPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
async fn list_inbox(
    Who(who): Who,
    query: Query<InboxQuery>,
    s: Data<Services>,
) -> Result<Json<InboxPage>, Problem> {
    let before = query.cursor.as_deref().map(|text| cursor::open(&s, text)).transpose()?;
    let page = list::run(&s, &who, (before, query.limit.unwrap_or(20).clamp(1, 100))).await?;
    Ok(Json(InboxPage {
        entries: page.entries.into_iter().map(InboxEntry::from).collect(),
        unread: page.unread,
        next: page.next.map(|id| cursor::seal(&s, id)),
    }))
}

/// Notes that an entry was read; repeating it changes nothing.
#[utoipa::path(post, path = "/api/v1/inbox/{id}/reading", tag = "inbox", operation_id = "read_inbox_entry", params(("id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = InboxEntry), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn read_entry(
    Who(who): Who,
    id: Path<InboxId>,
    s: Data<Services>,
) -> Result<Json<InboxEntry>, Problem> {
    limit::admit(&s, &s.settings.limits.act, &who.account.to_string()).await?;
    Ok(Json(InboxEntry::from(read::run(&s, &who, *id).await?)))
}
