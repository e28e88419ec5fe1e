//! Password work off the request threads, a few at a time.
//!
//! Each hash takes 19 MiB and tens of milliseconds of a core; without the bound a flood of
//! sign-ins would take both. Callers wait in line; a permit is kept until the work has ended,
//! even when its caller has gone away.

use secrecy::SecretString;
use tokio::sync::Semaphore;

use crate::auth::password::{self, PasswordError};
use crate::error::{Error, Result};
use crate::services::Services;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Tells whether the password is the stored one; no stored one costs the same and answers no.
pub async fn verify(password: SecretString, stored: Option<String>) -> Result<bool> {
    work(move || password::verify(&password, stored.as_deref())).await
}

/// Hashes a new password.
pub async fn hash(s: &Services, password: SecretString) -> Result<String> {
    let mut rng = super::rng(s);
    work(move || password::hash(&password, &mut rng)).await
}

async fn work<T: Send + 'static>(
    task: impl FnOnce() -> std::result::Result<T, PasswordError> + Send + 'static,
) -> Result<T> {
    let permit = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        let outcome = task();
        drop(permit);
        outcome
    });
    done.await.map_err(Error::internal)?.map_err(Error::internal)
}
