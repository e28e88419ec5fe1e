//! Acts on a stored push of WeCom: the press of a card's button, changes of the address book and of
//! the application's range. Once, however often it is asked to.

use entity::kinds::{AccountId, CaseId, Channel, Timestamp};
use entity::{notice, staff, wechat_event, wecom_card};

use super::happened::happened;
use super::left;
use super::receive::BODY;
use crate::app::actor::Actor;
use crate::app::case::acknowledge;
use crate::app::case::act::Target;
use crate::app::notice::card;
use crate::app::notice::stamp::{Of, Stamp};
use crate::app::work::Outcome;
use crate::error::{Code, Error, Result};
use crate::gateway::wecom::event::{Event, Notification};
use crate::services::Services;
use crate::store::wecom::{DELETED, DISABLED, NewCard, Told};
use crate::store::writer::Tx;
use crate::store::{self};

/// The case may change between the look at its version and the press; so often it is looked again.
const LOOKS: usize = 3;

/// Acts on a stored push. Fails only when the database does.
pub async fn run(s: &Services, row: &wechat_event::Model) -> Result<Outcome> {
    let text = s.vault.open(BODY, &row.body_sealed).map_err(Error::internal)?;
    let Notification { created_at, event } = match Notification::parse(&text) {
        Ok(told) => told,
        Err(why) => return Ok(Outcome::Dead { why: why.to_string() }),
    };
    if let Event::CardPressed { userid, task_id, key, response_code } = &event {
        let (userid, task_id) = (userid.clone(), task_id.clone());
        let (key, response_code) = (key.clone(), response_code.clone());
        press(s, Press { userid, task_id, key, response_code }).await?;
    }
    let told = Told { at: happened(created_at, row.received_at), push: row.id };
    let left = match &event {
        Event::MemberDeleted { userid } => left::find(s, userid, told.at).await?,
        _ => None,
    };
    let (services, id, now) = (s.clone(), row.id, s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let counts = change(tx, &event, told).await?;
            if let Some(left) = left.filter(|_| counts) {
                left::end(&services, tx, &left, now).await?;
            }
            store::wechat_event::set_handled(tx, id, now).await?;
            Ok::<_, Error>(())
        })
    });
    unit.await?;
    s.wake.ping().await;
    Ok(Outcome::Done)
}

/// Follows the address book: whom it removes or switches off WeCom does not reach any more. What
/// else follows when he is removed, [`left`] says. `false`: the address book said something later of
/// him, or nothing of anybody.
async fn change(tx: &Tx, event: &Event, told: Told) -> Result<bool> {
    match event {
        Event::MemberDeleted { userid } => {
            Ok(store::wecom::set_end(tx, userid, Some(DELETED), told).await?)
        }
        Event::MemberChanged { userid, renamed, active } => {
            let mut counts = false;
            if let Some(active) = active {
                let why = (!active).then_some(DISABLED);
                counts = store::wecom::set_end(tx, userid, why, told).await?;
            }
            if let Some(renamed) = renamed {
                follow(tx, userid, renamed).await?;
            }
            Ok(counts)
        }
        Event::MemberEntered { userid } => Ok(store::wecom::set_entered(tx, userid, told).await?),
        Event::MemberInRange { userid, inside } => {
            store::wecom::set_range(tx, userid, *inside, told).await?;
            Ok(false)
        }
        Event::CardPressed { .. } | Event::Other(_) => Ok(false),
    }
}

/// Follows a member to his new name, unless that is somebody else's by our own list.
async fn follow(tx: &Tx, from: &str, to: &str) -> Result<()> {
    if store::wecom::member(tx, to).await?.is_none() {
        store::wecom::rename(tx, from, to).await?;
    }
    Ok(())
}

struct Press {
    userid: String,
    task_id: String,
    key: String,
    response_code: String,
}

/// A press of somebody we know, on a card of ours.
struct Known {
    case: CaseId,
    account: AccountId,
    /// Absent when the press brought no code.
    card: Option<wecom_card::Model>,
}

async fn press(s: &Services, press: Press) -> Result<()> {
    let ours = press.key == card::TAKE;
    let known = if ours { recognise(s, press).await? } else { None };
    let Some(known) = known else {
        tracing::warn!("a button was pressed that is not ours, or by nobody of the staff");
        return Ok(());
    };
    if take(s, known.account, known.case).await? {
        // Everybody's buttons end with the unit that took the case.
        return Ok(());
    }
    let Some(card) = known.card else { return Ok(()) };
    let (services, now) = (s.clone(), s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { card::plan(&services, tx, (&[card], true), now).await })
    });
    unit.await
}

async fn recognise(s: &Services, press: Press) -> Result<Option<Known>> {
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| Box::pin(async move { know(tx, &press, now).await }));
    unit.await
}

/// Looks up whose press of what it is. It need not be the reader of the card: whoever has it in his hands
/// takes the case by the rules that hold for himself.
async fn know(tx: &Tx, press: &Press, now: Timestamp) -> Result<Option<Known>> {
    let Some(shown) = Stamp::read(&press.task_id) else { return Ok(None) };
    let Of::Notice(id) = shown.of else { return Ok(None) };
    let is_shown = |notice: &notice::Model| {
        notice.channel == Channel::WecomCard && shown.is_from(notice.created_at)
    };
    let notice = store::notice::find(tx, id).await?.filter(is_shown);
    let reader = store::wecom::member(tx, &press.userid).await?;
    let (Some(notice), Some(reader)) = (notice, reader) else { return Ok(None) };
    let Some(account) = account(tx, &reader, now).await? else { return Ok(None) };
    let (userid, code) = (press.userid.as_str(), press.response_code.as_str());
    let new = NewCard { notice: notice.id, case: notice.case_id, userid, code };
    let card = match code {
        "" => None,
        _ => store::wecom::keep_card(tx, &new, now).await?,
    };
    Ok(Some(Known { case: notice.case_id, account, card }))
}

/// Returns the account in whose name he acts; one whom only WeCom reaches gets an account here.
/// `None` when it is blocked.
async fn account(tx: &Tx, reader: &staff::Model, now: Timestamp) -> Result<Option<AccountId>> {
    let id = if let Some(id) = reader.account_id.or(reader.wecom_account_id) {
        id
    } else {
        let fresh = store::people::insert_account(tx, now).await?.id;
        store::wecom::set_account(tx, reader.id, fresh).await?.unwrap_or(fresh)
    };
    Ok(store::people::find_account(tx, id).await?.map(|account| account.id))
}

/// Takes the case in this person's name, by the rules that hold for everybody; `false` when they
/// refuse him.
async fn take(s: &Services, account: AccountId, case: CaseId) -> Result<bool> {
    for _look in 0..LOOKS {
        let actor = Actor::load(&s.db, account, false, s.clock.now()).await?;
        let seen = store::case::find(&s.db.read, &actor.scope(), case).await?;
        let Some(seen) = seen else { return Ok(false) };
        let target = Target { case, expected_version: seen.version };
        match acknowledge::run(s, actor, target).await {
            Ok(_) => return Ok(true),
            Err(error) if error.code == Code::VersionConflict => {}
            Err(error) if error.code.status() < 500 => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Err(Error::new(Code::VersionConflict, "这件诉求正在被他人修改"))
}
