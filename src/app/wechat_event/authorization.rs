//! Who takes an authorization back, through whose door, and what goes.
//!
//! What belongs to a case stays: it is evidence, and the case is the street's record. Of what we hold
//! nothing, or of whom we know nothing, that is counted, so that it can be seen what was asked of us.

use entity::kinds::{AccountId, Timestamp, WechatApp};
use entity::wechat_identity::Model as Identity;

use super::receive::BODY;
use super::withdrawn::{self, PHONE, POSITIONS, When};
use crate::app::media_check::Media;
use crate::app::my::files;
use crate::error::Result;
use crate::gateway::wechat::event::takes_back;
use crate::gateway::wechat::{Event, Notification};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// The mini-program's number for an address.
const ADDRESS: i64 = 2;
/// For the microphone.
const MICROPHONE: i64 = 5;
/// For the camera, and for chosen pictures.
const PICTURES: [i64; 2] = [7, 14];

/// Does what an authorization that was taken back asks for; nothing for any other push.
pub(super) async fn taken_back(
    s: &Services,
    tx: &Tx,
    told: &Notification,
    (app, when): (WechatApp, When),
) -> Result<()> {
    let (openid, kinds) = match &told.event {
        Event::AuthorizationRevoked { openid, kinds } => (openid, Some(kinds.as_slice())),
        Event::AuthorizationCancelled { openid } => (openid, None),
        _ => return Ok(()),
    };
    let known = find(tx, app, (openid, told.unionid.as_deref())).await?;
    count(s, app, kinds, known.is_some());
    let Some(known) = known else { return Ok(()) };
    if app != WechatApp::Mini {
        // Its numbers (201 to 207) are about web pages, of which we have none.
        if kinds.is_none() {
            store::follower::forget(tx, known.id, (when.at, when.now)).await?;
        }
        return Ok(());
    }
    erase(s, tx, (known.account_id, kinds), (when.given_until, when.now)).await?;
    match kinds {
        Some(kinds) => withdrawn::revoked(tx, known.account_id, kinds, when).await,
        None => withdrawn::cancelled(tx, &known, when).await,
    }
}

async fn find(
    tx: &Tx,
    app: WechatApp,
    (openid, unionid): (&str, Option<&str>),
) -> Result<Option<Identity>> {
    let found = store::people::find_openid(tx, app, openid).await?;
    Ok(match (found, unionid) {
        (None, Some(unionid)) => store::people::find_unionid_at(tx, app, unionid).await?,
        (found, _) => found,
    })
}

/// Erases what a person left at the mini-program until he took it back: what `kinds` name, or everything.
async fn erase(
    s: &Services,
    tx: &Tx,
    (account, kinds): (AccountId, Option<&[i64]>),
    (until, now): (Timestamp, Timestamp),
) -> Result<()> {
    let names =
        |wanted: &[i64]| kinds.is_none_or(|kinds| kinds.iter().any(|kind| wanted.contains(kind)));
    match kinds {
        None => store::my::forget_profile(tx, account, until).await?,
        Some(_) if names(&[ADDRESS]) => store::my::forget_home(tx, account, until).await?,
        Some(_) => {}
    }
    let mut doomed = 0;
    for (media, goes) in [(Media::Photo, names(&PICTURES)), (Media::Voice, names(&[MICROPHONE]))] {
        if goes {
            let whose = (media.word(), account);
            doomed += store::erase::unattached(tx, whose, (until, now)).await?;
        }
    }
    if doomed > 0 {
        files::ask(s, tx, format!("taken-back-{account}-{}", now.0), now).await?;
    }
    Ok(())
}

/// Names a number, where the platform's pages know it: whatever else comes would be one more series of
/// the counter each.
fn label(kind: i64) -> String {
    let known = (1..=31).contains(&kind) || (201..=207).contains(&kind);
    if known { kind.to_string() } else { "other".to_owned() }
}

/// Tells whether a number is for something that we may hold.
fn is_held(kind: i64) -> bool {
    [ADDRESS, MICROPHONE, PHONE].contains(&kind)
        || PICTURES.contains(&kind)
        || POSITIONS.contains(&kind)
}

/// Counts each kind that was taken back, and says where nothing came of it.
fn count(s: &Services, app: WechatApp, kinds: Option<&[i64]>, known: bool) {
    let named: Vec<(String, bool)> = match kinds {
        None => vec![("account".to_owned(), true)],
        Some([]) => vec![("unnamed".to_owned(), false)],
        Some(kinds) => {
            let held = |kind: i64| app == WechatApp::Mini && is_held(kind);
            kinds.iter().map(|kind| (label(*kind), held(*kind))).collect()
        }
    };
    for (kind, held) in named {
        let outcome = match (known, held) {
            (false, _) => "nobody",
            (true, true) => "erased",
            (true, false) => "ignored",
        };
        s.metrics.taken_back.with_label_values(&[app.word(), kind.as_str(), outcome]).inc();
        if outcome != "erased" {
            let app = app.word();
            tracing::info!(app, kind, outcome, "an authorization was taken back, nothing is held");
        }
    }
}

/// Says that an erasure is owed which no job does any more. Fails when the database does.
pub async fn give_up(s: &Services, id: i64) -> Result<()> {
    let row = store::wechat_event::find(&s.db.read, id).await?;
    let Some(row) = row.filter(|row| row.handled_at.is_none()) else { return Ok(()) };
    if s.vault.open(BODY, &row.body_sealed).is_ok_and(|text| takes_back(&text)) {
        tracing::error!(
            push = id,
            app = row.app.word(),
            "somebody took an authorization back and it is not acted upon: an erasure is owed"
        );
    }
    Ok(())
}
