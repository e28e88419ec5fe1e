//! WeChat's look at photos and recordings, after they were stored: it fetches each content once by a
//! link of ours and tells of it later, and the case is told what it says.
//!
//! A request for help never waits for that, and is never lost by it.

pub mod link;
pub mod run;
pub mod tell;

use entity::kinds::{JobKind, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::work::priority;
use crate::error::Result;
use crate::gateway::wechat::MediaKind;
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    Photo,
    Voice,
}

impl Media {
    pub const ALL: [Self; 2] = [Self::Photo, Self::Voice];

    /// Returns the word, which is the table's name too.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Voice => "voice",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.word() == word)
    }

    /// Returns as what WeChat looks at a file; `None` when it looks at none of this type.
    fn kind(self, media_type: &str) -> Option<MediaKind> {
        match (self, media_type) {
            (Self::Photo, _) => Some(MediaKind::Image),
            (Self::Voice, "audio/mpeg" | "audio/aac" | "audio/wav") => Some(MediaKind::Audio),
            (Self::Voice, _) => None,
        }
    }
}

/// A file of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileId {
    pub media: Media,
    pub id: i64,
}

impl FileId {
    fn key(self) -> String {
        format!("{}-{}", self.media.word(), self.id)
    }

    /// Reads the key of a job.
    pub fn of_key(key: &str) -> Option<Self> {
        let (media, id) = key.split_once('-')?;
        Some(Self { media: Media::from_word(media)?, id: id.parse().ok()? })
    }
}

/// Plans the look at a file, in the unit that stores it; nothing where that is switched off.
pub async fn plan(s: &Services, tx: &Tx, file: FileId, now: Timestamp) -> Result<()> {
    if s.settings.media_links.is_none() {
        return Ok(());
    }
    Ok(store::job::enqueue(tx, vec![job(s, file, now)], now).await?)
}

fn job(s: &Services, file: FileId, now: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::CheckMedia,
        dedup_key: file.key(),
        payload: json!({ "file": file }).to_string(),
        priority: priority::CHECK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}
