//! Looks a follower of the official account up, to join them with their mini-program login.

use serde::Deserialize;

use super::failure::{Endpoint, Failure};
use super::login::trimmed;
use super::{AppKind, Wechat};

/// What the official account knows about one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    /// Whether the person follows now; only then is anything else known.
    pub follows: bool,
    /// The same id that `Session::unionid` carries.
    pub unionid: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "super::tolerant::integer")]
    subscribe: i64,
    unionid: Option<String>,
}

impl Wechat {
    /// Looks the follower with this openid of the official account up.
    pub async fn follower(&self, openid: &str) -> Result<Follower, Failure> {
        let query = [("openid", openid), ("lang", "zh_CN")];
        let answer: Answer = self.get(AppKind::Oa, Endpoint::UserInfo, &query).await?;
        Ok(Follower { follows: answer.subscribe == 1, unionid: trimmed(answer.unionid) })
    }
}
