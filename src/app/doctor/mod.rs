//! Looks at a running installation and names a cure for whatever is wrong.
//!
//! Nothing here changes anything but what this process knows of the templates. A check never stops
//! the ones after it.

mod database;
mod outside;
mod street;

use serde::Serialize;

use crate::services::Services;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    Good,
    /// Works, but not as it should.
    Warning,
    Bad,
}

/// One line of the doctor's report.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub grade: Grade,
    /// What was found, in Chinese.
    pub found: String,
    /// What to do; empty when nothing is to be done.
    pub cure: String,
}

impl Check {
    /// Notes that all is well.
    pub fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, grade: Grade::Good, found: found.into(), cure: String::new() }
    }

    /// Notes something that should be looked at.
    pub fn warning(name: &'static str, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { name, grade: Grade::Warning, found: found.into(), cure: cure.into() }
    }

    /// Notes something that must be cured.
    pub fn bad(name: &'static str, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { name, grade: Grade::Bad, found: found.into(), cure: cure.into() }
    }
}

/// Makes every check that needs the services; `offline` leaves WeChat alone.
pub async fn run(s: &Services, offline: bool) -> Vec<Check> {
    let mut checks = database::checks(s).await;
    if !offline {
        checks.extend(outside::tokens(s).await);
        checks.extend(outside::wecom_token(s).await);
        checks.extend(outside::listed_templates(s).await);
    }
    checks.push(outside::templates(s));
    checks.push(outside::wecom(s).await);
    checks.extend(outside::followers(s).await);
    checks.extend(outside::robots(s).await);
    checks.push(outside::text_messages(s).await);
    checks.push(outside::heartbeat(s).await);
    checks.extend(street::checks(s).await);
    checks
}
