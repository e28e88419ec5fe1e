//! Who looked at a person's data, when, in which role and for which purpose: looks, for whoever reads
//! them on a page, and every row of the access log, for whoever takes it away.

use entity::kinds::{AccountId, ActorRole, CaseId, Timestamp};

use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::domain::looks::{Folding, STILL};
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// One look.
#[derive(Clone, Debug)]
pub struct Look {
    pub id: i64,
    pub case: CaseId,
    pub number: String,
    /// Of the member of staff; `None` when the account is nobody's any more.
    pub name: Option<String>,
    pub role: ActorRole,
    /// What he saw.
    pub what_zh: &'static str,
    /// What for.
    pub purpose_zh: &'static str,
    pub at: Timestamp,
}

/// A page of looks, newest first.
#[derive(Debug)]
pub struct Page {
    pub looks: Vec<Look>,
    /// Ask for looks before this one to go on; `None` at the end.
    pub next: Option<i64>,
}

/// How many rows are read at a time while they are folded.
const BATCH: i64 = 200;

/// Lists at most `limit` looks before `before`: a page that somebody reads again is one.
pub async fn folded(
    s: &Services,
    actor: &Actor,
    (mut before, limit): (Option<i64>, usize),
) -> Result<Page> {
    let (db, account) = (&s.db.read, actor.account);
    let mut folding = Folding::default();
    let mut looks = Vec::new();
    let mut rows = store::my::looks(db, account, before, BATCH).await?;
    if let Some((from, first)) = before.zip(rows.first()) {
        // What stood on the page before may be the same look.
        let shown = store::my::looks_until(db, account, (from, first.at + STILL)).await?;
        for row in &shown {
            folding.is_look(same(row), row.at);
        }
    }
    while let Some(last) = rows.last() {
        before = Some(last.id);
        for row in rows {
            if !folding.is_look(same(&row), row.at) {
                continue;
            }
            if looks.len() == limit {
                return Ok(Page { looks, next: Some(row.id + 1) });
            }
            looks.push(view(s, row)?);
        }
        rows = store::my::looks(db, account, before, BATCH).await?;
    }
    Ok(Page { looks, next: None })
}

/// What makes two rows the same look.
type Same = (AccountId, ActorRole, CaseId, String, String);

fn same(row: &store::my::Look) -> Same {
    (row.account_id, row.role, row.case_id, row.field.clone(), row.purpose.clone())
}

/// Lists at most `limit` rows of the access log before `before`.
pub async fn run(
    s: &Services,
    actor: &Actor,
    (before, limit): (Option<i64>, usize),
) -> Result<Page> {
    let more = i64::try_from(limit).unwrap_or(100).saturating_add(1);
    let mut rows = store::my::looks(&s.db.read, actor.account, before, more).await?;
    let full = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().map(|row| row.id).filter(|_| full);
    let looks = rows.into_iter().map(|row| view(s, row)).collect::<Result<_>>()?;
    Ok(Page { looks, next })
}

fn view(s: &Services, row: store::my::Look) -> Result<Look> {
    Ok(Look {
        id: row.id,
        case: row.case_id,
        number: row.number,
        name: row.name_sealed.map(|sealed| open_name(s, &sealed)).transpose()?,
        role: row.role,
        what_zh: what_zh(&row.field),
        purpose_zh: purpose_zh(&row.purpose),
        at: row.at,
    })
}

fn what_zh(field: &str) -> &'static str {
    match field {
        "voice" => "收听了录音",
        _ => "查看了诉求全文、地址、位置和联系电话",
    }
}

fn purpose_zh(purpose: &str) -> &'static str {
    match purpose {
        "duty" => "办理这件诉求",
        _ => "其他",
    }
}
