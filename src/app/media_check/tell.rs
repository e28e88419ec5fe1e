//! Tells a case what WeChat says of one of its files: as it is told of its words. A risky one goes to
//! the triage desk when nobody works on the case yet, and is on record in any case.

use entity::kinds::{CaseId, ContentCheck, EventType, JobKind, Timestamp};
use entity::media_check::Model;
use serde_json::json;

use super::run::ANSWERED_WITHIN;
use super::{FileId, Media, job};
use crate::app::case::change::Change;
use crate::app::notice::check_content;
use crate::error::Result;
use crate::gateway::wechat::Verdict;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Tells the case what is known of the file's content by then; `false` while its words are being checked,
/// which comes first.
pub(super) async fn run(
    s: &Services,
    (file, case): (FileId, CaseId),
    sha256: &str,
    now: Timestamp,
) -> Result<bool> {
    let (services, sha256) = (s.clone(), sha256.to_owned());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { record(&services, tx, (file, case), &sha256, now).await })
    });
    unit.await
}

async fn record(
    s: &Services,
    tx: &Tx,
    (file, case): (FileId, CaseId),
    sha256: &str,
    now: Timestamp,
) -> Result<bool> {
    let Some(case) = store::case::find_locked(tx, case).await? else { return Ok(true) };
    if case.content_check == ContentCheck::Pending {
        return Ok(false);
    }
    // A verdict may have come since somebody looked.
    let known = store::media_check::find(tx, sha256).await?;
    let Some(Model { result, why, .. }) = known else { return Ok(true) };
    if result == ContentCheck::Passed
        || !store::media_check::set_told(tx, (file.media.word(), file.id), now).await?
    {
        return Ok(true);
    }
    let mut change = Change::new(s, case, now);
    change.case.content_check = worse(change.case.content_check, result);
    let payload =
        json!({ "result": result, "why": why, "media": file.media.word(), "file": file.id });
    change.observed(EventType::ContentChecked, payload)?;
    if result == ContentCheck::Risky && check_content::hold(&mut change, tx).await? {
        change.store(tx).await?;
    } else {
        change.store_observed(tx).await?;
    }
    Ok(true)
}

/// What is said of a case is the worst that is said of its parts; that nobody looked at a picture says
/// nothing of the words.
const fn worse(words: ContentCheck, file: ContentCheck) -> ContentCheck {
    match (words, file) {
        (_, ContentCheck::Risky) => ContentCheck::Risky,
        (ContentCheck::Passed | ContentCheck::Unchecked, ContentCheck::Review) => file,
        _ => words,
    }
}

/// Takes what WeChat says, and lets the files with that content go on; where it was given up, cases that
/// were told so are told anew unless all is well. `false` when no question has this name, or none yet.
pub async fn heard(
    s: &Services,
    tx: &Tx,
    (trace_id, verdict): (&str, &std::result::Result<Verdict, String>),
    now: Timestamp,
) -> Result<bool> {
    let (result, why) = match verdict {
        Ok(Verdict::Pass) => (ContentCheck::Passed, None),
        Ok(Verdict::Review) => (ContentCheck::Review, None),
        Ok(Verdict::Risky) => (ContentCheck::Risky, None),
        Err(why) => (ContentCheck::Unchecked, Some(why.as_str())),
    };
    let concluded = store::media_check::conclude(tx, trace_id, (result, why), now).await?;
    let Some((content, late)) = concluded else { return Ok(false) };
    let anew = late && result != ContentCheck::Passed;
    let mut keys = Vec::new();
    for media in Media::ALL {
        if anew {
            store::media_check::untell(tx, media.word(), &content).await?;
        }
        for id in store::media_check::of_content(tx, media.word(), &content).await? {
            let file = FileId { media, id };
            keys.push(file.key());
            if anew {
                store::job::anew(tx, JobKind::CheckMedia, job(s, file, now), now).await?;
            }
        }
    }
    let when = (now, now + ANSWERED_WITHIN);
    store::job::release(tx, JobKind::CheckMedia, keys, when).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_makes_a_case_worse_and_never_better() {
        use ContentCheck::{Passed, Review, Risky, Unchecked};
        for (words, file, both) in [
            (Passed, Risky, Risky),
            (Passed, Review, Review),
            (Unchecked, Review, Review),
            (Risky, Review, Risky),
            (Risky, Passed, Risky),
            (Review, Unchecked, Review),
            (Passed, Unchecked, Passed),
        ] {
            assert_eq!(worse(words, file), both, "{words:?} {file:?}");
        }
    }
}
