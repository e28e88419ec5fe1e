//! Reads the image of a code that was made.

use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// The picture as WeChat drew it.
#[derive(Clone, Debug)]
pub struct Image {
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Reads the image. Fails with `forbidden`, or `not_found` when no code was made yet.
pub async fn run(s: &Services, actor: &Actor, external_id: &str) -> Result<Image> {
    super::require_admin(actor)?;
    let code = store::building_code::find(&s.db.read, external_id).await?;
    let drawn = code.and_then(|code| Some((code.object?, code.media_type?)));
    let (object, media_type) = drawn.ok_or_else(|| Error::not_found("这栋楼的楼栋码"))?;
    let bytes = s.storage.get(&object).await?;
    Ok(Image { media_type, bytes })
}
