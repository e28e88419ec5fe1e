//! Gives a person's photos and recordings to a case, or names the field that is wrong.

use entity::kinds::{CaseId, PhotoId, VoiceId};
use serde_json::{Map, Value, json};

use crate::app::actor::Actor;
use crate::error::{Error, Fault, Result};
use crate::store::writer::Tx;
use crate::store::{self};

/// What somebody says of a case, written, shown or spoken.
#[derive(Clone, Debug)]
pub struct Said {
    pub words: String,
    pub photos: Vec<PhotoId>,
    pub voices: Vec<VoiceId>,
}

/// Attaches all photos and recordings or fails. Returns them as the record names them: `photos` and
/// `voices`, each where there are any.
pub async fn files(tx: &Tx, actor: &Actor, said: &Said, case: CaseId) -> Result<Value> {
    let Said { photos: shown, voices: spoken, .. } = said;
    photos(tx, actor, shown, case).await?;
    voices(tx, actor, spoken, case).await?;
    let shown = (!shown.is_empty()).then(|| ("photos".to_owned(), json!(shown)));
    let spoken = (!spoken.is_empty()).then(|| ("voices".to_owned(), json!(spoken)));
    Ok(Value::Object(shown.into_iter().chain(spoken).collect::<Map<_, _>>()))
}

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
