//! Erases a person at his own word: everything by which he can be found or recognised.
//!
//! One unit: after its commit he is gone, before it nothing happened. His files lose their rows in
//! the unit and leave the store by a job, so that a crash in between loses neither. His cases stay
//! as figures of an account that is nobody's; their ledgers verify as before, since the chain holds
//! commitments and the bodies stood beside it, and no figure changes, since what figures read stays.
//! Refused while a case is open: somebody may be on his
//! way.

use entity::kinds::{ActorRole, CaseId, EventId, EventType};
use entity::{case_event_remains, cases, erasure};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{CONFIRM, files, obstacle};
use crate::app::actor::Actor;
use crate::app::alias::learn;
use crate::app::case::change::Change;
use crate::app::case::{ledger, place};
use crate::app::inbox;
use crate::domain::audit::facts;
use crate::domain::case::ledger::remains::Remains;
use crate::domain::notice::Recipient;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::erase::{Blank, Said};
use crate::store::writer::Tx;
use crate::store::{self};

/// What is read where his words were.
const GONE: &str = "（居民已依法删除个人信息）";

/// Erases everything of the speaker. Fails with `invalid_fields` without the word of confirmation,
/// with `rule_refused` in office or while a case is open. Erased before, it returns that record.
pub async fn run(s: &Services, actor: &Actor, confirm: &str) -> Result<erasure::Model> {
    if confirm.trim() != CONFIRM {
        let message = format!("请输入“{CONFIRM}”两个字，确认删除您的全部个人信息");
        return Err(Error::fields(vec![Fault::new("/confirm", "confirm", message)]));
    }
    let (services, who) = (s.clone(), actor.clone());
    let unit = s.writer.commit(move |tx| Box::pin(async move { erase(&services, tx, &who).await }));
    let erased = unit.await?;
    s.wake.ping().await;
    s.hub.check(actor.account);
    tracing::info!(
        register = erased.id,
        cases = erased.cases,
        files = erased.files,
        "personal data was erased at its owner's word"
    );
    Ok(erased)
}

async fn erase(s: &Services, tx: &Tx, actor: &Actor) -> Result<erasure::Model> {
    let (account, now) = (actor.account, s.clock.now());
    let gone = || Error::new(Code::Unauthenticated, "登录已失效，请重新登录");
    let row = store::my::lock_account(tx, account).await?.ok_or_else(gone)?;
    if row.blocked_at.is_some() {
        return store::erase::find(tx, account).await?.ok_or_else(gone);
    }
    let cases = store::my::cases(tx, account, true).await?;
    if let Some((code, why)) = obstacle(actor, &cases) {
        let mut error = Error::new(Code::RuleRefused, why.clone());
        error.faults = vec![Fault::new("", code, why)];
        return Err(error);
    }
    let mut erased = store::erase::register(tx, account, now).await?;
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    erased.cases = number(ids.len());
    erased.bodies = bodies(s, tx, &ids).await?;
    store::erase::words(tx, &ids, &blank(s)?).await?;
    for case in cases {
        note(s, tx, actor, case).await?;
    }
    erased.files = number(store::erase::files(tx, account, erased.id, now).await?);
    erased.files_gone_at = (erased.files == 0).then_some(now);
    let inbox = inbox::owner(Recipient::Resident(account));
    store::agreement::withdraw(tx, account, now).await?;
    store::erase::account(tx, account, &inbox, now).await?;
    store::erase::set_counts(tx, &erased).await?;
    files::ask(s, tx, erased.id.to_string(), now).await?;
    Ok(erased)
}

/// Erases what was said and keeps of it what figures read.
async fn bodies(s: &Services, tx: &Tx, cases: &[CaseId]) -> Result<i64> {
    let said = store::erase::said(tx, cases).await?;
    let mut remains = Vec::new();
    for one in said.iter().filter(|one| !facts::keys(one.kind).is_empty()) {
        remains.push(case_event_remains::ActiveModel {
            event_id: Set(one.event_id),
            body: Set(remaining(s, one)?),
        });
    }
    let events: Vec<EventId> = said.iter().map(|one| one.event_id).collect();
    Ok(number(store::erase::bodies(tx, &events, remains).await?))
}

fn remaining(s: &Services, said: &Said) -> Result<String> {
    let (salt, payload) = ledger::open(s, &said.salt, &said.body_sealed)?;
    let remains = Remains::of(&salt, &payload, facts::keys(said.kind)).map_err(Error::internal)?;
    serde_json::to_string(&remains).map_err(Error::internal)
}

fn number(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

fn blank(s: &Services) -> Result<Blank> {
    let place = place::Sealed { reason: GONE.to_owned(), ..place::Sealed::default() };
    let seal = |context: &str, text: &str| s.vault.seal(context, text).map_err(Error::internal);
    Ok(Blank {
        text: seal("cases.text", GONE)?,
        place: place::close(s, &place)?,
        words: seal(learn::WORDS, "")?,
    })
}

/// Says in the case's own record why its bodies are missing.
async fn note(s: &Services, tx: &Tx, actor: &Actor, case: cases::Model) -> Result<()> {
    let mut change = Change::new(s, case, s.clock.now());
    change.happened(actor, ActorRole::Resident, EventType::Erased, json!({}))?;
    change.store_observed(tx).await?;
    Ok(())
}
