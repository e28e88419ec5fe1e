//! Reads the ledger for the figures: cases in batches, each told by its events, and the versions of
//! the calendar.

use std::sync::Arc;

use entity::calendar_version::{self, Entity};
use entity::kinds::{CaseId, EventType, Timestamp};

use crate::app::case::ledger::BODY;
use crate::domain::audit::calendars::Calendars;
use crate::domain::audit::facts::{Fact, Facts, keys};
use crate::domain::audit::recount;
use crate::domain::audit::story::Story;
use crate::domain::case::ledger::exported::{CalendarVersion, Strange, words};
use crate::domain::case::ledger::remains::Remains;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::figures::{self, Numbered, Row};
use crate::store::version;
use crate::vault::Vault;

/// Cases whose events are in memory at once.
pub const BATCH: u64 = 1_000;

/// A period and the instant at which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
    /// Later events have not happened.
    pub as_of: Timestamp,
}

/// A case as the figures see it.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: CaseId,
    pub number: String,
    pub story: Story,
}

/// A case, its number, and its facts, each with the number of its event.
pub type Recorded = (CaseId, String, Vec<(i32, Fact)>);

/// Events as they are stored, of a number of cases.
#[derive(Debug)]
pub struct Batch {
    cases: Vec<Numbered>,
    rows: Vec<Row>,
}

impl Batch {
    /// Reads the batch after a case; `None` when there are no more cases. Fails when the database
    /// does.
    pub async fn read(s: &Services, window: Window, after: CaseId) -> Result<Option<Self>> {
        Self::read_most(s, window, after, BATCH).await
    }

    /// The same with at most so many cases.
    pub async fn read_most(
        s: &Services,
        window: Window,
        after: CaseId,
        most: u64,
    ) -> Result<Option<Self>> {
        let period = (window.from, window.to);
        let cases = figures::cases(&s.db.read, period, after, most).await?;
        if cases.is_empty() {
            return Ok(None);
        }
        Self::of(s, cases, window.as_of).await.map(Some)
    }

    /// Reads the batch of these cases, whatever their period. Fails when the database does.
    pub async fn of(s: &Services, cases: Vec<Numbered>, until: Timestamp) -> Result<Self> {
        let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
        let rows = figures::events(&s.db.read, &ids, until, &with_facts()).await?;
        Ok(Self { cases, rows })
    }

    /// How many cases it has.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Tells whether it has none; one that was read never is.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// The last case of the batch.
    pub fn last(&self) -> CaseId {
        self.cases.last().map_or(CaseId(i64::MAX), |case| case.id)
    }

    /// Tells the cases, in the order of their ids. Slow: opens every payload. Fails when one cannot
    /// be opened or read.
    pub fn tell(self, vault: &Vault) -> Result<Vec<Told>> {
        let told = |(id, number, facts): Recorded| {
            let story = Story::of(facts.iter().map(|(_, fact)| fact))?;
            Some(Told { id, number, story })
        };
        Ok(self.facts(vault)?.into_iter().filter_map(told).collect())
    }

    /// Lists the facts of each case, in the order of their ids. Slow, and fails, as [`Self::tell`] does.
    pub fn facts(self, vault: &Vault) -> Result<Vec<Recorded>> {
        let mut rows = self.rows.into_iter().peekable();
        let mut all = Vec::with_capacity(self.cases.len());
        for Numbered { id, number } in self.cases {
            let mut facts = Vec::new();
            while let Some(row) = rows.next_if(|row| row.case_id == id) {
                facts.push((row.seq, fact(vault, (number.as_str(), &row))?));
            }
            all.push((id, number, facts));
        }
        Ok(all)
    }
}

/// The kinds of events whose payloads figures read.
fn with_facts() -> Vec<EventType> {
    EventType::ALL.iter().copied().filter(|kind| !keys(*kind).is_empty()).collect()
}

/// Fails with `conflict` on an entry whose kind or role is no word of the ledger.
fn fact(vault: &Vault, (number, row): (&str, &Row)) -> Result<Fact> {
    let (kind, role, strange) = words(&row.kind, &row.actor_role);
    if let Some(Strange { field, .. }) = strange {
        tracing::error!(number, seq = row.seq, field, "no word of the ledger: run `zhinan verify`");
        let seq = row.seq;
        let why =
            format!("{number} 第 {seq} 条 {field} 被改动，无法由账本计算；请运行 zhinan verify");
        return Err(Error::new(Code::Conflict, why));
    }
    let payload = match (&row.body_sealed, &row.remains) {
        (Some(sealed), _) => Some(vault.open(BODY, sealed).map_err(Error::internal)?),
        (None, Some(left)) => {
            let left: Remains = serde_json::from_str(left).map_err(Error::internal)?;
            Some(left.payload().to_string())
        }
        (None, None) => None,
    };
    let facts = payload.map(|text| Facts::read(kind, &text)).transpose();
    let facts = facts.map_err(Error::internal)?.unwrap_or_default();
    let actor = row.actor_id.map(|account| account.0);
    Ok(Fact { kind, at: row.server_time, actor, role, facts })
}

/// Loads every version of the calendar that was ever in force, as the program counted with it. Fails
/// when the database does.
pub async fn calendars(s: &Services) -> Result<Arc<Calendars>> {
    Ok(Arc::new(recount::calendars(&confirmed(s).await?).0))
}

/// Lists every confirmed version of the calendar as an export says it. Fails when the database does.
pub async fn confirmed(s: &Services) -> Result<Vec<CalendarVersion>> {
    let rows = version::confirmed::<Entity>(&s.db.read).await?;
    rows.into_iter().map(dated).collect()
}

/// What an export says of a version of the calendar.
fn dated(row: calendar_version::Model) -> Result<CalendarVersion> {
    let confirmed_at = row.confirmed_at.map_or(0, |at| at.0);
    let version = u32::try_from(row.version).map_err(Error::internal)?;
    Ok(CalendarVersion { version, confirmed_at, body: row.body })
}
