//! Asks what is left of a day's quota.

use serde::{Deserialize, Serialize};

use super::failure::{Endpoint, Failure};
use super::{AppKind, Wechat};
use crate::domain::notice::throttle::Quota;

#[derive(Serialize)]
struct Question {
    cgi_path: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    quota: Numbers,
}

#[derive(Deserialize)]
struct Numbers {
    #[serde(default, deserialize_with = "super::tolerant::integer")]
    daily_limit: i64,
    #[serde(default, deserialize_with = "super::tolerant::integer")]
    remain: i64,
}

impl Wechat {
    /// Asks for the quota of an account's calls to `of`. WeChat's counter is about 1 % off.
    pub async fn quota(&self, kind: AppKind, of: Endpoint) -> Result<Quota, Failure> {
        let question = Question { cgi_path: of.path() };
        let answer: Answer = self.post(kind, Endpoint::Quota, &question).await?;
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(Quota {
            daily_limit: number(answer.quota.daily_limit),
            remain: number(answer.quota.remain),
        })
    }
}
