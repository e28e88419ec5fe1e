//! Gives a person's photos and recordings to a case, or names the field that is wrong.

use entity::kinds::{CaseId, PhotoId, VoiceId};

use crate::app::actor::Actor;
use crate::error::{Error, Fault, Result};
use crate::store::writer::Tx;
use crate::store::{self};

/// Attaches all of the photos or fails; a photo belongs to one case only.
pub async fn photos(tx: &Tx, actor: &Actor, photos: &[PhotoId], case: CaseId) -> Result<()> {
    let attached = store::photo::attach(tx, actor.account, photos, case, None).await?;
    if usize::try_from(attached).ok() == Some(photos.len()) {
        return Ok(());
    }
    let message = "有照片不存在、不是您上传的，或已用于另一件诉求";
    Err(Error::fields(vec![Fault::new("/photos", "unknown_photo", message)]))
}

/// Attaches all of the recordings or fails; a recording belongs to one case only.
pub async fn voices(tx: &Tx, actor: &Actor, voices: &[VoiceId], case: CaseId) -> Result<()> {
    if voices.is_empty() {
        return Ok(());
    }
    let attached = store::voice::attach(tx, actor.account, voices, case).await?;
    if usize::try_from(attached).ok() == Some(voices.len()) {
        return Ok(());
    }
    let message = "有录音不存在、不是您上传的，或已用于另一件诉求";
    Err(Error::fields(vec![Fault::new("/voices", "unknown_voice", message)]))
}
