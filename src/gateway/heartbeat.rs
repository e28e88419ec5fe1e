//! Tells a watcher outside that all is well. Silence is the alarm, so nothing here repeats or makes
//! up for a ping that was missed.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::http::{Http, HttpError, Timeouts};

/// A watcher who is slow must not hold up the next sweep.
const TIMEOUTS: Timeouts =
    Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(5) };

/// The watcher's address; cheap to clone.
#[derive(Clone)]
pub struct Heartbeat(Option<(Http, SecretString)>);

impl std::fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Heartbeat").field(&self.is_on()).finish()
    }
}

/// Why a ping did not count. The address is a secret of its own (it ends in a token), so neither it
/// nor the cause, which may name it, is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missed {
    #[error("no connection")]
    NotSent,
    #[error("no answer")]
    NoAnswer,
    #[error("HTTP status {0}")]
    Status(u16),
}

impl Heartbeat {
    /// Prepares; an empty address turns it off. Fails when the TLS backend cannot be set up.
    pub fn new(url: SecretString) -> Result<Self, HttpError> {
        if url.expose_secret().is_empty() {
            return Ok(Self(None));
        }
        Ok(Self(Some((Http::new(TIMEOUTS)?, url))))
    }

    /// Tells whether anybody listens.
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Pings once. Any status below 400 counts: the watcher has seen it.
    pub async fn ping(&self) -> Result<(), Missed> {
        let Some((http, url)) = &self.0 else { return Ok(()) };
        match http.get(url.expose_secret(), &[]).await {
            Ok(reply) if reply.status < 400 => Ok(()),
            Ok(reply) => Err(Missed::Status(reply.status)),
            Err(why) if why.is_doubtful() => Err(Missed::NoAnswer),
            Err(_why) => Err(Missed::NotSent),
        }
    }
}
