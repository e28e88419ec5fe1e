//! One call to WeChat, from token to understood answer.
//!
//! HTTP 200 says nothing: success is an absent or zero `errcode`. The token is renewed and the
//! call replayed exactly once when WeChat refused the token, which is safe because a refused
//! token means that nothing was done.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::failure::{Endpoint, Failure};
use super::token::{Fetched, TokenRequest};
use super::{AppKind, Wechat};
use crate::gateway::http::{HttpError, Reply};

#[derive(Deserialize)]
struct Outcome {
    #[serde(default, deserialize_with = "super::tolerant::integer")]
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

impl Wechat {
    /// Posts `body` with a token of `kind` and reads the JSON answer.
    pub(super) async fn post<B: Serialize + Sync, R: DeserializeOwned>(
        &self,
        kind: AppKind,
        endpoint: Endpoint,
        body: &B,
    ) -> Result<R, Failure> {
        let answer = self.post_raw(kind, endpoint, body).await?;
        read(endpoint, &answer)
    }

    /// Posts `body` with a token of `kind`; the answer is not an error, but may be an image.
    pub(super) async fn post_raw<'a, B: Serialize + Sync>(
        &'a self,
        kind: AppKind,
        endpoint: Endpoint,
        body: &'a B,
    ) -> Result<Reply, Failure> {
        let call = move |token: Arc<str>| {
            let posting = async move {
                let (url, query) = (self.url(endpoint), [("access_token", &*token)]);
                accepted(endpoint, self.inner.http.post_json(&url, &query, body).await)
            };
            posting.boxed()
        };
        self.with_token(kind, call).await
    }

    /// Gets with a token of `kind` and reads the JSON answer.
    pub(super) async fn get<'a, R: DeserializeOwned>(
        &'a self,
        kind: AppKind,
        endpoint: Endpoint,
        query: &'a [(&'a str, &'a str)],
    ) -> Result<R, Failure> {
        let call = move |token: Arc<str>| {
            let getting = async move {
                let mut full = vec![("access_token", &*token)];
                full.extend_from_slice(query);
                accepted(endpoint, self.inner.http.get(&self.url(endpoint), &full).await)
            };
            getting.boxed()
        };
        let answer = self.with_token(kind, call).await?;
        read(endpoint, &answer)
    }

    /// Gets without a token and reads the JSON answer.
    pub(super) async fn get_open<R: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        query: &[(&str, &str)],
    ) -> Result<R, Failure> {
        let answer = accepted(endpoint, self.inner.http.get(&self.url(endpoint), query).await)?;
        read(endpoint, &answer)
    }

    /// Obtains a token without using it: proves that address, appid and secret are right.
    pub async fn prove(&self, kind: AppKind) -> Result<(), Failure> {
        let fetch = move |force: bool| self.fetch_token(kind, force).boxed();
        self.account(kind).tokens.current(&fetch).await?;
        Ok(())
    }

    /// The futures are boxed because a job must be able to move between threads, which the
    /// compiler does not see through an `AsyncFn`.
    async fn with_token<'a>(
        &'a self,
        kind: AppKind,
        call: impl Fn(Arc<str>) -> BoxFuture<'a, Result<Reply, Failure>> + Send + Sync,
    ) -> Result<Reply, Failure> {
        let tokens = &self.account(kind).tokens;
        let fetch = move |force: bool| self.fetch_token(kind, force).boxed();
        let token = tokens.current(&fetch).await?;
        match call(Arc::clone(&token)).await {
            Err(failure) if failure.refuses_token() => {
                let renewed = tokens.renew(Some(&token), &fetch).await?;
                call(renewed).await
            }
            other => other,
        }
    }

    async fn fetch_token(&self, kind: AppKind, force: bool) -> Result<Fetched, Failure> {
        let account = self.account(kind);
        let body = TokenRequest::new(&account.appid, account.secret(), force);
        let url = self.url(Endpoint::Token);
        let reply = self.inner.http.post_json(&url, &[], &body).await;
        let fetched =
            accepted(Endpoint::Token, reply).and_then(|answer| read(Endpoint::Token, &answer));
        // Whatever became of the token, the call that wanted it was not sent.
        fetched.map_err(|failure| Failure { doubtful: false, ..failure })
    }
}

/// Turns silence, bad statuses and refusals into failures. Image bytes pass: only a JSON body
/// can carry an `errcode`, and `getwxacodeunlimit` answers either.
pub(in crate::gateway) fn accepted(
    endpoint: Endpoint,
    reply: Result<Reply, HttpError>,
) -> Result<Reply, Failure> {
    let reply = reply.map_err(|cause| Failure::unanswered(endpoint, &cause))?;
    if reply.status != 200 {
        return Err(Failure::status(endpoint, reply.status));
    }
    if !is_json(&reply) {
        return Ok(reply);
    }
    let outcome: Outcome = read(endpoint, &reply)?;
    match outcome.errcode {
        0 => Ok(reply),
        code => Err(Failure::refused(endpoint, code, &outcome.errmsg)),
    }
}

fn is_json(reply: &Reply) -> bool {
    let first = reply.body.iter().find(|byte| !byte.is_ascii_whitespace());
    reply.content_type.starts_with("application/json") || first == Some(&b'{')
}

/// Reads an accepted answer; one that is not understood is doubtful.
pub(in crate::gateway) fn read<R: DeserializeOwned>(
    endpoint: Endpoint,
    reply: &Reply,
) -> Result<R, Failure> {
    serde_json::from_slice(&reply.body).map_err(|why| Failure::garbled(endpoint, &why.to_string()))
}
