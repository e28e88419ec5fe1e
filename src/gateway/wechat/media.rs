//! WeChat's opinion on a picture or a recording, which it fetches itself and tells of later.

use serde::Deserialize;
use serde_json::json;

use super::failure::{Endpoint, Failure};
use super::{AppKind, Wechat};

/// What is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    Audio,
    Image,
}

impl MediaKind {
    const fn number(self) -> u8 {
        match self {
            Self::Audio => 1,
            Self::Image => 2,
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    trace_id: String,
}

impl Wechat {
    /// Asks WeChat to look at what lies at `url` and is `openid`'s; returns the name of the question,
    /// which `wxa_media_check` repeats within half an hour. The person must have used the mini-program
    /// within two hours.
    pub async fn check_media(
        &self,
        openid: &str,
        (kind, url): (MediaKind, &str),
    ) -> Result<String, Failure> {
        // 2 = comment, as for words.
        let body = json!({ "openid": openid, "scene": 2, "version": 2, "media_url": url,
            "media_type": kind.number() });
        let answer: Answer = self.post(AppKind::Mini, Endpoint::CheckMedia, &body).await?;
        Ok(answer.trace_id)
    }
}
