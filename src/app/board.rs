//! The database as the place where processes share tokens while no Redis is configured.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::gateway::wechat::{Board, Note};
use crate::store::db::Db;
use crate::store::writer::Writer;
use crate::store::{self};
use crate::vault::Vault;

/// The column context under which notes are sealed.
const TEXT: &str = "shared_note.text";

/// Notes in the database, sealed: a token opens the account it is of.
#[derive(Debug)]
pub struct Notes {
    pub db: Db,
    pub writer: Writer,
    pub vault: Vault,
    pub clock: Clock,
}

impl Board for Notes {
    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Option<Option<String>>> {
        async move {
            let found = store::shared_note::read(&self.db.read, name, self.clock.now()).await;
            // One that was sealed under another key is none: whoever reads it fetches anew.
            Some(found.ok()?.and_then(|sealed| self.vault.open(TEXT, &sealed).ok()))
        }
        .boxed()
    }

    fn put_if_absent<'a>(
        &'a self,
        name: &'a str,
        text: &'a str,
        life: Duration,
    ) -> BoxFuture<'a, Option<bool>> {
        async move { self.leave(name, text, life).await.ok() }.boxed()
    }

    fn settle(&self, put: Option<Note>, remove: Option<String>) {
        let now = self.clock.now();
        let sealed = put.and_then(|note| {
            let sealed = self.vault.seal(TEXT, &note.text).ok()?;
            Some((note.name, sealed, now + note.life))
        });
        let unit = self.writer.commit(move |tx| {
            Box::pin(async move {
                if let Some((name, text, until)) = sealed {
                    store::shared_note::leave(tx, (&name, &text), true, (now, until)).await?;
                }
                if let Some(name) = remove {
                    store::shared_note::remove(tx, &name).await?;
                }
                Ok::<_, Error>(())
            })
        });
        // What a caller that went away wanted is written all the same.
        let _later = unit.now_or_never();
    }
}

impl Notes {
    async fn leave(&self, name: &str, text: &str, life: Duration) -> Result<bool> {
        let sealed = self.vault.seal(TEXT, text).map_err(Error::internal)?;
        let (name, now) = (name.to_owned(), self.clock.now());
        let unit = self.writer.commit(move |tx| {
            Box::pin(async move {
                let (note, times) = ((name.as_str(), sealed.as_str()), (now, now + life));
                Ok::<_, Error>(store::shared_note::leave(tx, note, false, times).await?)
            })
        });
        unit.await
    }
}
