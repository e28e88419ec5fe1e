//! Who looked at a person's data, when, in which role and for which purpose.

use entity::kinds::{ActorRole, CaseId, Timestamp};

use crate::app::actor::Actor;
use crate::app::case::view::open_name;
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

/// Lists at most `limit` looks before `before`.
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
