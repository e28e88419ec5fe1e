//! Cards of WeCom: how they are drawn, and the end of their buttons once a case does not wait for
//! their readers any more.
//!
//! Changing a card is a courtesy to its reader: whoever presses a button that should be gone is
//! answered all the same, so nothing here may stop or delay what happens to a case.

use entity::kinds::{CaseId, CaseState, JobKind, Timestamp};
use entity::{cases, notice, wecom_card};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::letter::Letter;
use super::stamp;
use crate::app::case::change::Change;
use crate::app::work::Outcome;
use crate::domain::notice::{NOT_YOURS, closing, labels};
use crate::error::{Error, Result};
use crate::gateway::wechat::Class;
use crate::gateway::wecom::{Button, Card, Closing};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::scope::Scope;
use crate::store::wecom::NewCard;
use crate::store::writer::Tx;
use crate::store::{self};

/// What the button that takes a case brings back.
pub const TAKE: &str = "acknowledge";
/// After every message.
const PRIORITY: i32 = 70;

/// Draws the card of a letter: what happened, the fields under their names, and the button where
/// the case waits for its reader. Two tries of one letter draw the same card.
pub fn of(s: &Services, letter: &Letter, userid: &str) -> Card {
    let notice = &letter.notice;
    let values = letter.fields.iter().map(|(_, value)| value.clone());
    let names = labels(notice.kind).into_iter().map(str::to_owned);
    Card {
        to: userid.to_owned(),
        task_id: stamp::of_notice(notice),
        title: notice.kind.zh().to_owned(),
        lines: names.zip(values).collect(),
        button: letter.takes.then_some(Button { text: "签收", key: TAKE }),
        opens: (s.settings.templates.mini_appid.clone(), notice.page.clone()),
    }
}

/// Keeps the code of a card that was just sent. When the case does not wait any more, which it did
/// when the card left, its button ends at once.
pub async fn keep(
    change: &Change,
    tx: &Tx,
    notice: &notice::Model,
    (userid, code): (&str, &str),
) -> Result<()> {
    let card = NewCard { notice: notice.id, case: notice.case_id, userid, code };
    let kept = store::wecom::keep_card(tx, &card, change.now).await?;
    let waits = change.case.state == CaseState::Assigned && is_current(&change.case, notice);
    match kept {
        Some(card) if !waits => plan(&change.s, tx, (&[card], false), change.now).await,
        _ => Ok(()),
    }
}

/// Plans the end of every button of a case.
pub async fn close(s: &Services, tx: &Tx, case: CaseId, now: Timestamp) -> Result<()> {
    if !s.wecom.sends() {
        return Ok(());
    }
    let open = store::wecom::open_cards(tx, case).await?;
    plan(s, tx, (&open, false), now).await
}

/// Plans that cards are changed; `refused`: a press of them led to nothing.
pub async fn plan(
    s: &Services,
    tx: &Tx,
    (cards, refused): (&[wecom_card::Model], bool),
    now: Timestamp,
) -> Result<()> {
    let job = |card: &wecom_card::Model| NewJob {
        kind: JobKind::UpdateCard,
        // A code is good for one change: another code is another job.
        dedup_key: format!("{}-{}", card.id, hex::encode(Sha256::digest(&card.response_code))),
        payload: json!({ "card": card.id, "refused": refused }).to_string(),
        priority: PRIORITY,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    Ok(store::job::enqueue(tx, cards.iter().map(job).collect(), now).await?)
}

/// Replaces the button of a card by what became of its case. Fails only when the database does; a
/// button that cannot be replaced stays and answers a press.
pub async fn update(s: &Services, id: i64, refused: bool) -> Result<Outcome> {
    let Some(card) = store::wecom::find_card(&s.db.read, id).await? else {
        return Ok(Outcome::Dead { why: "there is no such card".to_owned() });
    };
    let words = words(s, &card, refused).await?;
    let (None, Some(words)) = (card.used_at, words) else { return Ok(Outcome::Done) };
    let closing = Closing {
        userid: card.userid.clone(),
        response_code: card.response_code.clone(),
        words: words.to_owned(),
    };
    match s.wecom.close_card(&closing).await {
        Ok(()) => used(s, card).await,
        // Used up by a try whose answer was lost, or a day old.
        Err(failure) if failure.class == Class::ClientError => used(s, card).await,
        Err(failure) => match failure.class {
            Class::Retry | Class::RateLimited => Ok(Outcome::retry(failure.to_string())),
            _ => Ok(Outcome::Dead { why: failure.to_string() }),
        },
    }
}

async fn words(
    s: &Services,
    card: &wecom_card::Model,
    refused: bool,
) -> Result<Option<&'static str>> {
    let case = store::case::find(&s.db.read, &Scope::Street, card.case_id).await?;
    let notice = store::notice::find(&s.db.read, card.notice_id).await?;
    let (Some(case), Some(notice)) = (case, notice) else { return Ok(None) };
    let reader = store::wecom::member(&s.db.read, &card.userid).await?.map(|staff| staff.id);
    let mine = reader.is_some() && case.acknowledged_by == reader;
    let current = is_current(&case, &notice);
    Ok(closing(case.state, mine, current).or_else(|| refused.then_some(NOT_YOURS)))
}

/// Tells whether a card belongs to the chain that runs. A round by itself is no reason to take its
/// button away: when only the last step repeats, the case still waits for those of the first ones.
fn is_current(case: &cases::Model, notice: &notice::Model) -> bool {
    notice.created_at >= case.escalation_base
}

async fn used(s: &Services, card: wecom_card::Model) -> Result<Outcome> {
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::wecom::set_used(tx, &card, now).await?) })
    });
    unit.await?;
    Ok(Outcome::Done)
}
