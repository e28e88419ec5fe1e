//! What came of a call, and its record.
//!
//! A record may come twice: the first commit may have succeeded although its answer was lost. Whose
//! notice has ended by then changes nothing more.

use std::sync::Arc;

use entity::kinds::{NoticeState, Timestamp};

use super::card;
use super::consent;
use super::ending::{self, Failed};
use super::letter::{Address, Letter};
use super::send::word;
use crate::app::case::change::Change;
use crate::app::work::Outcome;
use crate::crash;
use crate::domain::notice::Class;
use crate::error::{Error, Result};
use crate::gateway::wechat::Sent;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// A call that was made, and what nobody has recorded yet of it.
#[derive(Clone, Debug)]
pub struct Called {
    pub(super) letter: Letter,
    pub(super) verdict: Verdict,
}

/// What is to be recorded about a try.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    Accepted(Receipt),
    /// `doubtful`: it may have arrived, so the notice stays `sending`. `unless_led`: only where no other
    /// channel leads to its reader.
    Again {
        at: Option<Timestamp>,
        counted: bool,
        doubtful: bool,
        unless_led: bool,
        why: String,
    },
    Failed(Failed),
}

/// What a provider handed back with its yes.
#[derive(Clone, Debug, Default)]
pub(super) struct Receipt {
    pub(super) msgid: Option<i64>,
    /// By which the button of a card can be replaced.
    pub(super) card: Option<String>,
}

impl From<Sent> for Receipt {
    fn from(sent: Sent) -> Self {
        Self { msgid: sent.msgid, card: None }
    }
}

impl Called {
    /// Returns the letter and its number where that it was taken over is all there is to record.
    pub fn accepted(&self) -> Option<(&Letter, Option<i64>)> {
        match &self.verdict {
            Verdict::Accepted(Receipt { msgid, card: None }) => Some((&self.letter, *msgid)),
            _ => None,
        }
    }
}

/// Records what came of a call. Fails only when the database does.
pub async fn conclude(s: &Services, called: Arc<Called>) -> Result<Outcome> {
    let (services, now) = (s.clone(), s.clock.now());
    let recorded = s
        .writer
        .commit(move |tx| Box::pin(async move { record(&services, tx, &called, now).await }))
        .await;
    crash::point("notice.recorded");
    recorded
}

async fn record(s: &Services, tx: &Tx, called: &Called, now: Timestamp) -> Result<Outcome> {
    let Called { letter, verdict } = called;
    let notice = &letter.notice;
    let is_led = matches!(verdict, Verdict::Again { unless_led: true, .. })
        && ending::next_channel(s, tx, notice).await?.is_some();
    let unknown = Verdict::Failed(Failed::unknown(word(Class::Ambiguous), true));
    let verdict = if is_led { &unknown } else { verdict };
    if let Verdict::Again { at, counted, doubtful, why, .. } = verdict {
        if !doubtful && store::notice::set_planned_again(tx, notice.id).await? {
            give_back(s, tx, letter).await?;
        }
        return Ok(Outcome::Retry { at: *at, counted: *counted, why: why.clone() });
    }
    let case = store::case::find_locked(tx, notice.case_id).await?;
    let case = case.ok_or_else(|| Error::internal("the case of a notice is gone"))?;
    let mut change = Change::new(s, case, now);
    let outcome = match verdict {
        Verdict::Failed(failed) => {
            let unspent = failed.state == NoticeState::Dead && consent::is_unspent(failed.errcode);
            if ending::failed(&mut change, tx, notice, failed).await? && unspent {
                give_back(s, tx, letter).await?;
            }
            ended(failed)
        }
        Verdict::Accepted(receipt) => {
            ending::accepted(&mut change, tx, notice, receipt.msgid).await?;
            if let (Some(code), Address::Member(userid)) = (&receipt.card, &letter.to) {
                card::keep(&change, tx, notice, (userid, code)).await?;
            }
            Outcome::Done
        }
        Verdict::Again { .. } => Outcome::Done,
    };
    change.store_observed(tx).await?;
    Ok(outcome)
}

/// Gives the consent back that a message took which certainly did not leave.
async fn give_back(s: &Services, tx: &Tx, letter: &Letter) -> Result<()> {
    match letter.cost(s) {
        Some(cost) => consent::give_back(s, tx, &cost, letter.first_at).await,
        None => Ok(()),
    }
}

fn ended(failed: &Failed) -> Outcome {
    let why = failed.class.to_owned();
    match (failed.state, failed.next_channel) {
        (NoticeState::Unknown, _) => Outcome::Unknown { why },
        (_, true) => Outcome::Done,
        (_, false) => Outcome::Dead { why },
    }
}
