//! Exchanges the code of `wx.login` for who the person is.
//!
//! Never repeated: a code works once, and a second exchange of a code that did arrive can only
//! fail. The session key is dropped here; nothing in this program needs it, so nothing can leak it.

use serde::Deserialize;

use super::failure::{Endpoint, Failure};
use super::{AppKind, Wechat};

/// Who logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person within the mini-program.
    pub openid: String,
    /// The person across all accounts of the same 开放平台, when the mini-program is bound to one.
    pub unionid: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    openid: String,
    unionid: Option<String>,
}

impl Wechat {
    /// Exchanges `code`; fails with `Class::ClientError` when the person has to log in again.
    pub async fn jscode2session(&self, code: &str) -> Result<Session, Failure> {
        let mini = self.account(AppKind::Mini);
        let query = [
            ("appid", mini.appid.as_str()),
            ("secret", mini.secret()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        let answer: Answer = self.get_open(Endpoint::Login, &query).await?;
        Ok(Session { openid: answer.openid, unionid: trimmed(answer.unionid) })
    }
}

/// Removes blanks around a union id (they occur) and treats an empty one as absent.
pub(super) fn trimmed(unionid: Option<String>) -> Option<String> {
    unionid.map(|raw| raw.trim().to_owned()).filter(|id| !id.is_empty())
}
