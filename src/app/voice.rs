//! Recordings of people who would rather speak than write: read, measured, stored, played to those
//! who may see the case, each of them on record.

use std::time::Duration;

use entity::kinds::{ActorRole, Timestamp, VoiceId};
use entity::{cases, voice};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::media_check::{self, FileId, Media};
use crate::domain::voice::{self as sound, Recording};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::access_log::{self, Look};
use crate::store::{self};

/// Shorter ones are a slip of the thumb.
const SHORTEST: Duration = Duration::from_millis(500);
/// A player asks for a recording in pieces: they are one look.
const ONE_LOOK: Duration = Duration::from_mins(10);

/// A stored recording.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VoiceView {
    pub id: i64,
    /// How long it lasts, measured by the server.
    pub seconds: f64,
    /// `audio/mpeg`, `audio/aac`, `audio/mp4` or `audio/wav`.
    pub media_type: String,
    pub bytes: i64,
}

impl From<voice::Model> for VoiceView {
    fn from(row: voice::Model) -> Self {
        let millis = u64::try_from(row.millis).unwrap_or(0);
        let seconds = Duration::from_millis(millis).as_secs_f64();
        Self { id: row.id.0, seconds, media_type: row.media_type, bytes: row.bytes }
    }
}

/// Stores an uploaded recording. Fails with `unsupported_voice` when it is none, broken, shorter
/// than half a second or longer than `voices.max_seconds`.
pub async fn store(s: &Services, actor: &Actor, upload: Vec<u8>) -> Result<VoiceView> {
    let refused = |why: String| Error::new(Code::UnsupportedVoice, why);
    let heard = sound::read(&upload).map_err(|why| refused(why.zh().to_owned()))?;
    if heard.length < SHORTEST {
        return Err(refused("录音太短，请按住说完再松开".to_owned()));
    }
    let most = s.settings.voice_longest;
    if heard.length > most {
        return Err(refused(format!("录音不能超过 {} 秒，请分段录音", most.as_secs())));
    }
    let name = hex::encode(s.random().split_at(16).0);
    let object = format!("{name}.{}", heard.format.ending());
    let (services, now) = (s.clone(), s.clock.now());
    let row = row(actor, &heard, (&upload, object.clone()), now);
    s.storage.put(&object, upload).await?;
    let stored = s.writer.commit(move |tx| {
        Box::pin(async move {
            let stored = store::voice::insert(tx, row).await?;
            let file = FileId { media: Media::Voice, id: stored.id.0 };
            media_check::plan(&services, tx, file, now).await?;
            Ok::<_, Error>(stored)
        })
    });
    Ok(stored.await?.into())
}

fn row(
    actor: &Actor,
    heard: &Recording,
    (bytes, object): (&[u8], String),
    now: Timestamp,
) -> voice::ActiveModel {
    voice::ActiveModel {
        id: NotSet,
        owner_id: Set(actor.account),
        case_id: Set(None),
        object: Set(object),
        media_type: Set(heard.format.media_type().to_owned()),
        bytes: Set(i64::try_from(bytes.len()).unwrap_or(i64::MAX)),
        millis: Set(i64::try_from(heard.length.as_millis()).unwrap_or(i64::MAX)),
        sha256: Set(hex::encode(Sha256::digest(bytes))),
        created_at: Set(now),
        checked_at: Set(None),
    }
}

/// Reads a recording with its media type: the owner's own, or one of a case that this person sees
/// unmasked; then a row in the access log says so, once in ten minutes.
pub async fn read(s: &Services, actor: &Actor, id: VoiceId) -> Result<(String, Vec<u8>)> {
    let missing = || Error::not_found("这段录音");
    let voice = store::voice::find(&s.db.read, id).await?.ok_or_else(missing)?;
    if voice.owner_id != actor.account {
        let case = voice.case_id.ok_or_else(missing)?;
        let case = store::case::find(&s.db.read, &actor.scope(), case).await?;
        let case = case.filter(|case| !actor.sees_masked(case)).ok_or_else(missing)?;
        let role = actor.roles_for(&case).first().copied().ok_or_else(missing)?;
        log(s, actor, &case, role).await?;
    }
    let bytes = s.storage.get(&voice.object).await?;
    Ok((voice.media_type, bytes))
}

async fn log(s: &Services, actor: &Actor, case: &cases::Model, role: ActorRole) -> Result<()> {
    if role == ActorRole::Resident {
        return Ok(());
    }
    let (field, purpose) = ("voice", "duty");
    let look = Look { account: actor.account, role, case: case.id, field, purpose };
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            Ok::<_, Error>(access_log::insert_unless(tx, look, now - ONE_LOOK, now).await?)
        })
    });
    unit.await
}
