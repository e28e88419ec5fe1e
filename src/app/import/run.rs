//! Writes a checked folder in one unit and makes its places the present ones.

use std::sync::Mutex;

use super::read::Files;
use super::write::{Counts, write};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;
use crate::vault::VaultError;

/// Writes everything or nothing. Fails when the database does, or when a name cannot be sealed.
pub async fn run(s: &Services, files: Files) -> Result<Counts> {
    let now = s.clock.now();
    let services = s.clone();
    let counts = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let refused: Mutex<Option<VaultError>> = Mutex::new(None);
                let seal = |name: &str| match services.vault.seal("staff.name", name) {
                    Ok(sealed) => sealed,
                    Err(why) => {
                        keep(&refused, why);
                        String::new()
                    }
                };
                let counts = write(tx, &files, &seal, now).await?;
                store::alias::places_changed(tx).await?;
                match refused.into_inner() {
                    Ok(None) => Ok(counts),
                    Ok(Some(why)) => Err(Error::internal(why)),
                    Err(_poisoned) => Err(Error::internal("sealing a name panicked")),
                }
            })
        })
        .await?;
    s.places.reload(&s.db, now).await?;
    Ok(counts)
}

fn keep(place: &Mutex<Option<VaultError>>, why: VaultError) {
    if let Ok(mut first) = place.lock() {
        first.get_or_insert(why);
    }
}
