//! Photos: decoded, stripped of everything but the pixels, encoded again, stored.
//!
//! Nothing of the uploaded file survives except what is seen: no EXIF, no position, no payload
//! hidden behind the image.

use std::io::Cursor;

use entity::kinds::{BulletinState, PhotoId, Timestamp};
use entity::photo;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::app::actor::Actor;
use crate::app::media_check::{self, FileId, Media};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// Longer sides are scaled down to this many pixels: enough to read a meter, small to send.
const LONGEST_SIDE: u32 = 2_560;
/// A picture that would need more memory to decode is refused.
const DECODE_MEMORY: u64 = 256 * 1024 * 1024;

/// A stored photo.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhotoView {
    pub id: i64,
    pub width: i32,
    pub height: i32,
    pub bytes: i64,
}

/// Stores an uploaded picture. Fails with `unsupported_image` when it is none of JPEG, PNG, WebP,
/// or broken, whatever its name or type claims.
pub async fn store(s: &Services, actor: &Actor, upload: Vec<u8>) -> Result<PhotoView> {
    let made = tokio::task::spawn_blocking(move || clean(&upload)).await;
    let clean = made.map_err(Error::internal)??;
    let object = format!("{}.jpg", hex::encode(s.random().split_at(16).0));
    s.storage.put(&object, clean.bytes.clone()).await?;
    let (services, now) = (s.clone(), s.clock.now());
    let row = row(actor, &clean, object, now);
    let stored: photo::Model = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let stored = store::photo::insert(tx, row).await?;
                let file = FileId { media: Media::Photo, id: stored.id.0 };
                media_check::plan(&services, tx, file, now).await?;
                Ok::<_, Error>(stored)
            })
        })
        .await?;
    Ok(PhotoView {
        id: stored.id.0,
        width: stored.width,
        height: stored.height,
        bytes: stored.bytes,
    })
}

struct Clean {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

fn clean(upload: &[u8]) -> Result<Clean> {
    let refused = |why: &str| Error::new(Code::UnsupportedImage, why);
    let format = image::guess_format(upload).ok();
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    let format = format
        .filter(|format| known.contains(format))
        .ok_or_else(|| refused("只支持 JPEG、PNG、WebP 图片，请重新拍照或选择照片"))?;
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_MEMORY);
    reader.limits(limits);
    let picture = reader
        .decode()
        .map_err(|why| refused("图片已损坏或尺寸过大，请重新拍照").caused_by(why))?;
    let picture = upright(picture, upload);
    let picture = if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE)
    } else {
        picture
    };
    let mut bytes = Vec::new();
    // Transparency becomes white paper: JPEG knows none.
    DynamicImage::ImageRgb8(picture.to_rgb8())
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
        .map_err(Error::internal)?;
    Ok(Clean { bytes, width: picture.width(), height: picture.height() })
}

/// Turns the pixels the way the camera was held, since the note about it is stripped.
fn upright(mut picture: DynamicImage, upload: &[u8]) -> DynamicImage {
    use image::ImageDecoder;
    let reader = ImageReader::new(Cursor::new(upload)).with_guessed_format();
    let turned = reader.ok().and_then(|reader| reader.into_decoder().ok());
    if let Some(orientation) = turned.and_then(|mut decoder| decoder.orientation().ok()) {
        picture.apply_orientation(orientation);
    }
    picture
}

fn row(actor: &Actor, clean: &Clean, object: String, now: Timestamp) -> photo::ActiveModel {
    let side = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    photo::ActiveModel {
        id: NotSet,
        owner_id: Set(actor.account),
        case_id: Set(None),
        event_id: Set(None),
        object: Set(object),
        media_type: Set("image/jpeg".into()),
        bytes: Set(i64::try_from(clean.bytes.len()).unwrap_or(i64::MAX)),
        width: Set(side(clean.width)),
        height: Set(side(clean.height)),
        sha256: Set(hex::encode(Sha256::digest(&clean.bytes))),
        created_at: Set(now),
        checked_at: Set(None),
    }
}

/// Tells whether a notice of the street that is shown now has this picture: then everybody sees it.
async fn hangs(s: &Services, id: PhotoId) -> Result<bool> {
    let (rows, now) = (store::bulletin::of_photo(&s.db.read, id).await?, s.clock.now());
    let shown = |row: &entity::bulletin::Model| {
        row.state == BulletinState::Published && row.from_at <= now && row.until_at > now
    };
    Ok(rows.iter().any(shown))
}

/// Reads a photo: the owner's own, one of a case this person sees unmasked, or one of a notice of
/// the street.
pub async fn read(s: &Services, actor: &Actor, id: PhotoId) -> Result<Vec<u8>> {
    let missing = || Error::not_found("这张照片");
    let photo = store::photo::find(&s.db.read, id).await?.ok_or_else(missing)?;
    if photo.owner_id != actor.account && !hangs(s, id).await? {
        let case = photo.case_id.ok_or_else(missing)?;
        let case = store::case::find(&s.db.read, &actor.scope(), case).await?;
        case.filter(|case| !actor.roles_for(case).is_empty() && !actor.sees_masked(case))
            .ok_or_else(missing)?;
    }
    Ok(s.storage.get(&photo.object).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture =
            DynamicImage::ImageRgb8(image::RgbImage::from_pixel(40, 20, image::Rgb([200, 30, 30])));
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// A JPEG whose EXIF says "turned by 90 degrees" and carries a marker text.
    fn with_exif() -> Vec<u8> {
        let jpeg = encoded(ImageFormat::Jpeg);
        let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        tiff.extend(b"GPS-SECRET");
        let mut app1 = b"Exif\0\0".to_vec();
        app1.extend(tiff);
        let length = u16::try_from(app1.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &app1, &jpeg[2..]].concat()
    }

    #[test]
    fn the_three_formats_are_kept_as_plain_jpeg() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let clean = clean(&encoded(format)).unwrap();
            assert_eq!((clean.width, clean.height), (40, 20), "{format:?}");
            assert_eq!(image::guess_format(&clean.bytes).unwrap(), ImageFormat::Jpeg);
        }
    }

    #[test]
    fn position_and_notes_are_stripped_and_the_picture_stands_upright() {
        let upload = with_exif();
        assert!(upload.windows(10).any(|w| w == b"GPS-SECRET"));
        let clean = clean(&upload).unwrap();
        assert!(!clean.bytes.windows(10).any(|w| w == b"GPS-SECRET"));
        assert_eq!((clean.width, clean.height), (20, 40));
    }

    #[test]
    fn other_files_and_broken_pictures_are_refused_with_a_reason() {
        let mut broken = encoded(ImageFormat::Png);
        broken.truncate(60);
        for upload in [b"GIF89a....".to_vec(), b"<svg/>".to_vec(), Vec::new(), broken] {
            let error = clean(&upload).err().unwrap();
            assert_eq!(error.code, Code::UnsupportedImage);
        }
    }
}
