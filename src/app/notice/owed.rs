//! Tells whom a carrier that was away, whose quota was used up, or that an operator had to put right,
//! could not tell of a case, as soon as it is back.
//!
//! One job for all: it asks the carrier something harmless while anything is owed, and plans the
//! messages again when it answers. The sweep asks for it too, so that nothing is owed for longer
//! than a minute without it.

use std::collections::{HashMap, HashSet};

use entity::kinds::{CaseId, Channel, JobKind, NoticeId, StaffId, Timestamp};
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
use crate::store::owed::{OF_CARRIER, Owed, PAGE, is_owed};
use crate::store::writer::Tx;
use crate::store::{self};

/// WeChat is too busy for anybody.
const BUSY: i64 = -1;

/// Sees that a message that has just died of its carrier is told later, when somebody waits for it.
pub async fn remember(change: &Change, tx: &Tx, notice: &notice::Model, class: &str) -> Result<()> {
    if OF_CARRIER.contains(&class) && is_owed(notice) {
        plan(&change.s, tx, change.now).await?;
    }
    Ok(())
}

/// Plans the job when anything is owed.
pub async fn ask(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    if store::owed::list(tx, NoticeId(0)).await?.is_empty() {
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
    let (mut round, mut after, mut seen) = (Round::new(s), NoticeId(0), 0);
    loop {
        let owed = store::owed::list(&s.db.read, after).await?;
        seen += owed.len();
        plan_again(s, round.ready(&owed).await).await?;
        match owed.last() {
            // Those behind may be owed by another carrier, which answers.
            Some(last) if owed.len() == PAGE => after = last.id,
            _ => break,
        }
    }
    if seen == 0 {
        return Ok(Outcome::Done);
    }
    let why = format!("{seen} messages wait for their carrier");
    Ok(Outcome::Retry { at: Some(round.now + EVERY), counted: false, why })
}

async fn plan_again(s: &Services, ids: Vec<NoticeId>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let (services, now) = (s.clone(), s.clock.now());
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
    Ok(())
}

/// One look at everything that is owed: each carrier is asked once, each person told once of a case.
struct Round<'s> {
    s: &'s Services,
    now: Timestamp,
    answering: HashMap<Channel, bool>,
    people: HashSet<(CaseId, StaffId)>,
}

impl<'s> Round<'s> {
    fn new(s: &'s Services) -> Self {
        Self { s, now: s.clock.now(), answering: HashMap::new(), people: HashSet::new() }
    }

    /// Chooses one message for each person: the first whose carrier answers.
    async fn ready(&mut self, owed: &[Owed]) -> Vec<NoticeId> {
        let (mut ready, now) = (Vec::new(), self.now);
        for one in owed.iter().filter(|one| is_ripe((one.created_at, one.finished_at), now)) {
            if self.leads(one).await && self.people.insert((one.case_id, one.staff_id)) {
                ready.push(one.id);
            }
        }
        ready
    }

    async fn leads(&mut self, one: &Owed) -> bool {
        if one.is_limited() {
            return has_room(self.s, one, self.now);
        }
        if one.is_of_template() {
            return self.s.gate.is_open(one.channel, one.kind);
        }
        if let Some(known) = self.answering.get(&one.channel) {
            return *known;
        }
        let found = answers(self.s, one.channel).await;
        self.answering.insert(one.channel, found);
        found
    }
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
    // Whatever other number it gives, it is there; and where somebody in between lets no question
    // through, the message itself is one.
    !asked.is_err_and(|failure| {
        let no_token = failure.class == Class::RefreshToken;
        no_token || failure.errcode.map_or(!failure.is_of_another(), |code| code == BUSY)
    })
}

/// Tells whether a message that was one too many may be tried again: its window passed, or the
/// platform says that there is quota after all.
fn has_room(s: &Services, one: &Owed, now: Timestamp) -> bool {
    // What ended ahead of a clock that was put back says nothing about today.
    let opened = one.finished_at.is_ahead_of(now)
        || now >= send::window(one.channel, one.errcode, one.finished_at);
    opened || s.quotas.has_left(one.channel, now)
}
