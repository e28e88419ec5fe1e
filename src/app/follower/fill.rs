//! Goes through all followers of the official account and joins those whose login we know: who
//! followed before this program was there, before the accounts shared a 开放平台, or while a push was
//! lost, and who left and came back then. Once at the start of each day, and whenever somebody asks.
//!
//! Nobody gets an account here: a follower without a login is looked at again the next day.

use entity::follower_fill;
use std::time::Duration;

use entity::kinds::{Channel, JobKind, Timestamp};
use serde_json::json;

use crate::app::probe;
use crate::app::work::{Outcome, priority};
use crate::domain::calendar;
use crate::error::{Error, Result};
use crate::gateway::wechat::{BATCH, Class, Failure, Follower};
use crate::services::Services;
use crate::store::follower::{Joined, Progress};
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// How long it is known how a run went.
const KEPT: Duration = Duration::from_hours(90 * 24);
/// How many questions one go asks before it lets others go first.
const BATCHES: usize = 10;

/// Asks for the day's run.
pub async fn ask(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    begin(s, tx, &calendar::compact_date(now), now).await.map(|_begun| ())
}

/// Asks for a run now. `false`: one with this name is there.
pub async fn begin(s: &Services, tx: &Tx, run: &str, now: Timestamp) -> Result<bool> {
    if !s.settings.notices.joins_followers || !store::follower::begin(tx, run, now).await? {
        return Ok(false);
    }
    store::follower::forget_runs(tx, now - KEPT).await?;
    let job = NewJob {
        kind: JobKind::JoinFollowers,
        dedup_key: run.to_owned(),
        payload: json!({ "run": run }).to_string(),
        priority: priority::BULK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    store::job::enqueue(tx, vec![job], now).await?;
    Ok(true)
}

/// Goes on with a run. Fails only when the database does.
pub async fn run(s: &Services, run: &str) -> Result<Outcome> {
    let Some(row) = store::follower::find_run(&s.db.read, run).await? else {
        return Ok(Outcome::Dead { why: "there is no such run".to_owned() });
    };
    if row.finished_at.is_some() {
        return Ok(Outcome::Done);
    }
    let page = match s.wechat.followers(&row.after_openid).await {
        Ok(page) => behind(page.openids, &row.after_openid),
        Err(failure) => return Ok(refused(&failure)),
    };
    let known = store::follower::known(&s.db.read, &page).await?;
    let mut rest = page.as_slice();
    for _batch in 0..BATCHES {
        let (batch, behind) = cut(rest, |openid| !known.contains(openid));
        let asked: Vec<String> =
            batch.iter().filter(|openid| !known.contains(*openid)).cloned().collect();
        // What a push says of them while WeChat answers is newer than the answer.
        let told_at = s.clock.now();
        let found = if asked.is_empty() {
            Vec::new()
        } else {
            match look_up(s, &asked).await {
                Ok(found) => found,
                Err(failure) => return Ok(refused(&failure)),
            }
        };
        let after = batch.last().unwrap_or(&row.after_openid).clone();
        let last = page.is_empty();
        record(s, &row, Step { after, looked: batch.len(), found, told_at, last }).await?;
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    if page.is_empty() {
        return Ok(Outcome::Done);
    }
    let now = s.clock.now();
    Ok(Outcome::Retry { at: Some(now), counted: false, why: "more followers wait".to_owned() })
}

/// Asks about some followers. An answer that cannot be read is asked for again in halves, until whoever
/// spoils it is alone and left out, or he would keep everybody behind him from being looked at every day.
async fn look_up(s: &Services, asked: &[String]) -> std::result::Result<Vec<Follower>, Failure> {
    let (mut found, mut left_out) = (Vec::new(), 0);
    let mut open = vec![asked];
    while let Some(some) = open.pop() {
        match s.wechat.follower_batch(some).await {
            Ok(mut told) => found.append(&mut told),
            Err(failure) if failure.is_unread() && some.len() > 1 => {
                let (one, two) = some.split_at(some.len() / 2);
                open.extend([two, one]);
            }
            // Nobody can be read: the fault is no one person's.
            Err(failure) if failure.is_unread() && left_out > 0 && left_out + 1 == asked.len() => {
                return Err(failure);
            }
            Err(failure) if failure.is_unread() => left_out += 1,
            Err(failure) => return Err(failure),
        }
    }
    if left_out > 0 {
        tracing::warn!(left_out, "what WeChat says of some followers cannot be read");
    }
    Ok(found)
}

/// Takes away whoever was looked at already. None of them should be there: an answer that began anew
/// each time would never end.
fn behind(mut page: Vec<String>, after: &str) -> Vec<String> {
    if let Some(place) = page.iter().rposition(|openid| openid == after) {
        tracing::warn!("WeChat listed followers that it was not asked for; they are left out");
        page.drain(..=place);
    }
    page
}

/// Cuts off so many from the front that one question takes those of them who are `unknown`.
fn cut(all: &[String], unknown: impl Fn(&String) -> bool) -> (&[String], &[String]) {
    let places = all.iter().enumerate().filter(|(_, openid)| unknown(openid));
    let next = places.map(|(place, _)| place).nth(BATCH);
    all.split_at(next.unwrap_or(all.len()))
}

/// What was learned of some followers.
struct Step {
    after: String,
    looked: usize,
    found: Vec<Follower>,
    told_at: Timestamp,
    last: bool,
}

async fn record(s: &Services, row: &follower_fill::Model, step: Step) -> Result<()> {
    let (services, id, now) = (s.clone(), row.id, s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let joined = join(&services, tx, (&step.found, step.told_at), now).await?;
            let looked = i64::try_from(step.looked).unwrap_or(i64::MAX);
            let progress = Progress { after: step.after, looked, joined, last: step.last };
            Ok::<_, Error>(store::follower::advance(tx, id, progress, now).await?)
        })
    });
    unit.await?;
    s.wake.ping().await;
    Ok(())
}

/// Joins those whose union id somebody signed in with, and those who had left, as whose they were;
/// returns how many.
async fn join(
    s: &Services,
    tx: &Tx,
    (found, told_at): (&[Follower], Timestamp),
    now: Timestamp,
) -> Result<i64> {
    let follows: Vec<&Follower> = found.iter().filter(|one| one.follows).collect();
    let unionids: Vec<&str> = follows.iter().filter_map(|one| one.unionid.as_deref()).collect();
    let logins = store::follower::logins(tx, &unionids).await?;
    // A push may have been faster, and knows better.
    let openids: Vec<String> = follows.iter().map(|one| one.openid.clone()).collect();
    let known = store::follower::known(tx, &openids).await?;
    let left = store::follower::left(tx, &openids).await?;
    let mut joined = 0;
    for one in follows.into_iter().filter(|one| !known.contains(&one.openid)) {
        let login = one.unionid.as_deref().and_then(|unionid| logins.get(unionid));
        let Some(account) = left.get(&one.openid).or(login) else { continue };
        let row = Joined {
            account: *account,
            openid: one.openid.clone(),
            unionid: one.unionid.clone(),
            told_at,
        };
        if !store::follower::join(tx, row, now).await? {
            continue;
        }
        probe::greet::account(s, tx, (*account, Channel::OaTemplate), now).await?;
        joined += 1;
    }
    Ok(joined)
}

/// A refused configuration is the operator's; all else passes.
fn refused(failure: &Failure) -> Outcome {
    match failure.class {
        Class::ConfigError => Outcome::Dead { why: failure.to_string() },
        _ => Outcome::retry(failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_looked_at_is_left_out_so_that_a_run_ends() {
        let page = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        for (listed, after, rest) in [
            (&["a", "b", "c"][..], "", &["a", "b", "c"][..]),
            (&["d", "e"], "c", &["d", "e"]),
            (&["a", "b", "c"], "c", &[]),
            (&["a", "b", "c"], "b", &["c"]),
            (&["c", "d"], "c", &["d"]),
            (&["c", "d", "c"], "c", &[]),
            (&[], "c", &[]),
        ] {
            assert_eq!(behind(page(listed), after), page(rest), "{listed:?} {after}");
        }
    }

    type Unknown = fn(&String) -> bool;

    #[test]
    fn a_cut_takes_a_hundred_unknown_ones_and_whoever_is_known_between_them() {
        let all: Vec<String> = (0..250).map(|n| n.to_string()).collect();
        let cases: [(&[String], Unknown, usize); 5] = [
            (&all[..], |_| true, 100),
            (&all[..100], |_| true, 100),
            (&all[..0], |_| true, 0),
            (&all[..], |one| one.len() < 3, 250),
            (&all[..], |one| one.as_str() != "7", 101),
        ];
        for (all, unknown, front) in cases {
            let (taken, rest) = cut(all, unknown);
            assert_eq!((taken.len(), rest.len()), (front, all.len() - front));
        }
    }
}
