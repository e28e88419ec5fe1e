//! Asks WeChat about a file, waits for what it says, and sees that the case is told.

use std::time::Duration;

use entity::kinds::{ContentCheck, Timestamp, WechatApp};
use entity::media_check::Model;

use super::{FileId, link, tell};
use crate::app::notice::send::DAILY_QUOTA;
use crate::app::work::Outcome;
use crate::domain::notice::BACKOFF_CAP;
use crate::error::{Error, Result};
use crate::gateway::wechat::{Class, Failure};
use crate::services::Services;
use crate::store::media_check::File;
use crate::store::{self};

/// WeChat answers within half an hour, or not.
pub(super) const ANSWERED_WITHIN: Duration = Duration::from_mins(32);
/// The person must have been there within two hours, so later it is too late.
const ASKED_WITHIN: Duration = Duration::from_mins(90);
const NEXT_WINDOW: Duration = Duration::from_mins(1);
/// What is not part of a case by then will be removed.
const UNUSED: Duration = Duration::from_hours(7 * 24);
const SOONEST: Duration = Duration::from_secs(5);
const LATEST: Duration = Duration::from_hours(1);

/// Takes the next step for a file. Fails only when the database does.
pub async fn run(s: &Services, id: FileId) -> Result<Outcome> {
    let Some(file) = open(s, id).await? else { return Ok(Outcome::Done) };
    let now = s.clock.now();
    match store::media_check::find(&s.db.read, &file.sha256).await? {
        Some(known) if known.result == ContentCheck::Pending => {
            let until = known.asked_at + ANSWERED_WITHIN;
            if now < until {
                return Ok(later(until, "WeChat did not say anything yet"));
            }
            given_up(s, &file, "no answer").await?;
        }
        Some(known) if !stale(&known, &file) => {}
        _ => {
            if let Some(wait) = ask(s, id, &file).await? {
                return Ok(wait);
            }
        }
    }
    settle(s, id, &file).await
}

/// Ends what will not run again: people look at the file themselves.
pub async fn give_up(s: &Services, id: FileId) -> Result<()> {
    let Some(file) = open(s, id).await? else { return Ok(()) };
    given_up(s, &file, "gave up").await?;
    settle(s, id, &file).await.map(|_outcome| ())
}

/// Finds a file whose case is to be told.
async fn open(s: &Services, id: FileId) -> Result<Option<File>> {
    let file = store::media_check::find_file(&s.db.read, id.media.word(), id.id).await?;
    Ok(file.filter(|file| file.checked_at.is_none()))
}

/// Tells whether an earlier upload of the same content got no verdict: this one may.
fn stale(known: &Model, file: &File) -> bool {
    known.result == ContentCheck::Unchecked
        && known.finished_at.is_some_and(|at| at < file.created_at)
}

fn later(at: Timestamp, why: &str) -> Outcome {
    Outcome::Retry { at: Some(at), counted: false, why: why.to_owned() }
}

/// Asks WeChat; `None` when there is nothing to wait for.
async fn ask(s: &Services, id: FileId, file: &File) -> Result<Option<Outcome>> {
    let owner = store::people::identity(&s.db.read, file.owner_id, WechatApp::Mini).await?;
    let (Some(owner), Some(base)) = (owner, &s.settings.media_links) else {
        return given_up(s, file, "no openid").await.map(|()| None);
    };
    let Some(kind) = id.media.kind(&file.media_type) else {
        return given_up(s, file, "no such format").await.map(|()| None);
    };
    let now = s.clock.now();
    let url = format!("{base}{}{}", link::PATH, link::name(s, id, now));
    let trace_id = match s.wechat.check_media(&owner.openid, (kind, &url)).await {
        Ok(trace_id) => trace_id,
        Err(failure) => return refused(s, file, &failure).await,
    };
    let sha256 = file.sha256.clone();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let asked = (sha256.as_str(), trace_id.as_str());
            Ok::<_, Error>(store::media_check::asked(tx, asked, now).await?)
        })
    });
    unit.await?;
    Ok(Some(later(now + ANSWERED_WITHIN, "WeChat was asked")))
}

async fn refused(s: &Services, file: &File, failure: &Failure) -> Result<Option<Outcome>> {
    let (now, detail) = (s.clock.now(), failure.to_string());
    tracing::warn!(errcode = failure.errcode, detail, "a file was not looked at");
    let young = now.since(file.created_at) < ASKED_WITHIN;
    if let Some(wait) = again(failure, now).filter(|_| young) {
        return Ok(Some(wait));
    }
    given_up(s, file, "no verdict").await.map(|()| None)
}

/// Says when a refused question is asked again, not before WeChat wants it; `None` when that does
/// not help.
fn again(failure: &Failure, now: Timestamp) -> Option<Outcome> {
    let why = failure.to_string();
    let asked = failure.retry_after.map(|asked| asked.min(BACKOFF_CAP));
    match (failure.class, asked) {
        (Class::RateLimited, _) if failure.errcode != Some(DAILY_QUOTA) => {
            Some(later(now + asked.unwrap_or_default().max(NEXT_WINDOW), &why))
        }
        (Class::Retry, Some(asked)) => Some(later(now + asked, &why)),
        (Class::Retry | Class::RefreshToken, _) => Some(Outcome::retry(why)),
        _ => None,
    }
}

async fn given_up(s: &Services, file: &File, why: &'static str) -> Result<()> {
    let (sha256, now) = (file.sha256.clone(), s.clock.now());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            Ok::<_, Error>(store::media_check::give_up(tx, (&sha256, why), now).await?)
        })
    });
    unit.await
}

/// Tells the case what WeChat says; a file that is no part of one yet waits for that.
async fn settle(s: &Services, id: FileId, file: &File) -> Result<Outcome> {
    let known = store::media_check::find(&s.db.read, &file.sha256).await?;
    if known.is_none_or(|known| known.result == ContentCheck::Passed) {
        return Ok(Outcome::Done);
    }
    let (now, age) = (s.clock.now(), s.clock.now().since(file.created_at));
    let Some(case) = file.case_id else {
        let wait = later(now + (age / 4).clamp(SOONEST, LATEST), "it is no part of a case yet");
        return Ok(if age < UNUSED { wait } else { Outcome::Done });
    };
    let told = tell::run(s, (id, case), &file.sha256, now).await?;
    Ok(if told { Outcome::Done } else { later(now + SOONEST, "its words are being checked") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::wechat::Endpoint;

    #[test]
    fn a_file_is_asked_about_again_when_wechat_wants_it_and_no_sooner() {
        let now = Timestamp(1_795_000_000_000_000);
        for (class, errcode, asked, wait) in [
            (Class::RateLimited, None, Some(300), Some((Some(300), false))),
            (Class::RateLimited, None, Some(5), Some((Some(60), false))),
            (Class::RateLimited, Some(44991), None, Some((Some(60), false))),
            (Class::RateLimited, Some(45009), Some(300), None),
            (Class::Retry, None, Some(300), Some((Some(300), false))),
            (Class::Retry, None, Some(86_400), Some((Some(1_800), false))),
            (Class::Retry, Some(-1), None, Some((None, true))),
            (Class::RefreshToken, None, Some(300), Some((None, true))),
            (Class::ConfigError, None, Some(300), None),
        ] {
            let retry_after = asked.map(Duration::from_secs);
            let failure = Failure {
                endpoint: Endpoint::CheckMedia,
                class,
                errcode,
                status: None,
                rid: None,
                doubtful: false,
                retry_after,
                detail: String::new(),
            };
            let found = again(&failure, now).map(|outcome| match outcome {
                Outcome::Retry { at, counted, .. } => {
                    (at.map(|at| at.since(now).as_secs()), counted)
                }
                other => panic!("{other:?}"),
            });
            assert_eq!(found, wait, "{class:?} {errcode:?} {asked:?}");
        }
    }
}
