//! Access tokens as WeChat hands them out.
//!
//! The stable endpoint returns the same token with its remaining life until 5 minutes before the
//! end, then a new one while the old one still works. The older endpoint makes a new token each
//! time, and the previous one dies 5 minutes later. The two know nothing of each other.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use entity::kinds::Timestamp;

use super::refusal::Refusal;
use super::world::random_text;

const LIFE: Duration = Duration::from_hours(2);
const OVERLAP: Duration = Duration::from_mins(5);
const FORCE_EVERY: Duration = Duration::from_secs(30);
const FORCES_A_DAY: usize = 20;
const DAY: Duration = Duration::from_hours(24);

#[derive(Default)]
pub(super) struct Tokens {
    /// Dead tokens stay listed for a day, because "expired" and "unknown" are different refusals.
    issued: HashMap<String, Issued>,
    stable: HashMap<String, String>,
    plain: HashMap<String, String>,
    forced: HashMap<String, VecDeque<Timestamp>>,
}

struct Issued {
    appid: String,
    until: Timestamp,
    revoked: bool,
}

impl Tokens {
    /// Answers the stable endpoint: token and remaining seconds.
    pub(super) fn stable(
        &mut self,
        appid: &str,
        force: bool,
        now: Timestamp,
    ) -> Result<(String, u64), Refusal> {
        if force {
            self.count_force(appid, now)?;
            if let Some(issued) =
                self.stable.remove(appid).and_then(|old| self.issued.get_mut(&old))
            {
                issued.revoked = true;
            }
        }
        let current = self.stable.get(appid).and_then(|token| {
            let left = self.issued.get(token)?.until.since(now);
            (left > OVERLAP).then(|| (token.clone(), left.as_secs()))
        });
        Ok(current.unwrap_or_else(|| {
            let token = self.issue(appid, now);
            self.stable.insert(appid.to_owned(), token.clone());
            (token, LIFE.as_secs())
        }))
    }

    /// Answers the older endpoint.
    pub(super) fn plain(&mut self, appid: &str, now: Timestamp) -> (String, u64) {
        let token = self.issue(appid, now);
        let previous = self.plain.insert(appid.to_owned(), token.clone());
        if let Some(issued) = previous.and_then(|old| self.issued.get_mut(&old)) {
            issued.until = issued.until.min(now + OVERLAP);
        }
        (token, LIFE.as_secs())
    }

    /// Returns the app a token belongs to, or why it is refused.
    pub(super) fn owner(&self, token: Option<&str>, now: Timestamp) -> Result<&str, Refusal> {
        let token = token.filter(|text| !text.is_empty()).ok_or_else(|| Refusal::of(41001))?;
        match self.issued.get(token) {
            None => Err(Refusal::of(40001)),
            Some(issued) if issued.revoked => Err(Refusal::of(40001)),
            Some(issued) if issued.until <= now => Err(Refusal::of(42001)),
            Some(issued) => Ok(&issued.appid),
        }
    }

    /// Kills every living token. With `stuck` the stable endpoint goes on returning the dead one
    /// until it is forced.
    pub(super) fn revoke(&mut self, stuck: bool) {
        for issued in self.issued.values_mut() {
            issued.revoked = true;
        }
        if !stuck {
            self.stable.clear();
        }
    }

    fn issue(&mut self, appid: &str, now: Timestamp) -> String {
        self.issued.retain(|_, issued| now.since(issued.until) < DAY);
        let token = random_text("sandbox_");
        let issued = Issued { appid: appid.to_owned(), until: now + LIFE, revoked: false };
        self.issued.insert(token.clone(), issued);
        token
    }

    fn count_force(&mut self, appid: &str, now: Timestamp) -> Result<(), Refusal> {
        let past = self.forced.entry(appid.to_owned()).or_default();
        past.retain(|at| now.since(*at) < DAY);
        if past.back().is_some_and(|at| now.since(*at) < FORCE_EVERY) {
            return Err(Refusal::of(45011));
        }
        if past.len() >= FORCES_A_DAY {
            return Err(Refusal::of(45009));
        }
        past.push_back(now);
        Ok(())
    }
}
