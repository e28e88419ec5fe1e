//! The one place where a try is counted against a limit and refused.

use crate::auth::limits::Rule;
use crate::error::{Code, Error, Result};
use crate::services::Services;

/// Counts one try against a limit. Fails with `too_many_requests` and when to come back.
pub async fn admit(s: &Services, rule: &Rule, key: &str) -> Result<()> {
    s.limiter.check(rule, key, s.clock.now()).await.map_err(|wait| {
        Error::new(Code::TooManyRequests, "操作太频繁，请稍后再试").retry_after(wait.0)
    })
}
