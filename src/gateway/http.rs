//! The one place that builds an HTTP client and sends.
//!
//! Its invariant: an error says whether the request can have reached the other side. `NotSent`
//! may be repeated freely; `Doubtful` may have been acted upon, and repeating it can ring a
//! person's phone twice. In debug builds a call inside an open transaction panics. Query strings carry access tokens and secrets, so no error shows them.

use std::time::Duration;

use serde::Serialize;

use crate::transaction;

/// How long to wait for the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Longest wait for a connection; nothing has been sent when it passes.
    pub connect: Duration,
    /// Longest wait for the whole exchange; the request may have been acted upon when it passes.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(2), total: Duration::from_secs(8) }
    }
}

/// Why no answer came back.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The client itself could not be built.
    #[error("building the HTTP client")]
    Setup(#[source] reqwest::Error),
    /// No connection was made, so the request was certainly not acted upon.
    #[error("connecting for {path}")]
    NotSent {
        /// Path without query.
        path: String,
        /// The cause, its URL removed.
        #[source]
        source: reqwest::Error,
    },
    /// The request may have been written before the exchange broke or timed out.
    #[error("waiting for the answer of {path}")]
    Doubtful {
        /// Path without query.
        path: String,
        /// The cause, its URL removed.
        #[source]
        source: reqwest::Error,
    },
    /// The answer is larger than `MAX_ANSWER`; the request was acted upon.
    #[error("the answer of {path} is too large")]
    TooLarge {
        /// Path without query.
        path: String,
    },
}

impl HttpError {
    /// Says whether the other side may have acted on the request.
    pub fn is_doubtful(&self) -> bool {
        matches!(self, Self::Doubtful { .. } | Self::TooLarge { .. })
    }
}

/// What came back, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status code.
    pub status: u16,
    /// `Content-Type`, empty when absent.
    pub content_type: String,
    /// How long the other side wants to be left alone (`Retry-After` in seconds; one that names a
    /// date counts as absent).
    pub retry_after: Option<Duration>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Largest body that is read; a mini-program code at 1280 pixels stays below 1 MB.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// A client with bounded waits and no hidden behaviour: no redirects, no proxy taken from the
/// environment, no retries. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
}

impl Http {
    /// Builds the client; fails when the TLS backend cannot be set up.
    pub fn new(timeouts: Timeouts) -> Result<Self, HttpError> {
        let client = reqwest::Client::builder()
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            // Shorter than any server's keep-alive: a connection that the other side is about to
            // close turns a harmless request into a doubtful one.
            .pool_idle_timeout(Duration::from_secs(3))
            .build()
            .map_err(HttpError::Setup)?;
        Ok(Self { client })
    }

    /// Sends a GET.
    pub async fn get(&self, url: &str, query: &[(&str, &str)]) -> Result<Reply, HttpError> {
        exchange(url, self.client.get(url).query(query)).await
    }

    /// Sends a POST with a JSON body.
    pub async fn post_json<B: Serialize + Sync>(
        &self,
        url: &str,
        query: &[(&str, &str)],
        body: &B,
    ) -> Result<Reply, HttpError> {
        exchange(url, self.client.post(url).query(query).json(body)).await
    }

    /// Posts bytes exactly as they are, for calls whose signature covers them.
    pub async fn post_bytes(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Reply, HttpError> {
        let request = self.client.post(url).body(body);
        let with = |request: reqwest::RequestBuilder, (name, value): &(&str, &str)| {
            request.header(*name, *value)
        };
        exchange(url, headers.iter().fold(request, with)).await
    }

    /// Sends any method with headers and, where there is one, a JSON body: for commands that play
    /// a client of our own API.
    pub async fn send<B: Serialize + Sync>(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&B>,
    ) -> Result<Reply, HttpError> {
        let method = method.parse().unwrap_or(reqwest::Method::GET);
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        exchange(url, request).await
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one sender of the gateway")]
async fn exchange(url: &str, request: reqwest::RequestBuilder) -> Result<Reply, HttpError> {
    transaction::forbid(&path_of(url));
    let mut answer = request.send().await.map_err(|cause| unanswered(url, cause))?;
    let status = answer.status().as_u16();
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let content_type = header(reqwest::header::CONTENT_TYPE).unwrap_or_default().to_owned();
    let retry_after = header(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.trim().parse().ok())
        .map(Duration::from_secs);
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|cause| unanswered(url, cause))? {
        body.extend_from_slice(&part);
        if body.len() > MAX_ANSWER {
            return Err(HttpError::TooLarge { path: path_of(url) });
        }
    }
    Ok(Reply { status, content_type, retry_after, body })
}

fn unanswered(url: &str, cause: reqwest::Error) -> HttpError {
    let path = path_of(url);
    // A builder error (an unparsable address) never touched the network either.
    if cause.is_connect() || cause.is_builder() {
        HttpError::NotSent { path, source: cause.without_url() }
    } else {
        HttpError::Doubtful { path, source: cause.without_url() }
    }
}

fn path_of(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}
