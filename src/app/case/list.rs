//! Lists the cases a person may see, newest first or what waits for him first, and shows one.

use entity::cases;
use entity::kinds::{ActorRole, CaseId, CaseState, EventType, Timestamp};
use serde_json::json;

use super::change::Change;
use crate::app::actor::Actor;
use crate::domain::audit::story::answers;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::scope::Scope;
use crate::store::{self};

pub use crate::store::case::{Filter, Finished, Part};

/// How many rows are opened while looking for words; sealed text has no index.
const SCAN_AT_MOST: usize = 5_000;
const SCAN_STEP: u64 = 200;

/// One page of a list.
#[derive(Debug)]
pub struct Page {
    pub cases: Vec<cases::Model>,
    /// Ask from there to go on; `None` when this is the end.
    pub next: Option<Start>,
}

/// Where a page begins: before this id, among what waits for the reader or in the rest of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    pub waiting: bool,
    pub before: CaseId,
}

/// Lists a page of at most `limit` cases from `start`. A filter for what waits for an account puts
/// that first, and the rest behind it. With `words`, only cases whose text contains them; then a page
/// may be short and still have a next one.
pub async fn run(
    s: &Services,
    actor: &Actor,
    filter: &Filter,
    words: Option<&str>,
    (start, limit): (Option<Start>, usize),
) -> Result<Page> {
    let mut cases = Vec::new();
    for (part, before) in parts(filter.part, start) {
        let filter = Filter { part, ..filter.clone() };
        let left = limit - cases.len();
        let (found, next) = walk(s, actor, &filter, words, (before, left)).await?;
        cases.extend(found);
        if let Some(before) = next {
            let waiting = matches!(part, Part::Waiting(_));
            return Ok(Page { cases, next: Some(Start { waiting, before }) });
        }
    }
    Ok(Page { cases, next: None })
}

/// The parts of a list that are still to be walked, each from where it goes on.
fn parts(asked: Part, start: Option<Start>) -> Vec<(Part, Option<CaseId>)> {
    let before = start.map(|start| start.before);
    match asked {
        Part::Waiting(account) if start.is_none_or(|start| start.waiting) => {
            vec![(asked, before), (Part::Rest(account), None)]
        }
        Part::Waiting(account) => vec![(Part::Rest(account), before)],
        Part::Whole | Part::Rest(_) => vec![(asked, before)],
    }
}

/// Above every id that a case can have.
const TOP: CaseId = CaseId(i64::MAX);

/// Walks one part down from `before`; returns what it found, and before which id to go on.
async fn walk(
    s: &Services,
    actor: &Actor,
    filter: &Filter,
    words: Option<&str>,
    (before, limit): (Option<CaseId>, usize),
) -> Result<(Vec<cases::Model>, Option<CaseId>)> {
    let scope = filter.brought.map_or_else(|| actor.scope(), |brought| actor.part(brought));
    let mut found = Vec::new();
    let (mut before, mut scanned) = (before, 0);
    loop {
        let step =
            if words.is_some() { SCAN_STEP } else { u64::try_from(limit + 1).unwrap_or(100) };
        let rows = store::case::list(&s.db.read, &scope, filter, before, step).await?;
        let last = u64::try_from(rows.len()).unwrap_or(0) < step;
        for case in rows {
            if found.len() == limit {
                return Ok((found, Some(before.unwrap_or(TOP))));
            }
            before = Some(case.id);
            scanned += 1;
            if contains(s, &case, words)? {
                found.push(case);
            }
        }
        if last {
            return Ok((found, None));
        }
        if scanned >= SCAN_AT_MOST {
            return Ok((found, before));
        }
    }
}

fn contains(s: &Services, case: &cases::Model, words: Option<&str>) -> Result<bool> {
    let Some(words) = words else { return Ok(true) };
    if case.number.contains(words) {
        return Ok(true);
    }
    Ok(s.vault.open("cases.text", &case.text_sealed).map_err(Error::internal)?.contains(words))
}

/// Finds one case of the person's scope, or says that it does not exist.
pub async fn get(s: &Services, actor: &Actor, id: CaseId) -> Result<cases::Model> {
    let case = store::case::find(&s.db.read, &actor.scope(), id).await?;
    let case = case.filter(|case| actor.sees(case));
    case.ok_or_else(|| Error::not_found("这件诉求"))
}

/// Shows one case; the first time that somebody who answers for it opens it is recorded (t3c).
pub async fn open(s: &Services, actor: &Actor, id: CaseId) -> Result<cases::Model> {
    let case = get(s, actor, id).await?;
    if opens(actor, &case).is_none() {
        return Ok(case);
    }
    let (services, actor) = (s.clone(), actor.clone());
    let opened = s.writer.commit(move |tx| {
        Box::pin(async move {
            let Some(case) = store::case::find_locked(tx, id).await? else {
                return Err(Error::not_found("这件诉求"));
            };
            let Some(role) = opens(&actor, &case) else { return Ok(case) };
            let now = services.clock.now();
            let mut change = Change::new(&services, case, now);
            change.case.opened_at = Some(now);
            change.happened(&actor, role, EventType::Opened, json!({}))?;
            change.store_observed(tx).await
        })
    });
    opened.await
}

/// In which capacity his opening is to be recorded; `None`: he does not answer for the case, nobody
/// does yet, or one is recorded. What was opened before the first message arrived answers none: the
/// first opening after it is recorded too.
fn opens(actor: &Actor, case: &cases::Model) -> Option<ActorRole> {
    let counts = |at: Timestamp| case.first_push_at.is_none_or(|pushed| pushed <= at);
    let unplaced = matches!(case.state, CaseState::Submitted | CaseState::Triage);
    if unplaced || case.next_check_at.is_none() || case.opened_at.is_some_and(counts) {
        return None;
    }
    actor.roles_for(case).into_iter().find(|role| answers(*role))
}

/// Finds a case that this person just reported, for himself or for somebody else.
pub async fn reported(s: &Services, actor: &Actor, id: CaseId) -> Result<cases::Model> {
    let mine = Scope::of_reporter(actor.account);
    let case = store::case::find(&s.db.read, &mine, id).await?;
    case.ok_or_else(|| Error::not_found("这件诉求"))
}
