//! Tells whom a carrier that was away, or whose quota was used up, could not tell of a case, as soon
//! as it is back.
//!
//! One job for all: it asks the carrier something harmless while anything is owed, and plans the
//! messages again when it answers. The sweep asks for it too, so that nothing is owed for longer
//! than a minute without it.

use std::collections::HashSet;

use entity::kinds::{Channel, JobKind, NoticeId, Timestamp};
use entity::notice;
use sea_orm::ConnectionTrait;

use super::send;
use crate::app::case::change::Change;
use crate::app::case::tell;
use crate::app::work::{Outcome, priority};
use crate::domain::notice::owed::{EVERY, is_ripe};
use crate::error::{Error, Result};
use crate::gateway::wechat::{AppKind, Class, Endpoint};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::notice::Stored;
use crate::store::owed::{OF_CARRIER, Owed};
use crate::store::writer::Tx;
use crate::store::{self};

/// WeChat is too busy for anybody.
const BUSY: i64 = -1;

/// Sees that a message that has just died of its carrier is told later, when somebody waits for it.
pub async fn remember(change: &Change, tx: &Tx, notice: &notice::Model, class: &str) -> Result<()> {
    let of_chain = notice.staff_id.is_some() && notice.step != tell::NO_STEP;
    if OF_CARRIER.contains(&class) && of_chain {
        plan(&change.s, tx, change.now).await?;
    }
    Ok(())
}

/// Plans the job when anything is owed.
pub async fn ask(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    if store::owed::list(tx).await?.is_empty() {
        return Ok(());
    }
    plan(s, tx, now).await
}

async fn plan(s: &Services, tx: &impl ConnectionTrait, now: Timestamp) -> Result<()> {
    let job = NewJob {
        kind: JobKind::Retell,
        dedup_key: "0".to_owned(),
        payload: "{}".to_owned(),
        priority: priority::URGENT,
        run_at: now + EVERY,
        max_attempt: s.settings.max_attempt,
        trace_id: None,
    };
    Ok(store::job::again(tx, JobKind::Retell, job, now).await?)
}

/// Looks what is owed and tells it where the carrier answers; looks again until nothing is. Fails
/// only when the database does.
pub async fn run(s: &Services) -> Result<Outcome> {
    let owed = store::owed::list(&s.db.read).await?;
    if owed.is_empty() {
        return Ok(Outcome::Done);
    }
    let ids = ready(s, &owed).await;
    let (services, now) = (s.clone(), s.clock.now());
    if !ids.is_empty() {
        let unit = s.writer.commit(move |tx| {
            Box::pin(async move {
                for notice in store::owed::revive(tx, &ids).await? {
                    let job = tell::job(&services, &Stored::of(&notice), now);
                    store::job::anew(tx, JobKind::SendNotice, job, now).await?;
                }
                Ok::<_, Error>(())
            })
        });
        unit.await?;
        s.wake.ping().await;
    }
    let why = format!("{} messages wait for their carrier", owed.len());
    Ok(Outcome::Retry { at: Some(now + EVERY), counted: false, why })
}

/// Chooses one message for each person: the first whose carrier answers.
async fn ready(s: &Services, owed: &[Owed]) -> Vec<NoticeId> {
    let now = s.clock.now();
    let ripe: Vec<&Owed> =
        owed.iter().filter(|one| is_ripe((one.created_at, one.finished_at), now)).collect();
    let (limited, away): (Vec<&Owed>, Vec<&Owed>) =
        ripe.into_iter().partition(|one| one.is_limited());
    let mut answering = HashSet::new();
    for channel in away.iter().map(|one| one.channel).collect::<HashSet<_>>() {
        if answers(s, channel).await {
            answering.insert(channel);
        }
    }
    let mut open: Vec<&Owed> = limited.into_iter().filter(|one| has_room(s, one, now)).collect();
    open.extend(away.into_iter().filter(|one| answering.contains(&one.channel)));
    open.sort_unstable_by_key(|one| one.id);
    let mut people = HashSet::new();
    let open = open.into_iter();
    open.filter(|one| people.insert((one.case_id, one.staff_id))).map(|one| one.id).collect()
}

/// Asks a carrier something that costs nothing; where there is no such question, the message itself
/// is one.
async fn answers(s: &Services, channel: Channel) -> bool {
    let asked = match channel {
        Channel::OaTemplate => s.wechat.quota(AppKind::Oa, Endpoint::Template).await,
        Channel::MiniSubscribe | Channel::Employee => {
            s.wechat.quota(AppKind::Mini, Endpoint::Subscribe).await
        }
        Channel::WecomCard | Channel::Sms | Channel::Inbox => return true,
    };
    // Whatever other number it gives, it is there.
    !asked.is_err_and(|failure| {
        let no_token = failure.class == Class::RefreshToken;
        no_token || failure.errcode.is_none_or(|code| code == BUSY)
    })
}

/// Tells whether a message that was one too many may be tried again: its window passed, or the
/// platform says that there is quota after all.
fn has_room(s: &Services, one: &Owed, now: Timestamp) -> bool {
    let opened = now >= send::window(one.channel, one.errcode, one.finished_at);
    opened || s.quotas.has_left(one.channel, now)
}
