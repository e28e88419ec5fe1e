//! Links by which WeChat fetches one file, without being anybody: signed, for one file, for a time.

use std::time::Duration;

use entity::kinds::Timestamp;
use subtle::ConstantTimeEq as _;

use super::{FileId, Media};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// WeChat looks within half an hour and asks for an hour at least.
const LIFE: Duration = Duration::from_hours(2);
/// Where links lead.
pub const PATH: &str = "/wechat/media/";
const CONTEXT: &str = "media_check.link";

/// Writes the name of a link: what it is, which one, until when, and the signature.
pub(super) fn name(s: &Services, file: FileId, now: Timestamp) -> String {
    let until = (now + LIFE).0 / 1_000_000;
    let signed = format!("{}-{until}", file.key());
    let mac = s.vault.blind_index(CONTEXT, &signed);
    format!("{signed}-{mac}")
}

/// Reads the name of a link; `None` when it is not ours or its time is over.
fn read(s: &Services, name: &str) -> Option<FileId> {
    let (signed, mac) = name.rsplit_once('-')?;
    let ours = s.vault.blind_index(CONTEXT, signed);
    if !bool::from(ours.as_bytes().ct_eq(mac.as_bytes())) {
        return None;
    }
    let mut parts = signed.split('-');
    let (media, id, until) = (parts.next()?, parts.next()?, parts.next()?);
    let until: i64 = until.parse().ok()?;
    let file = FileId { media: Media::from_word(media)?, id: id.parse().ok()? };
    (s.clock.now() <= Timestamp(until.saturating_mul(1_000_000))).then_some(file)
}

/// Opens a link: the media type and the bytes of the one file it is for. Fails with `not_found` for
/// everything else, which says nothing about what there is.
pub async fn open(s: &Services, name: &str) -> Result<(String, Vec<u8>)> {
    let missing = || Error::not_found("这个文件");
    let file = read(s, name).filter(|_| s.settings.media_links.is_some()).ok_or_else(missing)?;
    let row = store::media_check::find_file(&s.db.read, file.media.word(), file.id).await?;
    let row = row.ok_or_else(missing)?;
    let bytes = s.storage.get(&row.object).await?;
    tracing::info!(media = file.media.word(), id = file.id, "a file was fetched by its link");
    Ok((row.media_type, bytes))
}
