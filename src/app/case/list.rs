//! Lists the cases a person may see, newest first, and shows one.

use entity::cases;
use entity::kinds::{CaseId, EventType, StreetRole};
use serde_json::json;

use super::change::Change;
use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::{self};

pub use crate::store::case::Filter;

/// How many rows are opened while looking for words; sealed text has no index.
const SCAN_AT_MOST: usize = 5_000;
const SCAN_STEP: u64 = 200;

/// One page of a list.
#[derive(Debug)]
pub struct Page {
    pub cases: Vec<cases::Model>,
    /// Ask for cases before this id to go on; `None` when this is the end.
    pub next: Option<CaseId>,
}

/// Lists a page of at most `limit` cases before `before`. With `words`, only cases whose text
/// contains them; then a page may be short and still have a next one.
pub async fn run(
    s: &Services,
    actor: &Actor,
    filter: &Filter,
    words: Option<&str>,
    (before, limit): (Option<CaseId>, usize),
) -> Result<Page> {
    let scope = actor.scope();
    let mut found = Vec::new();
    let (mut before, mut scanned) = (before, 0);
    loop {
        let step =
            if words.is_some() { SCAN_STEP } else { u64::try_from(limit + 1).unwrap_or(100) };
        let rows = store::case::list(&s.db.read, &scope, filter, before, step).await?;
        let last = u64::try_from(rows.len()).unwrap_or(0) < step;
        for case in rows {
            if found.len() == limit {
                return Ok(Page { next: before, cases: found });
            }
            before = Some(case.id);
            scanned += 1;
            if contains(s, &case, words)? {
                found.push(case);
            }
        }
        if last {
            return Ok(Page { cases: found, next: None });
        }
        if scanned >= SCAN_AT_MOST {
            return Ok(Page { cases: found, next: before });
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
    let case = case.filter(|case| !actor.roles_for(case).is_empty());
    case.ok_or_else(|| Error::not_found("这件诉求"))
}

/// Shows one case; the first time a responsible person opens it is recorded (t3c).
pub async fn open(s: &Services, actor: &Actor, id: CaseId) -> Result<cases::Model> {
    let case = get(s, actor, id).await?;
    let verifies = actor.is(StreetRole::Verifier);
    let staff = actor.staff.is_some() && !verifies && !actor.sees_masked(&case);
    if case.opened_at.is_some() || !staff || case.next_check_at.is_none() {
        return Ok(case);
    }
    let (services, actor) = (s.clone(), actor.clone());
    let opened = s.writer.commit(move |tx| {
        Box::pin(async move {
            let Some(case) = store::case::find_locked(tx, id).await? else {
                return Err(Error::not_found("这件诉求"));
            };
            let role = actor.roles_for(&case).first().copied();
            let (Some(role), None) = (role, case.opened_at) else { return Ok(case) };
            let now = services.clock.now();
            let mut change = Change::new(&services, case, now);
            change.case.opened_at = Some(now);
            change.happened(&actor, role, EventType::Opened, json!({}))?;
            change.store_observed(tx).await
        })
    });
    opened.await
}

/// Finds a case that this person just reported, for himself or for somebody else.
pub async fn reported(s: &Services, actor: &Actor, id: CaseId) -> Result<cases::Model> {
    let mine = crate::store::scope::Scope::Person {
        reporter: actor.account,
        small: Vec::new(),
        large: Vec::new(),
    };
    let case = store::case::find(&s.db.read, &mine, id).await?;
    case.ok_or_else(|| Error::not_found("这件诉求"))
}
