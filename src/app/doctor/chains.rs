//! Verifies the record: each chain from its first entry to the head that the case names, and each
//! payload against its commitment. A payload erased by law is no break; what stays of it is proven.

use std::fmt;

use entity::case_event_payload;
use entity::kinds::CaseId;

use crate::app::case::ledger::open;
use crate::domain::case::ledger::remains::Remains;
use crate::domain::case::ledger::{self, Entry, Sealed};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::doctor::Head;
use crate::store::{self};

/// How many cases are read at a time.
const PAGE: u64 = 200;

/// A case whose record is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub number: String,
    pub why: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.number, self.why)
    }
}

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Cases whose record is whole.
    pub verified: usize,
    pub entries: usize,
    /// Payloads that were erased by law; their commitments stand.
    pub erased: usize,
    pub broken: Vec<Broken>,
}

/// Verifies the newest `limit` cases.
pub async fn newest(s: &Services, limit: u64) -> Result<Found> {
    let mut found = Found::default();
    for head in store::doctor::heads(&s.db.read, None, limit).await? {
        one(s, &head, &mut found).await?;
    }
    Ok(found)
}

/// Verifies every case.
pub async fn all(s: &Services) -> Result<Found> {
    let mut found = Found::default();
    let mut before: Option<CaseId> = None;
    loop {
        let page = store::doctor::heads(&s.db.read, before, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        before = Some(last.id);
        for head in &page {
            one(s, head, &mut found).await?;
        }
    }
}

/// Verifies one case by its number. Fails with `not_found`.
pub async fn by_number(s: &Services, number: &str) -> Result<Found> {
    let head = store::doctor::head_by_number(&s.db.read, number).await?;
    let head = head.ok_or_else(|| Error::not_found("这个工单"))?;
    let mut found = Found::default();
    one(s, &head, &mut found).await?;
    Ok(found)
}

async fn one(s: &Services, head: &Head, found: &mut Found) -> Result<()> {
    let rows = store::event::list(&s.db.read, head.id).await?;
    let remains = store::event::remains(&s.db.read, head.id).await?;
    found.entries += rows.len();
    let mut chain = Vec::with_capacity(rows.len());
    let mut why = None;
    for (event, payload) in rows {
        let left = remains.get(&event.id);
        found.erased += usize::from(payload.is_none());
        let same = |computed: String| computed == event.payload_commitment;
        let whole = payload.is_none_or(|payload| committed(s, &payload).is_some_and(same));
        if !whole || !left.is_none_or(|left| remaining(left).is_some_and(same)) {
            why.get_or_insert(format!("第 {} 条的内容与承诺不符", event.seq));
        }
        chain.push(sealed(&head.number, event));
    }
    let why = ledger::verify(&chain).err().map(|broken| broken.to_string()).or(why);
    match why.or_else(|| wrong_head(head, &chain)) {
        None => found.verified += 1,
        Some(why) => found.broken.push(Broken { number: head.number.clone(), why }),
    }
    Ok(())
}

/// The chain alone cannot show that its end was cut off; the case remembers its last entry.
fn wrong_head(head: &Head, chain: &[Sealed]) -> Option<String> {
    let Some(last) = chain.last() else { return Some("账本是空的".to_owned()) };
    let same = last.hash == head.last_hash && last.entry.seq == i64::from(head.last_seq);
    (!same).then(|| format!("账本止于第 {} 条，工单记到第 {} 条", last.entry.seq, head.last_seq))
}

fn sealed(number: &str, event: entity::case_event::Model) -> Sealed {
    let entry = Entry {
        case_number: number.to_owned(),
        seq: i64::from(event.seq),
        kind: event.kind,
        actor_id: event.actor_id.map(|id| id.0),
        actor_role: event.actor_role,
        server_time: event.server_time,
        client_time: event.client_time,
        payload_commitment: event.payload_commitment,
        prev_hash: event.prev_hash,
    };
    Sealed { entry, hash: event.hash }
}

fn committed(s: &Services, payload: &case_event_payload::Model) -> Option<String> {
    let (salt, value) = open(s, &payload.salt, &payload.body_sealed).ok()?;
    ledger::commitment(&salt, &value).ok()
}

fn remaining(left: &str) -> Option<String> {
    serde_json::from_str::<Remains>(left).ok()?.commitment()
}
