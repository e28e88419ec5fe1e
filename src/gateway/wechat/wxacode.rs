//! Draws the mini-program codes that hang at the doors of buildings.

use serde::Serialize;

use super::failure::{Endpoint, Failure};
use super::{AppKind, Wechat};

/// What a code shall open. The scene of a printed code can never change, so it should be an
/// opaque id that this program resolves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeRequest {
    /// 1 to 32 characters of letters, digits and ``!#$&'()*+,/:;=?@-._~``.
    pub scene: String,
    /// Page without leading slash and without query.
    pub page: String,
    /// Whether the page has to exist in the released edition.
    pub check_path: bool,
    /// `release`, `trial` or `develop`.
    pub env_version: String,
    /// 280 to 1280 pixels.
    pub width: u32,
}

impl Wechat {
    /// Draws one code and returns the image as WeChat sends it (JPEG or PNG).
    pub async fn unlimited_code(&self, request: &CodeRequest) -> Result<Vec<u8>, Failure> {
        let reply = self.post_raw(AppKind::Mini, Endpoint::Wxacode, request).await?;
        let is_image = reply.body.starts_with(b"\x89PNG") || reply.body.starts_with(&[0xFF, 0xD8]);
        if is_image {
            Ok(reply.body)
        } else {
            Err(Failure::garbled(Endpoint::Wxacode, "neither an image nor a refusal"))
        }
    }
}
