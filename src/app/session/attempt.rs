//! One try to sign in at the console, counted as failed before it is judged.
//!
//! Counting first closes the gap through which a hundred parallel guesses would all be judged
//! before the first of them is counted. A try that succeeds, or is refused because of the lock
//! itself, takes its count back.

use entity::kinds::Timestamp;

use super::forget::before;
use crate::auth::lockout::{self, Standing};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// A counted try.
#[derive(Clone, Debug)]
pub struct Attempt {
    rows: Vec<i64>,
    by_name: String,
}

impl Attempt {
    /// Counts the try for the name and for the address. Fails with `account_locked` and when the
    /// lock ends.
    pub async fn begin(s: &Services, name: &str, address: &str) -> Result<Self> {
        let now = s.clock.now();
        let by_name = format!("name:{name}");
        let by_address = format!("ip:{}", s.vault.blind_index("console_failure.ip", address));
        let subjects = [by_name.clone(), by_address.clone()];
        let rows = s
            .writer
            .commit(move |tx| {
                Box::pin(async move {
                    let mut rows = Vec::new();
                    for subject in &subjects {
                        rows.push(store::console::insert_failure(tx, subject, now).await?);
                    }
                    Ok::<_, Error>(rows)
                })
            })
            .await?;
        let attempt = Self { rows, by_name };
        match attempt.standing(s, &by_address, now).await? {
            Standing::Open => Ok(attempt),
            Standing::Locked { until } => {
                attempt.take_back(s).await?;
                let detail = "登录失败次数过多，请稍后再试或联系系统管理员";
                Err(Error::new(Code::AccountLocked, detail).retry_after(until.since(now)))
            }
        }
    }

    async fn standing(&self, s: &Services, by_address: &str, now: Timestamp) -> Result<Standing> {
        let since = before(now, lockout::LOOK_BACK);
        let mut found = Vec::new();
        for (subject, own) in [self.by_name.as_str(), by_address].into_iter().zip(&self.rows) {
            found.push(store::console::failures(&s.db.read, subject, since, *own).await?);
        }
        let of = |at: usize| found.get(at).map_or(&[][..], Vec::as_slice);
        Ok(lockout::standing(of(0), of(1), now))
    }

    /// Makes the try uncounted.
    pub async fn take_back(&self, s: &Services) -> Result<()> {
        let rows = self.rows.clone();
        s.writer
            .commit(move |tx| {
                Box::pin(async move {
                    Ok::<_, Error>(store::console::remove_failures(tx, &rows).await?)
                })
            })
            .await
    }

    /// Forgets the failures of the name inside the unit that signs in; the address keeps its
    /// others, lest one known password pays for guessing at all the rest.
    pub async fn succeed(&self, tx: &Tx) -> Result<()> {
        store::console::remove_failures(tx, &self.rows).await?;
        Ok(store::console::clear_failures(tx, &self.by_name).await?)
    }
}
