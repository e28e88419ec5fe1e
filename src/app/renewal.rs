//! Reminds people who come on duty with few subscribe messages left: only they can allow more, with
//! a tap, and nobody notices a consent that is missing before a message is lost.
//!
//! Every engine looks once a minute; the keys of what is written make that one reminder for a shift.

use std::collections::HashMap;
use std::time::Duration;

use entity::inbox;
use entity::kinds::{Channel, NoticeKind, ProbeKind, StaffId, Timestamp};
use sea_orm::ActiveValue::{NotSet, Set};

use crate::app::inbox::{Words, owner};
use crate::app::notice::ways::{Person, Ways};
use crate::app::probe::plan;
use crate::app::roster::leave_of;
use crate::domain::notice::Recipient;
use crate::domain::notice::consent::{ConsentKind, is_low};
use crate::domain::roster::{self, Span};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// A start that nobody looked at for so long, because no engine ran, is let pass.
const LATE: Duration = Duration::from_mins(30);
/// How long the message to the phone is worth sending.
const LIFE: Duration = Duration::from_hours(2);

/// Somebody who comes on duty and should renew.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Due {
    staff: StaffId,
    /// When his shift began.
    start: Timestamp,
    left: i64,
    /// The next channel that works without a consent.
    channel: Option<Channel>,
}

/// Reminds whoever has come on duty within the last half hour; returns how many for the first time.
/// Fails when the database does.
pub async fn run(s: &Services) -> Result<usize> {
    let due = find(s).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let (services, now) = (s.clone(), s.clock.now());
    let told = s.writer.commit(move |tx| {
        Box::pin(async move {
            let mut told = 0;
            for one in &due {
                told += usize::from(remind(&services, tx, one, now).await?);
            }
            Ok::<_, Error>(told)
        })
    });
    let told = told.await?;
    if told > 0 {
        s.wake.ping().await;
    }
    Ok(told)
}

async fn find(s: &Services) -> Result<Vec<Due>> {
    let template = &s.settings.templates.staff_case_mini;
    let now = s.clock.now();
    let window = Span::new(now - LATE, Timestamp(now.0.saturating_add(1)));
    let (Some(window), false) =
        (window, template.is_empty() || s.settings.notices.renew_below == 0)
    else {
        return Ok(Vec::new());
    };
    let known = roster::known(window);
    let duties = store::roster::duties(&s.db.read, known).await?;
    let leaves = store::roster::leaves(&s.db.read, known).await?;
    let leaves: Vec<_> = leaves.iter().filter_map(leave_of).collect();
    let starts = roster::starts(&duties, &leaves, window, &s.calendar.now());
    let staff: Vec<StaffId> = starts.iter().map(|(staff, _)| *staff).collect();
    if staff.is_empty() {
        return Ok(Vec::new());
    }
    let left = store::readiness::credits(&s.db.read, &staff, template).await?;
    let ways = Ways::load(s, &s.db.read, &staff).await?;
    let due = starts.into_iter().filter_map(|(staff, start)| due(s, (staff, start), &left, &ways));
    new(s, due.collect()).await
}

fn due(
    s: &Services,
    (staff, start): (StaffId, Timestamp),
    left: &HashMap<StaffId, i64>,
    ways: &Ways,
) -> Option<Due> {
    let (person, left) = (ways.of(staff), left.get(&staff).copied().unwrap_or(0));
    // Who is not in the mini-program must bind himself first; the list of readiness says so.
    let in_mini = person.living.contains(&Channel::MiniSubscribe);
    (in_mini && is_low(kind(s), left, s.settings.notices.renew_below)).then(|| Due {
        staff,
        start,
        left,
        channel: other(s, &person),
    })
}

fn kind(s: &Services) -> ConsentKind {
    s.settings.templates.consent_kind(&s.settings.templates.staff_case_mini)
}

/// A reminder must not use up what it reminds of.
fn other(s: &Services, person: &Person) -> Option<Channel> {
    person.usable(s, NoticeKind::NewCase).find(|way| *way != Channel::MiniSubscribe)
}

/// Leaves out whom an earlier look reminded: most minutes write nothing.
async fn new(s: &Services, mut due: Vec<Due>) -> Result<Vec<Due>> {
    let keys: Vec<String> = due.iter().map(key).collect();
    let known = store::inbox::known(&s.db.read, &keys).await?;
    due.retain(|one| !known.contains(&key(one)));
    Ok(due)
}

fn key(one: &Due) -> String {
    format!("renewal/s{}/{}", one.staff, one.start.0)
}

/// Writes the entry, and the message to the phone if a channel leads there; `false` when another
/// process did.
async fn remind(s: &Services, tx: &Tx, one: &Due, now: Timestamp) -> Result<bool> {
    let key = key(one);
    if !store::inbox::known(tx, std::slice::from_ref(&key)).await?.is_empty() {
        return Ok(false);
    }
    store::inbox::insert_new(tx, vec![entry(s, one, now)?]).await?;
    if let Some(channel) = one.channel {
        let row = plan::row((ProbeKind::Renewal, key), (one.staff, channel), now, LIFE);
        let stored = store::probe::insert_new(tx, vec![row]).await?;
        let jobs = stored.iter().map(|probe| plan::job(probe, now)).collect();
        store::job::enqueue(tx, jobs, now).await?;
    }
    Ok(true)
}

fn entry(s: &Services, one: &Due, now: Timestamp) -> Result<inbox::ActiveModel> {
    let note = match kind(s) {
        ConsentKind::OneTime => format!(
            "微信订阅通知还可接收{}次，少于{}次。请打开小程序的“通知渠道”页，点一下“续订通知”并选“允许”",
            one.left, s.settings.notices.renew_below
        ),
        ConsentKind::LongTerm => {
            "您没有允许微信订阅通知。请打开小程序的“通知渠道”页，点一下“续订通知”并选“允许”，以后不必再点"
                .to_owned()
        }
    };
    let words = Words {
        number: String::new(),
        category: "通知渠道".to_owned(),
        place: String::new(),
        state: String::new(),
        due: None,
        note,
    };
    Ok(inbox::ActiveModel {
        id: NotSet,
        recipient: Set(owner(Recipient::Staff(one.staff))),
        dedup_key: Set(key(one)),
        case_id: Set(None),
        kind: Set(NoticeKind::Renewal),
        urgent: Set(false),
        words_sealed: Set(words.seal(s)?),
        position: NotSet,
        created_at: Set(now),
        read_at: Set(None),
    })
}
