//! Asks what is left of a day's quota.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::failure::{Endpoint, Failure};
use super::{AppKind, Wechat};
use crate::domain::notice::throttle::Quota;

#[derive(Serialize)]
struct Question {
    cgi_path: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    quota: Value,
}

#[derive(Deserialize)]
struct Numbers {
    #[serde(default, deserialize_with = "super::tolerant::maybe_integer")]
    daily_limit: Option<i64>,
    #[serde(default, deserialize_with = "super::tolerant::maybe_integer")]
    used: Option<i64>,
    #[serde(default, deserialize_with = "super::tolerant::maybe_integer")]
    remain: Option<i64>,
}

impl Answer {
    /// Returns what is left, said or computed; nothing where it cannot be known.
    fn numbers(self) -> Option<Quota> {
        let Numbers { daily_limit, used, remain } = serde_json::from_value(self.quota).ok()?;
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        let limit = daily_limit?;
        let remain = remain.or_else(|| Some(limit.saturating_sub(used?)))?;
        Some(Quota { daily_limit: number(limit), remain: number(remain) })
    }
}

impl Wechat {
    /// Asks for the quota of an account's calls to `of`; `None` when the answer does not say. WeChat's
    /// counter is about 1 % off.
    pub async fn quota(&self, kind: AppKind, of: Endpoint) -> Result<Option<Quota>, Failure> {
        let question = Question { cgi_path: of.path() };
        let answer: Answer = self.post(kind, Endpoint::Quota, &question).await?;
        Ok(answer.numbers())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_does_not_say_of_a_quota_is_not_taken_for_nothing_left() {
        let read = |answer: &str| {
            let answer: Answer = serde_json::from_str(answer).unwrap();
            answer.numbers().map(|quota| (quota.daily_limit, quota.remain))
        };
        for (answer, found) in [
            (r#"{"quota":{"daily_limit":100,"used":12,"remain":80}}"#, Some((100, 80))),
            (r#"{"quota":{"daily_limit":"100","remain":"80"}}"#, Some((100, 80))),
            (r#"{"quota":{"daily_limit":100,"used":12}}"#, Some((100, 88))),
            (r#"{"quota":{"daily_limit":100,"used":12,"remain":null}}"#, Some((100, 88))),
            (r#"{"quota":{"daily_limit":100,"used":120}}"#, Some((100, 0))),
            (r#"{"quota":{"daily_limit":100,"remain":-3}}"#, Some((100, 0))),
            (r#"{"quota":{"daily_limit":100}}"#, None),
            (r#"{"quota":{"remain":80}}"#, None),
            (r#"{"quota":null}"#, None),
            (r#"{"quota":[]}"#, None),
            (r#"{"errcode":0}"#, None),
        ] {
            assert_eq!(read(answer), found, "{answer}");
        }
    }
}
